#include "worker/worker.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "worker/dial.h"
#include "worker/login.h"

enum {
	DRAIN_MS = 2000,
	KEEPALIVE_S = 15,
	FOREVER = -1,
	GREETING_MS = 30 * 1000,
	KEY_MAX = 16 * 1024,
	PROMPT_MAX = 4096, /* a path fits */
};

/* ---- the end ---- */

static _Noreturn void
leave(struct worker *w)
{
	upline_drain(&w->up, DRAIN_MS);
	_exit(0);
}

void
worker_fail(struct worker *w, const char *kind, const char *fmt, ...)
{
	char text[600];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	upline_send_fail(&w->up, 0, kind, text);
	leave(w);
}

static _Noreturn void
fail_late(struct worker *w)
{
	struct kexinit k;

	if (w->core.session && w->stage == WORKER_LOGIN) {
		kexinit_read(&k, w->core.first.buf, w->core.first.len);
		if (k.kind == KEXINIT_FOREIGN)
			worker_fail(
				w, "PROTOCOL", "what answers there does not speak SSH 2");
	}
	worker_fail(w, "TIMEOUT", "%s: no answer within %u s", w->doing,
		(unsigned)(w->facts.connect_ms / 1000));
}

/* sshd's MaxStartups: newer ones say so, all hang up instead of greeting. */
static bool
turned_away(const struct sshcore *s)
{
	return s->first.len == 0 ? s->sys == 0 || s->sys == ECONNRESET
				 : str_starts(s->first.buf, "Exceeded MaxStartups") ||
			str_starts(s->first.buf, "Not allowed at this time");
}

void
worker_fail_ssh(struct worker *w, int rc)
{
	struct sshcore *s = &w->core;
	bool lost = s->eof || rc == LIBSSH2_ERROR_SOCKET_DISCONNECT;
	char words[KEXINIT_LIST_BYTES + 80];
	bool misfit = sshcore_misfit(s, words, sizeof words);

	if (w->stage != WORKER_READY && lost && turned_away(s))
		worker_fail(w, "BUSY", "%.60s", s->first.buf);
	/* Cut off in the middle of its first words, a host has not shown that it is another. */
	if (w->stage == WORKER_READY || (lost && !misfit)) {
		worker_fail(w, s->sys == ETIMEDOUT ? "TIMEOUT" : "UNREACHABLE", "%s",
			s->sys != 0    ? strerror(s->sys)
				: lost ? "the host closed the connection"
				       : sshcore_error(s));
	}
	worker_fail(w, "PROTOCOL", "%s", words);
}

/* ---- frames ---- */

static bool
take_answer(struct worker *w, const struct wire_frame *f)
{
	struct wire_cursor c = {.p = f->payload, .len = f->len};
	uint32_t id = wire_get_u32(&c), given = wire_get_u32(&c);
	char *text = wire_get_text(&c);

	/* The end of a notice may cross with the word that nobody waits any more. */
	if (w->stage == WORKER_LOGIN && !given && !c.bad && id <= w->prompt) {
		mem_free(text);
		if (w->noticed)
			worker_fail(w, "CANCELLED", "the agent is not waited for");
		return true;
	}
	if (w->stage != WORKER_ASK || w->answered || c.bad || c.len > 0 ||
		id != w->prompt)
		return false;
	w->answered = true;
	w->answer = given ? text : NULL;
	if (!given)
		mem_free(text);
	return true;
}

/* False: the console breaks the protocol. */
static bool
take_frame(struct worker *w, const struct wire_frame *f)
{
	switch ((int)f->type) {
	case WIRE_HELLO:
		if (w->stage != WORKER_NEW ||
			!wirefacts_get(&w->facts, f->payload, f->len))
			return false;
		w->stage = WORKER_LOGIN;
		return true;
	case WIRE_KEY_OK:
		if (w->stage != WORKER_KEY)
			return false;
		w->key_ok = true;
		w->stage = WORKER_LOGIN;
		return true;
	case WIRE_ANSWER:
		return take_answer(w, f);
	case WIRE_KEY_NO:
	case WIRE_QUIT:
		leave(w);
	case WIRE_OPEN:
	case WIRE_LISTEN:
	case WIRE_DATA:
	case WIRE_EOF:
	case WIRE_CREDIT:
	case WIRE_CLOSE:
		return w->stage == WORKER_READY && channels_take(&w->channels, f);
	default:
		return false;
	}
}

