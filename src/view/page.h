#ifndef VIEW_PAGE_H
#define VIEW_PAGE_H

/*
 * Lines of styled text, made first and drawn after: what every list, detail pane and
 * dialog body consists of. A line may carry the id of the object it shows, which links a
 * row of the screen back to the thing. Text is made harmless on its way in.
 */

#include "base/str.h"
#include "view/frame.h"
#include "view/scroll.h"

struct page_span {
	enum style style;
	size_t at;  /* in text */
	bool right; /* at the right edge */
};

struct page_line {
	int id;
	size_t first, spans;
	enum style fill; /* of the whole line, when it is not STYLE_TEXT */
	bool rule;       /* a line across */
};

struct page {
	int width;       /* wrap at */
	struct str text; /* of all spans, each ends in NUL */
	VEC_OF(struct page_span) spans;
	VEC_OF(struct page_line) lines;
};

void page_init(struct page *p, int width);
void page_release(struct page *p);
void page_line(struct page *p, int id); /* begins a line; SCROLL_NOTHING: no object */
void page_blank(struct page *p);
void page_rule(struct page *p);
void page_heading(struct page *p, const char *text);
/* Adds to the last line. */
void page_add(struct page *p, enum style style, const char *text);
void page_addf(struct page *p, enum style style, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Adds a text to the last line, made harmless, cut or filled to `cells`, and a blank. NULL: none. */
void page_cell(struct page *p, enum style style, const char *text, int cells);
void page_right(struct page *p, enum style style, const char *text);
/* Fills the last line with blanks up to `col` cells. */
void page_column(struct page *p, int col);

/* A label in the first cells, then text wrapped under itself; newlines are kept. */
struct page_block {
	const char *label; /* or NULL */
	enum style label_style, style;
	int indent;        /* cells before the text */
	const char *first; /* before the first line of text ("$ "), or NULL */
	int id;            /* SCROLL_NOTHING by page_text */
};
void page_block(struct page *p, const struct page_block *b, const char *text);
void page_text(struct page *p, int indent, enum style style, const char *text);
void page_label(struct page *p, const char *label, const char *text);
/* The same for what people wrote in paragraphs: single newlines are blanks. */
void page_prose(struct page *p, const char *label, const char *text);
void page_reflow(const char *text, struct str *out);

/* A column for the `>` of the selection; the last: shown only with the focus. */
enum page_mark { PAGE_NO_MARK, PAGE_MARK, PAGE_MARK_FOCUS };
struct page_draw {
	struct area area;
	struct scroll *scroll;
	enum frame_focus focus; /* then the cursor goes to the selected line */
	enum page_mark mark;
};
void page_draw(const struct page *p, struct frame *f, const struct page_draw *d);
/* All of it as plain text, a line each. */
void page_print(const struct page *p, struct str *out);
/* "1-12 of 21" when not everything is shown, else "". */
const char *page_where(const struct scroll *s, char out[48]);

#endif
