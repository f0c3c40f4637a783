#ifndef RUN_RUN_DEADLINE_H
#define RUN_RUN_DEADLINE_H

/* What the clock is due for next. run_deadline() of decide.h is its time alone. Pure. */

#include "run/run.h"

enum run_deadline_what {
	RUN_DEADLINE_NOTHING,
	RUN_DEADLINE_KILL,  /* a leg outlives its kill_after */
	RUN_DEADLINE_WAIT,  /* a wait is over */
	RUN_DEADLINE_RETRY, /* a failed leg tries again */
	RUN_DEADLINE_NEXT,  /* the next leg of a START that was given for all */
	RUN_DEADLINE_BACK,  /* the next undo of a way back that goes on, or its end */
};

struct run_deadline_due {
	enum run_deadline_what what;
	struct wall at;
	int step, leg;
	enum way way;
};

/* One thing at a time, so that a group holds one intent at most and every decision sees
 * what the one before has changed. */
struct run_deadline_due run_deadline_next(const struct run *r);

#endif