static void
hear_console(struct worker *w, short ready)
{
	struct wire_frame f;

	if (ready & POLLOUT)
		upline_flush(&w->up);
	if (ready & (POLLIN | POLLHUP | POLLERR))
		upline_read(&w->up);
	while (upline_next(&w->up, &f)) {
		if (!take_frame(w, &f))
			_exit(1); /* it is out of step with us: say nothing more */
	}
	if (w->up.gone)
		_exit(0);
}

/* ---- waiting ---- */

enum waited { WAITED_LATE, WAITED_CONSOLE, WAITED_FD };

/* One poll of the console and, unless fd is negative, of fd. */
static enum waited
wait_once(struct worker *w, int fd, short events, int64_t until_ms)
{
	struct pollfd p[2] = {
		{.fd = w->up.fd, .events = POLLIN},
		{.fd = fd, .events = events},
	};
	int64_t left = until_ms - clock_mono().ms;
	int n;

	upline_flush(&w->up);
	if (upline_wants_write(&w->up))
		p[0].events |= POLLOUT;
	if (until_ms != FOREVER && left <= 0)
		return WAITED_LATE;
	n = poll(p, 2,
		until_ms == FOREVER        ? -1
			: left > INT32_MAX ? INT32_MAX
					   : (int)left);
	if (n == 0)
		return WAITED_LATE;
	if (n > 0 && p[0].revents)
		hear_console(w, p[0].revents);
	return n > 0 && p[1].revents ? WAITED_FD : WAITED_CONSOLE;
}

bool
worker_wait(struct worker *w, int fd, short events, int64_t ms)
{
	int64_t until = clock_mono().ms + ms;

	if (ms == 0 || until > w->deadline_ms)
		until = w->deadline_ms;
	for (;;) {
		switch (wait_once(w, fd, events, until)) {
		case WAITED_FD:
			return true;
		case WAITED_LATE:
			if (clock_mono().ms >= w->deadline_ms)
				fail_late(w);
			return false;
		case WAITED_CONSOLE:
			break;
		}
	}
}

static short
host_events(const struct sshcore *s)
{
	return (short)((sshcore_wants_read(s) ? POLLIN : 0) |
		(sshcore_wants_write(s) ? POLLOUT : 0));
}

static void
move_bytes(struct worker *w)
{
	sshcore_flush(&w->core);
	if (sshcore_wants_read(&w->core)) {
		size_t before = w->core.in.len;

		sshcore_fill(&w->core);
		if (w->core.in.len != before)
			w->heard_ms = clock_mono().ms;
	}
}

void
worker_turn(struct worker *w)
{
	sshcore_flush(&w->core);
	if (w->core.eof)
		return; /* the library finds out by itself */
	worker_wait(w, w->core.sock, host_events(&w->core), 0);
	move_bytes(w);
}

static void
send_prompt(struct worker *w, const char *text, enum wire_ask kind)
{
	struct str payload = STR_INIT;

	wire_add_u32(&payload, ++w->prompt);
	wire_add_u32(&payload, kind);
	wire_add_bytes(&payload, text, strnlen(text, PROMPT_MAX));
	upline_send(&w->up, WIRE_PROMPT, 0, payload.buf, payload.len);
	str_release(&payload);
}

void
worker_notice(struct worker *w, const char *text)
{
	w->noticed = *text != 0;
	send_prompt(w, text, WIRE_ASK_NOTICE);
	upline_flush(&w->up);
}

char *
worker_ask(struct worker *w, const char *text, enum wire_ask kind)
{
	int64_t begin = clock_mono().ms;
	char *answer;

	send_prompt(w, text, kind);
	w->stage = WORKER_ASK;
	w->answered = false;
	while (!w->answered)
		wait_once(w, -1, 0, FOREVER);
	w->stage = WORKER_LOGIN;
	w->deadline_ms += clock_mono().ms - begin;
	answer = w->answer;
	w->answer = NULL;
	return answer;
}

/* ---- coming up ---- */

static bool
wait_for_dial(void *ctx, int fd, short events, int64_t ms)
{
	return worker_wait(ctx, fd, events, ms);
}

static void
shake_hands(struct worker *w)
{
	struct dial d = {.facts = &w->facts, .wait = wait_for_dial, .ctx = w};
	int sock, rc;

	w->doing = "connecting";
	sock = dial_connect(&d);
	if (sock < 0)
		worker_fail(w, d.kind, "%s", d.text);
	if (!sshcore_start(&w->core, sock, w->facts.hostkeys))
		worker_fail(w, "INTERNAL", "libssh2 does not start");
	w->doing = "waiting for its SSH version and keys";
	while ((rc = libssh2_session_handshake(w->core.session, SSHCORE_FD)) ==
		LIBSSH2_ERROR_EAGAIN)
		worker_turn(w);
	if (rc != 0)
		worker_fail_ssh(w, rc);
}

