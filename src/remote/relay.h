#ifndef REMOTE_RELAY_H
#define REMOTE_RELAY_H

/*
 * A port on 127.0.0.1 for one connection of our own process, carried on over a descriptor: for
 * libpq, which takes no descriptor and drops TLS on anything but TCP.
 */

#include "base/err.h"
#include "loop/loop.h"

struct relay;
/* Takes `fd`, also when it fails. *port is where to connect. */
struct relay *relay_new(struct loop *l, int fd, int *port, struct err *e) WARN_UNUSED;
/* Who may come in: the local port of the connecting socket. Others are turned away. */
void relay_expect(struct relay *r, int from_port);
/* libpq makes a connection of its own to ask for a cancel, to the same port. Its one packet,
 * which no other connection of this process sends, comes here once: with it the server can
 * be asked over a descriptor of the caller's. `pid` is that of the server process. */
enum { RELAY_CANCEL_BYTES = 16 };
typedef void relay_cancel_fn(void *ctx, const unsigned char packet[RELAY_CANCEL_BYTES]);
void relay_take_cancel(struct relay *r, int pid, relay_cancel_fn *fn, void *ctx);
void relay_free(struct relay *r);

#endif
