#include "remote/agentlist.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/wire.h"

enum { PATIENCE_MS = 5000, REPLY_MAX = 256 * 1024 };

struct agentlist {
	int fd;
	struct loop_fd *watch;
	struct loop_timer *deadline;
	struct str in;
	agentlist_fn *fn;
	void *ctx;
};

static void
done(struct agentlist *a, const char *reply, size_t len)
{
	loop_timer_stop(a->deadline);
	if (a->watch)
		loop_fd_want(a->watch, 0);
	a->fn(a->ctx, reply, len); /* may free a */
}

static void
nothing(void *ctx)
{
	done(ctx, "", 0);
}

static void
heard(void *ctx, int ready)
{
	struct agentlist *a = ctx;
	struct wire_cursor c;
	char buf[4096];
	uint32_t want;
	ssize_t n = read(a->fd, buf, sizeof buf);

	(void)ready;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0)
		str_add(&a->in, buf, (size_t)n);
	c = (struct wire_cursor){.p = a->in.buf, .len = a->in.len};
	want = wire_get_u32(&c);
	if (!c.bad && c.len >= want)
		done(a, c.p, want);
	else if (n <= 0 || a->in.len > REPLY_MAX)
		nothing(a);
}

/* SSH_AGENTC_REQUEST_IDENTITIES; five bytes fit into any socket. */
static bool
ask(struct agentlist *a, const char *path)
{
	static const char request[] = {0, 0, 0, 1, 11};
	struct sockaddr_un at = {.sun_family = AF_UNIX};

	if (strlen(path) >= sizeof at.sun_path)
		return false;
	memcpy(at.sun_path, path, strlen(path));
	a->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	return a->fd >= 0 && connect(a->fd, (struct sockaddr *)&at, sizeof at) == 0 &&
		send(a->fd, request, sizeof request, MSG_NOSIGNAL) == sizeof request;
}

struct agentlist *
agentlist_start(struct loop *l, const char *socket, agentlist_fn *fn, void *ctx)
{
	struct agentlist *a = mem_alloc(sizeof *a);

	a->fd = -1;
	a->in = STR_INIT;
	a->fn = fn;
	a->ctx = ctx;
	a->deadline = loop_timer_new(l, nothing, a);
	if (ask(a, socket)) {
		loop_timer_start(a->deadline, PATIENCE_MS, 0);
		a->watch = loop_fd_new(l, a->fd, heard, a);
		loop_fd_want(a->watch, LOOP_READ);
	} else {
		loop_timer_start(a->deadline, 0, 0);
	}
	return a;
}

void
agentlist_free(struct agentlist *a)
{
	if (!a)
		return;
	if (a->watch)
		loop_fd_free(a->watch);
	loop_timer_free(a->deadline);
	if (a->fd >= 0)
		close(a->fd);
	str_release(&a->in);
	mem_free(a);
}
