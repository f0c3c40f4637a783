#include "remote/link.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/dlog.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "remote/linkinner.h"
#include "remote/pace.h"
#include "remote/sim.h"

enum {
	CONNECT_TIMEOUT_MS = 15 * 1000,
	RETRY_MIN_MS = 1000,
	RETRY_MAX_MS = 30 * 1000,
	/* A host that is too busy to greet is asked again sooner, but not for ever. */
	BUSY_MIN_MS = 200,
	BUSY_MAX_MS = 3 * 1000,
	BUSY_PATIENCE_MS = 45 * 1000,
	/* What waits for a connection that is lost is not told so at once: most come back. */
	QUEUE_PATIENCE_MS = 45 * 1000,
	PULSE_MS = 15 * 1000, /* silence before we ask, and the wait for the answer */
};

/* Faults of the network pass by themselves; keys and logins want a person. */
static bool
is_passing(enum link_fault f)
{
	return f == LINK_FAULT_REFUSED || f == LINK_FAULT_UNREACHABLE ||
		f == LINK_FAULT_NO_SUCH_HOST || f == LINK_FAULT_TIMEOUT ||
		f == LINK_FAULT_CRASHED || f == LINK_FAULT_BUSY;
}

/* So does a quarrel about the protocol with a host that it was good enough for (a line that
 * was cut in the middle of the first words, a server that is starting or full), and a
 * transport that ends without a reason though it has worked. */
static bool
comes_back(const struct link *l, enum link_fault f)
{
	return is_passing(f) ||
		(l->was_ready && (f == LINK_FAULT_PROTOCOL || f == LINK_FAULT_INTERNAL));
}

/* ---- saying what happened ---- */

void
link_wake(struct link *l)
{
	loop_timer_start(l->soon, 0, 0);
}

void
link_set_state(struct link *l, enum link_state state)
{
	if (l->state == state)
		return;
	dlog("link", "%s: %s -> %s", l->target, link_state_name(l->state),
		link_state_name(state));
	l->state = state;
	l->state_news = true;
	link_wake(l);
}

void
link_news(struct link *l)
{
	l->state_news = true;
	link_wake(l);
}

static void
deliver(void *ctx)
{
	struct link *l = ctx;

	while (l->dead.len > 0) {
		struct link_conn *c = l->dead.at[--l->dead.len];

		c->t->ops->free(c->t);
		mem_free(c);
	}
	if (l->state_news) {
		l->state_news = false;
		if (l->o.calls.on_state)
			l->o.calls.on_state(l->o.calls.ctx, l);
	}
	link_exec_deliver(l);
	if (l->state == LINK_READY)
		link_exec_dispatch(l);
}

/* ---- going down ---- */

void
link_conn_bury(struct link *l, struct link_conn *c)
{
	c->link = NULL;
	vec_push(&l->dead, c);
	link_wake(l);
}

void
link_drop_conn(struct link *l)
{
	link_up_forget(l);
	if (!l->conn)
		return;
	link_second_drop(l, "the first one goes");
	link_exec_free(l->conn->pulse);
	l->conn->pulse = NULL;
	link_conn_bury(l, l->conn);
	l->conn = NULL;
}

/* The wait doubles each time, and each is between half and whole of it, so that fifty
 * hosts that went together do not come back together. */
static int64_t
backoff_ms(int attempts, int64_t min_ms, int64_t max_ms)
{
	int64_t ms = min_ms;
	unsigned char noise;
	char hex[3];

	for (int i = 1; i < attempts && ms < max_ms; i++)
		ms *= 2;
	if (ms > max_ms)
		ms = max_ms;
	digest_random_hex(1, hex);
	noise = (unsigned char)strtoul(hex, NULL, 16);
	return pace_ms(ms / 2 + ms / 2 * noise / 255);
}

static void
schedule_retry(struct link *l)
{
	int64_t left = l->retry_at.ms - clock_mono().ms;

	if (l->state == LINK_LOST && link_exec_any(l))
		loop_timer_start(l->retry, left > 0 ? left : 0, 0);
}

static void
set_detail(struct link *l, const char *text)
{
	struct str safe = STR_INIT;

	text_harmless(&safe, text, strlen(text), TEXT_ONE_LINE);
	snprintf(l->detail, sizeof l->detail, "%s", safe.buf);
	str_release(&safe);
}

