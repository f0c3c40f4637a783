#include "app/console.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "app/consoleinner.h"
#include "base/mem.h"
#include "base/text.h"
#include "view/view_problems.h"

enum { TICK_MS = 1000 };

/* ---- messages -------------------------------------------------------------------------- */

void
console_say(struct console *c, enum scene_level level, const char *fmt, ...)
{
	struct str text = STR_INIT;
	va_list ap;

	va_start(ap, fmt);
	str_vaddf(&text, fmt, ap);
	va_end(ap);
	mem_free(c->message);
	c->message = text_harmless_dup(text.buf);
	c->level = level;
	c->dirty = true;
	str_release(&text);
}

void
console_fault(struct console *c, const struct err *e)
{
	console_say(c, SCENE_ERROR, "%s", e->msg);
}

bool
console_readonly(const struct console *c)
{
	return args_has(c->o->args, OPT_READONLY);
}

/* ---- the frame ------------------------------------------------------------------------- */

struct strip {
	VEC_OF(struct scene_reading) list;
	struct strings texts;
};

static void
strip_release(struct strip *st)
{
	for (size_t i = 0; i < st->texts.list.len; i++)
		mem_free(st->texts.list.at[i]);
	vec_free(&st->texts.list);
	vec_free(&st->list);
}

static void
strip_links(struct console *c, struct strip *st)
{
	const struct runbook *rb = session_runbook(c->session);

	for (size_t i = 0; i < rb->targets.list.len; i++) {
		const struct target *t = &rb->targets.list.at[i];
		struct link_status ls;

		if (rb->hosts.list.at[t->host].via == HOST_LOCAL)
			continue;
		session_link_status(c->session, (int)i, &ls);
		if (ls.state == LINK_IDLE)
			continue;
		vec_push(&st->list, (struct scene_reading){.name = t->id,
					    .state = link_state_name(ls.state),
					    .verdict = ls.state == LINK_READY ? VERDICT_OK
						    : ls.state == LINK_LOST ||
							    ls.state == LINK_FAILED
						    ? VERDICT_FAIL
						    : VERDICT_UNKNOWN});
	}
}

static void
strip_probes(struct console *c, struct strip *st)
{
	static const char *const words[] = {"OK", "WARN", "FAIL", "UNKNOWN"};
	const struct runbook *rb = session_runbook(c->session);

	for (size_t i = 0; i < rb->probes.list.len; i++) {
		const struct session_reading *r = session_reading(c->session, (int)i);
		char *value;

		if (!r)
			continue;
		value = mem_printf("%s%s%s", r->value, r->unit[0] ? " " : "", r->unit);
		vec_push(&st->texts.list, value);
		vec_push(&st->list,
			(struct scene_reading){.name = rb->probes.list.at[i].name,
				.state = words[r->verdict], .value = *value ? value : NULL,
				.verdict = r->verdict});
	}
}

static void
place_words(const struct console *c, struct str *out)
{
	const struct run *r = c->session ? session_run(c->session) : NULL;

	switch (c->screen) {
	case SCREEN_HOME:
		str_adds(out, "Home");
		break;
	case SCREEN_PLAN:
		str_addf(out, "Plan > %s", c->plan->title);
		break;
	case SCREEN_PROBLEMS:
		str_adds(out, "Problems");
		break;
	case SCREEN_RUN:
		str_addf(out, "Run %s > %s", r->id + ULID_LEN - 4, r->runbook->title);
		break;
	}
}

static const char *
badge_of(const struct console *c)
{
	const struct runbook *rb = c->screen == SCREEN_RUN ? session_runbook(c->session)
		: c->screen == SCREEN_PLAN ? c->plan
					   : NULL;

	if (!rb)
		return NULL;
	return rb->badge ? rb->badge : rb->environment ? rb->environment : NULL;
}

static void
draw_screen(struct console *c, const struct scene *sc)
{
	switch (c->screen) {
	case SCREEN_HOME:
		console_home_draw(c, sc);
		break;
	case SCREEN_PLAN:
		console_plan_draw(c, sc);
		break;
	case SCREEN_RUN:
		console_run_draw(c, sc);
		break;
	case SCREEN_PROBLEMS:
		view_problems_draw(sc, &c->problems, &c->problems_scroll, &c->frame);
		break;
	}
}

