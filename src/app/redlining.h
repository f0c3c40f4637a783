#ifndef APP_REDLINING_H
#define APP_REDLINING_H

/*
 * What becomes of commands that were edited for one run: at its end a patch for the runbook
 * lies beside the record, and until the file has them the next start says so.
 */

#include "model/project.h"
#include "run/run.h"

#define REDLINING_PATCH "redlines.patch" /* in the folder of the record */

/* Writes the patch. False: there is nothing to write, or e says why it could not. */
bool redlining_close(
	const struct run *r, const struct project *p, const char *dir, struct err *e);
/* "2 commands were edited for run 7KQ2 and are not in the file yet: PATCH"; NULL: none are.
 * Caller frees. */
char *redlining_open(const char *runs_dir, const struct run *r);

#endif
