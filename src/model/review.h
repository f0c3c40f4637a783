#ifndef MODEL_REVIEW_H
#define MODEL_REVIEW_H

/*
 * When a runbook is to be read again: the day of its last review, and how long that holds.
 * One past that may be walked; whoever begins it is told, and so is whoever signs.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/stamp.h"
#include "model/runbook.h"

/* `last` is a date (the rest is not read), `every_ms` how long it holds. 0: it does not say. */
struct wall review_due(const char *last, int64_t every_ms);

/* Is it past that? Then `day` is the date by which it was to be read, 2026-11-28. */
bool review_is_late(const struct runbook *rb, struct wall now, char day[STAMP_BYTES]);

#endif
