#ifndef VIEW_VIEW_LEARN_H
#define VIEW_VIEW_LEARN_H

/*
 * A runbook to learn from: each step with why it is done, what the parts of its command do,
 * what good looks like, and an example of what one would see. Nothing runs here and nothing
 * is recorded; whoever draws it has no way to reach anything.
 */

#include "model/runbook.h"
#include "view/page.h"
#include "view/scene.h"

enum learn_pane { LEARN_STEPS, LEARN_STEP };

struct learn_state {
	struct scroll steps, detail; /* steps: ids are indices of steps */
	enum learn_pane pane;
};

struct learn_scene {
	const struct runbook *runbook;
	const char *example; /* of the marked step; NULL: there is none */
	const char *source;  /* where the example comes from */
	int shown;           /* lines of it that have been played; all: INT_MAX */
	const bool *seen;    /* by step */
};

void view_learn_draw(const struct scene *sc, const struct learn_scene *l,
	struct learn_state *st, struct frame *f);
/* What is said of one step, for the line mode too. */
void view_learn_page(const struct learn_scene *l, int step, struct page *p);
/* It only leads to others. */
bool view_learn_is_heading(const struct step *s);
/* How many steps there are to learn, and how many of them were seen. */
void view_learn_count(const struct learn_scene *l, int *seen, int *all);

#endif