static void
screen_can(struct console *c, const struct scene *sc, struct keymap_can *can)
{
	if (c->screen == SCREEN_HOME)
		console_home_can(c, sc, can);
	else if (c->screen == SCREEN_PLAN)
		console_plan_can(c, sc, can);
	else if (c->screen == SCREEN_RUN)
		console_run_can(c, sc, can);
}

static void
draw_help(struct console *c, const struct scene *sc)
{
	struct keymap_can can = {0};

	if (!c->dialogs.len)
		screen_can(c, sc, &can);
	view_help_draw(sc, &c->help, &can, &c->frame);
}

static void
draw(struct console *c)
{
	struct scene sc = {.now = clock_now(), .message = c->message, .level = c->level,
		.readonly = console_readonly(c)};
	struct str place = STR_INIT, asks = STR_INIT, running = STR_INIT;
	struct strip strip = {0};

	place_words(c, &place);
	sc.place = place.buf;
	sc.badge = badge_of(c);
	sc.prod = sc.badge && str_starts(sc.badge, "PROD");
	sc.project = c->o->project ? c->o->project->name : NULL;
	if (c->session) {
		sc.who = session_who(c->session);
		sc.journal = session_journal_words(c->session, &sc.journal_danger);
		strip_links(c, &strip);
		strip_probes(c, &strip);
		sc.strip = strip.list.at;
		sc.strip_len = strip.list.len;
		if (console_run_words(c, &running))
			sc.running = running.buf;
	}
	if (c->prompting) {
		str_addf(&asks, "%s asks: %s  Press %s to answer", c->prompt_from,
			c->prompt_text,
			c->dialogs.len && form_on_text(&console_dialog_top(c)->form) ? "F4"
										     : "P");
		sc.asks = asks.buf;
	}
	frame_clear(&c->frame);
	if (scene_size(&c->frame) == SCENE_TOO_SMALL) {
		scene_too_small(&sc, &c->frame);
	} else {
		draw_screen(c, &sc);
		if (c->dialogs.len)
			console_dialog_draw(c, &sc);
		if (c->help_open)
			draw_help(c, &sc);
	}
	term_paint(c->term, &c->frame);
	strip_release(&strip);
	str_release(&place);
	str_release(&asks);
	str_release(&running);
}

/* One frame per turn at most, and none while the terminal takes no bytes. */
static void
after_turn(void *ctx)
{
	struct console *c = ctx;

	if (!c->dirty || c->over || !term_ready(c->term))
		return;
	c->dirty = false;
	draw(c);
}

static void
tick(void *ctx)
{
	struct console *c = ctx;

	if (c->session)
		console_run_tell_late(c);
	c->dirty = true;
}

/* ---- keys ------------------------------------------------------------------------------ */

