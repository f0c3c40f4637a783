#ifndef REMOTE_HOSTFENCE_H
#define REMOTE_HOSTFENCE_H

/*
 * A new driver of a run makes itself known to a host (HR1 fence): from then on the host
 * starts nothing for an older one, and for another console of the same number; and it tells
 * which jobs of the run it has. Tried again while the host cannot be reached.
 */

#include "remote/link.h"

struct hostfence;

struct hostfence_spec {
	const char *run, *con;
	const char *as;      /* NULL: the login user */
	const char *job_dir; /* or NULL */
	int epoch;
};

struct hostfence_end {
	enum {
		HOSTFENCE_MADE,
		HOSTFENCE_LATE,    /* a newer driver has been there */
		HOSTFENCE_UNKNOWN, /* it cannot be said: why */
	} what;
	/* MADE: lines "STEP.HOST.ATTEMPT STATE [RC]" of the host; else why, in words. */
	const char *text;
};
typedef void hostfence_fn(void *ctx, const struct hostfence_end *end);

struct hostfence *hostfence_start(
	struct link *l, const struct hostfence_spec *s, hostfence_fn *fn, void *ctx);
void hostfence_free(struct hostfence *f); /* no call after; also from the call */

#endif
