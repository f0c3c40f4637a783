#include "ui/term.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

#include "base/b64.h"
#include "base/bug.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "ui/paint.h"
#include "ui/termsafe.h"

enum {
	ESC_MS = 25,
	ESC_SLOW_MS = 100,   /* over ssh a sequence may come in pieces */
	CLOSE_WAIT_MS = 500, /* for a terminal that takes its time at the end */
	NOTICE_COLS = 200
};

static const char begin_sync[] = "\033[?2026h", end_sync[] = "\033[?2026l";
static const char paste_on[] = "\033[?2004h", paste_off[] = "\033[?2004l";

struct term {
	struct loop *loop;
	struct term_calls calls;
	int in, out; /* two openings of the terminal, ours alone */
	int memory;  /* what curses writes */
	FILE *memory_file, *null_file;
	SCREEN *screen;
	struct loop_fd *in_fd, *out_fd;
	struct loop_timer *esc;
	int64_t esc_ms;
	struct loop_signal *signals[7];
	struct keys keys;
	struct paint paint;
	struct termios raw;
	struct str pending; /* bytes the terminal has not taken yet */
	size_t sent;
	int rows, cols;
	bool sync, ascii, in_tmux;
	enum settings_notify notify;
	bool ending; /* a hangup or TERM came: one more must not cut the end short */
};

int
term_rows(const struct term *t)
{
	return t->rows;
}

int
term_cols(const struct term *t)
{
	return t->cols;
}

bool
term_ascii(const struct term *t)
{
	return t->ascii;
}

/* ---- bytes out ------------------------------------------------------------------------- */

bool
term_ready(const struct term *t)
{
	return t->pending.len == 0;
}

/* Sends what the terminal takes now. False: it is gone. */
static bool
send_some(struct term *t)
{
	while (t->sent < t->pending.len) {
		ssize_t n = write(
			t->out, t->pending.buf + t->sent, t->pending.len - t->sent);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno != EAGAIN)
			return false;
		if (n <= 0)
			return true;
		t->sent += (size_t)n;
	}
	str_reset(&t->pending);
	t->sent = 0;
	return true;
}

static void
pump_out(struct term *t)
{
	if (!send_some(t)) {
		str_reset(&t->pending);
		t->sent = 0;
		loop_fd_want(t->out_fd, 0);
		return;
	}
	loop_fd_want(t->out_fd, t->pending.len ? LOOP_WRITE : 0);
}

/* What curses has written since the last time. */
static void
take_memory(struct term *t)
{
	off_t size;
	size_t at = t->pending.len;

	fflush(t->memory_file);
	size = lseek(t->memory, 0, SEEK_CUR);
	if (size <= 0)
		return;
	str_reserve(&t->pending, (size_t)size + 1);
	if (pread(t->memory, t->pending.buf + at, (size_t)size, 0) == size) {
		t->pending.len = at + (size_t)size;
		t->pending.buf[t->pending.len] = '\0';
	}
	lseek(t->memory, 0, SEEK_SET);
	if (ftruncate(t->memory, 0) != 0)
		lseek(t->memory, 0, SEEK_SET);
}

/* At the end: what is left, for as long as a terminal may be slow but not for ever. */
static void
send_all(struct term *t)
{
	while (t->pending.len) {
		if (!termsafe_writable(t->out, CLOSE_WAIT_MS) || !send_some(t)) {
			str_reset(&t->pending);
			t->sent = 0;
		}
	}
}

void
term_paint(struct term *t, const struct frame *f)
{
	if (t->sync)
		str_adds(&t->pending, begin_sync);
	paint_frame(&t->paint, f);
	take_memory(t);
	if (t->sync)
		str_adds(&t->pending, end_sync);
	pump_out(t);
}

void
term_redraw(struct term *t)
{
	paint_forget(&t->paint);
}

void
term_notify_by(struct term *t, enum settings_notify how)
{
	t->notify = how;
}

