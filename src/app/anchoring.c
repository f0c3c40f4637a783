#include "app/anchoring.h"

#include <stdio.h>
#include <string.h>

#include "app/spine.h"
#include "base/file.h"
#include "base/mem.h"
#include "journal/verify.h"
#include "load/load.h"
#include "remote/pace.h"

enum { ANSWER_MS = 10 * 1000, EVERY_MS = 30 * 1000, SAID_MAX = 200 };

/* Somebody who holds heads. */
struct holder {
	const char *name;
	int64_t seq; /* the newest one; -1 */
	char head[DIGEST_HEX + 1];
	int64_t told;     /* of the last anchor record about it; -1 */
	struct mono last; /* when that was */
};

struct anchoring {
	struct session *s;
	struct holder store, command;
	int64_t changed; /* newest record that is not about anchors themselves; -1 */
	int64_t signoff; /* newest one; -1 */
	bool due;        /* what happened is worth a head at once */
	struct loop_timer *every;
	/* the command; NULL: there is none */
	char *text;
	struct loop_child *child;
	struct str said;
	int64_t sent; /* seq on its way */
	char sent_head[DIGEST_HEX + 1];
	bool down; /* the record says so */
	char why[300];
};

/* ---- the record --------------------------------------------------------------------------- */

/* So old that it would name no record that verify still knows when its anchor is written. */
static bool
is_old(const struct anchoring *g, const struct holder *h)
{
	return journal_seq(g->s->journal) - h->seq > VERIFY_RECENT / 2;
}

/* What it holds becomes a fact, unless it is too soon for that. */
static void
held(struct anchoring *g, struct holder *h)
{
	struct session *s = g->s;
	struct request q = {.kind = REQ_ANCHORED, .step = NONE};
	struct mono now = clock_mono();
	bool news = g->changed > h->told && h->seq > h->told;
	bool signed_off = g->signoff > h->told && h->seq >= g->signoff;
	char *data;

	if (!s->run->open || s->run->closed || !news || is_old(g, h) ||
		(!signed_off && now.ms - h->last.ms < pace_ms(EVERY_MS)))
		return;
	h->told = h->seq;
	h->last = now;
	data = mem_printf("{\"where\":\"%s\",\"seq\":%lld,\"head\":\"%s\"}", h->name,
		(long long)h->seq, h->head);
	q.data = data;
	session_request(s, &q);
	mem_free(data);
}

void
anchoring_stored(struct session *s, int64_t seq, const char *head)
{
	struct holder *h = s->anchoring ? &s->anchoring->store : NULL;

	if (!h || seq < 0 || !*head)
		return;
	h->seq = seq;
	snprintf(h->head, sizeof h->head, "%s", head);
	held(s->anchoring, h);
}

static void
tell_record(struct anchoring *g, bool down)
{
	struct session *s = g->s;

	if (g->down == down || !s->run->open || s->run->closed)
		return;
	g->down = down;
	session_request(s,
		&(struct request){.kind = REQ_BACKEND,
			.step = NONE,
			.name = "anchor",
			.text = down ? "down" : "up",
			.reason = down ? g->why : NULL});
}

/* ---- the command ---------------------------------------------------------------------------- */

static void send_head(struct anchoring *g);

static void
said(void *ctx, const char *p, size_t len)
{
	struct anchoring *g = ctx;

	if (g->said.len < SAID_MAX)
		str_add(&g->said, p,
			len < SAID_MAX - g->said.len ? len : SAID_MAX - g->said.len);
}

static void
set_why(struct anchoring *g, const struct loop_child_end *end)
{
	struct str safe = STR_INIT;

	redact_text(g->s->redact, g->said.buf, strcspn(g->said.buf, "\n"), &safe);
	if (end->timed_out)
		snprintf(g->why, sizeof g->why, "no end within %d s", ANSWER_MS / 1000);
	else if (end->signal)
		snprintf(g->why, sizeof g->why, "ended by signal %d", end->signal);
	else
		snprintf(g->why, sizeof g->why, "exit %d%s%.*s", end->exit,
			safe.len ? ": " : "", SAID_MAX, safe.buf);
	str_release(&safe);
}

static void
ended(void *ctx, const struct loop_child_end *end)
{
	struct anchoring *g = ctx;
	bool ok = end->exit == 0 && !end->timed_out;

	loop_child_free(g->child);
	g->child = NULL;
	if (ok) {
		g->command.seq = g->sent;
		memcpy(g->command.head, g->sent_head, sizeof g->sent_head);
		g->why[0] = '\0';
		held(g, &g->command);
	} else {
		set_why(g, end);
	}
	tell_record(g, !ok);
	if (ok && g->due)
		send_head(g);
}

