#ifndef BASE_LINEDIFF_H
#define BASE_LINEDIFF_H

/* Which lines of a text were taken out ("- ") and which were put in ("+ "), one a line, without
 * those that are the same. Long texts that share little are compared as a whole. */

#include "base/str.h"

void linediff(const char *old, const char *new, struct str *out);

#endif
