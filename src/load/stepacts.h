#ifndef LOAD_STEPACTS_H
#define LOAD_STEPACTS_H

/* Steps that act: run, sql, http and copy, with their risks, tries and ways back. */

#include "load/loading.h"

/* `got` by the rows of KEYS_STEP. */
void stepacts_read(struct frame *f, const struct ynode **got, struct step *s);

#endif
