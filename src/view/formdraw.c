#include "view/form.h"

#include <string.h>

#include "base/text.h"
#include "view/scene.h"

enum { LIST_ROWS = 10, LIST_LEAST = 3, WIDE = 96, LABEL_MAX = 24 };

static void
make_body(const struct form *f, struct page *p)
{
	for (size_t i = 0; i < f->body.len; i++) {
		const struct form_block *b = &f->body.at[i];

		if (!b->text)
			page_blank(p);
		else
			page_block(p,
				&(struct page_block){.label = b->label,
					.label_style = STYLE_DIM,
					.style = b->style,
					.indent = b->indent,
					.first = b->first,
					.id = SCROLL_NOTHING},
				b->text);
	}
}

static void
make_list(const struct form *f, struct form_item *it, struct page *p)
{
	const char *filter = it->filter == FORM_NO_ID ? ""
						      : form_field_text(f, it->filter);

	for (size_t i = 0; i < it->rows.len; i++) {
		if (!form_row_matches(it->rows.at[i], filter))
			continue;
		page_line(p, (int)i);
		page_add(p, STYLE_TEXT, it->rows.at[i]);
	}
	if (!p->lines.len) {
		page_line(p, SCROLL_NOTHING);
		page_add(p, STYLE_DIM, it->rows.len ? "  nothing matches" : "  none");
	}
}

static int
list_rows(const struct form_item *it)
{
	int n = (int)it->rows.len;

	return n < 1 ? 1 : n > LIST_ROWS ? LIST_ROWS : n;
}

/* Rows of the items below the text, without lists' spare ones. */
static int
items_rows(const struct form *f, int *lists)
{
	int rows = 0;
	bool buttons = false;

	*lists = 0;
	/* something to fill in stands apart from the text; buttons always do */
	for (size_t i = 0; i < f->items.len && !rows; i++)
		rows = f->body.len && f->items.at[i].kind != FORM_BUTTON;
	for (size_t i = 0; i < f->items.len; i++) {
		const struct form_item *it = &f->items.at[i];

		if (it->kind == FORM_BUTTON) {
			buttons = true;
		} else if (it->kind == FORM_LIST) {
			*lists += list_rows(it);
			rows += it->label[0] ? 1 : 0;
		} else {
			rows++;
		}
	}
	return rows + (f->caption ? 1 : 0) + (buttons ? 2 : 0);
}

static void
draw_label(const struct form_item *it, struct frame *f, struct area *a)
{
	int used;

	if (!it->label[0])
		return;
	used = frame_put(
		f, (struct area){a->row, a->col, 1, LABEL_MAX}, STYLE_DIM, it->label);
	a->col += used + 1;
	a->cols -= used + 1;
}

/* Which item has the keys, for who sees no colours: left of it, as on a button. */
static void
draw_mark(struct frame *f, struct area a, enum frame_focus focus)
{
	if (focus == FRAME_FOCUS && a.col > 0)
		frame_put(f, (struct area){a.row, a.col - 1, 1, 1}, STYLE_SELECT, ">");
}

static void
draw_field(const struct form_item *it, struct frame *f, struct area a,
	enum frame_focus focus)
{
	draw_mark(f, a, focus);
	draw_label(it, f, &a);
	frame_put(f, (struct area){a.row, a.col, 1, 2}, STYLE_TEXT, "[");
	frame_put(f, (struct area){a.row, a.col + a.cols - 1, 1, 1}, STYLE_TEXT, "]");
	field_draw(&it->field, f, (struct area){a.row, a.col + 2, 1, a.cols - 4}, focus);
}

static void
draw_check(const struct form_item *it, struct frame *f, struct area a,
	enum frame_focus focus)
{
	int used = frame_putf(
		f, a, STYLE_TEXT, "%s %s", it->checked ? "[x]" : "[ ]", it->label);

	if (focus != FRAME_FOCUS)
		return;
	draw_mark(f, a, focus);
	frame_restyle(f, (struct area){a.row, a.col, 1, used}, STYLE_SELECT);
	frame_cursor(f, a.row, a.col + 1);
}

static void
draw_list(const struct form *form, struct form_item *it, struct frame *f, struct area a,
	enum frame_focus focus)
{
	struct page p;
	struct page_draw d = {
		.area = a, .scroll = &it->scroll, .focus = focus, .mark = PAGE_MARK};
	char where[48];

	if (it->label[0]) {
		frame_put(f, a, STYLE_DIM, it->label);
		d.area.row++;
		d.area.rows--;
	}
	page_init(&p, a.cols - 1);
	make_list(form, it, &p);
	/* a row that the filter took away is not chosen any more: the first one is */
	scroll_begin(&it->scroll, d.area.rows);
	for (size_t i = 0; i < p.lines.len; i++)
		scroll_line(&it->scroll, p.lines.at[i].id);
	scroll_end(&it->scroll);
	scroll_default(&it->scroll);
	/* the cursor stays in the field that filters */
	page_draw(&p, f, &d);
	if (it->label[0])
		frame_put_right(f, (struct area){a.row, a.col, 1, a.cols}, STYLE_DIM,
			page_where(&it->scroll, where));
	page_release(&p);
}

/* Why the first button that takes no key now takes none. */
static void
button_note(const struct form *form, struct now now, struct str *out)
{
	int64_t left = form_guard_left(form, now);

	for (size_t i = 0; i < form->items.len && !out->len; i++) {
		const struct form_item *it = &form->items.at[i];

		if (it->kind != FORM_BUTTON)
			continue;
		if (it->off && it->off_why)
			str_addf(out, "%s: %s", it->label, it->off_why);
		else if (it->guarded && left > 0)
			str_addf(out, "%s: ready in %d.%d s", it->label,
				(int)((left + 99) / 1000), (int)((left + 99) / 100 % 10));
	}
}

