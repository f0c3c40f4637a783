#include <string.h>

#include "app/consoleinner.h"
#include "base/mem.h"

/* What a key does: to the help, the dialog on top, the screen, or everywhere. */

static enum keymap_place
place_of(const struct console *c)
{
	static const enum keymap_place places[] = {
		[SCREEN_HOME] = ON_HOME,
		[SCREEN_PLAN] = ON_PLAN,
		[SCREEN_RUN] = ON_RUN,
		[SCREEN_PROBLEMS] = ON_PROBLEMS,
		[SCREEN_LOGS] = ON_LOGS,
		[SCREEN_HEALTH] = ON_HEALTH,
		[SCREEN_BOXES] = ON_BOXES,
		[SCREEN_LEARN] = ON_LEARN,
		[SCREEN_AUDIT] = ON_AUDIT,
		[SCREEN_REPLAY] = ON_REPLAY,
	};

	return places[c->screen];
}

static enum keymap_place
help_place(const struct console *c)
{
	const struct console_dialog *d = console_dialog_top(c);

	if (!d)
		return place_of(c);
	return form_on_text(&d->form) ? ON_TEXT : ON_FORM;
}

static void
help_key(struct console *c, const struct keys_event *ev)
{
	enum action a = ev->key ? keymap_find(&c->keys, ON_HELP, ev->key) : ACTION_NONE;
	struct scroll *s = &c->help.scroll;

	c->dirty = true;
	if (a == ACTION_ESCAPE || a == ACTION_STOP ||
		(ev->key && keymap_has_key(&c->keys, ACTION_HELP, ev->key))) {
		view_help_release(&c->help);
		c->help_open = false;
	} else if (a == ACTION_UP || a == ACTION_DOWN) {
		scroll_text(s, a == ACTION_UP ? SCROLL_UP : SCROLL_DOWN);
	} else if (a == ACTION_PAGE_UP || a == ACTION_PAGE_DOWN) {
		scroll_text(s, a == ACTION_PAGE_UP ? SCROLL_PAGE_UP : SCROLL_PAGE_DOWN);
	} else if (a == ACTION_HALF_DOWN) {
		scroll_text(s, SCROLL_HALF_DOWN);
	} else if (a == ACTION_EDIT_BACKSPACE) {
		field_edit(&c->help.search, FIELD_BACKSPACE);
	} else if (a == ACTION_EDIT_KILL_BACK || a == ACTION_EDIT_KILL_WORD) {
		field_edit(&c->help.search, FIELD_KILL_BACK);
	} else if (a == ACTION_NONE && ev->text) {
		field_type(&c->help.search, ev->text);
		s->top = 0;
	}
}

static bool
screen_do(struct console *c, enum action a)
{
	switch (c->screen) {
	case SCREEN_HOME:
		return console_home_do(c, a);
	case SCREEN_PLAN:
		return console_plan_do(c, a);
	case SCREEN_RUN:
		return console_run_do(c, a);
	case SCREEN_LOGS:
		return console_logs_do(c, a);
	case SCREEN_HEALTH:
		return console_health_do(c, a);
	case SCREEN_BOXES:
		return console_boxes_do(c, a);
	case SCREEN_LEARN:
		return console_learn_do(c, a);
	case SCREEN_AUDIT:
		return console_audit_do(c, a);
	case SCREEN_REPLAY:
		return console_replay_do(c, a);
	case SCREEN_PROBLEMS:
		break;
	}
	return false;
}

static const struct {
	enum action action;
	enum scroll_step step;
} moves[] = {
	{ACTION_UP, SCROLL_UP},
	{ACTION_UP_VI, SCROLL_UP},
	{ACTION_DOWN, SCROLL_DOWN},
	{ACTION_DOWN_VI, SCROLL_DOWN},
	{ACTION_HALF_UP, SCROLL_HALF_UP},
	{ACTION_HALF_DOWN, SCROLL_HALF_DOWN},
	{ACTION_PAGE_UP, SCROLL_PAGE_UP},
	{ACTION_PAGE_DOWN, SCROLL_PAGE_DOWN},
	{ACTION_FIRST, SCROLL_FIRST},
	{ACTION_LAST, SCROLL_LAST},
};

