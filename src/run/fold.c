#include "run/fold.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/stamp.h"
#include "run/legs.h"
#include "run/revised.h"
#include "run/second.h"
#include "run/tried.h"

/* ---- small things --------------------------------------------------------------------- */

void
fold_set(char **dst, const char *text)
{
	char *copy = mem_strdup(text);

	mem_free(*dst);
	*dst = copy;
}

static void
put_text(struct map *m, const char *key, const char *text)
{
	mem_free(map_put(m, key, mem_strdup(text)));
}

void
fold_value(struct run *r, const char *full_name, const char *value, const char *who)
{
	if (!str_eq(map_get(&r->values, full_name), value))
		fold_unconfirm(r);
	put_text(&r->values, full_name, value);
	put_text(&r->set_by, full_name, who);
	map_put(&r->set_at, full_name, (void *)(intptr_t)(r->seq + 1));
	revised_forget(r);
}

void
fold_exception(struct fold *f, const char *fmt, ...)
{
	struct run_exception *x = vec_add(&f->r->exceptions.list);
	struct str s = STR_INIT;
	va_list ap;

	va_start(ap, fmt);
	str_vaddf(&s, fmt, ap);
	va_end(ap);
	x->seq = f->ev->seq;
	x->step = f->step;
	x->text = str_take(&s);
}

void
fold_runner(struct fold *f)
{
	struct strings *runners = &f->r->runners;

	for (size_t i = 0; i < runners->list.len; i++)
		if (str_eq(runners->list.at[i], f->ev->who))
			return;
	vec_push(&runners->list, mem_strdup(f->ev->who));
}

/* ---- legs ----------------------------------------------------------------------------- */

struct leg *
fold_leg(const struct fold *f)
{
	int leg;

	if (!f->rs)
		return NULL;
	leg = legs_find(
		f->rs, json_str(f->d, "host", "local"), json_str(f->d, "each", NULL));
	return leg == NONE ? NULL : &f->rs->legs.list.at[leg];
}

enum way
fold_way(const struct fold *f)
{
	return str_eq(json_str(f->d, "way", NULL), "back") ? WAY_BACK : WAY_FORWARD;
}

/* The leg and way an outcome is about; NULL when it is not about the attempt under way. */
static struct leg_run *
attempt_of(const struct fold *f)
{
	struct leg *leg = fold_leg(f);
	struct leg_run *lr;

	if (!leg)
		return NULL;
	lr = &leg->way[fold_way(f)];
	return lr->attempt > 0 && lr->attempt == json_int(f->d, "attempt", 0) ? lr : NULL;
}

void
fold_confirm(struct fold *f)
{
	if (f->rs)
		fold_runner(f);
}

void
fold_second(struct fold *f, bool forced)
{
	struct run_second *s = &f->rs->second;

	s->leg = forced ? legs_first(f->r, f->rs->step->index, WAY_FORWARD)
			: legs_find(f->rs, json_str(f->d, "host", "local"),
				  json_str(f->d, "each", NULL));
	s->seq = f->ev->seq;
	s->at = f->ev->t;
	s->forced = forced;
	snprintf(s->values, sizeof s->values, "%s",
		forced ? "" : json_str(f->d, "values", ""));
	fold_set(&s->who, f->ev->who);
}

/* The way back of an earlier turn is history once the step runs again; numbers of attempts
 * go on, so that no job name comes twice. */
void
fold_way_reset(struct leg_run *lr)
{
	lr->was = lr->state == LEG_TODO ? lr->was : lr->state;
	lr->state = LEG_TODO;
	lr->judged = lr->resolved = lr->nothing_ran = false;
	fold_set(&lr->why, NULL);
	fold_set(&lr->lost, NULL);
}

/* A watch that begins again begins again everywhere. */
static void
begin_all(struct run_step *rs)
{
	for (size_t i = 0; i < rs->legs.list.len; i++)
		if (legs_active(&rs->legs.list.at[i].way[WAY_FORWARD]))
			return;
	for (size_t i = 0; i < rs->legs.list.len; i++)
		fold_way_reset(&rs->legs.list.at[i].way[WAY_FORWARD]);
}

