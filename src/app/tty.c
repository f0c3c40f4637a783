#include "app/tty.h"

#include <stdio.h>
#include <termios.h>
#include <unistd.h>

bool
tty_is_person(void)
{
	return isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

bool
tty_ask(const char *prompt, enum tty_echo echo, struct str *line)
{
	struct termios before, hidden;
	bool hide = echo == TTY_HIDDEN && tcgetattr(STDIN_FILENO, &before) == 0;
	char c;
	ssize_t n;

	fputs(prompt, stderr);
	fflush(stderr);
	if (hide) {
		hidden = before;
		hidden.c_lflag &= ~(tcflag_t)ECHO;
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
	}
	str_reset(line);
	/* Byte by byte: what follows the line belongs to the next question. */
	while ((n = read(STDIN_FILENO, &c, 1)) == 1 && c != '\n')
		str_addc(line, c);
	if (hide) {
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
		fputc('\n', stderr);
	}
	return n == 1 || line->len > 0;
}
