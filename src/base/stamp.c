#include "base/stamp.h"

#include <stdio.h>
#include <string.h>

#include "base/civil.h"

enum {
	SEC_MS = 1000,
	MIN_MS = 60 * SEC_MS,
	HOUR_MS = 60 * MIN_MS,
	DAY_MS = 24 * HOUR_MS
};

#define STAMP_MAX_DURATION_MS (INT64_C(36525) * DAY_MS) /* 100 years */
#define STAMP_LAST_MS         INT64_C(253402300799999)  /* 9999-12-31T23:59:59.999Z */

struct moment {
	struct civil date;
	unsigned ms; /* of the day */
};

static struct moment
moment_of(struct wall w)
{
	int64_t ms = w.ms < 0 ? 0 : w.ms > STAMP_LAST_MS ? STAMP_LAST_MS : w.ms;

	return (struct moment){civil_of_days(ms / DAY_MS), (unsigned)(ms % DAY_MS)};
}

const char *
stamp_wall(struct wall w, char out[STAMP_BYTES])
{
	struct moment at = moment_of(w);
	struct civil c = at.date;
	unsigned s = at.ms / SEC_MS;

	snprintf(out, STAMP_BYTES, "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ", c.year % 10000,
		c.month % 100, c.day % 100, s / 3600 % 24, s / 60 % 60, s % 60,
		at.ms % 1000);
	return out;
}

const char *
stamp_wall_sec(struct wall w, char out[STAMP_BYTES])
{
	stamp_wall(w, out);
	memcpy(strchr(out, '.'), "Z", 2);
	return out;
}

const char *
stamp_clock(struct wall w, char out[STAMP_BYTES])
{
	unsigned s = moment_of(w).ms / SEC_MS;

	snprintf(out, STAMP_BYTES, "%02u:%02u:%02uZ", s / 3600 % 24, s / 60 % 60, s % 60);
	return out;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Fixed digits and punctuation, `0` standing for any digit. */
static bool
matches_shape(const char *s, const char *shape)
{
	for (; *shape != '\0'; s++, shape++) {
		if (*shape == '0' ? !is_digit(*s) : *s != *shape)
			return false;
	}
	return *s == '\0';
}

static unsigned
number_at(const char *s, size_t digits)
{
	unsigned n = 0;

	for (size_t i = 0; i < digits; i++)
		n = n * 10 + (unsigned)(s[i] - '0');
	return n;
}

bool
stamp_parse(const char *s, struct wall *out)
{
	bool with_ms = matches_shape(s, "0000-00-00T00:00:00.000Z");

	if (!with_ms && !matches_shape(s, "0000-00-00T00:00:00Z"))
		return false;
	struct civil date = {number_at(s, 4), number_at(s + 5, 2), number_at(s + 8, 2)};
	unsigned h = number_at(s + 11, 2), m = number_at(s + 14, 2),
		 sec = number_at(s + 17, 2);
	if (date.year < 1970 || !civil_valid(date) || h > 23 || m > 59 || sec > 59)
		return false;
	out->ms = civil_days(date) * DAY_MS + (int64_t)h * HOUR_MS + (int64_t)m * MIN_MS +
		(int64_t)sec * SEC_MS + (with_ms ? number_at(s + 20, 3) : 0);
	return true;
}

static int64_t
unit_ms(const char *unit)
{
	static const struct {
		char name[3];
		int64_t ms;
	} units[] = {
		{"ms", 1},
		{"s", SEC_MS},
		{"m", MIN_MS},
		{"h", HOUR_MS},
		{"d", DAY_MS},
	};

	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		if (strcmp(unit, units[i].name) == 0)
			return units[i].ms;
	}
	return 0;
}

bool
stamp_parse_duration(const char *s, int64_t *ms)
{
	int64_t whole = 0;
	const char *at = s;

	for (; is_digit(*at); at++) {
		whole = whole * 10 + (*at - '0');
		if (whole > STAMP_MAX_DURATION_MS)
			return false;
	}
	if (at == s)
		return false;
	const char *fraction = NULL;
	if (*at == '.') {
		fraction = ++at;
		while (is_digit(*at))
			at++;
		if (at == fraction)
			return false;
	}
	int64_t unit = unit_ms(at);
	if (unit == 0 || whole > STAMP_MAX_DURATION_MS / unit)
		return false;
	int64_t total = whole * unit, part = unit;
	/* What lies below a millisecond is dropped. */
	int64_t rest = 0, scale = 1;
	for (; fraction != NULL && is_digit(*fraction) && scale < part * 10; fraction++) {
		rest = rest * 10 + (*fraction - '0');
		scale *= 10;
	}
	total += rest * part / scale;
	if (total > STAMP_MAX_DURATION_MS)
		return false;
	*ms = total;
	return true;
}

const char *
stamp_duration(int64_t ms, char out[STAMP_BYTES])
{
	const char *sign = ms < 0 ? "-" : "";
	uint64_t n = ms < 0 ? -(uint64_t)ms : (uint64_t)ms;
	uint64_t s = n / SEC_MS, m = s / 60, h = m / 60, d = h / 24;

	/* Always rounded down: a timer that says 2m14s has reached it. */
	if (n < SEC_MS)
		snprintf(out, STAMP_BYTES, "%s%u ms", sign, (unsigned)n);
	else if (s < 10)
		snprintf(out, STAMP_BYTES, "%s%u.%u s", sign, (unsigned)s,
			(unsigned)(n / 100 % 10));
	else if (m < 1)
		snprintf(out, STAMP_BYTES, "%s0:%02u", sign, (unsigned)s);
	else if (h < 1)
		snprintf(out, STAMP_BYTES, "%s%um%02us", sign, (unsigned)m,
			(unsigned)(s % 60));
	else if (d < 1)
		snprintf(out, STAMP_BYTES, "%s%uh%02um", sign, (unsigned)h,
			(unsigned)(m % 60));
	else if (d < 10)
		snprintf(out, STAMP_BYTES, "%s%ud%02uh", sign, (unsigned)d,
			(unsigned)(h % 24));
	else
		snprintf(out, STAMP_BYTES, "%s%llud", sign, (unsigned long long)d);
	return out;
}
