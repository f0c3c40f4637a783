#ifndef LOAD_IMPORTITEM_H
#define LOAD_IMPORTITEM_H

/*
 * Items of lists as steps: the words give the title, what is nested in them the detail,
 * "URL:" and "Expected:" a draft of a probe. Part of the importer.
 */

#include "load/importing.h"

/* Every item of a list a step of its own. */
void importitem_steps(struct importing *g, int list);
/* The whole list as the text of one step, with this title. */
void importitem_remarks(struct importing *g, int list, char *title_take);
/* A block into the text of a step, set in by `depth`. */
void importitem_detail(struct importing *g, int node, int step, int depth);
/* One item. `part_of` (or NULL) is the title of the item it stands in. */
void importitem_step(struct importing *g, int node, bool ordered, const char *part_of);

#endif
