#include "remote/simrun.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"

enum { EXIT_TERM = 128 + 15 };

struct simrun {
	struct link *link;
	char *text;
	struct simrun_calls calls;
	struct link_exec *ticket; /* ends when the link is ready, or cannot be */
	struct loop_timer *timer;
	struct sim_answer answer;
	struct mono began;
	int depth;
	bool freed, cancelled;
};

static void
destroy(struct simrun *s)
{
	mem_free(s->text);
	mem_free(s);
}

static bool
leave(struct simrun *s)
{
	if (--s->depth > 0 || !s->freed)
		return !s->freed;
	destroy(s);
	return false;
}

static bool
say(struct simrun *s, void (*fn)(void *, const char *, size_t), const char *text)
{
	if (!*text || !fn)
		return true;
	s->depth++;
	fn(s->calls.ctx, text, strlen(text));
	return leave(s);
}

static void
time_passed(void *ctx)
{
	struct simrun *s = ctx;
	struct simrun_end end = {.ran = true, .exit = s->answer.exit};

	end.took_ms = clock_mono().ms - s->began.ms;
	if (s->cancelled)
		end.exit = EXIT_TERM;
	else if (!say(s, s->calls.on_out, s->answer.out) ||
		!say(s, s->calls.on_err, s->answer.err))
		return;
	s->depth++;
	s->calls.on_end(s->calls.ctx, &end);
	leave(s);
}

static void
link_is_there(void *ctx, const struct link_exec_end *x)
{
	struct simrun *s = ctx;
	struct simrun_end end = {0};

	if (x->lost) {
		snprintf(end.why, sizeof end.why, "%s", x->why);
		s->depth++;
		s->calls.on_end(s->calls.ctx, &end);
		leave(s);
		return;
	}
	sim_ask(link_sim(s->link), s->text, &s->answer);
	s->began = clock_mono();
	if (!s->cancelled)
		loop_timer_start(s->timer, s->answer.after_ms, 0);
	if (!s->calls.on_start)
		return;
	s->depth++;
	s->calls.on_start(s->calls.ctx);
	leave(s);
}

struct simrun *
simrun_start(struct link *l, const char *text, const struct simrun_calls *calls)
{
	struct simrun *s = mem_alloc(sizeof *s);
	struct link_exec_calls ticket = {.on_end = link_is_there, .ctx = s};

	s->link = l;
	s->text = mem_strdup(text);
	s->calls = *calls;
	s->timer = loop_timer_new(link_loop(l), time_passed, s);
	s->ticket = link_exec_start(l, "", "", 0, &ticket);
	return s;
}

void
simrun_cancel(struct simrun *s)
{
	s->cancelled = true;
	loop_timer_start(s->timer, 0, 0);
}

void
simrun_free(struct simrun *s)
{
	if (!s || s->freed)
		return;
	s->freed = true;
	link_exec_free(s->ticket);
	loop_timer_free(s->timer);
	if (s->depth == 0)
		destroy(s);
}
