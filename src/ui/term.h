#ifndef UI_TERM_H
#define UI_TERM_H

/*
 * The terminal: raw mode, the alternate screen, keys in, frames out, and everything put
 * back on every way out: a normal end, exit(), a fatal signal, a broken invariant.
 *
 * It never blocks. Keys are read from a descriptor of our own (the shell's stays as it
 * is); curses writes into memory, and from there the bytes go out as the terminal takes
 * them. While it takes none (Ctrl-S, a frozen link) no frame is painted, and the next one
 * painted is the newest.
 *
 * Sequence: term_open, term_paint whenever term_ready, term_close. One at a time.
 */

#include "loop/loop.h"
#include "model/settings.h"
#include "ui/keys.h"
#include "ui/palette.h"
#include "view/frame.h"

struct term;

struct term_calls {
	void (*on_key)(void *ctx, const struct keys_event *ev);
	void (*on_resize)(void *ctx);
	void (*on_ready)(void *ctx); /* the last frame is out */
	void (*on_signal)(
		void *ctx, int sig); /* HUP INT QUIT TERM; the terminal's end: HUP */
	void *ctx;
};

struct term_opts {
	struct loop *loop;
	struct palette_opts palette;
	const char *terminfo; /* folder of our own terminal descriptions, or NULL */
	bool ascii;
	struct term_calls calls;
	bool in_tmux; /* a tmux stands between us and the terminal */
};

/* ERR_STATE: there is no terminal, or one that cannot do it. */
struct term *term_open(const struct term_opts *o, struct err *e) WARN_UNUSED;
void term_close(struct term *t);
int term_rows(const struct term *t);
int term_cols(const struct term *t);
bool term_ascii(const struct term *t);
bool term_ready(const struct term *t);
void term_paint(struct term *t, const struct frame *f);
void term_redraw(struct term *t); /* the next frame is painted whole */
/* Something wants a person: as it is set, the bell, a notice with this text, or nothing. The
 * text is harmless; its first line is shown, cut where notices are. */
void term_notify_by(struct term *t, enum settings_notify how);
void term_attend(struct term *t, const char *text);
/* To the clipboard of the terminal (OSC 52), which may well not take it. False: too long,
 * nothing was sent. */
enum { TERM_COPY_MAX = 74994 * 3 / 4 };
bool term_copy(struct term *t, const char *text, size_t len);
void term_flush_input(struct term *t); /* throws away what was typed ahead */
void term_suspend(struct term *t);     /* returns when the shell continues us */

/* `handrail reset`: for a terminal some program left in disorder. */
bool term_reset(struct err *e) WARN_UNUSED;

#endif
