#ifndef TESTS_GOLDEN_STAGE_H
#define TESTS_GOLDEN_STAGE_H

/* The scenes of the golden frames: a runbook and a run made by the real engine, drawn by
 * each view in turn. Time stands still. */

#include "../unit/run/fixture.h"
#include "view/form.h"
#include "view/frame.h"

struct stage_act {
	const char *name; /* stem of the golden file */
	void (*draw)(struct frame *f);
};
const struct stage_act *stage_acts(size_t *count);

extern const struct now stage_now;
/* The restore that most scenes are of; the caller frees. */
struct world *stage_world(void);
void stage_dump(struct world *w);       /* its dump is chosen */
void stage_up_to_load(struct world *w); /* the writers are stopped on both hosts */
void stage_form(struct frame *f, struct form *form); /* draws and releases it */

void stage_run(struct frame *f, struct world *w, const char *marked);

#endif
