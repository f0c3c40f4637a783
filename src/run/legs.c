#include "run/legs.h"

#include <string.h>

#include "base/mem.h"
#include "run/tried.h"

static void
leg_add(struct run_step *rs, int target, const char *host, const char *each)
{
	struct leg *leg;

	/* The same host or item twice is one leg: the record tells them apart by name. */
	if (legs_find(rs, host, each) != NONE)
		return;
	leg = vec_add(&rs->legs.list);
	leg->target = target;
	leg->host = host;
	leg->each = each;
	for (int w = WAY_FORWARD; w <= WAY_BACK; w++)
		leg->way[w].exit = -1;
}

static void
items_add(const struct step *s, struct run_step *rs, int target, const char *host)
{
	if (!s->each.list.len)
		leg_add(rs, target, host, NULL);
	for (size_t i = 0; i < s->each.list.len; i++)
		leg_add(rs, target, host, s->each.list.at[i]);
}

void
legs_make(const struct runbook *rb, struct run_step *rs)
{
	const struct step *s = rs->step;
	const struct host *h;

	if (s->host == NONE) {
		items_add(s, rs, NONE, "local");
		return;
	}
	h = &rb->hosts.list.at[s->host];
	for (int i = h->first_target; i < h->first_target + h->target_count; i++)
		items_add(s, rs, i, rb->targets.list.at[i].id);
}

static void
leg_run_release(struct leg_run *lr)
{
	tried_rows_release(&lr->rows);
	tried_release(lr);
	mem_free(lr->job);
	mem_free(lr->text);
	mem_free(lr->why);
	mem_free(lr->lost);
	mem_free(lr->evidence);
	mem_free(lr->resolved_as);
	mem_free(lr->resolved_by);
	mem_free(lr->boot);
	mem_free(lr->hostkey);
	mem_free(lr->warning);
	mem_free(lr->output);
	mem_free(lr->blob);
}

void
legs_release(struct run_step *rs)
{
	for (size_t i = 0; i < rs->legs.list.len; i++) {
		leg_run_release(&rs->legs.list.at[i].way[WAY_FORWARD]);
		leg_run_release(&rs->legs.list.at[i].way[WAY_BACK]);
	}
	vec_free(&rs->legs.list);
}

int
legs_find(const struct run_step *rs, const char *host, const char *each)
{
	for (size_t i = 0; i < rs->legs.list.len; i++) {
		const struct leg *leg = &rs->legs.list.at[i];

		if (str_eq(leg->host, host) && str_eq(leg->each, each))
			return (int)i;
	}
	return NONE;
}

bool
legs_active(const struct leg_run *lr)
{
	return lr->state == LEG_INTENDED || lr->state == LEG_RUNNING ||
		lr->state == LEG_CANCELLING;
}

bool
legs_wait_for(const struct run *r, int target)
{
	for (size_t i = 0; i < r->steps.list.len; i++) {
		const struct run_step *rs = &r->steps.list.at[i];

		for (size_t k = 0; k < rs->legs.list.len; k++)
			for (int w = WAY_FORWARD; w <= WAY_BACK; w++)
				if (legs_active(&rs->legs.list.at[k].way[w]) &&
					run_leg_target(r, (int)i, (int)k, (enum way)w) ==
						target)
					return true;
	}
	return false;
}

bool
legs_ok(const struct leg_run *lr)
{
	return lr->state == LEG_OK || lr->state == LEG_WARN;
}

bool
legs_undoable(const struct run_step *rs, int leg)
{
	const struct leg_run *lr = &rs->legs.list.at[leg].way[WAY_FORWARD];

	if (!rs->step->undo.text || lr->look || lr->nothing_ran)
		return false;
	/* what failed and was left out then has run, too */
	return legs_ok(lr) || lr->state == LEG_FAILED ||
		(lr->state == LEG_SKIPPED && lr->attempt);
}

static bool
any_leg(const struct run_step *rs, bool (*is)(const struct leg_run *lr))
{
	for (size_t i = 0; i < rs->legs.list.len; i++)
		if (is(&rs->legs.list.at[i].way[WAY_FORWARD]) ||
			is(&rs->legs.list.at[i].way[WAY_BACK]))
			return true;
	return false;
}

static size_t
count_legs(const struct run_step *rs, enum way way, bool (*is)(const struct leg_run *lr))
{
	size_t n = 0;

	for (size_t i = 0; i < rs->legs.list.len; i++)
		n += is(&rs->legs.list.at[i].way[way]);
	return n;
}

static bool
is_unknown(const struct leg_run *lr)
{
	return lr->state == LEG_UNKNOWN;
}

static bool
is_retry(const struct leg_run *lr)
{
	return lr->state == LEG_RETRY;
}

static bool
is_failed(const struct leg_run *lr)
{
	return lr->state == LEG_FAILED;
}

static bool
is_skipped(const struct leg_run *lr)
{
	return lr->state == LEG_SKIPPED;
}

