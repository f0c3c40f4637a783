#ifndef LOAD_RUNBOOKREAD_H
#define LOAD_RUNBOOKREAD_H

/* One runbook file, and those it calls, into the model. */

#include "load/loading.h"

/* The runbook itself. `text` becomes sources[0]. */
void runbookread_file(struct loading *l, const char *path, const char *text, size_t len);
/* One more text that the run is pinned to. */
void runbookread_source(struct runbook *rb, const struct source *s);
/* The runbook a step calls: its steps follow the step `index`, with names of their own.
 * `with` are the values given, or NULL. */
void runbookread_call(struct frame *caller, const struct ynode *name, int index,
	const struct ynode *with);

#endif