/* OSC 9. tmux hands it on in an envelope, where its allow-passthrough lets it. */
static void
add_notice(struct term *t, const char *text)
{
	struct str line = STR_INIT;

	text_harmless(&line, text, strcspn(text, "\n"), TEXT_ONE_LINE);
	str_cut(&line, text_fit(line.buf, NOTICE_COLS));
	str_addf(&t->pending, "%s\033]9;handrail: %s\a%s",
		t->in_tmux ? "\033Ptmux;\033" : "", line.buf, t->in_tmux ? "\033\\" : "");
	str_release(&line);
}

void
term_attend(struct term *t, const char *text)
{
	switch (t->notify) {
	case SETTINGS_BELL:
		str_addc(&t->pending, '\a');
		break;
	case SETTINGS_OSC9:
		add_notice(t, text);
		break;
	case SETTINGS_OFF:
		return;
	}
	pump_out(t);
}

/* The same inside tmux, which hands it on where its set-clipboard allows. */
bool
term_copy(struct term *t, const char *text, size_t len)
{
	if (len > TERM_COPY_MAX)
		return false;
	str_adds(&t->pending, "\033]52;c;");
	b64_encode(&t->pending, text, len);
	str_adds(&t->pending, "\a");
	pump_out(t);
	return true;
}

static void
out_ready(void *ctx, int ready)
{
	struct term *t = ctx;

	(void)ready;
	pump_out(t);
	if (term_ready(t))
		t->calls.on_ready(t->calls.ctx);
}

/* ---- keys in --------------------------------------------------------------------------- */

static void
key_came(void *ctx, const struct keys_event *ev)
{
	struct term *t = ctx;

	t->calls.on_key(t->calls.ctx, ev);
}

static void
esc_over(void *ctx)
{
	struct term *t = ctx;

	keys_timeout(&t->keys, key_came, t);
}

static void
in_ready(void *ctx, int ready)
{
	struct term *t = ctx;
	char buf[4096];
	ssize_t n;

	(void)ready;
	do {
		n = read(t->in, buf, sizeof buf);
	} while (n < 0 && errno == EINTR);
	if (n < 0 && errno == EAGAIN)
		return;
	if (n <= 0) {
		loop_fd_want(t->in_fd, 0);
		t->ending = true;
		t->calls.on_signal(t->calls.ctx, SIGHUP);
		return;
	}
	loop_timer_stop(t->esc);
	keys_feed(&t->keys, buf, (size_t)n, key_came, t);
	mem_wipe(buf, sizeof buf);
	if (keys_waiting(&t->keys))
		loop_timer_start(t->esc, t->esc_ms, 0);
}

void
term_flush_input(struct term *t)
{
	tcflush(t->in, TCIFLUSH);
	keys_forget(&t->keys);
	loop_timer_stop(t->esc);
}

/* ---- size, signals, suspending --------------------------------------------------------- */

static void
read_size(struct term *t)
{
	struct winsize ws;

	if (ioctl(t->out, TIOCGWINSZ, &ws) != 0 || !ws.ws_row || !ws.ws_col)
		ws = (struct winsize){.ws_row = 24, .ws_col = 80};
	t->rows = ws.ws_row;
	t->cols = ws.ws_col;
}

static void
resized(struct term *t)
{
	read_size(t);
	resizeterm(t->rows, t->cols);
	paint_forget(&t->paint);
	t->calls.on_resize(t->calls.ctx);
}

static void
start_drawing(struct term *t)
{
	tcsetattr(t->in, TCSADRAIN, &t->raw);
	termsafe_arm();
	str_adds(&t->pending, paste_on);
	paint_forget(&t->paint);
	pump_out(t);
}

static void
stop_drawing(struct term *t)
{
	str_adds(&t->pending, paste_off);
	endwin();
	take_memory(t);
	send_all(t);
	termsafe_disarm();
}

void
term_suspend(struct term *t)
{
	stop_drawing(t);
	raise(SIGSTOP);
	start_drawing(t);
	resized(t);
}

