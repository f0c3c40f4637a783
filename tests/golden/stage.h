#ifndef TESTS_GOLDEN_STAGE_H
#define TESTS_GOLDEN_STAGE_H

/* The scenes of the golden frames: a runbook and a run made by the real engine, drawn by
 * each view in turn. Time stands still. */

#include "view/frame.h"

struct stage_act {
	const char *name; /* stem of the golden file */
	void (*draw)(struct frame *f);
};
const struct stage_act *stage_acts(size_t *count);

#endif
