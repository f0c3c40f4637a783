#include "event/canon.h"

#include <string.h>

#include "base/str.h"
#include "base/vec.h"

static bool
wrong(struct canon *c, const char *at, const char *why)
{
	c->at = at;
	c->wrong = why;
	return false;
}

bool
canon_mismatch(struct canon *c, const char *text)
{
	while (c->at < c->end && *c->at == *text) {
		c->at++;
		text++;
	}
	return wrong(c, c->at, "not in the order or the spelling of a record");
}

bool
canon_int(struct canon *c, int64_t *out)
{
	const int64_t most = ((int64_t)1 << 53) - 1;
	const char *start = c->at;
	bool minus = c->at < c->end && *c->at == '-';
	int64_t n = 0;
	const char *digits;

	if (minus)
		c->at++;
	digits = c->at;
	while (c->at < c->end && *c->at >= '0' && *c->at <= '9') {
		n = n * 10 + (*c->at - '0');
		if (n > most)
			return wrong(c, start, "an integer beyond 2^53-1");
		c->at++;
	}
	if (c->at == digits)
		return wrong(c, c->at, "not an integer");
	if (*digits == '0' && (c->at - digits > 1 || minus))
		return wrong(c, start, "an integer in another spelling");
	if (out)
		*out = minus ? -n : n;
	return true;
}

/* The escape after the backslash at p: bytes it takes, 0 when it is not the spelling that
 * jq (and 0x7f) has for this character. */
static size_t
escape_len(const char *p, const char *end)
{
	unsigned v;

	if (end - p >= 2 && strchr("\"\\bfnrt", p[1]) && p[1])
		return 2;
	if (end - p < 6 || memcmp(p, "\\u00", 4) != 0)
		return 0;
	if (p[4] != '0' && p[4] != '1' && p[4] != '7')
		return 0;
	if (!((p[5] >= '0' && p[5] <= '9') || (p[5] >= 'a' && p[5] <= 'f')))
		return 0;
	v = (unsigned)(p[4] - '0') * 16 +
		(unsigned)(p[5] <= '9' ? p[5] - '0' : p[5] - 'a' + 10);
	if (v == 0x7f)
		return 6;
	if (v >= 0x20 || v == '\b' || v == '\f' || v == '\n' || v == '\r' || v == '\t')
		return 0;
	return 6;
}

/* Bytes at the front that stand for themselves, eight at a time while it lasts: none of
 * quote, backslash, controls and DEL. All bits of them, and of a few more, go into *seen. */
static size_t
plain_run(const char *s, size_t len, uint64_t *seen)
{
	const uint64_t ones = 0x0101010101010101u, tops = ones * 0x80;
	size_t i = 0;

	for (; len - i >= sizeof(uint64_t); i += sizeof(uint64_t)) {
		uint64_t x;
		memcpy(&x, s + i, sizeof x);
		*seen |= x;
		uint64_t quote = x ^ ones * '"', slash = x ^ ones * '\\',
			 del = x ^ ones * 0x7f;
		/* May object to a good byte after a bad one, never the other way round. */
		uint64_t bad = ((x - ones * 0x20) & ~x) | ((quote - ones) & ~quote) |
			((slash - ones) & ~slash) | ((del - ones) & ~del);
		bad &= tops;
		if (bad) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
			return i + (size_t)__builtin_ctzll(bad) / 8;
#else
			break;
#endif
		}
	}
	while (i < len && s[i] != '"' && s[i] != '\\' && (unsigned char)s[i] >= 0x20 &&
		s[i] != 0x7f)
		*seen |= (unsigned char)s[i++];
	return i;
}

bool
canon_string(struct canon *c, const char **start, size_t *len)
{
	uint64_t seen = 0;
	const char *p;

	if (c->at == c->end || *c->at != '"')
		return canon_mismatch(c, "\"");
	p = ++c->at;
	for (;;) {
		p += plain_run(p, (size_t)(c->end - p), &seen);
		if (p == c->end)
			return wrong(c, p, "a string without end");
		if (*p == '"')
			break;
		if (*p != '\\')
			return wrong(c, p, "a raw control byte");
		size_t n = escape_len(p, c->end);
		if (!n)
			return wrong(c, p, "an escape in another spelling");
		p += n;
	}
	c->high |= (seen & 0x8080808080808080u) != 0;
	*start = c->at;
	*len = (size_t)(p - c->at);
	c->at = p + 1;
	return true;
}

