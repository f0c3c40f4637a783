#include <stdio.h>
#include <string.h>

#include "app/spine.h"
#include "base/jsonout.h"
#include "base/mem.h"
#include "model/subst.h"
#include "run/revised.h"

/* Probes of the session: the looks that a step waits for come back to the engine as a
 * request; all others are the board's (app/watching.h), which looks by itself while somebody
 * watches. */

/* Of a git probe between two revisions: what a sign-off hangs on. A scenario or a host that
 * does not tell it in full tells nothing. */
static void
change_data(const struct looking *l, const struct probe_reading *r, struct jsonout *j)
{
	static const struct {
		const char *key;
		enum expect_field field;
	} texts[] = {
		{"from", EXPECT_FROM},
		{"to", EXPECT_TO},
		{"sha256", EXPECT_SHA256},
		{"names", EXPECT_NAMES},
	};
	const struct fact *count = facts_find(r->facts, EXPECT_COUNT, NULL);

	if (!l->asked)
		return;
	jsonout_key(j, "change");
	if (!count || r->answer != PROBE_ANSWERED) {
		jsonout_null(j);
		return;
	}
	jsonout_open(j);
	jsonout_kstr(j, "asked", l->asked);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		const struct fact *f = facts_find(r->facts, texts[i].field, NULL);
		struct str clean = STR_INIT;

		redact_text(l->s->redact, f && f->text ? f->text : "",
			f && f->text ? f->len : 0, &clean);
		jsonout_kstr(j, texts[i].key, clean.buf ? clean.buf : "");
		str_release(&clean);
	}
	jsonout_kint(j, "count", (int64_t)count->number);
	jsonout_close(j);
}

/* The first look of the run stays as "before" of every later one. */
static void
reading_data(const struct looking *l, const struct probe_reading *r, struct str *data)
{
	const struct session_before *before = &l->s->before[l->probe];
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
	change_data(l, r, &j);
	jsonout_key(&j, "before");
	if (before->message) {
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
	mem_free(l->asked);
	mem_free(l);
}

static void
forget(struct session *s, const struct looking *l)
{
	for (size_t i = 0; i < s->lookings.list.len; i++)
		if (s->lookings.list.at[i] == l) {
			vec_remove(&s->lookings.list, i);
			break;
		}
}

static void
looking_came(void *ctx, const struct probe_reading *r)
{
	struct looking *l = ctx;
	struct session *s = l->s;
	struct str data = STR_INIT;
	struct request q = {.kind = REQ_READING,
		.step = l->step,
		.probe = l->probe,
		.name = l->asked,
		.verdict = r->verdict};

	soaking_note(s, r, &q);
	reading_data(l, r, &data);
	q.data = data.buf;
	l->came = true;
	session_request(s, &q);
	str_release(&data);
	forget(s, l);
	watching_heard(s->watching, l->probe, r);
	looking_free(l);
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
				      .env_len = l->env.list.len,
				      .past = watching_past(s->watching, l->probe)},
		l->probe, looking_came, l);
}

/* A step that begins anew asks again: two looks at once would each ask for the next. */
static bool
drop_older(struct session *s, int step, int probe)
{
	for (size_t i = 0; i < s->lookings.list.len; i++) {
		struct looking *l = s->lookings.list.at[i];

		if (l->came || l->step != step || l->probe != probe)
			continue;
		vec_remove(&s->lookings.list, i);
		looking_free(l);
		return true;
	}
	return false;
}

void
looking_start(struct session *s, int step, int probe, int64_t delay_ms)
{
	struct looking *l = mem_alloc(sizeof *l);
	struct err no = ERR_INIT;

	*l = (struct looking){.step = step,
		.probe = probe,
		.under_way = s->run->steps.list.at[step].own == STEP_IS_RUNNING,
		.s = s};
	asking_env_scope(s, s->runbook->probes.list.at[probe].scope, &l->env);
	if (revised_probe(s->run->steps.list.at[step].step) == probe)
		l->asked = revised_asked(s->run, step, &no);
	if (!drop_older(s, step, probe)) /* on the board it takes its place */
		watching_begun(s->watching, probe);
	vec_push(&s->lookings.list, l);
	if (delay_ms <= 0) {
		look_now(l);
		return;
	}
	l->later = loop_timer_new(s->loop, look_now, l);
	loop_timer_start(l->later, delay_ms, 0);
}

