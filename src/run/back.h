#ifndef RUN_BACK_H
#define RUN_BACK_H

/*
 * Leading the whole run back: which words begin it, what stands in its way, how far it is.
 * For gate, decide, the fold and the views. What there is to take back says run/undo.h.
 * Pure.
 */

#include "run/undo.h"

/* "roll back 7KQ2 in production"; BACK_STEPS: "… by its steps". Caller frees. */
char *back_phrase(const struct run *r, enum back_how how);
/* Which way the words begin; false: neither. */
bool back_typed(const struct run *r, const char *typed, enum back_how *how) WARN_UNUSED;
/* Does the runbook have steps of its own for it? */
bool back_has_steps(const struct run *r);
/* One of those steps. */
bool back_is_step(const struct run *r, int step);
/* One that was walked in a way back which was ended: it neither holds up the way on nor
 * decides how that goes. What runs or is unknown does, and so does one that a branch asks for
 * anew: its state is to do again. */
bool back_left_behind(const struct run *r, int step);
/* The run goes (or went) by those steps now: the others are no longer needed. */
bool back_by_steps(const struct run *r);
/* What comes next while it is on and goes by undo; `row` is left alone for NOTHING. */
enum undo_next_is back_next(const struct run *r, struct undo_row *row);
/* "rolled-back" or "failed" of one that is over or has nothing left; NULL: not finished. */
const char *back_outcome(const struct run *r);
/* "failed: led back, 2 stay": how a closed run ended. */
void back_result(const struct run *r, struct str *out);
/* "2 of 5"; and what it waits for, when it does. */
void back_words(const struct run *r, struct str *out);

#endif
