#ifndef LOAD_IMPORTBLOCK_H
#define LOAD_IMPORTBLOCK_H

/*
 * The blocks of one part of a page, in their order, each given to what reads its kind.
 * Part of the importer.
 */

#include "load/importing.h"
#include "load/importoutline.h"

/* Blocks from `first` up to `end`, which is excluded; -1: to the last one. */
void importblock_read(struct importing *g, int first, int end);
/* What is still held back when a part ends: paragraphs without a step under them become
 * one. `quiet`: they are reasons and need none. */
void importblock_finish(struct importing *g, bool quiet);

#endif
