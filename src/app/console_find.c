#include "app/consoleinner.h"

/* The word that was searched last, in the list or the output that has the focus. */

static bool
row_has(const void *ctx, int id)
{
	const struct console *c = ctx;

	switch (c->screen) {
	case SCREEN_HOME:
		return (size_t)id < c->home_rows.len &&
			form_row_matches(c->home_rows.at[id].title, c->find);
	case SCREEN_PLAN:
		return form_row_matches(c->plan->steps.list.at[id].title, c->find) ||
			form_row_matches(c->plan->steps.list.at[id].text
					? c->plan->steps.list.at[id].text
					: "",
				c->find);
	case SCREEN_RUN:
		return form_row_matches(
			session_runbook(c->session)->steps.list.at[id].title, c->find);
	case SCREEN_LOGS: /* have a search of their own */
	case SCREEN_HEALTH:
	case SCREEN_BOXES:
	case SCREEN_AUDIT:
		break;
	case SCREEN_REPLAY:
		return form_row_matches(
			console_replay_run(c)->steps.list.at[id].step->title, c->find);
	case SCREEN_LEARN:
		return form_row_matches(
			console_learn_runbook(c)->steps.list.at[id].title, c->find);
	case SCREEN_PROBLEMS:
		return form_row_matches(c->problems.list.at[id].msg, c->find);
	}
	return false;
}

static bool
find_in_lists(struct console *c, bool forward)
{
	struct scroll *s = &c->home.runbooks;

	if (!c->find || !*c->find)
		return false;
	if (c->screen == SCREEN_RUN &&
		view_run_scroll(&c->run, &c->frame) == &c->run.output)
		return console_run_find_output(c, forward);
	if (c->screen == SCREEN_PLAN)
		s = &c->plan_state.steps;
	else if (c->screen == SCREEN_RUN)
		s = &c->run.tree;
	else if (c->screen == SCREEN_REPLAY)
		s = console_replay_scroll((struct console *)c);
	else if (c->screen == SCREEN_LEARN)
		s = console_learn_scroll((struct console *)c);
	else if (c->screen == SCREEN_PROBLEMS)
		s = &c->problems_scroll;
	if (!scroll_search(s, forward, row_has, c))
		return false;
	if (s == &c->run.tree)
		c->run.moved = true;
	if (s == &c->home.runbooks) { /* what was found is what Enter acts on */
		c->home.pane = HOME_RUNBOOKS;
		c->home.preview = false;
	}
	return true;
}

bool
console_find(struct console *c, bool forward)
{
	return c->screen == SCREEN_LOGS      ? console_logs_find(c, forward)
		: c->screen == SCREEN_HEALTH ? console_health_find(c, forward)
		: c->screen == SCREEN_BOXES  ? console_boxes_find(c, forward)
		: c->screen == SCREEN_AUDIT  ? console_audit_find(c, forward)
					     : find_in_lists(c, forward);
}
