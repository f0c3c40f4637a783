#include "run/decide_run.h"

#include <string.h>

#include "run/armed.h"
#include "run/decide_arm.h"
#include "run/decide_back.h"
#include "run/decide_drive.h"
#include "run/decide_duty.h"
#include "run/decide_leg.h"
#include "run/decide_probe.h"
#include "run/gate.h"
#include "run/legs.h"
#include "run/run_deadline.h"
#include "run/revised.h"
#include "run/timely.h"

static const char *const nothing[] = {NULL};

bool
decide_run_open(struct decide_ctx *c, struct err *e)
{
	struct decide_data d;

	if (c->r->open || c->r->closed)
		return err_set(e, ERR_STATE, "the run has begun already");
	decide_emit_begin(&d);
	if (!decide_emit_members(&d, c->q->data ? c->q->data : "{}", nothing, e)) {
		decide_emit_drop(&d);
		return false;
	}
	return decide_emit_event(c, EVENT_RUN_OPEN, NONE, &d, e);
}

static void
ask_for(struct decide_ctx *c, enum effect_kind kind, const struct effect *which)
{
	struct effect fx = *which;

	fx.kind = kind;
	decide_emit_effect(c, &fx);
}

/* A look changes nothing, so nobody has to find out what became of it. A watch goes on, with
 * a gap, because somebody looks at it; one that was to end has ended with the console. */
static bool
resume_look(struct decide_ctx *c, const struct effect *which, struct err *e)
{
	const struct run_step *rs = &c->r->steps.list.at[which->step];
	const struct leg *l = &rs->legs.list.at[which->leg];
	const struct leg_run *lr = &l->way[which->way];
	struct decide_data d;

	if (rs->step->kind == STEP_WATCH && lr->state != LEG_CANCELLING) {
		ask_for(c, EFFECT_ASK, which);
		return true;
	}
	decide_emit_begin(&d);
	decide_emit_leg(&d, l, which->way, lr->attempt);
	jsonout_kstr(&d.j, "state", "look");
	jsonout_kstr(&d.j, "why", "the console ended during this look");
	return decide_emit_event(c, EVENT_STEP_UNKNOWN, which->step, &d, e);
}

static bool
resume_leg(struct decide_ctx *c, int step, int leg, enum way way, struct err *e)
{
	const struct leg_run *lr = &c->r->steps.list.at[step].legs.list.at[leg].way[way];
	struct effect which = {.step = step,
		.leg = leg,
		.attempt = lr->attempt,
		.way = way,
		.probe = NONE};

	/* What nobody knew may be known today: a host that was elsewhere, a password that
	 * nobody gave. Where it is not, the outcome stays as unknown as it was. */
	if (!legs_active(lr) && (lr->state != LEG_UNKNOWN || lr->judged))
		return true;
	if (lr->look)
		return resume_look(c, &which, e);
	ask_for(c, EFFECT_ASK, &which);
	/* Asked to stop, and nobody knows whether the host has heard it. */
	if (lr->state == LEG_CANCELLING)
		ask_for(c, EFFECT_CANCEL, &which);
	return true;
}

/* What ran there cannot be asked for, nor taken back. */
static bool
hosts_are_there(const struct run *r, struct err *e)
{
	for (size_t i = 0; i < r->steps.list.len; i++) {
		const struct run_step *rs = &r->steps.list.at[i];

		if (rs->step->host_gone && !rs->skipped)
			return err_set(e, ERR_REFUSED,
				"step %s was added for the host %s, which the runbook no longer "
				"has: give it back that name",
				rs->step->id, rs->step->host_gone);
	}
	return true;
}