static struct scroll *
focused_scroll(struct console *c)
{
	switch (c->screen) {
	case SCREEN_HOME:
		return c->home.pane == HOME_RUNS    ? &c->home.runs
			: c->home.pane == HOME_DUES ? &c->home.dues
						    : &c->home.runbooks;
	case SCREEN_PLAN:
		return c->plan_state.pane == PLAN_STEPS ? &c->plan_state.steps
							: &c->plan_state.facts;
	case SCREEN_RUN:
		return view_run_scroll(&c->run, &c->frame);
	case SCREEN_HEALTH:
		return &c->health.state.detail;
	case SCREEN_BOXES:
		return console_boxes_scroll(c);
	case SCREEN_LEARN:
		return console_learn_scroll(c);
	case SCREEN_AUDIT:
		return console_audit_scroll(c);
	case SCREEN_REPLAY:
		return console_replay_scroll(c);
	case SCREEN_LOGS: /* moves by itself */
	case SCREEN_PROBLEMS:
		break;
	}
	return &c->problems_scroll;
}

static bool
move(struct console *c, enum action a)
{
	struct scroll *s = focused_scroll(c);

	for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
		if (moves[i].action != a)
			continue;
		scroll_move(s, moves[i].step);
		if (s == &c->run.tree) {
			c->run.moved = true;
			c->run.detail.top = 0;
			c->run.output.tail = true;
		}
		return true;
	}
	return false;
}

static void
go_back(struct console *c, enum action a)
{
	if (c->screen == SCREEN_LEARN) {
		console_learn_back(c);
	} else if (c->screen == SCREEN_AUDIT) {
		console_audit_back(c, a);
	} else if (c->screen == SCREEN_REPLAY) {
		console_replay_back(c);
	} else if (c->screen == SCREEN_LOGS) {
		c->screen = c->back_to != SCREEN_BOXES || c->boxes ? c->back_to
			: c->session                               ? SCREEN_RUN
								   : SCREEN_HOME;
		if (c->screen == SCREEN_HOME)
			console_home_open(c);
	} else if (c->screen == SCREEN_HEALTH) {
		if (!console_health_back(c))
			c->screen = c->health.from;
	} else if (c->screen == SCREEN_BOXES) {
		if (a == ACTION_LEAVE || !console_boxes_escape(c))
			c->screen = c->boxes_from;
	} else if (c->screen == SCREEN_PLAN && c->boxes && console_boxes_is_act(c)) {
		c->screen = SCREEN_BOXES;
	} else if (c->screen == SCREEN_RUN && console_boxes_return(c)) {
		console_say(c, SCENE_INFO, "Back in run %s, which waited.",
			session_run(c->session)->id + ULID_LEN - 4);
	} else if (c->screen == SCREEN_HOME && a == ACTION_ESCAPE && c->home_filter) {
		console_home_filter(c, "");
	} else if (c->screen == SCREEN_PROBLEMS || c->screen == SCREEN_PLAN) {
		c->screen = SCREEN_HOME;
		console_home_open(c);
	} else if (c->screen == SCREEN_RUN && a == ACTION_ESCAPE &&
		(c->run.zoom || c->run.pane != RUN_TREE)) {
		c->run.zoom = false;
		c->run.pane = RUN_TREE;
	} else if (c->screen == SCREEN_RUN) {
		console_home_open(c);
		if (!session_run(c->session)->closed)
			console_say(c, SCENE_INFO,
				"The run stays open here: {screen.run} goes back to it.");
	} else if (a == ACTION_LEAVE) {
		console_ask_to_quit(c);
	}
}

static void
suspend(struct console *c)
{
	if (c->session && run_busy(session_run(c->session)))
		console_say(c, SCENE_WARNING,
			"not suspended: a step runs, and a stopped console cannot watch it");
	else
		term_suspend(c->term);
}

/* A check or a wait goes on, and no command with it. */
static bool
only_waits(const struct run *r)
{
	for (size_t i = 0; i < r->steps.list.len; i++)
		if (r->steps.list.at[i].own == STEP_IS_RUNNING)
			return true;
	return false;
}

static void
stop_key(struct console *c)
{
	if (c->session && c->screen != SCREEN_HOME && c->screen != SCREEN_PLAN &&
		c->screen != SCREEN_PROBLEMS && run_busy(session_run(c->session)) &&
		!console_readonly(c))
		console_ask_stop(c);
	else if (c->session && only_waits(session_run(c->session)))
		console_say(c, SCENE_INFO,
			"no command runs; {run.skip} ends a check or a wait, with a reason");
	else
		console_say(c, SCENE_INFO,
			"nothing runs; {screen.leave} goes back, {screen.quit} leaves handrail");
}

static bool
answering(const struct console *c)
{
	for (size_t i = 0; i < c->dialogs.len; i++)
		if (c->dialogs.at[i]->kind == DIALOG_PROMPT)
			return true;
	return false;
}

