#include "view/view_run.h"

#include <string.h>

#include "base/stamp.h"
#include "run/armed.h"
#include "run/back.h"
#include "run/force.h"
#include "run/legs.h"
#include "run/redline.h"
#include "run/added.h"
#include "run/revised.h"
#include "run/second.h"
#include "run/timely.h"
#include "view/view_ask.h"

/* What runs, for how long, and what may be done now. */

const struct leg_run *
view_run_active_leg(const struct run_step *rs)
{
	for (size_t i = 0; i < rs->legs.list.len; i++)
		for (int w = 0; w < 2; w++)
			if (legs_active(&rs->legs.list.at[i].way[w]))
				return &rs->legs.list.at[i].way[w];
	return NULL;
}

bool
view_run_timer(const struct run *r, int step, struct wall now, struct str *out)
{
	const struct run_step *rs = &r->steps.list.at[step];
	const struct leg_run *lr = view_run_active_leg(rs);
	char gone[STAMP_BYTES], limit[STAMP_BYTES];

	if (lr) {
		struct wall from = lr->started.ms ? lr->started : lr->intended;
		int64_t ms = now.ms > from.ms ? now.ms - from.ms : 0;

		str_addf(out, "%s%s", run_late(r, step, now) ? "LATE " : "",
			stamp_duration(ms - ms % 1000, gone));
		if (rs->step->timeout_ms || rs->step->for_ms)
			str_addf(out, " of %s",
				stamp_duration(rs->step->timeout_ms ? rs->step->timeout_ms
								    : rs->step->for_ms,
					limit));
		return true;
	}
	for (size_t i = 0; i < rs->legs.list.len; i++) {
		const struct leg_run *one = &rs->legs.list.at[i].way[WAY_FORWARD];

		if (one->state == LEG_RETRY && one->retry_at.ms > now.ms) {
			str_addf(out, "retry in %d s",
				(int)((one->retry_at.ms - now.ms + 999) / 1000));
			return true;
		}
	}
	/* what has failed waits for a person, and that is not its time */
	if (!rs->entered || run_settled(rs) || rs->state == STEP_IS_FAILED ||
		rs->state == STEP_IS_UNKNOWN)
		return false;
	if (rs->until.ms > now.ms)
		str_addf(out, "%s left",
			stamp_duration((rs->until.ms - now.ms) / 1000 * 1000, limit));
	else if (rs->entered_at.ms && now.ms > rs->entered_at.ms)
		str_addf(out, "%s",
			stamp_duration((now.ms - rs->entered_at.ms) / 1000 * 1000, gone));
	return out->len > 0;
}

static bool
is_unknown(const struct run *r, int step)
{
	struct err e = ERR_INIT;

	return gate_allows(r, ACT_RESOLVE, step, &e);
}

/* A sign-off that hangs on what changed, and nobody has looked. */
static bool
looks_first(const struct run *r, int step)
{
	struct err e = ERR_INIT;

	return revised_state(&r->steps.list.at[step]) == REVISED_UNKNOWN &&
		gate_allows(r, ACT_START, step, &e);
}

