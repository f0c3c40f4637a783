#ifndef APP_EXPORTING_H
#define APP_EXPORTING_H

/* A run as a bundle in a file, which has its name once it is whole. For export and prune. */

#include "app/cmd.h"

/* path NULL: to standard output, which may not be a terminal. ERR_RECORD: it is bad. */
bool exporting_run(
	struct cmd *c, const char *dir, const char *path, struct err *e) WARN_UNUSED;

#endif
