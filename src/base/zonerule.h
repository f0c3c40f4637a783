#ifndef BASE_ZONERULE_H
#define BASE_ZONERULE_H

/* The rule at the end of a zoneinfo file, as POSIX writes TZ: "CET-1CEST,M3.5.0,M10.5.0/3".
 * For base/zone.c alone. */

#include "base/zone.h"

enum { ZONERULE_BYTES = 128 };

struct zonerule_day {
	char form; /* 'M' month.week.day, 'J' day without 29 February, 'n' day from 0 */
	int month, week, day;
	int32_t s; /* of the local day; may be negative or beyond it */
};

struct zonerule {
	struct zone_offset std, dst;
	bool has_dst;
	struct zonerule_day begin, end; /* of the summer time */
};

bool zonerule_parse(const char *text, struct zonerule *out);
/* Its changes behind the last one of the zone, to the end of ZONE_LAST_YEAR. */
void zonerule_extend(const struct zonerule *r, struct zone *z);

#endif
