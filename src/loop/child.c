#include "loop/loop.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/mem.h"
#include "loop/inner.h"

/* 16 KiB per read keeps a log flood from starving the screen; more gave 60 ms of lag. */
enum { READ_BYTES = 16 * 1024 };
enum { KILL_AFTER_MS = 2000 };
/* After the exit its pipes may be held open by what it left in the background. */
enum { LINGER_MS = 500 };

enum child_pipe { PIPE_IN, PIPE_OUT, PIPE_ERR, PIPE_COUNT };

struct loop_child {
	struct loop *loop;
	struct loop_child_calls calls;
	struct loop_child_end end;
	char *name; /* argv[0], for the log */
	pid_t pid;
	uv_process_t process;
	uv_timer_t timer;
	uv_pipe_t pipe[PIPE_COUNT];
	bool pipe_open[PIPE_COUNT];
	size_t writing;   /* writes on the way */
	size_t handles;   /* not yet closed */
	bool close_stdin; /* once the writes are through */
	bool exited, ended, freed;
	bool terming; /* TERM was sent, KILL comes next */
	char buf[READ_BYTES];
};

struct child_write {
	uv_write_t uv;
	struct loop_child *child;
	size_t len;
	char bytes[];
};

static void finish(struct loop_child *c);

static void
handle_closed(uv_handle_t *h)
{
	struct loop_child *c = h->data;

	c->handles--;
	if (c->handles > 0 || !c->freed)
		return;
	mem_free(c->name);
	mem_free(c);
}

static void
close_pipe(struct loop_child *c, enum child_pipe which)
{
	if (!c->pipe_open[which])
		return;
	c->pipe_open[which] = false;
	uv_close((uv_handle_t *)&c->pipe[which], handle_closed);
}

/* ---- output ---- */

static void
hand_over(struct loop_child *c, enum child_pipe which, const char *p, size_t len)
{
	void (*fn)(void *, const char *, size_t) = which == PIPE_OUT ? c->calls.on_out
								     : c->calls.on_err;
	struct mono begin = inner_begin();
	struct loop *l = c->loop;

	if (!fn || c->freed || len == 0)
		return;
	fn(c->calls.ctx, p, len);
	inner_end(l, begin, "output of child", "");
}

static void
give_buffer(uv_handle_t *h, size_t hint, uv_buf_t *buf)
{
	struct loop_child *c = h->data;

	(void)hint;
	*buf = uv_buf_init(c->buf, sizeof c->buf);
}

static void
output_came(uv_stream_t *s, ssize_t len, const uv_buf_t *buf)
{
	struct loop_child *c = s->data;
	enum child_pipe which = s == (uv_stream_t *)&c->pipe[PIPE_OUT] ? PIPE_OUT
								       : PIPE_ERR;

	if (len > 0) {
		hand_over(c, which, buf->base, (size_t)len);
		return;
	}
	if (len == 0)
		return;
	close_pipe(c, which);
	finish(c);
}

/* What is in the pipe right now; its other end may live on in the background. */
static void
drain(struct loop_child *c, enum child_pipe which)
{
	int fd;
	ssize_t n;

	if (!c->pipe_open[which] || uv_fileno((uv_handle_t *)&c->pipe[which], &fd) != 0)
		return;
	while (!c->freed && (n = read(fd, c->buf, sizeof c->buf)) != 0) {
		if (n > 0)
			hand_over(c, which, c->buf, (size_t)n);
		else if (errno != EINTR)
			break;
	}
}

/* ---- the end ---- */

static void
close_handles(struct loop_child *c)
{
	for (int i = 0; i < PIPE_COUNT; i++)
		close_pipe(c, i);
	if (!uv_is_closing((uv_handle_t *)&c->timer))
		uv_close((uv_handle_t *)&c->timer, handle_closed);
	if (c->exited && !uv_is_closing((uv_handle_t *)&c->process))
		uv_close((uv_handle_t *)&c->process, handle_closed);
}

/* Ends once: exited, and both outputs read to their end. */
static void
finish(struct loop_child *c)
{
	struct loop *l = c->loop;
	struct mono begin = inner_begin();

	if (c->ended || c->freed || !c->exited || c->pipe_open[PIPE_OUT] ||
		c->pipe_open[PIPE_ERR])
		return;
	c->ended = true;
	close_handles(c);
	if (c->calls.on_end)
		c->calls.on_end(c->calls.ctx, &c->end);
	inner_end(l, begin, "end of child", "");
}

