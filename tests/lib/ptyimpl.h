#ifndef TESTS_PTYIMPL_H
#define TESTS_PTYIMPL_H

/*
 * What pty.c (life and bytes), ptywait.c (waits) and ptyscreen.c (looking) share and tests
 * must not see.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <termios.h>
#include <vterm.h>

#include "pty.h"

struct bytes {
	char *at;
	size_t n, room;
};

enum pty_phase { PTY_RUNNING, PTY_STOPPED, PTY_ENDED };

struct pty {
	int master, control; /* master is -1 after a hang-up */
	pid_t keeper, pid;
	enum pty_phase phase;
	bool drained; /* the keeper's end mark was read: no output is under way any more */
	int status;
	struct termios before;
	VTerm *vt;
	VTermScreen *screen;
	struct bytes raw, held, out, text; /* held: maybe the beginning of the end mark */
	struct bytes title;
	bool altscreen, mouse, cursor_visible;
	int bells, rows, cols;
};

_Noreturn void ptyimpl_give_up(const char *what);

/* The buffer is always terminated and never NULL once something was added. */
void ptyimpl_bytes_add(struct bytes *b, const char *at, size_t n);
void ptyimpl_bytes_clear(struct bytes *b);

int64_t ptyimpl_now_ms(void);
int64_t ptyimpl_deadline_after(int timeout_ms);

/* Waits for something to happen at most until the deadline, and takes it in. */
void ptyimpl_step(struct pty *p, int64_t deadline_ms);

#endif
