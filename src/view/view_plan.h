#ifndef VIEW_VIEW_PLAN_H
#define VIEW_VIEW_PLAN_H

/*
 * The plan of a runbook: every input, host, command, probe and list of choices that would
 * be used, the risks, whether this content is trusted, and what this version cannot do.
 * Looking at it contacts nothing; what ssh says of a host of trusted content it reads in
 * the operator's own configuration.
 */

#include "model/runbook.h"
#include "view/page.h"
#include "view/scene.h"

enum plan_pane { PLAN_STEPS, PLAN_FACTS };

struct plan_state {
	struct scroll steps, facts; /* steps: ids are indices of steps */
	enum plan_pane pane;
};

struct plan_scene {
	const struct runbook *runbook;
	bool trusted;
	const char *hash;          /* hex of what would be trusted */
	const char *project;       /* path of handrail.yaml, or NULL */
	const struct pairs *given; /* inputs given beforehand, or NULL */
	const char *cannot;        /* why it cannot start, or NULL */
	const char *twins;         /* hosts that are one machine, or NULL */
	/* By target: what it will be reached by and why; NULL, or absent: not known yet. */
	const struct pairs *ways;
};

void view_plan_draw(const struct scene *sc, const struct plan_scene *p,
	struct plan_state *st, struct frame *f);
void view_plan_can(
	const struct scene *sc, const struct plan_scene *p, struct keymap_can *can);
/* What is known before it starts: inputs, hosts, probes, roles. */
void view_plan_facts(const struct plan_scene *ps, struct now now, struct page *p);
void view_plan_release(struct plan_state *st);

#endif
