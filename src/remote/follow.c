#include "remote/follow.h"

#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "remote/followinner.h"
#include "remote/followtext.h"

enum {
	RETRY_FIRST_MS = 1000,
	RETRY_MOST_MS = 30 * 1000,
	RETRY_ENDED_MS = 10 * 1000,
};

const char *
follow_event_words(enum follow_event e)
{
	static const char *const words[] = {
#define X(id, words) words,
		FOLLOW_EVENTS(X)
#undef X
	};

	return words[e];
}

void
follow_request(struct follow *f, struct str *out)
{
	struct follow_from from = {.since = ""};
	struct followtext t = {.token = f->token, .spec = &f->spec, .since = ""};

	if (f->came) {
		t.again = true;
		f->calls.on_resume(f->calls.ctx, &from);
		t.inode = f->inode;
		t.offset = f->next = from.offset;
		t.since = from.since;
	}
	if (f->runs)
		followtext_start(&t, out);
	else
		followtext_alone(&t, out);
}

void
follow_tell_state(struct follow *f, enum follow_state state)
{
	f->status.state = state;
	f->status.why = state == FOLLOW_LIVE ? "" : f->why;
	f->calls.on_state(f->calls.ctx, &f->status);
}

void
follow_enter(struct follow *f)
{
	f->depth++;
}

void
follow_leave(struct follow *f)
{
	f->depth--;
	if (f->freed && f->depth == 0) {
		str_release(&f->line);
		str_release(&f->err_line);
		str_release(&f->held);
		mem_free(f->what);
		mem_free(f->name);
		mem_free(f);
	}
}

static void
on_out(void *ctx, const char *p, size_t len)
{
	struct follow *f = ctx;

	follow_enter(f);
	while (len > 0 && !f->freed) {
		size_t n = followread_bytes(f, p, len);

		p += n;
		len -= n;
	}
	follow_leave(f);
}

static void
on_err(void *ctx, const char *p, size_t len)
{
	struct follow *f = ctx;

	follow_enter(f);
	followread_err(f, p, len);
	follow_leave(f);
}

/* ---- again and again ---- */

static void
say_why(struct follow *f, const struct link_exec_end *end)
{
	struct str safe = STR_INIT;

	text_harmless(&safe, f->said, strlen(f->said), TEXT_ONE_LINE);
	if (*end->why)
		snprintf(f->why, sizeof f->why, "%s", end->why);
	else if (!f->answered && safe.len > 0)
		snprintf(f->why, sizeof f->why, "no answer from a shell: %s", safe.buf);
	else
		snprintf(f->why, sizeof f->why, "the stream ended");
	str_release(&safe);
}

/* A login that was refused is for the operator; a network that is away comes back. */
static bool
tries_again(const struct follow *f)
{
	struct link_status s;

	if (f->spec.mode == FOLLOW_ONCE)
		return false;
	link_status(followmux_link(f->mux), &s);
	return s.state != LINK_FAILED;
}

/* A container that is started again writes into the same log. */
static bool
may_come_back(const struct follow *f)
{
	return f->spec.mode == FOLLOW_ON && f->spec.kind == FOLLOW_CONTAINER;
}

static void
retry_in(struct follow *f, int64_t ms)
{
	f->status.retry_ms = ms;
	loop_timer_start(f->retry, ms, 0);
}

void
follow_over(struct follow *f, const struct link_exec_end *end)
{
	follow_enter(f);
	f->runs = false;
	f->status.retry_ms = 0;
	if (f->ended) {
		if (may_come_back(f))
			retry_in(f, RETRY_ENDED_MS);
		follow_tell_state(f, f->status.unreadable ? FOLLOW_DEAD : FOLLOW_ENDED);
		follow_leave(f);
		return;
	}
	say_why(f, end);
	if (tries_again(f)) {
		f->retry_ms = f->retry_ms == 0 ? RETRY_FIRST_MS : f->retry_ms * 2;
		if (f->retry_ms > RETRY_MOST_MS)
			f->retry_ms = RETRY_MOST_MS;
		retry_in(f, f->retry_ms);
	}
	follow_tell_state(f, FOLLOW_DEAD);
	follow_leave(f);
}

static void
on_end(void *ctx, const struct link_exec_end *end)
{
	struct follow *f = ctx;
	struct link_exec *x = f->exec;

	f->exec = NULL;
	follow_enter(f);
	follow_over(f, end);
	link_exec_free(x); /* `end` lies in it */
	follow_leave(f);
}

void
follow_begin_alone(struct follow *f)
{
	struct link_exec_calls calls = {
		.on_out = on_out, .on_err = on_err, .on_end = on_end, .ctx = f};
	struct str input = STR_INIT;

	follow_request(f, &input);
	f->exec = link_exec_keep(
		followmux_link(f->mux), "exec /bin/sh", input.buf, input.len, &calls);
	str_release(&input);
}

static void
begin(void *ctx)
{
	struct follow *f = ctx;

	if (link_is_simulated(followmux_link(f->mux))) {
		if (!f->sim)
			followsim_begin(f);
		return;
	}
	digest_random_hex(FOLLOW_TOKEN_LEN / 2, f->token);
	snprintf(f->done, sizeof f->done, "\nFL1 done tok=%s\n", f->token);
	str_reset(&f->line);
	str_reset(&f->err_line);
	str_reset(&f->held);
	f->at = FOLLOW_AT_LINES;
	f->left = 0;
	f->begun = f->answered = f->skips = f->ended = false;
	f->said[0] = '\0';
	followmux_want(f->mux, f);
}

struct follow *
follow_start(struct followmux *m, const struct follow_spec *s,
	const struct follow_calls *calls)
{
	struct follow *f = mem_alloc(sizeof *f);

	f->mux = m;
	f->spec = *s;
	f->spec.what = f->what = mem_strdup(s->what);
	f->spec.name = f->name = mem_strdup(s->name);
	f->calls = *calls;
	f->status.exit = -1;
	f->line = f->err_line = f->held = STR_INIT;
	f->retry = loop_timer_new(link_loop(followmux_link(m)), begin, f);
	followmux_join(m, f);
	begin(f);
	return f;
}

void
follow_free(struct follow *f)
{
	if (!f || f->freed)
		return;
	f->freed = true;
	followmux_leave(f->mux, f);
	link_exec_free(f->exec);
	loop_timer_free(f->retry);
	followsim_end(f);
	follow_enter(f);
	follow_leave(f);
}
