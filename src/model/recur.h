#ifndef MODEL_RECUR_H
#define MODEL_RECUR_H

/*
 * A span of calendar time as `schedule:` writes it: "2h", "1w", "1mo 09:00 Europe/Berlin".
 * Days, weeks, months and years go by the calendar of the zone, so that 09:00 stays 09:00
 * when its clocks are changed; shorter spans are so many seconds. Pure.
 */

#include "base/zone.h"

enum { RECUR_BYTES = 128 };

struct recur {
	int64_t ms;            /* of a span shorter than a day or with a fraction */
	unsigned days, months; /* else */
	int at_s;              /* of the day; -1: whatever time it is */
	char zone_name[ZONE_NAME_BYTES]; /* "" : UTC */
	const struct zone *zone;         /* filled in by the loader; NULL: UTC */
};

/* False: it is not such a span; *why says what is wrong about it. */
bool recur_parse(const char *text, struct recur *out, const char **why);
bool recur_is_set(const struct recur *r);
/* So many spans after `from`. */
struct wall recur_add(const struct recur *r, struct wall from, unsigned times);
/* The first of from + n spans (n >= 1) that comes after `after`: what was missed stays one
 * obligation, and the last day of a month does not creep to the 28th. */
struct wall recur_next(const struct recur *r, struct wall from, struct wall after);

#endif
