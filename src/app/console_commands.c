#include <stdlib.h>
#include <string.h>

#include "app/consoleinner.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"

/* The list of commands, and copying. */

void
console_commands_open(struct console *c, enum keymap_place place)
{
	view_commands_open(&c->commands, place);
	c->commands_open = true;
}

void
console_commands_close(struct console *c)
{
	if (c->commands_open)
		view_commands_release(&c->commands);
	c->commands_open = false;
	c->dirty = true;
}

/* The marked one. What may run something is done by its own key, which is thereby learnt. */
static void
do_marked(struct console *c)
{
	const struct scene sc = {.keys = &c->keys};
	struct keymap_can can = {0};
	struct str key = STR_INIT;
	enum action a;

	console_can(c, &can);
	a = view_commands_marked(&sc, &c->commands, &can);
	if (a == ACTION_NONE)
		return;
	if (can.not_now[a]) {
		console_say(c, SCENE_WARNING, "not now: %s", can.why[a]);
		return;
	}
	console_commands_close(c);
	keymap_first_text(&c->keys, a, c->frame.ascii, &key);
	if (keymap_row(a)->effect == KEYMAP_EXECUTES)
		console_say(c, SCENE_INFO, "Press %s here to do it.", key.buf);
	else
		console_do(c, a);
	str_release(&key);
}

static const struct {
	enum action action;
	enum field_edit edit;
} edits[] = {
	{ACTION_EDIT_LEFT, FIELD_LEFT},
	{ACTION_EDIT_RIGHT, FIELD_RIGHT},
	{ACTION_EDIT_START, FIELD_START},
	{ACTION_EDIT_END, FIELD_END},
	{ACTION_EDIT_BACKSPACE, FIELD_BACKSPACE},
	{ACTION_EDIT_DELETE, FIELD_DELETE},
	{ACTION_EDIT_KILL_WORD, FIELD_KILL_WORD},
	{ACTION_EDIT_KILL_BACK, FIELD_KILL_BACK},
	{ACTION_EDIT_KILL_END, FIELD_KILL_END},
};

/* What is searched for changed: the first of what is left is marked. */
static void
searched(struct console *c)
{
	c->commands.scroll.id = SCROLL_NOTHING;
	c->commands.scroll.top = 0;
}

void
console_commands_key(struct console *c, const struct keys_event *ev)
{
	enum action a = ev->key ? keymap_find(&c->keys, ON_COMMANDS, ev->key)
				: ACTION_NONE;
	struct scroll *s = &c->commands.scroll;

	if (a == ACTION_ESCAPE || a == ACTION_STOP) {
		console_commands_close(c);
	} else if (a == ACTION_COMMANDS_DO) {
		do_marked(c);
	} else if (a == ACTION_REDRAW) {
		term_redraw(c->term);
	} else if (a == ACTION_UP || a == ACTION_DOWN) {
		scroll_move(s, a == ACTION_UP ? SCROLL_UP : SCROLL_DOWN);
	} else if (a == ACTION_PAGE_UP || a == ACTION_PAGE_DOWN) {
		scroll_move(s, a == ACTION_PAGE_UP ? SCROLL_PAGE_UP : SCROLL_PAGE_DOWN);
	} else if (!ev->key) {
		field_paste(&c->commands.search, ev->paste, ev->paste_len);
		searched(c);
	} else if (a == ACTION_NONE && ev->text) {
		field_type(&c->commands.search, ev->text);
		searched(c);
	}
	for (size_t i = 0; i < sizeof edits / sizeof *edits; i++)
		if (edits[i].action == a && c->commands_open) {
			field_edit(&c->commands.search, edits[i].edit);
			searched(c);
		}
}

/* ---- copying ------------------------------------------------------------------------------- */

