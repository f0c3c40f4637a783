#include "view/view_help.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "model/runbook.h"
#include "run/run.h"
#include "view/form.h"

enum { KEYS_COL = 16 };

void
view_help_open(struct help_state *h, enum keymap_place place)
{
	*h = (struct help_state){.place = place};
	field_init(&h->search);
	h->scroll.id = SCROLL_NOTHING;
}

void
view_help_release(struct help_state *h)
{
	field_release(&h->search);
	scroll_release(&h->scroll);
}

static void
help_row(const struct scene *sc, enum action a, const struct keymap_can *can, bool ascii,
	struct page *p)
{
	const struct keymap_row *row = keymap_row(a);
	struct str keys = STR_INIT, help = STR_INIT;
	bool now = !can->not_now[a];

	str_adds(&keys, "  ");
	keymap_keys_text(sc->keys, a, ascii, &keys);
	str_adds(&help, row->help);
	if (!now)
		str_addf(&help, " (not now: %s)", can->why[a]);
	page_block(p,
		&(struct page_block){.label = keys.buf,
			.label_style = now ? STYLE_KEY : STYLE_OFF,
			.style = now ? STYLE_TEXT : STYLE_OFF,
			.indent = KEYS_COL,
			.id = a},
		help.buf);
	str_release(&help);
	str_release(&keys);
}

static bool
wanted(const struct scene *sc, const struct help_state *h, enum action a)
{
	const struct keymap_row *row = keymap_row(a);
	const char *find = h->search.text.buf;

	return row->places & (int)h->place && *keymap_keys(sc->keys, a) &&
		(form_row_matches(row->help, find) ||
			form_row_matches(keymap_keys(sc->keys, a), find) ||
			form_row_matches(row->name, find));
}

static void
signs(struct page *p)
{
	struct str text = STR_INIT;

	page_blank(p);
	page_heading(p, "Signs");
	for (int s = 0; s < STEP_STATE_COUNT; s++)
		if (s != STEP_IS_UNKNOWN)
			str_addf(&text, "%s %s  ", run_step_state_box(s),
				run_step_state_name(s));
	page_text(p, 2, STYLE_TEXT, text.buf);
	str_reset(&text);
#define X(id, name, mark, help) str_addf(&text, "%s %s   ", mark, help);
	RISKS(X)
#undef X
	page_text(p, 2, STYLE_TEXT, text.buf);
	page_text(p, 2, STYLE_DIM,
		"auto: proven by a check; a name: ticked or signed by them");
	str_release(&text);
}

static void
help_page(const struct scene *sc, const struct help_state *h,
	const struct keymap_can *can, bool ascii, struct page *p)
{
	for (int g = 0; g < GROUP_COUNT; g++) {
		bool headed = false;

		for (int later = 0; later < 2; later++)
			for (int a = 0; a < ACTION_COUNT; a++) {
				if ((int)keymap_row(a)->group != g || !wanted(sc, h, a) ||
					can->not_now[a] != (later == 1))
					continue;
				if (!headed)
					page_heading(p, keymap_group_title(g));
				headed = true;
				help_row(sc, a, can, ascii, p);
			}
	}
	if (!p->lines.len)
		page_text(p, 2, STYLE_DIM, "no key matches");
	if (!h->search.text.len)
		signs(p);
}

void
view_help_draw(const struct scene *sc, struct help_state *h, const struct keymap_can *can,
	struct frame *f)
{
	struct keymap_can none = {0};
	struct area a, in;
	struct page p;
	char where[48];
	struct area search;

	a = scene_draw(sc, f, ON_HELP, &none);
	frame_fill(f, (struct area){f->rows - 1, 0, 1, f->cols}, STYLE_TEXT);
	frame_put(f, (struct area){f->rows - 1, 1, 1, f->cols - 2}, STYLE_TEXT,
		"type to search the keys   PgDn more   Esc closes");
	frame_fill(f, a, STYLE_TEXT);
	if (a.cols > 96) {
		a.col += (a.cols - 96) / 2;
		a.cols = 96;
	}
	page_init(&p, a.cols - 4);
	help_page(sc, h, can, f->ascii, &p);
	scroll_begin(&h->scroll, a.rows - 3);
	for (size_t i = 0; i < p.lines.len; i++)
		scroll_line(&h->scroll, p.lines.at[i].id);
	scroll_end(&h->scroll);
	in = frame_box(f, a,
		&(struct frame_box){.title = "Keys of this screen",
			.focus = FRAME_FOCUS,
			.right = page_where(&h->scroll, where),
			.right_style = STYLE_DIM});
	frame_put(f, (struct area){in.row, in.col + 1, 1, 8}, STYLE_DIM, "search:");
	search = (struct area){in.row, in.col + 9, 1, 30};
	page_draw(&p, f,
		&(struct page_draw){
			.area = {in.row + 1, in.col + 1, in.rows - 1, in.cols - 2},
			.scroll = &h->scroll});
	field_draw(&h->search, f, search, FRAME_FOCUS);
	page_release(&p);
}
