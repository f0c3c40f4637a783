#include "pty.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ptyimpl.h"
#include "ptykeeper.h"
#include "ptykeys.h"

enum { DEFAULT_ROWS = 24, DEFAULT_COLS = 80, READ_BYTES = 16384, KEEPER_FD = 3 };
enum { START_TIMEOUT_MS = 10000, MS_PER_S = 1000, NS_PER_MS = 1000000 };

void
ptyimpl_give_up(const char *what)
{
	fprintf(stderr, "# pty: %s: %s\n", what, strerror(errno));
	abort();
}

void
ptyimpl_bytes_add(struct bytes *b, const char *at, size_t n)
{
	if (b->n + n + 1 > b->room) {
		b->room = (b->n + n + 1) * 2;
		b->at = realloc(b->at, b->room);
		if (!b->at)
			ptyimpl_give_up("memory");
	}
	if (n)
		memcpy(b->at + b->n, at, n);
	b->n += n;
	b->at[b->n] = '\0';
}

static void
bytes_cut_front(struct bytes *b, size_t n)
{
	memmove(b->at, b->at + n, b->n - n);
	b->n -= n;
}

void
ptyimpl_bytes_clear(struct bytes *b)
{
	b->n = 0;
	ptyimpl_bytes_add(b, "", 0);
}

/* ---- emulator ---- */

static int
on_prop(VTermProp prop, VTermValue *val, void *user)
{
	struct pty *p = user;

	if (prop == VTERM_PROP_ALTSCREEN)
		p->altscreen = val->boolean;
	if (prop == VTERM_PROP_CURSORVISIBLE)
		p->cursor_visible = val->boolean;
	if (prop == VTERM_PROP_MOUSE)
		p->mouse = val->number != VTERM_PROP_MOUSE_NONE;
	if (prop == VTERM_PROP_TITLE) {
		ptyimpl_bytes_clear(&p->title);
		ptyimpl_bytes_add(&p->title, val->string, strlen(val->string));
	}
	return 1;
}

static int
on_bell(void *user)
{
	struct pty *p = user;

	p->bells++;
	return 1;
}

static const VTermScreenCallbacks screen_calls = {
	.settermprop = on_prop,
	.bell = on_bell,
};

static void
on_output(const char *s, size_t len, void *user)
{
	struct pty *p = user;

	ptyimpl_bytes_add(&p->out, s, len);
}

static void
make_emulator(struct pty *p)
{
	p->vt = vterm_new(p->rows, p->cols);
	vterm_set_utf8(p->vt, 1);
	vterm_output_set_callback(p->vt, on_output, p);
	p->screen = vterm_obtain_screen(p->vt);
	vterm_screen_set_callbacks(p->screen, &screen_calls, p);
	vterm_screen_enable_altscreen(p->screen, 1);
	vterm_screen_reset(p->screen, 1);
}

/* ---- moving bytes ---- */

int64_t
ptyimpl_now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * MS_PER_S + ts.tv_nsec / NS_PER_MS;
}

int64_t
ptyimpl_deadline_after(int timeout_ms)
{
	const char *scale = getenv("PTY_TIMEOUT_SCALE");
	int times = scale ? (int)strtol(scale, NULL, 10) : 1;

	return ptyimpl_now_ms() + (int64_t)timeout_ms * (times > 0 ? times : 1);
}

static void
feed(struct pty *p, const char *at, size_t n)
{
	ptyimpl_bytes_add(&p->raw, at, n);
	vterm_input_write(p->vt, at, n);
}

/* Gives on everything but the keeper's end mark, which may arrive in pieces. */
static void
take_in(struct pty *p, const char *at, size_t n)
{
	char *mark;
	size_t keep;

	ptyimpl_bytes_add(&p->held, at, n);
	mark = memmem(p->held.at, p->held.n, ptykeeper_end, ptykeeper_end_bytes);
	if (mark) {
		size_t before = (size_t)(mark - p->held.at);

		feed(p, p->held.at, before);
		bytes_cut_front(&p->held, before + ptykeeper_end_bytes);
		p->drained = true;
	}
	keep = p->held.n < ptykeeper_end_bytes ? p->held.n : ptykeeper_end_bytes - 1;
	while (keep && memcmp(p->held.at + p->held.n - keep, ptykeeper_end, keep))
		keep--;
	feed(p, p->held.at, p->held.n - keep);
	bytes_cut_front(&p->held, p->held.n - keep);
}