static void
show_key(struct worker *w)
{
	struct str payload = STR_INIT;
	struct wire_cursor c;
	size_t len = 0, type_len;
	int kind;
	const char *blob = libssh2_session_hostkey(w->core.session, &len, &kind), *type;

	c = (struct wire_cursor){.p = blob, .len = blob ? len : 0};
	type = wire_get_bytes(&c, &type_len);
	if (!type || memchr(type, 0, type_len) || len > KEY_MAX)
		worker_fail(w, "PROTOCOL", "the host's key is no key");
	wire_add_bytes(&payload, type, type_len);
	wire_add_bytes(&payload, blob, len);
	upline_send(&w->up, WIRE_KEY, 0, payload.buf, payload.len);
	str_release(&payload);
	w->stage = WORKER_KEY;
	w->doing = "waiting for the console's word on the host key";
	while (w->stage == WORKER_KEY) {
		if (wait_once(w, -1, 0, w->deadline_ms) == WAITED_LATE)
			fail_late(w);
	}
}

static void
say_ready(struct worker *w)
{
	static const int methods[] = {LIBSSH2_METHOD_KEX, LIBSSH2_METHOD_CRYPT_CS,
		LIBSSH2_METHOD_MAC_CS, LIBSSH2_METHOD_HOSTKEY};
	struct str payload = STR_INIT;

	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
		const char *name = libssh2_session_methods(w->core.session, methods[i]);

		wire_add_text(&payload, name ? name : "");
	}
	upline_send(&w->up, WIRE_READY, 0, payload.buf, payload.len);
	str_release(&payload);
	w->stage = WORKER_READY;
}

/* ---- being up ---- */

/* When to look again without a word from anybody: keepalive, or an answer overdue. */
static int64_t
next_look(struct worker *w)
{
	int64_t now = clock_mono().ms, until;
	int seconds = KEEPALIVE_S;

	libssh2_keepalive_send(w->core.session, &seconds);
	until = now + (seconds > 0 ? seconds : KEEPALIVE_S) * 1000;
	if (channels_wait(&w->channels)) {
		if (now - w->heard_ms >= w->facts.read_ms)
			worker_fail(w, "TIMEOUT",
				"a request was not answered within %u s",
				(unsigned)(w->facts.read_ms / 1000));
		if (w->heard_ms + w->facts.read_ms < until)
			until = w->heard_ms + w->facts.read_ms;
	}
	return until;
}

static _Noreturn void
serve(struct worker *w)
{
	/* An answer must not be wanted: they would pile up in the library. */
	libssh2_keepalive_config(w->core.session, 0, KEEPALIVE_S);
	for (;;) {
		bool waiting = channels_wait(&w->channels);
		int rc = channels_pump(&w->channels);

		if (rc < 0 || w->core.eof)
			worker_fail_ssh(w, rc);
		if (!waiting && channels_wait(&w->channels))
			w->heard_ms = clock_mono()
					      .ms; /* patience begins with the asking */
		int64_t until = next_look(w);
		sshcore_flush(&w->core);
		wait_once(w, w->core.sock, host_events(&w->core), until);
		move_bytes(w);
	}
}

void
worker_main(int fd)
{
	struct worker w = {.doing = "starting", .core.sock = -1};
	struct str hello = STR_INIT;

	signal(SIGCHLD, SIG_DFL);
	signal(SIGPIPE, SIG_IGN);
	upline_init(&w.up, fd);
	w.channels.core = &w.core;
	w.channels.up = &w.up;
	wire_add_u32(&hello, WIRE_PROTO);
	upline_send(&w.up, WIRE_HELLO, 0, hello.buf, hello.len);
	str_release(&hello);
	w.deadline_ms = clock_mono().ms + GREETING_MS;
	while (w.stage == WORKER_NEW) {
		if (wait_once(&w, -1, 0, w.deadline_ms) == WAITED_LATE)
			_exit(1);
	}
	w.deadline_ms = clock_mono().ms + w.facts.connect_ms;
	shake_hands(&w);
	show_key(&w);
	w.doing = "logging in";
	login_now(&w);
	say_ready(&w);
	serve(&w);
}
