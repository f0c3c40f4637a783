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
		vec_push(&st->list,
			(struct scene_reading){.name = t->id,
				.state = link_state_name(ls.state),
				.verdict = ls.state == LINK_READY ? VERDICT_OK
					: ls.state == LINK_LOST || ls.state == LINK_FAILED
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
				.state = words[r->verdict],
				.value = *value ? value : NULL,
				.age_ms = clock_mono().ms - r->at.ms,
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
	case SCREEN_LOGS:
		str_addf(out, "Logs > %s", session_runbook(c->session)->title);
		break;
	case SCREEN_RUN:
		str_addf(out, "Run %s > %s", r->id + ULID_LEN - 4, r->runbook->title);
		break;
	}
}

static const char *
badge_of(const struct console *c)
{
	bool in_run = c->screen == SCREEN_RUN || c->screen == SCREEN_LOGS;
	const struct runbook *rb = in_run  ? session_runbook(c->session)
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
	case SCREEN_LOGS:
		console_logs_draw(c, sc);
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
	else if (c->screen == SCREEN_LOGS)
		console_logs_can(c, sc, can);
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
	struct scene sc = {.now = clock_now(),
		.message = c->message,
		.level = c->level,
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
	if (c->prompting &&
		!(c->dialogs.len && console_dialog_top(c)->kind == DIALOG_PROMPT)) {
		str_addf(&asks, "%s asks: %s  Press %s to answer", c->prompt_from,
			c->prompt_text,
			c->dialogs.len && form_on_text(&console_dialog_top(c)->form)
				? "F4"
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

/* ---- the terminal's calls ---------------------------------------------------------------- */

static void
on_key(void *ctx, const struct keys_event *ev)
{
	console_keys(ctx, ev);
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

/* What stays on the shell's screen: where the run is and how it goes on. */
static void
farewell(const char *id, const char *dir, const char *result, bool busy)
{
	if (!id)
		return;
	if (result) {
		printf("Run %s is closed: %s.\nRecord: %s\nCheck it: handrail verify %s\n",
			id, result, dir, id);
	} else {
		printf("Run %s is open%s.\nGo on with: handrail resume %s\n", id,
			busy ? "; what runs on its hosts goes on" : "", id);
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
	bool busy = false;

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
		busy = run_busy(session_run(c.session));
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
		if (o->passing)
			puts("The tour is over; its folder and its record are gone.");
		else
			farewell(id, dir, result, busy);
	}
	mem_free(id);
	mem_free(dir);
	mem_free(result);
	return c.code;
}
