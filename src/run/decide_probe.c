#include "run/decide_probe.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/stamp.h"
#include "model/moment.h"
#include "run/before.h"
#include "run/gate.h"
#include "run/revised.h"

enum {
	LOOK_AGAIN_MS = 2000,
	DAY_MS = 24 * 60 * 60 * 1000,
	BETWEEN_MS = 60 * 1000 /* what was just restarted may need a moment */
};

static bool
is_good(enum verdict v)
{
	return v == VERDICT_OK || v == VERDICT_WARN;
}

static bool
has(const struct ints *list, int n)
{
	for (size_t i = 0; i < list->list.len; i++)
		if (list->list.at[i] == n)
			return true;
	return false;
}

static void
look(struct decide_ctx *c, int step, int probe, int64_t delay_ms)
{
	decide_emit_effect(c,
		&(struct effect){.kind = EFFECT_PROBE,
			.step = step,
			.leg = NONE,
			.probe = probe,
			.delay_ms = delay_ms});
}

/* ---- checks --------------------------------------------------------------------------- */

bool
decide_probe_enter(struct decide_ctx *c, struct err *e)
{
	const struct step *s = &c->r->runbook->steps.list.at[c->q->step];
	struct decide_data d;

	decide_emit_begin(&d);
	jsonout_kint(&d.j, "within_ms", s->within_ms);
	if (!decide_emit_event(c, EVENT_STEP_ENTER, c->q->step, &d, e))
		return false;
	for (size_t i = 0; i < s->probes.list.len; i++)
		look(c, c->q->step, s->probes.list.at[i], 0);
	return true;
}

void
decide_probe_again(struct decide_ctx *c, int step)
{
	const struct run_step *rs = &c->r->steps.list.at[step];

	for (size_t i = 0; i < rs->step->probes.list.len; i++)
		if (!before_reading(rs, rs->step->probes.list.at[i]))
			look(c, step, rs->step->probes.list.at[i], 0);
}

static bool
result_of(struct decide_ctx *c, const char *name, int step, struct err *e)
{
	static const char *const ours[] = {"probe", "verdict", NULL};
	struct decide_data d;

	decide_emit_begin(&d);
	jsonout_kstr(&d.j, "probe", name);
	jsonout_kstr(&d.j, "verdict", verdict_name(c->q->verdict));
	if (c->q->data && !decide_emit_members(&d, c->q->data, ours, e)) {
		decide_emit_drop(&d);
		return false;
	}
	return decide_emit_event(c, EVENT_PROBE_RESULT, step, &d, e);
}

static bool
result(struct decide_ctx *c, struct err *e)
{
	return result_of(
		c, c->r->runbook->probes.list.at[c->q->probe].name, c->q->step, e);
}

/* Only the reading that decides is a fact: the first good one, or the one that is still
 * bad when the time is over. Any other asks for the next look. */
static bool
check_reading(struct decide_ctx *c, const struct run_step *rs, struct err *e)
{
	int64_t left = rs->until.ms - c->now.wall.ms;
	int64_t every = rs->step->every_ms > 0 ? rs->step->every_ms : LOOK_AGAIN_MS;

	if (rs->own != STEP_IS_RUNNING || before_reading(rs, c->q->probe))
		return true;
	if (is_good(c->q->verdict) || left <= 0)
		return result(c, e);
	look(c, c->q->step, c->q->probe, left < every ? left : every);
	return true;
}

/* ---- between two hosts ----------------------------------------------------------------- */

bool
decide_probe_between(struct decide_ctx *c, int step, struct err *e)
{
	const struct step *s = &c->r->runbook->steps.list.at[step];
	struct decide_data d;

	decide_emit_begin(&d);
	jsonout_kint(&d.j, "within_ms", BETWEEN_MS);
	jsonout_kstr(&d.j, "why", "before the next host");
	if (!decide_emit_event(c, EVENT_STEP_ENTER, step, &d, e))
		return false;
	for (size_t i = 0; i < s->before.list.len; i++)
		look(c, step, s->before.list.at[i], 0);
	return true;
}

static bool
between_reading(struct decide_ctx *c, const struct run_step *rs, struct err *e)
{
	int64_t left = rs->until.ms - c->now.wall.ms;

	if (before_reading(rs, c->q->probe))
		return true;
	if (is_good(c->q->verdict) || left <= 0)
		return result(c, e);
	look(c, c->q->step, c->q->probe, left < LOOK_AGAIN_MS ? left : LOOK_AGAIN_MS);
	return true;
}

/* ---- soaks ---------------------------------------------------------------------------- */

