#ifndef LOAD_IDTABLE_H
#define LOAD_IDTABLE_H

/*
 * Steps of a runbook by their id, while it is being read. Keeps no texts of its own: an id
 * stands in its step. A map would copy and hash 20,000 of them again as it grows.
 */

#include <stddef.h>
#include <stdint.h>

#include "model/runbook.h"

struct idslot {
	uint32_t hash;
	uint32_t place; /* index of the step + 1; 0: free */
};

struct idtable {
	struct idslot *slots;
	size_t nslots, len;
};

void idtable_release(struct idtable *t);
int idtable_find(const struct idtable *t, const struct runbook *rb, const char *id);
/* `step` is at its place, or about to be: its id is new. */
void idtable_put(struct idtable *t, const struct step *step);

#endif