/* False: the key has no meaning here. */
static bool
do_everywhere(struct console *c, enum action a)
{
	const char *denied = console_learn_denies(c, a);

	if (denied) {
		console_say(c, SCENE_INFO, "not here: %s", denied);
		return true;
	}
	switch (a) {
	case ACTION_HELP:
	case ACTION_HELP_TEXT:
		view_help_open(&c->help, help_place(c));
		c->help_open = true;
		break;
	case ACTION_ATTACH:
		console_attach_ask(c);
		break;
	case ACTION_ATTACH_READING:
		console_attach_reading(c);
		break;
	case ACTION_ATTACH_PANE:
		console_attach_pane(c);
		break;
	case ACTION_REDRAW:
		term_redraw(c->term);
		break;
	case ACTION_QUIT:
		console_ask_to_quit(c);
		break;
	case ACTION_LEAVE:
	case ACTION_ESCAPE:
		go_back(c, a);
		break;
	case ACTION_STOP:
		stop_key(c);
		break;
	case ACTION_SUSPEND:
		suspend(c);
		break;
	case ACTION_HOME:
		if (c->screen != SCREEN_HOME) {
			c->screen = SCREEN_HOME;
			console_home_open(c);
		}
		break;
	case ACTION_RUN:
		if (c->session)
			c->screen = SCREEN_RUN;
		else
			console_say(c, SCENE_INFO, "no run is open here");
		break;
	case ACTION_AUDIT:
		console_audit_open(c);
		break;
	case ACTION_HEALTH:
	case ACTION_BOXES:
	case ACTION_LOGS:
		console_eyes_open(c, a);
		break;
	case ACTION_RUN_ANSWER:
	case ACTION_RUN_ANSWER_TEXT:
		if (c->prompting && !answering(c))
			console_ask_prompt(c);
		break;
	case ACTION_FIND:
		console_ask_find(c);
		break;
	case ACTION_COMMANDS:
		console_commands_open(c, place_of(c));
		break;
	case ACTION_COPY:
		console_commands_copy(c);
		break;
	case ACTION_FIND_NEXT:
	case ACTION_FIND_PREV:
		if (!console_find(c, a == ACTION_FIND_NEXT))
			console_say(c, SCENE_INFO, "nothing found");
		break;
	default:
		return false;
	}
	return true;
}

static void
does_nothing(struct console *c, const struct keys_event *ev)
{
	char *help = console_key_of(c, ACTION_HELP);
	struct str key = STR_INIT;

	keymap_key_text(ev->key, c->frame.ascii, &key);
	console_say(
		c, SCENE_INFO, "%s does nothing here; %s shows the keys", key.buf, help);
	str_release(&key);
	mem_free(help);
}

bool
console_do(struct console *c, enum action a)
{
	return screen_do(c, a) || move(c, a) || do_everywhere(c, a);
}

/* What was said on a screen does not go along to the next one. */
static void
do_and_forget(struct console *c, const struct keys_event *ev, enum action a)
{
	enum console_screen before = c->screen;
	const char *message = c->message;

	if (a == ACTION_NONE || !console_do(c, a))
		does_nothing(c, ev);
	if (c->screen != before && c->message == message && c->level != SCENE_ERROR)
		console_say_no_more(c);
}

void
console_keys(struct console *c, const struct keys_event *ev)
{
	enum action a;

	if (c->over)
		return;
	c->dirty = true;
	c->awaiting = false;
	if (scene_size(&c->frame) == SCENE_TOO_SMALL) {
		if (ev->key && keymap_find(&c->keys, ON_SMALL, ev->key) == ACTION_REDRAW)
			term_redraw(c->term);
		else if (ev->key &&
			keymap_find(&c->keys, ON_SMALL, ev->key) == ACTION_STOP)
			stop_key(c);
		return;
	}
	if (c->help_open) {
		help_key(c, ev);
		return;
	}
	if (c->commands_open) {
		console_commands_key(c, ev);
		return;
	}
	if (c->dialogs.len) {
		a = ev->key ? keymap_find(&c->keys, help_place(c), ev->key) : ACTION_NONE;
		if (a == ACTION_HELP || a == ACTION_HELP_TEXT || a == ACTION_REDRAW ||
			a == ACTION_RUN_ANSWER || a == ACTION_RUN_ANSWER_TEXT)
			do_everywhere(c, a);
		else
			console_dialog_key(c, ev);
		return;
	}
	if (!ev->key) {
		console_say(
			c, SCENE_WARNING, "the paste was dropped: no text field is open");
		return;
	}
	a = keymap_find(&c->keys, place_of(c), ev->key);
	do_and_forget(c, ev, a);
}
