#ifndef MODEL_SQLTEXT_H
#define MODEL_SQLTEXT_H

/*
 * The text of an sql step as a server takes it: one statement after the other, with $1, $2
 * ... where ${name} stood, so that a value never becomes part of a statement. Knows quotes,
 * dollar quotes and comments of PostgreSQL, and nothing of its grammar.
 */

#include "base/err.h"
#include "model/runbook.h"

struct sqltext_one {
	char *text;
	struct strings params; /* values, wiped on release */
};

struct sqltext {
	VEC_OF(struct sqltext_one) list;
};

/* Value of a name, or NULL. */
typedef const char *sqltext_fn(void *ctx, const char *name);

/* ERR_INPUT: a name without a value or in quotes, a quote that doesn't end, no statement at
 * all, or one that begins or ends a transaction, which is the step's own. */
bool sqltext_read(const char *text, sqltext_fn *fn, void *ctx, struct sqltext *out,
	struct err *e) WARN_UNUSED;
void sqltext_release(struct sqltext *t);

#endif
