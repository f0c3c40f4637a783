#include "ui/paint.h"

#include <curses.h>
#include <string.h>
#include <wchar.h>

#include "base/mem.h"
#include "base/text.h"

void
paint_release(struct paint *p)
{
	frame_release(&p->last);
}

void
paint_forget(struct paint *p)
{
	p->whole = true;
}

static void
put_cell(const struct paint *p, int row, int col, const struct cell *c)
{
	const struct palette_entry *look = &p->palette.entries[c->style];
	wchar_t text[CCHARW_MAX + 1];
	size_t n = 0, len = strlen(c->text);
	cchar_t cc;

	for (size_t i = 0; i < len && n < CCHARW_MAX;) {
		uint32_t cp;

		i += text_decode(c->text + i, len - i, &cp);
		if (p->plain && cp > 0x7e) {
			text[n++] = L'?';
			break;
		}
		text[n++] = (wchar_t)cp;
	}
	text[n] = L'\0';
	if (!n || setcchar(&cc, text, look->attrs, 0, &look->pair) == ERR)
		setcchar(&cc, L"?", look->attrs, 0, &look->pair);
	mvadd_wchnstr(row, col, &cc, 1);
}

void
paint_frame(struct paint *p, const struct frame *f)
{
	if (p->last.rows != f->rows || p->last.cols != f->cols) {
		frame_release(&p->last);
		frame_init(&p->last, f->rows, f->cols);
		p->whole = true;
	}
	if (p->whole)
		clearok(curscr, TRUE);
	for (int r = 0; r < f->rows; r++)
		for (int c = 0; c < f->cols; c++) {
			const struct cell *now = frame_cell(f, r, c);

			if (now->width == 0 ||
				(!p->whole &&
					memcmp(now, frame_cell(&p->last, r, c),
						sizeof *now) == 0))
				continue;
			put_cell(p, r, c, now);
		}
	p->whole = false;
	memcpy(p->last.cells, f->cells,
		(size_t)f->rows * (size_t)f->cols * sizeof *f->cells);
	move(f->cursor_row, f->cursor_col);
	wnoutrefresh(stdscr);
	doupdate();
}
