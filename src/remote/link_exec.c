#include <stdio.h>
#include <string.h>

#include "base/dlog.h"
#include "base/mem.h"
#include "base/text.h"
#include "remote/linkinner.h"

enum {
	/* Tries of one that finds the host without a channel though none of ours is open:
	 * commands that were let go may still be ending there. */
	TURNED_AWAY_MAX = 6,
	TURNED_AWAY_MS = 50,   /* doubles each time */
	NARROW_MS = 60 * 1000, /* then more channels are tried again */
	LET_GO_MS = 1000,      /* most commands have ended, once told, by then */
};

static void
unlink_exec(struct link *l, struct link_exec *x)
{
	if (x->prev)
		x->prev->next = x->next;
	else
		l->first = x->next;
	if (x->next)
		x->next->prev = x->prev;
	else
		l->last = x->prev;
	x->prev = x->next = NULL;
}

static void
append_exec(struct link *l, struct link_exec *x)
{
	x->prev = l->last;
	if (l->last)
		l->last->next = x;
	else
		l->first = x;
	l->last = x;
}

static struct link_exec *
find(struct link *l, uint32_t channel)
{
	for (struct link_exec *x = l->first; x; x = x->next) {
		if (x->state == EXEC_OPEN && x->channel == channel)
			return x;
	}
	return NULL;
}

/* Input may hold a password. */
static void
wipe_input(struct link_exec *x)
{
	mem_wipe(x->input.buf, x->input.len);
	str_release(&x->input);
}

static void
end_exec(struct link_exec *x, int exit, const char *why)
{
	struct str safe = STR_INIT;

	wipe_input(x);
	x->state = EXEC_ENDING;
	x->end.exit = exit;
	if (x->end.sent)
		x->end.took_ms = clock_mono().ms - x->sent.ms;
	if (why) {
		text_harmless(&safe, why, strlen(why), TEXT_ONE_LINE);
		snprintf(x->end.why, sizeof x->end.why, "%s", safe.buf);
	}
	str_release(&safe);
	link_wake(x->link);
}

static void
open_exec(struct link *l, struct link_exec *x, struct link_conn *c)
{
	struct transport *t = c->t;

	x->state = EXEC_OPEN;
	x->conn = c;
	x->channel = ++l->next_channel;
	x->end.sent = true;
	x->sent = clock_mono();
	if (x->port)
		l->ops->tcp(t, x->channel, x->command, x->port);
	else
		l->ops->exec(t, x->channel, x->command);
	if (x->input.len > 0)
		l->ops->write(t, x->channel, x->input.buf, x->input.len);
	if (!x->keep_stdin)
		l->ops->eof(t, x->channel);
}

static unsigned
count_open(const struct link *l, const struct link_conn *c)
{
	unsigned open = 0;

	for (const struct link_exec *x = l->first; x; x = x->next)
		open += x->state == EXEC_OPEN && x->conn == c;
	return open;
}

/* The host had no channel: it is still busy with one that was let go, or gives as many as
 * are open now. The exec waits a moment, or for another one's end. */
static void
turn_away(struct link *l, struct link_exec *x, const char *why)
{
	struct link_conn *c = x->conn;
	unsigned open = count_open(l, c) - 1; /* x is none of them */
	int64_t now = clock_mono().ms;
	bool busy = now - c->let_go.ms < LET_GO_MS;

	if (!busy)
		c->room = open > 0 ? open : 1;
	if (open == 0 && ++x->turned_away >= TURNED_AWAY_MAX) {
		end_exec(x, -1, why);
		return;
	}
	dlog("link", "%s: the host gives %u channels", l->target, c->room);
	c->narrow_until.ms = now + NARROW_MS;
	x->state = EXEC_QUEUED;
	x->conn = NULL;
	x->end.sent = false;
	x->not_before.ms = now +
		(open == 0             ? TURNED_AWAY_MS << x->turned_away
				: busy ? TURNED_AWAY_MS
				       : 0);
}

