#ifndef LOAD_DUTYREAD_H
#define LOAD_DUTYREAD_H

/* The list of a schedule step. */

#include "load/loading.h"

void dutyread_list(const struct frame *f, const struct ynode *list, struct step *s);

#endif
