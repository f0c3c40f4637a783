#ifndef APP_BUNDLE_H
#define APP_BUNDLE_H

/*
 * A run as one tar file that verifies anywhere: the record with its heads, blobs and signers,
 * the runbook's text, reports, contrib/verify and a README. The same record gives the same
 * bytes. Used by `export`, and by `verify` for such a file.
 */

#include <sys/types.h>

#include "audit/report.h"
#include "base/err.h"
#include "run/run.h"

/* `records`: so many lines of the journal were verified, and go into it. fd stays open.
 * ERR_IO: where it is written to; ERR_RECORD: what the record names is not there. */
struct bundle_what {
	const char *run_dir;
	const struct run *run;
	const struct report_check *check;
	int64_t records;
	const char
		*signers; /* hash of the roster that run.open names; "" or NULL: none */
};
bool bundle_write(const struct bundle_what *w, int fd, struct err *e) WARN_UNUSED;

/* Is the file one, as far as its first bytes say? */
bool bundle_is(const char *path);
/* A private copy of the record in it, whose other files are as its list of sums says and whose
 * runbooks are those of the record. ERR_RECORD when not; bundle_close in either case. */
struct bundle {
	char *folder;  /* to be removed */
	char *record;  /* folder of the record in it */
	int alive;     /* open as long as it is needed; -1 */
	pid_t cleaner; /* removes it when that is closed, by whatever end; 0: nobody */
};
bool bundle_open(const char *path, struct bundle *out, struct err *e) WARN_UNUSED;
void bundle_close(struct bundle *b);

#endif