bool
link_is_narrow(const struct link *l)
{
	if (l->state != LINK_READY || !l->conn || l->conn->room >= l->ops->channels)
		return false;
	for (const struct link_exec *x = l->first; x; x = x->next) {
		if (x->state == EXEC_QUEUED)
			return true;
	}
	return false;
}

/* How many more it takes now. */
static unsigned
room_on(const struct link *l, struct link_conn *c, int64_t now)
{
	unsigned open;

	if (!c || !c->ready)
		return 0;
	if (now >= c->narrow_until.ms)
		c->room = l->ops->channels;
	open = count_open(l, c);
	return open < c->room ? c->room - open : 0;
}

void
link_exec_dispatch(struct link *l)
{
	int64_t now = clock_mono().ms;
	unsigned first, second;

	if (!l->conn) { /* simulated: there is nothing to run it */
		for (struct link_exec *x = l->first; x; x = x->next) {
			if (x->state == EXEC_QUEUED)
				end_exec(x, 0, NULL);
		}
		return;
	}
	first = room_on(l, l->conn, now);
	second = room_on(l, l->second, now);
	for (struct link_exec *x = l->first; x && first + second > 0; x = x->next) {
		bool on_first = x->only ? x->only == l->conn : first > 0;

		if (x->state != EXEC_QUEUED || (on_first ? first : second) == 0)
			continue;
		if (x->not_before.ms > now) {
			loop_timer_start(l->soon, x->not_before.ms - now, 0);
			continue;
		}
		open_exec(l, x, on_first ? l->conn : l->second);
		*(on_first ? &first : &second) -= 1;
	}
	link_second_look(l);
}

void
link_exec_deliver(struct link *l)
{
	struct link_exec *x = l->first;

	/* A call may free any exec and start new ones: begin again after each. */
	while (x) {
		if (x->state != EXEC_ENDING) {
			x = x->next;
			continue;
		}
		unlink_exec(l, x);
		x->state = EXEC_ENDED;
		x->link = NULL;
		if (x->calls.on_end)
			x->calls.on_end(x->calls.ctx, &x->end);
		else if (x->fired)
			link_exec_free(x);
		x = l->first;
	}
}

static void
lose(struct link_exec *x, const char *why)
{
	x->end.lost = true;
	x->end.cancelled = x->link->fault == LINK_FAULT_CANCELLED;
	end_exec(x, -1, why);
}

void
link_exec_lose_open(struct link *l, const char *why)
{
	for (struct link_exec *x = l->first; x; x = x->next)
		if (x->state == EXEC_OPEN)
			lose(x, why);
}

void
link_exec_lose(struct link *l, const char *why)
{
	for (struct link_exec *x = l->first; x; x = x->next)
		if (x->state == EXEC_OPEN || x->state == EXEC_QUEUED)
			lose(x, why);
}

void
link_exec_lose_stale(struct link *l, int64_t waited_ms, const char *why)
{
	int64_t now = clock_mono().ms;

	for (struct link_exec *x = l->first; x; x = x->next)
		if (x->state == EXEC_QUEUED && !x->fired && !x->only &&
			now - x->queued.ms > waited_ms)
			lose(x, why);
}

void
link_exec_lose_conn(struct link *l, const struct link_conn *c, const char *why)
{
	for (struct link_exec *x = l->first; x; x = x->next) {
		if (x->state != EXEC_OPEN || x->conn != c)
			continue;
		x->end.lost = true;
		end_exec(x, -1, why);
	}
}

bool
link_exec_any(const struct link *l)
{
	return l->first != NULL;
}

void
link_exec_orphan(struct link *l)
{
	for (struct link_exec *x = l->first, *next; x; x = next) {
		next = x->next;
		x->prev = x->next = NULL;
		x->state = EXEC_ENDED;
		x->link = NULL;
		if (x->fired)
			link_exec_free(x);
	}
	l->first = l->last = NULL;
}

