#ifndef LOAD_LOAD_ANSWERS_H
#define LOAD_LOAD_ANSWERS_H

/* Answers that stand inside another file, as nodes that were checked to be tables. */

#include "load/ydoc.h"
#include "model/answers.h"

/* Either node may be NULL. NULL after complaints. */
struct answers *load_answers_nodes(const char *path, const struct runbook *rb,
	const struct ynode *inputs, const struct ynode *steps, struct diags *d);

#endif
