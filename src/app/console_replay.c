#include "app/consoleinner.h"
#include "app/replaying.h"
#include "base/mem.h"
#include "base/stamp.h"

/* The replay: the run screen, fed from a record alone. It has no session and no connection, so
 * nothing can be started from it. */

struct console_replay {
	struct replaying *of;
	struct run_state state;
	enum console_screen from;
};

void
console_replay_release(struct console *c)
{
	if (!c->replay)
		return;
	view_run_release(&c->replay->state);
	replaying_free(c->replay->of);
	mem_free(c->replay);
	c->replay = NULL;
}

/* The step that the record is about is the marked one. */
static void
go(struct console *c, size_t at)
{
	struct console_replay *p = c->replay;
	const struct event *ev;
	int step;

	replaying_go(p->of, at);
	ev = replaying_event(p->of, replaying_at(p->of) - 1);
	step = ev->step ? run_find_step(replaying_run(p->of), ev->step) : NONE;
	if (step != NONE) {
		scroll_select(&p->state.tree, step);
		p->state.detail.top = 0;
		p->state.output.tail = true;
	}
	p->state.history.tail = true;
	c->dirty = true;
}

bool
console_replay_open(struct console *c, const char *dir, struct err *e)
{
	struct replaying *of = replaying_open(dir, c->o->project, e);

	if (!of)
		return false;
	console_replay_release(c);
	c->replay = mem_alloc(sizeof *c->replay);
	c->replay->of = of;
	c->replay->from = c->screen;
	c->replay->state = (struct run_state){.tree = {.id = 0},
		.detail = {.id = SCROLL_NOTHING},
		.output = {.id = SCROLL_NOTHING, .tail = true},
		.history = {.id = SCROLL_NOTHING, .tail = true},
		.moved = true};
	c->screen = SCREEN_REPLAY;
	go(c, 1);
	return true;
}

const struct run *
console_replay_run(const struct console *c)
{
	return replaying_run(c->replay->of);
}

struct wall
console_replay_time(const struct console *c)
{
	return replaying_event(c->replay->of, replaying_at(c->replay->of) - 1)->t;
}

void
console_replay_draw(struct console *c, const struct scene *sc)
{
	struct console_replay *p = c->replay;
	const struct strings *history = replaying_history(p->of);
	struct str words = STR_INIT;
	struct run_replay replay = {
		.at = replaying_at(p->of), .of = replaying_len(p->of)};
	char stamp[STAMP_BYTES];

	str_addf(&words, "%.10s ", stamp_wall(console_replay_time(c), stamp));
	replaying_line(replaying_event(p->of, replay.at - 1), &words);
	replay.words = words.buf;
	view_run_draw(sc,
		&(struct run_scene){.run = replaying_run(p->of),
			.output = replaying_output(p->of),
			.history = (const char *const *)history->list.at,
			.history_len = history->list.len,
			.replay = &replay},
		&p->state, &c->frame);
	str_release(&words);
}

void
console_replay_can(const struct console *c, struct keymap_can *can)
{
	const struct replaying *of = c->replay->of;
	struct run_replay replay = {.at = replaying_at(of), .of = replaying_len(of)};

	view_run_replay_can(&replay, can);
}

static void
to_step(struct console *c)
{
	const struct run *r = replaying_run(c->replay->of);
	int id = c->replay->state.tree.id;
	size_t at = id >= 0 && (size_t)id < r->steps.list.len
		? replaying_find_step(c->replay->of, r->steps.list.at[id].step->id)
		: 0;

	if (at)
		go(c, at);
	else
		console_say(c, SCENE_INFO, "no record is about this step");
}

static void
to_bad(struct console *c, int by)
{
	size_t at = replaying_find_bad(c->replay->of, by);

	if (at)
		go(c, at);
	else
		console_say(c, SCENE_INFO, "nothing went wrong %s this",
			by > 0 ? "after" : "before");
}

bool
console_replay_do(struct console *c, enum action a)
{
	struct console_replay *p = c->replay;
	size_t at = replaying_at(p->of);

	c->dirty = true;
	switch (a) {
	case ACTION_REPLAY_NEXT:
		if (at == replaying_len(p->of))
			console_say(c, SCENE_INFO, "that was the last record");
		go(c, at + 1);
		return true;
	case ACTION_REPLAY_PREV:
		if (at == 1)
			console_say(c, SCENE_INFO, "this is the first record");
		go(c, at - 1);
		return true;
	case ACTION_REPLAY_STEP:
		to_step(c);
		return true;
	case ACTION_REPLAY_BAD:
	case ACTION_REPLAY_BAD_BACK:
		to_bad(c, a == ACTION_REPLAY_BAD ? 1 : -1);
		return true;
	case ACTION_REPLAY_FIRST:
		go(c, 1);
		return true;
	case ACTION_REPLAY_LAST:
		go(c, replaying_len(p->of));
		return true;
	default:
		return console_panes_of(c, &p->state, a);
	}
}

struct scroll *
console_replay_scroll(struct console *c)
{
	return view_run_scroll(&c->replay->state, &c->frame);
}

void
console_replay_back(struct console *c)
{
	bool alone = c->o->replay != NULL;

	c->screen = c->replay->from;
	console_replay_release(c);
	if (alone)
		c->over = true;
	else if (c->screen == SCREEN_HOME)
		console_home_open(c);
}
