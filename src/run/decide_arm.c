#include "run/decide_arm.h"

#include "run/armed.h"
#include "run/gate.h"

bool
decide_arm_lapse(struct decide_ctx *c, struct err *e)
{
	struct decide_data d;

	decide_emit_begin(&d);
	jsonout_kstr(&d.j, "environment", c->r->environment);
	jsonout_kint(&d.j, "for_ms", 0);
	return decide_emit_event(c, EVENT_RUN_ARM, NONE, &d, e);
}

bool
decide_arm(struct decide_ctx *c, struct err *e)
{
	struct armed a = armed_of(c->r, c->now.wall);
	bool command = str_eq(c->q->text, ARMED_COMMAND);
	struct decide_data d;

	if (!gate_allows(c->r, ACT_NOTE, NONE, e))
		return false;
	if (str_eq(c->q->text, "off"))
		return !a.on || decide_arm_lapse(c, e);
	if (!a.needed)
		return err_set(e, ERR_STATE, "this run need not be armed: it can act");
	if (!armed_may(c->r, decide_emit_who(c), e))
		return false;
	if (!command && !str_eq(c->q->typed, armed_phrase(c->r)))
		return err_set(e, ERR_REFUSED,
			"%s: \"%s\" must be typed; nothing is armed",
			c->q->typed ? "those are not the words"
				    : "arming wants to be confirmed",
			armed_phrase(c->r));
	decide_emit_begin(&d);
	jsonout_kstr(&d.j, "environment", c->r->environment);
	jsonout_kint(&d.j, "for_ms", ARMED_FOR_MS);
	if (command) {
		jsonout_kstr(&d.j, "by", ARMED_COMMAND);
	} else {
		jsonout_kstr(&d.j, "typed", c->q->typed);
		jsonout_kint(&d.j, "shown_ms", c->q->shown_ms);
	}
	return decide_emit_event(c, EVENT_RUN_ARM, NONE, &d, e);
}
