#ifndef REMOTE_TUNNEL_H
#define REMOTE_TUNNEL_H

/*
 * A TCP connection that a host makes for us, as a descriptor: one end of a socket pair whose
 * other end is pumped through a channel of the host's connection. Clients of other libraries
 * use it as any connected socket, so that TLS names stay those of the real server.
 */

#include "base/err.h"
#include "remote/link.h"

struct tunnel;

/* Once: the connected end, yours to close, alive as long as the tunnel; or -1 and why. Any call
 * of the tunnel's may follow from inside. */
struct tunnel_end {
	int fd;
	bool lost; /* it was the host that could not be reached */
	const char *why;
};
typedef void tunnel_fn(void *ctx, const struct tunnel_end *end);

/* NULL and an err for a host that carries no connections. */
struct tunnel *tunnel_open(struct link *l, const char *host, int port, tunnel_fn *fn,
	void *ctx, struct err *e) WARN_UNUSED;
void tunnel_free(struct tunnel *t); /* no call after */

#endif
