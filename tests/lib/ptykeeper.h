#ifndef TESTS_PTYKEEPER_H
#define TESTS_PTYKEEPER_H

/*
 * The small process between a test and the program in its pseudo-terminal: session leader,
 * parent of the program, and the shell's share of job control. Only pty.c uses it. It tells
 * of start, stop and end as `struct ptykeeper_news` over a socket, takes PTYKEEPER_RESUME
 * from it, and kills the program when the other end of the socket goes away.
 */

#include <stddef.h>
#include <sys/types.h>

enum ptykeeper_kind { PTYKEEPER_STARTED, PTYKEEPER_STOPPED, PTYKEEPER_ENDED };
enum { PTYKEEPER_RESUME = 'r' };

struct ptykeeper_news {
	enum ptykeeper_kind kind;
	int value; /* pid of the program, or its wait status */
};

/*
 * Written to the terminal after the program's last byte, so that the reader knows when it
 * has everything: the kernel hands terminal output over a little later than a death.
 */
extern const char ptykeeper_end[];
extern const size_t ptykeeper_end_bytes;

struct ptykeeper_job {
	const char *const *argv;
	char *const *envp;
	const char *dir;
	int tty, control;
};

/* Runs in the forked child; never returns. */
_Noreturn void ptykeeper_run(const struct ptykeeper_job *job);

#endif
