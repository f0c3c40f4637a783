#ifndef APP_READINGS_H
#define APP_READINGS_H

/*
 * Readings that outlive the console: a bounded file for each probe under
 * DIR/PROJECT/ENVIRONMENT, so that "since" and "24 h" are true. Format: handrail-readings(5).
 * Lines are appended whole and files are shortened under a lock, so two consoles may write at
 * once; a file that cannot be read is set aside and told. Not a record: nothing here is proof,
 * and nothing is synced.
 */

#include "base/err.h"
#include "live/vital.h"

struct readings;

struct readings_of {
	const char *name; /* of the file */
	const char
		*what; /* digest of what is looked at: other readings are not its own */
};

/* Makes the folder. NULL and ERR_IO: readings are not kept. */
struct readings *readings_open(const char *dir, const char *project,
	const char *environment, struct err *e) WARN_UNUSED;
void readings_free(struct readings *r); /* after readings_flush */
/* What is known of an item into its vital; again, when it looks at something else: what is
 * queued is dropped then. False: the file was bad in part and is set aside; what could be
 * read is there. */
bool readings_restore(struct readings *r, int item, const struct readings_of *of,
	struct vital *v, struct now now, struct err *e) WARN_UNUSED;
/* Queues the last look of it; `turned`: the state changed by it. */
void readings_add(struct readings *r, int item, const struct vital *v, bool turned);
void readings_mute(struct readings *r, int item, const struct vital_mute *m);
/* Appends what is queued; shortens files that have grown too long. What belongs to another
 * console by now, which looks at something else under that name, is left alone. False: the
 * first of those that could not be written; the others were. */
bool readings_flush(struct readings *r, struct now now, struct err *e) WARN_UNUSED;
/* $XDG_STATE_HOME/handrail/readings. Caller frees; NULL: there is no such place. */
char *readings_default_dir(void);

#endif
