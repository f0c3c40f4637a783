#include "app/consoleinner.h"

/* Moving about in the run view: its panes, their tabs, the open steps. */

/* Back to where the run is, whatever was marked. */
static void
go_next(struct console *c)
{
	int before = c->run.tree.id;

	c->run.moved = false;
	view_run_follow(session_run(c->session), &c->run);
	console_say(c, SCENE_INFO, "%s",
		before != c->run.tree.id ? "The list follows the run again."
			: run_next_open(session_run(c->session), 0) == NONE
			? "nothing is open any more"
			: "this is the next open step");
}

static void
go_prev(struct console *c)
{
	const struct run *r = session_run(c->session);

	for (int i = c->run.tree.id - 1; i >= 0; i--) {
		enum step_kind k = r->steps.list.at[i].step->kind;

		if (k != STEP_SECTION && k != STEP_CALL &&
			!run_settled(&r->steps.list.at[i])) {
			scroll_select(&c->run.tree, i);
			c->run.moved = i != run_next_open(r, 0);
			return;
		}
	}
	console_say(c, SCENE_INFO, "no step before this one is open");
}

static void
next_pane(struct console *c, struct run_state *st, int direction)
{
	int pane = ((int)st->pane + direction + 3) % 3;

	st->pane = (enum run_pane)pane;
	if (scene_size(&c->frame) < SCENE_NORMAL && pane != RUN_TREE)
		st->tab = pane == RUN_OUTPUT ? RUN_TAB_OUTPUT : RUN_TAB_DETAIL;
}

static void
next_tab(struct console *c, struct run_state *st)
{
	st->tab = (enum run_tab)((st->tab + 1) % 3);
	if (scene_size(&c->frame) >= SCENE_NORMAL && st->tab == RUN_TAB_OUTPUT)
		st->tab = RUN_TAB_HISTORY; /* the output has a pane of its own */
	if (st->pane != RUN_TREE)
		st->pane = st->tab == RUN_TAB_OUTPUT ? RUN_OUTPUT : RUN_DETAIL;
}

bool
console_panes_of(struct console *c, struct run_state *st, enum action a)
{
	switch (a) {
	case ACTION_RUN_PANE:
	case ACTION_RIGHT:
		next_pane(c, st, 1);
		return true;
	case ACTION_RUN_PANE_BACK:
	case ACTION_LEFT:
		next_pane(c, st, -1);
		return true;
	case ACTION_RUN_DETAIL:
		next_tab(c, st);
		return true;
	case ACTION_RUN_ZOOM:
		st->zoom = !st->zoom;
		return true;
	case ACTION_RUN_WRAP:
		view_run_wrap(st);
		return true;
	default:
		return false;
	}
}

bool
console_panes_do(struct console *c, enum action a)
{
	switch (a) {
	case ACTION_RUN_NEXT_OPEN:
		go_next(c);
		return true;
	case ACTION_RUN_PREV_OPEN:
		go_prev(c);
		return true;
	default:
		return console_panes_of(c, &c->run, a);
	}
}