/* A look that was edited into an act is not repeated by itself: nobody said that it may. */
static int
tries_of(const struct fold *f, const struct leg_run *lr, enum way way)
{
	if (lr->state == LEG_RETRY)
		return lr->tries_left - 1;
	if (way == WAY_BACK || (f->rs->redline && !json_bool(f->d, "look", false)))
		return 0;
	return f->rs->step->retries;
}

void
fold_intent(struct fold *f)
{
	struct leg *leg = fold_leg(f);
	enum way way = fold_way(f);
	struct leg_run *lr;

	if (!leg)
		return;
	if (f->rs->step->kind == STEP_WATCH && json_bool(f->d, "goes_on", false))
		begin_all(f->rs);
	lr = &leg->way[way];
	lr->tries_left = tries_of(f, lr, way);
	if (lr->state != LEG_RETRY)
		lr->begun = f->ev->seq;
	tried_keep(lr, way == WAY_FORWARD && legs_ok(&leg->way[WAY_BACK]));
	if (way == WAY_FORWARD)
		fold_way_reset(&leg->way[WAY_BACK]);
	fold_way_reset(lr);
	lr->was = LEG_TODO;
	f->rs->forced = false;
	lr->state = LEG_INTENDED;
	lr->attempt = (int)json_int(f->d, "attempt", lr->attempt + 1);
	lr->look = json_bool(f->d, "look", false);
	fold_set(&lr->job, json_str(f->d, "job", NULL));
	fold_set(&lr->text, json_str(f->d, "text", NULL));
	fold_set(&lr->hostkey, json_str(f->d, "hostkey", NULL));
	fold_set(&lr->boot, NULL);
	fold_set(&lr->warning, NULL);
	fold_set(&lr->output, NULL);
	fold_set(&lr->blob, NULL);
	lr->intended = f->ev->t;
	lr->seq = f->ev->seq;
	lr->started = lr->ended = lr->retry_at = (struct wall){0};
	lr->pid = lr->took_ms = lr->bytes = 0;
	lr->exit = -1;
	lr->verdict = VERDICT_OK;
	lr->late = false;
	if (!f->rs->going || f->rs->going_way != way)
		f->rs->round_seq = f->ev->seq;
	f->rs->going = json_bool(f->d, "goes_on", false);
	f->rs->going_way = way;
	lr->second = json_int(f->d, "second", 0);
	f->rs->second.leg = NONE; /* it was for this start */
	f->r->acted = true;
	f->r->changed |= !lr->look;
	f->r->acted_at = lr->look ? f->r->acted_at : f->ev->t;
	fold_runner(f);
}

void
fold_started(struct fold *f)
{
	struct leg_run *lr = attempt_of(f);

	if (!lr || lr->judged || !(legs_active(lr) || lr->state == LEG_UNKNOWN))
		return;
	if (lr->state != LEG_CANCELLING) {
		lr->state = LEG_RUNNING;
		fold_set(&lr->why, NULL);
		fold_set(&lr->lost, NULL);
	}
	lr->started = f->ev->t;
	lr->pid = json_int(f->d, "pid", 0);
	fold_set(&lr->boot, json_str(f->d, "boot_id", NULL));
	if (json_str(f->d, "hostkey", NULL))
		fold_set(&lr->hostkey, json_str(f->d, "hostkey", NULL));
	fold_set(&lr->warning, json_str(f->d, "warning", NULL));
}

/* Inline text, or where the blob is with its first and last bytes. */
static void
output_take(struct leg_run *lr, const struct json_node *o)
{
	const char *text = json_str(o, "text", NULL);
	const char *blob = json_str(o, "blob", NULL);

	if (text) {
		fold_set(&lr->output, text);
	} else if (json_str(o, "head", NULL) || json_str(o, "tail", NULL)) {
		mem_free(lr->output);
		lr->output = mem_printf("%s\xe2\x80\xa6%s", json_str(o, "head", ""),
			json_str(o, "tail", ""));
	}
	if (blob)
		fold_set(&lr->blob, blob);
}

void
fold_output(struct fold *f)
{
	struct leg_run *lr = attempt_of(f);

	if (!lr)
		return;
	lr->bytes = json_int(f->d, "offset", 0) + json_int(f->d, "bytes", 0);
	output_take(lr, f->d);
}

