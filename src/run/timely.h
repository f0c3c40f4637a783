#ifndef RUN_TIMELY_H
#define RUN_TIMELY_H

/*
 * Change windows and freezes of the environment bind people: what changes something starts
 * only while they are open, or after a break-glass with a reason, which holds until they would
 * have opened or a freeze begins. What runs already goes on. Pure.
 */

#include "base/str.h"
#include "run/run.h"

#define TIMELY_GATE "window" /* as `gate` of breakglass */

/* Does it change something? Looks and checks do not, and no rule of time binds them. */
bool timely_binds(const struct run *r, int step, enum way way);

struct timely {
	bool shut;
	bool forced; /* shut, and passed by force */
	struct window_state state;
};
struct timely timely_of(const struct run *r, struct wall now);
/* May something be changed now? ERR_REFUSED when not. */
bool timely_now(const struct run *r, struct wall now, struct err *e) WARN_UNUSED;
/* false: ERR_REFUSED; the sentence has both times, and when it opens. */
bool timely_allows(const struct run *r, int step, enum way way, struct wall now,
	struct err *e) WARN_UNUSED;
/* Brings something new to a target, and must not close while the review of a break-glass
 * there is owed. */
bool timely_release(const struct run *r);
/* "outside of the change window of production: opens in 2 d 3 h 12 m, Mon ...; now ...", for
 * windows that are shut; else when they will be. Nothing where there are none. */
void timely_words(const struct windows *w, const char *environment, struct wall now,
	struct str *out);

#endif
