#include "run/force.h"

#include "run/armed.h"
#include "run/timely.h"

const char *
force_gate(const struct run *r, int step, const char *who, struct wall now,
	struct err *words)
{
	(void)step;
	if (!r->open)
		return NULL;
	if (!timely_now(r, now, words))
		return TIMELY_GATE;
	if (armed_of(r, now).needed && !armed_may(r, who, words))
		return ARMED_GATE;
	return NULL;
}

bool
force_on(const struct run *r, struct wall now)
{
	return r->open && (timely_of(r, now).forced || r->forced_armer);
}

const char *
force_lasts(const char *gate)
{
	return str_eq(gate, TIMELY_GATE)
		? "The change window is passed by force, until it would have opened."
		: "You may arm this run without the role.";
}
