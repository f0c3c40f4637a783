#ifndef LOAD_STEPACTS_H
#define LOAD_STEPACTS_H

/* Steps that have something for each host: run, sql, http and copy, with their risks, tries
 * and ways back; and watch. */

#include "load/loading.h"

/* `got` by the rows of KEYS_STEP, of the step `map`. */
void stepacts_read(struct frame *f, const struct ynode **got, const struct ynode *map,
	struct step *s);
void stepacts_read_watch(struct frame *f, const struct ynode **got, struct step *s);

#endif
