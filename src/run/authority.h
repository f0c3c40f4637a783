#ifndef RUN_AUTHORITY_H
#define RUN_AUTHORITY_H

/*
 * With a roster of signers whoever opens a live run, takes it over or breaks the glass signs
 * that: an `authority` record over that record and all before it. Where they cannot sign (no
 * key here, nobody at the prompt) the work goes on, because an incident does not wait for a
 * key; that it is not signed stays an exception that every later signer reads, until it is.
 * Pure.
 */

#include "run/statement.h"

struct fold;

/* "open" "take" "breakglass"; NULL: nothing that somebody answers for. */
const char *authority_act(enum event_type type);
/* "opened the run", by the word above; NULL: there is no such act. */
const char *authority_words(const char *act);
/* The text that is signed; covers the record applied last. */
bool authority_statement(const struct run *r, int64_t of, const char *act,
	const struct statement_by *by, struct str *out, struct err *e) WARN_UNUSED;

/* For run_apply. */
void authority_fold_act(struct fold *f); /* an act of the run: not signed yet */
void authority_fold(struct fold *f);     /* the record itself */

#endif