static void
rows_take(struct leg_run *lr, const struct json_node *list)
{
	tried_rows_release(&lr->rows);
	for (size_t i = 0; i < json_len(list); i++) {
		const struct json_node *n = json_at(list, i);
		struct judged_row *row = vec_add(&lr->rows.list);

		row->field = mem_strdup(json_str(n, "field", ""));
		row->want = mem_strdup(json_str(n, "want", ""));
		row->got = mem_strdup(json_str(n, "got", ""));
		row->verdict = json_bool(n, "ok", false) ? VERDICT_OK : VERDICT_FAIL;
		verdict_parse(json_str(n, "verdict", ""), &row->verdict);
	}
}

static void
saved_take(struct fold *f)
{
	const struct json_node *saved = json_get(f->d, "saved");

	for (size_t i = 0; i < json_len(saved); i++) {
		const char *text = json_text(json_value_at(saved, i));
		char *full;

		if (!text)
			continue;
		full = runbook_full_name(
			f->r->runbook, f->rs->step->scope, json_key_at(saved, i));
		fold_value(f->r, full, text, "auto");
		mem_free(full);
	}
}

/* What was taken back is to do again; a mark that covered it no longer speaks for it. */
static void
undone(struct fold *f, struct leg *leg)
{
	leg->way[WAY_FORWARD].was = leg->way[WAY_FORWARD].state;
	leg->way[WAY_FORWARD].state = LEG_TODO;
	leg->way[WAY_FORWARD].resolved = false;
	f->rs->ticked = f->rs->skipped = f->rs->by_person = false;
}

static void
fail(struct fold *f, struct leg_run *lr)
{
	struct wall at;

	lr->state = LEG_FAILED;
	fold_back_stands(f);
	if (stamp_parse(json_str(f->d, "retry_at", ""), &at)) {
		lr->state = LEG_RETRY;
		lr->retry_at = at;
		return;
	}
	if (f->rs->step->max_failures == 0 || f->rs->going_way == WAY_BACK)
		f->rs->going = false;
}

void
fold_done(struct fold *f)
{
	struct leg_run *lr = attempt_of(f);

	if (!f->rs)
		return;
	if (f->rs->step->kind == STEP_WAIT || f->rs->step->kind == STEP_SCHEDULE ||
		f->rs->step->kind == STEP_NOTIFY) {
		f->rs->answered = true;
		f->rs->entered = false;
		fold_set(&f->rs->who,
			f->rs->step->kind == STEP_WAIT ? "auto" : f->ev->who);
		return;
	}
	if (!lr || lr->judged)
		return;
	lr->judged = true;
	lr->ended = f->ev->t;
	/* what is only heard of now has not been acted now */
	if (!lr->look && legs_active(lr))
		f->r->acted_at = f->ev->t;
	lr->exit = (int)json_int(f->d, "exit", -1);
	lr->took_ms = json_int(f->d, "took_ms", 0);
	lr->nothing_ran = !json_bool(f->d, "ran", true);
	lr->late = f->rs->step->timeout_ms && lr->took_ms > f->rs->step->timeout_ms;
	f->rs->late = f->rs->late || lr->late;
	lr->verdict = VERDICT_UNKNOWN;
	verdict_parse(json_str(f->d, "verdict", ""), &lr->verdict);
	fold_set(&lr->why, json_str(f->d, "why", NULL));
	fold_set(&lr->lost, NULL);
	rows_take(lr, json_get(f->d, "expect"));
	lr->bytes = json_int(json_get(f->d, "output"), "offset", 0) +
		json_int(json_get(f->d, "output"), "bytes", lr->bytes);
	output_take(lr, json_get(f->d, "output"));
	switch (lr->verdict) {
	case VERDICT_OK:
		lr->state = LEG_OK;
		break;
	case VERDICT_WARN:
		lr->state = LEG_WARN;
		break;
	case VERDICT_FAIL:
		fail(f, lr);
		break;
	case VERDICT_UNKNOWN:
		if (lr->look) { /* it changed nothing: it can be repeated */
			fail(f, lr);
			break;
		}
		lr->state = LEG_UNKNOWN;
		f->rs->going = false;
		fold_back_stands(f);
		break;
	}
	saved_take(f);
	if (legs_ok(lr) && fold_way(f) == WAY_BACK)
		undone(f, fold_leg(f));
	f->rs->going = f->rs->going && legs_go_on(f->rs);
	f->rs->entered = false; /* what was looked at between two hosts is of yesterday */
	if (!f->rs->ticked && !f->rs->skipped)
		fold_set(&f->rs->who, "auto");
}

