/* How a link comes up: the facts, its turn at the doorman, the connection, the questions on
 * the way, and the second transport where the first cannot serve. */

#include <stdio.h>
#include <string.h>

#include "base/dlog.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "remote/linkinner.h"
#include "remote/sim.h"

/* ---- questions ---- */

static void
ask(struct link *l, const char *text, bool echo)
{
	struct link_prompt p = {.echo = echo};
	struct str safe = STR_INIT;

	if (!l->o.calls.on_prompt) {
		link_up_answer(l, NULL);
		return;
	}
	link_set_state(l, LINK_ASKING);
	text_harmless(&safe, text, strlen(text), TEXT_ONE_LINE);
	p.target = l->target;
	p.text = safe.buf;
	l->o.calls.on_prompt(l->o.calls.ctx, l, &p);
	str_release(&safe);
}

static void
on_prompt(void *ctx, const char *text, bool echo)
{
	struct link *l = ((struct link_conn *)ctx)->link;

	if (!l)
		return;
	doorman_leave(&l->pass); /* people may take their time */
	l->asked = true;
	ask(l, text, echo);
}

static void
set_notice(struct link *l, const char *text)
{
	struct str safe = STR_INIT;

	text_harmless(&safe, text, strlen(text), TEXT_ONE_LINE);
	snprintf(l->notice, sizeof l->notice, "%s", safe.buf);
	str_release(&safe);
	link_news(l);
}

static void
on_notice(void *ctx, const char *text)
{
	struct link *l = ((struct link_conn *)ctx)->link;

	if (!l)
		return;
	doorman_leave(&l->pass);
	l->asked = true;
	set_notice(l, text ? text : "");
}

static void
wish_asks(void *ctx, const char *text)
{
	ask(ctx, text, false);
}

static void
wish_ended(void *ctx, enum keyring_end end, const char *why)
{
	struct link *l = ctx;
	char text[400];

	l->wish = NULL;
	l->notice[0] = 0;
	switch (end) {
	case KEYRING_OPEN:
	case KEYRING_CANCELLED:
		link_set_state(l, LINK_CONNECTING);
		l->ops->answer(l->conn->t, end == KEYRING_OPEN ? "" : NULL);
		break;
	case KEYRING_WRONG:
		snprintf(text, sizeof text, "three times, for %s", why);
		link_fail(l, LINK_FAULT_PASSPHRASE, text);
		break;
	case KEYRING_BROKEN:
		link_fail(l, LINK_FAULT_INTERNAL, why);
		break;
	}
}

static void
on_unlock(void *ctx, const char *path)
{
	struct link *l = ((struct link_conn *)ctx)->link;
	const struct keyring_calls calls = {
		.on_ask = wish_asks, .on_end = wish_ended, .ctx = l};
	char text[400];

	if (!l)
		return;
	doorman_leave(&l->pass);
	snprintf(
		text, sizeof text, "the passphrase of %s, which is asked for once", path);
	set_notice(l, text);
	l->wish = keyring_unlock(l->o.keyring ? l->o.keyring : l->own_ring, path, &calls);
}

void
link_up_answer(struct link *l, const char *text)
{
	if (!l->conn || (l->state != LINK_ASKING && (text || !*l->notice)))
		return;
	link_set_state(l, LINK_CONNECTING);
	if (l->wish)
		keyring_answer(l->wish, text);
	else
		l->ops->answer(l->conn->t, text);
}

/* ---- the host's key ---- */

static void
on_key(void *ctx, const char *type, const void *blob, size_t len)
{
	static const enum link_fault fault_of[] = {
		[KNOWNHOST_OK] = LINK_FAULT_NONE,
		[KNOWNHOST_UNKNOWN] = LINK_FAULT_KEY_UNKNOWN,
		[KNOWNHOST_CHANGED] = LINK_FAULT_KEY_CHANGED,
		[KNOWNHOST_IS_REVOKED] = LINK_FAULT_KEY_REVOKED,
	};
	struct link *l = ((struct link_conn *)ctx)->link;
	enum knownhost_verdict v;
	const struct knownhost *culprit;
	char text[200];

	if (!l)
		return;
	knownhost_fingerprint(blob, len, l->hostkey);
	v = knownhost_check(&l->facts.known, blob, len);
	if (v == KNOWNHOST_OK) {
		l->ops->key_answer(l->conn->t, TRANSPORT_KEY_OK);
		return;
	}
	culprit = v == KNOWNHOST_UNKNOWN ? NULL
					 : knownhost_culprit(&l->facts.known, blob, len);
	if (culprit)
		snprintf(text, sizeof text, "%s %s, against %s:%d", type, l->hostkey,
			culprit->file, culprit->line);
	else
		snprintf(text, sizeof text, "%s %s", type, l->hostkey);
	if (v == KNOWNHOST_UNKNOWN)
		link_make_command(l, type, blob, len);
	l->ops->key_answer(l->conn->t, TRANSPORT_KEY_NO);
	link_fail(l, fault_of[v], text);
}

