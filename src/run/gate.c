#include "run/gate.h"

#include <stdio.h>

#include "base/text.h"
#include "run/added.h"
#include "run/back.h"
#include "run/legs.h"
#include "run/progress.h"
#include "run/revised.h"
#include "run/second.h"
#include "run/voided.h"

enum { LABEL_CELLS = 60 };

/* `step 3.2 "Stop the writers"`, short enough for a sentence. */
struct label {
	char text[LABEL_CELLS * 8];
};

static struct label
label(const struct run *r, int step)
{
	const struct step *s = &r->runbook->steps.list.at[step];
	struct label l = {{0}};
	size_t n = text_fit(s->title, LABEL_CELLS);

	if (n > LABEL_CELLS * 4)
		n = 0;
	snprintf(l.text, sizeof l.text, "step %.20s \"%.*s\"",
		s->number ? s->number : s->id, (int)n, s->title);
	return l;
}

bool
gate_order(const struct run *r, int step, struct err *e)
{
	int by = progress_blocker(r, step);

	if (by == NONE)
		return true;
	return err_set(e, ERR_STATE, "%s comes first: it is %s", label(r, by).text,
		run_step_state_name(run_step_state(r, by)));
}

static bool
busy_or_unknown(const struct run *r, int step, struct err *e)
{
	enum step_state s = r->steps.list.at[step].own;

	if (s == STEP_IS_RUNNING)
		return err_set(e, ERR_STATE, "%s is running", label(r, step).text);
	if (s == STEP_IS_UNKNOWN)
		return err_set(e, ERR_STATE,
			"nobody knows what became of %s: settle its outcome first",
			label(r, step).text);
	return true;
}

/* It changes nothing: a person may end it at any time. */
static bool
only_waits(const struct step *s)
{
	return s->kind == STEP_WAIT || s->kind == STEP_WATCH || step_kind_looks(s->kind);
}

static bool
settled_already(const struct run *r, int step, struct err *e)
{
	const struct run_step *rs = &r->steps.list.at[step];

	if (!run_settled(rs))
		return true;
	return err_set(e, ERR_STATE, "%s is %s already", label(r, step).text,
		run_step_state_name(rs->state));
}

static bool
not_held(const struct run *r, struct err *e)
{
	if (!r->held)
		return true;
	return err_set(e, ERR_REFUSED, "the run is held by %s%s%s: nothing new starts",
		r->held_by ? r->held_by : "?", r->hold_reason ? ": " : "",
		r->hold_reason ? r->hold_reason : "");
}

static bool
has_its_host(const struct run *r, int step, struct err *e)
{
	const char *gone = r->steps.list.at[step].step->host_gone;

	return !gone ||
		err_set(e, ERR_REFUSED,
			"%s was added for the host %s, which the runbook no longer has: it does not start",
			label(r, step).text, gone);
}

static bool
may_start(const struct run *r, int step, struct err *e)
{
	enum step_kind k = r->runbook->steps.list.at[step].kind;

	if (!has_its_host(r, step, e))
		return false;

	if (!step_kind_has_legs(k) && !step_kind_looks(k) && k != STEP_WAIT &&
		k != STEP_SCHEDULE && k != STEP_NOTIFY &&
		revised_probe(&r->runbook->steps.list.at[step]) == NONE)
		return err_set(
			e, ERR_INPUT, "%s is not one to start", label(r, step).text);
	if (k == STEP_NOTIFY && !r->runbook->notifies)
		return err_set(e, ERR_STATE,
			"handrail.yaml names nobody to tell (notify:): tell them, and tick %s",
			label(r, step).text);
	return not_held(r, e) && busy_or_unknown(r, step, e) &&
		settled_already(r, step, e) && added_turn(r, step, e) &&
		gate_order(r, step, e);
}

static bool
may_go_back(const struct run *r, int step, struct err *e)
{
	const struct run_step *rs = &r->steps.list.at[step];

	if (!not_held(r, e) || !busy_or_unknown(r, step, e) || !has_its_host(r, step, e))
		return false;
	for (size_t i = 0; i < rs->legs.list.len; i++)
		if (legs_undoable(rs, (int)i))
			return true;
	if (rs->step->irreversible)
		return err_set(e, ERR_REFUSED, "%s cannot be undone: %s",
			label(r, step).text, rs->step->irreversible);
	if (!rs->step->undo.text)
		return err_set(e, ERR_REFUSED, "%s has no way back", label(r, step).text);
	return err_set(
		e, ERR_STATE, "there is nothing of %s to undo", label(r, step).text);
}

