#include "app/console.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/consoleinner.h"
#include "app/onlooker.h"
#include "app/themes.h"
#include "base/mem.h"
#include "base/stamp.h"
#include "base/text.h"
#include "run/armed.h"
#include "run/force.h"
#include "view/leavewords.h"
#include "view/view_problems.h"

enum { TICK_MS = 1000, INFO_MS = 30 * 1000, FRAME_MS = 16 };

/* ---- messages -------------------------------------------------------------------------- */

static enum action
action_named(const char *name, size_t len)
{
	for (int a = 0; a < ACTION_COUNT; a++)
		if (strlen(keymap_row(a)->name) == len &&
			memcmp(keymap_row(a)->name, name, len) == 0)
			return a;
	return ACTION_NONE;
}

/* {screen.run} in a sentence is the key of that action, as it is here. */
void
console_put_keys(const struct console *c, const char *text, struct str *out)
{
	while (*text) {
		size_t len = strcspn(text, "{"), name;
		enum action a;

		str_add(out, text, len);
		text += len;
		if (!*text)
			return;
		name = strcspn(text + 1, "}");
		a = action_named(text + 1, name);
		if (a == ACTION_NONE) {
			str_addc(out, *text++);
			continue;
		}
		keymap_first_text(&c->keys, a, c->frame.ascii, out);
		text += name + 1;
		text += *text == '}';
	}
}

void
console_say(struct console *c, enum scene_level level, const char *fmt, ...)
{
	struct str text = STR_INIT, with_keys = STR_INIT;
	va_list ap;

	va_start(ap, fmt);
	str_vaddf(&text, fmt, ap);
	va_end(ap);
	console_put_keys(c, text.buf, &with_keys);
	mem_free(c->message);
	c->message = text_harmless_dup(with_keys.buf);
	c->level = level;
	c->said = clock_mono();
	c->dirty = true;
	str_release(&with_keys);
	str_release(&text);
}

void
console_attend(struct console *c)
{
	term_attend(c->term, c->message ? c->message : "");
}

void
console_say_no_more(struct console *c)
{
	mem_free(c->message);
	c->message = NULL;
	c->dirty = true;
}

/* What was said in passing goes by itself; a warning stays until something else is. */
static void
forget_old_words(struct console *c)
{
	if (c->message && c->level == SCENE_INFO &&
		clock_mono().ms - c->said.ms >= INFO_MS)
		console_say_no_more(c);
}

void
console_fault(struct console *c, const struct err *e)
{
	console_say(c, SCENE_ERROR, "%s", e->msg);
}

bool
console_readonly(const struct console *c)
{
	return args_has(c->o->args, OPT_READONLY) ||
		(c->session && session_onlooking(c->session) && c->screen == SCREEN_RUN);
}

void
console_readonly_say(struct console *c, const char *what)
{
	const char *driver = c->session ? session_run(c->session)->driver : NULL;

	if (c->session && session_onlooking(c->session))
		console_say(c, SCENE_WARNING, "You look on: %s drives the run, %s here.",
			driver ? driver : "somebody else", what);
	else
		console_say(c, SCENE_WARNING, "read-only: %s", what);
}

/* ---- the frame ------------------------------------------------------------------------- */

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
	case SCREEN_LOGS:
		console_logs_draw(c, sc);
		break;
	case SCREEN_HEALTH:
		console_health_draw(c, sc);
		break;
	case SCREEN_BOXES:
		console_boxes_draw(c, sc);
		break;
	case SCREEN_LEARN:
		console_learn_draw(c, sc);
		break;
	case SCREEN_AUDIT:
		console_audit_draw(c, sc);
		break;
	case SCREEN_REPLAY:
		console_replay_draw(c, sc);
		break;
	case SCREEN_PROBLEMS:
		view_problems_draw(sc, &c->problems, &c->problems_scroll, &c->frame);
		break;
	}
}