/* Failures of an earlier START are tried again by this one, and do not count in it. */
static bool
is_old_failure(const struct run_step *rs, const struct leg_run *lr)
{
	return lr->state == LEG_FAILED && lr->seq < rs->round_seq;
}

static size_t
count_old(const struct run_step *rs, enum way way)
{
	size_t n = 0;

	for (size_t i = 0; i < rs->legs.list.len; i++)
		n += is_old_failure(rs, &rs->legs.list.at[i].way[way]);
	return n;
}

static bool
goes_on(const struct run_step *rs)
{
	return rs->going && rs->going_way == WAY_FORWARD &&
		count_legs(rs, WAY_FORWARD, is_failed) - count_old(rs, WAY_FORWARD) <=
		(size_t)rs->step->max_failures;
}

/* By the START that is under way: to do, or failed in an earlier one. */
static bool
is_next(const struct run_step *rs, int leg, enum way way)
{
	const struct leg_run *lr = &rs->legs.list.at[leg].way[way];

	return legs_may_begin(rs, leg, way) &&
		(lr->state == LEG_TODO || is_old_failure(rs, lr));
}

bool
legs_go_on(const struct run_step *rs)
{
	for (size_t i = 0; i < rs->legs.list.len; i++) {
		const struct leg_run *lr = &rs->legs.list.at[i].way[rs->going_way];

		if (legs_active(lr) || lr->state == LEG_RETRY ||
			is_next(rs, (int)i, rs->going_way))
			return true;
	}
	return false;
}

enum step_state
legs_state(const struct run_step *rs)
{
	size_t ok = count_legs(rs, WAY_FORWARD, legs_ok);
	size_t failed = count_legs(rs, WAY_FORWARD, is_failed);
	size_t skipped = count_legs(rs, WAY_FORWARD, is_skipped);
	bool todo = ok + failed + skipped - (rs->going ? count_old(rs, WAY_FORWARD) : 0) <
		rs->legs.list.len;

	if (any_leg(rs, is_unknown))
		return STEP_IS_UNKNOWN;
	if (any_leg(rs, legs_active) || any_leg(rs, is_retry))
		return STEP_IS_RUNNING;
	if (todo && goes_on(rs))
		return STEP_IS_RUNNING;
	/* An undo that failed leaves something nobody planned: not done, not undone. */
	if (failed || count_legs(rs, WAY_BACK, is_failed))
		return rs->step->on_failure == ON_FAILURE_ASK ? STEP_IS_NEEDS_PERSON
							      : STEP_IS_FAILED;
	if (!todo)
		return ok ? STEP_IS_DONE : STEP_IS_SKIPPED;
	return ok || skipped ? STEP_IS_NEEDS_PERSON : STEP_IS_TODO;
}

bool
legs_one_by_one(const struct run *r, int step, enum way way)
{
	const struct run_step *rs = &r->steps.list.at[step];
	enum risk risk = run_leg_risk(r, step, way);

	if (risk == RISK_SEVERE)
		return true;
	return risk == RISK_HARD && way == WAY_FORWARD && rs->step->confirm &&
		strstr(rs->step->confirm, "${host}");
}

bool
legs_may_begin(const struct run_step *rs, int leg, enum way way)
{
	const struct leg_run *lr = &rs->legs.list.at[leg].way[way];

	if (way == WAY_BACK && !legs_undoable(rs, leg))
		return false;
	if (rs->step->kind == STEP_WATCH && legs_ok(lr))
		return true; /* looked at once more */
	return lr->state == LEG_TODO || lr->state == LEG_FAILED || lr->state == LEG_RETRY;
}

/* Whoever only watches loses nothing by looking at the others first. */
static bool
passed_over(const struct run *r, int step, int leg, enum way way)
{
	return r->steps.list.at[step].step->kind == STEP_WATCH &&
		run_is_down(r, run_leg_target(r, step, leg, way));
}

/* The first leg that `may`, in the order of `way`; one that is passed over when there is no
 * other. */
static int
first_that(const struct run *r, int step, enum way way,
	bool (*may)(const struct run_step *rs, int leg, enum way way))
{
	const struct run_step *rs = &r->steps.list.at[step];
	int n = (int)rs->legs.list.len, over = NONE;

	for (int i = 0; i < n; i++) {
		int leg = way == WAY_BACK ? n - 1 - i : i;

		if (!may(rs, leg, way))
			continue;
		if (!passed_over(r, step, leg, way))
			return leg;
		if (over == NONE)
			over = leg;
	}
	return over;
}

int
legs_first(const struct run *r, int step, enum way way)
{
	return first_that(r, step, way, legs_may_begin);
}

/* How many legs may run at the same time. */
static size_t
abreast(const struct step *s, size_t legs)
{
	size_t n = 1;

	if (s->kind == STEP_WATCH)
		return legs;
	if (s->batch_pct > 0)
		n = legs * (size_t)s->batch_pct / 100;
	else if (s->serial > 0)
		n = (size_t)s->serial;
	return n ? n : 1;
}

