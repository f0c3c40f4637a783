#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/dlog.h"
#include "base/mem.h"
#include "base/vec.h"
#include "base/wire.h"
#include "remote/pace.h"
#include "remote/transport.h"
#include "remote/workers.h"

/*
 * libssh2 as a transport: a worker process per host speaks SSH, this file speaks frames
 * with it (base/wire.h). A worker is not trusted more than the host it talks to:
 * what breaks the protocol ends it, and the link reads "transport crashed".
 */

enum {
	CHANNELS = 8,
	/* 16 KiB per turn keep a flood of output from starving the screen. */
	READ_BYTES = 16 * 1024,
	PIECE_BYTES = 32 * 1024,
	/* Credit goes back in lumps: a frame for every few bytes would cost more. */
	CREDIT_LUMP = WIRE_WINDOW / 4,
	COMMAND_MAX = WIRE_PAYLOAD_MAX / 2, /* OPEN is one frame; sshd takes less still */
	ANSWER_MAX = 4096, /* nobody's passphrase; a longer one is wrong */
	/* The worker keeps the deadlines; this is for one that does not even run. */
	GRACE_MS = 5 * 1000,
};

enum stage {
	STAGE_NEW, /* no HELLO yet */
	STAGE_LOGIN,
	STAGE_KEY,    /* on_key was called, no answer yet */
	STAGE_ASKING, /* on_prompt was called, no answer yet */
	STAGE_READY,
	STAGE_OVER, /* on_fault was called */
};

struct worker_channel {
	uint32_t number;
	uint32_t may_send; /* bytes the worker takes */
	uint32_t may_come; /* bytes it may still send */
	uint32_t eaten;    /* of these, not given back yet */
	struct str input;  /* waits for credit */
	bool input_ends, input_ended;
	bool dropped; /* closed by us: nothing of it is told any more */
};

struct worker_link {
	struct transport base;
	struct transport_events ev;
	enum stage stage;
	bool key_done;
	bool noticed; /* on_notice was called, and not that it is over */
	int fd;
	struct loop_fd *watch;
	struct loop_timer *guard;
	int64_t guard_ms;
	struct wire_reader in;
	struct str out;
	size_t sent;
	uint32_t prompt;
	uint32_t highest; /* channel number so far */
	VEC_OF(struct worker_channel *) channels;
};

static struct worker_link *
worker_link_of(struct transport *t)
{
	return (struct worker_link *)t; /* base is its first member */
}

/* ---- to the worker ---- */

static void
want(struct worker_link *k)
{
	if (k->stage != STAGE_OVER)
		loop_fd_want(
			k->watch, LOOP_READ | (k->out.len > k->sent ? LOOP_WRITE : 0));
}

static void
send_frame(struct worker_link *k, enum wire_type type, uint32_t channel, const void *p,
	size_t len)
{
	if (k->stage == STAGE_OVER)
		return;
	wire_add(&k->out, type, channel, p, len);
	want(k);
}

static void
send_payload(
	struct worker_link *k, enum wire_type type, uint32_t channel, struct str *payload)
{
	send_frame(k, type, channel, payload->buf, payload->len);
	mem_wipe(payload->buf, payload->len);
	str_release(payload);
}

/* False: nobody reads it any more. */
static bool
flush(struct worker_link *k)
{
	while (k->out.len > k->sent) {
		ssize_t n = write(k->fd, k->out.buf + k->sent, k->out.len - k->sent);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN;
		/* Answers and passwords pass through here. */
		mem_wipe(k->out.buf + k->sent, (size_t)n);
		k->sent += (size_t)n;
	}
	str_reset(&k->out);
	k->sent = 0;
	return true;
}

static void
send_input(struct worker_link *k, struct worker_channel *c)
{
	size_t done = 0;

	while (done < c->input.len && c->may_send > 0) {
		size_t n = c->input.len - done;

		if (n > c->may_send)
			n = c->may_send;
		if (n > PIECE_BYTES)
			n = PIECE_BYTES;
		send_frame(k, WIRE_DATA, c->number, c->input.buf + done, n);
		c->may_send -= (uint32_t)n;
		done += n;
	}
	mem_wipe(c->input.buf, done);
	str_drop(&c->input, done);
	if (c->input_ends && !c->input_ended && c->input.len == 0) {
		c->input_ended = true;
		send_frame(k, WIRE_EOF, c->number, NULL, 0);
	}
}

/* ---- channels ---- */

static struct worker_channel *
find(struct worker_link *k, uint32_t number)
{
	for (size_t i = 0; i < k->channels.len; i++) {
		if (k->channels.at[i]->number == number)
			return k->channels.at[i];
	}
	return NULL;
}

