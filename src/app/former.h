#ifndef APP_FORMER_H
#define APP_FORMER_H

/* The records of former runs of the same runbook, read for how long its steps usually take.
 * Bounded in files and bytes: it answers while a person looks. */

#include "run/run.h"
#include "run/usual.h"

/* runs_dir NULL: the default. Records that cannot be read are passed over. */
struct usual *former_times(const char *runs_dir, const struct run *r);

/* What the newest former run of the same runbook in the same environment was given; secrets
 * are in no record. */
struct former_values {
	char *run; /* its id; NULL: there is none */
	struct wall at;
	struct pairs values; /* by full name */
};
void former_values(const char *runs_dir, const struct run *r, struct former_values *out);
void former_values_release(struct former_values *f);

/* The commands that were edited in the newest former run of the same runbook that had any. */
struct former_redline {
	/* what the file said, and what ran in the end; old NULL: a step that was added */
	char *step, *old, *new;
};
struct former_redlines {
	char *run, *dir; /* NULL: there is none */
	VEC_OF(struct former_redline) list;
};
void former_redlines(
	const char *runs_dir, const struct run *r, struct former_redlines *out);
void former_redlines_release(struct former_redlines *f);

#endif
