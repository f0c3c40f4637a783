#ifndef RUN_DECIDE_REDLINE_H
#define RUN_DECIDE_REDLINE_H

/* A command edited for this run: run/redline.h. */

#include "run/decide_emit.h"

decide_fn decide_redline;

#endif
