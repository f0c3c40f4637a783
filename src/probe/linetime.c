#include "probe/linetime.h"

#include <ctype.h>
#include <string.h>

#include "live/logtime.h"

enum { LOOKED_AT = 300, DATE_BYTES = 14 };

bool
linetime_zone(const char *text, int64_t *seconds)
{
	int sign = *text == '-' ? -1 : 1, digits[4], n = 0;

	if (*text != '+' && *text != '-')
		return false;
	for (const char *p = text + 1; n < 4; p++) {
		if (*p == ':' && n == 2)
			continue;
		if (!isdigit((unsigned char)*p))
			return false;
		digits[n++] = *p - '0';
	}
	*seconds = sign *
		((digits[0] * 10 + digits[1]) * 3600 + (digits[2] * 10 + digits[3]) * 60);
	return true;
}

/* Inside of a line only what has a date may be a time: numbers and hours stand there for
 * other reasons. */
static bool
may_be_date(const char *p)
{
	return isdigit((unsigned char)*p) ? p[4] == '-' || p[4] == '/' || p[2] == '/'
					  : isalpha((unsigned char)*p) && p[3] == ' ';
}

bool
linetime_read(
	const struct linetime_clock *c, const char *line, size_t len, int64_t *seconds)
{
	const struct logtime_ref ref = {
		.near = {.ms = c->now_s * 1000},
		.zone_min = (int)(c->zone_s / 60),
	};
	size_t n = len < LOOKED_AT ? len : LOOKED_AT;
	struct wall at;

	for (size_t i = 0; i + DATE_BYTES < n; i++) {
		if (i > 0 &&
			(isalnum((unsigned char)line[i - 1]) || !may_be_date(line + i)))
			continue;
		if (logtime_read(line + i, n - i, &ref, &at)) {
			*seconds = at.ms / 1000;
			return true;
		}
	}
	return false;
}
