#include "worker/agent.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/wire.h"

/* draft-miller-ssh-agent */
enum {
	AGENTC_REQUEST_IDENTITIES = 11,
	AGENT_IDENTITIES_ANSWER = 12,
	AGENTC_SIGN_REQUEST = 13,
	AGENT_SIGN_RESPONSE = 14,
	AGENT_FAILURE = 5,
};

/* ---- codec ---- */

void
agent_add_list(struct str *out)
{
	wire_add_u32(out, 1);
	str_addc(out, AGENTC_REQUEST_IDENTITIES);
}

void
agent_add_sign(struct str *out, const void *blob, size_t blob_len, const void *data,
	size_t data_len)
{
	wire_add_u32(out, (uint32_t)(1 + 4 + blob_len + 4 + data_len + 4));
	str_addc(out, AGENTC_SIGN_REQUEST);
	wire_add_bytes(out, blob, blob_len);
	wire_add_bytes(out, data, data_len);
	wire_add_u32(out, 0); /* flags: they matter to RSA only */
}

static bool
open_reply(struct wire_cursor *c, const char *reply, size_t len, int want, struct err *e)
{
	*c = (struct wire_cursor){.p = reply, .len = len};
	if (len < 1)
		return err_set(e, ERR_PARSE, "the agent's reply is empty");
	if (*reply == AGENT_FAILURE)
		return err_set(e, ERR_REFUSED, "the agent refuses");
	if (*reply != want)
		return err_set(e, ERR_PARSE, "the agent's reply is of type %d, not %d",
			(unsigned char)*reply, want);
	c->p++;
	c->len--;
	return true;
}

bool
agent_read_list(const char *reply, size_t len, struct agent_keys *out, struct err *e)
{
	struct wire_cursor c;

	*out = (struct agent_keys){0};
	if (!open_reply(&c, reply, len, AGENT_IDENTITIES_ANSWER, e))
		return false;
	uint32_t count = wire_get_u32(&c);
	for (uint32_t i = 0; i < count && i < AGENT_KEYS_MAX; i++) {
		size_t blob_len, comment_len;
		const char *blob = wire_get_bytes(&c, &blob_len);
		const char *comment = wire_get_bytes(&c, &comment_len);

		if (c.bad)
			break;
		struct agent_key *k = vec_add(&out->list);
		k->blob = STR_INIT;
		str_add(&k->blob, blob, blob_len);
		k->comment = mem_strndup(comment, comment_len);
	}
	if (!c.bad)
		return true;
	agent_keys_release(out);
	return err_set(e, ERR_PARSE, "the agent's list of keys is cut short");
}

const char *
agent_read_signature(
	const char *reply, size_t len, const char *type, size_t *out_len, struct err *e)
{
	struct wire_cursor c, inner = {0};
	size_t type_len;
	const char *format, *signature;

	*out_len = 0;
	if (!open_reply(&c, reply, len, AGENT_SIGN_RESPONSE, e))
		return NULL;
	inner.p = wire_get_bytes(&c, &inner.len);
	inner.bad = c.bad;
	format = wire_get_bytes(&inner, &type_len);
	signature = wire_get_bytes(&inner, out_len);
	if (inner.bad || c.bad) {
		err_set(e, ERR_PARSE, "the agent's signature is cut short");
		return NULL;
	}
	if (type_len != strlen(type) || memcmp(format, type, type_len) != 0) {
		err_set(e, ERR_PARSE, "the agent's signature is not of type %s", type);
		return NULL;
	}
	return signature;
}

void
agent_keys_release(struct agent_keys *k)
{
	for (size_t i = 0; i < k->list.len; i++) {
		str_release(&k->list.at[i].blob);
		mem_free(k->list.at[i].comment);
	}
	vec_free(&k->list);
}

/* ---- the socket ---- */

int
agent_connect(const char *path, struct err *e)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int fd;

	if (strlen(path) >= sizeof at.sun_path) {
		err_set(e, ERR_INPUT, "the agent's socket path is too long");
		return -1;
	}
	memcpy(at.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&at, sizeof at) == 0)
		return fd;
	err_sys(e, errno, "agent %s", path);
	if (fd >= 0)
		close(fd);
	return -1;
}

static bool
gave_up(struct err *e)
{
	return err_set(e, ERR_TIMEOUT, "the agent did not answer in time");
}

static bool
send_all(int fd, const struct str *request, agent_wait_fn *wait, void *ctx, struct err *e)
{
	for (size_t sent = 0; sent < request->len;) {
		ssize_t n = send(
			fd, request->buf + sent, request->len - sent, MSG_NOSIGNAL);

		if (n > 0) {
			sent += (size_t)n;
		} else if (errno == EAGAIN) {
			if (!wait(ctx, fd, POLLOUT))
				return gave_up(e);
		} else if (errno != EINTR) {
			return err_sys(e, errno, "agent");
		}
	}
	return true;
}

/* Exactly `want` more bytes into `in`. */
static bool
receive(int fd, struct str *in, size_t want, agent_wait_fn *wait, void *ctx,
	struct err *e)
{
	char buf[4096];

	while (want > 0) {
		ssize_t n = recv(fd, buf, want < sizeof buf ? want : sizeof buf, 0);

		if (n > 0) {
			str_add(in, buf, (size_t)n);
			want -= (size_t)n;
		} else if (n == 0) {
			return err_set(e, ERR_IO, "the agent hung up");
		} else if (errno == EAGAIN) {
			if (!wait(ctx, fd, POLLIN))
				return gave_up(e);
		} else if (errno != EINTR) {
			return err_sys(e, errno, "agent");
		}
	}
	return true;
}

bool
agent_call(int fd, const struct str *request, struct str *reply, agent_wait_fn *wait,
	void *ctx, struct err *e)
{
	struct wire_cursor c;
	uint32_t len;

	str_reset(reply);
	if (!send_all(fd, request, wait, ctx, e) || !receive(fd, reply, 4, wait, ctx, e))
		return false;
	c = (struct wire_cursor){.p = reply->buf, .len = reply->len};
	len = wire_get_u32(&c);
	if (len > AGENT_REPLY_MAX)
		return err_set(e, ERR_LIMIT, "the agent's reply is larger than %d bytes",
			(int)AGENT_REPLY_MAX);
	str_reset(reply);
	return receive(fd, reply, len, wait, ctx, e);
}
