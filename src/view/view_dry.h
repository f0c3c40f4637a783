#ifndef VIEW_VIEW_DRY_H
#define VIEW_VIEW_DRY_H

/*
 * A dry run: what each step would do, with the values that are known, and what would be asked
 * of whom. The run is one that was never opened: nothing in it has happened.
 */

#include "run/run.h"
#include "view/page.h"

/* The step as the plan has it; behind it its values and what it asks. */
void view_dry_step(const struct run *r, int step, struct page *p);
/* What is asked of a person before it acts or to settle it, a line each. */
void view_dry_asks(const struct run *r, int step, struct str *out);
/* What must hold before it may act, a line each. */
void view_dry_gates(const struct run *r, int step, struct str *out);
/* Its text with values: of a command those that it gets, "name = value", a line each; of
 * everything else the text as it would be sent. */
void view_dry_values(const struct run *r, int step, struct str *out);

#endif
