#include "model/quantity.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

static const struct unit {
	const char *name;
	enum expect_family family;
	double factor;
} units[] = {
	{"", EXPECT_PLAIN, 1},
	{"ms", EXPECT_DURATION, 1},
	{"s", EXPECT_DURATION, 1e3},
	{"m", EXPECT_DURATION, 60e3},
	{"h", EXPECT_DURATION, 3600e3},
	{"d", EXPECT_DURATION, 86400e3},
	{"B", EXPECT_BYTES, 1},
	{"KiB", EXPECT_BYTES, 1024},
	{"MiB", EXPECT_BYTES, 1048576},
	{"GiB", EXPECT_BYTES, 1073741824},
	{"%", EXPECT_PERCENT, 1},
};

enum {
	UNITS = sizeof units / sizeof units[0],
	EXACT_DIGITS = 15, /* a double holds them all */
};

static bool
digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Bytes of a decimal number at s, 0 if there is none. */
static size_t
number_bytes(const char *s)
{
	size_t i = 0, digits = 0;

	if (s[i] == '-' || s[i] == '+')
		i++;
	for (; digit(s[i]); i++)
		digits++;
	/* Not the first dot of a range. */
	if (s[i] == '.' && digit(s[i + 1])) {
		for (i++; digit(s[i]); i++)
			digits++;
	}
	if (digits == 0)
		return 0;
	if (s[i] == 'e' || s[i] == 'E') {
		size_t x = i + 1;

		if (s[x] == '-' || s[x] == '+')
			x++;
		if (digit(s[x])) {
			while (digit(s[x]))
				x++;
			i = x;
		}
	}
	return i;
}

/* The number of these bytes; most are whole and short, for which strtod is slow. */
static double
number_value(const char *s, size_t len)
{
	int64_t n = 0;
	size_t i = 0;

	for (; i < len && digit(s[i]) && i < EXACT_DIGITS; i++)
		n = n * 10 + (s[i] - '0');
	return i == len ? (double)n : strtod(s, NULL);
}

static void
take_unit(struct quantity *q, const struct unit *u)
{
	q->unit = u->name;
	q->factor = u->factor;
	q->family = u->family;
}

bool
quantity_read(const char *s, struct quantity *q, const char **after)
{
	size_t len = number_bytes(s), best = 0;
	const char *at = s + len;

	if (len == 0)
		return false;
	*after = at;
	while (*at == ' ')
		at++;
	for (size_t i = 1; i < UNITS && *at != '\0'; i++) {
		/* The longest: "m" also begins "ms". */
		if (*at == units[i].name[0] && str_starts(at, units[i].name) &&
			(best == 0 || strlen(units[i].name) > strlen(units[best].name)))
			best = i;
	}
	if (best != 0)
		*after = at + strlen(units[best].name);
	take_unit(q, &units[best]);
	q->number = number_value(s, len) * q->factor;
	return isfinite(q->number);
}

struct quantity
quantity_unit(const char *name)
{
	struct quantity q = {0};

	take_unit(&q, &units[0]);
	for (size_t i = 1; i < UNITS; i++)
		if (units[i].name[0] == name[0] && str_eq(units[i].name, name))
			take_unit(&q, &units[i]);
	return q;
}
