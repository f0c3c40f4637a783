#include <stdio.h>
#include <string.h>

#include "app/spine.h"
#include "base/jsonout.h"
#include "base/mem.h"
#include "model/subst.h"

/* Probes of the session: each look gives a reading on the board, and one that a step waits
 * for comes back to the engine as a request. The board looks at every probe by itself, as
 * often as its `every:` says, while somebody watches. */

enum { BOARD_MS = 1000, SPREAD_MS = 8 };

static void
reading_board(struct session *s, const struct probe_reading *r, int probe)
{
	struct session_reading *b = &s->readings[probe];

	if (!s->looked[probe] || b->verdict != r->verdict)
		b->since = clock_wall();
	s->looked[probe] = true;
	b->verdict = r->verdict;
	b->at = clock_mono();
	snprintf(b->value, sizeof b->value, "%s", r->value);
	snprintf(b->unit, sizeof b->unit, "%s", r->unit);
	snprintf(b->message, sizeof b->message, "%s", r->message);
	snprintf(b->want, sizeof b->want, "%s", r->want);
}

/* The first look of the run stays as "before" of every later one. */
static void
reading_data(const struct looking *l, const struct probe_reading *r, struct str *data)
{
	const struct session_reading *before = &l->s->before[l->probe];
	struct jsonout j;

	jsonout_init(&j, data);
	jsonout_open(&j);
	jsonout_kstr(&j, "probe", r->probe->name);
	jsonout_kstr(&j, "verdict", verdict_name(r->verdict));
	jsonout_kstr(&j, "field", r->field);
	jsonout_kstr(&j, "value", r->value);
	jsonout_kstr(&j, "unit", r->unit);
	jsonout_kstr(&j, "want", r->want);
	jsonout_kstr(&j, "message", r->message);
	jsonout_key(&j, "rows");
	jsonout_open_array(&j);
	for (size_t i = 0; i < r->judgement.rows.len; i++) {
		const struct judged *row = &r->judgement.rows.at[i];
		jsonout_open(&j);
		jsonout_kstr(&j, "field", row->field);
		jsonout_kstr(&j, "want", row->want);
		jsonout_kstr(&j, "got", row->got);
		jsonout_kstr(&j, "verdict", verdict_name(row->verdict));
		jsonout_close(&j);
	}
	jsonout_close_array(&j);
	soaking_words(l->s, l->step, l->probe, &j);
	jsonout_key(&j, "before");
	if (before->at.ms) {
		jsonout_open(&j);
		jsonout_kstr(&j, "verdict", verdict_name(before->verdict));
		jsonout_kstr(&j, "value", before->message);
		jsonout_close(&j);
	} else {
		jsonout_null(&j);
	}
	jsonout_close(&j);
}

static void
looking_free(struct looking *l)
{
	loop_timer_free(l->later);
	probe_look_free(l->look);
	asking_env_release(&l->env);
	mem_free(l);
}

static void
looking_came(void *ctx, const struct probe_reading *r)
{
	struct looking *l = ctx;
	struct session *s = l->s;
	struct str data = STR_INIT;

	reading_board(s, r, l->probe);
	if (l->step != NONE) {
		struct request q = {.kind = REQ_READING,
			.step = l->step,
			.probe = l->probe,
			.verdict = r->verdict};

		soaking_note(s, r, &q);
		reading_data(l, r, &data);
		q.data = data.buf;
		session_request(s, &q);
	}
	str_release(&data);
	if (!s->before[l->probe].at.ms) /* never of itself */
		s->before[l->probe] = s->readings[l->probe];
	for (size_t i = 0; i < s->lookings.list.len; i++)
		if (s->lookings.list.at[i] == l) {
			vec_remove(&s->lookings.list, i);
			break;
		}
	looking_free(l);
	spine_changed(s);
}

static const char *
value_of(void *ctx, const char *full_name)
{
	return asking_value(ctx, full_name);
}

static void
look_now(void *ctx)
{
	struct looking *l = ctx;
	struct session *s = l->s;

	l->look = probe_start(&(struct probe_env){.loop = s->loop,
				      .fleet = s->fleet,
				      .http = s->http,
				      .runbook = s->runbook,
				      .redact = s->redact,
				      .lookup = value_of,
				      .lookup_ctx = s,
				      .env = l->env.list.at,
				      .env_len = l->env.list.len},
		l->probe, looking_came, l);
}

void
looking_start(struct session *s, int step, int probe, int64_t delay_ms)
{
	struct looking *l = mem_alloc(sizeof *l);

	*l = (struct looking){.step = step, .probe = probe, .s = s};
	asking_env_scope(s, s->runbook->probes.list.at[probe].scope, &l->env);
	vec_push(&s->lookings.list, l);
	if (delay_ms <= 0) {
		look_now(l);
		return;
	}
	l->later = loop_timer_new(s->loop, look_now, l);
	loop_timer_start(l->later, delay_ms, 0);
}

bool
looking_for_step(const struct session *s)
{
	for (size_t i = 0; i < s->lookings.list.len; i++)
		if (s->lookings.list.at[i]->step != NONE)
			return true;
	return false;
}

/* ---- the board ---- */

struct named {
	struct session *s;
	int scope;
	bool all;
};

static void
is_known(void *ctx, const char *name)
{
	struct named *n = ctx;
	char *full = runbook_full_name(n->s->runbook, n->scope, name);

	if (!asking_value(n->s, full))
		n->all = false;
	mem_free(full);
}

/* Every input that its texts name has a value, also one that the environment gives; before
 * that there is nothing to look at. A burst is load: only a step looks at it. */
static bool
can_look(struct session *s, const struct probe *p)
{
	struct named n = {s, p->scope, p->kind != PROBE_BURST};

	if (p->kind != PROBE_COMMAND && p->subject)
		subst_names(p->subject, is_known, &n);
	for (size_t i = 0; i < p->args.list.len; i++)
		subst_names(p->args.list.at[i].value, is_known, &n);
	for (size_t i = 0; i < p->http.headers.list.len; i++)
		subst_names(p->http.headers.list.at[i].value, is_known, &n);
	return n.all;
}

static bool
being_looked_at(const struct session *s, int probe)
{
	for (size_t i = 0; i < s->lookings.list.len; i++)
		if (s->lookings.list.at[i]->probe == probe)
			return true;
	return false;
}

void
session_look_around(struct session *s)
{
	struct mono now = clock_mono();
	int64_t after_ms =
		0; /* fifty hosts at once would be fifty programs in one turn */

	if (!s->run->open || s->run->closed)
		return;
	for (size_t i = 0; i < s->runbook->probes.list.len; i++) {
		const struct probe *p = &s->runbook->probes.list.at[i];
		bool due = !s->looked[i] || now.ms - s->readings[i].at.ms >= p->every_ms;

		if (!due || !can_look(s, p) || being_looked_at(s, (int)i))
			continue;
		looking_start(s, NONE, (int)i, after_ms);
		after_ms += SPREAD_MS;
	}
}

static void
board_turn(void *ctx)
{
	session_look_around(ctx);
}

void
session_watch(struct session *s)
{
	if (s->board)
		return;
	s->board = loop_timer_new(s->loop, board_turn, s);
	loop_timer_start(s->board, 0, BOARD_MS);
}

void
looking_release(struct session *s)
{
	for (size_t i = 0; i < s->lookings.list.len; i++)
		looking_free(s->lookings.list.at[i]);
	vec_free(&s->lookings.list);
	vec_free(&s->soakings.list);
	loop_timer_free(s->board);
}
