#ifndef RUN_DECIDE_H
#define RUN_DECIDE_H

/*
 * The rules: a request and the state give events and effects, or a refusal that says why
 * (ERR_REFUSED, ERR_STATE or ERR_INPUT) and changes nothing. The caller makes the events
 * durable, applies them, and only then carries the effects out. A request that changes
 * nothing (an answer that came twice, or for an attempt that is over) gives no events and
 * no refusal. Pure: time comes in as `now`.
 */

#include "run/effect.h"
#include "run/run.h"

bool decide(const struct run *r, const struct request *q, struct now now,
	struct events *out, struct effects *fx, struct err *e) WARN_UNUSED;
/* Wall time at which decide wants REQ_CLOCK; 0: never. */
struct wall run_deadline(const struct run *r);

#endif
