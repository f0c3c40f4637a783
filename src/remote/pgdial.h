#ifndef REMOTE_PGDIAL_H
#define REMOTE_PGDIAL_H

/*
 * A connection to PostgreSQL being made and watched on the loop, for pgconn.c and pgkeep.c:
 * settings read and made safe, the name resolved beforehand or the way taken through a host,
 * then libpq step by step. What is said on it is the caller's.
 *
 * Each call below may be answered by pgdial_free.
 */

#include "remote/pgconn.h"
#include "remote/reach.h"
#include "remote/relay.h"

struct pgdial;
struct pg_conn; /* libpq's own name of a PGconn */

struct pgdial_calls {
	void (*on_up)(void *ctx); /* connected, non-blocking, wanted for both */
	void (*on_ready)(
		void *ctx); /* since then: there is something to read or to write */
	void (*on_fail)(void *ctx, bool unsure, const char *raw); /* before on_up */
	void *ctx;
};

/* Of the options only how to reach the server. */
struct pgdial *pgdial_start(const struct pgconn_opts *o, const struct pgdial_calls *calls,
	struct err *e) WARN_UNUSED;
struct pg_conn *pgdial_pg(const struct pgdial *d); /* NULL: not yet */
bool pgdial_connected(const struct pgdial *d);
void pgdial_want(struct pgdial *d, int ready); /* of loop_fd_want */
void pgdial_rest(struct pgdial *d);            /* no call after */
/* How pgcancel.h gets to a server behind a host; relay NULL: it is not behind one. */
struct relay *pgdial_relay(const struct pgdial *d);
const struct reach_spec *pgdial_where(const struct pgdial *d);
void pgdial_free(struct pgdial *d);

#endif
