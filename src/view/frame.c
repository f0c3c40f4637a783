#include "view/frame.h"

#include <stdarg.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

static const char *const symbols[SYMBOL_COUNT][2] = {
#define X(id, text, ascii) [SYMBOL_##id] = {text, ascii},
	SYMBOLS(X)
#undef X
};

const char *
frame_symbol(const struct frame *f, enum symbol s)
{
	return symbols[s][f->ascii];
}

void
frame_init(struct frame *f, int rows, int cols)
{
	*f = (struct frame){.rows = rows > 0 ? rows : 1, .cols = cols > 0 ? cols : 1};
	f->cells = mem_array((size_t)f->rows * (size_t)f->cols, sizeof *f->cells);
	frame_clear(f);
}

void
frame_release(struct frame *f)
{
	mem_free(f->cells);
	*f = (struct frame){0};
}

static struct cell *
cell_at(const struct frame *f, int row, int col)
{
	return &f->cells[(size_t)row * (size_t)f->cols + (size_t)col];
}

const struct cell *
frame_cell(const struct frame *f, int row, int col)
{
	return cell_at(f, row, col);
}

static void
cell_blank(struct cell *c, enum style style)
{
	memset(c, 0, sizeof *c);
	c->text[0] = ' ';
	c->width = 1;
	c->style = (unsigned char)style;
}

void
frame_clear(struct frame *f)
{
	for (int i = 0; i < f->rows * f->cols; i++)
		cell_blank(&f->cells[i], STYLE_TEXT);
	f->cursor_row = f->cursor_col = 0;
	f->cursor_shown = false;
}

/* Writing over one half of a wide character leaves a blank for the other. */
static void
cell_break(struct frame *f, int row, int col)
{
	struct cell *c = cell_at(f, row, col);

	if (c->width == 0 && col > 0)
		cell_blank(cell_at(f, row, col - 1), cell_at(f, row, col - 1)->style);
	if (c->width == 2 && col + 1 < f->cols)
		cell_blank(cell_at(f, row, col + 1), c->style);
}

/* A symbol of ours in a text is drawn as its twin where only ASCII may be. */
static const char *
twin(const struct frame *f, const char *text, size_t len)
{
	for (int i = 0; f->ascii && len > 1 && i < SYMBOL_COUNT; i++)
		if (strlen(symbols[i][0]) == len && memcmp(symbols[i][0], text, len) == 0)
			return symbols[i][1];
	return NULL;
}

/* One grapheme of `len` bytes and `width` cells. */
static void
cell_set(struct frame *f, struct area at, enum style style, const char *text, size_t len)
{
	struct cell *c = cell_at(f, at.row, at.col);

	cell_break(f, at.row, at.col);
	if (at.cols == 2)
		cell_break(f, at.row, at.col + 1);
	memset(c, 0, sizeof *c);
	if (len >= FRAME_CELL_BYTES) { /* drop marks, never half a character */
		len = FRAME_CELL_BYTES - 1;
		while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
			len--;
	}
	memcpy(c->text, text, len);
	c->width = (unsigned char)at.cols;
	c->style = (unsigned char)style;
	if (at.cols == 2) {
		c = cell_at(f, at.row, at.col + 1);
		memset(c, 0, sizeof *c);
		c->style = (unsigned char)style;
	}
}

static size_t
grapheme_cells(const char *text, size_t len)
{
	char one[256];

	if (len == 1)
		return 1;
	if (len >= sizeof one)
		return 1;
	memcpy(one, text, len);
	one[len] = '\0';
	return text_cells(one);
}

/* Harmless text from the left edge of a row, clipped; gives the cells used. */
static int
draw(struct frame *f, struct area a, enum style style, const char *text)
{
	int right = a.col + a.cols < f->cols ? a.col + a.cols : f->cols;
	int col = a.col;

	if (a.row < 0 || a.row >= f->rows)
		return 0;
	for (size_t at = 0; text[at];) {
		size_t next = text_next(text, at);
		int width = (int)grapheme_cells(text + at, next - at);

		if (width > 0) {
			if (width > 2)
				width = 2;
			if (col + width > right)
				break;
			if (col >= 0) {
				const char *ascii = twin(f, text + at, next - at);

				cell_set(f, (struct area){a.row, col, 1, width}, style,
					ascii ? ascii : text + at, ascii ? 1 : next - at);
			}
			col += width;
		}
		at = next;
	}
	return col - a.col;
}

int
frame_put(struct frame *f, struct area a, enum style style, const char *text)
{
	struct str safe = STR_INIT, cut = STR_INIT;
	int used;

	if (a.cols <= 0 || !text)
		return 0;
	text_harmless(&safe, text, strlen(text), TEXT_ONE_LINE);
	text_add_cut(&cut, safe.buf, (size_t)a.cols, frame_symbol(f, SYMBOL_ELLIPSIS));
	used = draw(f, a, style, cut.buf);
	str_release(&safe);
	str_release(&cut);
	return used;
}

int
frame_putf(struct frame *f, struct area a, enum style style, const char *fmt, ...)
{
	struct str text = STR_INIT;
	va_list ap;
	int used;

	va_start(ap, fmt);
	str_vaddf(&text, fmt, ap);
	va_end(ap);
	used = frame_put(f, a, style, text.buf);
	str_release(&text);
	return used;
}

