#ifndef REMOTE_PGCANCEL_H
#define REMOTE_PGCANCEL_H

/* Asks a server of PostgreSQL to break off what it does on this connection. libpq makes a
 * connection of its own for that and waits for it, so it happens on a thread. How the query
 * ended tells whether it was heard. A server behind a host is asked through that host: what
 * libpq would send it goes to the relay of the connection, and from there over a way of its
 * own. */

#include "loop/loop.h"
#include "remote/reach.h"
#include "remote/relay.h"

struct pg_conn; /* libpq's own name of a PGconn */
void pgcancel_start(struct loop *l, struct pg_conn *pg);
/* Lives as long as the connection and its relay; `where` is borrowed. */
struct pgcancel_far;
struct pgcancel_far *pgcancel_through(struct loop *l, struct pg_conn *pg,
	struct relay *relay, const struct reach_spec *where);
void pgcancel_far_free(struct pgcancel_far *k);

#endif
