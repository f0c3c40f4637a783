#ifndef UI_UILIBS_H
#define UI_UILIBS_H

/* Which versions of the libraries of this folder run, one line each, for
 * `handrail version`. */

#include "base/str.h"

void uilibs_add(struct str *out);

#endif
