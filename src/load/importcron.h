#ifndef LOAD_IMPORTCRON_H
#define LOAD_IMPORTCRON_H

/*
 * Lines of crontabs on one page that write the same file: the later job takes the place of
 * what the earlier one has kept; and those that delete where another one writes. Part of the
 * importer.
 */

#include "load/importing.h"

void importcron_tell(struct importing *g);

#endif