bool
decide_run_resume(struct decide_ctx *c, struct err *e)
{
	struct decide_data d;

	if (!c->r->open)
		return err_set(e, ERR_STATE, "the run is %s",
			c->r->closed ? "over" : "not begun");
	if (!hosts_are_there(c->r, e) || !decide_drive_taken(c, e))
		return false;
	decide_emit_begin(&d);
	if (!decide_emit_members(&d, c->q->data ? c->q->data : "{}", nothing, e)) {
		decide_emit_drop(&d);
		return false;
	}
	if (!decide_emit_event(c, EVENT_RUN_RESUME, NONE, &d, e))
		return false;
	for (size_t i = 0; i < c->r->steps.list.len; i++) {
		const struct run_step *rs = &c->r->steps.list.at[i];

		for (size_t k = 0; k < rs->legs.list.len; k++)
			if (!resume_leg(c, (int)i, (int)k, WAY_FORWARD, e) ||
				!resume_leg(c, (int)i, (int)k, WAY_BACK, e))
				return false;
		if (rs->step->kind == STEP_CHECK && rs->own == STEP_IS_RUNNING)
			decide_probe_again(c, (int)i);
		if (revised_told(rs))
			decide_probe_look_revised(c, (int)i);
		if (rs->step->kind == STEP_SOAK && rs->own == STEP_IS_RUNNING &&
			!decide_probe_soak(c, (int)i,
				"the console was away: its time starts again", e))
			return false;
	}
	return true;
}

/* About the record or the clock, not about the work: no rule forbids it while the run is
 * open. */
static bool
tell(struct decide_ctx *c, enum event_type type, struct err *e)
{
	struct decide_data d;

	if (!c->r->open)
		return err_set(e, ERR_STATE, "the run is %s",
			c->r->closed ? "over" : "not begun");
	decide_emit_begin(&d);
	if (!decide_emit_members(&d, c->q->data ? c->q->data : "{}", nothing, e)) {
		decide_emit_drop(&d);
		return false;
	}
	return decide_emit_event(c, type, NONE, &d, e);
}

bool
decide_run_relocated(struct decide_ctx *c, struct err *e)
{
	return tell(c, EVENT_JOURNAL_RELOCATED, e);
}

bool
decide_run_jumped(struct decide_ctx *c, struct err *e)
{
	return tell(c, EVENT_CLOCK_JUMP, e);
}

bool
decide_run_hold(struct decide_ctx *c, struct err *e)
{
	struct decide_data d;

	if (!gate_allows(c->r, ACT_HOLD, NONE, e))
		return false;
	if (c->r->held)
		return true;
	decide_emit_begin(&d);
	decide_emit_maybe(&d, "reason", c->q->reason);
	decide_emit_maybe(&d, "account", c->q->account);
	return decide_emit_event(c, EVENT_RUN_HOLD, NONE, &d, e);
}

bool
decide_run_go(struct decide_ctx *c, struct err *e)
{
	struct decide_data d;

	if (!gate_allows(c->r, ACT_GO, NONE, e))
		return false;
	if (!c->r->held)
		return true;
	decide_emit_begin(&d);
	decide_emit_maybe(&d, "account", c->q->account);
	return decide_emit_event(c, EVENT_RUN_GO, NONE, &d, e);
}

/* Who reads the record finds the reason beside the end. */
static bool
noted_why(struct decide_ctx *c, struct err *e)
{
	struct str text = STR_INIT;
	struct decide_data d;

	if (!decide_emit_said(c->q->reason))
		return err_set(e, ERR_INPUT, "say why it ends here");
	str_addf(&text, "ended unfinished: %s", c->q->reason);
	decide_emit_begin(&d);
	jsonout_kstr(&d.j, "text", text.buf);
	str_release(&text);
	return decide_emit_event(c, EVENT_NOTE, NONE, &d, e);
}

bool
decide_run_close(struct decide_ctx *c, struct err *e)
{
	bool stop = c->q->text && strcmp(c->q->text, "stop") == 0;
	const char *result = run_outcome(c->r);
	struct decide_data d;

	if (!gate_allows(c->r, stop ? ACT_END : ACT_CLOSE, NONE, e))
		return false;
	if (stop && !noted_why(c, e))
		return false;
	if (!stop && decide_probe_look_stale(c))
		return true; /* it closes when asked again, if that still holds */
	if (!stop && str_eq(result, "ok") && decide_emit_said(c->q->reason) &&
		timely_release(c->r))
		return err_set(e, ERR_REFUSED,
			"it closes after the review of what was passed by force: %s",
			c->q->reason);
	if (str_eq(result, "ok") && !decide_duty_closed(c, e))
		return false;
	if (!decide_back_closed(c, result, e))
		return false;
	decide_emit_begin(&d);
	jsonout_kstr(&d.j, "result", stop && !result ? "stopped" : result);
	if (str_eq(result, "ok"))
		revised_left_out(c->r, &d.j);
	return decide_emit_event(c, EVENT_RUN_CLOSE, NONE, &d, e);
}