static struct worker_channel *
find_open(struct worker_link *k, uint32_t number)
{
	struct worker_channel *c = find(k, number);

	return c && !c->dropped ? c : NULL;
}

static void
remove_channel(struct worker_link *k, struct worker_channel *c)
{
	for (size_t i = 0; i < k->channels.len; i++) {
		if (k->channels.at[i] != c)
			continue;
		vec_remove(&k->channels, i);
		break;
	}
	mem_wipe(c->input.buf, c->input.len);
	str_release(&c->input);
	mem_free(c);
}

/* ---- the end ---- */

static void
over(struct worker_link *k, enum link_fault fault, const char *text)
{
	if (k->stage == STAGE_OVER)
		return;
	k->stage = STAGE_OVER;
	loop_timer_stop(k->guard);
	loop_fd_want(k->watch, 0);
	k->ev.on_fault(k->ev.ctx, fault, text);
}

static void
guard_passed(void *ctx)
{
	over(ctx, LINK_FAULT_TIMEOUT, "the transport itself does not answer");
}

/* ---- from the worker: each says whether the frame was in order ---- */

static bool
take_hello(struct worker_link *k, struct wire_cursor *c)
{
	if (k->stage != STAGE_NEW || wire_get_u32(c) != WIRE_PROTO || c->bad)
		return false;
	k->stage = STAGE_LOGIN;
	return true;
}

static bool
take_key(struct worker_link *k, struct wire_cursor *c)
{
	size_t len;
	char *type = wire_get_text(c);
	const char *blob = wire_get_bytes(c, &len);
	bool ok = k->stage == STAGE_LOGIN && !k->key_done && !c->bad;

	if (ok) {
		k->stage = STAGE_KEY;
		loop_timer_stop(k->guard);
		k->ev.on_key(k->ev.ctx, type, blob, len);
	}
	mem_free(type);
	return ok;
}

/* A notice ends with an empty one; the login goes on meanwhile. */
static void
tell_notice(struct worker_link *k, uint32_t id, const char *text)
{
	k->noticed = *text != 0;
	k->prompt = id;
	k->ev.on_notice(k->ev.ctx, k->noticed ? text : NULL);
}

static bool
take_prompt(struct worker_link *k, struct wire_cursor *c)
{
	uint32_t id = wire_get_u32(c), kind = wire_get_u32(c);
	char *text = wire_get_text(c);
	bool ok = k->stage == STAGE_LOGIN && k->key_done && !c->bad &&
		kind < WIRE_ASK_KINDS;

	if (ok && kind == WIRE_ASK_NOTICE) {
		tell_notice(k, id, text);
	} else if (ok) {
		k->stage = STAGE_ASKING;
		k->prompt = id;
		loop_timer_stop(k->guard); /* people may take their time */
		if (kind == WIRE_ASK_UNLOCK)
			k->ev.on_unlock(k->ev.ctx, text);
		else
			k->ev.on_prompt(k->ev.ctx, text, kind == WIRE_ASK_SHOWN);
	}
	mem_free(text);
	return ok;
}

static bool
take_ready(struct worker_link *k, struct wire_cursor *c)
{
	char *kex = wire_get_text(c), *cipher = wire_get_text(c);
	char *mac = wire_get_text(c), *key = wire_get_text(c);
	struct transport_ready r = {.kex = kex, .cipher = cipher, .mac = mac, .key = key};
	bool ok = k->stage == STAGE_LOGIN && k->key_done && !c->bad;

	if (ok) {
		k->stage = STAGE_READY;
		loop_timer_stop(k->guard);
		k->ev.on_ready(k->ev.ctx, &r);
	}
	mem_free(kex);
	mem_free(cipher);
	mem_free(mac);
	mem_free(key);
	return ok;
}

static bool
take_fail(struct worker_link *k, uint32_t channel, struct wire_cursor *c)
{
	char *kind = wire_get_text(c), *text = wire_get_text(c);
	bool ok = !c->bad && channel == 0; /* of a channel: we never asked to listen */

	if (ok)
		over(k, link_fault_by_name(kind), text);
	mem_free(kind);
	mem_free(text);
	return ok;
}

static bool
take_data(struct worker_link *k, const struct wire_frame *f)
{
	struct worker_channel *c = find(k, f->channel);
	struct str back = STR_INIT;

	if (!c || f->len > c->may_come)
		return false;
	c->may_come -= (uint32_t)f->len;
	if (c->dropped)
		return true;
	c->eaten += (uint32_t)f->len;
	if (c->eaten >= CREDIT_LUMP) {
		wire_add_u32(&back, c->eaten);
		c->may_come += c->eaten;
		c->eaten = 0;
		send_payload(k, WIRE_CREDIT, c->number, &back);
	}
	k->ev.on_data(k->ev.ctx, f->channel,
		f->type == WIRE_DATA ? TRANSPORT_OUT : TRANSPORT_ERR, f->payload, f->len);
	return true;
}