static void
signal_came(void *ctx, int sig)
{
	struct term *t = ctx;

	switch (sig) {
	case SIGWINCH:
		resized(t);
		break;
	case SIGTSTP:
		term_suspend(t);
		break;
	case SIGCONT: /* somebody else stopped us */
		tcsetattr(t->in, TCSADRAIN, &t->raw);
		resized(t);
		break;
	default:
		t->ending = t->ending || sig == SIGHUP || sig == SIGTERM;
		t->calls.on_signal(t->calls.ctx, sig);
	}
}

/* ---- opening --------------------------------------------------------------------------- */

static struct termios
raw_mode(struct termios m)
{
	m.c_iflag &= ~(
		tcflag_t)(BRKINT | ICRNL | INLCR | IGNCR | INPCK | ISTRIP | PARMRK);
	m.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
	m.c_oflag &= ~(tcflag_t)TAB3;
	m.c_cc[VMIN] = 1;
	m.c_cc[VTIME] = 0;
	return m;
}

static bool
open_terminal(struct term *t, struct err *e)
{
	const char *name = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO)
		? ttyname(STDIN_FILENO)
		: NULL;

	if (!name)
		return err_set(e, ERR_STATE,
			"the console needs a terminal; `handrail run --plain`, "
			"`handrail list` and the other commands do not");
	t->in = open(name, O_RDONLY | O_NOCTTY | O_CLOEXEC);
	t->out = open(name, O_WRONLY | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
	if (t->in < 0 || t->out < 0)
		return err_sys(e, errno, "%s", name);
	return termsafe_save(t->in, t->out, e);
}

/* Which of our two descriptions stands for a type; NULL: neither. */
static const char *
true_type(const char *type)
{
	static const char *const like_xterm[] = {
		"xterm", "alacritty", "foot", "wezterm", "konsole", "gnome", "vte-"};

	if (str_starts(type, "tmux") || str_starts(type, "screen"))
		return "handrail-tmux";
	for (size_t i = 0; i < sizeof like_xterm / sizeof *like_xterm; i++)
		if (str_starts(type, like_xterm[i]))
			return "handrail-xterm";
	return strstr(type, "-256color") ? "handrail-xterm" : NULL;
}

/* Our own description of the same terminal with 24-bit colour; NULL: none fits. */
static SCREEN *
true_screen(struct term *t, const struct term_opts *o, const char *type)
{
	static const char variable[] = "TERMINFO_DIRS";
	const char *before = getenv(variable);
	const char *name = true_type(type);
	SCREEN *screen;
	char *dirs, *kept;

	if (!o->terminfo || !name || !palette_wants_true(&o->palette))
		return NULL;
	kept = before ? mem_strdup(before) : NULL;
	dirs = mem_printf("%s:%s", o->terminfo, before ? before : "");
	setenv(variable, dirs, 1);
	screen = newterm(name, t->memory_file, t->null_file);
	/* the programs we start look for theirs elsewhere */
	if (kept)
		setenv(variable, kept, 1);
	else
		unsetenv(variable);
	mem_free(kept);
	mem_free(dirs);
	return screen;
}

static bool
start_curses(struct term *t, const struct term_opts *o, struct err *e)
{
	const char *type = getenv("TERM");
	enum theme_level level;

	if (!type || !*type || str_eq(type, "dumb"))
		return err_set(e, ERR_STATE,
			"the terminal (TERM=%s) cannot place text; use `handrail run --plain`",
			type ? type : "");
	t->memory = memfd_create("handrail-screen", MFD_CLOEXEC);
	if (t->memory < 0)
		return err_sys(e, errno, "memory for the screen");
	t->memory_file = fdopen(t->memory, "w");
	t->null_file = fopen("/dev/null", "re");
	if (!t->memory_file || !t->null_file)
		return err_sys(e, errno, "a stream for the screen");
	use_env(FALSE);
	t->screen = true_screen(t, o, type);
	if (!t->screen)
		t->screen = newterm(type, t->memory_file, t->null_file);
	if (!t->screen)
		return err_set(
			e, ERR_STATE, "the terminal (TERM=%s) is not in terminfo", type);
	if (!palette_choose(&o->palette, tigetnum("colors"), &level, e))
		return false;
	palette_make(&t->paint.palette, level, o->palette.theme);
	t->sync = !str_eq(type, "linux");
	t->paint.plain = !str_eq(nl_langinfo(CODESET), "UTF-8");
	t->ascii = o->ascii || t->paint.plain || str_eq(type, "linux");
	t->in_tmux = o->in_tmux;
	leaveok(stdscr, FALSE);
	scrollok(stdscr, FALSE);
	resizeterm(t->rows, t->cols);
	return true;
}