/* Nobody waits for the last look of a step that was stopped. */
bool
looking_for_step(const struct session *s)
{
	for (size_t i = 0; i < s->lookings.list.len; i++) {
		const struct looking *l = s->lookings.list.at[i];

		if (!l->under_way ||
			s->run->steps.list.at[l->step].own == STEP_IS_RUNNING)
			return true;
	}
	return false;
}

bool
session_idle(const struct session *s)
{
	return session_still(s) && !looking_for_step(s);
}

/* ---- the board ---- */

static void
env_of(void *ctx, int scope, struct watching_env *out)
{
	struct asking_env env = {0};

	asking_env_scope(ctx, scope, &env);
	out->list.at = env.list.at;
	out->list.len = env.list.len;
	out->list.cap = env.list.cap;
}

/* The first look of the run stays as "before" of every later one, never of itself. */
static void
keep_before(struct session *s, int item, const struct probe_reading *r)
{
	struct session_before *b = &s->before[item];

	if (b->message)
		return;
	b->verdict = r->verdict;
	b->message = mem_strdup(r->message);
}

static void
board_changed(void *ctx, int item, const struct probe_reading *r, bool turned)
{
	struct session *s = ctx;

	if (r)
		keep_before(s, item, r);
	turning_snapshot(s);
	if (turned)
		turning_tell(s, item);
	spine_changed(s);
}

static void
board_told(void *ctx, const struct err *e)
{
	spine_message(ctx, e);
}

void
looking_begin(struct session *s)
{
	char *dir = s->quiet ? NULL : readings_default_dir();

	s->watched = BOARD_PAUSED;
	s->before = mem_array(s->runbook->probes.list.len + 1, sizeof *s->before);
	s->watching = watching_new(&(struct watching_opts){.loop = s->loop,
		.runbook = s->runbook,
		.fleet = s->fleet,
		.http = s->http,
		.redact = s->redact,
		.lookup = value_of,
		.env = env_of,
		.readings_dir = dir,
		.project = s->project,
		.changed = board_changed,
		.told = board_told,
		.ctx = s});
	s->went_down = mem_array(board_items(session_board(s)) + 1, sizeof *s->went_down);
	mem_free(dir);
}

void
session_look_around(struct session *s)
{
	if (!s->run->open || s->run->closed || s->onlooking)
		return;
	watching_inputs(s->watching);
	watching_watch(s->watching, s->watched);
	watching_ask(s->watching, NONE);
}

void
session_watch(struct session *s)
{
	session_watched(s, BOARD_LOOKED_AT);
}

void
session_watched(struct session *s, enum board_watched how)
{
	if (s->onlooking)
		return;
	s->watched = how;
	if (s->run->open || s->run->closed) /* before that nothing may be contacted */
		watching_watch(s->watching, how);
}

void
session_look(struct session *s, int item)
{
	if (!s->onlooking)
		watching_ask(s->watching, item);
}

const struct board *
session_board(const struct session *s)
{
	return watching_board(s->watching);
}

const struct session_reading *
session_reading(const struct session *s, int probe)
{
	const struct vital *v = board_vital(session_board(s), probe);
	const struct vital_look *l = vital_last(v);
	struct session_reading *b = &s->readings[probe];

	/* what an earlier console saw is no reading of this run */
	if (!l || !s->before[probe].message)
		return NULL;
	b->verdict = vital_state_verdict(vital_judged_look(l));
	b->at = l->at.mono;
	b->since = vital_since(v);
	snprintf(b->value, sizeof b->value, "%s", l->value);
	snprintf(b->unit, sizeof b->unit, "%s", l->unit);
	snprintf(b->message, sizeof b->message, "%s", l->message);
	snprintf(b->want, sizeof b->want, "%s", l->want);
	return b;
}

void
looking_release(struct session *s)
{
	for (size_t i = 0; i < s->lookings.list.len; i++)
		looking_free(s->lookings.list.at[i]);
	vec_free(&s->lookings.list);
	vec_free(&s->soakings.list);
	watching_free(s->watching);
	for (size_t i = 0; i < s->runbook->probes.list.len && s->before; i++)
		mem_free(s->before[i].message);
	mem_free(s->before);
	mem_free(s->went_down);
}
