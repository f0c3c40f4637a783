#include "view/page.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/bug.h"
#include "base/mem.h"
#include "base/text.h"

enum { LABEL_CELLS = 9 };

void
page_init(struct page *p, int width)
{
	*p = (struct page){.width = width > 8 ? width : 8, .text = STR_INIT};
}

void
page_release(struct page *p)
{
	str_release(&p->text);
	vec_free(&p->spans);
	vec_free(&p->lines);
}

void
page_line(struct page *p, int id)
{
	vec_push(&p->lines, (struct page_line){.id = id, .first = p->spans.len});
}

void
page_blank(struct page *p)
{
	page_line(p, SCROLL_NOTHING);
}

void
page_rule(struct page *p)
{
	page_line(p, SCROLL_NOTHING);
	p->lines.at[p->lines.len - 1].rule = true;
}

void
page_heading(struct page *p, const char *text)
{
	page_line(p, SCROLL_NOTHING);
	page_add(p, STYLE_TITLE, text);
}

static void
add_span(struct page *p, struct page_span span, const char *text, size_t len)
{
	struct page_line *line;

	BUG_ON(p->lines.len == 0);
	line = &p->lines.at[p->lines.len - 1];
	span.at = p->text.len;
	text_harmless(&p->text, text, len, TEXT_ONE_LINE);
	str_addc(&p->text, '\0');
	vec_push(&p->spans, span);
	line->spans++;
}

void
page_add(struct page *p, enum style style, const char *text)
{
	if (text && *text)
		add_span(p, (struct page_span){.style = style}, text, strlen(text));
}

void
page_addf(struct page *p, enum style style, const char *fmt, ...)
{
	struct str text = STR_INIT;
	va_list ap;

	va_start(ap, fmt);
	str_vaddf(&text, fmt, ap);
	va_end(ap);
	page_add(p, style, text.buf);
	str_release(&text);
}

void
page_cell(struct page *p, enum style style, const char *text, int cells)
{
	struct str cut = STR_INIT;
	char *safe = text_harmless_dup(text ? text : "");

	text_add_cut(&cut, safe, (size_t)cells, "…");
	page_add(p, style, cut.buf);
	page_addf(p, STYLE_TEXT, "%*s", cells - (int)text_cells(cut.buf) + 1, "");
	str_release(&cut);
	mem_free(safe);
}

void
page_right(struct page *p, enum style style, const char *text)
{
	if (text && *text)
		add_span(p, (struct page_span){.style = style, .right = true}, text,
			strlen(text));
}

static int
line_cells(const struct page *p, const struct page_line *line)
{
	int cells = 0;

	for (size_t i = 0; i < line->spans; i++)
		if (!p->spans.at[line->first + i].right)
			cells += (int)text_cells(
				p->text.buf + p->spans.at[line->first + i].at);
	return cells;
}

void
page_column(struct page *p, int col)
{
	int cells = line_cells(p, &p->lines.at[p->lines.len - 1]);

	if (cells >= col)
		page_add(p, STYLE_TEXT, " ");
	else
		page_addf(p, STYLE_TEXT, "%*s", col - cells, "");
}

/* One line of the source, harmless, wrapped; `shown` counts lines of the block. */
static void
block_line(struct page *p, const struct page_block *b, const char *text, int *shown)
{
	int hang = b->first ? (int)text_cells(b->first) : 0;
	size_t room = p->width > b->indent + hang + 8
		? (size_t)(p->width - b->indent - hang)
		: 8;

	do {
		size_t skip = 0, n = text_wrap(text, room, &skip);

		page_line(p, b->id);
		if (*shown == 0 && b->label)
			page_add(p, b->label_style, b->label);
		if (b->indent)
			page_column(p, b->indent);
		if (hang)
			page_addf(p, STYLE_DIM, "%*s", hang, *shown == 0 ? b->first : "");
		if (n)
			add_span(p, (struct page_span){.style = b->style}, text, n);
		(*shown)++;
		text += skip ? skip : n;
		if (!skip && !n)
			break;
	} while (*text);
}

void
page_block(struct page *p, const struct page_block *b, const char *text)
{
	struct str safe = STR_INIT;
	int shown = 0;

	text_harmless(&safe, text ? text : "", text ? strlen(text) : 0, TEXT_KEEP_LF);
	while (safe.len && safe.buf[safe.len - 1] == '\n')
		str_cut(&safe, safe.len - 1);
	for (char *line = safe.buf; line;) {
		char *end = strchr(line, '\n');

		if (end)
			*end = '\0';
		block_line(p, b, line, &shown);
		line = end ? end + 1 : NULL;
	}
	str_release(&safe);
}

