#include "model/recur.h"

#include <string.h>

#include "base/stamp.h"
#include "base/str.h"

enum { MS = 1000, DAY_S = 86400, COUNT_MAX = 9999 };

static bool
digit(char c)
{
	return c >= '0' && c <= '9';
}

static int
two(const char *s)
{
	return digit(s[0]) && digit(s[1]) ? (s[0] - '0') * 10 + (s[1] - '0') : -1;
}

/* "HH:MM", at most 23:59. */
static bool
read_clock(const char *s, size_t len, int *at_s)
{
	int h, m;

	if (len != 5 || s[2] != ':')
		return false;
	h = two(s);
	m = two(s + 3);
	*at_s = (h * 60 + m) * 60;
	return h >= 0 && h < 24 && m >= 0 && m < 60;
}

static bool
read_span(const char *s, size_t len, struct recur *out)
{
	static const struct {
		const char *name;
		unsigned days, months;
	} units[] = {{"d", 1, 0}, {"w", 7, 0}, {"mo", 0, 1}, {"y", 0, 12}};
	char text[32];
	unsigned n = 0;
	const char *unit;

	if (len >= sizeof text)
		return false;
	memcpy(text, s, len);
	text[len] = '\0';
	for (unit = text; digit(*unit) && n <= COUNT_MAX; unit++)
		n = n * 10 + (unsigned)(*unit - '0');
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		if (unit == text || strcmp(unit, units[i].name) != 0)
			continue;
		out->days = n * units[i].days;
		out->months = n * units[i].months;
		return n > 0 && n <= COUNT_MAX;
	}
	return stamp_parse_duration(text, &out->ms) && out->ms > 0;
}

bool
recur_parse(const char *text, struct recur *out, const char **why)
{
	size_t len = strcspn(text, " ");
	const char *rest = text + len + strspn(text + len, " ");

	memset(out, 0, sizeof *out);
	out->at_s = -1;
	*why = "is not a time span";
	if (!read_span(text, len, out))
		return false;
	if (!*rest)
		return true;
	if (out->ms) {
		*why = "is shorter than a day: no time of day goes with it";
		return false;
	}
	len = strcspn(rest, " ");
	*why = "has no time of day";
	if (!read_clock(rest, len, &out->at_s))
		return false;
	rest += len;
	rest += strspn(rest, " ");
	if (!*rest)
		return true;
	*why = "does not name a time zone";
	if (!zone_name_valid(rest))
		return false;
	memcpy(out->zone_name, rest, strlen(rest) + 1);
	return true;
}

bool
recur_is_set(const struct recur *r)
{
	return r->ms || r->days || r->months;
}

struct wall
recur_add(const struct recur *r, struct wall from, unsigned times)
{
	struct zone_local l;

	if (r->ms)
		return (struct wall){from.ms + r->ms * times};
	l = zone_local(r->zone, from);
	l.date = civil_add_months(l.date, r->months * times);
	l.date = civil_of_days(civil_days(l.date) + (int64_t)r->days * times);
	if (r->at_s >= 0)
		l.s = (unsigned)r->at_s;
	return zone_wall(r->zone, l, false);
}

/* Lower bound of how many spans of the calendar lie between. */
static unsigned
about(const struct recur *r, struct wall from, struct wall after)
{
	int64_t span = ((int64_t)r->days + (int64_t)r->months * 31) * DAY_S * MS;

	if (after.ms <= from.ms)
		return 1;
	return 1 + (unsigned)((after.ms - from.ms) / span * 9 / 10);
}

struct wall
recur_next(const struct recur *r, struct wall from, struct wall after)
{
	unsigned times;
	struct wall t;

	if (r->ms && after.ms < from.ms)
		return (struct wall){from.ms + r->ms};
	if (r->ms)
		return (struct wall){after.ms + r->ms - (after.ms - from.ms) % r->ms};
	times = about(r, from, after);
	t = recur_add(r, from, times);
	while (t.ms <= after.ms)
		t = recur_add(r, from, ++times);
	return t;
}
