#ifndef REMOTE_REMOTELIBS_H
#define REMOTE_REMOTELIBS_H

/* Which versions of the libraries of this folder run, one line each, for
 * `handrail version`. */

#include "base/str.h"

void remotelibs_add(struct str *out);

#endif
