#ifndef LOAD_INPUTREAD_H
#define LOAD_INPUTREAD_H

/* Inputs and secrets. Hosts must have been read. */

#include "load/loading.h"

void inputread_file(struct frame *f, const struct ynode *table);

#endif
