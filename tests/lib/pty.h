#ifndef TESTS_PTY_H
#define TESTS_PTY_H

/*
 * A real pseudo-terminal with a program in it and a terminal emulator (libvterm) that
 * keeps the screen, for end-to-end tests of anything that draws. Tests ask for a state
 * ("this text is on the screen", "the program has ended") with a deadline; nothing here
 * sleeps and nothing needs the caller to guess how long a repaint takes. It knows no
 * cmocka: the waits answer bool, and a wait that fails prints the whole screen as TAP
 * comments on standard error first, so `assert_true(pty_wait_text(...))` is enough.
 *
 *	pty_open .. (pty_send | pty_wait_* | pty_row | ...)* .. pty_wait_exit .. pty_close
 *
 * The program runs as it would under an interactive shell: a keeper process leads the
 * session and the program is the foreground job. That keeps the terminal alive after the
 * program's death (the kernel resets the modes of a terminal whose session leader dies,
 * which would make every "restored" check pass), lets ^Z stop it, and a hang-up reaches it
 * the way a closed window does. The program dies with the test, whatever kills the test.
 *
 * Deadlines are multiplied by PTY_TIMEOUT_SCALE from the environment, for slow machines.
 * Mistakes of the test itself (an unknown key name, a row that isn't there) abort.
 */

#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

struct pty;

struct pty_opts {
	const char *const *argv; /* NULL-terminated; argv[0] is looked up in PATH */
	const char *const *env; /* "NAME=value" sets, "NAME" alone removes; may be NULL */
	const char *dir;        /* where it starts; NULL = here */
	int rows, cols;         /* 0 = 24 x 80 */
};

enum {
	PTY_COLOUR_DEFAULT = -1,
	PTY_COLOUR_RGB = 1 << 24, /* set: the low 24 bits are rgb; clear: palette index */
};

struct pty_cell {
	char text[32]; /* UTF-8 with its combining marks; "" right of a wide one */
	int width;     /* cells: 1 or 2 */
	bool bold, underline, italic, blink, reverse, strike;
	int fg, bg; /* PTY_COLOUR_DEFAULT, an index, or PTY_COLOUR_RGB | 0xrrggbb */
};

struct pty_cursor {
	int row, col;
	bool visible;
};

typedef bool pty_pred(struct pty *p, void *arg);

/*
 * Starts the program. The environment is the test's own with TERM=xterm-256color and
 * LC_ALL=C.UTF-8, without LINES, COLUMNS, COLORTERM and NO_COLOR, with TMPDIR in a `dir` under
 * /tmp (no socket of another test is near), then `env`. Never NULL:
 * when no terminal can be had it aborts with the reason. A program that can't be executed
 * ends with status 127.
 */
struct pty *pty_open(const struct pty_opts *o);

/* Kills what still runs and frees everything; NULL is fine. */
void pty_close(struct pty *p);

/*
 * Types keys. Named ones stand in angle brackets: Enter Esc Tab BS Del Ins Space Up Down
 * Left Right Home End PageUp PageDown F1..F12 lt (a literal '<'), with S- C- M- before them;
 * C-x and M-x also for single characters. Cursor keys follow the mode the program set.
 * A lone <Esc> is told from M-x by time: wait for its effect before you send more.
 */
void pty_send(struct pty *p, const char *keys);

/* Types bytes as they are, with nothing special in them. */
void pty_type(struct pty *p, const char *bytes, size_t n_bytes);

/* Pastes; in brackets (ESC [200~ .. ESC [201~) only if the program asked for that. */
void pty_paste(struct pty *p, const char *text);

/* Tells the terminal and, by SIGWINCH, the program. */
void pty_resize(struct pty *p, int rows, int cols);

/* Sends a signal to the program alone. */
void pty_kill(struct pty *p, int sig);

/* What `fg` does: the program gets the terminal back and SIGCONT. Only while stopped. */
void pty_resume(struct pty *p);

/* Closes the terminal as a closed window does; afterwards only waits for the end work. */
void pty_hangup(struct pty *p);

/*
 * The waits return as soon as the state holds, false when the deadline passes or the
 * program's end makes it impossible. Text is searched row by row; a '\n' in it joins rows
 * (their trailing blanks cut).
 */
bool pty_wait(struct pty *p, pty_pred *holds, void *arg, int timeout_ms);
bool pty_wait_text(struct pty *p, const char *text, int timeout_ms);
bool pty_wait_gone(struct pty *p, const char *text, int timeout_ms);
bool pty_wait_row(struct pty *p, int row, const char *text, int timeout_ms);
bool pty_wait_raw(struct pty *p, const char *bytes, size_t n_bytes, int timeout_ms);
bool pty_wait_stop(struct pty *p, int timeout_ms);

/*
 * Until the program has ended and all its output was taken in. *status is what waitpid
 * gives, use WIFEXITED and friends; status may be NULL.
 */
bool pty_wait_exit(struct pty *p, int *status, int timeout_ms);

/* Takes in what has arrived by now, without waiting. */
void pty_poll(struct pty *p);

/* Whole screen, rows joined by '\n', trailing blanks cut; borrowed until the next call. */
const char *pty_screen(struct pty *p);

/* One row from 0, trailing blanks cut; borrowed until the next call. */
const char *pty_row(struct pty *p, int row);

/* Where text begins, first from the top; false if it isn't there. Cells, not bytes. */
bool pty_find(struct pty *p, const char *text, int *row, int *col);

/* The cell at a place, and the first cell of a text (aborts if the text isn't there). */
struct pty_cell pty_cell_at(struct pty *p, int row, int col);
struct pty_cell pty_cell_of(struct pty *p, const char *text);

struct pty_cursor pty_cursor(struct pty *p);
bool pty_altscreen(struct pty *p);
bool pty_mouse(struct pty *p);        /* the program asked for mouse reports */
const char *pty_title(struct pty *p); /* "" if none was set */
int pty_bells(struct pty *p);
int pty_rows(struct pty *p);
int pty_cols(struct pty *p);
int pty_pid(struct pty *p); /* of the program, not of its keeper */

/* Every byte the program wrote since the start; borrowed until the next call. */
const char *pty_raw(struct pty *p, size_t *n_bytes);
bool pty_raw_has(struct pty *p, const char *bytes, size_t n_bytes);

/*
 * Terminal modes. pty_restored: all modes are as before the program started and, by what
 * the emulator saw, the main screen is back, the cursor shows and mouse reports are off;
 * says on standard error which of these doesn't hold.
 */
struct termios pty_modes(struct pty *p);
bool pty_restored(struct pty *p);

/* Prints the screen as TAP comments on standard error. */
void pty_dump(struct pty *p, const char *why);

#endif
