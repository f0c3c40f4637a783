#ifndef PROBE_LINETIME_H
#define PROBE_LINETIME_H

/*
 * When a line of a log was written, from what stands in it: the forms of live/logtime,
 * wherever they begin in its first 300 bytes (JSON lines, access logs). Pure.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct linetime_clock {
	int64_t now_s;  /* of the host, since 1970 */
	int64_t zone_s; /* of the host: for times that name no zone */
};

bool linetime_read(
	const struct linetime_clock *c, const char *line, size_t len, int64_t *seconds);
/* "+0130" as date(1) writes it. */
bool linetime_zone(const char *text, int64_t *seconds);

#endif
