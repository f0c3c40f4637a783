#include "worker/channel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { PIECE_BYTES = 32 * 1024, WINDOW_BYTES = 2 * 1024 * 1024 };

enum channel_state {
	CHANNEL_QUEUED,
	CHANNEL_OPENING,
	CHANNEL_STARTING, /* its command */
	CHANNEL_RUNNING,
	CHANNEL_GHOST, /* the console knows it no more; waits for the far side */
	CHANNEL_GONE,
};

struct channel {
	uint32_t number;
	enum channel_state state;
	char *command; /* or HOST of a connection to `port` */
	int port;      /* 0: a command */
	LIBSSH2_CHANNEL *ssh;
	struct str in;    /* for its standard input */
	uint32_t granted; /* bytes the console may still send */
	uint32_t credit;  /* bytes we may send to the console */
	bool in_ends;     /* EOF follows `in` */
	bool in_ended;
	bool out_ended; /* told */
	bool dropped;   /* by the console: nothing is said of it any more */
};

/* ---- frames ---- */

static struct channel *
find(const struct channels *cs, uint32_t number)
{
	for (size_t i = 0; i < cs->list.len; i++) {
		struct channel *c = cs->list.at[i];

		if (c->number == number && c->state < CHANNEL_GHOST && !c->dropped)
			return c;
	}
	return NULL;
}

static void
count(const struct channels *cs, int *live, int *ghosts)
{
	*live = *ghosts = 0;
	for (size_t i = 0; i < cs->list.len; i++) {
		if (cs->list.at[i]->dropped)
			(*ghosts)++;
		else
			(*live)++;
	}
}

/* "PORT HOST" of a connection becomes its two parts; false where it is none. */
static bool
take_place(struct channel *c)
{
	char *host;
	long port = strtol(c->command, &host, 10);

	if (port < 1 || port > 65535 || *host != ' ' || !host[1])
		return false;
	c->port = (int)port;
	memmove(c->command, host + 1, strlen(host + 1) + 1);
	return true;
}

static bool
take_open(struct channels *cs, const struct wire_frame *f)
{
	struct wire_cursor cur = {.p = f->payload, .len = f->len};
	char *kind = wire_get_text(&cur), *command = wire_get_text(&cur);
	bool ok = !cur.bad && cur.len == 0 && f->channel > cs->highest;
	bool tcp = ok && strcmp(kind, "tcp") == 0;
	int live, ghosts;

	count(cs, &live, &ghosts);
	if (!ok || live >= CHANNEL_LIVE_MAX) {
		ok = false;
	} else if (!tcp && strcmp(kind, "exec") != 0) {
		char why[120];

		snprintf(why, sizeof why, "this version cannot open: %s", kind);
		upline_send_closed(cs->up, f->channel, -1, why);
	} else if (ghosts >= CHANNEL_GHOSTS_MAX) {
		upline_send_closed(cs->up, f->channel, -1,
			"too many commands that were let go still run on the host");
	} else {
		struct channel *c = mem_alloc(sizeof *c);

		c->number = f->channel;
		c->command = command;
		c->in = STR_INIT;
		c->granted = c->credit = WIRE_WINDOW;
		vec_push(&cs->list, c);
		command = NULL;
		ok = !tcp || take_place(c);
	}
	if (ok)
		cs->highest = f->channel;
	mem_free(kind);
	mem_free(command);
	return ok;
}

static bool
take_credit(struct channel *c, const struct wire_frame *f)
{
	struct wire_cursor cur = {.p = f->payload, .len = f->len};
	uint32_t more = wire_get_u32(&cur);

	if (cur.bad || cur.len > 0 || more > WIRE_WINDOW ||
		c->credit + more > WIRE_WINDOW)
		return false;
	c->credit += more;
	return true;
}

static void
drop(struct channels *cs, struct channel *c)
{
	c->dropped = true;
	upline_send_closed(cs->up, c->number, -1, NULL);
	if (c->state == CHANNEL_QUEUED)
		c->state = CHANNEL_GONE;
	else if (c->state == CHANNEL_RUNNING)
		c->state = CHANNEL_GHOST;
	/* an opening one becomes a ghost when it is through */
}

