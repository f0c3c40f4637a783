#include "remote/relay.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"

enum { READ_BYTES = 16 * 1024, PENDING_MAX = 256 * 1024, WAITING = 8 };

/* One side: what it reads goes to the other. */
struct side {
	struct relay *relay;
	int fd; /* -1: closed, or not there yet */
	struct loop_fd *watch;
	struct str out; /* for this one */
	struct side *other;
};

struct relay {
	struct loop *loop;
	int listener;
	struct loop_fd *watch;
	int from_port;
	struct side near, far;
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
	if (r->from_port != ntohs(a.sin_port)) {
		close(fd); /* of somebody else on this machine */
		return;
	}
	r->near.fd = fd;
	r->near.watch = loop_fd_new(r->loop, fd, side_ready, &r->near);
	r->far.watch = loop_fd_new(r->loop, r->far.fd, side_ready, &r->far);
	loop_fd_free(r->watch);
	r->watch = NULL;
	close(r->listener);
	r->listener = -1;
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
	shut(&r->near);
	shut(&r->far);
	str_release(&r->near.out);
	str_release(&r->far.out);
	mem_free(r);
}