void
fold_cancel(struct fold *f)
{
	struct leg_run *lr = attempt_of(f);

	/* The host's answer is for people to read. */
	if (!f->rs || json_get(f->d, "reply"))
		return;
	f->rs->going = false;
	fold_back_stands(f);
	if (step_kind_looks(f->rs->step->kind) || f->rs->step->kind == STEP_WAIT) {
		f->rs->entered = false;
		f->rs->stopped = step_kind_looks(f->rs->step->kind);
		return;
	}
	f->rs->entered = false;
	if (!lr)
		return;
	fold_set(&lr->why, json_str(f->d, "why", NULL));
	if (lr->state == LEG_RETRY)
		lr->state = LEG_FAILED;
	else if (legs_active(lr))
		lr->state = LEG_CANCELLING;
}

void
fold_unknown(struct fold *f)
{
	struct leg_run *lr = attempt_of(f);

	if (!lr || !legs_active(lr))
		return;
	f->rs->going = false;
	fold_back_stands(f);
	fold_set(&lr->why, json_str(f->d, "why", json_str(f->d, "state", NULL)));
	fold_set(&lr->lost, json_str(f->d, "state", NULL));
	/* A look changed nothing: it can simply be repeated. */
	lr->was = LEG_UNKNOWN;
	lr->state = lr->look ? LEG_TODO : LEG_UNKNOWN;
}

void
fold_resolve(struct fold *f)
{
	struct leg_run *lr = attempt_of(f);
	const char *as = json_str(f->d, "as", "");

	if (!lr || lr->state != LEG_UNKNOWN)
		return;
	fold_exception(f, "%s on %s: unknown outcome settled by hand as %s: %s",
		f->rs->step->id, json_str(f->d, "host", "local"), as,
		json_str(f->d, "evidence", ""));
	lr->judged = lr->resolved = true;
	fold_set(&lr->evidence, json_str(f->d, "evidence", NULL));
	fold_set(&lr->resolved_as, as);
	fold_set(&lr->resolved_by, f->ev->who);
	lr->ended = f->ev->t;
	lr->nothing_ran = strcmp(as, "nothing-ran") == 0;
	if (lr->nothing_ran)
		fold_set(&lr->why, "nothing ran");
	lr->state = strcmp(as, "done") == 0 ? LEG_OK : LEG_FAILED;
	if (legs_ok(lr) && fold_way(f) == WAY_BACK)
		undone(f, fold_leg(f));
	fold_set(&f->rs->who, f->ev->who);
}

/* ---- readings ------------------------------------------------------------------------- */

static struct reading *
reading_slot(struct run_step *rs, int probe)
{
	struct reading *g;

	for (size_t i = 0; i < rs->readings.list.len; i++)
		if (rs->readings.list.at[i].probe == probe)
			return &rs->readings.list.at[i];
	g = vec_add(&rs->readings.list);
	g->probe = probe;
	return g;
}

static char *
scalar_text(const struct json_node *n)
{
	struct str s = STR_INIT;

	if (json_scalar_text(n, &s))
		return str_take(&s);
	str_release(&s);
	return NULL;
}

/* Not a reading of a step: a probe or host of the board went down, or came back. */
static void
turned(struct fold *f, const char *name)
{
	enum verdict v = VERDICT_UNKNOWN;

	verdict_parse(json_str(f->d, "verdict", ""), &v);
	/* a probe may be called like a host */
	if (runbook_find_probe(f->r->runbook, 0, name) == NONE) {
		if (str_eq(json_str(f->d, "state", NULL), "DOWN"))
			map_put(&f->r->down, name, (void *)(uintptr_t) "");
		else
			map_remove(&f->r->down, name);
	}
	if (v == VERDICT_FAIL || v == VERDICT_UNKNOWN)
		fold_exception(f, "%s went %s: %s", name, json_str(f->d, "state", "down"),
			json_str(f->d, "message", ""));
}

