#include "base/zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/zonerule.h"

enum {
	DAY_S = 86400,
	MS = 1000,
	HEADER_BYTES = 44,
	TYPE_BYTES = 6,
	CHANGES_MAX = 4096,
	TYPES_MAX = 256,
	FAR_S = 26 * 3600, /* no offset is larger */
};

static const struct zone_offset utc = {0, "UTC"};

bool
zone_name_valid(const char *name)
{
	size_t len = strlen(name);

	if (len == 0 || len >= ZONE_NAME_BYTES || name[0] == '/' ||
		name[len - 1] == '/' || strstr(name, "//"))
		return false;
	/* no dot: no way up, and no list of the folder taken for a zone */
	return name[strspn(name,
		       "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		       "0123456789_+-/")] == '\0';
}

/* ---- the file ------------------------------------------------------------------------------ */

struct reader {
	const unsigned char *p;
	size_t len, at;
};

static uint64_t
big_endian(const unsigned char *p, int bytes)
{
	uint64_t n = 0;

	for (int i = 0; i < bytes; i++)
		n = n << 8 | p[i];
	return n;
}

static int32_t
signed32(const unsigned char *p)
{
	uint32_t n = (uint32_t)big_endian(p, 4);

	return n <= INT32_MAX ? (int32_t)n : -(int32_t)(UINT32_MAX - n) - 1;
}

static int64_t
signed64(const unsigned char *p)
{
	uint64_t n = big_endian(p, 8);

	return n <= INT64_MAX ? (int64_t)n : -(int64_t)(UINT64_MAX - n) - 1;
}

struct counts {
	int version;
	size_t isut, isstd, leap, time, type, chars;
};

static bool
read_header(struct reader *r, struct counts *c)
{
	const unsigned char *h = r->p + r->at;

	if (r->len - r->at < HEADER_BYTES || memcmp(h, "TZif", 4) != 0)
		return false;
	c->version = h[4] ? h[4] - '0' : 1;
	c->isut = big_endian(h + 20, 4);
	c->isstd = big_endian(h + 24, 4);
	c->leap = big_endian(h + 28, 4);
	c->time = big_endian(h + 32, 4);
	c->type = big_endian(h + 36, 4);
	c->chars = big_endian(h + 40, 4);
	r->at += HEADER_BYTES;
	return c->time <= CHANGES_MAX && c->type >= 1 && c->type <= TYPES_MAX &&
		c->chars <= 4096 && c->leap <= 4096 && c->isut <= TYPES_MAX &&
		c->isstd <= TYPES_MAX;
}

static size_t
block_bytes(const struct counts *c, size_t time_bytes)
{
	return c->time * (time_bytes + 1) + c->type * TYPE_BYTES + c->chars +
		c->leap * (time_bytes + 4) + c->isstd + c->isut;
}

static bool
read_type(const unsigned char *types, size_t type, const unsigned char *chars,
	const struct counts *c, struct zone_offset *out)
{
	const unsigned char *t = types + type * TYPE_BYTES;
	size_t n = 0;

	if (type >= c->type || t[5] >= c->chars)
		return false;
	out->s = signed32(t);
	for (size_t i = t[5]; i < c->chars && chars[i] && n + 1 < ZONE_ABBR_BYTES; i++)
		out->abbr[n++] = chars[i] > ' ' && chars[i] < 127 ? (char)chars[i] : '?';
	out->abbr[n] = '\0';
	return out->s > -FAR_S && out->s < FAR_S;
}

static bool
read_block(struct reader *r, const struct counts *c, struct zone *z)
{
	const unsigned char *times = r->p + r->at, *which = times + c->time * 8;
	const unsigned char *types = which + c->time;
	const unsigned char *chars = types + c->type * TYPE_BYTES;

	if (!read_type(types, 0, chars, c, &z->first))
		return false;
	for (size_t i = 0; i < c->time; i++) {
		struct zone_change change = {.at_s = signed64(times + i * 8)};

		if (i && change.at_s <= z->changes.list.at[i - 1].at_s)
			return false;
		if (!read_type(types, which[i], chars, c, &change.to))
			return false;
		vec_push(&z->changes.list, change);
	}
	r->at += block_bytes(c, 8);
	return true;
}

/* The rule behind the last change, between two line breaks; it may be empty. */
static bool
read_rule(struct reader *r, struct zone *z)
{
	char text[ZONERULE_BYTES];
	const unsigned char *end;
	struct zonerule rule;
	size_t len;

	if (r->at >= r->len || r->p[r->at] != '\n')
		return false;
	end = memchr(r->p + r->at + 1, '\n', r->len - r->at - 1);
	len = end ? (size_t)(end - r->p) - r->at - 1 : sizeof text;
	if (len >= sizeof text)
		return false;
	memcpy(text, r->p + r->at + 1, len);
	text[len] = '\0';
	if (!len)
		return true;
	if (strlen(text) != len || !zonerule_parse(text, &rule))
		return false;
	zonerule_extend(&rule, z);
	return true;
}

static bool
read_file(struct reader *r, struct zone *z)
{
	struct counts c;

	if (!read_header(r, &c) || c.version < 2 || r->len - r->at < block_bytes(&c, 4))
		return false; /* files of version 1 end in 2038 and are no longer made */
	r->at += block_bytes(&c, 4);
	return read_header(r, &c) && r->len - r->at >= block_bytes(&c, 8) &&
		read_block(r, &c, z) && read_rule(r, z);
}

struct zone *
zone_parse(const char *name, const void *p, size_t len, struct err *e)
{
	struct zone *z = mem_alloc(sizeof *z);
	struct reader r = {.p = p, .len = len};

	snprintf(z->name, sizeof z->name, "%s", name);
	if (read_file(&r, z))
		return z;
	zone_free(z);
	err_set(e, ERR_PARSE, "the file of the zone %s is no time zone", name);
	return NULL;
}

struct zone *
zone_new_utc(void)
{
	struct zone *z = mem_alloc(sizeof *z);

	snprintf(z->name, sizeof z->name, "UTC");
	z->first = utc;
	return z;
}

struct zone *
zone_copy(const struct zone *z)
{
	struct zone *copy = mem_copy(z, sizeof *z);

	memset(&copy->changes, 0, sizeof copy->changes);
	for (size_t i = 0; i < z->changes.list.len; i++)
		vec_push(&copy->changes.list, z->changes.list.at[i]);
	return copy;
}

void
zone_free(struct zone *z)
{
	if (!z)
		return;
	vec_free(&z->changes.list);
	mem_free(z);
}

/* ---- asking -------------------------------------------------------------------------------- */

static int64_t
seconds(struct wall t)
{
	return t.ms >= 0 ? t.ms / MS : -((-t.ms + MS - 1) / MS);
}

const struct zone_offset *
zone_at(const struct zone *z, struct wall t)
{
	int64_t at = seconds(t);
	size_t low = 0, high = z ? z->changes.list.len : 0;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (z->changes.list.at[mid].at_s <= at)
			low = mid + 1;
		else
			high = mid;
	}
	if (low)
		return &z->changes.list.at[low - 1].to;
	return z ? &z->first : &utc;
}

struct zone_local
zone_local(const struct zone *z, struct wall t)
{
	int64_t s = seconds(t) + zone_at(z, t)->s;
	int64_t day = s >= 0 ? s / DAY_S : -((-s + DAY_S - 1) / DAY_S);

	return (struct zone_local){civil_of_days(day), (unsigned)(s - day * DAY_S)};
}

static bool
same(struct zone_local a, struct zone_local b)
{
	return a.s == b.s && civil_days(a.date) == civil_days(b.date);
}

struct wall
zone_wall(const struct zone *z, struct zone_local l, bool later)
{
	int64_t naive = civil_days(l.date) * DAY_S + l.s;
	/* the offsets of the day before and of the day after: one of them holds */
	int32_t before = zone_at(z, (struct wall){(naive - DAY_S) * MS})->s;
	int32_t after = zone_at(z, (struct wall){(naive + DAY_S) * MS})->s;
	struct wall a = {(naive - before) * MS}, b = {(naive - after) * MS};

	if (!same(zone_local(z, a), l))
		return same(zone_local(z, b), l) ? b : a;
	return later && same(zone_local(z, b), l) ? b : a;
}

const char *
zone_text(const struct zone *z, struct wall t, char out[ZONE_TEXT_BYTES])
{
	static const char days[][4] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
	struct zone_local l = zone_local(z, t);

	snprintf(out, ZONE_TEXT_BYTES, "%s %04u-%02u-%02u %02u:%02u %s",
		days[civil_weekday(civil_days(l.date))], l.date.year % 10000,
		l.date.month % 100, l.date.day % 100, l.s / 3600 % 24, l.s / 60 % 60,
		zone_at(z, t)->abbr);
	return out;
}