static void
screen_can(struct console *c, const struct scene *sc, struct keymap_can *can)
{
	char *copied = console_commands_copy_of(c);

	if (c->screen == SCREEN_HOME)
		console_home_can(c, sc, can);
	else if (c->screen == SCREEN_PLAN)
		console_plan_can(c, sc, can);
	else if (c->screen == SCREEN_RUN)
		console_run_can(c, sc, can);
	else if (c->screen == SCREEN_LOGS)
		console_logs_can(c, sc, can);
	else if (c->screen == SCREEN_HEALTH)
		console_health_can(c, sc, can);
	else if (c->screen == SCREEN_BOXES)
		console_boxes_can(c, sc, can);
	else if (c->screen == SCREEN_AUDIT)
		console_audit_can(c, sc, can);
	else if (c->screen == SCREEN_REPLAY)
		console_replay_can(c, can);
	if (!c->find)
		for (int a = ACTION_FIND_NEXT; a <= ACTION_FIND_PREV; a++)
			keymap_deny(can, a, "nothing has been searched for");
	keymap_deny(can, ACTION_COPY, copied ? NULL : "nothing is marked");
	keymap_deny(
		can, ACTION_LOGS, console_eyes_asks(c) ? NULL : console_logs_why_not(c));
	keymap_deny(can, ACTION_RUN, c->session ? NULL : "no run is open here");
	if (c->session && run_busy(session_run(c->session)))
		keymap_deny(can, ACTION_SUSPEND, "a step runs");
	for (int a = 0; a < ACTION_COUNT; a++)
		if (console_learn_denies(c, a))
			keymap_deny(can, a, console_learn_denies(c, a));
	mem_free(copied);
}

void
console_can(struct console *c, struct keymap_can *can)
{
	struct scene sc = {.now = clock_now(),
		.readonly = console_readonly(c),
		.keys = &c->keys,
		.who = c->session ? session_who(c->session) : NULL,
		.asks = c->prompting ? c->prompt_text : NULL};

	screen_can(c, &sc, can);
}

