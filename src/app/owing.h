#ifndef APP_OWING_H
#define APP_OWING_H

/*
 * The small run that closes an obligation: opened over the runbook as the record keeps it,
 * with the values its run had, or taken up again where it is open already.
 */

#include "app/session.h"

/* o: loop, project, runs_dir, key and calls are used. */
struct session *owing_open(
	const struct session_opts *o, const struct owed *owed, struct err *e) WARN_UNUSED;
/* Closes the run: a release only after the reviews that are owed on its target. */
void owing_close(struct session *s, const char *runs_dir);
/* Folder of the open run that is there to close it; NULL: there is none. Caller frees. */
char *owing_closer(const char *runs_dir, const struct owed *owed);

#endif