static bool
take_credit(struct worker_link *k, uint32_t channel, struct wire_cursor *cur)
{
	struct worker_channel *c = find(k, channel);
	uint32_t more = wire_get_u32(cur);

	if (!c || cur->bad || more > WIRE_WINDOW || c->may_send + more > WIRE_WINDOW)
		return false;
	c->may_send += more;
	if (!c->dropped)
		send_input(k, c);
	return true;
}

static bool
take_closed(struct worker_link *k, uint32_t channel, struct wire_cursor *cur)
{
	struct worker_channel *c = find(k, channel);
	int exit = (int)wire_get_u32(cur);
	char *why = wire_get_text(cur);
	bool ok = c && !cur->bad;
	bool tell = ok && !c->dropped;

	if (ok)
		remove_channel(k, c);
	if (tell)
		k->ev.on_closed(k->ev.ctx, channel, exit, why && *why ? why : NULL);
	mem_free(why);
	return ok;
}

static bool
take_frame(struct worker_link *k, const struct wire_frame *f)
{
	struct wire_cursor c = {.p = f->payload, .len = f->len};

	if (f->type == WIRE_HELLO)
		return take_hello(k, &c);
	if (k->stage == STAGE_NEW)
		return false;
	switch ((int)f->type) {
	case WIRE_KEY:
		return take_key(k, &c);
	case WIRE_PROMPT:
		return take_prompt(k, &c);
	case WIRE_READY:
		return take_ready(k, &c);
	case WIRE_FAIL:
		return take_fail(k, f->channel, &c);
	case WIRE_OPENED:
		if (k->ev.on_opened && find_open(k, f->channel))
			k->ev.on_opened(k->ev.ctx, f->channel);
		return find(k, f->channel) != NULL;
	case WIRE_EOF:
		return find(k, f->channel) != NULL; /* CLOSED follows: that is told */
	case WIRE_DATA:
	case WIRE_DATA_ERR:
		return take_data(k, f);
	case WIRE_CREDIT:
		return take_credit(k, f->channel, &c);
	case WIRE_CLOSED:
		return take_closed(k, f->channel, &c);
	default:
		return false;
	}
}

static void
take_frames(struct worker_link *k)
{
	struct wire_frame f;
	struct err e = ERR_INIT;
	int rc = 0;

	while (k->stage != STAGE_OVER && (rc = wire_next(&k->in, &f, &e)) > 0) {
		if (take_frame(k, &f))
			continue;
		dlog("worker_link", "%s out of order", wire_name(f.type));
		over(k, LINK_FAULT_CRASHED, "it broke the protocol");
	}
	if (rc < 0)
		over(k, LINK_FAULT_CRASHED, e.msg);
}

static void
on_ready(void *ctx, int ready)
{
	struct worker_link *k = ctx;
	char buf[READ_BYTES];
	ssize_t n;

	if (k->stage == STAGE_OVER)
		return;
	/* Its last words may still be there to read, when nobody reads ours any more. */
	if (ready & LOOP_WRITE && !flush(k))
		str_reset(&k->out), k->sent = 0;
	n = read(k->fd, buf, sizeof buf);
	if (n > 0) {
		wire_feed(&k->in, buf, (size_t)n);
		take_frames(k);
	} else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
		over(k, LINK_FAULT_CRASHED, "its process ended");
	}
	want(k);
}

/* ---- life ---- */

static void worker_link_free(struct transport *t);

static struct transport *
worker_link_open(const struct transport_opts *o, struct err *e)
{
	int fd = workers_ask(e);
	struct str hello = STR_INIT;
	struct worker_link *k;
	int64_t ms = o->conf->connect_timeout_s > 0 ? o->conf->connect_timeout_s * 1000
						    : o->connect_timeout_ms;

	if (fd < 0)
		return NULL;
	k = mem_alloc(sizeof *k);
	k->base.ops = &worker_link_ops;
	k->ev = o->events;
	k->fd = fd;
	k->out = STR_INIT;
	wire_reader_init(&k->in);
	k->guard_ms = ms + GRACE_MS;
	k->guard = loop_timer_new(o->loop, guard_passed, k);
	k->watch = loop_fd_new(o->loop, fd, on_ready, k);
	if (!k->watch) {
		err_set(e, ERR_STATE, "the socket of the worker cannot be watched");
		worker_link_free(&k->base);
		return NULL;
	}
	workers_hello(o, k->guard_ms - GRACE_MS, &hello);
	send_payload(k, WIRE_HELLO, 0, &hello);
	loop_timer_start(k->guard, k->guard_ms, 0);
	return &k->base;
}

