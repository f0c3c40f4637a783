#ifndef LOAD_WINDOWREAD_H
#define LOAD_WINDOWREAD_H

/* `windows:` and `freezes:` of an environment. */

#include "load/keyed.h"
#include "model/window.h"

void windowread_all(const struct reading *r, const struct ynode *windows,
	const struct ynode *freezes, struct windows *out);

#endif