/* Nobody waits for ever for a host that does not come back: what was never sent has not
 * happened, and whoever asked for it hears so. */
static void
lose_stale(struct link *l)
{
	char why[320];

	snprintf(why, sizeof why, "%s: no connection: %s%s%s", l->target,
		link_fault_words(l->fault), *l->detail ? ": " : "", l->detail);
	link_exec_lose_stale(l, pace_ms(QUEUE_PATIENCE_MS), why);
}

void
link_fail(struct link *l, enum link_fault fault, const char *text)
{
	struct link_status s;

	dlog("link", "%s: fault %s: %s", l->target, link_fault_name(fault), text);
	loop_timer_stop(l->pulse);
	if (fault == LINK_FAULT_BUSY)
		doorman_crowded(&l->pass);
	link_drop_conn(l);
	l->fault = fault;
	set_detail(l, text);
	l->attempts++;
	if (fault == LINK_FAULT_BUSY && !l->was_ready &&
		clock_mono().ms - l->trying.ms < pace_ms(BUSY_PATIENCE_MS)) {
		int64_t ms = backoff_ms(l->attempts, BUSY_MIN_MS, BUSY_MAX_MS);

		l->retry_at.ms = clock_mono().ms + ms;
		loop_timer_start(l->retry, ms, 0);
		link_set_state(l, LINK_CONNECTING);
		link_news(l);
		return;
	}
	l->retry_at.ms = clock_mono().ms +
		backoff_ms(l->attempts, RETRY_MIN_MS, RETRY_MAX_MS);
	if (l->was_ready && comes_back(l, fault)) {
		link_set_state(l, LINK_LOST);
		link_news(l); /* each failed attempt is */
		link_exec_lose_open(l, link_fault_words(fault));
		lose_stale(l);
		schedule_retry(l);
		return;
	}
	l->was_ready = false;
	link_set_state(l, LINK_FAILED);
	link_status(l, &s);
	link_exec_lose(l, s.words);
}

/* ---- events of a connection ---- */

static void
conn_heard(struct link_conn *c)
{
	c->heard = clock_mono();
	c->link->heard = c->heard;
}

void
link_on_ready(void *ctx, const struct transport_ready *r)
{
	struct link *l = ((struct link_conn *)ctx)->link;

	if (!l)
		return;
	if (r->hostkey && *r->hostkey)
		snprintf(l->hostkey, sizeof l->hostkey, "%s", r->hostkey);
	snprintf(l->crypto, sizeof l->crypto, "%s %s %s", r->kex ? r->kex : "",
		r->cipher ? r->cipher : "", r->mac ? r->mac : "");
	doorman_leave(&l->pass);
	l->conn->ready = true;
	l->conn->room = l->ops->channels;
	l->second_not_before.ms = 0;
	l->second_faults = 0;
	l->notice[0] = 0;
	l->fault = LINK_FAULT_NONE;
	l->detail[0] = 0;
	l->command[0] = 0;
	l->attempts = 0;
	l->was_ready = true;
	conn_heard(l->conn);
	dlog("link", "%s: ready by %s", l->target, l->ops->name);
	link_set_state(l, LINK_READY);
	if (l->o.host->via == HOST_SSH)
		loop_timer_start(l->pulse, pace_ms(PULSE_MS), 0);
	link_exec_dispatch(l);
}

void
link_on_data(void *ctx, uint32_t channel, enum transport_stream stream, const char *p,
	size_t len)
{
	struct link *l = ((struct link_conn *)ctx)->link;

	if (!l)
		return;
	conn_heard(ctx);
	link_exec_on_data(l, channel, stream, p, len);
}

void
link_on_closed(void *ctx, uint32_t channel, int exit, const char *why)
{
	struct link *l = ((struct link_conn *)ctx)->link;

	if (!l)
		return;
	conn_heard(ctx);
	link_exec_on_closed(l, channel, exit, why);
	link_wake(l);
}

/* ---- the pulse: a connection that nobody hears of for a while is asked ---- */

static void
pulse_beats(void *ctx, const struct link_exec_end *end)
{
	struct link_conn *c = ctx;

	(void)end;
	link_exec_free(c->pulse);
	c->pulse = NULL;
}