static void
read_master(struct pty *p)
{
	char buf[READ_BYTES];
	ssize_t n = read(p->master, buf, sizeof(buf));

	if (n > 0)
		take_in(p, buf, (size_t)n);
}

static void
write_master(struct pty *p)
{
	while (p->out.n && p->master >= 0) {
		ssize_t n = write(p->master, p->out.at, p->out.n);

		if (n <= 0)
			return; /* full: later, from step */
		bytes_cut_front(&p->out, (size_t)n);
	}
}

static void
read_news(struct pty *p)
{
	struct ptykeeper_news news;
	ssize_t n = recv(p->control, &news, sizeof(news), MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n != sizeof(news)) {
		if (p->phase != PTY_ENDED)
			fprintf(stderr, "# pty: the keeper process has died\n");
		p->phase = PTY_ENDED;
		p->drained = true;
		return;
	}
	switch (news.kind) {
	case PTYKEEPER_STARTED:
		p->pid = news.value;
		break;
	case PTYKEEPER_STOPPED:
		p->phase = PTY_STOPPED;
		break;
	case PTYKEEPER_ENDED:
		p->phase = PTY_ENDED;
		p->status = news.value;
		break;
	}
}

void
ptyimpl_step(struct pty *p, int64_t deadline_ms)
{
	int64_t left = deadline_ms - ptyimpl_now_ms();
	struct pollfd fds[] = {
		{.fd = p->master, .events = POLLIN},
		{.fd = p->phase == PTY_ENDED ? -1 : p->control, .events = POLLIN},
	};

	if (p->out.n)
		fds[0].events |= POLLOUT;
	if (poll(fds, 2, left > 0 ? (int)left : 0) <= 0)
		return;
	if (fds[0].revents & POLLOUT)
		write_master(p);
	if (fds[0].revents & (POLLIN | POLLHUP))
		read_master(p);
	if (fds[1].revents)
		read_news(p);
}

void
pty_poll(struct pty *p)
{
	size_t before;

	do {
		before = p->raw.n;
		ptyimpl_step(p, 0);
	} while (p->raw.n != before);
}

/* ---- life ---- */

static bool
env_names(const char *entry, const char *name)
{
	size_t n = strcspn(name, "=");

	return !strncmp(entry, name, n) && entry[n] == '=';
}

static void
env_set(char **list, size_t *n, const char *entry)
{
	size_t kept = 0;

	for (size_t i = 0; i < *n; i++)
		if (!env_names(list[i], entry))
			list[kept++] = list[i];
	if (strchr(entry, '='))
		list[kept++] = (char *)entry;
	*n = kept;
	list[kept] = NULL;
}

/* The list is ours, its strings are borrowed. scratch: "TMPDIR=...", or NULL. */
static char **
make_env(const char *scratch, const char *const *more)
{
	static const char *const house[] = {
		"TERM=xterm-256color",
		"LC_ALL=C.UTF-8",
		"LINES",
		"COLUMNS",
		"COLORTERM",
		"NO_COLOR",
		NULL,
	};
	size_t n = 0, n_more = 0;
	char **list;

	while (environ[n])
		n++;
	while (more && more[n_more])
		n_more++;
	list = calloc(n + n_more + sizeof(house) / sizeof(house[0]) + 2, sizeof(*list));
	if (!list)
		ptyimpl_give_up("memory");
	memcpy(list, environ, n * sizeof(*list));
	for (size_t i = 0; house[i]; i++)
		env_set(list, &n, house[i]);
	if (scratch)
		env_set(list, &n, scratch);
	for (size_t i = 0; i < n_more; i++)
		env_set(list, &n, more[i]);
	return list;
}

/* In the child: nothing but the terminal and the socket stays open. */
static _Noreturn void
become_keeper(const struct pty_opts *o, char *const *envp, int tty, int control)
{
	struct ptykeeper_job job = {.argv = o->argv, .envp = envp, .dir = o->dir};
	int null = open("/dev/null", O_RDWR);
	int high_tty = fcntl(tty, F_DUPFD, KEEPER_FD + 2);
	int high_control = fcntl(control, F_DUPFD, KEEPER_FD + 2);

	for (int fd = 0; fd <= 2; fd++)
		dup2(null, fd);
	job.tty = dup2(high_tty, KEEPER_FD);
	job.control = dup2(high_control, KEEPER_FD + 1);
	syscall(SYS_close_range, KEEPER_FD + 2, ~0U, 0);
	ptykeeper_run(&job);
}

