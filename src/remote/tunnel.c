#include "remote/tunnel.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"

/* PENDING_MAX: what the client has not read yet; a probe's answer is smaller. */
enum { READ_BYTES = 16 * 1024, PENDING_MAX = 8 * 1024 * 1024 };

struct tunnel {
	struct link_exec *exec;
	struct loop *loop;
	tunnel_fn *fn;
	void *ctx;
	int ours; /* -1: closed */
	struct loop_fd *watch;
	struct str pending; /* for the client */
	bool opened, over;
	bool calling, freed;
};

static void
hang_up(struct tunnel *t)
{
	if (t->watch)
		loop_fd_free(t->watch);
	t->watch = NULL;
	if (t->ours >= 0)
		close(t->ours);
	t->ours = -1;
}

static void
destroy(struct tunnel *t)
{
	link_exec_free(t->exec);
	hang_up(t);
	mem_wipe(t->pending.buf, t->pending.len);
	str_release(&t->pending);
	mem_free(t);
}

/* To the client what it takes; what came last goes before the end. */
static void
flush(struct tunnel *t)
{
	while (t->ours >= 0 && t->pending.len > 0) {
		ssize_t n = send(t->ours, t->pending.buf, t->pending.len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			break;
		if (n < 0) {
			str_reset(&t->pending);
			hang_up(t);
			return;
		}
		str_drop(&t->pending, (size_t)n);
	}
	if (t->over && t->pending.len == 0)
		hang_up(t);
	else if (t->watch)
		loop_fd_want(t->watch,
			(t->over ? 0 : LOOP_READ) |
				(t->pending.len > 0 ? LOOP_WRITE : 0));
}

static void
client_ready(void *ctx, int ready)
{
	struct tunnel *t = ctx;
	char buf[READ_BYTES];
	ssize_t n = 0;

	if (!t->over && ready & (LOOP_READ | LOOP_ERROR)) {
		n = read(t->ours, buf, sizeof buf);
		if (n > 0)
			link_exec_write(t->exec, buf, (size_t)n);
		mem_wipe(buf, sizeof buf);
		if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) {
			/* The client has closed: so does the connection over there. */
			link_exec_free(t->exec);
			t->exec = NULL;
			hang_up(t);
			return;
		}
	}
	flush(t);
}

static void
tell(struct tunnel *t, const struct tunnel_end *end)
{
	t->calling = true;
	t->fn(t->ctx, end);
	t->calling = false;
	if (t->freed)
		destroy(t);
}

static void
exec_open(void *ctx)
{
	struct tunnel *t = ctx;
	int fds[2];

	if (t->opened || t->over)
		return;
	t->opened = true;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds) < 0) {
		t->over = true;
		tell(t, &(struct tunnel_end){-1, true, strerror(errno)});
		return;
	}
	t->ours = fds[0];
	t->watch = loop_fd_new(t->loop, t->ours, client_ready, t);
	flush(t);
	tell(t, &(struct tunnel_end){.fd = fds[1]});
}

static void
exec_out(void *ctx, const char *p, size_t len)
{
	struct tunnel *t = ctx;

	if (!t->opened) { /* bytes prove it as well; the call may free us */
		str_add(&t->pending, p, len);
		exec_open(t);
		return;
	}
	if (t->ours < 0)
		return;
	if (t->pending.len + len > PENDING_MAX) {
		str_reset(&t->pending);
		hang_up(t);
		return;
	}
	str_add(&t->pending, p, len);
	flush(t);
}

static void
exec_end(void *ctx, const struct link_exec_end *end)
{
	struct tunnel *t = ctx;
	const char *why = *end->why ? end->why : "the host closed it at once";

	t->over = true;
	if (t->opened) {
		flush(t);
		return;
	}
	t->opened = true;
	tell(t, &(struct tunnel_end){-1, end->lost, why});
}

struct tunnel *
tunnel_open(struct link *l, const char *host, int port, tunnel_fn *fn, void *ctx,
	struct err *e)
{
	struct tunnel *t;
	struct link_exec_calls calls = {
		.on_out = exec_out, .on_end = exec_end, .on_open = exec_open};

	if (link_is_simulated(l) || link_is_local(l)) {
		err_set(e, ERR_STATE, "%s carries no connections", link_target(l));
		return NULL;
	}
	t = mem_alloc(sizeof *t);
	t->loop = link_loop(l);
	t->fn = fn;
	t->ctx = ctx;
	t->ours = -1;
	t->pending = STR_INIT;
	calls.ctx = t;
	t->exec = link_exec_tcp(l, host, port, &calls);
	return t;
}

void
tunnel_free(struct tunnel *t)
{
	if (!t || t->freed)
		return;
	t->freed = true;
	if (!t->calling)
		destroy(t);
}
