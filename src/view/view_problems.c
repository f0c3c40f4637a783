#include "view/view_problems.h"

#include "base/text.h"

static void
complaint(const struct diag *d, int id, struct page *p)
{
	struct str head = STR_INIT;

	if (d->line)
		str_addf(&head, "%s:%d:%d", d->file, d->line, d->col);
	else
		str_adds(&head, d->file);
	page_line(p, id);
	page_add(p, STYLE_STRONG, head.buf);
	page_right(p, STYLE_DIM, d->id);
	str_reset(&head);
	str_addf(&head, "%s: %s", d->level == DIAG_ERROR ? "error" : "warning", d->msg);
	page_block(p,
		&(struct page_block){.indent = 2,
			.id = id,
			.style = d->level == DIAG_ERROR ? STYLE_TEXT : STYLE_DIM},
		head.buf);
	if (d->reason)
		page_block(p,
			&(struct page_block){.indent = 2,
				.first = "reason: ",
				.id = id,
				.style = STYLE_DIM},
			d->reason);
	if (d->help)
		page_block(p,
			&(struct page_block){.indent = 2,
				.first = "help: ",
				.id = id,
				.style = STYLE_TEXT},
			d->help);
	str_release(&head);
}

void
view_problems_draw(
	const struct scene *sc, const struct diags *d, struct scroll *st, struct frame *f)
{
	struct keymap_can can = {0};
	struct area a = scene_draw(sc, f, ON_PROBLEMS, &can);
	struct str title = STR_INIT;
	char where[48];
	struct page p;

	str_addf(&title, "Problems: %zu error%s, %zu warning%s", d->errors,
		d->errors == 1 ? "" : "s", d->warnings, d->warnings == 1 ? "" : "s");
	page_init(&p, a.cols - 4 > 100 ? 100 : a.cols - 4);
	for (size_t i = 0; i < d->list.len; i++)
		complaint(&d->list.at[i], (int)i, &p);
	scroll_begin(st, a.rows - 2);
	for (size_t i = 0; i < p.lines.len; i++)
		scroll_line(st, p.lines.at[i].id);
	scroll_end(st);
	a = frame_box(f, a,
		&(struct frame_box){.title = title.buf,
			.right = page_where(st, where),
			.right_style = STYLE_DIM,
			.focus = FRAME_FOCUS});
	page_draw(&p, f,
		&(struct page_draw){.area = a,
			.scroll = st,
			.focus = FRAME_FOCUS,
			.mark = PAGE_MARK});
	page_release(&p);
	str_release(&title);
}