/* ---- the second transport ---- */

/* Why the system client may be let in where libssh2 was not; NULL: it would not either. */
static const char *
other_way_in(const struct link *l, enum link_fault fault, const char *text)
{
	const struct resolve_keys *k = &l->facts.keys;

	if (fault == LINK_FAULT_PROTOCOL)
		return *text ? text : "libssh2 cannot agree with it on a protocol";
	if (fault != LINK_FAULT_DENIED && fault != LINK_FAULT_NO_KEY)
		return NULL;
	if (k->rsa > 0 || k->fido > 0)
		return "libssh2 cannot use the other keys (RSA, FIDO)";
	if (l->facts.conf.gssapi && strstr(text, "gssapi"))
		return "the host takes GSSAPI, which libssh2 cannot do";
	return NULL;
}

static bool
fall_back(struct link *l, enum link_fault fault, const char *text)
{
	const char *way;
	char *why;

	if (!l->have_facts || !l->facts.may_fall_back || l->was_ready)
		return false;
	way = other_way_in(l, fault, text);
	if (!way)
		return false;
	why = text_harmless_dup(way);
	snprintf(l->facts.why, sizeof l->facts.why, "%s", why);
	mem_free(why);
	l->facts.may_fall_back = false;
	l->facts.transport = HOST_OPENSSH;
	dlog("link", "%s: falls back to the system ssh: %s", l->target, l->facts.why);
	link_drop_conn(l);
	link_up_again(l);
	return true;
}

static void
on_fault(void *ctx, enum link_fault fault, const char *text)
{
	struct link *l = ((struct link_conn *)ctx)->link;

	if (!l || fall_back(l, fault, text))
		return;
	if (fault == LINK_FAULT_KEY_UNKNOWN && l->have_facts && !*l->command)
		snprintf(l->command, sizeof l->command,
			"ssh%s%s -o StrictHostKeyChecking=ask -- %s exit",
			sshconf_file() ? " -F " : "",
			sshconf_file() ? sshconf_file() : "", l->target);
	link_fail(l, fault, text);
}

/* ---- the connection ---- */

static const struct transport_ops *
ops_for(const struct link *l)
{
	if (l->o.host->via == HOST_LOCAL)
		return &local_ops;
	return l->facts.transport == HOST_OPENSSH ? &openssh_ops : &worker_link_ops;
}

/* The run's own agent, where keys with a passphrase go; a fleet's links share one. */
static const char *
keeper_of(struct link *l, struct err *e)
{
	if (l->o.host->via != HOST_SSH)
		return "";
	if (!l->o.keyring && !l->own_ring)
		l->own_ring = keyring_new(l->o.loop, e);
	if (!l->o.keyring && !l->own_ring)
		return NULL;
	return keyring_socket(l->o.keyring ? l->o.keyring : l->own_ring);
}

struct link_conn *
link_up_open(struct link *l, const struct transport_events *events, struct err *e)
{
	struct link_conn *c = mem_alloc(sizeof *c);
	struct transport_opts o = {
		.loop = l->o.loop,
		.target = l->target,
		.conf = l->have_facts ? &l->facts.conf : NULL,
		.known = l->have_facts ? &l->facts.known : NULL,
		.keeper = keeper_of(l, e),
		.connect_timeout_ms = l->o.connect_timeout_ms,
		.events = *events,
	};

	c->link = l;
	o.events.ctx = c;
	c->t = o.keeper ? l->ops->open(&o, e) : NULL;
	if (c->t)
		return c;
	mem_free(c);
	return NULL;
}

static void
connect_now(void *ctx)
{
	static const struct transport_events events = {
		.on_key = on_key,
		.on_prompt = on_prompt,
		.on_unlock = on_unlock,
		.on_notice = on_notice,
		.on_ready = link_on_ready,
		.on_fault = on_fault,
		.on_data = link_on_data,
		.on_closed = link_on_closed,
		.on_opened = link_exec_opened,
	};
	struct link *l = ctx;
	struct err e = ERR_INIT;

	link_news(l); /* it waits for the doorman no more; told before what comes now */
	l->asked = false;
	l->conn = link_up_open(l, &events, &e);
	if (!l->conn)
		link_fail(l, LINK_FAULT_INTERNAL, e.msg);
}

