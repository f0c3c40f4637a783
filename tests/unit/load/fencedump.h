#ifndef UNIT_LOAD_FENCEDUMP_H
#define UNIT_LOAD_FENCEDUMP_H

/* A code block as text, for tables of fixtures: a line for its kind, one for each piece. */

#include "base/str.h"
#include "load/fence.h"

void fencedump_write(const struct fence *f, struct str *out);

#endif
