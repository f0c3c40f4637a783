#include "view/strip.h"

#include <string.h>

#include "base/stamp.h"
#include "base/text.h"

enum { LABEL_COLS = 100, HINT_GAP = 3, SEPARATOR_CELLS = 3 };

enum style
strip_style(enum vital_state s)
{
	static const enum style styles[VITAL_STATE_COUNT] = {
		[VITAL_OK] = STYLE_OK,
		[VITAL_WARN] = STYLE_WARN,
		[VITAL_FAIL] = STYLE_FAIL,
		[VITAL_DOWN] = STYLE_FAIL,
		[VITAL_UNKNOWN] = STYLE_WAIT,
		[VITAL_STALE] = STYLE_WAIT,
		[VITAL_MUTED] = STYLE_OFF,
		[VITAL_OFF] = STYLE_OFF,
	};

	return styles[s];
}

enum vital_state
strip_ranked(int rank)
{
	for (int s = 0; s < VITAL_STATE_COUNT; s++)
		if (vital_state_rank((enum vital_state)s) == rank)
			return (enum vital_state)s;
	return VITAL_UNKNOWN;
}

/* Nobody must do anything about it. */
static bool
is_quiet(enum vital_state s)
{
	return s == VITAL_OK || s == VITAL_MUTED || s == VITAL_OFF;
}

static void
reading_text(const struct scene_reading *r, struct str *out)
{
	char age[STAMP_BYTES];

	str_reset(out);
	str_addf(out, "%s %s%s%s", r->name, r->state, r->value ? " " : "",
		r->value ? r->value : "");
	if (r->age_ms > 0)
		str_addf(out, " (%s ago)", stamp_duration(r->age_ms / 1000 * 1000, age));
}

static int
reading_cells(const struct scene_reading *r)
{
	struct str text = STR_INIT;
	int cells;

	reading_text(r, &text);
	cells = (int)text_cells(text.buf);
	str_release(&text);
	return cells;
}

/* Draws one thing behind what is there; gives the column after it. */
static int
put(struct frame *f, int col, int end, enum style style, const char *text, bool first)
{
	if (!first)
		col += frame_put(f, (struct area){1, col, 1, end - col}, STYLE_DIM,
			f->ascii ? " - " : " · ");
	return col + frame_put(f, (struct area){1, col, 1, end - col}, style, text);
}

static int
put_reading(struct frame *f, int col, int end, const struct scene_reading *r, bool first)
{
	struct str text = STR_INIT;

	reading_text(r, &text);
	col = put(f, col, end, strip_style(r->health), text.buf, first);
	str_release(&text);
	return col;
}

static bool
all_fit(const struct scene *s, int room)
{
	int need = -SEPARATOR_CELLS;

	for (size_t i = 0; i < s->strip_len && need <= room; i++)
		need += reading_cells(&s->strip[i]) + SEPARATOR_CELLS;
	return need <= room;
}

/* "3 DOWN": how many of those that are not named. */
static void
count_text(const int *left, enum vital_state state, bool plus, struct str *out)
{
	str_reset(out);
	str_addf(out, "%s%d %s", plus ? "+" : "", left[state], vital_state_name(state));
}

static int
counts_cells(const int *left)
{
	struct str text = STR_INIT;
	int cells = 0;

	for (int rank = 0; rank < VITAL_STATE_COUNT; rank++) {
		enum vital_state state = strip_ranked(rank);

		if (!left[state])
			continue;
		count_text(left, state, !is_quiet(state), &text);
		cells += (int)text_cells(text.buf) + SEPARATOR_CELLS;
	}
	str_release(&text);
	return cells;
}

/* The bad ones by name, as many as leave room to count the others; gives the column. */
static int
put_bad(const struct scene *s, struct frame *f, int col, int end, int *left)
{
	int start = col;

	for (int rank = 0; rank < VITAL_STATE_COUNT; rank++)
		for (size_t i = 0; i < s->strip_len; i++) {
			const struct scene_reading *r = &s->strip[i];
			int need = col > start ? SEPARATOR_CELLS : 0;

			if (r->health != strip_ranked(rank) || is_quiet(r->health))
				continue;
			left[r->health]--;
			need += reading_cells(r) + counts_cells(left);
			if (col + need > end) {
				left[r->health]++;
				return col;
			}
			col = put_reading(f, col, end, r, col == start);
		}
	return col;
}

static void
draw_short(const struct scene *s, struct frame *f, int col, int end)
{
	int left[VITAL_STATE_COUNT] = {0}, start = col;
	struct str text = STR_INIT;
	bool tight;

	for (size_t i = 0; i < s->strip_len; i++)
		left[s->strip[i].health]++;
	col = put_bad(s, f, col, end, left);
	tight = col == start && col + counts_cells(left) > end;
	for (int rank = 0; rank < VITAL_STATE_COUNT; rank++) {
		enum vital_state state = strip_ranked(rank);

		if (!left[state])
			continue;
		count_text(left, state, !is_quiet(state) && col > start && !tight, &text);
		if (tight && col > start)
			col++;
		col = put(
			f, col, end, strip_style(state), text.buf, tight || col == start);
	}
	str_release(&text);
}

void
strip_draw(const struct scene *s, struct frame *f)
{
	int col = 1, end = f->cols - 1;
	struct str hint = STR_INIT;

	keymap_first_text(s->keys, ACTION_HEALTH, f->ascii, &hint);
	if (hint.len && f->cols >= LABEL_COLS)
		str_adds(&hint, " opens");
	if (hint.len)
		end -= HINT_GAP +
			frame_put_right(f, (struct area){1, 1, 1, f->cols - 2}, STYLE_DIM,
				hint.buf);
	if (f->cols >= LABEL_COLS)
		col += frame_put(
			f, (struct area){1, col, 1, end - col}, STYLE_DIM, "HEALTH  ");
	if (all_fit(s, end - col)) {
		for (size_t i = 0; i < s->strip_len; i++)
			col = put_reading(f, col, end, &s->strip[i], i == 0);
	} else {
		draw_short(s, f, col, end);
	}
	str_release(&hint);
}