/* All hosts behind one gateway come to its door. */
static char *
door_of(const struct link *l)
{
	const struct sshconf *c = &l->facts.conf;

	if (c->proxyjump || c->proxycommand)
		return mem_printf("by %s", c->proxyjump ? c->proxyjump : c->proxycommand);
	return mem_printf("[%s]:%d", c->hostname, c->port);
}

void
link_up_enter(struct link *l, struct doorman_pass *p, void (*fn)(void *ctx))
{
	char *door;

	if (!l->o.doorman || l->o.host->via != HOST_SSH) {
		fn(l);
		return;
	}
	door = door_of(l);
	doorman_enter(l->o.doorman, p,
		l->ops == &openssh_ops ? DOORMAN_SYSTEM : DOORMAN_LOGIN, door, fn, l);
	mem_free(door);
}

void
link_up_again(struct link *l)
{
	l->ops = ops_for(l);
	link_set_state(l, LINK_CONNECTING);
	if (l->have_facts && *l->facts.cannot)
		link_fail(l, LINK_FAULT_PROTOCOL, l->facts.cannot);
	else
		link_up_enter(l, &l->pass, connect_now);
}

/* ---- the facts ---- */

/* Whoever only wanted to know is told when he wants more. */
static void
no_facts(struct link *l, const struct err *e)
{
	doorman_leave(&l->pass);
	if (l->wanted)
		link_fail(l,
			e->kind == ERR_INPUT ? LINK_FAULT_NO_SUCH_HOST
					     : LINK_FAULT_INTERNAL,
			e->msg);
	else
		link_set_state(l, LINK_IDLE);
}

static void
resolved(void *ctx, struct resolve_facts *f, const struct err *e)
{
	struct link *l = ctx;

	if (e) {
		no_facts(l, e);
		return;
	}
	doorman_leave(&l->pass);
	l->facts = *f;
	*f = (struct resolve_facts){0};
	l->have_facts = true;
	link_news(l);
	if (l->wanted)
		link_up_again(l);
	else
		link_set_state(l, LINK_IDLE);
}

static void
resolve_now(void *ctx)
{
	struct link *l = ctx;
	struct err e = ERR_INIT;

	resolve_free(l->resolve);
	l->resolve = resolve_start(
		l->o.loop, l->target, l->o.host->transport, resolved, l, &e);
	if (!l->resolve)
		no_facts(l, &e);
}

void
link_up_facts(struct link *l)
{
	link_set_state(l, LINK_RESOLVING);
	if (l->o.doorman)
		doorman_enter(l->o.doorman, &l->pass, DOORMAN_LOOK, "", resolve_now, l);
	else
		resolve_now(l);
}

static void
stand_sim(void *ctx)
{
	struct link *l = ctx;
	struct sim_place at = link_place(l);
	const char *fault = sim_fault(l->sim, &at);

	if (fault) {
		link_fail(l, link_fault_by_name(fault), "simulated");
	} else if (l->wanted && l->state != LINK_READY) {
		l->fault = LINK_FAULT_NONE;
		link_set_state(l, LINK_READY);
	}
}

static void
connect_sim(struct link *l)
{
	if (!l->sim) {
		l->sim = l->o.sim;
		if (!l->sim)
			l->sim = l->own_sim = sim_new(l->o.loop, l->o.host->scenario);
		l->sim_watch = sim_watch_new(l->sim, stand_sim, l);
	}
	stand_sim(l);
}

void
link_up(struct link *l)
{
	loop_timer_stop(l->retry);
	l->wanted = true;
	if (l->attempts == 0)
		l->trying = clock_mono();
	if (l->o.host->via == HOST_SIM)
		connect_sim(l);
	else if (l->o.offline)
		link_fail(l, LINK_FAULT_UNREACHABLE, "practice reaches nothing");
	else if (l->o.host->via == HOST_LOCAL || l->have_facts)
		link_up_again(l);
	else
		link_up_facts(l);
}

void
link_up_forget(struct link *l)
{
	keyring_wish_free(l->wish);
	l->wish = NULL;
	l->notice[0] = 0;
	doorman_leave(&l->pass);
}
