#include "base/zonerule.h"

#include <string.h>

enum { DAY_S = 86400, HOUR_S = 3600, HOURS_MAX = 167, FIRST_YEAR = 1970 };

/* ---- text ---------------------------------------------------------------------------------- */

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "CET" or "<+0330>". */
static bool
read_abbr(const char **at, char out[ZONE_ABBR_BYTES])
{
	bool quoted = **at == '<';
	size_t n = 0;

	*at += quoted;
	while (is_letter(**at) ||
		(quoted && (is_digit(**at) || **at == '+' || **at == '-'))) {
		if (n + 1 < ZONE_ABBR_BYTES)
			out[n++] = **at;
		++*at;
	}
	out[n] = '\0';
	if (quoted && *(*at)++ != '>')
		return false;
	return n >= 1;
}

static bool
read_number(const char **at, int most, int *out)
{
	int n = 0;

	if (!is_digit(**at))
		return false;
	for (; is_digit(**at); ++*at) {
		n = n * 10 + (**at - '0');
		if (n > most)
			return false;
	}
	*out = n;
	return true;
}

/* [+-]h[:m[:s]] */
static bool
read_time(const char **at, int32_t *out)
{
	int sign = **at == '-' ? -1 : 1, h, part[2] = {0, 0};

	*at += **at == '-' || **at == '+';
	if (!read_number(at, HOURS_MAX, &h))
		return false;
	for (int i = 0; i < 2 && **at == ':'; i++) {
		++*at;
		if (!read_number(at, 59, &part[i]))
			return false;
	}
	*out = sign * (h * HOUR_S + part[0] * 60 + part[1]);
	return true;
}

static bool
read_day(const char **at, struct zonerule_day *out)
{
	bool ok;

	*out = (struct zonerule_day){.form = 'n', .s = 2 * HOUR_S};
	if (**at == 'M') {
		out->form = *(*at)++;
		ok = read_number(at, 12, &out->month) && *(*at)++ == '.' &&
			read_number(at, 5, &out->week) && *(*at)++ == '.' &&
			read_number(at, 6, &out->day) && out->month && out->week;
	} else if (**at == 'J') {
		out->form = *(*at)++;
		ok = read_number(at, 365, &out->day) && out->day;
	} else {
		ok = read_number(at, 365, &out->day);
	}
	if (ok && **at == '/') {
		++*at;
		ok = read_time(at, &out->s);
	}
	return ok;
}

bool
zonerule_parse(const char *text, struct zonerule *out)
{
	const char *at = text;
	int32_t west;

	memset(out, 0, sizeof *out);
	if (!read_abbr(&at, out->std.abbr) || !read_time(&at, &west))
		return false;
	out->std.s = -west;
	if (!*at)
		return true;
	out->has_dst = true;
	if (!read_abbr(&at, out->dst.abbr))
		return false;
	out->dst.s = out->std.s + HOUR_S;
	if (*at && *at != ',') {
		if (!read_time(&at, &west))
			return false;
		out->dst.s = -west;
	}
	return *at++ == ',' && read_day(&at, &out->begin) && *at++ == ',' &&
		read_day(&at, &out->end) && !*at;
}

/* ---- years --------------------------------------------------------------------------------- */

static int64_t
day_of(const struct zonerule_day *d, unsigned year)
{
	int64_t first = civil_days((struct civil){year, 1, 1});
	bool leap = civil_month_days(year, 2) == 29;
	unsigned weekday, length;
	int day;

	if (d->form == 'n')
		return first + d->day;
	if (d->form == 'J') /* the 60th day is 1 March in every year */
		return first + d->day - 1 + (leap && d->day >= 60);
	first = civil_days((struct civil){year, (unsigned)d->month, 1});
	weekday = (civil_weekday(first) + 1) % 7; /* Sunday is 0 here */
	length = civil_month_days(year, (unsigned)d->month);
	day = (d->day - (int)weekday + 7) % 7 + (d->week - 1) * 7;
	while (day >= (int)length)
		day -= 7;
	return first + day;
}

static void
add_change(struct zone *z, int64_t at_s, const struct zone_offset *to)
{
	size_t n = z->changes.list.len;

	if (n && at_s <= z->changes.list.at[n - 1].at_s)
		return;
	vec_push(&z->changes.list, (struct zone_change){at_s, *to});
}

void
zonerule_extend(const struct zonerule *r, struct zone *z)
{
	if (!r->has_dst)
		return; /* the last change has led to it */
	for (unsigned year = FIRST_YEAR; year <= ZONE_LAST_YEAR; year++) {
		int64_t begin = day_of(&r->begin, year) * DAY_S + r->begin.s - r->std.s;
		int64_t end = day_of(&r->end, year) * DAY_S + r->end.s - r->dst.s;

		if (begin < end) {
			add_change(z, begin, &r->dst);
			add_change(z, end, &r->std);
		} else { /* south of the equator */
			add_change(z, end, &r->std);
			add_change(z, begin, &r->dst);
		}
	}
}
