#include "worker/upline.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"

enum { READ_BYTES = 64 * 1024, TEXT_MAX = 1000 };

void
upline_init(struct upline *u, int fd)
{
	*u = (struct upline){.fd = fd, .out = STR_INIT};
	wire_reader_init(&u->in);
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

void
upline_release(struct upline *u)
{
	wire_reader_release(&u->in);
	str_release(&u->out);
}

void
upline_send(struct upline *u, enum wire_type type, uint32_t channel, const void *p,
	size_t len)
{
	wire_add(&u->out, type, channel, p, len);
}

void
upline_send_u32(struct upline *u, enum wire_type type, uint32_t channel, uint32_t n)
{
	struct str payload = STR_INIT;

	wire_add_u32(&payload, n);
	upline_send(u, type, channel, payload.buf, payload.len);
	str_release(&payload);
}

/* Words of a server may be long, and may hold what is no text. */
static void
add_text(struct str *payload, const char *text)
{
	size_t len = strlen(text);

	wire_add_bytes(payload, text, len < TEXT_MAX ? len : TEXT_MAX);
}

void
upline_send_fail(struct upline *u, uint32_t channel, const char *kind, const char *text)
{
	struct str payload = STR_INIT;

	add_text(&payload, kind);
	add_text(&payload, text);
	upline_send(u, WIRE_FAIL, channel, payload.buf, payload.len);
	str_release(&payload);
}

void
upline_send_closed(struct upline *u, uint32_t channel, int exit, const char *why)
{
	struct str payload = STR_INIT;

	wire_add_u32(&payload, (uint32_t)exit);
	add_text(&payload, why ? why : "");
	upline_send(u, WIRE_CLOSED, channel, payload.buf, payload.len);
	str_release(&payload);
}

bool
upline_wants_write(const struct upline *u)
{
	return u->out.len > u->sent;
}

void
upline_flush(struct upline *u)
{
	while (upline_wants_write(u) && !u->gone) {
		ssize_t n = write(u->fd, u->out.buf + u->sent, u->out.len - u->sent);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			if (errno != EAGAIN)
				u->gone = true;
			break;
		}
		u->sent += (size_t)n;
	}
	if (u->gone)
		u->sent = u->out.len; /* nobody is there to take it */
	str_taken(&u->out, &u->sent);
}

void
upline_read(struct upline *u)
{
	char buf[READ_BYTES];
	ssize_t n = read(u->fd, buf, sizeof buf);

	if (n > 0)
		wire_feed(&u->in, buf, (size_t)n);
	else if (n == 0 || (errno != EAGAIN && errno != EINTR))
		u->gone = true;
	/* Answers to prompts pass through here. */
	if (n > 0)
		mem_wipe(buf, (size_t)n);
}

bool
upline_next(struct upline *u, struct wire_frame *f)
{
	struct err e;
	int rc = u->gone ? 0 : wire_next(&u->in, f, &e);

	if (rc < 0)
		u->gone = true;
	return rc > 0;
}

void
upline_drain(struct upline *u, int64_t ms)
{
	int64_t end = clock_mono().ms + ms;

	for (upline_flush(u); upline_wants_write(u) && !u->gone; upline_flush(u)) {
		struct pollfd p = {.fd = u->fd, .events = POLLOUT};
		int64_t left = end - clock_mono().ms;

		if (left <= 0 || poll(&p, 1, (int)left) == 0)
			return;
	}
}