bool
decide_probe_soak(struct decide_ctx *c, int step, const char *why, struct err *e)
{
	const struct step *s = &c->r->runbook->steps.list.at[step];
	struct decide_data d;

	decide_emit_begin(&d);
	jsonout_kint(&d.j, "for_ms", s->for_ms);
	decide_emit_maybe(&d, "why", why);
	if (!decide_emit_event(c, EVENT_STEP_ENTER, step, &d, e))
		return false;
	for (size_t i = 0; i < s->probes.list.len; i++)
		look(c, step, s->probes.list.at[i], 0);
	for (size_t i = 0; i < s->aborts.list.len; i++)
		if (!has(&s->probes, s->aborts.list.at[i]))
			look(c, step, s->aborts.list.at[i], 0);
	return true;
}

/* It has held so far when nothing was bad; it has held when that is still so at the end. A
 * probe may be bad now and then if it says so (steady, of); one of `abort` may not. */
static bool
soak_reading(struct decide_ctx *c, const struct run_step *rs, struct err *e)
{
	const struct step *s = rs->step;
	const struct probe *p = &c->r->runbook->probes.list.at[c->q->probe];
	int64_t left = rs->until.ms - c->now.wall.ms;
	int64_t every = run_soak_every_ms(s);
	int steady = p->steady > 1 && !has(&s->aborts, c->q->probe) ? p->steady : 1;
	char why[96], gap[STAMP_BYTES];

	if (rs->own != STEP_IS_RUNNING || before_reading(rs, c->q->probe))
		return true;
	if (c->q->unwatched_ms > 0) {
		snprintf(why, sizeof why, "nobody looked for %s: its time starts again",
			stamp_duration(c->q->unwatched_ms, gap));
		return decide_probe_soak(c, c->q->step, why, e);
	}
	/* One look, and that at the end, is no watch over a time that has room for more. */
	if (is_good(c->q->verdict) && left <= 0 && c->q->looks <= 1 && s->for_ms > every)
		return decide_probe_soak(c, c->q->step,
			"a single look does not cover its time, which starts again", e);
	if (is_good(c->q->verdict) ? left <= 0 : c->q->bad >= steady)
		return result(c, e);
	look(c, c->q->step, c->q->probe, left > 0 && left < every ? left : every);
	return true;
}

/* ---- what changed between two revisions --------------------------------------------------- */

void
decide_probe_look_revised(struct decide_ctx *c, int step)
{
	look(c, step, revised_probe(&c->r->runbook->steps.list.at[step]), 0);
}

bool
decide_probe_look_stale(struct decide_ctx *c)
{
	bool any = false;

	for (size_t i = 0; i < c->r->steps.list.len; i++)
		if (revised_stale(c->r, (int)i, c->now.wall)) {
			decide_probe_look_revised(c, (int)i);
			any = true;
		}
	return any;
}

bool
decide_probe_revised(struct decide_ctx *c, struct err *e)
{
	char *asked = revised_asked(c->r, c->q->step, e);

	if (!asked)
		return false;
	mem_free(asked);
	decide_probe_look_revised(c, c->q->step);
	return true;
}

/* What was looked at with other revisions than those of now is looked at again. */
static bool
revised_reading(struct decide_ctx *c, const struct run_step *rs, struct err *e)
{
	struct err no = ERR_INIT;
	char *asked = revised_asked(c->r, c->q->step, &no);
	bool same = str_eq(asked, c->q->name);

	mem_free(asked);
	if (revised_passed_over(rs))
		return true;
	if (same)
		return result(c, e);
	if (asked)
		look(c, c->q->step, c->q->probe, 0);
	return true;
}

bool
decide_probe_reading(struct decide_ctx *c, struct err *e)
{
	const struct run_step *rs = &c->r->steps.list.at[c->q->step];

	if (c->q->probe == revised_probe(rs->step))
		return revised_reading(c, rs, e);

	if (rs->step->kind == STEP_SOAK &&
		(has(&rs->step->probes, c->q->probe) ||
			has(&rs->step->aborts, c->q->probe)))
		return soak_reading(c, rs, e);
	if (rs->step->kind == STEP_CHECK && has(&rs->step->probes, c->q->probe))
		return check_reading(c, rs, e);
	if (step_kind_acts(rs->step->kind) && has(&rs->step->before, c->q->probe) &&
		!run_settled(rs))
		return rs->entered ? between_reading(c, rs, e) : result(c, e);
	return true;
}

/* What was bad a moment ago is refused; what was bad before that is looked at again, because
 * somebody may have mended it. */
