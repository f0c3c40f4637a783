#ifndef SHARE_HEXED_H
#define SHARE_HEXED_H

/* Bytes of the store, which come as hex digits. */

#include <stdbool.h>

#include "base/str.h"

/* False: these are none; what was added is of no use then. NULL is false, too. */
bool hexed_add(struct str *out, const char *hex);

#endif
