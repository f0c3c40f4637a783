/* The second connection of a link: for what finds no channel on the first, on a host that
 * gives few of them (MaxSessions) or to a console that wants many. It is a guest: it comes
 * after a moment of want, waits for the doorman like any login, asks nobody anything, and
 * goes when it is not needed. Where it cannot come the execs take turns on the first. */

#include <stdio.h>
#include <string.h>

#include "base/dlog.h"
#include "base/mem.h"
#include "remote/linkinner.h"
#include "remote/pace.h"

enum {
	WANT_MS = 300,         /* most that waits so long has its turn by then */
	IDLE_MS = 30 * 1000,   /* without an exec it goes */
	AGAIN_MS = 60 * 1000,  /* after one that failed; doubles each time */
	AGAIN_DOUBLES_MAX = 4, /* a quarter of an hour */
};

/* To be asked whether it lives is no use of it. */
bool
link_second_in_use(const struct link *l)
{
	for (const struct link_exec *x = l->first; x; x = x->next) {
		if (x->state == EXEC_OPEN && x->conn == l->second && !x->only)
			return true;
	}
	return false;
}

static bool
is_wanted(const struct link *l)
{
	for (const struct link_exec *x = l->first; x; x = x->next) {
		if (x->state == EXEC_QUEUED && !x->only)
			return true;
	}
	return false;
}

void
link_second_drop(struct link *l, const char *why)
{
	struct link_conn *c = l->second;

	if (l->second_soon)
		loop_timer_stop(l->second_soon);
	keyring_wish_free(l->second_wish);
	l->second_wish = NULL;
	doorman_leave(&l->second_pass);
	if (!c)
		return;
	dlog("link", "%s: the second connection goes: %s", l->target, why);
	l->second = NULL;
	link_exec_free(c->pulse);
	c->pulse = NULL;
	link_exec_lose_conn(l, c, why);
	link_conn_bury(l, c);
}

static void
give_up(struct link *l, const char *why)
{
	int64_t ms = AGAIN_MS;

	for (int i = 0; i < l->second_faults && i < AGAIN_DOUBLES_MAX; i++)
		ms *= 2;
	l->second_faults++;
	l->second_not_before.ms = clock_mono().ms + pace_ms(ms);
	link_second_drop(l, why);
}

void
link_second_fail(struct link *l, const char *why)
{
	give_up(l, why);
	link_news(l);
}

/* ---- its login: as the first one's, but without a person ---- */

static struct link *
link_of(void *ctx)
{
	return ((struct link_conn *)ctx)->link;
}

/* It must be the same host, not only one that is trusted too. */
static void
on_key(void *ctx, const char *type, const void *blob, size_t len)
{
	struct link *l = link_of(ctx);
	char key[sizeof l->hostkey];
	bool same;

	(void)type;
	if (!l)
		return;
	knownhost_fingerprint(blob, len, key);
	same = knownhost_check(&l->facts.known, blob, len) == KNOWNHOST_OK &&
		strcmp(key, l->hostkey) == 0;
	l->ops->key_answer(l->second->t, same ? TRANSPORT_KEY_OK : TRANSPORT_KEY_NO);
	if (!same)
		give_up(l, "it shows another host key than the first");
}

static void
on_prompt(void *ctx, const char *text, bool echo)
{
	struct link *l = link_of(ctx);

	(void)text;
	(void)echo;
	if (l)
		give_up(l, "it would have to ask");
}

static void
on_notice(void *ctx, const char *text)
{
	struct link *l = link_of(ctx);

	if (l && text)
		give_up(l, "it waits for a person");
}

static void
wish_asks(void *ctx, const char *text)
{
	(void)text;
	give_up(ctx, "it would have to ask for a passphrase");
}

static void
wish_ended(void *ctx, enum keyring_end end, const char *why)
{
	struct link *l = ctx;

	l->second_wish = NULL;
	if (end == KEYRING_OPEN)
		l->ops->answer(l->second->t, "");
	else
		give_up(l, why);
}

/* The ring opened it for the first connection: there is nothing to ask. */
static void
on_unlock(void *ctx, const char *path)
{
	struct link *l = link_of(ctx);
	const struct keyring_calls calls = {
		.on_ask = wish_asks, .on_end = wish_ended, .ctx = l};

	if (l)
		l->second_wish = keyring_unlock(
			l->o.keyring ? l->o.keyring : l->own_ring, path, &calls);
}

static void
on_ready(void *ctx, const struct transport_ready *r)
{
	struct link *l = link_of(ctx);

	if (!l)
		return;
	doorman_leave(&l->second_pass);
	if (r->hostkey && *r->hostkey && *l->hostkey &&
		strcmp(r->hostkey, l->hostkey) != 0) {
		give_up(l, "it shows another host key than the first");
		return;
	}
	dlog("link", "%s: a second connection, by %s", l->target, l->ops->name);
	l->second->ready = true;
	l->second->heard = clock_mono();
	l->second->room = l->conn->room; /* the same host: it gives as few */
	l->second->narrow_until = l->conn->narrow_until;
	l->second_faults = 0;
	link_news(l);
	link_exec_dispatch(l);
}

static void
on_fault(void *ctx, enum link_fault fault, const char *text)
{
	struct link *l = link_of(ctx);

	if (!l)
		return;
	dlog("link", "%s: second: fault %s: %s", l->target, link_fault_name(fault), text);
	if (fault == LINK_FAULT_BUSY)
		doorman_crowded(&l->second_pass);
	link_second_fail(l, link_fault_words(fault));
}

/* ---- coming and going ---- */

static void
connect_now(void *ctx)
{
	static const struct transport_events events = {
		.on_key = on_key,
		.on_prompt = on_prompt,
		.on_unlock = on_unlock,
		.on_notice = on_notice,
		.on_ready = on_ready,
		.on_fault = on_fault,
		.on_data = link_on_data,
		.on_closed = link_on_closed,
		.on_opened = link_exec_opened,
	};
	struct link *l = ctx;
	struct err e = ERR_INIT;

	l->second = link_up_open(l, &events, &e);
	if (!l->second)
		give_up(l, e.msg);
}

static bool
should_come(const struct link *l)
{
	return l->state == LINK_READY && l->conn && !l->second && !l->asked &&
		!l->second_pass.doorman && is_wanted(l);
}

static bool
should_go(const struct link *l)
{
	return l->second && l->second->ready && !link_second_in_use(l);
}

static void
want_or_idle(void *ctx)
{
	struct link *l = ctx;

	if (should_go(l)) {
		link_second_drop(l, "nothing needs it");
		link_news(l);
	} else if (should_come(l)) {
		link_up_enter(l, &l->second_pass, connect_now);
	}
}

void
link_second_look(struct link *l)
{
	int64_t ms = pace_ms(should_go(l) ? IDLE_MS : WANT_MS);
	int64_t left = l->second_not_before.ms - clock_mono().ms;

	if (l->o.host->via != HOST_SSH)
		return;
	if (!l->second_soon)
		l->second_soon = loop_timer_new(l->o.loop, want_or_idle, l);
	if (!should_go(l) && !should_come(l))
		loop_timer_stop(l->second_soon);
	else if (!loop_timer_runs(l->second_soon))
		loop_timer_start(l->second_soon, left > ms ? left : ms, 0);
}
