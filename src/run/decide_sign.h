#ifndef RUN_DECIDE_SIGN_H
#define RUN_DECIDE_SIGN_H

/* Sign-offs, and the second person of a step: run/second.h. */

#include "run/decide_emit.h"

decide_fn decide_sign, decide_sign_declined;

#endif