enum decide_probe
decide_probe_before(struct decide_ctx *c, struct err *e)
{
	const struct run_step *rs = &c->r->steps.list.at[c->q->step];
	bool ready = true;

	for (size_t i = 0; i < rs->step->before.list.len; i++) {
		int probe = rs->step->before.list.at[i];
		const struct reading *g = before_reading(rs, probe);

		if (g && !is_good(g->verdict) &&
			!before_older(g, c->now.wall, BEFORE_AGAIN_MS)) {
			err_set(e, ERR_REFUSED, "%s must be good before: it is %s%s%s",
				c->r->runbook->probes.list.at[probe].name,
				verdict_name(g->verdict), g->message ? ", " : "",
				g->message ? g->message : "");
			return DECIDE_PROBE_REFUSED;
		}
		if (!g || !is_good(g->verdict) ||
			before_older(g, c->now.wall, BEFORE_FRESH_MS)) {
			look(c, c->q->step, probe, 0);
			ready = false;
		}
	}
	return ready ? DECIDE_PROBE_READY : DECIDE_PROBE_LOOKING;
}

bool
decide_probe_look(struct decide_ctx *c, struct err *e)
{
	const struct run_step *rs = &c->r->steps.list.at[c->q->step];

	if (revised_told(rs)) {
		decide_probe_look_revised(c, c->q->step);
		return true;
	}
	if (!gate_allows(c->r, ACT_START, c->q->step, e))
		return false;
	decide_probe_look_stale(c);
	for (size_t i = 0; i < rs->step->before.list.len; i++) {
		const struct reading *g = before_reading(rs, rs->step->before.list.at[i]);

		if (!g || before_older(g, c->now.wall, BEFORE_AGAIN_MS))
			look(c, c->q->step, rs->step->before.list.at[i], 0);
	}
	return true;
}

/* ---- the board ------------------------------------------------------------------------- */

bool
decide_probe_turned(struct decide_ctx *c, struct err *e)
{
	return result_of(c, c->q->name, NONE, e);
}

bool
decide_probe_snapshot(struct decide_ctx *c, struct err *e)
{
	struct decide_data d;

	decide_emit_begin(&d);
	jsonout_key(&d.j, "probes");
	jsonout_raw(&d.j, c->q->data);
	return decide_emit_event(c, EVENT_SNAPSHOT, NONE, &d, e);
}

bool
decide_probe_mute(struct decide_ctx *c, struct err *e)
{
	struct decide_data d;

	if (!gate_allows(c->r, ACT_NOTE, NONE, e))
		return false;
	if (c->q->until_ms && !decide_emit_said(c->q->reason))
		return err_set(e, ERR_INPUT, "a probe is muted with a reason");
	decide_emit_begin(&d);
	jsonout_kstr(&d.j, "probe", c->q->name);
	if (c->q->until_ms) {
		decide_emit_time(&d, "until", (struct wall){c->q->until_ms});
	} else {
		jsonout_key(&d.j, "until");
		jsonout_null(&d.j);
	}
	jsonout_kstr(&d.j, "reason", c->q->until_ms ? c->q->reason : NULL);
	return decide_emit_event(c, EVENT_PROBE_MUTE, NONE, &d, e);
}

/* ---- waits ---------------------------------------------------------------------------- */

static bool
wait_end(
	const struct decide_ctx *c, const struct step *s, struct wall *out, struct err *e)
{
	struct moment m;
	char *text;
	bool ok;

	if (!s->wait_until) {
		out->ms = c->now.wall.ms + s->wait_ms;
		return true;
	}
	text = run_expand(c->r, s, s->wait_until, NULL, e);
	if (!text)
		return false;
	ok = moment_read(text, &c->r->runbook->windows, c->now.wall, &m, e);
	*out = m.at;
	mem_free(text);
	return ok;
}

bool
decide_probe_wait(struct decide_ctx *c, struct err *e)
{
	const struct step *s = &c->r->runbook->steps.list.at[c->q->step];
	struct decide_data d;
	struct wall until;

	if (!wait_end(c, s, &until, e))
		return false;
	decide_emit_begin(&d);
	decide_emit_time(&d, "until", until);
	return decide_emit_event(c, EVENT_STEP_ENTER, c->q->step, &d, e);
}

bool
decide_probe_wait_over(struct decide_ctx *c, int step, struct err *e)
{
	const struct run_step *rs = &c->r->steps.list.at[step];
	int64_t took = c->now.wall.ms - rs->entered_at.ms;
	struct decide_data d;

	decide_emit_begin(&d);
	jsonout_key(&d.j, "exit");
	jsonout_null(&d.j);
	jsonout_kint(&d.j, "took_ms", took > 0 ? took : 0);
	jsonout_kstr(&d.j, "verdict", verdict_name(VERDICT_OK));
	return decide_emit_event(c, EVENT_STEP_DONE, step, &d, e);
}