static void
timer_fired(uv_timer_t *h)
{
	struct loop_child *c = h->data;

	if (c->exited) {
		drain(c, PIPE_OUT);
		drain(c, PIPE_ERR);
		close_pipe(c, PIPE_OUT);
		close_pipe(c, PIPE_ERR);
		finish(c);
		return;
	}
	c->end.timed_out = true;
	loop_child_signal(c, c->terming ? SIGKILL : SIGTERM);
	if (!c->terming)
		uv_timer_start(&c->timer, timer_fired, KILL_AFTER_MS, 0);
	c->terming = true;
}

static void
process_exited(uv_process_t *h, int64_t status, int signo)
{
	struct loop_child *c = h->data;

	c->exited = true;
	c->end.exit = signo ? -1 : (int)status;
	c->end.signal = signo;
	if (c->freed) {
		c->loop->dying--;
		uv_close((uv_handle_t *)&c->process, handle_closed);
		return;
	}
	close_pipe(c, PIPE_IN);
	uv_timer_stop(&c->timer);
	if (c->pipe_open[PIPE_OUT] || c->pipe_open[PIPE_ERR])
		uv_timer_start(&c->timer, timer_fired, LINGER_MS, 0);
	finish(c);
}

/* ---- start ---- */

/* A core limit of zero is ours, not the children's. */
static void
restore_core_limit(pid_t pid)
{
	struct rlimit lim;

	if (getrlimit(RLIMIT_CORE, &lim) != 0 || lim.rlim_cur == lim.rlim_max)
		return;
	lim.rlim_cur = lim.rlim_max;
	prlimit(pid, RLIMIT_CORE, &lim, NULL);
}

static bool
make_pipes(int theirs[PIPE_COUNT], int ours[PIPE_COUNT], struct err *e)
{
	for (int i = 0; i < PIPE_COUNT; i++) {
		int fd[2];

		if (pipe2(fd, O_CLOEXEC) != 0)
			return err_sys(e, errno, "cannot make a pipe");
		theirs[i] = i == PIPE_IN ? fd[0] : fd[1];
		ours[i] = i == PIPE_IN ? fd[1] : fd[0];
	}
	return true;
}

static int
spawn(struct loop_child *c, const struct loop_child_opts *o, const int theirs[PIPE_COUNT])
{
	uv_stdio_container_t stdio[4] = {0};
	uv_process_options_t uo = {
		.exit_cb = process_exited,
		.file = o->argv[0],
		/* libuv does not change the strings */
		.args = (char **)(uintptr_t)o->argv,
		.env = (char **)(uintptr_t)o->env,
		.cwd = o->dir,
		.flags =
			UV_PROCESS_DETACHED, /* its own session: no terminal to draw on */
		.stdio_count = o->pass_fd > 2 ? 4 : 3,
		.stdio = stdio,
	};

	for (int i = 0; i < PIPE_COUNT; i++) {
		stdio[i].flags = UV_INHERIT_FD;
		stdio[i].data.fd = theirs[i];
	}
	stdio[3].flags = UV_INHERIT_FD;
	stdio[3].data.fd = o->pass_fd;
	/* Libraries open sockets without CLOEXEC; none of them is the child's business. */
	close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
	return uv_spawn(&c->loop->uv, &c->process, &uo);
}

static void
start_pipes(struct loop_child *c, int ours[PIPE_COUNT])
{
	for (int i = 0; i < PIPE_COUNT; i++) {
		uv_pipe_init(&c->loop->uv, &c->pipe[i], 0);
		c->pipe[i].data = c;
		c->handles++;
		c->pipe_open[i] = true;
		BUG_ON(uv_pipe_open(&c->pipe[i], ours[i]) != 0);
		ours[i] = -1;
		if (i != PIPE_IN)
			uv_read_start(
				(uv_stream_t *)&c->pipe[i], give_buffer, output_came);
	}
}

static void
close_all(int fd[PIPE_COUNT])
{
	for (int i = 0; i < PIPE_COUNT; i++) {
		if (fd[i] >= 0)
			close(fd[i]);
	}
}