/* A batch: one host first, then so many at a time, each when the last is through. */
static size_t
wave_of(const struct run_step *rs, int leg)
{
	if (rs->step->batch_pct <= 0 || leg == 0)
		return 0;
	return 1 + (size_t)(leg - 1) / abreast(rs->step, rs->legs.list.len);
}

static bool
earlier_wave_runs(const struct run_step *rs, int leg, enum way way)
{
	for (int i = 0; i < leg; i++)
		if (legs_active(&rs->legs.list.at[i].way[way]) &&
			wave_of(rs, i) < wave_of(rs, leg))
			return true;
	return false;
}

static bool
went_well(const struct leg_run *lr)
{
	return lr->state == LEG_OK || lr->state == LEG_WARN;
}

/* Of a batch one alone, whichever it is, until it went well on one host. */
static size_t
at_once(const struct run_step *rs, enum way way)
{
	if (way == WAY_BACK ||
		(rs->step->batch_pct > 0 && !count_legs(rs, way, went_well)))
		return 1;
	return abreast(rs->step, rs->legs.list.len);
}

/* Whatever its host is like now. */
static int
next_leg(const struct run *r, int step)
{
	const struct run_step *rs = &r->steps.list.at[step];
	enum way way = rs->going_way;
	size_t most = way == WAY_BACK ? 0 : (size_t)rs->step->max_failures;
	int leg;

	if (!rs->going || any_leg(rs, is_unknown) || any_leg(rs, is_retry))
		return NONE;
	if (count_legs(rs, way, is_failed) - count_old(rs, way) > most)
		return NONE;
	if (count_legs(rs, way, legs_active) >= at_once(rs, way))
		return NONE;
	leg = first_that(r, step, way, is_next);
	return leg != NONE && way == WAY_FORWARD && earlier_wave_runs(rs, leg, way) ? NONE
										    : leg;
}

/* What must be good before a host is looked at anew between two of them: was it? */
static bool
looked_between(const struct run_step *rs)
{
	size_t good = 0;

	if (!rs->step->before.list.len || rs->going_way == WAY_BACK)
		return true;
	for (size_t i = 0; rs->entered && i < rs->readings.list.len; i++) {
		const struct reading *g = &rs->readings.list.at[i];

		for (size_t k = 0; k < rs->step->before.list.len; k++)
			good += g->probe == rs->step->before.list.at[k] && g->seq >= 0 &&
				(g->verdict == VERDICT_OK || g->verdict == VERDICT_WARN);
	}
	return good >= rs->step->before.list.len;
}

/* A person decides about a host that is DOWN: leave it out, wait for it, or stop. */
static int
next_on_live_host(const struct run *r, int step)
{
	int leg = next_leg(r, step);
	enum way way = r->steps.list.at[step].going_way;

	return leg != NONE && run_is_down(r, run_leg_target(r, step, leg, way)) ? NONE
										: leg;
}

int
legs_next(const struct run *r, int step)
{
	int leg = next_on_live_host(r, step);

	return leg != NONE && looked_between(&r->steps.list.at[step]) ? leg : NONE;
}

bool
legs_wants_look(const struct run *r, int step)
{
	const struct run_step *rs = &r->steps.list.at[step];

	return !rs->entered && !looked_between(rs) && next_on_live_host(r, step) != NONE;
}

int
legs_held(const struct run *r, int step)
{
	int leg = next_leg(r, step);

	return leg != NONE && next_on_live_host(r, step) == NONE &&
			!any_leg(&r->steps.list.at[step], legs_active)
		? leg
		: NONE;
}

/* [a-z0-9_-]{1,32}, or 32 hex of its hash. */
static void
job_word(const char *s, struct str *out)
{
	char hex[DIGEST_HEX + 1];
	size_t len = strlen(s);

	if (len > 0 && len <= 32 &&
		strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_-") == len) {
		str_adds(out, s);
		return;
	}
	digest_hex(s, len, hex);
	str_add(out, hex, 32);
}

char *
legs_job(const struct run_step *rs, int leg, enum way way, int attempt)
{
	const struct leg *l = &rs->legs.list.at[leg];
	struct str step = STR_INIT, job = STR_INIT;

	str_addf(&step, "%s%s", way == WAY_BACK ? "undo-" : "", rs->step->id);
	for (size_t i = 0; l->each && i < rs->step->each.list.len; i++)
		if (strcmp(rs->step->each.list.at[i], l->each) == 0) {
			str_addf(&step, "-%zu", i + 1);
			break;
		}
	job_word(step.buf, &job);
	str_addc(&job, '.');
	job_word(l->host, &job);
	str_addf(&job, ".%d", attempt);
	str_release(&step);
	return str_take(&job);
}
