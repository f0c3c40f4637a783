#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/spine.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/stamp.h"

/*
 * Telling others of a run, by webhook, in order and as often as it takes. Only what is on
 * disk is told, without secrets, and nobody waits for it: what is not delivered when the
 * console goes is named then.
 */

enum {
	ANSWER_MS = 10 * 1000,
	ANSWER_BYTES = 4096,
	FIRST_WAIT_MS = 1000,
	LAST_WAIT_MS = 60 * 1000,
	QUEUE_MAX = 100,
	URL_MAX = 4096
};

struct hook { /* one whom we tell */
	struct notifying *n;
	const struct notify_to *to;
	char *url;     /* NULL: it cannot be had */
	char name[80]; /* for people and the record: no secrets */
	struct {
		VEC_OF(char *) list; /* bodies, oldest first */
	} queue;
	struct http_call *call;
	struct loop_timer *later;
	int tries, lost; /* lost: given up, by number of notices */
	bool down;       /* the record says so */
	char why[200];
};

struct notifying {
	struct session *s;
	struct notice_seen seen;
	struct {
		VEC_OF(struct hook *) list;
	} hooks;
};

static void send_next(struct hook *h);

/* ---- the record, and people --------------------------------------------------------------- */

static void
tell_record(struct hook *h, bool down)
{
	if (h->down == down || !h->n->s->run->open || h->n->s->run->closed)
		return;
	h->down = down;
	session_request(h->n->s,
		&(struct request){.kind = REQ_BACKEND,
			.step = NONE,
			.name = h->name,
			.text = down ? "down" : "up",
			.reason = down ? h->why : NULL});
}

/* What is not delivered, in words; nothing. */
static void
add_left(const struct session *s, struct str *out)
{
	for (size_t i = 0; s->notifying && i < s->notifying->hooks.list.len; i++) {
		const struct hook *h = s->notifying->hooks.list.at[i];
		size_t left = h->queue.list.len + (size_t)h->lost;

		if (left)
			str_addf(out, "%s%zu notice%s to %s not delivered%s%s",
				out->len ? "; " : "", left, left == 1 ? "" : "s", h->name,
				h->why[0] ? ": " : "", h->why);
	}
}

/* ---- one request ----------------------------------------------------------------------------- */

static void
drop(struct hook *h, size_t i)
{
	mem_free(h->queue.list.at[i]);
	vec_remove(&h->queue.list, i);
}

/* What may hold anything becomes the reason, without secrets. */
static void
set_why(struct hook *h, const char *why)
{
	struct str safe = STR_INIT;

	redact_text(h->n->s->redact, why, strlen(why), &safe);
	snprintf(h->why, sizeof h->why, "%.*s", (int)sizeof h->why - 1, safe.buf);
	str_release(&safe);
}

static void
next_or_rest(struct hook *h)
{
	drop(h, 0);
	h->tries = 0;
	if (h->queue.list.len)
		loop_timer_start(h->later, 0, 0);
}

static void
answered(void *ctx, const struct http_end *end)
{
	struct hook *h = ctx;
	int64_t wait = FIRST_WAIT_MS;

	http_call_free(h->call); /* `end` stays until we return */
	h->call = NULL;
	if (end->answered && end->status / 100 == 2) {
		tell_record(h, false);
		h->why[0] = '\0';
		next_or_rest(h);
		return;
	}
	if (end->answered)
		snprintf(h->why, sizeof h->why, "status %d", end->status);
	else
		set_why(h, end->why);
	tell_record(h, true);
	/* who says that it is wrong will say so again */
	if (end->answered && end->status / 100 == 4 && end->status != 408 &&
		end->status != 429) {
		h->lost++;
		next_or_rest(h);
		return;
	}
	for (int i = 0; i < h->tries && wait < LAST_WAIT_MS; i++)
		wait *= 2;
	h->tries++;
	loop_timer_start(h->later, wait < LAST_WAIT_MS ? wait : LAST_WAIT_MS, 0);
}