bool
channels_take(struct channels *cs, const struct wire_frame *f)
{
	struct channel *c;

	if (f->type == WIRE_OPEN)
		return take_open(cs, f);
	if (f->type == WIRE_LISTEN) {
		upline_send_fail(cs->up, f->channel, "INTERNAL",
			"listening is not in this version");
		return true;
	}
	c = find(cs, f->channel);
	if (!c) /* it ended while the frame was under way */
		return f->channel <= cs->highest;
	switch ((int)f->type) {
	case WIRE_DATA:
		if (c->in_ends || f->len > c->granted)
			return false;
		c->granted -= (uint32_t)f->len;
		str_add(&c->in, f->payload, f->len);
		return true;
	case WIRE_EOF:
		c->in_ends = true;
		return true;
	case WIRE_CREDIT:
		return take_credit(c, f);
	case WIRE_CLOSE:
		drop(cs, c);
		return true;
	default:
		return false;
	}
}

/* ---- opening ---- */

static void
say_closed(struct channels *cs, struct channel *c, int exit, const char *why)
{
	if (!c->dropped)
		upline_send_closed(cs->up, c->number, exit, why);
	c->dropped = true;
}

/* The whole connection is done for, not this channel alone. */
static bool
is_fatal(const struct channels *cs, int rc)
{
	return cs->core->eof || rc == LIBSSH2_ERROR_SOCKET_SEND ||
		rc == LIBSSH2_ERROR_SOCKET_RECV ||
		rc == LIBSSH2_ERROR_SOCKET_DISCONNECT ||
		rc == LIBSSH2_ERROR_INVALID_MAC || rc == LIBSSH2_ERROR_DECRYPT ||
		rc == LIBSSH2_ERROR_PROTO || rc == LIBSSH2_ERROR_ALLOC;
}

static void
opened(struct channels *cs, struct channel *c)
{
	cs->core->hasty = false;
	c->state = c->dropped ? CHANNEL_GHOST : CHANNEL_RUNNING;
	if (!c->dropped)
		upline_send(cs->up, WIRE_OPENED, c->number, NULL, 0);
}

/* Negative: the session is over. */
static int
open_step(struct channels *cs, struct channel *c, bool *moved)
{
	int rc;

	c->state = CHANNEL_OPENING;
	c->ssh = c->port
		? libssh2_channel_direct_tcpip(cs->core->session, c->command, c->port)
		: libssh2_channel_open_ex(cs->core->session, "session", 7, WINDOW_BYTES,
			  LIBSSH2_CHANNEL_PACKET_DEFAULT, NULL, 0);
	if (c->ssh && c->port) {
		opened(cs, c);
		*moved = true;
		return 0;
	}
	if (c->ssh) {
		c->state = CHANNEL_STARTING;
		*moved = true;
		return 0;
	}
	rc = libssh2_session_last_errno(cs->core->session);
	if (rc == LIBSSH2_ERROR_EAGAIN)
		return 0;
	if (is_fatal(cs, rc))
		return rc;
	say_closed(cs, c, rc == LIBSSH2_ERROR_CHANNEL_FAILURE ? WIRE_NO_CHANNEL : -1,
		sshcore_error(cs->core));
	c->state = CHANNEL_GONE;
	*moved = true;
	return 0;
}

static int
start_step(struct channels *cs, struct channel *c, bool *moved)
{
	int rc = libssh2_channel_process_startup(
		c->ssh, "exec", 4, c->command, (unsigned)strlen(c->command));

	if (rc == LIBSSH2_ERROR_EAGAIN)
		return 0;
	if (rc != 0 && is_fatal(cs, rc))
		return rc;
	*moved = true;
	cs->core->hasty = false;
	if (rc != 0) {
		say_closed(cs, c, -1, sshcore_error(cs->core));
		c->state = CHANNEL_GHOST;
	} else {
		opened(cs, c);
	}
	return 0;
}

/* ---- bytes ---- */

static int
read_step(struct channels *cs, struct channel *c, int stream, bool *moved)
{
	char buf[PIECE_BYTES];

	while (c->credit > 0) {
		size_t want = c->credit < sizeof buf ? c->credit : sizeof buf;
		ssize_t n = libssh2_channel_read_ex(c->ssh, stream, buf, want);

		if (n == 0 || n == LIBSSH2_ERROR_EAGAIN)
			return 0;
		if (n < 0)
			return (int)n;
		upline_send(cs->up, stream ? WIRE_DATA_ERR : WIRE_DATA, c->number, buf,
			(size_t)n);
		c->credit -= (uint32_t)n;
		*moved = true;
	}
	return 0;
}

