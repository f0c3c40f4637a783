#ifndef LOAD_STEPREAD_H
#define LOAD_STEPREAD_H

/* Steps: what all kinds share here, what acts in stepacts.h. Inputs, hosts and probes of the
 * file must have been read. */

#include "load/loading.h"

/* The steps of a list, appended to the runbook; those of called runbooks behind the step
 * that calls. */
void stepread_list(struct frame *f, const struct ynode *list);
/* A heading of our own in front of them. */
void stepread_heading(struct frame *f, const struct ynode *at, const char *title);
/* A call of that runbook, as if a step said so. */
void stepread_call(struct frame *f, const struct ynode *name);
/* Turns the names noted on the way into indices. */
void stepread_resolve(struct frame *f);
#endif
