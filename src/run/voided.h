#ifndef RUN_VOIDED_H
#define RUN_VOIDED_H

/*
 * A signature is over what was there when it was given, the steps still to come among it.
 * Where some of that changes (a step is taken back, begun again or edited, a value is set anew, a record is corrected) the signature
 * is void: decide says so in the group of the change, the fold takes the signature away, and
 * the step waits to be signed again. Pure.
 */

#include "base/json.h"
#include "run/run.h"

/* The record of which the event, not yet applied, changes what it says; -1: none. The newest
 * one where it changes several in a row. `why` (may be NULL) gets it in words. */
int64_t voided_by(const struct run *r, const struct event *ev,
	const struct json_node *data, struct str *why);
/* Is that record covered by a signature that stands? */
bool voided_covered(const struct run *r, int64_t seq);
/* What was changed after it was seen at record `covers`: the words of the first; NULL:
 * nothing was. */
const char *voided_since(const struct run *r, int64_t covers);
/* Whose signatures stand and cover that record, with commas between. */
void voided_signers(const struct run *r, int64_t of, struct str *out);
/* The last record that the statement says its signer has seen; -1: it does not say. */
int64_t voided_covers(const char *stmt);

#endif