static int
write_step(struct channels *cs, struct channel *c, bool *moved)
{
	size_t done = 0;
	int rc = 0;

	while (done < c->in.len && sshcore_backlog(cs->core) < SSHCORE_OUT_MAX) {
		ssize_t n = libssh2_channel_write(
			c->ssh, c->in.buf + done, c->in.len - done);

		if (n == 0 || n == LIBSSH2_ERROR_EAGAIN)
			break;
		if (n < 0) {
			/* Closed over there: nobody reads it any more. */
			rc = is_fatal(cs, (int)n) ? (int)n : 0;
			done = c->in.len;
			break;
		}
		done += (size_t)n;
	}
	if (done > 0) {
		mem_wipe(c->in.buf, done);
		str_drop(&c->in, done);
		c->granted += (uint32_t)done;
		upline_send_u32(cs->up, WIRE_CREDIT, c->number, (uint32_t)done);
		*moved = true;
	}
	if (c->in_ends && !c->in_ended && c->in.len == 0) {
		int eof = libssh2_channel_send_eof(c->ssh);

		c->in_ended = eof != LIBSSH2_ERROR_EAGAIN;
	}
	return rc;
}

static int
end_step(struct channels *cs, struct channel *c, bool *moved)
{
	int rc;

	if (!libssh2_channel_eof(c->ssh))
		return 0;
	if (!c->out_ended) {
		upline_send(cs->up, WIRE_EOF, c->number, NULL, 0);
		c->out_ended = true;
	}
	if (c->port) { /* nobody waits for the other half of a connection */
		say_closed(cs, c, 0, NULL);
		c->state = CHANNEL_GHOST;
		*moved = true;
		return 0;
	}
	rc = libssh2_channel_wait_closed(c->ssh);
	if (rc == LIBSSH2_ERROR_EAGAIN)
		return 0;
	if (rc < 0)
		return rc;
	/* A claim: the library says 0 too where the host said nothing, or a signal. */
	say_closed(cs, c, libssh2_channel_get_exit_status(c->ssh), NULL);
	c->state = CHANNEL_GHOST;
	*moved = true;
	return 0;
}

/* Reads the rest away, so that the far side can get rid of it and close. */
static void
bury(struct channel *c)
{
	if (libssh2_channel_free(c->ssh) != LIBSSH2_ERROR_EAGAIN) {
		c->ssh = NULL;
		c->state = CHANNEL_GONE;
	}
}

static int
step(struct channels *cs, struct channel *c, bool *opening, bool *moved)
{
	int rc = 0;

	switch (c->state) {
	case CHANNEL_QUEUED:
	case CHANNEL_OPENING:
		if (!*opening)
			rc = open_step(cs, c, moved);
		*opening = *opening || c->state == CHANNEL_OPENING;
		return rc;
	case CHANNEL_STARTING:
		return start_step(cs, c, moved);
	case CHANNEL_RUNNING:
		rc = read_step(cs, c, 0, moved);
		if (rc == 0)
			rc = read_step(cs, c, SSH_EXTENDED_DATA_STDERR, moved);
		if (rc == 0)
			rc = write_step(cs, c, moved);
		if (rc == 0)
			rc = end_step(cs, c, moved);
		return rc;
	case CHANNEL_GHOST:
		bury(c);
		return 0;
	case CHANNEL_GONE:
		return 0;
	}
	return 0;
}

static void
sweep(struct channels *cs)
{
	for (size_t i = 0; i < cs->list.len;) {
		struct channel *c = cs->list.at[i];

		if (c->state != CHANNEL_GONE) {
			i++;
			continue;
		}
		vec_remove(&cs->list, i);
		mem_wipe(c->in.buf, c->in.len);
		str_release(&c->in);
		mem_free(c->command);
		mem_free(c);
	}
}

int
channels_pump(struct channels *cs)
{
	bool moved;

	/* One read of the library takes packets of every channel from the socket: go round
	 * until nobody gets any further, or they wait there unseen for ever. The one that
	 * is being opened stands before all that wait for their turn. */
	do {
		bool opening = false;

		moved = false;
		for (size_t i = 0; i < cs->list.len; i++) {
			int rc = step(cs, cs->list.at[i], &opening, &moved);

			if (rc < 0)
				return rc;
		}
		sweep(cs);
	} while (moved);
	return 0;
}

bool
channels_wait(const struct channels *cs)
{
	for (size_t i = 0; i < cs->list.len; i++) {
		enum channel_state s = cs->list.at[i]->state;

		if (s == CHANNEL_OPENING || s == CHANNEL_STARTING)
			return true;
	}
	return false;
}
