#ifndef APP_LEARNING_H
#define APP_LEARNING_H

/*
 * What `handrail learn` knows: an example for each step (its sample, or what the scenario
 * beside the runbook answers), and how far a learner has come, which stays in the state
 * folder and in no record.
 */

#include "model/runbook.h"

struct learning;

/* References the runbook; reads its scenario, where it has one, and the progress. */
struct learning *learning_new(struct runbook *rb);
void learning_free(struct learning *l); /* writes the progress */
const struct runbook *learning_runbook(const struct learning *l);
/* What one would see, or NULL; `source` says where it comes from. */
const char *learning_example(struct learning *l, int step, const char **source);
const bool *learning_seen(const struct learning *l);
void learning_see(struct learning *l, int step);

#endif
