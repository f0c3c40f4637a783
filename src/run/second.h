#ifndef RUN_SECOND_H
#define RUN_SECOND_H

/*
 * Steps that two people do. Somebody else than who runs it signs, with a key of the roster,
 * that this command may run on this host now; the intent names that record. The signature holds
 * for one start, for half an hour, and until an input changes. Pure.
 */

#include "base/digest.h"
#include "run/run.h"

#define SECOND_ROLE "second person" /* as `role` of signoff */
#define SECOND_GATE "second"        /* as `gate` of breakglass: one person was enough */
enum { SECOND_FOR_MS = 30 * 60 * 1000 };

/* By the file; or it was added or edited, and has the command of such a step (a
 * request its method and URL, a copy its target), or is severe in a runbook that has one, a
 * request or a copy hard. */
bool second_needed(const struct run *r, int step, enum way way);
/* Would that text, added or edited, be one for two people? */
bool second_by_words(
	const struct run *r, enum step_kind kind, const char *text, enum risk risk);
/* The leg that a START would begin with, for which somebody signs; NONE. */
int second_leg(const struct run *r, int step);
/* The record by which somebody confirmed, or broke the glass; -1: there is none that holds. */
int64_t second_there(const struct run *r, int step, int leg, struct wall now);
/* ERR_REFUSED: nobody has confirmed yet. */
bool second_allows(const struct run *r, int step, int leg, enum way way, struct wall now,
	struct err *e) WARN_UNUSED;
/* Two names of one person, as far as names tell: the same before an @. */
bool second_is_person(const char *a, const char *b);
/* Did this person open or drive it? As far as names tell. */
bool second_ran(const struct run *r, const char *who);
/* May this person confirm for those who run it? ERR_REFUSED when not. */
bool second_may(const struct run *r, const char *who, struct err *e) WARN_UNUSED;
/* What the command of that step is given: each value that has a name there, as name="value" (a
 * JSON string), one a line, by name. Secrets are not among them. */
void second_values(const struct run *r, int step, struct str *out);
/* sha256 of these lines. */
void second_digest(const struct run *r, int step, char out[DIGEST_HEX + 1]);
/* What the signature says: the host, the command's hash and that of its values; NULL and err when there is nothing to confirm. Caller frees. */
char *second_says(const struct run *r, int step, struct err *e) WARN_UNUSED;
/* What is signed at this step, and as what: sign-offs, and what two people do. */
const char *second_role(const struct run *r, int step);

#endif
