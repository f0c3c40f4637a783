#include "view/view_due.h"

#include <stdio.h>
#include <string.h>

#include "base/stamp.h"
#include "base/text.h"

enum { ID_CELLS = 10, WHEN_CELLS = 13, WIDE = 100 };

size_t
view_due_late(const struct due_scene *d, struct wall now)
{
	size_t n = 0;

	for (size_t i = 0; i < d->len; i++)
		n += d->rows[i].due.ms <= now.ms;
	return n;
}

int
view_due_rows(const struct due_scene *d, enum scene_size size, int most)
{
	int rows = (int)(d->len < 6 ? d->len : 6) + (size == SCENE_COMPACT ? 1 : 2);

	return !d->len ? 0 : rows < most ? rows : most;
}

/* "late 3d04h", "in 6d23h" */
static void
when(struct page *p, struct wall due, struct wall now)
{
	bool late = due.ms <= now.ms;
	int64_t ms = late ? now.ms - due.ms : due.ms - now.ms;
	char span[STAMP_BYTES], text[STAMP_BYTES + 8];

	stamp_duration(ms / 1000 * 1000, span);
	snprintf(text, sizeof text, "%s %s", late ? "LATE" : "in", span);
	page_cell(p, late ? STYLE_FAIL : STYLE_TEXT, text, WHEN_CELLS);
}

static void
how(struct page *p, const struct due_row *r)
{
	struct str text = STR_INIT;
	enum style style = STYLE_DIM;

	if (!r->id) {
		str_adds(&text, "to be read again");
	} else if (r->walked && !r->probes) {
		str_adds(&text, "being closed");
	} else if (r->bad) {
		str_adds(&text, "probe not good");
		style = STYLE_WAIT;
	} else if (r->probes) {
		str_adds(&text, "a probe settles it");
	} else {
		str_addf(&text, "%s", r->role ? r->role : "a person");
	}
	if (r->every)
		str_addf(&text, ", every %s", r->every);
	if (r->environment)
		str_addf(&text, ", %s", r->environment);
	page_add(p, style, text.buf);
	str_release(&text);
}

static void
due_row(struct page *p, const struct due_row *r, int id, struct wall now)
{
	int title = p->width - WHEN_CELLS - (p->width >= WIDE ? ID_CELLS + 40 : 24);

	page_line(p, id);
	page_add(p, STYLE_TEXT, " ");
	when(p, r->due, now);
	page_cell(p, STYLE_TEXT, r->title, title < 20 ? 20 : title);
	if (p->width >= WIDE)
		page_cell(p, STYLE_DIM,
			r->id              ? r->id
				: r->drill ? "drill"
					   : "review",
			ID_CELLS);
	how(p, r);
}

void
view_due_draw(const struct scene *sc, const struct due_scene *d,
	const struct page_draw *at, struct frame *f)
{
	struct page_draw draw = *at;
	struct str title = STR_INIT;
	size_t late = view_due_late(d, sc->now.wall);
	struct page p;

	str_addf(&title, "Due %zu of %zu", late, d->len);
	if (scene_size(f) != SCENE_COMPACT) {
		draw.area = frame_box(f, at->area,
			&(struct frame_box){.title = title.buf,
				.focus = at->focus,
				.right = d->watched,
				.right_style = d->is_watched ? STYLE_DIM : STYLE_WAIT});
	} else {
		if (!d->is_watched)
			str_adds(&title, ", not watched");
		frame_put(f, (struct area){at->area.row, 1, 1, at->area.cols - 1},
			STYLE_TITLE, title.buf);
		draw.area.row++;
		draw.area.rows--;
	}
	page_init(&p, draw.area.cols - 1);
	for (size_t i = 0; i < d->len; i++)
		due_row(&p, &d->rows[i], (int)i, sc->now.wall);
	page_draw(&p, f, &draw);
	page_release(&p);
	str_release(&title);
}