char *
console_key_of(const struct console *c, enum action a)
{
	struct str key = STR_INIT;

	keymap_first_text(&c->keys, a, c->frame.ascii, &key);
	return str_take(&key);
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
draw_commands(struct console *c, const struct scene *sc)
{
	struct keymap_can can = {0};

	screen_can(c, sc, &can);
	view_commands_draw(sc, &c->commands, &can, &c->frame);
}

static void
who_asks(struct console *c, struct str *out)
{
	const struct console_dialog *d = console_dialog_top(c);
	char *key;

	if (!c->prompting || (d && d->kind == DIALOG_PROMPT))
		return;
	key = console_key_of(c,
		d && form_on_text(&d->form) ? ACTION_RUN_ANSWER_TEXT : ACTION_RUN_ANSWER);
	str_addf(out, "%s asks: %s  Press %s to answer", c->prompt_from, c->prompt_text,
		key);
	mem_free(key);
}

/* Who drives, and since when; of a console that is gone, who did. */
static void
looks_on_words(const struct run *r, bool gone, struct str *out)
{
	char at[STAMP_BYTES];

	stamp_clock(r->driven_since, at);
	str_addf(out, "%s %s %.5sZ", r->driver ? r->driver : "?",
		r->closed || gone     ? "drove since"
			: r->released ? "let go of it, since"
				      : "drives since",
		at);
}

static void
draw(struct console *c)
{
	struct scene sc = {.now = clock_now(),
		.message = c->message,
		.level = c->level,
		.readonly = console_readonly(c),
		.keys = &c->keys};
	struct str place = STR_INIT, asks = STR_INIT, running = STR_INIT, arm = STR_INIT;
	struct str looks_on = STR_INIT, guide = STR_INIT;
	struct console_strip strip = {0};

	console_place_words(c, &place);
	sc.place = place.buf;
	sc.badge = console_place_badge(c);
	sc.prod = project_badge_is_prod(sc.badge);
	sc.project = c->o->project ? c->o->project->name : NULL;
	if (c->screen == SCREEN_REPLAY) {
		sc.now.wall = console_replay_time(c);
	} else if (c->session) {
		sc.who = session_who(c->session);
		if (session_onlooking(c->session) && c->screen == SCREEN_RUN) {
			looks_on_words(session_run(c->session),
				onlooker_state(session_onlooker(c->session)) ==
					ONLOOKER_ALONE,
				&looks_on);
			sc.looks_on = looks_on.buf;
			sc.far = onlooker_is_far(session_onlooker(c->session));
		}
		sc.arm = console_arm_words(c, &arm);
		sc.armed = armed_of(session_run(c->session), sc.now.wall).on;
		if (force_on(session_run(c->session), sc.now.wall))
			sc.force = "BREAK-GLASS";
		sc.journal = session_journal_words(c->session, &sc.journal_danger);
		sc.journal_warns = session_store_fails(c->session);
		if (console_run_words(c, &running))
			sc.running = running.buf;
	}
	if (c->screen != SCREEN_REPLAY)
		console_health_strip(c, &strip);
	sc.strip = strip.list.at;
	sc.strip_len = strip.list.len;
	console_guide_words(c, &guide);
	sc.guide = guide.len ? guide.buf : NULL;
	who_asks(c, &asks);
	sc.asks = asks.len ? asks.buf : NULL;
	frame_clear(&c->frame);
	if (scene_size(&c->frame) == SCENE_TOO_SMALL) {
		scene_too_small(&sc, &c->frame);
	} else {
		draw_screen(c, &sc);
		if (c->dialogs.len)
			console_dialog_draw(c, &sc);
		if (c->commands_open)
			draw_commands(c, &sc);
		if (c->help_open)
			draw_help(c, &sc);
	}
	term_paint(c->term, &c->frame);
	console_health_strip_release(&strip);
	str_release(&place);
	str_release(&looks_on);
	str_release(&guide);
	str_release(&asks);
	str_release(&running);
	str_release(&arm);
}

/* One frame per turn at most, and none while the terminal takes no bytes. What comes by itself
 * waits until the last frame is some time ago, however much it is; a key never does. */
static void
after_turn(void *ctx)
{
	struct console *c = ctx;
	int64_t ago = clock_mono().ms - c->drawn.ms;

	if (!c->dirty || c->over || !term_ready(c->term))
		return;
	if (!c->pressed && ago < FRAME_MS) {
		loop_timer_start(c->frame_due, FRAME_MS - ago, 0);
		return;
	}
	c->dirty = c->pressed = false;
	draw(c);
	c->drawn = clock_mono();
}

static void
frame_is_due(void *ctx)
{
	(void)ctx; /* after_turn follows */
}

static void
tick(void *ctx)
{
	struct console *c = ctx;

	forget_old_words(c);
	if (c->session) {
		session_mind_clock(c->session);
		console_session_mind_files(c);
		console_run_tell_late(c);
		console_ask_fresh(c);
	}
	console_boxes_tick(c);
	console_home_tick(c);
	console_eyes_alarm(c);
	c->dirty = true;
}

/* ---- the terminal's calls ---------------------------------------------------------------- */

static void
on_key(void *ctx, const struct keys_event *ev)
{
	struct console *c = ctx;

	c->pressed = true;
	console_keys(c, ev);
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

	if (r && session_onlooking(c->session))
		console_leave(c, EXIT_CODE_OK);
	else if (!r || r->closed || !r->open)
		console_leave(c,
			!r || !r->closed || str_eq(r->result, "ok") ? EXIT_CODE_OK
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

static bool
open_terminal(struct console *c, struct err *e)
{
	struct theme *theme = themes_choose(c->o->args, e);
	char *terminfo = themes_terminfo();
	const char *tmux = getenv("TMUX");

	if (theme)
		c->term = term_open(
			&(struct term_opts){.loop = c->o->loop,
				.palette = {theme, c->o->args->opt[OPT_COLOR]},
				.terminfo = terminfo,
				.ascii = args_has(c->o->args, OPT_ASCII),
				.in_tmux = tmux && *tmux,
				.calls = {on_key, on_resize, on_ready, on_signal, c}},
			e);
	theme_free(theme);
	mem_free(terminfo);
	return c->term != NULL;
}

static bool
start(struct console *c, struct err *e)
{
	if (!open_terminal(c, e))
		return false;
	on_resize(c);
	c->tick = loop_timer_new(c->o->loop, tick, c);
	c->guard = loop_timer_new(c->o->loop, tick, c);
	c->frame_due = loop_timer_new(c->o->loop, frame_is_due, c);
	loop_timer_start(c->tick, TICK_MS, TICK_MS);
	loop_after_turn(c->o->loop, after_turn, c);
	console_own_take(c);
	if (c->o->onlooker)
		return console_hand_look_on(c, c->o->onlooker);
	if (c->o->run_dir)
		return console_session_take(c, c->o->run_dir, c->o->typed, e);
	if (c->o->replay)
		return console_replay_open(c, c->o->replay, e);
	if (c->o->learn)
		console_learn_open(c, c->o->learn, NONE);
	else if (c->o->runbook)
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
	if (c->frame_due)
		loop_timer_free(c->frame_due);
	console_dialog_close_all(c);
	if (c->help_open)
		view_help_release(&c->help);
	console_commands_close(c);
	keymap_release(&c->keys);
	term_close(c->term);
}

enum exit_code
console_run(const struct console_opts *o)
{
	struct console c = {.o = o,
		.arm_after = NONE,
		.code = EXIT_CODE_OK,
		.health = {.state = {.item = NONE}, .uses_of = NONE}};
	struct err e = ERR_INIT;
	char *id = NULL, *dir = NULL, *result = NULL, *other = NULL;
	struct str busy = STR_INIT;

	if (start(&c, &e)) {
		c.dirty = true;
		after_turn(&c); /* nothing need happen before the first frame */
		while (!c.over) {
			loop_turn(o->loop, TICK_MS);
			console_session_sweep(&c);
			console_hand_turn(&c);
			console_end_turn(&c);
		}
	}
	if (c.session) {
		id = session_dir(c.session)
			? library_word(o->runs_dir, session_dir(c.session), ULID_LEN)
			: mem_strdup(session_run(c.session)->id);
		dir = mem_strdup(session_dir(c.session));
		other = session_onlooking(c.session)
			? mem_strdup(session_run(c.session)->driver)
			: mem_strdup(session_ended_by(c.session));
		result = mem_strdup(session_run(c.session)->result);
		leavewords_of(session_run(c.session), &busy);
	}
	finish(&c);
	console_end_release(&c);
	console_session_close(&c);
	console_session_sweep(&c);
	vec_free(&c.doomed);
	console_health_release(&c);
	console_home_release(&c);
	console_plan_release(&c);
	console_learn_release(&c);
	console_audit_release(&c);
	console_replay_release(&c);
	diags_release(&c.problems);
	scroll_release(&c.problems_scroll);
	frame_release(&c.frame);
	mem_free(c.message);
	mem_free(c.find);
	mem_free(c.acted_box);
	mem_free(c.acted_host);
	mem_free(c.acting);
	mem_free(c.aside);
	mem_free(c.left_open);
	mem_free(c.hand_dir);
	if (e.kind != ERR_NONE) {
		fprintf(stderr, "handrail: %s\n", e.msg);
		c.code = c.term ? args_exit_for(&e) : EXIT_CODE_USAGE;
	} else {
		if (o->passing)
			puts("The tour is over; its folder and its record are gone.");
		else
			console_farewell(id, dir, result, busy.buf, other);
		if (c.left.len)
			fprintf(stderr, "handrail: %s\n", c.left.buf);
	}
	str_release(&c.left);
	str_release(&busy);
	mem_free(id);
	mem_free(dir);
	mem_free(result);
	mem_free(other);
	return c.code;
}