int
frame_put_right(struct frame *f, struct area a, enum style style, const char *text)
{
	struct str safe = STR_INIT;
	int cells;

	if (!text || a.cols <= 0)
		return 0;
	text_harmless(&safe, text, strlen(text), TEXT_ONE_LINE);
	cells = (int)text_cells(safe.buf);
	if (cells < a.cols) {
		a.col += a.cols - cells;
		a.cols = cells;
	}
	cells = frame_put(f, a, style, safe.buf);
	str_release(&safe);
	return cells;
}

void
frame_fill(struct frame *f, struct area a, enum style style)
{
	for (int r = a.row < 0 ? 0 : a.row; r < a.row + a.rows && r < f->rows; r++)
		for (int c = a.col < 0 ? 0 : a.col; c < a.col + a.cols && c < f->cols;
			c++) {
			cell_break(f, r, c);
			cell_blank(cell_at(f, r, c), style);
		}
}

void
frame_restyle(struct frame *f, struct area a, enum style style)
{
	for (int r = a.row < 0 ? 0 : a.row; r < a.row + a.rows && r < f->rows; r++)
		for (int c = a.col < 0 ? 0 : a.col; c < a.col + a.cols && c < f->cols;
			c++)
			cell_at(f, r, c)->style = (unsigned char)style;
}

void
frame_cursor(struct frame *f, int row, int col)
{
	f->cursor_row = row < 0 ? 0 : row >= f->rows ? f->rows - 1 : row;
	f->cursor_col = col < 0 ? 0 : col >= f->cols ? f->cols - 1 : col;
	f->cursor_shown = true;
}

static void
draw_edge(struct frame *f, struct area a, enum style style, const enum symbol ends[2])
{
	draw(f, (struct area){a.row, a.col, 1, 1}, style, frame_symbol(f, ends[0]));
	for (int c = a.col + 1; c < a.col + a.cols - 1; c++)
		draw(f, (struct area){a.row, c, 1, 1}, style, frame_symbol(f, SYMBOL_H));
	draw(f, (struct area){a.row, a.col + a.cols - 1, 1, 1}, style,
		frame_symbol(f, ends[1]));
}

/* The title gives way to what stands on the right (a risk, a place in the list), but not
 * beyond half of the edge. */
static int
title_room(const struct frame_box *b, int room, int around)
{
	int right = b->right && *b->right ? (int)text_cells(b->right) + 3 : 0;

	return (room - right < room / 2 ? room / 2 : room - right) - around;
}

static void
box_titles(struct frame *f, struct area a, const struct frame_box *b)
{
	bool focus = b->focus == FRAME_FOCUS;
	int left = 0, room = a.cols - 4;

	if (b->title && room > 4) {
		struct str safe = STR_INIT, cut = STR_INIT;

		text_harmless(&safe, b->title, strlen(b->title), TEXT_ONE_LINE);
		text_add_cut(&cut, safe.buf, (size_t)title_room(b, room, focus ? 4 : 2),
			frame_symbol(f, SYMBOL_ELLIPSIS));
		left = frame_putf(f, (struct area){a.row, a.col + 2, 1, room},
			focus ? STYLE_BORDER_FOCUS : STYLE_TITLE,
			focus ? "[ %s ]" : " %s ", cut.buf);
		str_release(&safe);
		str_release(&cut);
	}
	room -= left + 1;
	if (b->right && *b->right && room > 4) {
		struct str text = STR_INIT;

		str_addf(&text, " %s ", b->right);
		frame_put_right(f,
			(struct area){a.row, a.col + a.cols - 2 - room, 1, room},
			b->right_style, text.buf);
		str_release(&text);
	}
}

struct area
frame_box(struct frame *f, struct area a, const struct frame_box *b)
{
	enum style style = b->focus == FRAME_FOCUS ? STYLE_BORDER_FOCUS : STYLE_BORDER;

	if (a.rows < 2 || a.cols < 2)
		return a;
	frame_fill(f, a, STYLE_TEXT);
	draw_edge(f, a, style, (const enum symbol[]){SYMBOL_TL, SYMBOL_TR});
	for (int r = a.row + 1; r < a.row + a.rows - 1; r++) {
		draw(f, (struct area){r, a.col, 1, 1}, style, frame_symbol(f, SYMBOL_V));
		draw(f, (struct area){r, a.col + a.cols - 1, 1, 1}, style,
			frame_symbol(f, SYMBOL_V));
	}
	draw_edge(f, (struct area){a.row + a.rows - 1, a.col, 1, a.cols}, style,
		(const enum symbol[]){SYMBOL_BL, SYMBOL_BR});
	box_titles(f, a, b);
	return (struct area){a.row + 1, a.col + 1, a.rows - 2, a.cols - 2};
}

void
frame_text(const struct frame *f, struct str *out)
{
	for (int r = 0; r < f->rows; r++) {
		size_t start = out->len, keep = out->len;

		for (int c = 0; c < f->cols; c++) {
			const struct cell *cell = cell_at(f, r, c);

			str_adds(out, cell->text);
			if (strcmp(cell->text, " ") != 0)
				keep = out->len;
		}
		str_cut(out, keep > start ? keep : start);
		str_addc(out, '\n');
	}
	if (f->cursor_shown)
		str_addf(out, "cursor %d,%d\n", f->cursor_row, f->cursor_col);
}
