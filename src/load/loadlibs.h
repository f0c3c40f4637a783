#ifndef LOAD_LOADLIBS_H
#define LOAD_LOADLIBS_H

/* Which versions of the libraries of this folder run, one line each, for
 * `handrail version`. */

#include "base/str.h"

void loadlibs_add(struct str *out);

#endif
