#ifndef REMOTE_PGCONN_H
#define REMOTE_PGCONN_H

/*
 * One query to PostgreSQL in a read-only transaction, or the statements of a step in one
 * that may write, through libpq, never blocking: the name of the server is resolved
 * beforehand, values travel as parameters, notices are dropped, TLS is verify-full off this
 * machine unless the connection string says otherwise. The caller has the deadline.
 *
 * A transaction that may write is committed only when the caller says so, after it was told
 * which one it is; so whoever lost the reply can ask the server what became of it.
 */

#include "model/runbook.h"
#include "remote/http.h"
#include "remote/link.h"

struct pgconn;
struct sqltext;

/* "identifier/timeline" of the server that answers. The control file learns of a promotion
 * only with the next checkpoint; the name of the file that is written to knows at once. */
#define PGCONN_SERVER \
	"(select system_identifier from pg_control_system()) || '/' || " \
	"(select case when pg_is_in_recovery() " \
	"then (select timeline_id from pg_control_checkpoint()) " \
	"else ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))" \
	"::bit(32)::int end)"

/* A transaction as its server knows it, for the record. */
struct pgconn_begun {
	int64_t pid;     /* of the server process */
	const char *xid; /* its number */
	const char
		*server; /* "identifier/timeline": numbers of another one mean nothing */
};

struct pgconn_opts {
	struct loop *loop;
	struct http *http;
	struct link *through;
	const char *service, *dsn; /* one of them */
	const char *ca, *cert, *key;
	int64_t timeout_ms;
	const char *sql;
	const struct strings *params; /* $1, $2 ... */
	/* Instead of sql: all of these, and nothing but these, in one transaction. */
	const struct sqltext *act; /* copied */
	bool read_only;
	void (*on_begun)(void *ctx, const struct pgconn_begun *b); /* not read_only */
};

enum { PGCONN_ROWS_MAX = 1000 };

struct pgconn_end {
	bool ok;   /* it answered; else why says what */
	bool lost; /* not ok: told to commit, and no word came back. Else not ok means that
		      * nothing of it stays */
	int64_t count; /* rows that the last statement gave or changed; -1: none */
	bool unsure;   /* not ok, and not by the server's fault */
	const struct strings *columns;
	const struct strings *cells; /* row by row; an SQL null is an empty text */
	const char *why;
};
typedef void pgconn_fn(void *ctx, const struct pgconn_end *end);

struct pgconn *pgconn_start(
	const struct pgconn_opts *o, pgconn_fn *fn, void *ctx, struct err *e) WARN_UNUSED;
/* Of `act`: what was begun is on record, and may be committed when it has come so far. */
void pgconn_commit(struct pgconn *c);
/* Asks the server to break off, on a thread; no effect once it was told to commit. True:
 * an end will come that says so, or the caller frees it after a while. */
bool pgconn_cancel(struct pgconn *c);
void pgconn_free(struct pgconn *c); /* no call after */

#endif
