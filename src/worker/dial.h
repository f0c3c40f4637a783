#ifndef WORKER_DIAL_H
#define WORKER_DIAL_H

/*
 * From a name to a connected socket. Names are resolved in a child of their own, because
 * the system's resolver cannot be interrupted; addresses are tried one after the other.
 * The caller waits through a function of its own, which may end the process.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "base/wirefacts.h"

/* Returns when fd is ready for `events`, or after `ms` (0: as long as the caller has
 * patience; it may end the process): false. */
typedef bool dial_wait_fn(void *ctx, int fd, short events, int64_t ms);

struct dial {
	const struct wirefacts *facts;
	dial_wait_fn *wait;
	void *ctx;
	const char *kind; /* of the failure: a name of a link fault */
	char text[300];   /* its detail */
};

/* A socket with every option set, or -1 with kind and text. */
int dial_connect(struct dial *d);
/* The name of the link fault for an errno of connect, send or recv. */
const char *dial_fault(int sys);

#endif
