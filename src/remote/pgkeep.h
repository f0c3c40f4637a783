#ifndef REMOTE_PGKEEP_H
#define REMOTE_PGKEEP_H

/*
 * A kept connection to PostgreSQL: one statement at a time, values as parameters, answers
 * kept whole. Never blocks. Each question has a deadline; after it, or when the connection
 * goes, there is one on_down and nothing more: whoever wants another connection makes one.
 * An error of the server's is an answer, and the connection stays. Names without a schema
 * are those of pg_catalog, and a statement is given up there a little before it is here.
 *
 * The calls may be answered by pgkeep_free.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "remote/http.h"

struct pgkeep;

struct pgkeep_opts {
	struct loop *loop;
	struct http *http; /* resolves names */
	const char *service;
	int64_t timeout_ms; /* of connecting, and of each answer */
};
struct pgkeep_calls {
	void (*on_up)(void *ctx);
	/* In words, one line, harmless; what was asked may have been done or not. */
	void (*on_down)(void *ctx, const char *why);
	void *ctx;
	/* What somebody said on a channel that was listened to; as it came. May be NULL. */
	void (*on_notify)(void *ctx, const char *payload);
};

struct pgkeep *pgkeep_start(const struct pgkeep_opts *o, const struct pgkeep_calls *calls,
	struct err *e) WARN_UNUSED;
void pgkeep_free(struct pgkeep *k); /* no call after */

struct pgkeep_value { /* text, or bytes for a bytea */
	const void *at;
	size_t len;
	bool bytes;
};

struct pgkeep_rows; /* the answer's, until the call returns */
struct pgkeep_answer {
	bool ok;
	char state[6];   /* not ok: SQLSTATE */
	const char *why; /* not ok: what the server said, one line, harmless */
	int rows, columns;
	const struct pgkeep_rows *of;
};
typedef void pgkeep_fn(void *ctx, const struct pgkeep_answer *a);
const char *pgkeep_cell(
	const struct pgkeep_rows *r, int row, int column); /* NULL: null, or not there */
/* A cell as a whole number from 0 on. False: it is none, and the server is at fault. */
bool pgkeep_number(const char *cell, int64_t *out) WARN_UNUSED;
#define PGKEEP_ODD "the store gives an answer that is none"

/* When up and nothing else is asked. Copies everything. */
void pgkeep_ask(struct pgkeep *k, const char *sql, const struct pgkeep_value *values,
	int count, pgkeep_fn *fn, void *ctx);
/* Many statements without values, of our own text; rows of the last one. */
void pgkeep_script(struct pgkeep *k, const char *sql, pgkeep_fn *fn, void *ctx);
bool pgkeep_is_free(const struct pgkeep *k); /* up, and nothing is asked */

#endif
