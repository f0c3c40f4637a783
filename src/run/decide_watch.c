#include "run/decide_watch.h"

#include "run/decide_leg.h"
#include "run/legs.h"

bool
decide_watch_mark_fits(const struct decide_ctx *c, struct err *e)
{
	const struct run_step *rs = &c->r->steps.list.at[c->q->step];

	if (c->q->tick != TICK_DONE)
		return true;
	if (rs->step->expect)
		return err_set(e, ERR_REFUSED,
			"%s is proven by its expectation: it can be marked by-hand, na or "
			"failed, with a reason",
			rs->step->id);
	for (size_t i = 0; i < rs->legs.list.len; i++) {
		const struct leg *leg = &rs->legs.list.at[i];
		const struct leg_run *lr = &leg->way[WAY_FORWARD];

		if (lr->attempt == 0 && lr->state != LEG_SKIPPED)
			return err_set(e, ERR_REFUSED,
				"%s was not looked at on %s yet: nobody can have seen it; start it there, or leave that host out with a reason",
				rs->step->id, leg->host);
	}
	return true;
}

bool
decide_watch_end(struct decide_ctx *c, const char *why, struct err *e)
{
	const struct run_step *rs = &c->r->steps.list.at[c->q->step];

	for (size_t i = 0; rs->step->kind == STEP_WATCH && i < rs->legs.list.len; i++) {
		struct effect which = {.step = c->q->step,
			.leg = (int)i,
			.way = WAY_FORWARD,
			.probe = NONE};

		if (legs_active(&rs->legs.list.at[i].way[WAY_FORWARD]) &&
			!decide_leg_stop(c, &which, why, e))
			return false;
	}
	return true;
}
