#ifndef RUN_DECIDE_ARM_H
#define RUN_DECIDE_ARM_H

/* The decision to act in production at all, and to stop doing so: run/armed.h. */

#include "run/decide_emit.h"

decide_fn decide_arm;
/* It observes from here on: nothing that acts goes on by itself. */
decide_fn decide_arm_lapse;

#endif