bool
decide_run_anchored(struct decide_ctx *c, struct err *e)
{
	return c->r->closed || tell(c, EVENT_ANCHOR, e);
}

bool
decide_run_authority(struct decide_ctx *c, struct err *e)
{
	return c->r->closed || tell(c, EVENT_AUTHORITY, e);
}

bool
decide_run_backend(struct decide_ctx *c, struct err *e)
{
	struct decide_data d;

	if (!gate_allows(c->r, ACT_NOTE, NONE, e))
		return false;
	decide_emit_begin(&d);
	jsonout_kstr(&d.j, "name", c->q->name);
	jsonout_kstr(&d.j, "state", c->q->text);
	decide_emit_maybe(&d, "why", c->q->reason);
	return decide_emit_event(c, EVENT_BACKEND_STATE, NONE, &d, e);
}

/* Done as soon as it is on record: who is told, and whether they heard, delays nobody. */
static bool
told(struct decide_ctx *c, struct err *e)
{
	struct decide_data d;

	decide_emit_begin(&d);
	jsonout_key(&d.j, "exit");
	jsonout_null(&d.j);
	jsonout_kint(&d.j, "took_ms", 0);
	jsonout_kstr(&d.j, "verdict", verdict_name(VERDICT_OK));
	return decide_emit_event(c, EVENT_STEP_DONE, c->q->step, &d, e);
}

bool
decide_run_start(struct decide_ctx *c, struct err *e)
{
	const struct step *s = &c->r->runbook->steps.list.at[c->q->step];

	if (!gate_allows(
		    c->r, c->q->way == WAY_BACK ? ACT_BACK : ACT_START, c->q->step, e))
		return false;
	if (s->kind == STEP_SIGNOFF)
		return decide_probe_revised(c, e);
	if (c->q->way == WAY_FORWARD && decide_probe_look_stale(c))
		return true; /* it starts when asked again, if that still holds */
	if (!timely_allows(c->r, c->q->step, c->q->way, c->now.wall, e) ||
		!armed_allows(c->r, c->q->step, c->q->way, c->now.wall, e))
		return false;
	if (s->kind == STEP_SCHEDULE)
		return decide_duty_schedule(c, e);
	if (s->kind == STEP_NOTIFY)
		return told(c, e);
	if (s->kind == STEP_CHECK)
		return decide_probe_enter(c, e);
	if (s->kind == STEP_SOAK)
		return decide_probe_soak(c, c->q->step, NULL, e);
	if (s->kind == STEP_WAIT)
		return decide_probe_wait(c, e);
	return decide_leg_start(c, e);
}

bool
decide_run_clock(struct decide_ctx *c, struct err *e)
{
	struct run_deadline_due d = run_deadline_next(c->r);
	struct effect which = {.step = d.step, .leg = d.leg, .way = d.way, .probe = NONE};
	struct err observes = ERR_INIT;

	if (d.what == RUN_DEADLINE_NOTHING || d.at.ms > c->now.wall.ms)
		return true;
	switch (d.what) {
	case RUN_DEADLINE_NOTHING:
		break;
	case RUN_DEADLINE_KILL:
		return decide_leg_stop(c, &which, "it ran longer than its kill_after", e);
	case RUN_DEADLINE_OVER:
		return decide_leg_stop(c, &which, "its time is over", e);
	case RUN_DEADLINE_WAIT:
		return decide_probe_wait_over(c, d.step, e);
	case RUN_DEADLINE_LOOK:
		return decide_probe_between(c, d.step, e);
	case RUN_DEADLINE_BACK:
		if (!armed_now(c->r, c->now.wall, &observes))
			return decide_arm_lapse(c, e);
		return decide_back_go_on(c, e);
	case RUN_DEADLINE_RETRY:
	case RUN_DEADLINE_NEXT:
		if (!armed_allows(c->r, d.step, d.way, c->now.wall, &observes))
			return decide_arm_lapse(c, e);
		return decide_leg_go_on(c, d.step, d.leg, e);
	}
	return true;
}
