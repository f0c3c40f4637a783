#ifndef REMOTE_WORKERS_H
#define REMOTE_WORKERS_H

/*
 * The parent of the workers, handrail-ssh: started once by fleet_prepare, again when it
 * has died. A worker is asked for by sending it one end of a socketpair; nothing here
 * ever waits. Used by worker_link.c, and by
 * doctor and version.
 */

#include "base/err.h"
#include "base/str.h"
#include "remote/transport.h"

enum { WORKERS_AGENT_MS = 60 * 1000 }; /* patience with an agent */

/* Our end of a new worker's socket, or -1: handrail-ssh is missing or cannot be started.
 * A worker that dies, or was never born, shows as EOF. */
int workers_ask(struct err *e);
/* The path of handrail-ssh, or NULL: it was not found, or fleet_prepare not called. */
const char *workers_program(void);
/* The first frame's payload: all that a worker is told of its host. */
void workers_hello(
	const struct transport_opts *o, int64_t connect_ms, struct str *payload);
/* Ends the parent and so its workers; for tests, the console's end does it too. */
void workers_end(void);

#endif
