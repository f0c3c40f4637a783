#ifndef RUN_LEGS_H
#define RUN_LEGS_H

/*
 * A step over hosts and items, one leg for each pair: how the legs make up the state of the
 * step, which may start next, and what their jobs are called. For run_apply and decide;
 * changes nothing but what legs_make and legs_release are for.
 */

#include "run/run.h"

/* Legs of a step in the order they start: each host with each item. */
void legs_make(const struct runbook *rb, struct run_step *rs);
void legs_release(struct run_step *rs);
/* By host and item (NULL: none); NONE when there is no such leg. */
int legs_find(const struct run_step *rs, const char *host, const char *each);

bool legs_active(const struct leg_run *lr); /* intended, running or cancelling */
bool legs_ok(const struct leg_run *lr);     /* ok, perhaps with a warning */
/* Does anything that runs or was ordered now run on this target? */
bool legs_wait_for(const struct run *r, int target);
/* It changed something that its undo would take back. */
bool legs_undoable(const struct run_step *rs, int leg);
/* State of the step by its legs alone. */
enum step_state legs_state(const struct run_step *rs);
/* Several legs must each be confirmed by a phrase of their own. */
bool legs_one_by_one(const struct run *r, int step, enum way way);
/* To do, failed, or waiting to try again (and, for the way back, undoable). */
bool legs_may_begin(const struct run_step *rs, int leg, enum way way);
/* The leg a START of all would begin with; NONE: there is nothing left to start. A watch
 * passes hosts that are DOWN over while there is another. */
int legs_first(const struct run *r, int step, enum way way);
/* The leg that may start by itself now because an earlier one went well; NONE. Does not
 * look at holds. */
int legs_next(const struct run *r, int step);
/* The leg that would, if its host were not DOWN: the step holds there. NONE: it does not. */
int legs_held(const struct run *r, int step);
/* Before the next leg the probes of `before` are looked at, and nobody was told to yet. */
bool legs_wants_look(const struct run *r, int step);
/* Has the START that is under way anything left to do? */
bool legs_go_on(const struct run_step *rs);
/* "<step>.<host>.<attempt>", the folder of a job; caller frees. */
char *legs_job(const struct run_step *rs, int leg, enum way way, int attempt);

#endif
