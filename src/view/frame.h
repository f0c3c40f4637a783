#ifndef VIEW_FRAME_H
#define VIEW_FRAME_H

/*
 * A screen as data: a grid of cells, each a grapheme with a style, and the place of the
 * cursor. Views draw into it, ui/paint brings it to the terminal, tests read it as text.
 * Every text is made harmless on its way in, so a cell never holds a control byte. All
 * drawing is clipped to the grid; a wide character that does not fit whole is a blank.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "model/style.h"

enum { FRAME_CELL_BYTES = 28 };

struct cell {
	char text[FRAME_CELL_BYTES]; /* "" right of a wide one */
	unsigned char style, width;  /* width: cells, 0 right of a wide one */
};

/* Each drawn symbol has an ASCII twin. */
#define SYMBOLS(X) \
	X(H, "─", "-") \
	X(V, "│", "|") \
	X(TL, "┌", "+") \
	X(TR, "┐", "+") \
	X(BL, "└", "+") \
	X(BR, "┘", "+") \
	X(ELLIPSIS, "…", "~") \
	X(DOT, "·", "-") \
	X(CRUMB, "›", ">") \
	X(UP, "↑", "^") \
	X(DOWN, "↓", "v") \
	X(OPEN, "▾", "v")

enum symbol {
#define X(id, text, ascii) SYMBOL_##id,
	SYMBOLS(X)
#undef X
		SYMBOL_COUNT
};

struct frame {
	int rows, cols;
	bool ascii;
	struct cell *cells;
	int cursor_row, cursor_col;
	bool cursor_shown;
};

struct area {
	int row, col, rows, cols;
};

void frame_init(struct frame *f, int rows, int cols);
void frame_release(struct frame *f);
void frame_clear(struct frame *f);
const char *frame_symbol(const struct frame *f, enum symbol s);
const struct cell *frame_cell(const struct frame *f, int row, int col);

/* Draws one line within the first row of `a`, cut with an ellipsis; gives the cells used. */
int frame_put(struct frame *f, struct area a, enum style style, const char *text);
int frame_putf(struct frame *f, struct area a, enum style style, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/* The same at the right edge of `a`; gives the cells used. */
int frame_put_right(struct frame *f, struct area a, enum style style, const char *text);
void frame_fill(struct frame *f, struct area a, enum style style);
/* Gives the cells of `a` another style, their text stays. */
void frame_restyle(struct frame *f, struct area a, enum style style);
void frame_cursor(struct frame *f, int row, int col);

enum frame_focus { FRAME_NO_FOCUS, FRAME_FOCUS };
struct frame_box {
	const char *title, *right; /* may be NULL */
	enum style right_style;
	enum frame_focus focus; /* its title stands in [brackets] */
};
/* Border with titles, blank inside; gives the inside. */
struct area frame_box(struct frame *f, struct area a, const struct frame_box *b);

/* The text of the screen: rows joined by newlines, trailing blanks cut, then the cursor's
 * place. For tests and the golden frames. */
void frame_text(const struct frame *f, struct str *out);

#endif