static void
send_head(struct anchoring *g)
{
	const char *const argv[] = {"/bin/sh", "-c", g->text, NULL};
	struct err e = ERR_INIT;
	char *line;

	if (!g->text || g->child || g->command.seq >= g->changed)
		return;
	g->due = false;
	g->sent = journal_seq(g->s->journal);
	snprintf(g->sent_head, sizeof g->sent_head, "%s", journal_head(g->s->journal));
	str_reset(&g->said);
	line = mem_printf("%s %lld %s\n", journal_run(g->s->journal), (long long)g->sent,
		g->sent_head);
	g->child = loop_child_start(g->s->loop,
		&(struct loop_child_opts){.argv = argv,
			.input = line,
			.input_len = strlen(line),
			.timeout_ms = pace_ms(ANSWER_MS),
			.pass_fd = -1},
		&(struct loop_child_calls){said, said, ended, g}, &e);
	mem_free(line);
	if (g->child)
		return;
	snprintf(g->why, sizeof g->why, "%.*s", (int)sizeof g->why - 1, e.msg);
	tell_record(g, true);
}

/* ---- when ------------------------------------------------------------------------------------ */

void
anchoring_event(struct session *s, const struct event *ev)
{
	struct anchoring *g = s->anchoring;

	if (!g || ev->type == EVENT_ANCHOR || ev->type == EVENT_BACKEND_STATE)
		return;
	g->changed = ev->seq;
	if (ev->type == EVENT_SIGNOFF)
		g->signoff = ev->seq;
	g->due |= ev->type == EVENT_STEP_INTENT || ev->type == EVENT_SIGNOFF ||
		ev->type == EVENT_RUN_CLOSE;
}

void
anchoring_batch(struct session *s)
{
	if (s->anchoring && s->anchoring->due)
		send_head(s->anchoring);
}

static void
every(void *ctx)
{
	struct anchoring *g = ctx;

	held(g, &g->store);
	held(g, &g->command);
	send_head(g);
}

/* ---- made and left ---------------------------------------------------------------------------- */

/* With a fault in the settings there is no command, and the record says why. */
static void
take_command(struct anchoring *g)
{
	char *config = file_xdg(FILE_XDG_CONFIG),
	     *path = file_join(config, "config.yaml");
	struct settings own = {0};
	struct diags d = {0};

	if (file_exists(path) && !load_settings(path, &own, &d) && d.list.len)
		snprintf(g->why, sizeof g->why, "config.yaml:%d: %.200s",
			d.list.at[0].line, d.list.at[0].msg);
	g->text = mem_strdup(own.anchor_command);
	settings_release(&own);
	diags_release(&d);
	mem_free(config);
	mem_free(path);
}

void
anchoring_start(struct session *s)
{
	struct anchoring *g;

	if (s->mode != RUN_LIVE || s->onlooking)
		return;
	s->anchoring = g = mem_alloc(sizeof *g);
	g->s = s;
	g->said = STR_INIT;
	g->changed = g->signoff = g->sent = -1;
	g->store = (struct holder){"store", -1, "", -1, clock_mono()};
	g->command = (struct holder){"command", -1, "", -1, clock_mono()};
	take_command(g);
	g->every = loop_timer_new(s->loop, every, g);
	if (g->text || s->mirroring)
		loop_timer_start(g->every, pace_ms(EVERY_MS), pace_ms(EVERY_MS));
}

bool
anchoring_busy(const struct session *s)
{
	return s->anchoring && s->anchoring->child;
}

void
anchoring_left(const struct session *s, struct str *out)
{
	const struct anchoring *g = s->anchoring;

	if (!g || (!g->why[0] && (!g->text || g->command.seq >= g->changed)))
		return;
	str_addf(out, "%sthe newest head was not taken by anchor.command%s%s",
		out->len ? "; " : "", g->why[0] ? ": " : "", g->why);
}

void
anchoring_release(struct session *s)
{
	struct anchoring *g = s->anchoring;

	if (!g)
		return;
	loop_child_free(g->child);
	loop_timer_free(g->every);
	str_release(&g->said);
	mem_free(g->text);
	mem_free(g);
	s->anchoring = NULL;
}
