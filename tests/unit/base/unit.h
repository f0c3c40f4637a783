#ifndef UNIT_BASE_UNIT_H
#define UNIT_BASE_UNIT_H

/*
 * What the unit tests of base share: cmocka with what it wants included first, and random
 * numbers that are the same in every run. No test depends on the clock or on /dev/urandom.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct dice {
	uint64_t state; /* never 0 */
};

#define DICE(seed) ((struct dice){.state = 0x9e3779b97f4a7c15u ^ (seed)})

/* xorshift64*: 0 <= result < sides. */
static inline size_t
dice_roll(struct dice *d, size_t sides)
{
	d->state ^= d->state >> 12;
	d->state ^= d->state << 25;
	d->state ^= d->state >> 27;
	return (size_t)((d->state * 0x2545f4914f6cdd1du) >> 33) % sides;
}

#define COUNT(array) (sizeof(array) / sizeof *(array))

#endif
