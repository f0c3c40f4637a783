#ifndef BASE_B64_H
#define BASE_B64_H

/* Base64 (RFC 4648) with padding, one line. */

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

void b64_encode(struct str *out, const void *p, size_t len);
bool b64_decode(struct str *out, const char *text, size_t len);

#endif