const char *
view_run_act_word(const struct run *r, int step)
{
	struct err e = ERR_INIT;

	if (step < 0)
		return NULL;
	if (r->closed)
		return "leave the run";
	if (is_unknown(r, step))
		return "settle the outcome";
	switch (r->runbook->steps.list.at[step].kind) {
	case STEP_RUN:
	case STEP_SQL:
	case STEP_HTTP:
	case STEP_COPY:
		if (!gate_allows(r, ACT_START, step, &e))
			return NULL;
		if (r->steps.list.at[step].state == STEP_IS_FAILED)
			return "try again";
		return run_leg_risk(r, step, WAY_FORWARD) == RISK_NONE ? "look" : "act";
	case STEP_CHECK:
	case STEP_SOAK:
		return gate_allows(r, ACT_START, step, &e) ? "check" : NULL;
	case STEP_WATCH:
		if (!gate_allows(r, ACT_START, step, &e))
			return NULL;
		return r->steps.list.at[step].state == STEP_IS_TODO ? "watch"
								    : "watch again";
	case STEP_WAIT:
		return gate_allows(r, ACT_START, step, &e) ? "begin the wait" : NULL;
	case STEP_SCHEDULE:
		return gate_allows(r, ACT_START, step, &e) ? "put on the due list" : NULL;
	case STEP_NOTIFY:
		if (r->runbook->notifies)
			return gate_allows(r, ACT_START, step, &e) ? "tell them" : NULL;
		return gate_allows(r, ACT_TICK, step, &e) ? "tick" : NULL;
	case STEP_DO:
		return gate_allows(r, ACT_TICK, step, &e) ? "tick" : NULL;
	case STEP_CHOOSE:
		return gate_allows(r, ACT_CHOOSE, step, &e) ? "decide" : NULL;
	case STEP_ASK:
		return gate_allows(r, ACT_ANSWER, step, &e) ? "answer" : NULL;
	case STEP_SIGNOFF:
		if (gate_allows(r, ACT_SIGN, step, &e))
			return "sign";
		return looks_first(r, step) ? "look what changed" : NULL;
	default:
		return NULL;
	}
}

static bool
signs_waiting(const struct run *r, int step)
{
	struct err e = ERR_INIT;

	if (step >= 0 && second_needed(r, step, WAY_FORWARD) &&
		gate_allows(r, ACT_SIGN, step, &e))
		return true;
	for (size_t i = 0; i < r->steps.list.len; i++)
		if (r->steps.list.at[i].step->kind == STEP_SIGNOFF &&
			(gate_allows(r, ACT_SIGN, (int)i, &e) || looks_first(r, (int)i)))
			return true;
	return false;
}

static const char *
why_not_act(const struct run *r, int step, struct err *e)
{
	if (step < 0)
		return "no step is marked";
	if (r->runbook->steps.list.at[step].kind == STEP_SECTION ||
		r->runbook->steps.list.at[step].kind == STEP_CALL)
		return "this is a heading: mark one of its steps";
	return gate_allows(r, ACT_START, step, e) ? "the step has nothing left to do"
						  : e->msg;
}

static const char *
why_not(const struct run *r, enum act act, int step, struct err *e)
{
	return gate_allows(r, act, step, e) ? NULL : e->msg;
}

static const char *
why_not_by_hand(const struct run *r, int step)
{
	const struct step *s = step >= 0 ? r->steps.list.at[step].step : NULL;

	if (!s || s->kind == STEP_DO)
		return NULL;
	if (s->kind == STEP_WATCH && !s->expect)
		return view_run_was_watched(r, step)
			? NULL
			: "nobody has looked at it yet: watch it first";
	return "this step proves itself; skip has the ways round it";
}

bool
view_run_was_watched(const struct run *r, int step)
{
	const struct run_step *rs = &r->steps.list.at[step];

	for (size_t i = 0; rs->step->kind == STEP_WATCH && i < rs->legs.list.len; i++)
		if (rs->legs.list.at[i].way[WAY_FORWARD].attempt > 0)
			return true;
	return false;
}

static const char *
why_no_recheck(const struct run *r, int step, struct err *e)
{
	if (step < 0)
		return "no step is marked";
	if (!step_kind_looks(r->steps.list.at[step].step->kind))
		return "this step has no checks";
	return r->closed ? "the run is closed" : why_not(r, ACT_START, step, e);
}

static const char *
why_not_sign(const struct run *r, int step)
{
	return r->closed                 ? "the run is closed"
		: signs_waiting(r, step) ? NULL
					 : "no sign-off waits now";
}