/* Which marks fit: decide looks at the mark itself. */
static bool
may_tick(const struct run *r, int step, struct err *e)
{
	const struct step *s = &r->runbook->steps.list.at[step];

	if (!has_its_host(r, step, e))
		return false;
	if (progress_is_heading(s))
		return err_set(e, ERR_INPUT, "%s is a heading", label(r, step).text);
	if (s->kind == STEP_SIGNOFF)
		return err_set(
			e, ERR_REFUSED, "%s is signed, not ticked", label(r, step).text);
	if (s->kind == STEP_CHOOSE)
		return err_set(
			e, ERR_INPUT, "%s is decided, not ticked", label(r, step).text);
	return only_waits(s) ? settled_already(r, step, e)
			     : busy_or_unknown(r, step, e) && settled_already(r, step, e);
}

static bool
may_skip(const struct run *r, int step, struct err *e)
{
	const struct step *s = &r->runbook->steps.list.at[step];

	if (progress_is_heading(s))
		return err_set(e, ERR_INPUT, "%s is a heading", label(r, step).text);
	if (s->kind == STEP_SIGNOFF)
		return err_set(e, ERR_REFUSED,
			"a sign-off is not skipped: somebody signs %s or declines",
			label(r, step).text);
	if (s->kind == STEP_CHOOSE)
		return err_set(e, ERR_REFUSED,
			"%s must be decided: later steps hang on it",
			label(r, step).text);
	return only_waits(s) ? settled_already(r, step, e)
			     : busy_or_unknown(r, step, e) && settled_already(r, step, e);
}

static bool
may_choose(const struct run *r, int step, struct err *e)
{
	if (r->runbook->steps.list.at[step].kind != STEP_CHOOSE)
		return err_set(
			e, ERR_INPUT, "%s has nothing to decide", label(r, step).text);
	return settled_already(r, step, e) && gate_order(r, step, e);
}

static bool
may_answer(const struct run *r, int step, struct err *e)
{
	if (r->runbook->steps.list.at[step].kind != STEP_ASK)
		return err_set(e, ERR_INPUT, "%s asks for nothing", label(r, step).text);
	return settled_already(r, step, e) && gate_order(r, step, e);
}

static bool
may_sign(const struct run *r, int step, struct err *e)
{
	if (second_needed(r, step, WAY_FORWARD))
		return may_start(r, step, e);
	if (r->runbook->steps.list.at[step].kind != STEP_SIGNOFF)
		return err_set(e, ERR_INPUT, "%s is not a sign-off", label(r, step).text);
	return settled_already(r, step, e) && gate_order(r, step, e) &&
		revised_allows(r, step, e);
}

static bool
may_cancel(const struct run *r, int step, struct err *e)
{
	if (r->steps.list.at[step].own == STEP_IS_RUNNING)
		return true;
	return err_set(e, ERR_STATE, "nothing of %s is running", label(r, step).text);
}

static bool
may_resolve(const struct run *r, int step, struct err *e)
{
	const struct run_step *rs = &r->steps.list.at[step];

	for (size_t i = 0; i < rs->legs.list.len; i++)
		if (rs->legs.list.at[i].way[WAY_FORWARD].state == LEG_UNKNOWN ||
			rs->legs.list.at[i].way[WAY_BACK].state == LEG_UNKNOWN)
			return true;
	return err_set(e, ERR_STATE, "no outcome of %s is unknown", label(r, step).text);
}

static bool
may_untick(const struct run *r, int step, struct err *e)
{
	const struct run_step *rs = &r->steps.list.at[step];

	if (!rs->ticked && !rs->skipped)
		return err_set(
			e, ERR_STATE, "%s has no mark to take back", label(r, step).text);
	if (voided_covered(r, rs->marked_seq))
		return err_set(e, ERR_REFUSED, "a sign-off covers the mark of %s already",
			label(r, step).text);
	return true;
}

/* A host is left out before it has begun there, or when it went wrong. */
static bool
may_leave(const struct run *r, int step, struct err *e)
{
	const struct run_step *rs = &r->steps.list.at[step];

	if (!rs->legs.list.len)
		return err_set(e, ERR_INPUT, "%s has no hosts", label(r, step).text);
	if (rs->own == STEP_IS_UNKNOWN)
		return busy_or_unknown(r, step, e);
	return settled_already(r, step, e) && gate_order(r, step, e);
}

static bool
may_go_back_all(const struct run *r, struct err *e)
{
	if (!not_held(r, e))
		return false;
	if (run_busy(r))
		return err_set(e, ERR_STATE,
			"something is still running: stop it, or wait for its end");
	if (r->back.state == BACK_ON && (r->back.going || r->back.how == BACK_STEPS))
		return err_set(e, ERR_STATE, "the run is being led back already");
	if (!r->changed && !back_has_steps(r))
		return err_set(e, ERR_STATE, "nothing has run yet");
	return true;
}