void
fold_reading(struct fold *f)
{
	const char *name = json_str(f->d, "probe", "");
	const struct json_node *before = json_get(f->d, "before");
	struct reading *g;
	char *value;
	int probe;

	if (!f->rs) {
		turned(f, name);
		return;
	}
	probe = runbook_find_probe(f->r->runbook, f->rs->step->scope, name);
	if (probe == NONE)
		return;
	g = reading_slot(f->rs, probe);
	g->verdict = VERDICT_UNKNOWN;
	verdict_parse(json_str(f->d, "verdict", ""), &g->verdict);
	fold_set(&g->field, json_str(f->d, "field", NULL));
	mem_free(g->value);
	g->value = scalar_text(json_get(f->d, "value"));
	fold_set(&g->unit, json_str(f->d, "unit", NULL));
	fold_set(&g->want, json_str(f->d, "want", NULL));
	fold_set(&g->message, json_str(f->d, "message", NULL));
	fold_set(&g->worst, json_str(f->d, "worst", NULL));
	g->looks = (int)json_int(f->d, "looks", 0);
	g->at = f->ev->t;
	g->seq = f->ev->seq;
	if (probe == revised_probe(f->rs->step))
		revised_fold(f);
	if (json_type_of(before) == JSON_OBJECT) {
		value = scalar_text(json_get(before, "value"));
		mem_free(g->before);
		g->before = mem_printf("%s%s%s", json_str(before, "verdict", "unknown"),
			value ? " " : "", value ? value : "");
		mem_free(value);
	}
	/* between two hosts that is the end of it */
	if (f->rs->entered && step_kind_acts(f->rs->step->kind) &&
		(g->verdict == VERDICT_FAIL || g->verdict == VERDICT_UNKNOWN))
		f->rs->going = f->rs->entered = false;
	if (g->verdict == VERDICT_FAIL || g->verdict == VERDICT_UNKNOWN)
		fold_exception(f, "%s: %s %s%s%s", f->rs->step->id, name,
			verdict_name(g->verdict), g->value ? " " : "",
			g->value ? g->value : "");
	if (!f->rs->ticked && !f->rs->skipped)
		fold_set(&f->rs->who, "auto");
}

/* ---- the clock -------------------------------------------------------------------------- */

static void
shift(struct wall *at, int64_t by_ms)
{
	if (at->ms)
		at->ms += by_ms;
}

/* What has run for ten minutes has run for ten minutes, whatever the clock was set to:
 * moments that durations are counted from move along. What a person named by the clock, as
 * the end of `wait: until`, stays. */
void
fold_jumped(struct fold *f)
{
	int64_t by_ms = json_int(f->d, "wall_ms", 0);

	shift(&f->r->armed_at, by_ms);
	shift(&f->r->acted_at, by_ms);
	shift(&f->r->forced_at, by_ms);
	for (size_t i = 0; i < f->r->steps.list.len; i++) {
		struct run_step *rs = &f->r->steps.list.at[i];

		shift(&rs->second.at, by_ms);
		for (size_t k = 0; k < rs->readings.list.len; k++)
			shift(&rs->readings.list.at[k].at, by_ms);
		if (rs->own == STEP_IS_RUNNING) {
			shift(&rs->entered_at, by_ms);
			shift(&rs->until, rs->step->wait_until ? 0 : by_ms);
		}
		for (size_t k = 0; k < 2 * rs->legs.list.len; k++) {
			struct leg_run *lr = &rs->legs.list.at[k / 2].way[k % 2];

			if (!legs_active(lr) && lr->state != LEG_RETRY)
				continue;
			shift(&lr->intended, by_ms);
			shift(&lr->started, by_ms);
			shift(&lr->retry_at, by_ms);
		}
	}
}

void
fold_stand(struct run_step *rs, const char *why)
{
	rs->going = false;
	if (step_kind_acts(rs->step->kind))
		rs->entered = false;
	for (size_t i = 0; i < rs->legs.list.len; i++) {
		struct leg_run *lr = &rs->legs.list.at[i].way[WAY_FORWARD];

		if (lr->state != LEG_RETRY)
			continue;
		lr->state = LEG_FAILED;
		fold_set(&lr->why, why);
	}
}
