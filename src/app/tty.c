#include "app/tty.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"

bool
tty_alone(struct err *e)
{
	int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
	bool ok = nothing >= 0 && dup2(nothing, STDIN_FILENO) == STDIN_FILENO;

	if (!ok)
		err_set(e, ERR_IO, "/dev/null: %s", strerror(errno));
	if (nothing > STDIN_FILENO)
		close(nothing);
	return ok;
}

bool
tty_is_person(void)
{
	return isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

bool
tty_plain(const struct args *a)
{
	const char *accessible = getenv("ACCESSIBLE");

	return args_has(a, OPT_PLAIN) || (accessible && *accessible);
}

/* Ctrl-C must reach us as a byte: a signal would leave the terminal without its echo, and
 * a loop that has its own handler would not wake the read. As VEOL it ends the line. */
static bool
tty_prepare(enum tty_echo echo, struct termios *before)
{
	struct termios asking;

	if (tcgetattr(STDIN_FILENO, before) != 0)
		return false;
	asking = *before;
	asking.c_lflag &= ~(tcflag_t)ISIG;
	if (echo == TTY_HIDDEN)
		asking.c_lflag &= ~(tcflag_t)ECHO;
	asking.c_cc[VEOL] = before->c_cc[VINTR];
	return tcsetattr(STDIN_FILENO, TCSADRAIN, &asking) == 0;
}

/* Unlike read this comes back when a signal was handled: false then. Children that end and
 * windows that change are no reason to stop waiting. */
static bool
tty_wait(void)
{
	struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
	sigset_t but;

	sigprocmask(SIG_SETMASK, NULL, &but);
	sigaddset(&but, SIGCHLD);
	sigaddset(&but, SIGWINCH);
	return ppoll(&in, 1, NULL, &but) == 1;
}

bool
tty_ask(const char *prompt, enum tty_echo echo, struct str *line)
{
	struct termios before;
	bool prepared, ended = false;
	char *shown = text_harmless_dup(prompt), c = 0;

	fputs(shown, stderr);
	fflush(stderr);
	mem_free(shown);
	prepared = tty_prepare(echo, &before);
	str_reset(line);
	/* Byte by byte: what follows the line belongs to the next question. */
	while (!ended && tty_wait() && read(STDIN_FILENO, &c, 1) == 1) {
		ended = c == '\n' || (prepared && c == (char)before.c_cc[VINTR]);
		if (!ended)
			str_addc(line, c);
	}
	if (prepared) {
		tcsetattr(STDIN_FILENO, TCSADRAIN, &before);
		if (echo == TTY_HIDDEN || c != '\n')
			fputc('\n', stderr);
	}
	if (ended && c == '\n')
		return true;
	mem_wipe(line->buf, line->len);
	str_reset(line);
	return false;
}
