#ifndef LOOP_RUNDIR_H
#define LOOP_RUNDIR_H

/*
 * A private folder for sockets: 0700, ours alone, a name short enough for a socket path,
 * below XDG_RUNTIME_DIR or /tmp. Removed with everything in it when freed.
 */

#include "base/err.h"

/* The path of a fresh folder, for rundir_free; NULL with ERR_IO. */
char *rundir_new(struct err *e) WARN_UNUSED;
void rundir_free(char *path);

#endif
