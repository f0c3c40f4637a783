#include "ui/termsafe.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/bug.h"
#include "ui/term.h"

/* Sync off, paste and mouse and focus reports off, main screen, attributes, keypad and
 * cursor as a shell wants them. */
static const char restore_text[] =
	"\033[?2026l\033[?2004l\033[?1000l\033[?1002l\033[?1003l\033[?1006l\033[?1004l"
	"\033[?1049l\033[?1l\033>\033[0m\033[?25h\r";

enum { FATAL_COUNT = 5 };
static const int fatal[FATAL_COUNT] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

/* The one thing a signal handler can reach. */
static struct {
	volatile sig_atomic_t armed;
	int in, out;
	bool saved, at_exit;
	struct termios modes;
	struct sigaction old[FATAL_COUNT];
} terminal;

static void
restore_now(void)
{
	ssize_t ignored;

	if (!terminal.armed)
		return;
	terminal.armed = 0;
	ignored = write(terminal.out, restore_text, sizeof restore_text - 1);
	(void)ignored;
	tcsetattr(terminal.in, TCSANOW, &terminal.modes);
}

static void
on_fatal(int sig)
{
	restore_now();
	for (int i = 0; i < FATAL_COUNT; i++)
		if (fatal[i] == sig)
			sigaction(sig, &terminal.old[i], NULL);
	raise(sig); /* blocked now; comes when we return, to whoever was there before */
}

bool
termsafe_save(int in, int out, struct err *e)
{
	struct sigaction sa = {.sa_handler = on_fatal};

	if (tcgetattr(in, &terminal.modes) != 0)
		return err_sys(e, errno, "the terminal's modes");
	terminal.in = in;
	terminal.out = out;
	terminal.saved = true;
	sigemptyset(&sa.sa_mask);
	for (int i = 0; i < FATAL_COUNT; i++)
		sigaction(fatal[i], &sa, &terminal.old[i]);
	bug_set_hook(restore_now);
	if (!terminal.at_exit)
		terminal.at_exit = atexit(restore_now) == 0;
	return true;
}

void
termsafe_arm(void)
{
	terminal.armed = 1;
}

void
termsafe_disarm(void)
{
	terminal.armed = 0;
	if (terminal.saved)
		tcsetattr(terminal.in, TCSADRAIN, &terminal.modes);
}

void
termsafe_forget(void)
{
	if (!terminal.saved)
		return;
	terminal.armed = 0;
	terminal.saved = false;
	bug_set_hook(NULL);
	for (int i = 0; i < FATAL_COUNT; i++)
		sigaction(fatal[i], &terminal.old[i], NULL);
}

bool
termsafe_writable(int fd, int ms)
{
	struct pollfd p = {.fd = fd, .events = POLLOUT};
	int n;

	do {
		n = poll(&p, 1, ms);
	} while (n < 0 && errno == EINTR);
	return n > 0 && !(p.revents & (POLLERR | POLLHUP | POLLNVAL));
}

bool
term_reset(struct err *e)
{
	struct termios m;
	ssize_t n;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return err_set(e, ERR_STATE, "there is no terminal to put in order");
	n = write(STDOUT_FILENO, restore_text, sizeof restore_text - 1);
	if (n < 0)
		return err_sys(e, errno, "the terminal");
	if (tcgetattr(STDIN_FILENO, &m) != 0)
		return err_sys(e, errno, "the terminal's modes");
	m.c_iflag |= BRKINT | ICRNL | IXON;
	m.c_iflag &= ~(tcflag_t)(INLCR | IGNCR | ISTRIP | PARMRK);
	m.c_oflag |= OPOST | ONLCR;
	m.c_lflag |= ECHO | ECHOE | ECHOK | ICANON | ISIG | IEXTEN;
	m.c_lflag &= ~(tcflag_t)(ECHONL | NOFLSH | TOSTOP);
	if (tcsetattr(STDIN_FILENO, TCSADRAIN, &m) != 0)
		return err_sys(e, errno, "the terminal's modes");
	return true;
}
