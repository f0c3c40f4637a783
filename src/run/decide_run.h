#ifndef RUN_DECIDE_RUN_H
#define RUN_DECIDE_RUN_H

/* The run as a whole: its beginning and end, holding, and the clock. */

#include "run/decide_emit.h"

bool decide_run_open(struct decide_ctx *c, struct err *e) WARN_UNUSED;
bool decide_run_resume(struct decide_ctx *c, struct err *e) WARN_UNUSED;
bool decide_run_relocated(struct decide_ctx *c, struct err *e) WARN_UNUSED;
bool decide_run_jumped(struct decide_ctx *c, struct err *e) WARN_UNUSED;
bool decide_run_authority(struct decide_ctx *c, struct err *e) WARN_UNUSED;
bool decide_run_anchored(struct decide_ctx *c, struct err *e) WARN_UNUSED;
bool decide_run_backend(struct decide_ctx *c, struct err *e) WARN_UNUSED;
bool decide_run_hold(struct decide_ctx *c, struct err *e) WARN_UNUSED;
bool decide_run_go(struct decide_ctx *c, struct err *e) WARN_UNUSED;
bool decide_run_close(struct decide_ctx *c, struct err *e) WARN_UNUSED;
bool decide_run_clock(struct decide_ctx *c, struct err *e) WARN_UNUSED;
/* START of any kind of step. */
bool decide_run_start(struct decide_ctx *c, struct err *e) WARN_UNUSED;

#endif
