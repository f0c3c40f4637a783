#include "view/view_commands.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "view/form.h"

enum { WIDE = 96, NAME_CELLS = 16 };

void
view_commands_open(struct commands_state *st, enum keymap_place place)
{
	*st = (struct commands_state){.place = place};
	field_init(&st->search);
	st->scroll.id = SCROLL_NOTHING;
}

void
view_commands_release(struct commands_state *st)
{
	field_release(&st->search);
	scroll_release(&st->scroll);
}

bool
view_commands_wants(
	const struct scene *sc, const struct commands_state *st, enum action a)
{
	const struct keymap_row *row = keymap_row(a);
	char *text, *query, *save = NULL;
	bool all = true;

	/* how to move needs no name */
	if (!(row->places & (int)st->place) || row->group == GROUP_MOVE ||
		row->group == GROUP_EDIT || a == ACTION_COMMANDS)
		return false;
	text = mem_printf("%s %s %s", row->name, row->help, keymap_keys(sc->keys, a));
	query = mem_strdup(st->search.text.buf);
	for (char *w = strtok_r(query, " ", &save); w && all;
		w = strtok_r(NULL, " ", &save))
		all = form_row_matches(text, w);
	mem_free(query);
	mem_free(text);
	return all;
}

/* Who types fast presses Enter before a frame has marked anything. */
enum action
view_commands_marked(const struct scene *sc, const struct commands_state *st,
	const struct keymap_can *can)
{
	if (st->scroll.id != SCROLL_NOTHING)
		return st->scroll.id;
	for (int later = 0; later < 2; later++)
		for (int a = 0; a < ACTION_COUNT; a++)
			if (can->not_now[a] == (later == 1) &&
				view_commands_wants(sc, st, a))
				return a;
	return ACTION_NONE;
}

static void
command_row(const struct scene *sc, enum action a, const struct keymap_can *can,
	bool ascii, struct page *p)
{
	const struct keymap_row *row = keymap_row(a);
	bool now = !can->not_now[a];
	struct str keys = STR_INIT;

	keymap_keys_text(sc->keys, a, ascii, &keys);
	page_line(p, (int)a);
	page_add(p, now ? STYLE_TEXT : STYLE_OFF, row->name);
	page_column(p, NAME_CELLS);
	page_add(p, now ? STYLE_TEXT : STYLE_OFF, now ? row->help : can->why[a]);
	page_right(p, now ? STYLE_KEY : STYLE_OFF, keys.buf);
	str_release(&keys);
}

static int
rows_of(const struct scene *sc, const struct commands_state *st,
	const struct keymap_can *can, bool ascii, struct page *p)
{
	int shown = 0;

	for (int later = 0; later < 2; later++) {
		bool headed = later == 0;

		for (int a = 0; a < ACTION_COUNT; a++) {
			if (can->not_now[a] != (later == 1) ||
				!view_commands_wants(sc, st, a))
				continue;
			if (!headed) {
				if (shown)
					page_blank(p);
				page_heading(p, "Not now, and why");
			}
			headed = true;
			command_row(sc, a, can, ascii, p);
			shown++;
		}
	}
	if (!shown)
		page_text(p, 0, STYLE_DIM, "no command matches");
	return shown;
}

/* What Enter would do, below the list. */
static const char *
outcome(const struct commands_state *st, const struct keymap_can *can)
{
	int a = st->scroll.id;

	if (a < 0)
		return "Type a part of what you want to do.";
	if (can->not_now[a])
		return "This cannot be done now.";
	return keymap_row(a)->effect == KEYMAP_EXECUTES
		? "It may run something: do it on the screen itself, by its key."
		: "Enter does it. Nothing runs on a host from here.";
}

/* The marked one in full, with what Enter would do. */
static void
draw_marked(struct frame *f, struct area a, const struct commands_state *st,
	const struct keymap_can *can)
{
	int marked = st->scroll.id;
	struct scroll none = {.id = SCROLL_NOTHING};
	struct page p;

	page_init(&p, a.cols);
	if (marked >= 0)
		page_text(&p, 0, STYLE_TEXT,
			can->not_now[marked] ? can->why[marked]
					     : keymap_row(marked)->help);
	page_text(&p, 0, STYLE_DIM, outcome(st, can));
	page_draw(&p, f, &(struct page_draw){.area = a, .scroll = &none});
	scroll_release(&none);
	page_release(&p);
}

static void
mark_one(struct commands_state *st, const struct page *p)
{
	scroll_begin(&st->scroll, st->scroll.height ? st->scroll.height : 1);
	for (size_t i = 0; i < p->lines.len; i++)
		scroll_line(&st->scroll, p->lines.at[i].id);
	scroll_end(&st->scroll);
	scroll_default(&st->scroll);
}

void
view_commands_draw(const struct scene *sc, struct commands_state *st,
	const struct keymap_can *can, struct frame *f)
{
	struct keymap_can all = {0};
	struct area a, in;
	char right[48];
	struct page p;
	int shown;

	all.word[ACTION_ESCAPE] = "close";
	frame_fill(f, (struct area){f->rows - 1, 0, 1, f->cols}, STYLE_TEXT);
	a = scene_draw(sc, f, ON_COMMANDS, &all);
	frame_fill(f, a, STYLE_TEXT);
	if (a.cols > WIDE) {
		a.col += (a.cols - WIDE) / 2;
		a.cols = WIDE;
	}
	page_init(&p, a.cols - 4);
	shown = rows_of(sc, st, can, f->ascii, &p);
	mark_one(st, &p);
	snprintf(right, sizeof right, "%d command%s", shown, shown == 1 ? "" : "s");
	in = frame_box(f, a,
		&(struct frame_box){.title = "Commands",
			.focus = FRAME_FOCUS,
			.right = right,
			.right_style = STYLE_DIM});
	frame_put(f, (struct area){in.row, in.col + 1, 1, 2}, STYLE_KEY, ":");
	page_draw(&p, f,
		&(struct page_draw){.area = {in.row + 1, in.col, in.rows - 5, in.cols},
			.scroll = &st->scroll,
			.focus = FRAME_FOCUS,
			.mark = PAGE_MARK});
	for (int c = 0; c < in.cols; c++)
		frame_put(f, (struct area){in.row + in.rows - 4, in.col + c, 1, 1},
			STYLE_BORDER, frame_symbol(f, SYMBOL_H));
	draw_marked(f, (struct area){in.row + in.rows - 3, in.col + 1, 3, in.cols - 2},
		st, can);
	field_draw(&st->search, f, (struct area){in.row, in.col + 3, 1, in.cols - 4},
		FRAME_FOCUS);
	page_release(&p);
}
