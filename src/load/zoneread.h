#ifndef LOAD_ZONEREAD_H
#define LOAD_ZONEREAD_H

/* Time zones by name, from the system's zoneinfo: read once for each file, kept with it. */

#include "model/window.h"

struct reading; /* load/keyed.h */
struct ynode;

/* NULL for UTC ("" too) and after a complaint. */
const struct zone *zoneread_find(const struct reading *r, const struct ynode *at,
	const char *name, struct windows *keep);
/* One that a value names, found out while the run goes. ERR_INPUT: this system knows none. */
bool zoneread_add(struct windows *keep, const char *name, struct err *e);

#endif
