#include <limits.h>

#include "app/consoleinner.h"
#include "app/learning.h"
#include "base/mem.h"
#include "view/view_learn.h"

/* The screen to learn from. It has a runbook and nothing else: no session, no connection. */

enum { LINE_MS = 150 };

struct console_learn {
	struct console *c;
	struct learning *learning;
	struct learn_state state;
	struct loop_timer *line; /* the next line of what plays */
	int step, shown;         /* played of this one */
	enum console_screen from;
};

static void
next_line(void *ctx)
{
	struct console_learn *l = ctx;

	l->shown++;
	l->c->dirty = true;
}

void
console_learn_release(struct console *c)
{
	struct console_learn *l = c->learn;

	if (!l)
		return;
	loop_timer_free(l->line);
	learning_free(l->learning);
	mem_free(l);
	c->learn = NULL;
}

void
console_learn_open(struct console *c, struct runbook *rb, int step)
{
	struct console_learn *l;
	int first = 0;

	console_learn_release(c);
	l = c->learn = mem_alloc(sizeof *l);
	l->c = c;
	l->from = c->screen;
	l->learning = learning_new(rb);
	l->line = loop_timer_new(c->o->loop, next_line, l);
	while (step == NONE && first + 1 < (int)rb->steps.list.len &&
		view_learn_is_heading(&rb->steps.list.at[first]))
		first++;
	l->state = (struct learn_state){.steps = {.id = step == NONE ? first : step},
		.detail = {.id = SCROLL_NOTHING}};
	l->step = NONE;
	c->screen = SCREEN_LEARN;
	c->dirty = true;
}

/* What a learner looks at contacts nothing: it is loaded without an environment. */
bool
console_learn_load(struct console *c, const char *path)
{
	struct diags d = {0};
	struct runbook *rb = load_runbook(path,
		&(struct load_opts){.project = c->o->project,
			.environment = console_home_environment(c)},
		&d);

	if (rb)
		console_learn_open(c, rb, NONE);
	else
		console_say(c, SCENE_WARNING, "it does not load: %s",
			d.list.len ? d.list.at[0].msg : "?");
	runbook_unref(rb);
	diags_release(&d);
	return rb != NULL;
}

const struct runbook *
console_learn_runbook(const struct console *c)
{
	return learning_runbook(c->learn->learning);
}

struct scroll *
console_learn_scroll(struct console *c)
{
	struct learn_state *st = &c->learn->state;

	return st->pane == LEARN_STEPS ? &st->steps : &st->detail;
}

static struct learn_scene
scene_of(struct console_learn *l)
{
	struct learn_scene s = {.runbook = learning_runbook(l->learning),
		.seen = learning_seen(l->learning)};
	int step = l->state.steps.id;

	if (l->step != step) {
		l->step = step;
		l->shown = 0;
		l->state.detail.top = 0;
		loop_timer_stop(l->line);
	}
	if (step >= 0 && (size_t)step < s.runbook->steps.list.len)
		s.example = learning_example(l->learning, step, &s.source);
	s.shown = l->shown;
	return s;
}

void
console_learn_draw(struct console *c, const struct scene *sc)
{
	struct learn_scene s = scene_of(c->learn);

	view_learn_draw(sc, &s, &c->learn->state, &c->frame);
}

/* Who goes on has seen it. */
static void
go(struct console_learn *l, int by)
{
	const struct runbook *rb = learning_runbook(l->learning);
	int at = l->state.steps.id, next = at + by;

	if (by > 0 && at >= 0 && !view_learn_is_heading(&rb->steps.list.at[at]))
		learning_see(l->learning, at);
	while (next >= 0 && (size_t)next < rb->steps.list.len &&
		view_learn_is_heading(&rb->steps.list.at[next]))
		next += by;
	if (next >= 0 && (size_t)next < rb->steps.list.len)
		l->state.steps.id = next;
	else if (by > 0)
		console_say(l->c, SCENE_INFO,
			"That was the last step. Next: handrail run --practice %s",
			rb->name);
}

static void
play(struct console_learn *l)
{
	struct learn_scene s = scene_of(l);

	if (!s.example) {
		go(l, 1);
		return;
	}
	learning_see(l->learning, l->state.steps.id);
	l->shown = 1;
	loop_timer_start(l->line, LINE_MS, LINE_MS);
}

bool
console_learn_do(struct console *c, enum action a)
{
	struct console_learn *l = c->learn;

	switch (a) {
	case ACTION_LEARN_PLAY:
		play(l);
		break;
	case ACTION_LEARN_NEXT:
		go(l, 1);
		break;
	case ACTION_LEARN_PREV:
		go(l, -1);
		break;
	case ACTION_RUN_PANE:
	case ACTION_RUN_PANE_BACK:
		l->state.pane = l->state.pane == LEARN_STEPS ? LEARN_STEP : LEARN_STEPS;
		break;
	default:
		return false;
	}
	c->dirty = true;
	return true;
}

const char *
console_learn_denies(const struct console *c, enum action a)
{
	switch (a) {
	case ACTION_HOME:
	case ACTION_RUN:
	case ACTION_HEALTH:
	case ACTION_LOGS:
	case ACTION_BOXES:
	case ACTION_AUDIT:
		return c->o->learn     ? "learning reaches nothing and runs nothing"
			: c->o->replay ? "a replay reaches nothing and runs nothing"
				       : NULL;
	default:
		return NULL;
	}
}

void
console_learn_back(struct console *c)
{
	bool alone = c->o->learn != NULL;

	c->screen = c->learn->from;
	console_learn_release(c);
	if (alone)
		c->over = true;
	else if (c->screen == SCREEN_HOME)
		console_home_open(c);
}
