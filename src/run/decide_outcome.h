#ifndef RUN_DECIDE_OUTCOME_H
#define RUN_DECIDE_OUTCOME_H

/* From what a host reported to step.done: judged by the expectation, with the values it
 * saves and the time of the next try. Called for the attempt under way only. */

#include "run/decide_emit.h"

bool decide_outcome_ended(
	struct decide_ctx *c, const struct leg *leg, struct err *e) WARN_UNUSED;
/* Nothing ran (or a look gave no answer); the request's reason says why. */
bool decide_outcome_never(
	struct decide_ctx *c, const struct leg *leg, struct err *e) WARN_UNUSED;

#endif
