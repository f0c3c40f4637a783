#ifndef RUN_PROGRESS_H
#define RUN_PROGRESS_H

/*
 * From what happened to each step to what that means for the others: conditions (`when`),
 * branches, headings, and which step holds up which. For run_apply, gate and decide.
 */

#include "run/run.h"

/* Sets every step's state from the steps' own ones. */
void progress_derive(struct run *r);
/* Is step i under this heading (section or call), directly or deeper? */
bool progress_under(const struct runbook *rb, int i, int heading);
bool progress_is_heading(const struct step *s);
/* The first step that must be settled before this one may begin, NONE when there is none. */
int progress_blocker(const struct run *r, int step);
/* A failed step whose on_failure leads on to a later step holds nobody up from there on. */
bool progress_led_on(const struct run *r, int failed, int step);
/* The heading's state by its members. */
enum step_state progress_heading(const struct run *r, int heading);

#endif
