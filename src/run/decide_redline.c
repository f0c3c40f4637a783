#include "run/decide_redline.h"

#include "run/gate.h"
#include "run/redline.h"
#include "run/second.h"

bool
decide_redline(struct decide_ctx *c, struct err *e)
{
	const struct step *s = &c->r->runbook->steps.list.at[c->q->step];
	const char *old = run_leg_text(c->r, c->q->step, LEG_ALL, WAY_FORWARD);
	struct decide_data d;
	enum risk risk;

	if (!gate_allows(c->r, ACT_NOTE, NONE, e) || !redline_may(c->r, c->q->step, e) ||
		!redline_fits(c->r, c->q->step, c->q->text ? c->q->text : "", e) ||
		!decide_emit_words(c->q->reason, "a reason", e))
		return false;
	if (str_eq(old, c->q->text))
		return err_set(e, ERR_INPUT, "nothing of the command was changed");
	decide_emit_begin(&d);
	jsonout_kstr(&d.j, "old", old);
	jsonout_kstr(&d.j, "new", c->q->text);
	risk = str_eq(s->text, c->q->text) ? s->risk : redline_risk(s, c->q->text, NULL);
	jsonout_kstr(&d.j, "risk", risk_name(risk));
	jsonout_kstr(&d.j, "reason", c->q->reason);
	if (second_by_words(c->r, c->q->text, risk))
		jsonout_kbool(&d.j, "two_person", true);
	return decide_emit_event(c, EVENT_REDLINE, c->q->step, &d, e);
}
