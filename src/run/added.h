#ifndef RUN_ADDED_H
#define RUN_ADDED_H

/*
 * Steps that a person adds to one run only: a command on a host, or something to do. They
 * stand behind all steps of the file, but their place is behind the step that was at hand: the
 * sign-offs before it come first, those behind it wait for them. Their risk is judged by the
 * words of the command, they are redlines of the record like an edited command. Pure.
 */

#include "base/str.h"
#include "run/decide_emit.h"
#include "run/fold.h"

#define ADDED_GATE "added" /* as `gate` of breakglass: it started before its turn */

#define ADDED_PREFIX "added-" /* of their ids, which number them within their run */

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
/* An added step that is neither done nor skipped, and whose turn it is; NONE. */
int added_open(const struct run *r);
/* One for which this sign-off waits: all but those that stand behind it; NONE. */
int added_before(const struct run *r, int signoff);
/* Is it its turn? A command waits for the sign-offs that stand before it, and while any outcome
 * is unknown, unless that was passed by force. Of other steps: true. */
bool added_turn(const struct run *r, int step, struct err *e) WARN_UNUSED;

bool decide_added(struct decide_ctx *c, struct err *e) WARN_UNUSED;
/* A redline that adds a step. False: it is one that edits. */
bool added_fold(struct fold *f);

#endif
