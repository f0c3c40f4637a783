#ifndef RUN_BEFORE_H
#define RUN_BEFORE_H

/* The probes that must be good before a step acts: how old a reading may be, and what is wrong
 * with them now. Pure. */

#include "run/run.h"

enum { BEFORE_FRESH_MS = 5 * 60 * 1000, BEFORE_AGAIN_MS = 2000 };

/* The newest reading that counts; NULL: none since the step began. */
const struct reading *before_reading(const struct run_step *rs, int probe);
/* Of longer ago than that, or (the clock was set) of a time to come. */
bool before_older(const struct reading *g, struct wall now, int64_t than_ms);
/* One is missing, too old to count, or bad and worth another look. */
bool before_stale(const struct run *r, int step, struct wall now);
/* All are good and fresh. */
bool before_good(const struct run *r, int step, struct wall now);

#endif
