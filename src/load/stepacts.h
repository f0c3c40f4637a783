#ifndef LOAD_STEPACTS_H
#define LOAD_STEPACTS_H

/* Steps that act: run, sql, http and copy, with their risks, tries and ways back. */

#include "load/loading.h"

/* `got` by the rows of KEYS_STEP, of the step `map`. */
void stepacts_read(struct frame *f, const struct ynode **got, const struct ynode *map,
	struct step *s);

#endif
