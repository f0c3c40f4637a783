#ifndef LIVE_LOGTIME_H
#define LIVE_LOGTIME_H

/*
 * The time at the beginning of a line, in the ways programs write it: RFC 3339 and its
 * relatives (blank for T, comma for the point, slashes, with or without zone), syslog,
 * klog, the C library's ctime, nginx and Apache's [20/Nov/2026:13:28:53 +0000], redis,
 * seconds since 1970, and a bare 13:28:53. What a line leaves out is taken from its host:
 * the zone, the year, the day. Reads no clock: the caller says about when it is.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"

/* The last minute that was read, as it was written: most lines are of the same. Of one
 * source; zeroed at first. */
struct logtime_memo {
	struct logtime_minute {
		char text[18]; /* up to the seconds */
		unsigned char len;
		int64_t ms; /* without its zone */
	} iso, day_first;
};

struct logtime_ref {
	struct wall near;          /* about now, for a year or day left out */
	int zone_min;              /* minutes east of UTC, for a zone left out */
	struct logtime_memo *memo; /* NULL: none */
};

/* Bytes of the time and of the blanks and brackets around it; 0: no time stands there. */
size_t logtime_read(
	const char *s, size_t len, const struct logtime_ref *ref, struct wall *out);
/* The bracketed time of an access log, somewhere in the line: bytes up to its end, or 0. */
size_t logtime_find_clf(
	const char *s, size_t len, const struct logtime_ref *ref, struct wall *out);
/* A number that is a time: seconds, milli-, micro- or nanoseconds since 1970. */
bool logtime_epoch(const char *s, size_t len, struct wall *out);

#endif
