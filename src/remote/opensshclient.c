/* Clients of the master, one for each channel: a command or a connection over the control
 * socket. */

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "remote/opensshinner.h"

enum { ERR_TEXT_MAX = 400, EXIT_SSH_ITSELF = 255 };

struct openssh_channel {
	struct openssh *ssh;
	uint32_t number;
	struct loop_child *child; /* NULL: could not be started */
	bool answered;            /* there was output: its exit is the command's */
	bool tcp, opened;
	bool held;      /* what stands in err is ssh's own so far, and not told */
	struct str err; /* the beginning of it, for words */
};

static struct openssh_channel *
find(struct openssh *s, uint32_t number)
{
	for (size_t i = 0; i < s->channels.len; i++) {
		if (s->channels.at[i]->number == number)
			return s->channels.at[i];
	}
	return NULL;
}

static void
remove_channel(struct openssh *s, struct openssh_channel *c)
{
	for (size_t i = 0; i < s->channels.len; i++) {
		if (s->channels.at[i] != c)
			continue;
		vec_remove(&s->channels, i);
		break;
	}
	loop_child_free(c->child);
	str_release(&c->err);
	mem_free(c);
}

static void
client_out(void *ctx, const char *p, size_t len)
{
	struct openssh_channel *c = ctx;

	c->answered = true;
	if (!c->ssh->over)
		c->ssh->ev.on_data(c->ssh->ev.ctx, c->number, TRANSPORT_OUT, p, len);
}

/* What the client says of a connection, when it is told to say much: it was made, or why not
 * in its last words. */
static void
tcp_err(struct openssh_channel *c, const char *p, size_t len)
{
	static const char made[] = "master session id";
	bool news;

	str_add(&c->err, p, len);
	news = !c->opened && memmem(c->err.buf, c->err.len, made, strlen(made));
	c->opened = c->opened || news;
	if (c->err.len > 2 * ERR_TEXT_MAX)
		str_drop(&c->err, c->err.len - ERR_TEXT_MAX);
	if (news && !c->ssh->over && c->ssh->ev.on_opened)
		c->ssh->ev.on_opened(c->ssh->ev.ctx, c->number); /* may free c */
}

/* The last line that is no chatter. */
static const char *
tcp_why(struct openssh_channel *c)
{
	char *line = c->err.buf, *last = NULL;

	for (char *save = NULL, *l = strtok_r(line, "\r\n", &save); l;
		l = strtok_r(NULL, "\r\n", &save))
		if (!str_starts(l, "debug") && *l)
			last = l;
	if (*c->ssh->not_made)
		return c->ssh->not_made;
	return last ? last : "the connection was not made";
}

/* A client that finds no channel says so on the standard error of its command. */
static bool
is_own_voice(const struct str *err)
{
	static const char own[] = "mux_client_";
	size_t len = err->len < sizeof own - 1 ? err->len : sizeof own - 1;

	return memcmp(err->buf, own, len) == 0;
}

static void
client_err(void *ctx, const char *p, size_t len)
{
	struct openssh_channel *c = ctx;
	struct str held = STR_INIT;

	if (c->tcp) {
		tcp_err(c, p, len);
		return;
	}

	if (c->err.len < ERR_TEXT_MAX)
		str_add(&c->err, p, len < ERR_TEXT_MAX ? len : ERR_TEXT_MAX);
	if (c->held && is_own_voice(&c->err))
		return;
	if (c->held && c->err.len > len) { /* the command's after all, from its start */
		str_add(&held, c->err.buf, c->err.len - len);
		c->ssh->ev.on_data(
			c->ssh->ev.ctx, c->number, TRANSPORT_ERR, held.buf, held.len);
		str_release(&held);
	}
	c->held = false;
	if (!c->ssh->over)
		c->ssh->ev.on_data(c->ssh->ev.ctx, c->number, TRANSPORT_ERR, p, len);
}

