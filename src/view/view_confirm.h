#ifndef VIEW_VIEW_CONFIRM_H
#define VIEW_VIEW_CONFIRM_H

/*
 * The second act before something runs: the exact command, its target, what it should come
 * to, the way back, and for the two upper risks a phrase that must be typed. The dialog
 * takes no key before its guard's time: 0.6 s, 1 s, 3 s by risk.
 */

#include "run/run.h"
#include "view/form.h"

enum { CONFIRM_PHRASE, CONFIRM_RUN, CONFIRM_CANCEL, CONFIRM_SECOND };
enum { CONFIRM_MODERATE_MS = 600, CONFIRM_HARD_MS = 1000, CONFIRM_SEVERE_MS = 3000 };

struct confirm_scene {
	const struct run *run;
	int step, leg; /* LEG_ALL */
	enum way way;
	const char *badge;           /* of the environment, or NULL */
	const char *link;            /* what is wrong with the target's link, or NULL */
	const char *source, *target; /* copy: what stands at both ends; or NULL */
};

void view_confirm_open(struct form *f, const struct confirm_scene *c, struct now now);
/* Again when the state changed or a key was typed: the text, and whether it may run. */
void view_confirm_update(struct form *f, const struct confirm_scene *c, struct now now);

#endif
