#ifndef RUN_ADDED_H
#define RUN_ADDED_H

/*
 * Steps that a person adds to one run only: a command on a host, or something to do. They
 * stand behind all steps of the file and are begun whenever somebody wants to; what is open of
 * them is the next step, and no sign-off is given before. Their risk is judged by the words of
 * the command, they are redlines of the record like an edited command. Pure.
 */

#include "base/str.h"
#include "run/decide_emit.h"
#include "run/fold.h"

struct added_words { /* borrowed; NULL or "": not given */
	const char *title;
	const char *text;                /* the command; not given: a person does it */
	const char *host;                /* of the runbook; not given: this machine */
	const char *undo, *irreversible; /* of a command: one of them */
};

/* May a step be added now? */
bool added_may(const struct run *r, struct err *e) WARN_UNUSED;
/* ERR_INPUT says what is wrong with it. */
bool added_fits(
	const struct run *r, const struct added_words *w, struct err *e) WARN_UNUSED;
/* What it would be at least; why (or NULL): the rules that say so. */
enum risk added_risk(const struct added_words *w, struct str *why);
/* The same of its undo; RISK_NONE: it has none. */
enum risk added_undo_risk(const struct added_words *w, struct str *why);
/* The words as the data of a request. */
void added_data(const struct added_words *w, struct str *out);
/* An added step that is neither done nor skipped; NONE. */
int added_open(const struct run *r);

bool decide_added(struct decide_ctx *c, struct err *e) WARN_UNUSED;
/* A redline that adds a step. False: it is one that edits. */
bool added_fold(struct fold *f);

#endif
