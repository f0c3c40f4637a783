#include "load/mdline.h"

#include <string.h>

static bool
one_of(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

/* How many bytes from the front are in `set`. */
static size_t
span(const char *s, size_t len, const char *set)
{
	size_t n = 0;

	while (n < len && one_of(s[n], set))
		n++;
	return n;
}

/* Bytes of a list marker at the front with what follows it, or 0. */
static size_t
marker(const char *s, size_t len)
{
	size_t digits = span(s, len, "0123456789");

	if (!digits && len && one_of(s[0], "-+*"))
		return len == 1 || one_of(s[1], " \t") ? 1 : 0;
	if (digits && digits <= 9 && digits < len && one_of(s[digits], ".)"))
		return digits + 1 == len || one_of(s[digits + 1], " \t") ? digits + 1 : 0;
	return 0;
}

static bool
is_rule(const char *s, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		if (s[i] == s[0])
			n++;
		else if (!one_of(s[i], " \t"))
			return false;
	}
	return n >= 3 && one_of(s[0], "-*_");
}

static bool
is_delimiter(const char *s, size_t len)
{
	return memchr(s, '-', len) && (memchr(s, '|', len) || memchr(s, ':', len)) &&
		span(s, len, "|-: \t") == len;
}

static bool
is_definition(const char *s, size_t len)
{
	const char *close = s[0] == '[' ? memchr(s, ']', len) : NULL;

	return close && close > s + 1 && close + 1 < s + len && close[1] == ':';
}

bool
mdline_marked(const char *s, size_t len)
{
	size_t n = span(s, len, " \t>");

	return marker(s + n, len - n) > 0;
}

enum mdline_kind
mdline_kind(const char *s, size_t len)
{
	size_t n = span(s, len, " \t>");

	s += n;
	len -= n;
	while (len && one_of(s[len - 1], " \t"))
		len--;
	if (!len)
		return MDLINE_BLANK;
	if (is_rule(s, len))
		return MDLINE_RULE;
	if (span(s, len, "=") == len || span(s, len, "-") == len)
		return len == 1 && s[0] == '-' ? MDLINE_MARKER : MDLINE_UNDERLINE;
	n = marker(s, len);
	if (n && n == len)
		return MDLINE_MARKER;
	if (n) { /* what stands in the item */
		n += span(s + n, len - n, " \t");
		return mdline_kind(s + n, len - n);
	}
	if (span(s, len, "`") >= 3 || span(s, len, "~") >= 3)
		return MDLINE_FENCE;
	if (is_delimiter(s, len))
		return MDLINE_DELIMITER;
	n = span(s, len, "#");
	if (n && n <= 6 && span(s + n, len - n, " \t#") == len - n)
		return MDLINE_HEADING;
	return is_definition(s, len) ? MDLINE_DEFINITION : MDLINE_TEXT;
}
