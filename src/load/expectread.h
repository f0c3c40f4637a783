#ifndef LOAD_EXPECTREAD_H
#define LOAD_EXPECTREAD_H

/* Expectations from YAML. */

#include "load/keyed.h"

/* Never NULL for a node; what was complained of is left out. `what` names the thing whose
 * fields these are: "a `http` probe". */
struct expect *expectread_expect(const struct reading *r, const struct ynode *n,
	uint64_t fields, const char *what);

/* One that may fail and says nothing: for what was refused. */
struct expect *expectread_placeholder(uint64_t fields);

#endif
