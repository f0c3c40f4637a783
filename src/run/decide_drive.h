#ifndef RUN_DECIDE_DRIVE_H
#define RUN_DECIDE_DRIVE_H

/* Who drives: the run offered, let go of, taken. Pure. */

#include "run/decide_emit.h"

decide_fn decide_drive_offer, decide_drive_yield;
/* Part of RESUME: driver.take, of every console that goes on with the run. */
bool decide_drive_taken(struct decide_ctx *c, struct err *e) WARN_UNUSED;

#endif
