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
	PULSE_MS = 15 * 1000, /* silence before we ask, and the wait for the answer */
};

/* Faults of the network pass by themselves; keys and logins want a person. */
static bool
is_passing(enum link_fault f)
{
	return f == LINK_FAULT_REFUSED || f == LINK_FAULT_UNREACHABLE ||
		f == LINK_FAULT_NO_SUCH_HOST || f == LINK_FAULT_TIMEOUT ||
		f == LINK_FAULT_CRASHED;
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

static void
set_state(struct link *l, enum link_state state)
{
	if (l->state == state)
		return;
	dlog("link", "%s: %s -> %s", l->target, link_state_name(l->state),
		link_state_name(state));
	l->state = state;
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

static void
drop_conn(struct link *l)
{
	if (!l->conn)
		return;
	l->conn->link = NULL; /* it says nothing more */
	vec_push(&l->dead, l->conn);
	l->conn = NULL;
	link_wake(l);
}

/* 1, 2, 4 ... 30 s, each between half and whole of it, so that fifty hosts that went
 * together do not come back together. */
static int64_t
backoff_ms(int attempts)
{
	int64_t ms = RETRY_MIN_MS;
	unsigned char noise;
	char hex[3];

	for (int i = 1; i < attempts && ms < RETRY_MAX_MS; i++)
		ms *= 2;
	if (ms > RETRY_MAX_MS)
		ms = RETRY_MAX_MS;
	digest_random_hex(1, hex);
	noise = (unsigned char)strtoul(hex, NULL, 16);
	return pace_ms(attempts <= 1 ? ms : ms / 2 + ms / 2 * noise / 255);
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

static void
fail(struct link *l, enum link_fault fault, const char *text)
{
	struct link_status s;

	dlog("link", "%s: fault %s: %s", l->target, link_fault_name(fault), text);
	loop_timer_stop(l->pulse);
	link_exec_free(l->pulse_exec);
	l->pulse_exec = NULL;
	drop_conn(l);
	l->fault = fault;
	set_detail(l, text);
	l->attempts++;
	l->retry_at.ms = clock_mono().ms + backoff_ms(l->attempts);
	if (l->was_ready && comes_back(l, fault)) {
		set_state(l, LINK_LOST);
		l->state_news = true; /* each failed attempt is news: its words changed */
		link_exec_lose(l, LINK_EXEC_OPEN, link_fault_words(fault));
		schedule_retry(l);
		return;
	}
	l->was_ready = false;
	set_state(l, LINK_FAILED);
	link_status(l, &s);
	link_exec_lose(l, LINK_EXEC_ALL, s.words);
}

/* ---- events of a connection ---- */

static void
on_prompt(void *ctx, const char *text, bool echo)
{
	struct link *l = ((struct link_conn *)ctx)->link;
	struct link_prompt p = {.echo = echo};
	struct str safe = STR_INIT;

	if (!l)
		return;
	if (!l->o.calls.on_prompt) {
		l->ops->answer(l->conn->t, NULL);
		return;
	}
	set_state(l, LINK_ASKING);
	text_harmless(&safe, text, strlen(text), TEXT_ONE_LINE);
	p.target = l->target;
	p.text = safe.buf;
	l->o.calls.on_prompt(l->o.calls.ctx, l, &p);
	str_release(&safe);
}

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
	fail(l, fault_of[v], text);
}

static void ask_pulse(void *ctx);

static void
on_ready(void *ctx, const struct transport_ready *r)
{
	struct link *l = ((struct link_conn *)ctx)->link;

	if (!l)
		return;
	if (r->hostkey && *r->hostkey)
		snprintf(l->hostkey, sizeof l->hostkey, "%s", r->hostkey);
	snprintf(l->crypto, sizeof l->crypto, "%s %s %s", r->kex ? r->kex : "",
		r->cipher ? r->cipher : "", r->mac ? r->mac : "");
	l->fault = LINK_FAULT_NONE;
	l->detail[0] = 0;
	l->command[0] = 0;
	l->attempts = 0;
	l->was_ready = true;
	l->heard = clock_mono();
	dlog("link", "%s: ready by %s", l->target, l->ops->name);
	set_state(l, LINK_READY);
	if (l->o.host->via == HOST_SSH)
		loop_timer_start(l->pulse, pace_ms(PULSE_MS), 0);
	link_exec_dispatch(l);
}

static void connect_now(struct link *l);

/* What libssh2 cannot do, the system client may. */
static bool
fall_back(struct link *l, enum link_fault fault, const char *text)
{
	const struct resolve_keys *k = &l->facts.keys;
	bool login = fault == LINK_FAULT_DENIED || fault == LINK_FAULT_NO_KEY;
	bool other_key = k->rsa > 0 || k->fido > 0;
	char *why;

	if (!l->have_facts || !l->facts.may_fall_back || l->was_ready)
		return false;
	if (fault != LINK_FAULT_PROTOCOL && !(login && other_key))
		return false;
	why = login ? mem_strdup("libssh2 cannot use the other keys (RSA, FIDO)")
		    : text_harmless_dup(text);
	snprintf(l->facts.why, sizeof l->facts.why, "%s",
		*why ? why : "libssh2 cannot agree with it on a protocol");
	mem_free(why);
	l->facts.may_fall_back = false;
	l->facts.transport = HOST_OPENSSH;
	dlog("link", "%s: falls back to the system ssh: %s", l->target, l->facts.why);
	drop_conn(l);
	connect_now(l);
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
	fail(l, fault, text);
}

static void
on_data(void *ctx, uint32_t channel, enum transport_stream stream, const char *p,
	size_t len)
{
	struct link *l = ((struct link_conn *)ctx)->link;

	if (!l)
		return;
	l->heard = clock_mono();
	link_exec_on_data(l, channel, stream, p, len);
}

static void
on_closed(void *ctx, uint32_t channel, int exit, const char *why)
{
	struct link *l = ((struct link_conn *)ctx)->link;

	if (!l)
		return;
	l->heard = clock_mono();
	link_exec_on_closed(l, channel, exit, why);
	link_wake(l);
}

/* ---- the pulse: a session that nobody hears of for a while is asked ---- */

static void
pulse_beats(void *ctx, const struct link_exec_end *end)
{
	struct link *l = ctx;

	(void)end;
	link_exec_free(l->pulse_exec);
	l->pulse_exec = NULL;
	if (l->state == LINK_READY)
		loop_timer_start(l->pulse, pace_ms(PULSE_MS), 0);
}

static void
ask_pulse(void *ctx)
{
	struct link *l = ctx;
	int64_t silent = clock_mono().ms - l->heard.ms, patience = pace_ms(PULSE_MS);
	struct link_exec_calls calls = {.on_end = pulse_beats, .ctx = l};

	if (l->state != LINK_READY)
		return;
	if (silent < patience) {
		loop_timer_start(l->pulse, patience - silent, 0);
		return;
	}
	if (l->pulse_exec && link_exec_sent(l->pulse_exec)) {
		fail(l, LINK_FAULT_TIMEOUT, "no sign of life");
		return;
	}
	if (!l->pulse_exec) /* else it waits for a channel: the others have deadlines */
		l->pulse_exec = link_exec_start(l, "exec true", "", 0, &calls);
	loop_timer_start(l->pulse, pace_ms(PULSE_MS), 0);
}

/* ---- coming up ---- */

static const struct transport_ops *
ops_for(const struct link *l)
{
	if (l->o.host->via == HOST_LOCAL)
		return &local_ops;
	return l->facts.transport == HOST_OPENSSH ? &openssh_ops : &worker_link_ops;
}

static void
connect_now(struct link *l)
{
	struct link_conn *c = mem_alloc(sizeof *c);
	struct transport_opts o = {
		.loop = l->o.loop,
		.target = l->target,
		.conf = l->have_facts ? &l->facts.conf : NULL,
		.known = l->have_facts ? &l->facts.known : NULL,
		.connect_timeout_ms = l->o.connect_timeout_ms,
		.events =
			{
				.on_key = on_key,
				.on_prompt = on_prompt,
				.on_ready = on_ready,
				.on_fault = on_fault,
				.on_data = on_data,
				.on_closed = on_closed,
				.on_opened = link_exec_opened,
				.ctx = c,
			},
	};
	struct err e = ERR_INIT;

	c->link = l;
	l->ops = ops_for(l);
	set_state(l, LINK_CONNECTING);
	c->t = l->ops->open(&o, &e);
	if (!c->t) {
		mem_free(c);
		fail(l, LINK_FAULT_INTERNAL, e.msg);
		return;
	}
	l->conn = c;
}

static void
resolved(void *ctx, struct resolve_facts *f, const struct err *e)
{
	struct link *l = ctx;

	if (e) {
		fail(l,
			e->kind == ERR_INPUT ? LINK_FAULT_NO_SUCH_HOST
					     : LINK_FAULT_INTERNAL,
			e->msg);
		return;
	}
	l->facts = *f;
	*f = (struct resolve_facts){0};
	l->have_facts = true;
	connect_now(l);
}

static void
connect_sim(struct link *l)
{
	char *path = file_join(l->base_dir, l->o.host->sim_file);
	struct err e = ERR_INIT;

	if (!l->sim)
		l->sim = sim_load(path, &e);
	mem_free(path);
	if (!l->sim) {
		fail(l, LINK_FAULT_INTERNAL, e.msg);
	} else if (sim_fault(l->sim)) {
		fail(l, link_fault_by_name(sim_fault(l->sim)), "simulated");
	} else {
		l->fault = LINK_FAULT_NONE;
		set_state(l, LINK_READY);
	}
}

static void
start_resolving(struct link *l)
{
	struct err e = ERR_INIT;

	resolve_free(l->resolve);
	set_state(l, LINK_RESOLVING);
	l->resolve = resolve_start(
		l->o.loop, l->target, l->o.host->transport, resolved, l, &e);
	if (!l->resolve)
		fail(l,
			e.kind == ERR_INPUT ? LINK_FAULT_NO_SUCH_HOST
					    : LINK_FAULT_INTERNAL,
			e.msg);
}

static void
come_up(struct link *l)
{
	loop_timer_stop(l->retry);
	if (l->o.host->via == HOST_SIM)
		connect_sim(l);
	else if (l->o.host->via == HOST_LOCAL || l->have_facts)
		connect_now(l);
	else
		start_resolving(l);
}

static void
retry_now(void *ctx)
{
	struct link *l = ctx;

	if (l->state == LINK_LOST)
		come_up(l);
}

void
link_connect(struct link *l)
{
	if (l->state == LINK_IDLE || l->state == LINK_LOST) {
		come_up(l);
	} else if (l->state == LINK_FAILED) {
		/* A person may have mended configuration or known_hosts meanwhile. */
		resolve_release(&l->facts);
		l->have_facts = false;
		l->attempts = 0;
		l->command[0] = l->hostkey[0] = 0;
		come_up(l);
	}
}

void
link_demand(struct link *l)
{
	struct link_status s;

	switch (l->state) {
	case LINK_IDLE:
		come_up(l);
		break;
	case LINK_READY:
		link_exec_dispatch(l);
		break;
	case LINK_LOST:
		schedule_retry(l);
		break;
	case LINK_FAILED:
		if (is_passing(l->fault) && clock_mono().ms >= l->retry_at.ms) {
			come_up(l);
			break;
		}
		/* fall through */
	case LINK_CLOSED:
		link_status(l, &s);
		link_exec_lose(l, LINK_EXEC_ALL, s.words);
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
	if (l->state != LINK_ASKING || !l->conn)
		return;
	set_state(l, LINK_CONNECTING);
	l->ops->answer(l->conn->t, text);
}

/* ---- life ---- */

struct link *
link_new(const struct link_opts *o)
{
	struct link *l = mem_alloc(sizeof *l);

	l->o = *o;
	l->target = mem_strdup(o->target);
	l->base_dir = mem_strdup(o->base_dir ? o->base_dir : ".");
	l->o.target = l->target;
	l->o.base_dir = l->base_dir;
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
	link_exec_free(l->pulse_exec);
	link_exec_orphan(l);
	resolve_free(l->resolve);
	drop_conn(l);
	while (l->dead.len > 0) {
		struct link_conn *c = l->dead.at[--l->dead.len];

		c->t->ops->free(c->t);
		mem_free(c);
	}
	vec_free(&l->dead);
	loop_timer_free(l->soon);
	loop_timer_free(l->retry);
	loop_timer_free(l->pulse);
	resolve_release(&l->facts);
	sim_free(l->sim);
	mem_free(l->target);
	mem_free(l->base_dir);
	mem_free(l);
}