static char *
copy_of_home(const struct console *c)
{
	if (c->home.pane == HOME_RUNS && c->home.runs.id >= 0 &&
		(size_t)c->home.runs.id < c->home_runs.len)
		return mem_strdup(c->home_runs.at[c->home.runs.id].id);
	if (c->home.pane == HOME_DUES && c->home.dues.id >= 0 &&
		(size_t)c->home.dues.id < c->due_rows.len)
		return mem_strdup(c->due_rows.at[c->home.dues.id].id);
	if (c->home.pane == HOME_RUNBOOKS && c->home.runbooks.id >= 0 &&
		(size_t)c->home.runbooks.id < c->home_rows.len)
		return mem_strdup(c->home_rows.at[c->home.runbooks.id].path);
	return NULL;
}

static char *
copy_of_step(const struct runbook *rb, int step)
{
	const struct step *s;

	if (step < 0 || (size_t)step >= rb->steps.list.len)
		return NULL;
	s = &rb->steps.list.at[step];
	return mem_strdup(s->text && *s->text ? s->text : s->title);
}

static char *
copy_of_output(const struct console *c)
{
	int step = view_run_output_step(session_run(c->session), c->run.tree.id);
	struct str text = STR_INIT;

	for (size_t i = 0; i < c->ring.legs.len; i++) {
		const struct ring_leg *l = c->ring.legs.at[i];

		for (size_t k = 0; l->step == step && k < l->count; k++)
			str_addf(&text, "%s\n", ring_line(l, k)->text);
	}
	return text.len ? str_take(&text) : NULL;
}

/* The marked thing as text, or NULL. */
char *
console_commands_copy_of(const struct console *c)
{
	switch (c->screen) {
	case SCREEN_HOME:
		return copy_of_home(c);
	case SCREEN_PLAN:
		return copy_of_step(c->plan, c->plan_state.steps.id);
	case SCREEN_RUN:
		return c->run.pane == RUN_OUTPUT
			? copy_of_output(c)
			: copy_of_step(session_runbook(c->session), c->run.tree.id);
	case SCREEN_LOGS:
		return console_logs_copy(c);
	case SCREEN_HEALTH:
		return console_health_copy(c);
	case SCREEN_BOXES:
		return console_boxes_copy(c);
	case SCREEN_LEARN:
		return copy_of_step(console_learn_runbook(c),
			console_learn_scroll((struct console *)c)->id);
	case SCREEN_AUDIT:
		return console_audit_copy(c);
	case SCREEN_REPLAY:
		return copy_of_step(console_replay_run(c)->runbook,
			console_replay_scroll((struct console *)c)->id);
	case SCREEN_PROBLEMS:
		if (c->problems_scroll.id >= 0 &&
			(size_t)c->problems_scroll.id < c->problems.list.len)
			return mem_strdup(c->problems.list.at[c->problems_scroll.id].msg);
		break;
	}
	return NULL;
}

/* For terminals that take no text from programs: the same in a file of one's own. */
static void
keep_yank(const char *text)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	struct err e = ERR_INIT;
	char *dir, *path;

	if (!runtime || *runtime != '/')
		return;
	dir = file_join(runtime, "handrail");
	path = file_join(dir, "yank");
	if (!file_mkdirs(dir, 0700, &e) ||
		!file_replace(path, text, strlen(text), 0600, &e))
		e = ERR_INIT;
	mem_free(path);
	mem_free(dir);
}

void
console_commands_copy(struct console *c)
{
	const char *how = getenv("HANDRAIL_COPY");
	char *raw = console_commands_copy_of(c);
	struct str text = STR_INIT;

	if (raw)
		text_harmless(&text, raw, strlen(raw), TEXT_KEEP_LF);
	if (!raw) {
		console_say(c, SCENE_INFO, "nothing is marked that could be copied");
	} else if (str_eq(how, "off")) {
		console_say(c, SCENE_INFO,
			"HANDRAIL_COPY=off: nothing is sent to the terminal");
	} else if (!term_copy(c->term, text.buf, text.len)) {
		console_say(c, SCENE_WARNING,
			"%zu bytes are too many for a terminal: at most %d", text.len,
			TERM_COPY_MAX);
	} else {
		keep_yank(text.buf);
		console_say(c, SCENE_INFO,
			"%zu bytes sent to the terminal's clipboard; not all terminals take them",
			text.len);
	}
	str_release(&text);
	mem_free(raw);
}