static void
draw_buttons(const struct form *form, struct frame *f, struct area a, struct now now)
{
	struct str note = STR_INIT;
	int col = a.col;

	for (size_t i = 0; i < form->items.len; i++) {
		const struct form_item *it = &form->items.at[i];
		struct area at = {a.row, col, 1, a.col + a.cols - col};
		bool focus = (int)i == form->focus;
		int used;

		if (it->kind != FORM_BUTTON)
			continue;
		used = frame_putf(f, at, it->off ? STYLE_OFF : STYLE_TEXT, "%s[ %s ]",
			focus ? ">" : " ", it->label);
		if (focus) {
			frame_restyle(
				f, (struct area){a.row, col, 1, used}, STYLE_SELECT);
			frame_cursor(f, a.row, col + 1);
		}
		col += used + 2;
	}
	button_note(form, now, &note);
	frame_put(f, (struct area){a.row, col + 1, 1, a.col + a.cols - col - 1},
		STYLE_DIM, note.buf);
	str_release(&note);
}

/* Items from the row on; lists share `spare` rows. */
static void
draw_items(struct form *form, struct frame *f, struct area a, int list_height,
	struct now now)
{
	bool buttons = false;

	if (form->caption) {
		frame_put(f, (struct area){a.row, a.col, 1, a.cols}, STYLE_STRONG,
			form->caption);
		a.row++;
	}
	for (size_t i = 0; i < form->items.len; i++) {
		struct form_item *it = &form->items.at[i];
		enum frame_focus focus = (int)i == form->focus ? FRAME_FOCUS
							       : FRAME_NO_FOCUS;
		struct area row = {a.row, a.col, 1, a.cols};

		if (it->kind == FORM_BUTTON) {
			buttons = true;
			continue;
		}
		if (it->kind == FORM_FIELD) {
			draw_field(it, f, row, focus);
		} else if (it->kind == FORM_CHECK) {
			draw_check(it, f, row, focus);
		} else {
			row.rows = list_height + (it->label[0] ? 1 : 0);
			draw_list(form, it, f, row, focus);
			a.row += row.rows - 1;
		}
		a.row++;
	}
	if (buttons)
		draw_buttons(form, f, (struct area){a.row + 1, a.col, 1, a.cols}, now);
}

struct sizes {
	int body, list, inside; /* rows */
};

static struct sizes
fit(const struct form *form, int body, int most)
{
	struct sizes s = {.body = body};
	int lists, fixed = items_rows(form, &lists);

	s.list = lists;
	if (fixed + s.body + s.list > most && s.list > LIST_LEAST) {
		s.list = most - fixed - s.body;
		if (s.list < LIST_LEAST)
			s.list = LIST_LEAST;
	}
	if (fixed + s.body + s.list > most)
		s.body = most - fixed - s.list;
	if (s.body < 0)
		s.body = 0;
	s.inside = form->fills ? most : fixed + s.body + s.list;
	if (form->fills && lists)
		s.list = most - fixed - s.body;
	else if (form->fills)
		s.body = most - fixed;
	return s;
}

static struct area
place(const struct form *form, struct frame *f, struct area a, struct sizes s)
{
	struct area box = {0, 0, s.inside + 2, form->wide ? form->wide : WIDE};

	if (scene_size(f) == SCENE_COMPACT) {
		frame_fill(f, a, STYLE_TEXT);
		int right = frame_put_right(f,
			(struct area){a.row, a.col + 1, 1, a.cols - 2}, form->right_style,
			form->right);

		frame_put(f,
			(struct area){a.row, a.col + 1, 1,
				a.cols - 2 - right - (right ? 1 : 0)},
			STYLE_TITLE, form->title);
		return (struct area){a.row + 1, a.col + 1, a.rows - 1, a.cols - 2};
	}
	if (box.cols > a.cols || scene_size(f) == SCENE_NARROW)
		box.cols = a.cols;
	box.row = a.row + (a.rows - box.rows) / 3;
	box.col = a.col + (a.cols - box.cols) / 2;
	a = frame_box(f, box,
		&(struct frame_box){.title = form->title,
			.right = form->right,
			.right_style = form->right_style,
			.focus = FRAME_FOCUS});
	a.col++;
	a.cols -= 2;
	return a;
}

void
form_draw(struct form *form, struct frame *f, struct area a, struct now now)
{
	bool compact = scene_size(f) == SCENE_COMPACT;
	int width = form->wide ? form->wide : WIDE;
	struct sizes s;
	struct page p;
	char where[48];

	if (width > a.cols || scene_size(f) == SCENE_NARROW || compact)
		width = a.cols;
	page_init(&p, width - (compact ? 2 : 4));
	make_body(form, &p);
	s = fit(form, (int)p.lines.len, a.rows - (compact ? 1 : 2));
	a = place(form, f, a, s);
	if (s.body > 0) {
		page_draw(&p, f,
			&(struct page_draw){.area = {a.row, a.col, s.body, a.cols},
				.scroll = &form->scroll});
		if (*page_where(&form->scroll, where))
			frame_putf(f, (struct area){a.row + s.body, a.col, 1, a.cols},
				STYLE_DIM, "lines %s (PgDn, PgUp)", where);
	}
	if (!form->items.len)
		frame_cursor(f, a.row, a.col);
	else
		a.row += s.body +
			(form->body.len && form->items.at[0].kind != FORM_BUTTON);
	draw_items(form, f, a, s.list, now);
	page_release(&p);
}
