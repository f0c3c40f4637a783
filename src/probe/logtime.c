#include "probe/logtime.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { LOOKED_AT = 300, DAY_S = 86400 };

bool
logtime_zone(const char *text, int64_t *seconds)
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

static bool
in_range(const struct tm *t)
{
	return t->tm_year >= 70 && t->tm_year < 400 && t->tm_mon >= 0 && t->tm_mon < 12 &&
		t->tm_mday >= 1 && t->tm_mday <= 31 && t->tm_hour >= 0 &&
		t->tm_hour < 24 && t->tm_min >= 0 && t->tm_min < 60 && t->tm_sec >= 0 &&
		t->tm_sec <= 60;
}

static int
month_of(const char *name)
{
	static const char all[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (int i = 0; i < 12; i++)
		if (strncmp(all + i * 3, name, 3) == 0)
			return i;
	return -1;
}

/* What may stand after the seconds: a fraction and a zone. */
static int64_t
zone_after(const char *p, int64_t otherwise)
{
	int64_t zone;

	if (*p == '.' || *p == ',')
		for (p++; isdigit((unsigned char)*p); p++)
			;
	if (*p == ' ')
		p++;
	if (*p == 'Z' || strncmp(p, "UTC", 3) == 0 || strncmp(p, "GMT", 3) == 0)
		return 0;
	return logtime_zone(p, &zone) ? zone : otherwise;
}

static bool
read_iso(const struct logtime_clock *c, const char *p, int64_t *out)
{
	struct tm t = {0};
	char a, b, between;
	int n = 0;

	if (sscanf(p, "%4d%c%2d%c%2d%c%2d:%2d:%2d%n", &t.tm_year, &a, &t.tm_mon, &b,
		    &t.tm_mday, &between, &t.tm_hour, &t.tm_min, &t.tm_sec, &n) != 9 ||
		a != b || (a != '-' && a != '/') || (between != 'T' && between != ' '))
		return false;
	t.tm_year -= 1900;
	t.tm_mon--;
	if (!in_range(&t))
		return false;
	*out = (int64_t)timegm(&t) - zone_after(p + n, c->zone_s);
	return true;
}

/* 28/Nov/2026:00:13:25 +0000 */
static bool
read_web(const struct logtime_clock *c, const char *p, int64_t *out)
{
	struct tm t = {0};
	char month[4];
	int n = 0;

	if (sscanf(p, "%2d/%3[A-Za-z]/%4d:%2d:%2d:%2d%n", &t.tm_mday, month, &t.tm_year,
		    &t.tm_hour, &t.tm_min, &t.tm_sec, &n) != 6)
		return false;
	t.tm_mon = month_of(month);
	t.tm_year -= 1900;
	if (!in_range(&t))
		return false;
	*out = (int64_t)timegm(&t) - zone_after(p + n, c->zone_s);
	return true;
}

/* Nov 28 00:13:25, of the last twelve months. */
static bool
read_syslog(const struct logtime_clock *c, const char *p, int64_t *out)
{
	time_t here = (time_t)(c->now_s + c->zone_s);
	struct tm t = {0}, now;
	char month[4];

	if (sscanf(p, "%3[A-Za-z] %2d %2d:%2d:%2d", month, &t.tm_mday, &t.tm_hour,
		    &t.tm_min, &t.tm_sec) != 5 ||
		!gmtime_r(&here, &now))
		return false;
	t.tm_mon = month_of(month);
	t.tm_year = now.tm_year;
	if (!in_range(&t))
		return false;
	*out = (int64_t)timegm(&t) - c->zone_s;
	if (*out > c->now_s + DAY_S) {
		t.tm_year--;
		*out = (int64_t)timegm(&t) - c->zone_s;
	}
	return true;
}

bool
logtime_read(
	const struct logtime_clock *c, const char *line, size_t len, int64_t *seconds)
{
	char head[LOOKED_AT + 1];
	size_t n = len < LOOKED_AT ? len : LOOKED_AT;

	memcpy(head, line, n);
	head[n] = '\0';
	n = strlen(head);
	for (size_t i = 0; i + 14 < n; i++) {
		const char *p = head + i;
		bool digit = isdigit((unsigned char)*p);
		bool first = i == 0 || !isalnum((unsigned char)head[i - 1]);

		if (!first)
			continue;
		if (digit && (p[4] == '-' || p[4] == '/') && read_iso(c, p, seconds))
			return true;
		if (digit && p[2] == '/' && read_web(c, p, seconds))
			return true;
		if (!digit && p[3] == ' ' && read_syslog(c, p, seconds))
			return true;
	}
	return false;
}
