#ifndef BASE_ULID_H
#define BASE_ULID_H

/* Sortable unique run ids: 48 bits of wall ms, 80 random bits, Crockford base32. */

#include <stdbool.h>

#include "base/clock.h"

enum { ULID_LEN = 26 };

void ulid_make(struct wall now, char out[ULID_LEN + 1]);
bool ulid_valid(const char *s);
struct wall ulid_time(const char *s);

#endif
