#ifndef RUN_FORCE_H
#define RUN_FORCE_H

/*
 * Break-glass: which gate stands in the way now and may be passed by force, with a reason, a
 * record that everybody who signs must read, and a review that is owed. Pure.
 */

#include "run/run.h"

/* The first one that is shut for this person, at this step or (NONE) for the whole run; words:
 * what stands in the way. NULL: none is. */
const char *force_gate(const struct run *r, int step, const char *who, struct wall now,
	struct err *words);
/* Something was passed by force, and that still counts: every screen says so. */
bool force_on(const struct run *r, struct wall now);
/* What passing it lasts for, in a sentence. */
const char *force_lasts(const char *gate);

#endif