static void
send_next(struct hook *h)
{
	char name[] = "Content-Type", json[] = "application/json";
	struct pair type = {.key = name, .value = json};
	const struct pairs headers = {.list = {.at = &type, .len = 1}};
	struct err e = ERR_INIT;

	if (h->call || !h->queue.list.len || loop_timer_runs(h->later))
		return;
	if (h->url)
		h->call = http_start(h->n->s->http,
			&(struct http_opts){.method = "POST",
				.url = h->url,
				.body = h->queue.list.at[0],
				.headers = &headers,
				.timeout_ms = ANSWER_MS,
				.limit = ANSWER_BYTES},
			answered, h, &e);
	if (h->call)
		return;
	if (h->url)
		set_why(h, e.msg);
	tell_record(h, true);
	h->lost++;
	next_or_rest(h);
}

static void
later(void *ctx)
{
	send_next(ctx);
}

/* ---- what is said ------------------------------------------------------------------------------ */

/* A member, without the secrets of the run. */
static void
put(struct jsonout *j, const struct session *s, const char *key, const char *text)
{
	struct str safe = STR_INIT;

	if (text)
		redact_text(s->redact, text, strlen(text), &safe);
	jsonout_kstr(j, key, text ? safe.buf : NULL);
	str_release(&safe);
}

/* "[PROD] Restore the ni_site database (7KR4): step 2.1 ..." */
static char *
sentence(const struct session *s, const struct notice *n)
{
	const struct runbook *rb = s->runbook;
	const char *where = rb->badge ? rb->badge : rb->environment;

	return mem_printf("%s%s%s%s (run %s): %s", where ? "[" : "", where ? where : "",
		where ? "] " : "", rb->title, s->run->id + ULID_LEN - 4, n->text);
}

static char *
body_of(const struct session *s, const struct hook *h, const struct notice *n)
{
	const struct step *st = n->step == NONE ? NULL
						: &s->runbook->steps.list.at[n->step];
	char *text = sentence(s, n), at[STAMP_BYTES];
	struct str out = STR_INIT;
	struct jsonout j;

	jsonout_init(&j, &out);
	jsonout_open(&j);
	if (!h->to->slack) {
		jsonout_kstr(&j, "handrail", "notice");
		jsonout_kint(&j, "v", 1);
		jsonout_kstr(&j, "kind", notice_word(n->kind));
		jsonout_kstr(&j, "run", s->run->id);
		put(&j, s, "runbook", s->runbook->title);
		jsonout_kstr(&j, "environment", s->runbook->environment);
		jsonout_kstr(&j, "step", st ? st->id : NULL);
		jsonout_kstr(&j, "who", s->who);
		jsonout_kstr(&j, "t", stamp_wall(s->run->last_at, at));
	}
	put(&j, s, "text", text);
	jsonout_close(&j);
	mem_free(text);
	return str_take(&out);
}

static void
tell(struct notifying *n, const struct notices *news)
{
	for (size_t i = 0; i < news->list.len; i++)
		for (size_t k = 0; k < n->hooks.list.len; k++) {
			struct hook *h = n->hooks.list.at[k];

			if (!(h->to->on & 1u << news->list.at[i].kind))
				continue;
			if (h->queue.list.len == QUEUE_MAX) {
				drop(h, 1); /* 0 is on its way */
				h->lost++;
			}
			vec_push(&h->queue.list, body_of(n->s, h, &news->list.at[i]));
			send_next(h);
		}
}

void
notifying_event(struct session *s, const struct event *ev)
{
	struct notices news = {0};

	if (!s->notifying)
		return;
	notice_of_event(s->run, ev, &news);
	tell(s->notifying, &news);
	notices_release(&news);
}

void
notifying_states(struct session *s)
{
	struct notices news = {0};

	if (!s->notifying)
		return;
	notice_of_states(s->run, &s->notifying->seen, &news);
	tell(s->notifying, &news);
	notices_release(&news);
}

/* ---- made and left ------------------------------------------------------------------------------ */