/* The agent may wait for a touch: the worker knows, this clock does not. */
static void
go_on_waiting(struct worker_link *k)
{
	k->stage = STAGE_LOGIN;
	loop_timer_start(k->guard, k->guard_ms + WORKERS_AGENT_MS, 0);
}

static void
worker_link_key_answer(struct transport *t, enum transport_key verdict)
{
	struct worker_link *k = worker_link_of(t);

	if (k->stage != STAGE_KEY)
		return;
	send_frame(
		k, verdict == TRANSPORT_KEY_OK ? WIRE_KEY_OK : WIRE_KEY_NO, 0, NULL, 0);
	k->key_done = verdict == TRANSPORT_KEY_OK;
	go_on_waiting(k);
}

static void
worker_link_answer(struct transport *t, const char *text)
{
	struct worker_link *k = worker_link_of(t);
	struct str payload = STR_INIT;

	if (k->stage != STAGE_ASKING && (text || !k->noticed || k->stage != STAGE_LOGIN))
		return;
	wire_add_u32(&payload, k->prompt);
	wire_add_u32(&payload, text != NULL);
	wire_add_bytes(&payload, text ? text : "", text ? strnlen(text, ANSWER_MAX) : 0);
	send_payload(k, WIRE_ANSWER, 0, &payload);
	go_on_waiting(k);
}

static void
open_channel(struct worker_link *k, uint32_t channel, const char *kind, const char *what)
{
	struct worker_channel *c = mem_alloc(sizeof *c);
	struct str payload = STR_INIT;

	c->number = channel;
	c->may_send = c->may_come = WIRE_WINDOW;
	c->input = STR_INIT;
	vec_push(&k->channels, c);
	wire_add_text(&payload, kind);
	wire_add_text(&payload, what);
	send_payload(k, WIRE_OPEN, channel, &payload);
}

static void
worker_link_exec(struct transport *t, uint32_t channel, const char *command)
{
	bool fits = strlen(command) <= COMMAND_MAX;

	/* The worker refuses kinds it does not know by their name: on_closed says it. */
	open_channel(worker_link_of(t), channel,
		fits ? "exec" : "a command longer than 32 KiB", fits ? command : "");
}

static void
worker_link_tcp(struct transport *t, uint32_t channel, const char *host, int port)
{
	char *what = mem_printf("%d %s", port, host);

	open_channel(worker_link_of(t), channel, "tcp", what);
	mem_free(what);
}

static void
worker_link_write(struct transport *t, uint32_t channel, const void *p, size_t len)
{
	struct worker_link *k = worker_link_of(t);
	struct worker_channel *c = find_open(k, channel);

	if (!c || c->input_ends)
		return;
	str_add(&c->input, p, len);
	send_input(k, c);
}

static void
worker_link_eof(struct transport *t, uint32_t channel)
{
	struct worker_link *k = worker_link_of(t);
	struct worker_channel *c = find_open(k, channel);

	if (!c)
		return;
	c->input_ends = true;
	send_input(k, c);
}

static void
worker_link_close(struct transport *t, uint32_t channel)
{
	struct worker_link *k = worker_link_of(t);
	struct worker_channel *c = find_open(k, channel);

	if (!c)
		return;
	c->dropped = true; /* until the worker says CLOSED */
	send_frame(k, WIRE_CLOSE, channel, NULL, 0);
}

static void
worker_link_free(struct transport *t)
{
	struct worker_link *k = worker_link_of(t);

	/* What was said last goes out if there is room: QUIT is the end of the socket. */
	if (k->watch && k->stage != STAGE_OVER)
		flush(k);
	while (k->channels.len > 0)
		remove_channel(k, k->channels.at[0]);
	vec_free(&k->channels);
	if (k->watch)
		loop_fd_free(k->watch);
	loop_timer_free(k->guard);
	close(k->fd);
	wire_reader_release(&k->in);
	mem_wipe(k->out.buf, k->out.len);
	str_release(&k->out);
	mem_free(k);
}

const struct transport_ops worker_link_ops = {
	.name = "libssh2",
	.channels = CHANNELS,
	.open = worker_link_open,
	.key_answer = worker_link_key_answer,
	.answer = worker_link_answer,
	.exec = worker_link_exec,
	.tcp = worker_link_tcp,
	.write = worker_link_write,
	.eof = worker_link_eof,
	.close = worker_link_close,
	.free = worker_link_free,
};