struct pty *
pty_open(const struct pty_opts *o)
{
	struct pty *p = calloc(1, sizeof(*p));
	int64_t deadline = ptyimpl_deadline_after(START_TIMEOUT_MS);
	char scratch[PATH_MAX];
	bool own = o->dir && strncmp(o->dir, "/tmp/", strlen("/tmp/")) == 0;
	char **envp;
	struct winsize size;
	int tty, pair[2];

	if (!p || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		ptyimpl_give_up("socketpair");
	snprintf(scratch, sizeof(scratch), "TMPDIR=%s", own ? o->dir : "");
	envp = make_env(own ? scratch : NULL, o->env);
	p->rows = o->rows ? o->rows : DEFAULT_ROWS;
	p->cols = o->cols ? o->cols : DEFAULT_COLS;
	size = (struct winsize){
		.ws_row = (unsigned short)p->rows, .ws_col = (unsigned short)p->cols};
	if (openpty(&p->master, &tty, NULL, NULL, &size))
		ptyimpl_give_up("openpty");
	fcntl(p->master, F_SETFD, FD_CLOEXEC);
	fcntl(p->master, F_SETFL, O_RDWR | O_NONBLOCK);
	tcgetattr(tty, &p->before);
	p->control = pair[0];
	p->cursor_visible = true;
	make_emulator(p);
	ptyimpl_bytes_clear(&p->raw);
	ptyimpl_bytes_clear(&p->title);
	p->keeper = fork();
	if (p->keeper < 0)
		ptyimpl_give_up("fork");
	if (p->keeper == 0)
		become_keeper(o, envp, tty, pair[1]);
	close(tty);
	close(pair[1]);
	free(envp);
	while (!p->pid && p->phase != PTY_ENDED && ptyimpl_now_ms() < deadline)
		ptyimpl_step(p, deadline);
	if (!p->pid)
		ptyimpl_give_up("the program did not start");
	return p;
}

void
pty_close(struct pty *p)
{
	if (!p)
		return;
	close(p->control); /* the keeper sees it and kills the program */
	if (p->master >= 0)
		close(p->master);
	while (waitpid(p->keeper, NULL, 0) < 0 && errno == EINTR)
		;
	vterm_free(p->vt);
	free(p->raw.at);
	free(p->held.at);
	free(p->out.at);
	free(p->text.at);
	free(p->title.at);
	free(p);
}

/* ---- doing ---- */

static void
queue_bytes(void *arg, const char *bytes, size_t n)
{
	struct pty *p = arg;

	ptyimpl_bytes_add(&p->out, bytes, n);
}

void
pty_send(struct pty *p, const char *keys)
{
	struct ptykeys_sink sink = {.vt = p->vt, .bytes = queue_bytes, .arg = p};

	pty_poll(p); /* the cursor keys' mode, as far as the program has said it */
	ptykeys_send(&sink, keys);
	write_master(p);
}

void
pty_type(struct pty *p, const char *bytes, size_t n_bytes)
{
	ptyimpl_bytes_add(&p->out, bytes, n_bytes);
	write_master(p);
}

void
pty_paste(struct pty *p, const char *text)
{
	pty_poll(p);
	vterm_keyboard_start_paste(p->vt);
	ptyimpl_bytes_add(&p->out, text, strlen(text));
	vterm_keyboard_end_paste(p->vt);
	write_master(p);
}

void
pty_resize(struct pty *p, int rows, int cols)
{
	struct winsize size = {
		.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};

	pty_poll(p);
	p->rows = rows;
	p->cols = cols;
	vterm_set_size(p->vt, rows, cols);
	if (ioctl(p->master, TIOCSWINSZ, &size))
		ptyimpl_give_up("TIOCSWINSZ");
}

void
pty_kill(struct pty *p, int sig)
{
	if (p->phase != PTY_ENDED)
		kill(p->pid, sig);
}

void
pty_resume(struct pty *p)
{
	char order = PTYKEEPER_RESUME;

	if (p->phase == PTY_ENDED)
		return;
	p->phase = PTY_RUNNING;
	if (send(p->control, &order, 1, MSG_NOSIGNAL) != 1)
		ptyimpl_give_up("keeper");
}

void
pty_hangup(struct pty *p)
{
	pty_poll(p);
	close(p->master);
	p->master = -1;
	p->out.n = 0;
}
