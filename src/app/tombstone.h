#ifndef APP_TOMBSTONE_H
#define APP_TOMBSTONE_H

/*
 * What stands in the folder of a run whose record was removed by `prune`: which run it was, how
 * it ended, the head of its record, who removed it, when and why, and the bundle it went into.
 * It proves nothing by itself; its head can be compared with what somebody else holds.
 */

#include <stdbool.h>

#include "app/library.h"
#include "base/jsonout.h"

struct tombstone_of {
	const struct library_run *run;
	const char *head;
	int64_t records;
	const char *by, *reason;
	const char *bundle, *bundle_sha256; /* NULL: none was written */
	struct wall at;
};

/* Is there one, and no record any more? */
bool tombstone_is(const char *run_dir);
/* The stone first, then the record: what is interrupted goes on as one or the other. */
bool tombstone_put(
	const char *run_dir, const struct tombstone_of *t, struct err *e) WARN_UNUSED;
/* Fills what a list says of it; state "pruned". False: it cannot be read. */
bool tombstone_fill(
	const char *run_dir, struct library_run *run, struct err *e) WARN_UNUSED;
/* What verify says of it, as text, or with j as members of an open object. False: it cannot be
 * read, or `head` (may be NULL) is not the one in it. */
bool tombstone_tell(
	const char *run_dir, const char *head, struct jsonout *j, struct str *out);

#endif
