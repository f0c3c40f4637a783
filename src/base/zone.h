#ifndef BASE_ZONE_H
#define BASE_ZONE_H

/*
 * A time zone as a table: the offset from UTC and every moment it changes, to the end of
 * ZONE_LAST_YEAR. zone_parse makes it of a file of the system's zoneinfo (RFC 8536); the rule
 * that ends such a file is written out into the table. Everything here only computes.
 */

#include "base/civil.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/vec.h"

enum { ZONE_NAME_BYTES = 64, ZONE_ABBR_BYTES = 8, ZONE_LAST_YEAR = 2100 };

struct zone_offset {
	int32_t s; /* east of Greenwich is positive */
	char abbr[ZONE_ABBR_BYTES];
};

struct zone_change {
	int64_t at_s; /* since 1970 */
	struct zone_offset to;
};

struct zone {
	char name[ZONE_NAME_BYTES];
	struct zone_offset first; /* before any change */
	struct {
		VEC_OF(struct zone_change) list;
	} changes;
};

/* What a clock on the wall of that zone shows. */
struct zone_local {
	struct civil date;
	unsigned s; /* of the day */
};

/* A name that may stand for a file below the zoneinfo folder: "Europe/Berlin". */
bool zone_name_valid(const char *name);
/* ERR_PARSE when the bytes are no such file. NULL: nothing was made. */
struct zone *zone_parse(
	const char *name, const void *p, size_t len, struct err *e) WARN_UNUSED;
struct zone *zone_new_utc(void);
struct zone *zone_copy(const struct zone *z);
void zone_free(struct zone *z);

/* A zone of NULL is UTC, here and below. */
const struct zone_offset *zone_at(const struct zone *z, struct wall t);
struct zone_local zone_local(const struct zone *z, struct wall t);
/* The moment a clock there shows this. Where clocks are put back it shows it twice: the
 * earlier moment (or the later, when asked for); where they are put forward never: the
 * moment that it would be had they not been. */
struct wall zone_wall(const struct zone *z, struct zone_local l, bool later);
/* "Mon 2026-11-30 09:00 CET"; out holds ZONE_TEXT_BYTES. */
enum { ZONE_TEXT_BYTES = 40 };
const char *zone_text(const struct zone *z, struct wall t, char out[ZONE_TEXT_BYTES]);

#endif
