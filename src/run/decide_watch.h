#ifndef RUN_DECIDE_WATCH_H
#define RUN_DECIDE_WATCH_H

/* What people say of a `watch`: seen, or not seen. It ends with that. */

#include "run/decide_emit.h"

/* Does the mark fit? Seen is what somebody could have seen; what was expected proves
 * itself. */
bool decide_watch_mark_fits(const struct decide_ctx *c, struct err *e) WARN_UNUSED;
/* Behind the mark or skip of a step: what of a watch still runs is ended. Of other kinds
 * nothing. */
bool decide_watch_end(struct decide_ctx *c, const char *why, struct err *e) WARN_UNUSED;

#endif
