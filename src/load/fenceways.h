#ifndef LOAD_FENCEWAYS_H
#define LOAD_FENCEWAYS_H

/*
 * How the pieces of one block belong together: which comment is the title of which
 * command, which comments nobody follows up, commands of which only one is meant, a folder
 * that was carried too far. Only fence calls this, once, when all pieces are there.
 */

#include "load/fence.h"

void fenceways_link(struct fence *f);

#endif