static bool
may_end_back(const struct run *r, struct err *e)
{
	if (r->back.state != BACK_ON)
		return err_set(e, ERR_STATE, "the run is not being led back");
	return !run_busy(r) || err_set(e, ERR_STATE, "something is still running");
}

/* While a run is led back nothing leads on, and what leads back waits for that decision. */
static bool
right_direction(const struct run *r, enum act act, int step, struct err *e)
{
	static const bool leads_on[ACT_CLOSE + 1] = {[ACT_START] = true,
		[ACT_TICK] = true,
		[ACT_SKIP] = true,
		[ACT_CHOOSE] = true,
		[ACT_SIGN] = true,
		[ACT_ANSWER] = true,
		[ACT_LEAVE] = true};

	if (!leads_on[act])
		return true;
	if (r->back.state == BACK_OVER)
		return err_set(e, ERR_REFUSED,
			"the run was led back: close it, and begin a new one");
	if (back_is_step(r, step) != back_by_steps(r))
		return err_set(e, ERR_REFUSED, "%s",
			back_by_steps(r)
				? "the run is being led back by its steps"
				: "this belongs to the way back, which begins by words of its own");
	if (r->back.state == BACK_ON && r->back.how == BACK_UNDO)
		return err_set(e, ERR_REFUSED,
			"the run is being led back: go on with that, or end it first");
	return true;
}

static bool
may_close(const struct run *r, struct err *e)
{
	int open;

	if (run_busy(r))
		return err_set(e, ERR_STATE, "something is still running");
	if (run_outcome(r))
		return true;
	if (r->back.state == BACK_ON && r->back.how == BACK_UNDO)
		return err_set(e, ERR_STATE, "the run is half way back");
	open = run_next_open(r, 0);
	return err_set(e, ERR_STATE, "%s is open: it is %s",
		open == NONE ? "a step" : label(r, open).text,
		open == NONE ? "not settled"
			     : run_step_state_name(run_step_state(r, open)));
}

/* What nobody knows is settled before, and a way back ends by itself or by its own words. */
static bool
may_end(const struct run *r, struct err *e)
{
	if (run_busy(r))
		return err_set(e, ERR_STATE, "something is still running");
	for (size_t i = 0; i < r->steps.list.len; i++)
		if (r->steps.list.at[i].step->kind != STEP_SECTION &&
			r->steps.list.at[i].step->kind != STEP_CALL &&
			run_step_state(r, (int)i) == STEP_IS_UNKNOWN)
			return err_set(e, ERR_REFUSED,
				"nobody knows yet what became of %s: settle that first",
				label(r, (int)i).text);
	if (r->back.state == BACK_ON)
		return err_set(e, ERR_STATE, "the run is half way back: end that first");
	return true;
}

typedef bool step_gate(const struct run *r, int step, struct err *e);

static step_gate *const gates[] = {
	[ACT_START] = may_start,
	[ACT_TICK] = may_tick,
	[ACT_UNTICK] = may_untick,
	[ACT_SKIP] = may_skip,
	[ACT_CHOOSE] = may_choose,
	[ACT_CANCEL] = may_cancel,
	[ACT_RESOLVE] = may_resolve,
	[ACT_SIGN] = may_sign,
	[ACT_ANSWER] = may_answer,
	[ACT_BACK] = may_go_back,
	[ACT_LEAVE] = may_leave,
	[ACT_CLOSE] = NULL,
};

bool
gate_allows(const struct run *r, enum act act, int step, struct err *e)
{
	if (r->closed)
		return err_set(e, ERR_STATE, "the run is over");
	if (!r->open)
		return err_set(e, ERR_STATE, "the run has not begun");
	if (r->released)
		return err_set(e, ERR_STATE, "the run was handed over%s%s: %s",
			r->released_to ? " to " : "",
			r->released_to ? r->released_to : "",
			"nothing is done before it is taken");
	if (act == ACT_CLOSE)
		return may_close(r, e);
	if (act == ACT_END)
		return may_end(r, e);
	if (act == ACT_BACK_ALL)
		return may_go_back_all(r, e);
	if (act == ACT_BACK_END)
		return may_end_back(r, e);
	if (act == ACT_HOLD || act == ACT_GO || act == ACT_NOTE || act == ACT_OFFER)
		return true;
	if (step < 0 || (size_t)step >= r->steps.list.len)
		return err_set(e, ERR_INPUT, "there is no such step");
	return right_direction(r, act, step, e) && gates[act](r, step, e);
}
