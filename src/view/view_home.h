#ifndef VIEW_VIEW_HOME_H
#define VIEW_VIEW_HOME_H

/* Home: runbooks with their last result, open runs, a preview of the marked one. */

#include "model/runbook.h"
#include "view/page.h"
#include "view/scene.h"
#include "view/view_due.h"

struct home_runbook {
	const char *group, *title, *path;
	int steps; /* -1: not known */
	enum risk risk;
	const char *last; /* "OK" "FAIL" "STOP" "RUN" "never" */
	struct wall last_at;
	const char *who;
	const char *fault; /* why it does not load, or NULL */
};

struct home_run {
	const char *id, *title, *step, *state, *who;
	struct wall since;
	const char *fault;   /* of a bad record */
	bool busy;           /* open in another console */
	bool here;           /* open in this one */
	const char *needs;   /* what a person has to do, as its console says; or NULL */
	const char *account; /* of a colleague whose record is not here; or NULL */
};

enum home_pane { HOME_RUNBOOKS, HOME_DUES, HOME_RUNS };

struct home_state {
	struct scroll runbooks, dues, runs; /* ids: index */
	enum home_pane pane;
	bool preview; /* at 80 columns: instead of the list */
	struct scroll preview_text;
};

struct home_scene {
	const struct home_runbook *runbooks;
	size_t runbooks_len;
	const struct home_run *runs; /* open ones */
	size_t runs_len;
	struct due_scene due;
	const struct runbook *preview; /* of the marked runbook; NULL: not loaded */
	const char *preview_fault;
	const char *const *looked; /* folders, when there are no runbooks */
	size_t looked_len;
	size_t environments; /* that handrail.yaml names */
	const char *filter;  /* of all lists; or NULL */
};

void view_home_draw(const struct scene *sc, const struct home_scene *h,
	struct home_state *st, struct frame *f);
/* What Enter would open; HOME_RUNS with no selection: nothing. */
void view_home_can(const struct scene *sc, const struct home_scene *h,
	const struct home_state *st, struct keymap_can *can);
void view_home_release(struct home_state *st);

#endif
