#ifndef REMOTE_EPOCH_H
#define REMOTE_EPOCH_H

/*
 * The number of a new driver, left on a host among the jobs of its run (remote/hr1/fence.sh):
 * from then on an older driver's start is refused there, and we are told which jobs of the
 * run lie there. Asked once; nothing of it starts, ends or reads a job.
 */

#include "remote/link.h"

struct epoch_spec {
	const char *run, *job_dir; /* job_dir NULL: the default */
	const char *as;            /* NULL: the login user */
	int64_t epoch;
	const char *con; /* whose number it is from now on */
};

struct epoch_end {
	bool marked;      /* the number stands there */
	bool fenced;      /* a newer driver than we is known there */
	bool sent;        /* it may have got there; false: the host was never reached */
	const char *jobs; /* lines "STEP.HOST.ATTEMPT STATE [RC]"; "" */
	const char *why;  /* when it is not marked */
};
typedef void epoch_fn(void *ctx, const struct epoch_end *end);

struct epoch;
/* Waits for its link. Exactly one call, never from inside here. */
struct epoch *epoch_mark(
	struct link *l, const struct epoch_spec *s, epoch_fn *fn, void *ctx);
bool epoch_asks(const struct epoch *m); /* its answer is still to come */
void epoch_free(struct epoch *m);       /* no call after */

#endif
