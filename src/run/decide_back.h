#ifndef RUN_DECIDE_BACK_H
#define RUN_DECIDE_BACK_H

/* Leading the whole run back: begun by typed words alone, walked newest first, ended. And
 * what is left out of it, or out of a step over hosts, with a reason. */

#include "run/decide_emit.h"

decide_fn decide_back_open;  /* BACK */
decide_fn decide_back_end;   /* BACK_END */
decide_fn decide_back_leave; /* LEAVE */
/* The clock: the next undo of a way back that goes on by itself, or its end. */
bool decide_back_go_on(struct decide_ctx *c, struct err *e) WARN_UNUSED;
/* Before the run.close of a run that went back by its steps. */
bool decide_back_closed(
	struct decide_ctx *c, const char *result, struct err *e) WARN_UNUSED;

#endif