static void
client_end(void *ctx, const struct loop_child_end *end)
{
	struct openssh_channel *c = ctx;
	struct openssh *s = c->ssh;
	uint32_t number = c->number;
	/* 255 is ssh's own, or the command's: nobody can tell. */
	bool own = end->exit == EXIT_SSH_ITSELF;
	int exit = own ? -1 : end->exit;
	char why[ERR_TEXT_MAX + 1] = "";

	if (c->tcp && !c->opened) {
		snprintf(why, sizeof why, "%s", tcp_why(c));
	} else if (own && !c->answered) {
		snprintf(why, sizeof why, "%s", c->err.len ? c->err.buf : "no channel");
		/* MaxSessions: in the words of the client, on our own side. */
		if (strstr(why, "Session open refused by peer"))
			exit = TRANSPORT_NO_CHANNEL;
	}
	remove_channel(s, c);
	if (!s->over)
		s->ev.on_closed(s->ev.ctx, number, exit, *why ? why : NULL);
}

void
opensshclient_tell_unstarted(struct openssh *s)
{
	for (size_t i = 0; i < s->channels.len;) {
		struct openssh_channel *c = s->channels.at[i];
		uint32_t number = c->number;

		if (c->child) {
			i++;
			continue;
		}
		remove_channel(s, c);
		if (!s->over)
			s->ev.on_closed(s->ev.ctx, number, -1, "cannot start ssh");
		i = 0; /* the call may have changed the list */
	}
}

/* One client of the master: an exec or, with `forward`, a connection. */
static void
start_client(struct openssh *s, uint32_t channel, const char *const *tail, bool forward)
{
	struct openssh_channel *c = mem_alloc(sizeof *c);
	char *path = mem_printf("ControlPath=%s", s->control);
	/* No configuration: nothing of it may add to what the master already is. */
	const char *argv[16] = {"ssh", "-F", "none", "-T", "-o", path, "-o",
		"ControlMaster=no", "-o", "ProxyCommand=false", "-o",
		forward ? "LogLevel=DEBUG1" : "LogLevel=ERROR"};
	struct loop_child_opts o = {
		.argv = argv,
		.env = askpass_env(s->askpass),
		.keep_stdin = true,
	};
	struct loop_child_calls calls = {
		.on_out = client_out,
		.on_err = client_err,
		.on_end = client_end,
		.ctx = c,
	};
	struct err e = ERR_INIT;
	size_t at = 12;

	while (*tail && at + 1 < sizeof argv / sizeof *argv)
		argv[at++] = *tail++;
	c->ssh = s;
	c->number = channel;
	c->tcp = forward;
	c->err = STR_INIT;
	c->held = true;
	c->child = loop_child_start(s->loop, &o, &calls, &e);
	if (!c->child)
		loop_timer_start(s->soon, 0, 0);
	vec_push(&s->channels, c);
	mem_free(path);
}

void
opensshclient_exec(struct transport *base, uint32_t channel, const char *command)
{
	struct openssh *s = openssh_of(base);
	const char *tail[] = {"--", s->target, command, NULL};

	start_client(s, channel, tail, false);
}

void
opensshclient_tcp(struct transport *base, uint32_t channel, const char *host, int port)
{
	struct openssh *s = openssh_of(base);
	char *where = mem_printf("-W[%s]:%d", host, port);
	const char *tail[] = {where, "--", s->target, NULL};

	start_client(s, channel, tail, true);
	mem_free(where);
}

void
opensshclient_write(struct transport *t, uint32_t channel, const void *p, size_t len)
{
	struct openssh_channel *c = find(openssh_of(t), channel);

	if (c && c->child)
		loop_child_write(c->child, p, len);
}

void
opensshclient_eof(struct transport *t, uint32_t channel)
{
	struct openssh_channel *c = find(openssh_of(t), channel);

	if (c && c->child)
		loop_child_close_stdin(c->child);
}

void
opensshclient_close(struct transport *t, uint32_t channel)
{
	struct openssh_channel *c = find(openssh_of(t), channel);

	if (c)
		remove_channel(openssh_of(t), c);
}

void
opensshclient_end_all(struct openssh *s)
{
	while (s->channels.len > 0)
		remove_channel(s, s->channels.at[0]);
	vec_free(&s->channels);
}
