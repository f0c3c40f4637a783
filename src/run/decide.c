#include "run/decide.h"

#include "base/bug.h"
#include "run/added.h"
#include "run/decide_arm.h"
#include "run/decide_back.h"
#include "run/decide_drive.h"
#include "run/decide_duty.h"
#include "run/decide_leg.h"
#include "run/decide_person.h"
#include "run/decide_probe.h"
#include "run/decide_redline.h"
#include "run/decide_run.h"
#include "run/decide_sign.h"

static const struct {
	decide_fn *fn;
	bool about_step; /* `step` must be an index */
} table[REQ_COUNT] = {
	[REQ_OPEN] = {decide_run_open, false},
	[REQ_RESUME] = {decide_run_resume, false},
	[REQ_JUMPED] = {decide_run_jumped, false},
	[REQ_RELOCATED] = {decide_run_relocated, false},
	[REQ_HOLD] = {decide_run_hold, false},
	[REQ_ARM] = {decide_arm, false},
	[REQ_GO] = {decide_run_go, false},
	[REQ_OFFER] = {decide_drive_offer, false},
	[REQ_YIELD] = {decide_drive_yield, false},
	[REQ_CLOSE] = {decide_run_close, false},
	[REQ_BREAKGLASS] = {decide_duty_force, false},
	[REQ_POSTPONE] = {decide_duty_postpone, false},
	[REQ_RELEASE] = {decide_duty_release, false},
	[REQ_CLOCK] = {decide_run_clock, false},
	[REQ_BACK] = {decide_back_open, false},
	[REQ_BACK_END] = {decide_back_end, false},
	[REQ_LEAVE] = {decide_back_leave, true},
	[REQ_REDLINE] = {decide_redline, true},
	[REQ_ADD] = {decide_added, false},
	[REQ_NOTE] = {decide_person_note, false},
	[REQ_ATTACH] = {decide_person_attach, false},
	[REQ_MUTE] = {decide_probe_mute, false},
	[REQ_INPUT] = {decide_person_input, false},
	[REQ_TICK] = {decide_person_tick, true},
	[REQ_UNTICK] = {decide_person_untick, true},
	[REQ_SKIP] = {decide_person_skip, true},
	[REQ_LOOK] = {decide_probe_look, true},
	[REQ_CHOOSE] = {decide_person_choose, true},
	[REQ_SIGNED] = {decide_sign, true},
	[REQ_DECLINED] = {decide_sign_declined, true},
	[REQ_START] = {decide_run_start, true},
	[REQ_CANCEL] = {decide_leg_cancel, true},
	[REQ_RESOLVE] = {decide_leg_resolve, true},
	[REQ_STARTED] = {decide_leg_started, true},
	[REQ_OUTPUT] = {decide_leg_output, true},
	[REQ_ENDED] = {decide_leg_ended, true},
	[REQ_LOST] = {decide_leg_lost, true},
	[REQ_NOT_STARTED] = {decide_leg_not_started, true},
	[REQ_STOPPED] = {decide_leg_stopped, true},
	[REQ_TURNED] = {decide_probe_turned, false},
	[REQ_BACKEND] = {decide_run_backend, false},
	[REQ_AUTHORITY] = {decide_run_authority, false},
	[REQ_ANCHORED] = {decide_run_anchored, false},
	[REQ_SNAPSHOT] = {decide_probe_snapshot, false},
	[REQ_READING] = {decide_probe_reading, true},
};

bool
decide(const struct run *r, const struct request *q, struct now now, struct events *out,
	struct effects *fx, struct err *e)
{
	struct decide_ctx c = {.r = r, .q = q, .now = now, .out = out, .fx = fx};
	size_t events = out->list.len, effects = fx->list.len;
	bool ok;

	BUG_ON(q->kind >= REQ_COUNT);
	if (table[q->kind].about_step &&
		(q->step < 0 || (size_t)q->step >= r->steps.list.len))
		return err_set(e, ERR_INPUT, "there is no such step");
	/* An answer that comes after the end is not worth a complaint. */
	if (request_is_outcome(q->kind) && !r->open)
		return true;
	ok = table[q->kind].fn(&c, e) && decide_sign_void(&c, events, e);
	if (!ok) {
		while (out->list.len > events)
			event_free(out->list.at[--out->list.len]);
		fx->list.len = effects;
		return false;
	}
	for (size_t i = events; i + 1 < out->list.len; i++)
		out->list.at[i]->more = true;
	return true;
}
