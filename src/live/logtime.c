#include "live/logtime.h"

#include <stdint.h>
#include <string.h>

enum { SEC = 1000, MIN = 60 * SEC, HOUR = 60 * MIN, DAY = 24 * HOUR, CLF_WITHIN = 200 };

/* What stands written; -1: left out. */
struct parts {
	int year, month, day, h, m, s, ms;
	int zone_min;
	bool has_zone;
	size_t seconds_at; /* where they stand */
};

/* ---- the calendar ---- */

static int64_t
days_of(int year, int month, int day)
{
	int y = year - (month <= 2);
	int era = y / 400, yoe = y % 400;
	int doy = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static int64_t
zone_ms(const struct parts *p, const struct logtime_ref *ref)
{
	return (int64_t)(p->has_zone ? p->zone_min : ref->zone_min) * MIN;
}

static int64_t
ms_of(const struct parts *p, int year, const struct logtime_ref *ref)
{
	return days_of(year, p->month, p->day) * DAY + (int64_t)p->h * HOUR +
		(int64_t)p->m * MIN + (int64_t)p->s * SEC + p->ms - zone_ms(p, ref);
}

static int
year_of(int64_t ms)
{
	int64_t year = 1970 + ms / DAY / 365;

	while (days_of((int)year, 1, 1) * DAY > ms)
		year--;
	return (int)year;
}

static int64_t
distance(int64_t a, int64_t b)
{
	return a < b ? b - a : a - b;
}

/* The day that brings it nearest to now; the last year in which it is not ahead of now, but
 * for the clock of a host that is a day ahead. */
static int64_t
likeliest(const struct parts *p, const struct logtime_ref *ref)
{
	int year = year_of(ref->near.ms);
	int64_t best = 0;

	if (p->month < 0) {
		int64_t zone = (int64_t)ref->zone_min * MIN;
		int64_t midnight = (ref->near.ms + zone) / DAY * DAY - zone;
		int64_t of_day = (int64_t)p->h * HOUR + (int64_t)p->m * MIN +
			(int64_t)p->s * SEC + p->ms;

		best = midnight + of_day;
		for (int d = -1; d <= 1; d += 2) {
			int64_t other = midnight + of_day + (int64_t)d * DAY;
			if (distance(other, ref->near.ms) < distance(best, ref->near.ms))
				best = other;
		}
		return best;
	}
	for (int d = 1; d >= -1; d--) {
		best = ms_of(p, year + d, ref);
		if (best <= ref->near.ms + DAY)
			break;
	}
	return best;
}

static bool
resolve(const struct parts *p, const struct logtime_ref *ref, struct wall *out)
{
	if (p->h > 23 || p->m > 59 || p->s > 60)
		return false;
	if (p->month >= 0 && (p->month < 1 || p->month > 12 || p->day < 1 || p->day > 31))
		return false;
	if (p->year >= 0 && (p->year < 1970 || p->year > 2200))
		return false;
	out->ms = p->year >= 0 ? ms_of(p, p->year, ref) : likeliest(p, ref);
	return true;
}

/* ---- a cursor over the bytes ---- */

struct cur {
	const char *s;
	size_t len, at;
};

static bool
digit_at(const struct cur *c, size_t at)
{
	return at < c->len && c->s[at] >= '0' && c->s[at] <= '9';
}

static bool
take(struct cur *c, char ch)
{
	if (c->at >= c->len || c->s[c->at] != ch)
		return false;
	c->at++;
	return true;
}

static bool
take_of(struct cur *c, const char *set)
{
	if (c->at >= c->len)
		return false;
	for (; *set; set++) {
		if (c->s[c->at] == *set) {
			c->at++;
			return true;
		}
	}
	return false;
}

static bool
digits(struct cur *c, unsigned n, int *out)
{
	int v = 0;

	for (unsigned i = 0; i < n; i++) {
		if (!digit_at(c, c->at + i))
			return false;
		v = v * 10 + (c->s[c->at + i] - '0');
	}
	c->at += n;
	*out = v;
	return true;
}

/* Day of a month, padded with a blank or a zero or not at all. */
static bool
day(struct cur *c, int *out)
{
	take(c, ' ');
	return digit_at(c, c->at + 1) ? digits(c, 2, out) : digits(c, 1, out);
}

#define THREE(a, b, c) ((uint32_t)(a) << 16 | (uint32_t)(b) << 8 | (uint32_t)(c))

static bool
month_name(struct cur *c, int *out)
{
	static const uint32_t names[] = {THREE('J', 'a', 'n'), THREE('F', 'e', 'b'),
		THREE('M', 'a', 'r'), THREE('A', 'p', 'r'), THREE('M', 'a', 'y'),
		THREE('J', 'u', 'n'), THREE('J', 'u', 'l'), THREE('A', 'u', 'g'),
		THREE('S', 'e', 'p'), THREE('O', 'c', 't'), THREE('N', 'o', 'v'),
		THREE('D', 'e', 'c')};
	const unsigned char *s = (const unsigned char *)c->s + c->at;

	if (c->len - c->at < 3)
		return false;
	for (int i = 0; i < 12; i++) {
		if (names[i] == THREE(s[0], s[1], s[2])) {
			*out = i + 1;
			c->at += 3;
			return true;
		}
	}
	return false;
}

static void
fraction(struct cur *c, struct parts *p)
{
	int scale = 100;

	if (!digit_at(c, c->at + 1) || !take_of(c, ".,"))
		return;
	for (; digit_at(c, c->at); c->at++) {
		p->ms += (c->s[c->at] - '0') * scale;
		scale /= 10;
	}
}

/* Eight bytes of a form: a digit where it has a 0, and what it has elsewhere. `over` is what
 * lifts a byte that does not fit to 0x80 when it is added to the difference. */
struct eight {
	char form[9], over[9];
};

static const struct eight hms = {"00:00:00", "\x76\x76\x7f\x76\x76\x7f\x76\x76"};
static const struct eight ymd = {"0000-00-", "\x76\x76\x76\x76\x7f\x76\x76\x7f"};
static const struct eight ymd_slashes = {"0000/00/", "\x76\x76\x76\x76\x7f\x76\x76\x7f"};

static bool
fits(const struct cur *c, const struct eight *e)
{
	uint64_t x, form, over;

	if (c->len - c->at < sizeof x)
		return false;
	memcpy(&x, c->s + c->at, sizeof x);
	memcpy(&form, e->form, sizeof form);
	memcpy(&over, e->over, sizeof over);
	x ^= form;
	return ((x | (x + over)) & 0x8080808080808080u) == 0;
}

/* Two digits that were looked at before. */
static int
two(const char *s)
{
	return (s[0] - '0') * 10 + s[1] - '0';
}

static bool
clock_time(struct cur *c, struct parts *p)
{
	const char *s = c->s + c->at;

	if (!fits(c, &hms))
		return false;
	p->h = two(s);
	p->m = two(s + 3);
	p->s = two(s + 6);
	p->seconds_at = c->at + 6;
	c->at += sizeof(uint64_t);
	fraction(c, p);
	return true;
}

/* Z, +0200, +02:00, UTC or GMT; other letters are names nobody can be sure of. */
static void
zone(struct cur *c, struct parts *p)
{
	struct cur t = *c;
	int h, m = 0, sign;

	take(&t, ' ');
	if (t.at >= t.len)
		return;
	if (t.s[t.at] == 'Z') {
		t.at++;
	} else if (t.len - t.at >= 3 &&
		(memcmp(t.s + t.at, "UTC", 3) == 0 ||
			memcmp(t.s + t.at, "GMT", 3) == 0)) {
		t.at += 3;
	} else {
		sign = t.s[t.at] == '-' ? -1 : 1;
		if (!take_of(&t, "+-") || !digits(&t, 2, &h))
			return;
		take(&t, ':');
		if (digit_at(&t, t.at) && !digits(&t, 2, &m))
			return;
		if (h > 14 || m > 59)
			return;
		p->zone_min = sign * (h * 60 + m);
	}
	if (t.at < t.len && ((t.s[t.at] | 0x20) >= 'a' && (t.s[t.at] | 0x20) <= 'z'))
		return;
	p->has_zone = true;
	*c = t;
}

/* ---- the forms ---- */

/* 2026-11-20T13:28:53.311Z, 2026/11/20 13:28:53, 2026-11-20 13:28:53,311 +0100 */
static bool
iso(struct cur *c, struct parts *p)
{
	const char *s = c->s + c->at;

	if (!fits(c, &ymd) && !fits(c, &ymd_slashes))
		return false;
	p->year = two(s) * 100 + two(s + 2);
	p->month = two(s + 5);
	c->at += sizeof(uint64_t);
	if (!digits(c, 2, &p->day) || !take_of(c, "T t_") || !clock_time(c, p))
		return false;
	zone(c, p);
	return true;
}

/* Nov 20 13:28:53 */
static bool
syslog(struct cur *c, struct parts *p)
{
	return month_name(c, &p->month) && take(c, ' ') && day(c, &p->day) &&
		take(c, ' ') && clock_time(c, p);
}

/* Fri Nov 20 13:28:53.123456 2026 */
static bool
ctime_form(struct cur *c, struct parts *p)
{
	static const char names[] = "MonTueWedThuFriSatSun";
	bool known = false;

	for (int i = 0; i < 7 && c->len - c->at > 4; i++)
		known = known || memcmp(c->s + c->at, names + 3 * i, 3) == 0;
	if (!known)
		return false;
	c->at += 3;
	if (!take(c, ' ') || !syslog(c, p))
		return false;
	zone(c, p);
	return take(c, ' ') && digits(c, 4, &p->year);
}

/* 20 Nov 2026 13:28:53.311 (redis, after its role), 20/Nov/2026:13:28:53 +0000 */
static bool
day_first(struct cur *c, struct parts *p)
{
	if (!day(c, &p->day) || !take_of(c, " /-") || !month_name(c, &p->month) ||
		!take_of(c, " /-") || !digits(c, 4, &p->year) || !take_of(c, " :") ||
		!clock_time(c, p))
		return false;
	zone(c, p);
	return true;
}

/* 1:M 20 Nov 2026 13:28:53.311 */
static bool
redis(struct cur *c, struct parts *p)
{
	size_t from = c->at;

	while (digit_at(c, c->at))
		c->at++;
	return c->at > from && take(c, ':') && take_of(c, "MSCX") && take(c, ' ') &&
		day_first(c, p);
}

/* E1120 13:28:53.311000 */
static bool
klog(struct cur *c, struct parts *p)
{
	return take_of(c, "IWEF") && digits(c, 2, &p->month) && digits(c, 2, &p->day) &&
		take(c, ' ') && clock_time(c, p);
}

static bool
bare(struct cur *c, struct parts *p)
{
	if (!clock_time(c, p))
		return false;
	zone(c, p);
	return true;
}

typedef bool form_fn(struct cur *c, struct parts *p);

static form_fn *const with_letter[] = {syslog, klog, ctime_form};
enum { COUNT_LETTERS = sizeof with_letter / sizeof *with_letter, EPOCH_DIGITS = 10 };

/* The only form that can be meant, by how many digits stand at the front and what stands
 * behind them. */
static form_fn *
form_of_digits(const struct cur *c, size_t n)
{
	char behind = c->at + n < c->len ? c->s[c->at + n] : '\0';

	if (n == 4 && (behind == '-' || behind == '/'))
		return iso;
	if (n <= 2 && (behind == ' ' || behind == '/' || behind == '-'))
		return day_first;
	if (behind == ':')
		return digit_at(c, c->at + n + 1) ? bare : redis;
	return NULL;
}

static size_t
read_form(const struct cur *from, form_fn *form, const struct logtime_ref *ref,
	struct wall *out)
{
	struct parts p = {.year = -1, .month = -1, .day = -1};
	struct cur c = *from;

	return form(&c, &p) && resolve(&p, ref, out) ? c.at : 0;
}

/* A form that says all up to the seconds. */
static size_t
read_whole_form(const struct cur *from, form_fn *form, const struct logtime_ref *ref,
	struct wall *out)
{
	struct logtime_minute *m = form == iso ? &ref->memo->iso : &ref->memo->day_first;
	struct parts p = {.year = -1};
	struct cur c = *from;

	if (m->len > 0 && c.len - c.at > m->len &&
		memcmp(c.s + c.at, m->text, m->len) == 0) {
		c.at += m->len;
		if (!digits(&c, 2, &p.s) || p.s > 60)
			return 0;
		fraction(&c, &p);
		zone(&c, &p);
		out->ms = m->ms + (int64_t)p.s * SEC + p.ms - zone_ms(&p, ref);
		return c.at;
	}
	if (!form(&c, &p) || !resolve(&p, ref, out))
		return 0;
	if (p.seconds_at - from->at <= sizeof m->text) {
		m->len = (unsigned char)(p.seconds_at - from->at);
		memcpy(m->text, from->s + from->at, m->len);
		m->ms = out->ms + zone_ms(&p, ref) - (int64_t)p.s * SEC - p.ms;
	}
	return c.at;
}

bool
logtime_epoch(const char *s, size_t len, struct wall *out)
{
	int64_t n = 0;
	struct parts p = {.ms = 0};
	size_t at = 0;

	while (at < len && at < 19 && s[at] >= '0' && s[at] <= '9')
		n = n * 10 + (s[at++] - '0');
	if (at == 10) {
		struct cur c = {s, len, at};

		fraction(&c, &p);
		at = c.at;
		n = n * SEC + p.ms;
	} else if (at == 16 || at == 19) {
		n /= at == 16 ? 1000 : 1000000;
	} else if (at != 13) {
		return false;
	}
	out->ms = n;
	return at == len && n > 0;
}

static size_t
read_epoch(const struct cur *from, struct wall *out)
{
	const char *s = from->s + from->at;
	size_t len = from->len - from->at, n = 0;

	while (n < len && ((s[n] >= '0' && s[n] <= '9') || s[n] == '.'))
		n++;
	if (n < 10 || (n < len && s[n] != ' ' && s[n] != '\t' && s[n] != ']'))
		return 0;
	return logtime_epoch(s, n, out) ? from->at + n : 0;
}

static size_t
read_any(const struct cur *from, const struct logtime_ref *ref, struct wall *out)
{
	size_t n = 0, used = 0;
	form_fn *form;

	while (digit_at(from, from->at + n))
		n++;
	if (n >= EPOCH_DIGITS)
		used = read_epoch(from, out);
	else if (n > 0 && (form = form_of_digits(from, n)) != NULL)
		used = ref->memo && (form == iso || form == day_first)
			? read_whole_form(from, form, ref, out)
			: read_form(from, form, ref, out);
	for (size_t i = 0; n == 0 && i < COUNT_LETTERS && !used; i++)
		used = read_form(from, with_letter[i], ref, out);
	return used;
}

size_t
logtime_read(const char *s, size_t len, const struct logtime_ref *ref, struct wall *out)
{
	struct cur c = {s, len, 0};
	bool bracket = take(&c, '[');
	size_t used = read_any(&c, ref, out);

	if (!used)
		return 0;
	c.at = used;
	if (bracket)
		take(&c, ']');
	while (c.at < len && (s[c.at] == ' ' || s[c.at] == '\t'))
		c.at++;
	return c.at;
}

size_t
logtime_find_clf(
	const char *s, size_t len, const struct logtime_ref *ref, struct wall *out)
{
	size_t within = len < CLF_WITHIN ? len : CLF_WITHIN;
	const char *open = s;

	while ((open = memchr(open, '[', within - (size_t)(open - s))) != NULL) {
		struct cur c = {s, len, (size_t)(open - s) + 1};
		size_t used = ref->memo ? read_whole_form(&c, day_first, ref, out)
					: read_form(&c, day_first, ref, out);

		if (used && used < len && s[used] == ']')
			return used + 1;
		open++;
	}
	return 0;
}