/* "hooks.example.com:8443": the path of a webhook is its key, what stands before an @ too. */
static void
name_by_host(struct hook *h)
{
	const char *at = strstr(h->url, "://"), *cred;
	size_t len;

	at = at ? at + 3 : h->url;
	len = strcspn(at, "/?#");
	cred = memrchr(at, '@', len); /* as curl does */
	if (cred) {
		len -= (size_t)(cred + 1 - at);
		at = cred + 1;
	}
	snprintf(h->name, sizeof h->name, "%.*s", (int)len, at);
}

static void
address(struct hook *h)
{
	const struct notify_to *to = h->to;
	struct str text = STR_INIT;
	struct err e = ERR_INIT;

	if (to->url) {
		h->url = mem_strdup(to->url);
		name_by_host(h);
		return;
	}
	snprintf(h->name, sizeof h->name, "%s", to->env ? to->env : file_base(to->file));
	if (to->env && getenv(to->env))
		h->url = mem_strdup(getenv(to->env));
	else if (to->env)
		snprintf(h->why, sizeof h->why, "the environment has no %s", to->env);
	else if (file_read(to->file, URL_MAX, &text, &e))
		h->url = mem_strndup(text.buf, strcspn(text.buf, "\r\n"));
	else
		snprintf(h->why, sizeof h->why, "%s", e.msg);
	mem_wipe(text.buf, text.len);
	str_release(&text);
	if (h->url && !redact_add(h->n->s->redact, h->name, h->url, strlen(h->url), &e)) {
		snprintf(h->why, sizeof h->why, "%s", e.msg);
		mem_wipe_free(h->url, strlen(h->url));
		h->url = NULL;
	}
}

void
notifying_start(struct session *s)
{
	const struct project *p = s->project;

	if (!p || s->mode != RUN_LIVE)
		return;
	for (size_t i = 0; i < p->notify.list.len; i++) {
		struct hook *h;

		if (!project_tells(&p->notify.list.at[i], s->runbook->environment))
			continue;
		if (!s->notifying) {
			s->notifying = mem_alloc(sizeof *s->notifying);
			s->notifying->s = s;
			notice_of_states(s->run, &s->notifying->seen, NULL);
		}
		h = mem_alloc(sizeof *h);
		h->n = s->notifying;
		h->to = &p->notify.list.at[i];
		h->later = loop_timer_new(s->loop, later, h);
		address(h);
		vec_push(&s->notifying->hooks.list, h);
	}
}

bool
notifying_busy(const struct session *s)
{
	for (size_t i = 0; s->notifying && i < s->notifying->hooks.list.len; i++)
		if (s->notifying->hooks.list.at[i]->queue.list.len)
			return true;
	return false;
}

void
notifying_release(struct session *s)
{
	struct notifying *n = s->notifying;

	if (s->left) {
		add_left(s, s->left);
		mirroring_left(s, s->left);
		anchoring_left(s, s->left);
	}
	for (size_t i = 0; n && i < n->hooks.list.len; i++) {
		struct hook *h = n->hooks.list.at[i];

		http_call_free(h->call);
		loop_timer_free(h->later);
		for (size_t k = 0; k < h->queue.list.len; k++)
			mem_free(h->queue.list.at[k]);
		vec_free(&h->queue.list);
		if (h->url)
			mem_wipe_free(h->url, strlen(h->url));
		mem_free(h);
	}
	if (n) {
		vec_free(&n->hooks.list);
		notice_seen_release(&n->seen);
	}
	mem_free(n);
	s->notifying = NULL;
}

void
session_notices_to(struct session *s, struct str *left)
{
	s->left = left;
}

void
session_notices_finish(struct session *s, int64_t ms, struct str *left)
{
	struct mono until = clock_mono();

	until.ms += ms;
	spine_part(s);
	while ((notifying_busy(s) || mirroring_busy(s) || anchoring_busy(s)) &&
		clock_mono().ms < until.ms)
		loop_turn(s->loop, 50);
	add_left(s, left);
	mirroring_left(s, left);
	anchoring_left(s, left);
}
