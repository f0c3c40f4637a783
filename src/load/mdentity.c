#include "load/mdentity.h"

#include <stdint.h>
#include <string.h>

#include "base/text.h"

/* Those that people type. */
static const struct {
	const char *name;
	uint32_t cp;
} names[] = {
	{"amp", '&'},
	{"apos", '\''},
	{"bull", 0x2022},
	{"check", 0x2713},
	{"copy", 0xa9},
	{"deg", 0xb0},
	{"ge", 0x2265},
	{"gt", '>'},
	{"hellip", 0x2026},
	{"laquo", 0xab},
	{"larr", 0x2190},
	{"ldquo", 0x201c},
	{"le", 0x2264},
	{"lsquo", 0x2018},
	{"lt", '<'},
	{"mdash", 0x2014},
	{"micro", 0xb5},
	{"middot", 0xb7},
	{"nbsp", ' '},
	{"ndash", 0x2013},
	{"ne", 0x2260},
	{"quot", '"'},
	{"raquo", 0xbb},
	{"rarr", 0x2192},
	{"rdquo", 0x201d},
	{"rsquo", 0x2019},
	{"times", 0xd7},
};

enum { CP_MAX = 0x10ffff };

static bool
number(const char *s, size_t len, uint32_t *cp)
{
	uint32_t base = 10, n = 0;

	if (len && (*s == 'x' || *s == 'X')) {
		base = 16;
		s++;
		len--;
	}
	for (size_t i = 0; i < len; i++) {
		uint32_t digit = s[i] >= '0' && s[i] <= '9'
			? (uint32_t)(s[i] - '0')
			: (uint32_t)((s[i] | 32) - 'a' + 10);

		if (digit >= base || n > CP_MAX)
			return false;
		n = n * base + digit;
	}
	*cp = n;
	return len > 0;
}

void
mdentity_add_visible(struct str *out, unsigned cp)
{
	str_addf(out, "<U+%04X>", cp);
}

void
mdentity_add(struct str *out, const char *s, size_t len)
{
	uint32_t cp = 0;

	if (len > 3 && s[1] == '#' && number(s + 2, len - 3, &cp)) {
		if (cp > CP_MAX || (cp >= 0xd800 && cp <= 0xdfff))
			cp = 0xfffd;
		if (text_forbidden(cp) || cp == 0x85 || cp == 0x2028 || cp == 0x2029)
			mdentity_add_visible(out, cp);
		else
			text_encode(out, cp == '\n' || cp == '\r' ? ' ' : cp);
		return;
	}
	for (size_t i = 0; len > 2 && i < sizeof names / sizeof names[0]; i++) {
		if (strlen(names[i].name) == len - 2 &&
			memcmp(names[i].name, s + 1, len - 2) == 0) {
			text_encode(out, names[i].cp);
			return;
		}
	}
	str_add(out, s, len);
}
