#ifndef RUN_DECIDE_SIGN_H
#define RUN_DECIDE_SIGN_H

/* Sign-offs, and the second person of a step: run/second.h. */

#include "run/decide_emit.h"

decide_fn decide_sign, decide_sign_declined;
/* After a decision: the signatures that its events, from that one on, make void. */
bool decide_sign_void(struct decide_ctx *c, size_t from, struct err *e) WARN_UNUSED;

#endif
