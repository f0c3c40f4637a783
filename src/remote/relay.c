#include "remote/relay.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/vec.h"

enum { READ_BYTES = 16 * 1024, PENDING_MAX = 256 * 1024, WAITING = 8 };
enum { CANCEL_CODE = 80877102 }; /* of the protocol of PostgreSQL */

/* One side: what it reads goes to the other. */
struct side {
	struct relay *relay;
	int fd; /* -1: closed, or not there yet */
	struct loop_fd *watch;
	struct str out; /* for this one */
	struct side *other;
};

/* Somebody who came after the first: one packet is heard of each. */
struct asker {
	struct relay *relay;
	int fd;
	struct loop_fd *watch;
	unsigned char packet[RELAY_CANCEL_BYTES];
	size_t len;
};

struct relay {
	struct loop *loop;
	int listener;
	struct loop_fd *watch;
	int from_port;
	struct side near, far;
	VEC_OF(struct asker *) askers;
	int pid;
	relay_cancel_fn *on_cancel;
	void *cancel_ctx;
};

static void
shut(struct side *s)
{
	if (s->watch)
		loop_fd_free(s->watch);
	s->watch = NULL;
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
}

static void
want(struct side *s)
{
	if (s->watch)
		loop_fd_want(s->watch,
			(s->other->out.len < PENDING_MAX ? LOOP_READ : 0) |
				(s->out.len > 0 ? LOOP_WRITE : 0));
}

static void
flush(struct side *s)
{
	while (s->fd >= 0 && s->out.len > 0) {
		ssize_t n = send(s->fd, s->out.buf, s->out.len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno != EAGAIN)
			shut(s);
		if (n < 0)
			return;
		mem_wipe(s->out.buf, (size_t)n);
		str_drop(&s->out, (size_t)n);
	}
}

static void
side_ready(void *ctx, int ready)
{
	struct side *s = ctx, *o = s->other;
	char buf[READ_BYTES];
	ssize_t n = -1;

	errno = EAGAIN;
	if (ready & (LOOP_READ | LOOP_ERROR))
		n = read(s->fd, buf, sizeof buf);
	if (n > 0)
		str_add(&o->out, buf, (size_t)n);
	mem_wipe(buf, sizeof buf);
	flush(s);
	if (o->watch)
		flush(o);
	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) {
		shut(s); /* its peer learns it when the last bytes are out */
		shut(o);
		return;
	}
	want(s);
	want(o);
}

/* ---- a cancel -------------------------------------------------------------------------- */

static void
asker_gone(struct relay *r, struct asker *a)
{
	loop_fd_free(a->watch);
	close(a->fd);
	for (size_t i = 0; i < r->askers.len; i++)
		if (r->askers.at[i] == a) {
			vec_remove(&r->askers, i);
			break;
		}
	mem_wipe(a->packet, sizeof a->packet);
	mem_free(a);
}

static uint32_t
number_at(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Length, the code of a cancel, the process; then its key, which only libpq knows. */
static bool
is_cancel(const struct relay *r, const unsigned char *p)
{
	return number_at(p) == RELAY_CANCEL_BYTES && number_at(p + 4) == CANCEL_CODE &&
		number_at(p + 8) == (uint32_t)r->pid;
}

static void
asker_ready(void *ctx, int ready)
{
	struct asker *a = ctx;
	struct relay *r = a->relay;
	unsigned char packet[RELAY_CANCEL_BYTES];
	ssize_t n = read(a->fd, a->packet + a->len, sizeof a->packet - a->len);
	bool whole;

	(void)ready;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	a->len += n > 0 ? (size_t)n : 0;
	if (n > 0 && a->len < sizeof a->packet)
		return;
	whole = a->len == sizeof a->packet && is_cancel(r, a->packet);
	memcpy(packet, a->packet, sizeof packet);
	asker_gone(r, a);
	if (whole && r->on_cancel) {
		relay_cancel_fn *fn = r->on_cancel;

		r->on_cancel = NULL;
		loop_fd_want(r->watch, 0);
		fn(r->cancel_ctx, packet);
	}
	mem_wipe(packet, sizeof packet);
}

static void
asker_add(struct relay *r, int fd)
{
	struct asker *a = mem_alloc(sizeof *a);

	a->relay = r;
	a->fd = fd;
	a->watch = loop_fd_new(r->loop, fd, asker_ready, a);
	loop_fd_want(a->watch, LOOP_READ);
	vec_push(&r->askers, a);
}

void
relay_take_cancel(struct relay *r, int pid, relay_cancel_fn *fn, void *ctx)
{
	r->pid = pid;
	r->on_cancel = fn;
	r->cancel_ctx = ctx;
	loop_fd_want(r->watch, LOOP_READ);
}

static void
someone_comes(void *ctx, int ready)
{
	struct relay *r = ctx;
	struct sockaddr_in a;
	socklen_t len = sizeof a;
	int fd = accept4(
		r->listener, (struct sockaddr *)&a, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);

	(void)ready;
	if (fd < 0)
		return;
	if (r->on_cancel) {
		asker_add(r, fd);
		return;
	}
	if (r->from_port != ntohs(a.sin_port)) {
		close(fd); /* of somebody else on this machine */
		return;
	}
	r->near.fd = fd;
	r->near.watch = loop_fd_new(r->loop, fd, side_ready, &r->near);
	r->far.watch = loop_fd_new(r->loop, r->far.fd, side_ready, &r->far);
	loop_fd_want(r->watch, 0); /* the next one may ask for a cancel */
	want(&r->near);
	want(&r->far);
}

void
relay_expect(struct relay *r, int from_port)
{
	r->from_port = from_port;
	if (r->watch)
		loop_fd_want(r->watch, LOOP_READ);
}

struct relay *
relay_new(struct loop *l, int fd, int *port, struct err *e)
{
	struct relay *r = mem_alloc(sizeof *r);
	struct sockaddr_in a = {.sin_family = AF_INET};
	socklen_t len = sizeof a;

	r->loop = l;
	r->near = (struct side){r, -1, NULL, STR_INIT, &r->far};
	r->far = (struct side){r, fd, NULL, STR_INIT, &r->near};
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	r->listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (r->listener >= 0 && bind(r->listener, (struct sockaddr *)&a, len) == 0 &&
		listen(r->listener, WAITING) == 0 &&
		getsockname(r->listener, (struct sockaddr *)&a, &len) == 0 &&
		(r->watch = loop_fd_new(l, r->listener, someone_comes, r))) {
		*port = ntohs(a.sin_port);
		return r;
	}
	err_set(e, ERR_STATE, "no port on 127.0.0.1: %s", strerror(errno));
	relay_free(r);
	return NULL;
}

void
relay_free(struct relay *r)
{
	if (!r)
		return;
	if (r->watch)
		loop_fd_free(r->watch);
	if (r->listener >= 0)
		close(r->listener);
	while (r->askers.len)
		asker_gone(r, r->askers.at[0]);
	vec_free(&r->askers);
	shut(&r->near);
	shut(&r->far);
	str_release(&r->near.out);
	str_release(&r->far.out);
	mem_free(r);
}
