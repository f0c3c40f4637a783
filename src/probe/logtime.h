#ifndef PROBE_LOGTIME_H
#define PROBE_LOGTIME_H

/*
 * When a line of a log was written, from what stands in it: RFC 3339 and its relatives
 * (PostgreSQL, JSON lines, nginx's error log), the common log format of web servers, and
 * syslog's without a year. Only the first 300 bytes are looked at. Pure.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct logtime_clock {
	int64_t now_s;  /* of the host, since 1970 */
	int64_t zone_s; /* of the host: for times that name no zone */
};

bool logtime_read(
	const struct logtime_clock *c, const char *line, size_t len, int64_t *seconds);
/* "+0130" as date(1) writes it. */
bool logtime_zone(const char *text, int64_t *seconds);

#endif
