#ifndef APP_RUNINDEX_H
#define APP_RUNINDEX_H

/*
 * What a list says of each run, kept in runs.index beside the folder so that ten thousand records need not be
 * read to name them. A line holds only as long as inode, size and times of the journal and of
 * its heads are what they were; without the file everything is read again, and says the same.
 * A record with a fault is never in it.
 */

#include <stdbool.h>

#include "app/library.h"

struct runindex;

struct runindex *runindex_open(const char *runs_dir);
/* Fills `run` (id and dir are there) and says whether its record has to do with what is owed;
 * false: it is not in there, or has changed: read it, and put it. Runs are asked for by
 * ascending id. */
bool runindex_take(struct runindex *x, struct library_run *run, bool *owes);
/* After a miss for that run, and reading it whole. */
void runindex_put(struct runindex *x, const struct library_run *run, bool owes);
/* Writes it anew when something changed; a folder that cannot be written to has none. */
void runindex_close(struct runindex *x);

#endif
