#include <string.h>

#include "app/spine.h"
#include "base/mem.h"
#include "model/acttext.h"
#include "model/subst.h"
#include "probe/webfacts.h"

/*
 * The request of an http step. Sent once: what was never sent certainly did nothing, and
 * what was sent and not answered is unknown, unless it only asks. Nothing repeats it but a
 * person.
 */

enum { LOOK_MS = 30 * 1000, ACT_MS = 60 * 1000, LATE_MS = 24 * 3600 * 1000 };

struct webdoing {
	struct doing *d;
	struct http_call *call;
	bool look;
};

void
webdoing_free(struct webdoing *w)
{
	if (!w)
		return;
	http_call_free(w->call);
	mem_free(w);
}

static const struct step *
step_of(const struct webdoing *w)
{
	return &w->d->s->runbook->steps.list.at[w->d->step];
}

static void
clean(const struct webdoing *w, const char *p, size_t len, struct str *out)
{
	redact_text(w->d->s->redact, p, len, out);
}

static void
not_answered(struct webdoing *w, bool sent, const char *why)
{
	struct str safe = STR_INIT;

	clean(w, why, strlen(why), &safe);
	if (sent && !w->look)
		outcome_lost(w->d, REQ_LOST, jobstate_name(JOB_UNANSWERED), safe.buf);
	else
		outcome_lost(w->d, REQ_NOT_STARTED, NULL, safe.buf);
	outcome_forget(w->d);
	str_release(&safe);
}

static void
ended(void *ctx, const struct http_end *end)
{
	struct webdoing *w = ctx;
	struct str body = STR_INIT, shown = STR_INIT;
	struct facts facts = {0};

	if (!end->answered) {
		not_answered(w, end->sent, end->why);
		return;
	}
	clean(w, end->body.buf, end->body.len, &body);
	str_addf(&shown, "%d\n", end->status);
	str_add(&shown, body.buf, body.len);
	printing_output(w->d, shown.buf, shown.len);
	webfacts_add(&facts, end, w->d->s->redact, &body);
	if (!end->cut)
		facts_add_text(&facts, EXPECT_OUTPUT, NULL, body.buf, body.len);
	outcome_measured(w->d, -1, &facts, NULL);
	str_release(&shown);
	str_release(&body);
}

static void
headers_release(struct pairs *headers)
{
	for (size_t i = 0; i < headers->list.len; i++)
		mem_wipe_free(
			headers->list.at[i].value, strlen(headers->list.at[i].value));
	vec_free(&headers->list);
}

static bool
add_headers(const struct http_spec *h, const struct asking_names *names,
	struct pairs *out, struct err *e)
{
	for (size_t i = 0; i < h->headers.list.len; i++) {
		struct str value = STR_INIT;
		bool ok = subst_expand(h->headers.list.at[i].value, SUBST_TEXT,
			asking_named, names, &value, e);

		vec_push(&out->list,
			(struct pair){.key = h->headers.list.at[i].key,
				.value = str_take(&value)});
		if (!ok)
			return false;
	}
	return true;
}

/* A late one is asked about; one that nobody called late ends by itself. */
static int64_t
limit_of(const struct webdoing *w)
{
	const struct step *st = step_of(w);

	if (w->look)
		return st->timeout_ms > 0 ? st->timeout_ms : LOOK_MS;
	return st->timeout_ms > 0 || st->kill_after_ms > 0 ? LATE_MS : ACT_MS;
}

static bool
send(struct webdoing *w, const struct http_spec *h, const struct asking_names *names,
	struct err *e)
{
	struct session *s = w->d->s;
	struct link *l = fleet_link(
		s->fleet, run_leg_target(s->run, w->d->step, w->d->leg, w->d->way));
	struct str url = STR_INIT, body = STR_INIT;
	struct pairs headers = {0};
	struct http_opts o = {.method = h->method,
		.headers = &headers,
		.through = link_is_local(l) ? NULL : l,
		.timeout_ms = limit_of(w),
		.once = !w->look};
	bool ok = subst_expand(h->url, SUBST_URL, asking_named, names, &url, e) &&
		add_headers(h, names, &headers, e) &&
		(!h->body ||
			subst_expand(h->body, SUBST_TEXT, asking_named, names, &body, e));

	o.url = url.buf;
	o.body = h->body ? body.buf : NULL;
	if (ok)
		w->call = http_start(s->http, &o, ended, w, e);
	headers_release(&headers);
	mem_wipe(url.buf, url.len);
	mem_wipe(body.buf, body.len);
	str_release(&url);
	str_release(&body);
	return ok && w->call;
}

/* As the runbook has it, or as it was edited for this run. */
static bool
send_text(struct webdoing *w, struct err *e)
{
	struct session *s = w->d->s;
	const struct leg *leg = outcome_leg(w->d);
	struct asking_env env = {0};
	struct asking_names names = {s, step_of(w), &env, leg->host};
	const char *edited = s->run->steps.list.at[w->d->step].redline;
	struct http_spec h = {0};
	bool ok = asking_env(s, step_of(w), leg, w->d->way, &env, e) &&
		(!edited || acttext_read_http(edited, &h, e)) &&
		send(w, edited ? &h : &step_of(w)->http, &names, e);

	acttext_release_http(&h);
	asking_env_release(&env);
	return ok;
}

bool
webdoing_start(struct doing *d, enum effect_kind how)
{
	struct webdoing *w = mem_alloc(sizeof *w);
	struct err e = ERR_INIT;

	w->d = d;
	w->look = how == EFFECT_LOOK;
	d->web = w;
	if (how == EFFECT_ASK) /* whether it had left is not on record */
		not_answered(w, true, "the console ended before the answer came");
	else if (!send_text(w, &e))
		not_answered(w, false, e.msg);
	return true;
}

void
webdoing_cancel(struct webdoing *w)
{
	bool sent = w->call && http_call_sent(w->call);

	if (!w->call || w->d->ended)
		return;
	http_call_free(w->call);
	w->call = NULL;
	not_answered(w, sent, "cancelled before the answer came");
}
