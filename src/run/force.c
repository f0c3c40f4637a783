#include "run/force.h"

#include "run/added.h"
#include "run/armed.h"
#include "run/gate.h"
#include "run/second.h"
#include "run/timely.h"

const char *
force_gate(const struct run *r, int step, const char *who, struct wall now,
	struct err *words)
{
	if (!r->open)
		return NULL;
	if (!timely_now(r, now, words))
		return TIMELY_GATE;
	if (armed_of(r, now).needed && !armed_may(r, who, words))
		return ARMED_GATE;
	if (step >= 0 && !run_settled(&r->steps.list.at[step]) &&
		!added_turn(r, step, words))
		return ADDED_GATE;
	if (step >= 0 && second_needed(r, step, WAY_FORWARD) &&
		gate_allows(r, ACT_START, step, words) &&
		!second_allows(r, step, second_leg(r, step), WAY_FORWARD, now, words))
		return SECOND_GATE;
	return NULL;
}

bool
force_on(const struct run *r, struct wall now)
{
	return r->open &&
		(timely_of(r, now).forced || r->forced_armer || r->forced_second ||
			r->forced_turn);
}

const char *
force_lasts(const char *gate)
{
	if (str_eq(gate, TIMELY_GATE))
		return "The change window is passed by force, until it would have opened.";
	if (str_eq(gate, ADDED_GATE))
		return "The added step may start before its turn, once.";
	return str_eq(gate, ARMED_GATE) ? "You may arm this run without the role."
					: "One person may start this step, once.";
}
