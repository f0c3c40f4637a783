#ifndef LOAD_IMPORTFENCE_H
#define LOAD_IMPORTFENCE_H

/*
 * Code blocks of a page as steps, or as part of one. Commands stand in the text of a step
 * as `$ command`, the lines they go on with as `> more`; what a command printed as
 * `| output`; everything else is set in. Dangers are told in the step. Part of the
 * importer.
 */

#include "load/importing.h"

/* The whole block into the text of a step, in its order. */
void importfence_into(struct importing *g, int node, int step);
/* A block of its own: a step for each comment with what stands under it, a choice where the
 * block gives alternatives, one step for what is no command. */
void importfence_steps(struct importing *g, int node);
/* The block gives two ways to do the same: it wants importfence_steps. */
bool importfence_has_ways(struct importing *g, int node);

#endif
