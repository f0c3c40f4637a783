#include "base/ulid.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/bug.h"
#include "base/digest.h"

enum { TIME_CHARS = 10, RANDOM_CHARS = 16, RANDOM_BYTES = 10 };

/* Crockford: no I, L, O, U. */
static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

void
ulid_make(struct wall now, char out[ULID_LEN + 1])
{
	unsigned char random[RANDOM_BYTES];
	uint64_t ms = (uint64_t)now.ms;

	BUG_ON(now.ms < 0 || ms >> 48 != 0);
	for (int i = TIME_CHARS - 1; i >= 0; i--, ms >>= 5)
		out[i] = alphabet[ms & 31];
	digest_random(random, sizeof random);
	uint32_t bits = 0;
	unsigned have = 0;
	const unsigned char *next = random;
	for (int i = 0; i < RANDOM_CHARS; i++) {
		if (have < 5) {
			bits = bits << 8 | *next++;
			have += 8;
		}
		have -= 5;
		out[TIME_CHARS + i] = alphabet[bits >> have & 31];
	}
	out[ULID_LEN] = '\0';
}

bool
ulid_valid(const char *s)
{
	/* 26 characters hold 130 bits: the first one may not exceed 7. */
	return strlen(s) == ULID_LEN && strspn(s, alphabet) == ULID_LEN && s[0] <= '7';
}

struct wall
ulid_time(const char *s)
{
	int64_t ms = 0;

	BUG_ON(!ulid_valid(s));
	for (int i = 0; i < TIME_CHARS; i++)
		ms = ms << 5 | (int64_t)(strchr(alphabet, s[i]) - alphabet);
	return (struct wall){.ms = ms};
}
