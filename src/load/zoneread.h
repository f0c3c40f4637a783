#ifndef LOAD_ZONEREAD_H
#define LOAD_ZONEREAD_H

/* Time zones by name, from the system's zoneinfo: read once for each file, kept with it. */

#include "load/keyed.h"
#include "model/window.h"

/* NULL for UTC ("" too) and after a complaint. */
const struct zone *zoneread_find(const struct reading *r, const struct ynode *at,
	const char *name, struct windows *keep);

#endif
