#ifndef REMOTE_FENCE_H
#define REMOTE_FENCE_H

/*
 * A new driver of a run makes itself known to a host (HR1 fence): from then on the host
 * starts nothing for an older one, and for another console of the same number; and it tells
 * which jobs of the run it has. Tried again while the host cannot be reached.
 */

#include "remote/link.h"

struct fence;

struct fence_spec {
	const char *run, *con;
	const char *as;      /* NULL: the login user */
	const char *job_dir; /* or NULL */
	int epoch;
};

struct fence_end {
	enum {
		FENCE_MADE,
		FENCE_LATE,    /* a newer driver has been there */
		FENCE_UNKNOWN, /* it cannot be said: why */
	} what;
	/* MADE: lines "STEP.HOST.ATTEMPT STATE [RC]" of the host; else why, in words. */
	const char *text;
};
typedef void fence_fn(void *ctx, const struct fence_end *end);

struct fence *fence_start(
	struct link *l, const struct fence_spec *s, fence_fn *fn, void *ctx);
void fence_free(struct fence *f); /* no call after; also from the call */

#endif