/* In how long it is to be looked at again; 0: it has been asked and says nothing. */
static int64_t
mind_conn(struct link *l, struct link_conn *c)
{
	int64_t now = clock_mono().ms, patience = pace_ms(PULSE_MS);
	int64_t silent = now - c->heard.ms;
	struct link_exec_calls calls = {.on_end = pulse_beats, .ctx = c};

	if (silent < patience)
		return patience - silent;
	if (!c->pulse)
		c->pulse = link_exec_pulse(l, c, &calls);
	if (!link_exec_sent(c->pulse)) /* no channel: the others on it have deadlines */
		return patience;
	silent = now - c->pulse->sent.ms;
	return silent < patience ? patience - silent : 0;
}

static void
ask_pulse(void *ctx)
{
	struct link *l = ctx;
	int64_t next, other = -1;

	if (l->state != LINK_READY)
		return;
	next = mind_conn(l, l->conn);
	if (next == 0) {
		link_fail(l, LINK_FAULT_TIMEOUT, "no sign of life");
		return;
	}
	if (l->second && l->second->ready && link_second_in_use(l))
		other = mind_conn(l, l->second);
	if (other == 0)
		link_second_fail(l, "no sign of life");
	loop_timer_start(l->pulse, other > 0 && other < next ? other : next, 0);
}

/* ---- coming up ---- */

static void
retry_now(void *ctx)
{
	struct link *l = ctx;

	if (l->state == LINK_LOST || (l->state == LINK_CONNECTING && !l->conn))
		link_up(l);
}

void
link_prepare(struct link *l)
{
	if (l->state == LINK_IDLE && l->o.host->via == HOST_SSH && !l->have_facts)
		link_up_facts(l);
}

void
link_connect(struct link *l)
{
	l->wanted = true;
	if (l->state == LINK_IDLE || l->state == LINK_LOST) {
		link_up(l);
	} else if (l->state == LINK_FAILED) {
		/* A person may have mended configuration or known_hosts meanwhile. */
		resolve_release(&l->facts);
		l->have_facts = false;
		l->attempts = 0;
		l->command[0] = l->hostkey[0] = 0;
		link_up(l);
	}
}

void
link_demand(struct link *l)
{
	struct link_status s;

	l->wanted = true;
	switch (l->state) {
	case LINK_IDLE:
		link_up(l);
		break;
	case LINK_READY:
		link_exec_dispatch(l);
		break;
	case LINK_LOST:
		schedule_retry(l);
		break;
	case LINK_FAILED:
		if (is_passing(l->fault) && clock_mono().ms >= l->retry_at.ms) {
			link_up(l);
			break;
		}
		/* fall through */
	case LINK_CLOSED:
		link_status(l, &s);
		link_exec_lose(l, s.words);
		break;
	case LINK_RESOLVING:
	case LINK_CONNECTING:
	case LINK_ASKING:
		break;
	}
}

void
link_answer(struct link *l, const char *text)
{
	link_up_answer(l, text);
}

/* ---- life ---- */

struct link *
link_new(const struct link_opts *o)
{
	struct link *l = mem_alloc(sizeof *l);

	l->o = *o;
	l->target = mem_strdup(o->target);
	l->o.target = l->target;
	if (l->o.connect_timeout_ms <= 0)
		l->o.connect_timeout_ms = CONNECT_TIMEOUT_MS;
	l->soon = loop_timer_new(o->loop, deliver, l);
	l->retry = loop_timer_new(o->loop, retry_now, l);
	l->pulse = loop_timer_new(o->loop, ask_pulse, l);
	return l;
}

void
link_free(struct link *l)
{
	if (!l)
		return;
	link_exec_orphan(l);
	resolve_free(l->resolve);
	link_drop_conn(l);
	while (l->dead.len > 0) {
		struct link_conn *c = l->dead.at[--l->dead.len];

		c->t->ops->free(c->t);
		mem_free(c);
	}
	vec_free(&l->dead);
	loop_timer_free(l->soon);
	loop_timer_free(l->retry);
	loop_timer_free(l->pulse);
	loop_timer_free(l->second_soon);
	resolve_release(&l->facts);
	sim_watch_free(l->sim_watch);
	sim_free(l->own_sim);
	keyring_free(l->own_ring);
	mem_free(l->target);
	mem_free(l);
}
