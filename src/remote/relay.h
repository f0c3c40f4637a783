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
void relay_free(struct relay *r);

#endif
