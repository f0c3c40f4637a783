#ifndef RUN_DECIDE_DUTY_H
#define RUN_DECIDE_DUTY_H

/* What is owed after a run: opened by a schedule step, closed by a small run of its own,
 * postponed or released with a reason; and gates that are passed by force. */

#include "run/decide_emit.h"

decide_fn decide_duty_schedule; /* START of a schedule step */
decide_fn decide_duty_closed; /* this run is about to close well: so is what it was for */
decide_fn decide_duty_postpone;
decide_fn decide_duty_release;
decide_fn decide_duty_force; /* BREAKGLASS */

#endif
