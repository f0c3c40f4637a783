#ifndef MODEL_DUTY_H
#define MODEL_DUTY_H

/*
 * An obligation is closed by a small run of its own, over what its runbook says of it. Its
 * name is STEP/N: the Nth entry of that schedule step. Pure.
 */

#include "base/err.h"
#include "model/runbook.h"

/* What a gate passed by force leaves: no entry of any step. */
#define DUTY_REVIEW        "@review"
#define DUTY_REVIEW_TITLE  "Review what was done outside of the change window"
#define DUTY_REVIEW_ARMED  "Review what was done without the role that may arm it"
#define DUTY_REVIEW_ADDED  "Review the added step that did not wait for its turn"
#define DUTY_REVIEW_SECOND "Review what one person did alone where two are needed"

char *duty_name(const struct step *s, size_t n); /* n from 0; caller frees */
/* Leaves of the runbook the steps that close it: a check where it names probes; something
 * to do, with evidence, where no probe decides or a role answers for it; a sign-off where
 * that role has keys, and always of a review where there are signers. Inputs, hosts and probes stay. False: there is no such obligation. */
bool duty_reduce(struct runbook *rb, const char *name) WARN_UNUSED;

#endif
