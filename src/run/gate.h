#ifndef RUN_GATE_H
#define RUN_GATE_H

/* May this be done to this step now? The same answer serves decide, the footer of the
 * screen and the palette's "not now, because". Pure. */

#include "run/run.h"

enum act {
	ACT_START,
	ACT_TICK,
	ACT_UNTICK,
	ACT_SKIP,
	ACT_CHOOSE,
	ACT_CANCEL,
	ACT_RESOLVE,
	ACT_SIGN,
	ACT_ANSWER,
	ACT_BACK,     /* the undo of a step */
	ACT_BACK_ALL, /* the way back of the whole run, or to go on with it */
	ACT_BACK_END,
	ACT_LEAVE, /* a host of a step */
	ACT_HOLD,
	ACT_GO,
	ACT_NOTE,
	ACT_OFFER, /* the run to somebody who looks on */
	ACT_CLOSE,
	ACT_END, /* close it unfinished */
};

/* false: e has ERR_REFUSED or ERR_STATE and a sentence that names the blocking thing. */
bool gate_allows(const struct run *r, enum act act, int step, struct err *e) WARN_UNUSED;
/* Is everything settled that comes before this step? */
bool gate_order(const struct run *r, int step, struct err *e) WARN_UNUSED;

#endif
