#include "model/moment.h"

#include <string.h>

#include "base/stamp.h"

enum { CLOCK_BYTES = 5, DATE_BYTES = 10 };

/* The text, taken apart. */
struct parts {
	bool whole; /* a stamp of its own */
	struct wall at;
	bool dated;
	struct civil date;
	unsigned s;
	char zone[ZONE_NAME_BYTES];
};

static bool
is_digits(const char *s, size_t n)
{
	return strspn(s, "0123456789") >= n;
}

static unsigned
number(const char *s, size_t n)
{
	unsigned v = 0;

	while (n--)
		v = v * 10 + (unsigned)(*s++ - '0');
	return v;
}

static bool
take_clock(const char **text, struct parts *p)
{
	const char *s = *text;
	unsigned h, m;

	if (!is_digits(s, 2) || s[2] != ':' || !is_digits(s + 3, 2))
		return false;
	h = number(s, 2);
	m = number(s + 3, 2);
	if (h > 23 || m > 59)
		return false;
	p->s = (h * 60 + m) * 60;
	*text += CLOCK_BYTES;
	return true;
}

/* False: it begins like a day and is none. */
static bool
take_date(const char **text, struct parts *p)
{
	const char *s = *text;

	if (!is_digits(s, 4) || s[4] != '-')
		return true;
	if (!is_digits(s + 5, 2) || s[7] != '-' || !is_digits(s + 8, 2) || s[10] != ' ')
		return false;
	p->date = (struct civil){number(s, 4), number(s + 5, 2), number(s + 8, 2)};
	p->dated = true;
	*text += DATE_BYTES + 1;
	return civil_valid(p->date);
}

static bool
take_zone(const char *text, struct parts *p)
{
	if (!*text || strcmp(text, "Z") == 0)
		return true;
	if (*text++ != ' ' || strlen(text) >= sizeof p->zone)
		return false;
	if (strcmp(text, "UTC") == 0)
		return true;
	memcpy(p->zone, text, strlen(text) + 1);
	return zone_name_valid(text);
}

static bool
take_apart(const char *text, struct parts *p)
{
	*p = (struct parts){0};
	p->whole = stamp_parse(text, &p->at);
	return p->whole ||
		(take_date(&text, p) && take_clock(&text, p) && take_zone(text, p));
}

bool
moment_parse(const char *text, char zone_name[ZONE_NAME_BYTES])
{
	struct parts p;
	bool ok = take_apart(text, &p);

	memcpy(zone_name, p.zone, sizeof p.zone);
	return ok;
}

static bool
shows(const struct zone *z, struct wall at, struct zone_local want)
{
	struct zone_local l = zone_local(z, at);

	return l.s == want.s && civil_days(l.date) == civil_days(want.date);
}

static void
on_day(const struct parts *p, struct civil date, struct wall after, struct moment *m)
{
	struct zone_local want = {date, p->s};
	struct wall first = zone_wall(m->zone, want, false);
	struct wall last = zone_wall(m->zone, want, true);

	m->second = last.ms > first.ms && first.ms <= after.ms;
	m->at = m->second ? last : first;
	m->kind = !shows(m->zone, first, want) ? MOMENT_NEVER
		: last.ms > first.ms           ? MOMENT_TWICE
					       : MOMENT_PLAIN;
}

bool
moment_read(const char *text, const struct windows *zones, struct wall now,
	struct moment *out, struct err *e)
{
	struct parts p;

	*out = (struct moment){0};
	if (!take_apart(text, &p))
		return err_set(e, ERR_INPUT, "%.60s is not a time to wait for", text);
	memcpy(out->zone_name, p.zone, sizeof p.zone);
	out->zone = p.zone[0] ? window_zone(zones, p.zone) : NULL;
	if (p.zone[0] && !out->zone)
		return err_set(e, ERR_INPUT,
			"the zone %s is not written in the runbook, and not known here",
			p.zone);
	if (p.whole) {
		out->at = p.at;
	} else if (p.dated) {
		on_day(&p, p.date, now, out);
	} else {
		int64_t day = civil_days(zone_local(out->zone, now).date) - 1;

		do
			on_day(&p, civil_of_days(++day), now, out);
		while (out->at.ms <= now.ms);
	}
	return true;
}

void
moment_words(const struct moment *m, struct str *out)
{
	char there[ZONE_TEXT_BYTES], stamp[STAMP_BYTES];

	if (m->zone)
		str_addf(out, "%s, ", zone_text(m->zone, m->at, there));
	str_adds(out, stamp_wall_sec(m->at, stamp));
	if (m->kind == MOMENT_NEVER)
		str_adds(out,
			": clocks there are put forward, and what is written never comes");
	if (m->kind == MOMENT_TWICE)
		str_addf(out,
			": clocks there are put back, it comes twice, and the %s time is meant",
			m->second ? "second" : "first");
}