/* What writes into the record; nothing of it where only looking is allowed. */
static void
deny_writing(const struct run *r, int step, struct keymap_can *can)
{
	struct err e = ERR_INIT;

	for (int a = 0; a < ACTION_COUNT; a++) {
		int gate = keymap_row(a)->gate;

		if (gate != KEYMAP_NO_GATE)
			keymap_deny(can, a,
				step < 0 ? "no step is marked"
					 : why_not(r, gate, step, &e));
	}
	/* one of its hosts may be left out while the others go on, or it holds there */
	if (step >= 0 && r->steps.list.at[step].legs.list.len > 1 &&
		gate_allows(r, ACT_LEAVE, step, &e))
		keymap_deny(can, ACTION_RUN_SKIP, NULL);
	/* others prove themselves, or are left out through `s` with a reason */
	if (why_not_by_hand(r, step)) {
		keymap_deny(can, ACTION_RUN_TICK, why_not_by_hand(r, step));
		keymap_deny(can, ACTION_RUN_FAILED, why_not_by_hand(r, step));
	}
	if (step >= 0 && r->steps.list.at[step].step->kind == STEP_WATCH) {
		can->word[ACTION_RUN_TICK] = "seen";
		can->word[ACTION_RUN_FAILED] = "not seen";
	}
	keymap_deny(can, ACTION_RUN_NOTE, why_not(r, ACT_NOTE, NONE, &e));
	keymap_deny(can, ACTION_RUN_HOLD, why_not(r, ACT_HOLD, NONE, &e));
	keymap_deny(can, ACTION_RUN_SIGN, why_not_sign(r, step));
	keymap_deny(can, ACTION_RUN_RECHECK, why_no_recheck(r, step, &e));
}

/* Who looks on may hold the run, add a note and sign; all else is the driver's. */
static void
deny_onlooker(const struct run *r, int step, struct keymap_can *can)
{
	static const enum action acts[] = {ACTION_RUN_TICK, ACTION_RUN_SKIP,
		ACTION_RUN_FAILED, ACTION_RUN_UNTICK, ACTION_RUN_RECHECK, ACTION_STOP};
	struct err e = ERR_INIT;

	for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
		keymap_deny(can, acts[i], "you look on: who drives the run does that");
	keymap_deny(can, ACTION_RUN_NOTE, why_not(r, ACT_NOTE, NONE, &e));
	keymap_deny(can, ACTION_RUN_HOLD, why_not(r, ACT_HOLD, NONE, &e));
	keymap_deny(can, ACTION_RUN_SIGN, why_not_sign(r, step));
	can->word[ACTION_RUN_HAND] = r->offer.stands ? "take the offer" : "take over";
}

static void
deny_readonly(struct keymap_can *can)
{
	static const enum action writing[] = {ACTION_RUN_TICK, ACTION_RUN_SKIP,
		ACTION_RUN_FAILED, ACTION_RUN_UNTICK, ACTION_RUN_NOTE, ACTION_RUN_HOLD,
		ACTION_RUN_SIGN, ACTION_RUN_RECHECK, ACTION_STOP};

	for (size_t i = 0; i < sizeof writing / sizeof *writing; i++)
		keymap_deny(can, writing[i], "read-only: nothing is recorded");
}

static const char *
why_not_force(const struct scene *sc, const struct run *r, int step)
{
	struct timely t = timely_of(r, sc->now.wall);
	struct err e = ERR_INIT;

	if (sc->readonly || r->closed)
		return r->closed ? "the run is closed" : "read-only: nothing is recorded";
	if (force_gate(r, step, sc->who, sc->now.wall, &e))
		return NULL;
	return t.forced ? "the change window was passed by force already"
			: "no change window is shut, and nobody else is waited for";
}

static const char *
why_not_arm(const struct scene *sc, const struct run *r)
{
	if (sc->readonly || r->closed)
		return r->closed ? "the run is closed" : "read-only: nothing is recorded";
	return armed_of(r, sc->now.wall).needed
		? NULL
		: "only a run in production is armed; this one can act";
}

static bool
wants_another_way(enum step_state s)
{
	return s == STEP_IS_FAILED || s == STEP_IS_NEEDS_PERSON || s == STEP_IS_UNKNOWN;
}

