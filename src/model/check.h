#ifndef MODEL_CHECK_H
#define MODEL_CHECK_H

/* Rules over a whole runbook that no single key can decide: what needs what, what may not
 * be missing, danger declared. All faults, not the first. Called by the loader. Pure. */

#include "model/diag.h"
#include "model/project.h"
#include "model/runbook.h"

void check_runbook(const struct runbook *rb, const struct project *p, struct diags *d);
/* Steps whose effect this version cannot carry out: a sentence for each, or none. */
void check_reach(const struct runbook *rb, struct diags *d);

#endif