static void
watch(struct term *t)
{
	static const int wanted[] = {
		SIGWINCH, SIGTSTP, SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM};
	const char *delay = getenv("ESCDELAY");

	t->esc_ms = getenv("SSH_CONNECTION") ? ESC_SLOW_MS : ESC_MS;
	if (delay && *delay && strspn(delay, "0123456789") == strlen(delay) &&
		strlen(delay) < 5)
		t->esc_ms = strtol(delay, NULL, 10);
	t->esc = loop_timer_new(t->loop, esc_over, t);
	t->in_fd = loop_fd_new(t->loop, t->in, in_ready, t);
	t->out_fd = loop_fd_new(t->loop, t->out, out_ready, t);
	if (t->in_fd)
		loop_fd_want(t->in_fd, LOOP_READ);
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
		t->signals[i] = loop_signal_new(t->loop, wanted[i], signal_came, t);
}

struct term *
term_open(const struct term_opts *o, struct err *e)
{
	struct term *t = mem_alloc(sizeof *t);
	struct termios mode;

	*t = (struct term){.loop = o->loop,
		.calls = o->calls,
		.in = -1,
		.out = -1,
		.memory = -1,
		.pending = STR_INIT};
	keys_init(&t->keys);
	if (!palette_valid(o->palette.color, e) || !open_terminal(t, e)) {
		term_close(t);
		return NULL;
	}
	read_size(t);
	if (!start_curses(t, o, e)) {
		term_close(t);
		return NULL;
	}
	watch(t);
	tcgetattr(t->in, &mode);
	t->raw = raw_mode(mode);
	start_drawing(t);
	return t;
}

/* A terminal that goes away often says so twice. The first ends us in order; the second
 * would find nobody who handles it, so it is not heard: held back while the handlers go
 * (freeing one brings the default action back), then ignored. */
static void
free_signals(struct term *t)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	sigset_t endings, before;

	sigemptyset(&ignore.sa_mask);
	sigemptyset(&endings);
	sigaddset(&endings, SIGHUP);
	sigaddset(&endings, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &endings, &before);
	for (size_t i = 0; i < sizeof t->signals / sizeof *t->signals; i++)
		if (t->signals[i])
			loop_signal_free(t->signals[i]);
	if (t->ending) {
		sigaction(SIGHUP, &ignore, NULL);
		sigaction(SIGTERM, &ignore, NULL);
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void
term_close(struct term *t)
{
	if (!t)
		return;
	free_signals(t);
	if (t->in_fd)
		loop_fd_free(t->in_fd);
	if (t->out_fd)
		loop_fd_free(t->out_fd);
	if (t->esc)
		loop_timer_free(t->esc);
	if (t->screen) {
		stop_drawing(t);
		delscreen(t->screen);
	}
	termsafe_forget();
	if (t->memory_file)
		fclose(t->memory_file);
	else if (t->memory >= 0)
		close(t->memory);
	if (t->null_file)
		fclose(t->null_file);
	if (t->in >= 0)
		close(t->in);
	if (t->out >= 0)
		close(t->out);
	keys_release(&t->keys);
	paint_release(&t->paint);
	mem_wipe(t->pending.buf, t->pending.cap);
	str_release(&t->pending);
	mem_free(t);
}