void
link_exec_on_data(struct link *l, uint32_t channel, enum transport_stream stream,
	const char *p, size_t len)
{
	struct link_exec *x = find(l, channel);

	if (!x)
		return;
	wipe_input(x); /* it runs: nobody will have to begin again */
	if (stream == TRANSPORT_OUT && x->calls.on_out)
		x->calls.on_out(x->calls.ctx, p, len);
	else if (stream == TRANSPORT_ERR && x->calls.on_err)
		x->calls.on_err(x->calls.ctx, p, len);
}

void
link_exec_on_closed(struct link *l, uint32_t channel, int exit, const char *why)
{
	struct link_exec *x = find(l, channel);

	if (x && exit == TRANSPORT_NO_CHANNEL)
		turn_away(l, x, why ? why : "no channel");
	else if (x)
		end_exec(x, exit, why);
}

void
link_exec_opened(void *conn, uint32_t channel)
{
	struct link *l = ((struct link_conn *)conn)->link;
	struct link_exec *x = l ? find(l, channel) : NULL;

	if (x && x->calls.on_open)
		x->calls.on_open(x->calls.ctx);
}

static struct link_exec *
start(struct link *l, const char *command, const void *input, size_t len,
	const struct link_exec_calls *calls)
{
	struct link_exec *x = mem_alloc(sizeof *x);

	x->link = l;
	x->command = mem_strdup(command);
	x->input = STR_INIT;
	str_reserve(
		&x->input, len + 1); /* one piece: a growing one leaves copies behind */
	str_add(&x->input, input, len);
	x->calls = *calls;
	x->queued = clock_mono();
	x->end.exit = -1;
	append_exec(l, x);
	return x;
}

struct link_exec *
link_exec_start(struct link *l, const char *command, const void *input, size_t len,
	const struct link_exec_calls *calls)
{
	struct link_exec *x = start(l, command, input, len, calls);

	link_demand(l);
	return x;
}

struct link_exec *
link_exec_keep(struct link *l, const char *command, const void *input, size_t len,
	const struct link_exec_calls *calls)
{
	struct link_exec *x = start(l, command, input, len, calls);

	x->keep_stdin = true;
	link_demand(l);
	return x;
}

struct link_exec *
link_exec_pulse(struct link *l, struct link_conn *c, const struct link_exec_calls *calls)
{
	struct link_exec *x = start(l, "exec true", "", 0, calls);

	x->only = c;
	link_demand(l);
	return x;
}

void
link_exec_fire(struct link *l, const char *command, const void *input, size_t len)
{
	static const struct link_exec_calls nobody;
	struct link_exec *x = start(l, command, input, len, &nobody);

	x->fired = true;
	link_demand(l);
}

bool
link_exec_parting(const struct link *l)
{
	if (l->state != LINK_READY)
		return false;
	for (const struct link_exec *x = l->first; x; x = x->next)
		if (x->fired)
			return true;
	return false;
}

struct link_exec *
link_exec_tcp(
	struct link *l, const char *host, int port, const struct link_exec_calls *calls)
{
	struct link_exec *x = start(l, host, "", 0, calls);

	x->port = port;
	x->keep_stdin = true;
	link_demand(l);
	return x;
}

void
link_exec_write(struct link_exec *x, const void *p, size_t len)
{
	if (x->link && x->state == EXEC_OPEN)
		x->link->ops->write(x->conn->t, x->channel, p, len);
}

void
link_exec_eof(struct link_exec *x)
{
	if (x->link && x->state == EXEC_OPEN)
		x->link->ops->eof(x->conn->t, x->channel);
}

bool
link_exec_sent(const struct link_exec *x)
{
	return x->end.sent;
}

void
link_exec_free(struct link_exec *x)
{
	struct link *l;

	if (!x)
		return;
	l = x->link;
	if (l) {
		unlink_exec(l, x);
		if (x->state == EXEC_OPEN) {
			l->ops->close(x->conn->t, x->channel);
			x->conn->let_go = clock_mono();
			link_wake(l); /* room for one that waits */
		}
	}
	wipe_input(x);
	mem_free(x->command);
	mem_free(x);
}

bool
link_is_local(const struct link *l)
{
	return l->o.host->via == HOST_LOCAL;
}