void
page_text(struct page *p, int indent, enum style style, const char *text)
{
	page_block(p,
		&(struct page_block){
			.indent = indent, .style = style, .id = SCROLL_NOTHING},
		text);
}

void
page_label(struct page *p, const char *label, const char *text)
{
	if (!text || !*text)
		return;
	page_block(p,
		&(struct page_block){.label = label,
			.label_style = STYLE_DIM,
			.indent = LABEL_CELLS,
			.id = SCROLL_NOTHING},
		text);
}

/* A newline ends a paragraph only before an empty line, a list mark or an indented line. */
void
page_reflow(const char *text, struct str *out)
{
	for (; *text; text++) {
		bool keep = text[0] != '\n' || strchr("\n -*\t", text[1]) ||
			(text[1] >= '0' && text[1] <= '9') ||
			(out->len && out->buf[out->len - 1] == '\n');

		str_addc(out, keep ? *text : ' ');
	}
}

void
page_prose(struct page *p, const char *label, const char *text)
{
	struct str flowing = STR_INIT;

	if (text)
		page_reflow(text, &flowing);
	page_label(p, label, flowing.buf);
	str_release(&flowing);
}

static void
draw_spans(const struct page *p, struct frame *f, const struct page_line *line,
	struct area a)
{
	int right = 0, used = 0;

	for (size_t i = 0; i < line->spans; i++) {
		const struct page_span *s = &p->spans.at[line->first + i];

		if (s->right)
			right += frame_put_right(f,
				(struct area){a.row, a.col, 1, a.cols - right}, s->style,
				p->text.buf + s->at);
	}
	if (right)
		right++;
	for (size_t i = 0; i < line->spans; i++) {
		const struct page_span *s = &p->spans.at[line->first + i];

		if (!s->right)
			used += frame_put(f,
				(struct area){
					a.row, a.col + used, 1, a.cols - right - used},
				s->style, p->text.buf + s->at);
	}
}

static void
draw_line(
	const struct page *p, struct frame *f, const struct page_draw *d, int i, int row)
{
	const struct page_line *line = &p->lines.at[i];
	struct area a = {row, d->area.col, 1, d->area.cols};
	bool chosen = d->scroll->id != SCROLL_NOTHING && line->id == d->scroll->id;
	bool first = chosen && (i == 0 || p->lines.at[i - 1].id != line->id);

	if (line->rule) {
		for (int c = 0; c < a.cols; c++)
			frame_put(f, (struct area){row, a.col + c, 1, 1}, STYLE_BORDER,
				frame_symbol(f, SYMBOL_H));
		return;
	}
	if (d->mark != PAGE_NO_MARK) {
		if (first && (d->mark == PAGE_MARK || d->focus == FRAME_FOCUS))
			frame_put(f, (struct area){row, a.col, 1, 1}, STYLE_MARK, ">");
		a.col++;
		a.cols--;
	}
	draw_spans(p, f, line, a);
	if (first) {
		frame_restyle(f, (struct area){row, d->area.col, 1, d->area.cols},
			d->focus == FRAME_FOCUS ? STYLE_SELECT : STYLE_SELECT_INACTIVE);
		if (d->focus == FRAME_FOCUS)
			frame_cursor(f, row, d->area.col);
	}
}

void
page_draw(const struct page *p, struct frame *f, const struct page_draw *d)
{
	struct scroll *s = d->scroll;

	scroll_begin(s, d->area.rows);
	for (size_t i = 0; i < p->lines.len; i++)
		scroll_line(s, p->lines.at[i].id);
	scroll_end(s);
	/* a page without a selection: the cursor stands at its top */
	if (d->focus == FRAME_FOCUS)
		frame_cursor(f, d->area.row, d->area.col);
	for (int i = s->top; i < (int)p->lines.len && i < s->top + d->area.rows; i++)
		draw_line(p, f, d, i, d->area.row + i - s->top);
}

const char *
page_where(const struct scroll *s, char out[48])
{
	int last = s->top + s->height;

	out[0] = '\0';
	if (last > (int)s->ids.len)
		last = (int)s->ids.len;
	if (s->top > 0 || last < (int)s->ids.len)
		snprintf(out, 48, "%d-%d of %d", s->top + 1, last, (int)s->ids.len);
	return out;
}

void
page_print(const struct page *p, struct str *out)
{
	for (size_t i = 0; i < p->lines.len; i++) {
		const struct page_line *line = &p->lines.at[i];

		for (size_t k = 0; k < line->spans; k++)
			str_addf(out, "%s%s",
				p->spans.at[line->first + k].right ? "  " : "",
				p->text.buf + p->spans.at[line->first + k].at);
		str_addc(out, '\n');
	}
}