struct loop_child *
loop_child_start(struct loop *l, const struct loop_child_opts *o,
	const struct loop_child_calls *calls, struct err *e)
{
	int theirs[PIPE_COUNT] = {-1, -1, -1}, ours[PIPE_COUNT] = {-1, -1, -1};
	struct loop_child *c = NULL;
	int rc;

	if (!make_pipes(theirs, ours, e))
		goto out;
	c = mem_alloc(sizeof *c);
	c->loop = l;
	c->calls = *calls;
	c->name = mem_strdup(o->argv[0]);
	c->process.data = c;
	uv_timer_init(&l->uv, &c->timer);
	c->timer.data = c;
	c->handles = 2; /* timer, process */
	rc = spawn(c, o, theirs);
	if (rc != 0) {
		err_sys(e, -rc, "cannot start %s%s%s", o->argv[0], o->dir ? " in " : "",
			o->dir ? o->dir : "");
		c->freed = true;
		uv_close((uv_handle_t *)&c->process, handle_closed);
		uv_close((uv_handle_t *)&c->timer, handle_closed);
		c = NULL;
		goto out;
	}
	c->pid = c->process.pid;
	restore_core_limit(c->pid);
	start_pipes(c, ours);
	if (o->timeout_ms > 0) {
		uv_update_time(&l->uv);
		uv_timer_start(&c->timer, timer_fired, (uint64_t)o->timeout_ms, 0);
	}
	if (o->input_len > 0)
		loop_child_write(c, o->input, o->input_len);
	if (!o->keep_stdin)
		loop_child_close_stdin(c);
out:
	close_all(theirs);
	close_all(ours);
	return c;
}

pid_t
loop_child_pid(const struct loop_child *c)
{
	return c->pid;
}

/* ---- input ---- */

static void
write_done(uv_write_t *req, int status)
{
	struct child_write *w = (struct child_write *)req;
	struct loop_child *c = w->child;

	/* May have been a passphrase. */
	mem_wipe_free(w, sizeof *w + w->len);
	c->writing--;
	if (status < 0 || (c->close_stdin && c->writing == 0))
		close_pipe(c, PIPE_IN);
}

bool
loop_child_write(struct loop_child *c, const void *p, size_t len)
{
	struct child_write *w;
	uv_buf_t buf;

	if (!c->pipe_open[PIPE_IN] || c->close_stdin)
		return false;
	w = mem_alloc(sizeof *w + len);
	w->child = c;
	w->len = len;
	memcpy(w->bytes, p, len);
	buf = uv_buf_init(w->bytes, (unsigned)len);
	if (uv_write(&w->uv, (uv_stream_t *)&c->pipe[PIPE_IN], &buf, 1, write_done) !=
		0) {
		mem_wipe_free(w, sizeof *w + len);
		return false;
	}
	c->writing++;
	return true;
}

void
loop_child_close_stdin(struct loop_child *c)
{
	c->close_stdin = true;
	if (c->writing == 0)
		close_pipe(c, PIPE_IN);
}

void
loop_child_signal(struct loop_child *c, int signo)
{
	/* Once reaped its number may be somebody else's. */
	if (!c->exited && c->pid > 1)
		kill(-c->pid, signo);
}

void
loop_child_free(struct loop_child *c)
{
	if (!c || c->freed)
		return;
	c->freed = true;
	if (!c->exited) {
		loop_child_signal(c, SIGKILL);
		c->loop->dying++;
	}
	close_handles(c);
	if (c->handles == 0) {
		mem_free(c->name);
		mem_free(c);
	}
}

/* ---- the whole output of a short one ---- */

struct capture {
	struct loop_capture *out;
	size_t limit;
	bool ended;
};

static void
capture_add(struct capture *k, struct str *to, const char *p, size_t len)
{
	size_t room = k->limit > to->len ? k->limit - to->len : 0;

	if (len > room) {
		k->out->cut = true;
		len = room;
	}
	str_add(to, p, len);
}

static void
capture_out(void *ctx, const char *p, size_t len)
{
	struct capture *k = ctx;

	capture_add(k, &k->out->out, p, len);
}

static void
capture_err(void *ctx, const char *p, size_t len)
{
	struct capture *k = ctx;

	capture_add(k, &k->out->err, p, len);
}

static void
capture_end(void *ctx, const struct loop_child_end *end)
{
	struct capture *k = ctx;

	k->out->end = *end;
	k->ended = true;
}

bool
loop_child_capture(struct loop *l, const struct loop_child_opts *o, size_t limit,
	struct loop_capture *out, struct err *e)
{
	struct capture k = {.out = out, .limit = limit};
	struct loop_child_calls calls = {
		.on_out = capture_out,
		.on_err = capture_err,
		.on_end = capture_end,
		.ctx = &k,
	};
	struct loop_child *c;

	*out = (struct loop_capture){.out = STR_INIT, .err = STR_INIT};
	c = loop_child_start(l, o, &calls, e);
	if (!c)
		return false;
	while (!k.ended)
		loop_turn(l, KILL_AFTER_MS);
	loop_child_free(c);
	return true;
}

void
loop_capture_release(struct loop_capture *c)
{
	str_release(&c->out);
	str_release(&c->err);
}
