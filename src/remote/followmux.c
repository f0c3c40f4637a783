#include "remote/followmux.h"

#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "base/mem.h"
#include "remote/followinner.h"
#include "remote/followtext.h"

struct followmux {
	struct link *link;
	bool alone; /* each follower on a channel of its own */
	struct link_exec *exec;
	bool ready;
	char token[FOLLOW_TOKEN_LEN + 1];
	VEC_OF(struct follow *) members;
	struct follow *current; /* whose data comes now */
	struct str line, err_line;
	char said[160]; /* the last line that was not ours */
	int depth;
	bool freed;
};

struct followmux *
followmux_new(struct link *l, enum followmux_how how)
{
	struct followmux *m = mem_alloc(sizeof *m);

	m->link = l;
	m->alone = how == FOLLOWMUX_ALONE;
	m->line = m->err_line = STR_INIT;
	return m;
}

static void
leave(struct followmux *m)
{
	if (--m->depth > 0 || !m->freed)
		return;
	vec_free(&m->members);
	str_release(&m->line);
	str_release(&m->err_line);
	mem_free(m);
}

void
followmux_free(struct followmux *m)
{
	if (!m)
		return;
	m->freed = true;
	link_exec_free(m->exec);
	m->exec = NULL;
	m->depth++;
	leave(m);
}

struct link *
followmux_link(const struct followmux *m)
{
	return m->link;
}

void
followmux_join(struct followmux *m, struct follow *f)
{
	vec_push(&m->members, f);
}

void
followmux_leave(struct followmux *m, struct follow *f)
{
	for (size_t i = 0; i < m->members.len; i++) {
		if (m->members.at[i] == f) {
			vec_remove(&m->members, i);
			break;
		}
	}
	if (m->current == f)
		m->current = NULL;
	if (m->members.len == 0) {
		link_exec_free(m->exec);
		m->exec = NULL;
	}
}

/* ---- one follower begins, or ends ---- */

static void
start(struct followmux *m, struct follow *f)
{
	struct str text = STR_INIT;

	f->waits = false;
	f->runs = true;
	follow_request(f, &text);
	str_addf(&text, "go %s\n", m->token);
	link_exec_write(m->exec, text.buf, text.len);
	str_release(&text);
}

/* One of them in some state; a call may free any of them, so each look begins anew. */
static struct follow *
any(const struct followmux *m, bool runs)
{
	for (size_t i = 0; i < m->members.len; i++) {
		struct follow *f = m->members.at[i];

		if (runs ? f->runs : f->waits)
			return f;
	}
	return NULL;
}

static void
start_all(struct followmux *m)
{
	struct follow *f;

	m->ready = true;
	while ((f = any(m, false)))
		start(m, f);
}

/* ---- what comes back ---- */

static struct follow *
by_token(const struct followmux *m, const char *token)
{
	for (size_t i = 0; i < m->members.len; i++) {
		if (m->members.at[i]->runs &&
			memcmp(m->members.at[i]->token, token, FOLLOW_TOKEN_LEN) == 0)
			return m->members.at[i];
	}
	return NULL;
}

static void
become_alone(struct followmux *m)
{
	struct follow *f;

	m->alone = true;
	link_exec_free(m->exec);
	m->exec = NULL;
	while ((f = any(m, false))) {
		f->waits = false;
		follow_begin_alone(f);
	}
}

static void
own_line(struct followmux *m)
{
	if (str_starts(m->line.buf, "FL1 ready "))
		start_all(m);
	else if (str_starts(m->line.buf, "FL1 alone "))
		become_alone(m);
}

static void
on_line(struct followmux *m)
{
	const char *token = followread_token(&m->line);
	struct follow *f = token ? by_token(m, token) : NULL;
	const struct link_exec_end ended = {.exit = -1};

	if (token && memcmp(token, m->token, FOLLOW_TOKEN_LEN) == 0) {
		own_line(m);
	} else if (f) {
		follow_enter(f);
		followread_line(f, &m->line);
		if (!f->freed && f->at != FOLLOW_AT_LINES)
			m->current = f;
		else if (!f->freed && f->ended)
			follow_over(f, &ended);
		follow_leave(f);
	} else if (!token && m->line.len > 0) {
		snprintf(m->said, sizeof m->said, "%s", m->line.buf);
	}
	str_reset(&m->line);
}

static size_t
take(struct followmux *m, const char *p, size_t len)
{
	struct follow *f = m->current;
	size_t n;

	if (!f) {
		if (followread_collect(&m->line, p, len, &n))
			on_line(m);
		return n;
	}
	follow_enter(f);
	n = followread_data(f, p, len);
	if (m->current == f && f->at == FOLLOW_AT_LINES)
		m->current = NULL;
	follow_leave(f);
	return n;
}

static void
on_out(void *ctx, const char *p, size_t len)
{
	struct followmux *m = ctx;

	m->depth++;
	while (len > 0 && m->exec) {
		size_t n = take(m, p, len);

		p += n;
		len -= n;
	}
	leave(m);
}

static void
on_err(void *ctx, const char *p, size_t len)
{
	struct followmux *m = ctx;

	while (len > 0) {
		size_t n;

		if (followread_collect(&m->err_line, p, len, &n)) {
			if (m->err_line.len > 0)
				snprintf(m->said, sizeof m->said, "%s", m->err_line.buf);
			str_reset(&m->err_line);
		}
		p += n;
		len -= n;
	}
}

static void
lost(struct followmux *m, struct follow *f, const struct link_exec_end *end)
{
	f->waits = f->runs = false;
	if (!m->ready)
		snprintf(f->said, sizeof f->said, "%s", m->said);
	follow_over(f, end);
}

static void
on_end(void *ctx, const struct link_exec_end *end)
{
	struct followmux *m = ctx;
	struct link_exec *x = m->exec;
	struct follow *f;

	m->depth++;
	m->exec = NULL;
	m->current = NULL;
	while (!m->freed && ((f = any(m, true)) || (f = any(m, false))))
		lost(m, f, end);
	link_exec_free(x); /* `end` lies in it */
	leave(m);
}

/* ---- the channel ---- */

static void
open_channel(struct followmux *m)
{
	struct link_exec_calls calls = {
		.on_out = on_out, .on_err = on_err, .on_end = on_end, .ctx = m};
	struct str input = STR_INIT;

	digest_random_hex(FOLLOW_TOKEN_LEN / 2, m->token);
	str_reset(&m->line);
	str_reset(&m->err_line);
	m->said[0] = '\0';
	m->ready = false;
	m->current = NULL;
	followtext_mux(m->token, &input);
	m->exec = link_exec_keep(m->link, "exec /bin/sh", input.buf, input.len, &calls);
	str_release(&input);
}

void
followmux_want(struct followmux *m, struct follow *f)
{
	if (m->alone) {
		follow_begin_alone(f);
		return;
	}
	f->waits = true;
	if (!m->exec)
		open_channel(m);
	else if (m->ready)
		start(m, f);
}
