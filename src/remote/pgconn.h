#ifndef REMOTE_PGCONN_H
#define REMOTE_PGCONN_H

/*
 * One query to PostgreSQL in a read-only transaction, through libpq, never blocking: the name
 * of the server is resolved beforehand, values travel as parameters, notices are dropped, TLS
 * is verify-full off this machine unless the connection string says otherwise. For the sql
 * probe; the caller has the deadline.
 */

#include "model/runbook.h"
#include "remote/http.h"
#include "remote/link.h"

struct pgconn;

struct pgconn_opts {
	struct loop *loop;
	struct http *http;
	struct link *through;
	const char *service, *dsn; /* one of them */
	const char *ca, *cert, *key;
	int64_t timeout_ms;
	const char *sql;
	const struct strings *params; /* $1, $2 ... */
};

enum { PGCONN_ROWS_MAX = 1000 };

struct pgconn_end {
	bool ok;     /* it answered; else why says what */
	bool unsure; /* not ok, and not by the server's fault */
	const struct strings *columns;
	const struct strings *cells; /* row by row; an SQL null is an empty text */
	const char *why;
};
typedef void pgconn_fn(void *ctx, const struct pgconn_end *end);

struct pgconn *pgconn_start(
	const struct pgconn_opts *o, pgconn_fn *fn, void *ctx, struct err *e) WARN_UNUSED;
void pgconn_free(struct pgconn *c); /* no call after */

#endif
