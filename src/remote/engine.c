#include "remote/engine.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "remote/httpwire.h"

enum {
	ANSWER_MS = 10 * 1000,
	BODY_MAX = 8 * 1024 * 1024,
	EVENT_MAX = 64 * 1024,
	SAID_MAX = 1024,
};

static const char command[] =
	"PATH=$PATH:/usr/local/bin:/usr/bin; exec docker system dial-stdio";

/* One connection to the engine. */
struct engine_line {
	struct engine *g;
	struct link_exec *exec;
	struct httpwire wire;
	struct str body;
};

struct engine {
	struct link *link;
	struct engine_calls calls;
	struct engine_line asks, hears;
	struct str said; /* on standard error */
	struct loop_timer *deadline;
	struct mono asked;
	bool asking, down;
	bool calling, freed;
};

static void
destroy(struct engine *g)
{
	link_exec_free(g->asks.exec);
	link_exec_free(g->hears.exec);
	httpwire_release(&g->asks.wire);
	httpwire_release(&g->hears.wire);
	str_release(&g->asks.body);
	str_release(&g->hears.body);
	str_release(&g->said);
	loop_timer_free(g->deadline);
	mem_free(g);
}

static void
go_down(struct engine *g, bool lost, const char *why)
{
	char words[256];

	if (g->down)
		return;
	g->down = true;
	snprintf(words, sizeof words, "%s", why);
	g->calls.on_down(g->calls.ctx, lost, words);
}

/* What it said last, as one harmless line. */
static void
last_words(const struct engine *g, const char *otherwise, char out[200])
{
	struct str safe = STR_INIT;

	text_harmless(&safe, g->said.buf, strcspn(g->said.buf, "\n"), TEXT_ONE_LINE);
	snprintf(out, 200, "%s", safe.len ? safe.buf : otherwise);
	str_release(&safe);
}

/* ---- bytes ---- */

static void
add_body(void *ctx, const char *p, size_t len)
{
	struct engine_line *n = ctx;

	if (n->body.len + len <= BODY_MAX)
		str_add(&n->body, p, len);
	else
		n->body.len = BODY_MAX; /* told as too long */
}

static void
answered(struct engine *g)
{
	struct engine_line *n = &g->asks;
	struct str body = n->body;
	int status = n->wire.status;
	bool last = n->wire.last;
	char why[64];

	n->body = STR_INIT;
	g->asking = false;
	loop_timer_stop(g->deadline);
	httpwire_next(&n->wire);
	if (status != 200 || body.len >= BODY_MAX) {
		snprintf(why, sizeof why,
			status == 200 ? "the engine's answer is too long"
				      : "the engine answers %d",
			status);
		go_down(g, false, why);
	} else {
		g->calls.on_answer(
			g->calls.ctx, body.buf, body.len, clock_mono().ms - g->asked.ms);
	}
	if (last && !g->freed)
		go_down(g, false, "the engine closed the connection");
	str_release(&body);
}

static void
hear_lines(struct engine *g)
{
	struct str *b = &g->hears.body;
	char *end;

	while (!g->freed && !g->down && (end = memchr(b->buf, '\n', b->len))) {
		size_t len = (size_t)(end - b->buf);

		if (len > 0 && g->hears.wire.status == 200)
			g->calls.on_event(g->calls.ctx, b->buf, len);
		str_drop(b, len + 1);
	}
	if (b->len > EVENT_MAX)
		str_reset(b);
}

static void
take(struct engine_line *n, const char *p, size_t len)
{
	struct engine *g = n->g;
	struct err e = ERR_INIT;

	while (len > 0 && !g->down && !g->freed) {
		size_t used = httpwire_feed(&n->wire, p, len, add_body, n, &e);

		p += used;
		len -= used;
		if (n->wire.state == HTTPWIRE_BAD ||
			(n == &g->asks && !g->asking && n->wire.state != HTTPWIRE_HEAD))
			go_down(g, false,
				*e.msg ? e.msg : "the engine answers what was not asked");
		else if (n == &g->hears)
			hear_lines(g);
		else if (n->wire.state == HTTPWIRE_DONE)
			answered(g);
		if (n == &g->hears && n->wire.state == HTTPWIRE_DONE)
			break;
	}
}

static void
on_out(void *ctx, const char *p, size_t len)
{
	struct engine_line *n = ctx;
	struct engine *g = n->g;

	g->calling = true;
	take(n, p, len);
	g->calling = false;
	if (g->freed)
		destroy(g);
}

static void
on_err(void *ctx, const char *p, size_t len)
{
	struct engine_line *n = ctx;

	if (n->g->said.len < SAID_MAX)
		str_add(&n->g->said, p, len < SAID_MAX ? len : SAID_MAX);
}

static void
on_end(void *ctx, const struct link_exec_end *end)
{
	struct engine_line *n = ctx;
	struct engine *g = n->g;
	char why[200];

	last_words(g, "docker system dial-stdio ended", why);
	g->calling = true;
	go_down(g, end->lost, end->lost && *end->why ? end->why : why);
	g->calling = false;
	if (g->freed)
		destroy(g);
}

static void
too_late(void *ctx)
{
	struct engine *g = ctx;

	g->calling = true;
	go_down(g, false, "the engine does not answer");
	g->calling = false;
	if (g->freed)
		destroy(g);
}

/* ---- questions ---- */

static void
send(struct engine_line *n, const char *path)
{
	struct str text = STR_INIT;
	struct link_exec_calls calls = {
		.on_out = on_out, .on_err = on_err, .on_end = on_end, .ctx = n};

	str_addf(&text, "GET %s HTTP/1.1\r\nHost: docker\r\nUser-Agent: handrail\r\n\r\n",
		path);
	if (n->exec)
		link_exec_write(n->exec, text.buf, text.len);
	else
		n->exec = link_exec_keep(n->g->link, command, text.buf, text.len, &calls);
	str_release(&text);
}

static void
line_init(struct engine *g, struct engine_line *n)
{
	n->g = g;
	n->body = STR_INIT;
	httpwire_init(&n->wire);
}

struct engine *
engine_new(struct link *l, const struct engine_calls *calls)
{
	struct engine *g = mem_alloc(sizeof *g);

	g->link = l;
	g->calls = *calls;
	g->said = STR_INIT;
	g->deadline = loop_timer_new(link_loop(l), too_late, g);
	line_init(g, &g->asks);
	line_init(g, &g->hears);
	return g;
}

bool
engine_ask(struct engine *g, const char *path)
{
	if (g->asking || g->down)
		return false;
	g->asking = true;
	g->asked = clock_mono();
	loop_timer_start(g->deadline, ANSWER_MS, 0);
	send(&g->asks, path);
	return true;
}

void
engine_hear(struct engine *g, int64_t since)
{
	struct str path = STR_INIT;

	if (g->hears.exec || g->down)
		return;
	str_addf(&path,
		"/events?since=%lld&filters=%%7B%%22type%%22%%3A%%5B%%22container%%22%%5D%%7D",
		(long long)since);
	send(&g->hears, path.buf);
	str_release(&path);
}

void
engine_hear_not(struct engine *g)
{
	link_exec_free(g->hears.exec);
	g->hears.exec = NULL;
	httpwire_next(&g->hears.wire);
	str_reset(&g->hears.body);
}

void
engine_free(struct engine *g)
{
	if (!g || g->freed)
		return;
	g->freed = true;
	if (!g->calling)
		destroy(g);
}