char *
canon_unescape(const char *start, size_t len)
{
	struct str s = STR_INIT;
	const char *end = start + len;

	for (const char *p = start; p < end;) {
		static const char from[] = "\"\\bfnrt", to[] = "\"\\\b\f\n\r\t";
		int v;

		if (*p != '\\') {
			str_addc(&s, *p++);
			continue;
		}
		if (p[1] != 'u') {
			str_addc(&s, to[strchr(from, p[1]) - from]);
			p += 2;
			continue;
		}
		v = (p[4] - '0') * 16 + (p[5] <= '9' ? p[5] - '0' : p[5] - 'a' + 10);
		if (v == 0) {
			str_release(&s);
			return NULL;
		}
		str_addc(&s, (char)v);
		p += 6;
	}
	return str_take(&s);
}

static bool scan_value(struct canon *c, int depth);

static bool
plain_key(const char *key, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!((key[i] >= 'a' && key[i] <= 'z') ||
			    (key[i] >= '0' && key[i] <= '9') || key[i] == '_'))
			return false;
	return len > 0;
}

struct member {
	const char *key;
	size_t len;
};

/* Few objects have more members than fit beside the stack. */
enum { MEMBERS_NEAR = 24 };

struct members {
	struct member near[MEMBERS_NEAR];
	size_t len;
	VEC_OF(struct member) far;
};

static bool
seen_before(const struct members *seen, const struct member *m)
{
	for (size_t i = 0; i < seen->len; i++) {
		const struct member *have = i < MEMBERS_NEAR
			? &seen->near[i]
			: &seen->far.at[i - MEMBERS_NEAR];
		if (have->len == m->len && memcmp(have->key, m->key, m->len) == 0)
			return true;
	}
	return false;
}

static bool
scan_key(struct canon *c, struct members *seen, int depth)
{
	const char *at = c->at;
	struct member m;

	if (!canon_string(c, &m.key, &m.len))
		return false;
	if (depth == 1 && !plain_key(m.key, m.len))
		return wrong(c, at, "a key that is not [a-z0-9_]+");
	if (seen_before(seen, &m))
		return wrong(c, at, "a key that is there twice");
	if (seen->len == CANON_MEMBERS)
		return wrong(c, at, "an object of too many members");
	if (seen->len < MEMBERS_NEAR)
		seen->near[seen->len] = m;
	else
		vec_push(&seen->far, m);
	seen->len++;
	return canon_literal(c, ":");
}

static bool
scan_object(struct canon *c, int depth)
{
	struct members seen;
	bool ok = true;

	if (!canon_literal(c, "{"))
		return false;
	if (c->at < c->end && *c->at == '}')
		return canon_literal(c, "}");
	seen.len = 0;
	memset(&seen.far, 0, sizeof seen.far);
	for (;;) {
		ok = scan_key(c, &seen, depth) && scan_value(c, depth + 1);
		if (!ok || c->at == c->end || *c->at != ',')
			break;
		c->at++;
	}
	vec_free(&seen.far);
	return ok && canon_literal(c, "}");
}

static bool
scan_array(struct canon *c, int depth)
{
	if (!canon_literal(c, "["))
		return false;
	if (c->at < c->end && *c->at == ']')
		return canon_literal(c, "]");
	for (;;) {
		if (!scan_value(c, depth + 1))
			return false;
		if (c->at == c->end || *c->at != ',')
			return canon_literal(c, "]");
		c->at++;
	}
}

static bool
scan_value(struct canon *c, int depth)
{
	const char *start;
	size_t len;

	if (depth > CANON_DEPTH)
		return wrong(c, c->at, "nested too deep");
	switch (c->at < c->end ? *c->at : '\0') {
	case '{':
		return scan_object(c, depth);
	case '[':
		return scan_array(c, depth);
	case '"':
		return canon_string(c, &start, &len);
	case 't':
		return canon_literal(c, "true");
	case 'f':
		return canon_literal(c, "false");
	case 'n':
		return canon_literal(c, "null");
	default:
		return canon_int(c, NULL);
	}
}

bool
canon_object(struct canon *c)
{
	return scan_object(c, 1);
}
