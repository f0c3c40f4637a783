#ifndef MODEL_CHECK_H
#define MODEL_CHECK_H

/* Rules over a whole runbook that no single key can decide: what needs what, what may not
 * be missing, danger declared. All faults, not the first. Called by the loader. Pure. */

#include <stddef.h>

#include "model/diag.h"
#include "model/project.h"
#include "model/runbook.h"

void check_runbook(const struct runbook *rb, const struct project *p, struct diags *d);
/* Every rule, for the manual and `help ID`. */
struct check_rule {
	const char *id;
	enum diag_level level;
	const char *reason, *help; /* help may be NULL */
};
const struct check_rule *check_rules(size_t *count);

/* Steps whose effect this version cannot carry out: a sentence for each, or none. */
void check_reach(const struct runbook *rb, struct diags *d);

#endif
