#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/vec.h"
#include "remote/transport.h"

/*
 * This machine as a target: an exec is a child of ours, with a clean environment and
 * without our terminal.
 */

enum { CHANNELS = 16 };

struct local_channel {
	struct local *local;
	uint32_t number;
	struct loop_child *child; /* NULL: could not be started */
	char *why;
};

struct local {
	struct transport base;
	struct loop *loop;
	struct transport_events ev;
	struct loop_timer *soon; /* ready, and channels that never started */
	bool ready_told;
	VEC_OF(struct local_channel *) channels;
	VEC_OF(char *) env;
};

static struct local *
local_of(struct transport *t)
{
	return (struct local *)t; /* base is its first member */
}

/* What a step on this machine may see of our environment, and no more. */
static void
make_env(struct local *t)
{
	static const char *const keep[] = {
		"PATH", "LANG", "LC_ALL", "TZ", "XDG_STATE_HOME"};
	const struct passwd *pw = getpwuid(getuid());
	const char *home = getenv("HOME");

	for (size_t i = 0; i < sizeof keep / sizeof *keep; i++) {
		const char *value = getenv(keep[i]);

		if (value)
			vec_push(&t->env, mem_printf("%s=%s", keep[i], value));
	}
	if (!getenv("PATH"))
		vec_push(&t->env, mem_strdup("PATH=/usr/local/bin:/usr/bin:/bin"));
	vec_push(&t->env, mem_printf("HOME=%s", home ? home : pw ? pw->pw_dir : "/"));
	if (pw) {
		vec_push(&t->env, mem_printf("USER=%s", pw->pw_name));
		vec_push(&t->env, mem_printf("LOGNAME=%s", pw->pw_name));
	}
	vec_push(&t->env, NULL);
}

static struct local_channel *
find(struct local *t, uint32_t number)
{
	for (size_t i = 0; i < t->channels.len; i++) {
		if (t->channels.at[i]->number == number)
			return t->channels.at[i];
	}
	return NULL;
}

static void
remove_channel(struct local *t, struct local_channel *c)
{
	for (size_t i = 0; i < t->channels.len; i++) {
		if (t->channels.at[i] != c)
			continue;
		vec_remove(&t->channels, i);
		break;
	}
	loop_child_free(c->child);
	mem_free(c->why);
	mem_free(c);
}

static void
tell_soon(void *ctx)
{
	struct local *t = ctx;
	static const struct transport_ready ready = {.kex = "", .cipher = "", .mac = ""};

	if (!t->ready_told) {
		t->ready_told = true;
		t->ev.on_ready(t->ev.ctx, &ready);
	}
	for (size_t i = 0; i < t->channels.len;) {
		struct local_channel *c = t->channels.at[i];

		if (c->child) {
			i++;
			continue;
		}
		uint32_t number = c->number;
		char *why = c->why;

		c->why = NULL;
		remove_channel(t, c);
		t->ev.on_closed(t->ev.ctx, number, -1, why);
		mem_free(why);
		i = 0; /* the call may have changed the list */
	}
}

static void
child_out(void *ctx, const char *p, size_t len)
{
	struct local_channel *c = ctx;

	c->local->ev.on_data(c->local->ev.ctx, c->number, TRANSPORT_OUT, p, len);
}

static void
child_err(void *ctx, const char *p, size_t len)
{
	struct local_channel *c = ctx;

	c->local->ev.on_data(c->local->ev.ctx, c->number, TRANSPORT_ERR, p, len);
}

static void
child_end(void *ctx, const struct loop_child_end *end)
{
	struct local_channel *c = ctx;
	struct local *t = c->local;
	uint32_t number = c->number;

	remove_channel(t, c);
	t->ev.on_closed(t->ev.ctx, number, end->exit, NULL);
}

static struct transport *
local_open(const struct transport_opts *o, struct err *e)
{
	struct local *t = mem_alloc(sizeof *t);

	(void)e; /* this machine is always there */
	t->base.ops = &local_ops;
	t->loop = o->loop;
	t->ev = o->events;
	make_env(t);
	t->soon = loop_timer_new(o->loop, tell_soon, t);
	loop_timer_start(t->soon, 0, 0);
	return &t->base;
}

static void
local_key_answer(struct transport *t, enum transport_key verdict)
{
	(void)t;
	(void)verdict;
}

static void
local_answer(struct transport *t, const char *text)
{
	(void)t;
	(void)text;
}

static void
local_exec(struct transport *base, uint32_t channel, const char *command)
{
	struct local *t = local_of(base);
	struct local_channel *c = mem_alloc(sizeof *c);
	const char *argv[] = {"/bin/sh", "-c", command, NULL};
	struct loop_child_opts o = {
		.argv = argv,
		.env = (const char *const *)t->env.at,
		.keep_stdin = true,
	};
	struct loop_child_calls calls = {
		.on_out = child_out,
		.on_err = child_err,
		.on_end = child_end,
		.ctx = c,
	};
	struct err e = ERR_INIT;

	c->local = t;
	c->number = channel;
	c->child = loop_child_start(t->loop, &o, &calls, &e);
	if (!c->child) {
		c->why = mem_strdup(e.msg);
		loop_timer_start(t->soon, 0, 0);
	}
	vec_push(&t->channels, c);
}

static void
local_write(struct transport *t, uint32_t channel, const void *p, size_t len)
{
	struct local_channel *c = find(local_of(t), channel);

	if (c && c->child)
		loop_child_write(c->child, p, len);
}

static void
local_eof(struct transport *t, uint32_t channel)
{
	struct local_channel *c = find(local_of(t), channel);

	if (c && c->child)
		loop_child_close_stdin(c->child);
}

static void
local_close(struct transport *t, uint32_t channel)
{
	struct local_channel *c = find(local_of(t), channel);

	if (c)
		remove_channel(local_of(t), c);
}

static void
local_free(struct transport *base)
{
	struct local *t = local_of(base);

	while (t->channels.len > 0)
		remove_channel(t, t->channels.at[0]);
	vec_free(&t->channels);
	loop_timer_free(t->soon);
	for (size_t i = 0; i < t->env.len; i++)
		mem_free(t->env.at[i]);
	vec_free(&t->env);
	mem_free(t);
}

const struct transport_ops local_ops = {
	.name = "local",
	.channels = CHANNELS,
	.open = local_open,
	.key_answer = local_key_answer,
	.answer = local_answer,
	.exec = local_exec,
	.write = local_write,
	.eof = local_eof,
	.close = local_close,
	.free = local_free,
};
