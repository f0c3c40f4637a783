#include "remote/simrun.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"

enum { EXIT_TERM = 128 + 15 };

struct simrun {
	struct link *link;
	char *step, *text;
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
	mem_free(s->step);
	mem_free(s->text);
	mem_free(s->answer.out);
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
say(struct simrun *s, void (*fn)(void *, const char *, size_t), const char *text,
	size_t len)
{
	if (!len || !fn)
		return true;
	s->depth++;
	fn(s->calls.ctx, text, len);
	return leave(s);
}

static void
time_passed(void *ctx)
{
	struct simrun *s = ctx;
	struct simrun_end end = {.ran = true, .exit = s->answer.exit};

	end.took_ms = clock_mono().ms - s->began.ms;
	if (!s->cancelled)
		sim_change(link_sim(s->link), s->answer.set);
	if (s->cancelled)
		end.exit = EXIT_TERM;
	else if (!say(s, s->calls.on_out, s->answer.out, s->answer.out_len) ||
		!say(s, s->calls.on_err, s->answer.err, strlen(s->answer.err)))
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
	sim_ask(link_sim(s->link),
		&(struct sim_question){
			.at = link_place(s->link), .step = s->step, .text = s->text},
		&s->answer);
	s->began = clock_mono();
	if (!s->cancelled)
		loop_timer_start(s->timer, s->answer.after_ms, 0);
	if (!s->calls.on_start)
		return;
	s->depth++;
	s->calls.on_start(s->calls.ctx);
	leave(s);
}

const char *
simrun_step(const struct job_env *env, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (strcmp(env[i].name, "HANDRAIL_STEP") == 0)
			return env[i].value;
	return NULL;
}

struct simrun *
simrun_start(struct link *l, const char *step, const char *text,
	const struct simrun_calls *calls)
{
	struct simrun *s = mem_alloc(sizeof *s);
	struct link_exec_calls ticket = {.on_end = link_is_there, .ctx = s};

	s->link = l;
	s->step = mem_strdup(step);
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