void
view_run_can(const struct scene *sc, const struct run_scene *rs,
	const struct run_state *st, struct keymap_can *can)
{
	const struct run *r = rs->run;
	int step = st->tree.id;
	struct err e = ERR_INIT;
	const char *act = view_run_act_word(r, step);
	bool closing = !r->closed && gate_allows(r, ACT_CLOSE, NONE, &e);

	if (sc->looks_on)
		deny_onlooker(r, step, can);
	else if (sc->readonly)
		deny_readonly(can);
	else
		deny_writing(r, step, can);
	keymap_deny(can, ACTION_RUN_HINT,
		r->mode != RUN_PRACTICE ? "hints are given in practice only"
			: sc->readonly  ? "read-only: nothing is recorded"
					: NULL);
	keymap_deny(can, ACTION_RUN_HAND,
		r->closed                               ? "the run is closed"
			: sc->readonly && !sc->looks_on ? "read-only: nothing is recorded"
			: sc->looks_on && !sc->far && !rs->dir
			? "the record is another account's: who goes on logs in as that one"
			: NULL);
	if (!sc->looks_on && r->offer.stands)
		can->word[ACTION_RUN_HAND] = "the offer";
	keymap_deny(can, ACTION_RUN_ACT,
		sc->looks_on && !r->closed ? "you look on: who drives the run does that"
			: sc->readonly && !r->closed ? "read-only: nothing is done"
			: act || closing             ? NULL
						     : why_not_act(r, step, &e));
	can->word[ACTION_RUN_ACT] = act ? act : closing ? "close the run" : NULL;
	can->word[ACTION_RUN_HOLD] = r->held ? "go on" : NULL;
	keymap_deny(can, ACTION_RUN_BACK,
		r->changed || back_has_steps(r)
			? NULL
			: "nothing has run yet that could be led back");
	keymap_deny(can, ACTION_RUN_ANSWER, sc->asks ? NULL : "nobody asks for anything");
	if (rs->broken && !sc->readonly && !r->closed && step >= 0) {
		keymap_deny(can, ACTION_RUN_RECHECK, NULL);
		can->word[ACTION_RUN_RECHECK] = "reconnect";
	}
	if (!can->not_now[ACTION_RUN_ACT] && step >= 0 &&
		(!timely_allows(r, step, WAY_FORWARD, sc->now.wall, &e) ||
			!armed_allows(r, step, WAY_FORWARD, sc->now.wall, &e)))
		can->word[ACTION_RUN_ACT] = "why not now";
	keymap_deny(can, ACTION_RUN_FORCE, why_not_force(sc, r, step));
	keymap_deny(can, ACTION_RUN_ARM, why_not_arm(sc, r));
	keymap_deny(can, ACTION_RUN_EDIT,
		sc->readonly                       ? "read-only: nothing is recorded"
			: step < 0                 ? "no step is marked"
			: redline_may(r, step, &e) ? NULL
						   : e.msg);
	keymap_deny(can, ACTION_RUN_ADD,
		sc->readonly               ? "read-only: nothing is recorded"
			: added_may(r, &e) ? NULL
					   : e.msg);
	keymap_deny(can, ACTION_RUN_END,
		sc->readonly      ? "read-only: nothing is recorded"
			: closing ? "all of it is settled: close it"
			: gate_allows(r, ACT_END, NONE, &e) ? NULL
							    : e.msg);
	keymap_deny(can, ACTION_RUN_INPUTS,
		sc->readonly        ? "read-only: nothing is recorded"
			: r->closed ? "the run is closed"
			: view_ask_inputs_at(r, 0) == NONE ? "the runbook has no inputs"
							   : NULL);
	/* said where it is wanted, and short: the way back stands beside it at 80 columns */
	if (step >= 0 && wants_another_way(run_step_state(r, step)))
		can->word[ACTION_RUN_ADD] = "add";
	can->word[ACTION_RUN_ARM] = armed_of(r, sc->now.wall).on ? "disarm" : NULL;
	keymap_deny(can, ACTION_RUN_RELOCATE,
		sc->readonly                 ? "read-only: nothing is recorded"
			: sc->journal_danger ? NULL
					     : "the disk of the record is well");
	can->word[ACTION_RUN_RELOCATE] = sc->journal_danger ? "move the record" : NULL;
	can->word[ACTION_STOP] = run_busy(r) ? "stop" : NULL;
	if (step >= 0 && run_step_state(r, step) == STEP_IS_FAILED)
		can->word[ACTION_RUN_DETAIL] = "output";
}