static enum keymap_place
place_of(const struct console *c)
{
	static const enum keymap_place places[] = {
		[SCREEN_HOME] = ON_HOME,
		[SCREEN_PLAN] = ON_PLAN,
		[SCREEN_RUN] = ON_RUN,
		[SCREEN_PROBLEMS] = ON_PROBLEMS,
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
	enum action a = ev->key ? keymap_find(ON_HELP, ev->key) : ACTION_NONE;
	struct scroll *s = &c->help.scroll;

	c->dirty = true;
	if (a == ACTION_ESCAPE || a == ACTION_STOP || (ev->key && strcmp(ev->key, "F1") == 0) ||
		(ev->key && strcmp(ev->key, "?") == 0)) {
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
	case SCREEN_PROBLEMS:
		break;
	}
	return false;
}

static const struct {
	enum action action;
	enum scroll_step step;
} moves[] = {
	{ACTION_UP, SCROLL_UP}, {ACTION_UP_VI, SCROLL_UP}, {ACTION_DOWN, SCROLL_DOWN},
	{ACTION_DOWN_VI, SCROLL_DOWN}, {ACTION_HALF_UP, SCROLL_HALF_UP},
	{ACTION_HALF_DOWN, SCROLL_HALF_DOWN}, {ACTION_PAGE_UP, SCROLL_PAGE_UP},
	{ACTION_PAGE_DOWN, SCROLL_PAGE_DOWN}, {ACTION_FIRST, SCROLL_FIRST},
	{ACTION_LAST, SCROLL_LAST},
};

static struct scroll *
focused_scroll(struct console *c)
{
	switch (c->screen) {
	case SCREEN_HOME:
		return c->home.pane == HOME_RUNS ? &c->home.runs : &c->home.runbooks;
	case SCREEN_PLAN:
		return c->plan_state.pane == PLAN_STEPS ? &c->plan_state.steps
							: &c->plan_state.facts;
	case SCREEN_RUN:
		return view_run_scroll(&c->run, &c->frame);
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
	if (c->screen == SCREEN_PROBLEMS || c->screen == SCREEN_PLAN) {
		c->screen = SCREEN_HOME;
		console_home_open(c);
	} else if (c->screen == SCREEN_RUN && a == ACTION_ESCAPE &&
		(c->run.zoom || c->run.pane != RUN_TREE)) {
		c->run.zoom = false;
		c->run.pane = RUN_TREE;
	} else if (c->screen == SCREEN_RUN) {
		console_home_open(c);
		if (!session_run(c->session)->closed)
			console_say(c, SCENE_INFO, "The run stays open here: F3 goes back to it.");
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

static void
stop_key(struct console *c)
{
	if (c->screen == SCREEN_RUN && run_busy(session_run(c->session)) &&
		!console_readonly(c))
		console_ask_stop(c);
	else
		console_say(c, SCENE_INFO, "nothing runs; q goes back, F10 leaves handrail");
}

static bool
answering(const struct console *c)
{
	for (size_t i = 0; i < c->dialogs.len; i++)
		if (c->dialogs.at[i]->kind == DIALOG_PROMPT)
			return true;
	return false;
}

static void
do_everywhere(struct console *c, enum action a)
{
	switch (a) {
	case ACTION_HELP:
	case ACTION_HELP_TEXT:
		view_help_open(&c->help, help_place(c));
		c->help_open = true;
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
	case ACTION_RUN_ANSWER:
	case ACTION_RUN_ANSWER_TEXT:
		if (c->prompting && !answering(c))
			console_ask_prompt(c);
		break;
	case ACTION_FIND:
		console_ask_find(c);
		break;
	case ACTION_FIND_NEXT:
	case ACTION_FIND_PREV:
		if (!console_run_find(c, a == ACTION_FIND_NEXT))
			console_say(c, SCENE_INFO, "nothing found");
		break;
	default:
		break;
	}
}

static void
on_key(void *ctx, const struct keys_event *ev)
{
	struct console *c = ctx;
	enum action a;

	if (c->over)
		return;
	c->dirty = true;
	if (scene_size(&c->frame) == SCENE_TOO_SMALL) {
		if (ev->key && keymap_find(ON_SMALL, ev->key) == ACTION_REDRAW)
			term_redraw(c->term);
		else if (ev->key && keymap_find(ON_SMALL, ev->key) == ACTION_STOP)
			stop_key(c);
		return;
	}
	if (c->help_open) {
		help_key(c, ev);
		return;
	}
	if (c->dialogs.len) {
		a = ev->key ? keymap_find(help_place(c), ev->key) : ACTION_NONE;
		if (a == ACTION_HELP || a == ACTION_HELP_TEXT || a == ACTION_REDRAW ||
			a == ACTION_RUN_ANSWER || a == ACTION_RUN_ANSWER_TEXT)
			do_everywhere(c, a);
		else
			console_dialog_key(c, ev);
		return;
	}
	if (!ev->key) {
		console_say(c, SCENE_WARNING, "the paste was dropped: no text field is open");
		return;
	}
	a = keymap_find(place_of(c), ev->key);
	if (a == ACTION_NONE || screen_do(c, a) || move(c, a))
		return;
	do_everywhere(c, a);
}

static void
on_resize(void *ctx)
{
	struct console *c = ctx;

	frame_release(&c->frame);
	frame_init(&c->frame, term_rows(c->term), term_cols(c->term));
	c->frame.ascii = term_ascii(c->term);
	c->dirty = true;
}

static void
on_ready(void *ctx)
{
	(void)ctx; /* after_turn looks at dirty */
}

/* ---- the end --------------------------------------------------------------------------- */

void
console_leave(struct console *c, enum exit_code code)
{
	c->over = true;
	c->code = code;
}

void
console_ask_to_quit(struct console *c)
{
	const struct run *r = c->session ? session_run(c->session) : NULL;

	if (!r || r->closed || !r->open)
		console_leave(c, !r || !r->closed || str_eq(r->result, "ok")
				? EXIT_CODE_OK
				: EXIT_CODE_NO);
	else
		console_ask_quit(c);
}

static void
on_signal(void *ctx, int sig)
{
	struct console *c = ctx;

	console_leave(c, sig == SIGINT ? EXIT_CODE_INT : EXIT_CODE_TERM);
}

/* What stays on the shell's screen: where the run is and how it goes on. */
static void
farewell(const struct console *c, char *id, char *dir, const char *result)
{
	if (!id)
		return;
	if (result) {
		printf("Run %s is closed: %s.\nRecord: %s\nCheck it: handrail verify %s\n",
			id, result, dir, id);
	} else {
		printf("Run %s is open%s.\nGo on with: handrail resume %s\n", id,
			c->code == EXIT_CODE_STOPPED ? "; what runs on the hosts goes on" : "",
			id);
	}
	fflush(stdout);
}

static bool
start(struct console *c, struct err *e)
{
	c->term = term_open(&(struct term_opts){.loop = c->o->loop,
				    .palette = {.theme = c->o->args->opt[OPT_THEME],
					    .color = c->o->args->opt[OPT_COLOR]},
				    .ascii = args_has(c->o->args, OPT_ASCII),
				    .calls = {on_key, on_resize, on_ready, on_signal, c}},
		e);
	if (!c->term)
		return false;
	on_resize(c);
	c->tick = loop_timer_new(c->o->loop, tick, c);
	c->guard = loop_timer_new(c->o->loop, tick, c);
	loop_timer_start(c->tick, TICK_MS, TICK_MS);
	loop_after_turn(c->o->loop, after_turn, c);
	if (c->o->hello)
		console_say(c, SCENE_INFO, "%s", c->o->hello);
	if (c->o->run_dir)
		return console_session_resume(c, c->o->run_dir, e);
	if (c->o->runbook)
		console_plan_open(c, c->o->runbook);
	else
		console_home_open(c);
	return true;
}

static void
finish(struct console *c)
{
	loop_after_turn(c->o->loop, NULL, NULL);
	if (c->tick)
		loop_timer_free(c->tick);
	if (c->guard)
		loop_timer_free(c->guard);
	console_dialog_close_all(c);
	if (c->help_open)
		view_help_release(&c->help);
	term_close(c->term);
}

enum exit_code
console_run(const struct console_opts *o)
{
	struct console c = {.o = o, .arm_after = NONE, .code = EXIT_CODE_OK};
	struct err e = ERR_INIT;
	char *id = NULL, *dir = NULL, *result = NULL;

	if (start(&c, &e)) {
		c.dirty = true;
		while (!c.over) {
			loop_turn(o->loop, TICK_MS);
			console_session_sweep(&c);
		}
	}
	if (c.session) {
		id = mem_strdup(session_run(c.session)->id);
		dir = mem_strdup(session_dir(c.session));
		result = mem_strdup(session_run(c.session)->result);
	}
	finish(&c);
	console_session_close(&c);
	console_session_sweep(&c);
	vec_free(&c.doomed);
	console_home_release(&c);
	console_plan_release(&c);
	diags_release(&c.problems);
	scroll_release(&c.problems_scroll);
	frame_release(&c.frame);
	mem_free(c.message);
	mem_free(c.find);
	if (e.kind != ERR_NONE) {
		fprintf(stderr, "handrail: %s\n", e.msg);
		c.code = c.term ? args_exit_for(&e) : EXIT_CODE_USAGE;
	} else {
		farewell(&c, id, dir, result);
	}
	mem_free(id);
	mem_free(dir);
	mem_free(result);
	return c.code;
}
