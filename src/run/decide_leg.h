#ifndef RUN_DECIDE_LEG_H
#define RUN_DECIDE_LEG_H

/* Commands on hosts: their start, their outcomes, and what a person may do about them. */

#include "run/decide_emit.h"

/* START of a `run` step or of its undo, after the gate. */
bool decide_leg_start(struct decide_ctx *c, struct err *e) WARN_UNUSED;
/* The intent of a leg whose START was given earlier: a further host, or a retry. */
bool decide_leg_go_on(struct decide_ctx *c, int step, int leg, struct err *e) WARN_UNUSED;
/* The intent of one undo of a way back that was begun for the whole run. */
bool decide_leg_take_back(
	struct decide_ctx *c, int step, int leg, struct err *e) WARN_UNUSED;
/* step.cancel and its effect for one leg. */
bool decide_leg_stop(struct decide_ctx *c, const struct effect *which, const char *why,
	struct err *e) WARN_UNUSED;

bool decide_leg_cancel(struct decide_ctx *c, struct err *e) WARN_UNUSED;
bool decide_leg_resolve(struct decide_ctx *c, struct err *e) WARN_UNUSED;
bool decide_leg_started(struct decide_ctx *c, struct err *e) WARN_UNUSED;
bool decide_leg_output(struct decide_ctx *c, struct err *e) WARN_UNUSED;
bool decide_leg_ended(struct decide_ctx *c, struct err *e) WARN_UNUSED;
bool decide_leg_lost(struct decide_ctx *c, struct err *e) WARN_UNUSED;
bool decide_leg_stopped(struct decide_ctx *c, struct err *e) WARN_UNUSED;
bool decide_leg_not_started(struct decide_ctx *c, struct err *e) WARN_UNUSED;

#endif
