#ifndef REMOTE_PGCANCEL_H
#define REMOTE_PGCANCEL_H

/* Asks a server of PostgreSQL to break off what it does on this connection. libpq makes a
 * connection of its own for that and waits for it, so it happens on a thread. How the query
 * ended tells whether it was heard. */

#include "loop/loop.h"

struct pg_conn; /* libpq's own name of a PGconn */
void pgcancel_start(struct loop *l, struct pg_conn *pg);

#endif
