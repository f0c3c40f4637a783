#ifndef BASE_BASELIBS_H
#define BASE_BASELIBS_H

/* Which versions of the libraries of this folder run, one line each, for
 * `handrail version`. */

#include "base/str.h"

void baselibs_add(struct str *out);

#endif
