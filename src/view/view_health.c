#include "view/view_health.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "view/form.h"
#include "view/healthwords.h"
#include "view/strip.h"

enum {
	TILE_COLS = 40,
	TILE_ROWS = 7,
	TILE_BARS = 30,
	TABLE_BOX_ROWS = 6,
	TABLE_BOX_FROM = 17, /* rows of the screen's middle */
	CHANGES_LEAST = 3,
	CHANGE_COLS = 58,
	FROZEN_MS = 2000,
};

void
view_health_init(struct health_state *st)
{
	*st = (struct health_state){.item = NONE, .detail = {.id = SCROLL_NOTHING}};
}

void
view_health_release(struct health_state *st)
{
	vec_free(&st->order.list);
	scroll_release(&st->detail);
	view_health_init(st);
}

/* ---- order and mark ---- */

static int
place_of(const struct health_state *st, int item)
{
	for (size_t i = 0; i < st->order.list.len; i++)
		if (st->order.list.at[i] == item)
			return (int)i;
	return NONE;
}

static void
set_order(const struct health_scene *hs, struct health_state *st, struct now now)
{
	size_t n = board_items(hs->board);
	bool first = st->order.list.len == 0;

	if (st->order.list.len == n && now.mono.ms - st->touched.ms < FROZEN_MS)
		return;
	vec_reserve(&st->order.list, n);
	st->order.list.len = n;
	board_sort(hs->board, now, st->order.list.at);
	if (first && st->item == NONE && n)
		st->item = st->order.list.at[0];
	if (st->item >= (int)n)
		st->item = NONE;
}

static void
keep_in_sight(struct health_state *st, int rows)
{
	int n = (int)st->order.list.len, across = st->across > 0 ? st->across : 1;
	int all = (n + across - 1) / across, place = place_of(st, st->item);

	st->rows = rows > 0 ? rows : 1;
	if (place != NONE && place / across < st->top)
		st->top = place / across;
	if (place != NONE && place / across >= st->top + st->rows)
		st->top = place / across - st->rows + 1;
	if (st->top > all - st->rows)
		st->top = all - st->rows;
	if (st->top < 0)
		st->top = 0;
}

void
view_health_move(
	const struct health_scene *hs, struct health_state *st, enum health_move m)
{
	int n = (int)st->order.list.len, place = place_of(st, st->item), to;
	int across = st->across > 0 ? st->across : 1, page = across * st->rows;
	const int steps[] = {[HEALTH_LEFT] = -1,
		[HEALTH_RIGHT] = 1,
		[HEALTH_UP] = -across,
		[HEALTH_DOWN] = across,
		[HEALTH_HALF_UP] = -(
			page / 2 > across ? page / 2 / across * across : across),
		[HEALTH_HALF_DOWN] = page / 2 > across ? page / 2 / across * across
						       : across,
		[HEALTH_PAGE_UP] = -page,
		[HEALTH_PAGE_DOWN] = page,
		[HEALTH_FIRST] = -n,
		[HEALTH_LAST] = n};

	if (!hs->board || n == 0)
		return;
	to = place == NONE ? 0 : place + steps[m];
	/* up and down stay in their column */
	if ((m == HEALTH_UP || m == HEALTH_DOWN) && (to < 0 || to >= n))
		to = m == HEALTH_DOWN && place / across < (n - 1) / across ? n - 1
									   : place;
	st->item = st->order.list.at[to < 0 ? 0 : to >= n ? n - 1 : to];
	st->detail.top = 0;
}

bool
view_health_find(const struct health_scene *hs, struct health_state *st, const char *text,
	enum health_way way)
{
	int n = (int)st->order.list.len, place = place_of(st, st->item);

	for (int i = 1; hs->board && i <= n; i++) {
		int at = place == NONE
			? i - 1
			: (place + (way == HEALTH_FORWARD ? i : n - i)) % n;
		struct board_shown s;

		board_show(hs->board, st->order.list.at[at], (struct now){0}, &s);
		if (!form_row_matches(s.name, text))
			continue;
		st->item = st->order.list.at[at];
		return true;
	}
	return false;
}

static bool
is_tiled(const struct health_state *st, const struct frame *f)
{
	return st->layout == HEALTH_TILES ||
		(st->layout == HEALTH_BY_SIZE && scene_size(f) >= SCENE_NORMAL);
}

void
view_health_turn(struct health_state *st, const struct frame *f)
{
	st->layout = is_tiled(st, f) ? HEALTH_TABLE : HEALTH_TILES;
	st->top = 0;
}

/* ---- words around ---- */

void
view_health_summary(const struct board *b, struct now now, struct str *out)
{
	size_t probes = board_probes(b), hosts = board_items(b) - probes;
	struct board_count n;
	char age[STAMP_BYTES];

	board_count(b, now, &n);
	str_addf(out, "%zu probe%s", probes, probes == 1 ? "" : "s");
	if (hosts)
		str_addf(out, ", %zu host%s", hosts, hosts == 1 ? "" : "s");
	for (int rank = 0; rank < VITAL_STATE_COUNT; rank++) {
		enum vital_state s = strip_ranked(rank);

		if (n.of[s] && s != VITAL_OK)
			str_addf(out, ", %d %s", n.of[s], vital_state_name(s));
	}
	if (n.total && n.of[VITAL_OK] == n.total)
		str_adds(out, ", all OK");
	if (board_is_watched(b) == BOARD_PAUSED)
		str_adds(out, ". PAUSED: nothing is looked at.");
	else if (n.oldest_ms >= 0)
		str_addf(out, ". Oldest answer %s ago.",
			healthwords_span(n.oldest_ms, age));
	else
		str_adds(out, ". No answer yet.");
}

static void
draw_summary(const struct scene *sc, const struct health_scene *hs,
	const struct health_state *st, struct frame *f, struct area a)
{
	struct str text = STR_INIT;
	int n = (int)st->order.list.len, first = st->top * st->across,
	    shown = st->rows * st->across;
	char where[48] = "";

	if (!st->open && shown < n)
		snprintf(where, sizeof where, "%d-%d of %d", first + 1,
			first + shown > n ? n : first + shown, n);
	view_health_summary(hs->board, sc->now, &text);
	a.col++;
	a.cols -= 2;
	if (*where)
		a.cols -= frame_put_right(f, a, STYLE_DIM, where) + 1;
	frame_put(f, a,
		board_is_watched(hs->board) == BOARD_PAUSED ? STYLE_WARN : STYLE_TEXT,
		text.buf);
	str_release(&text);
}

/* ---- changes ---- */

/* Beside one another where all of them have room. */
static int
changes_across(const struct vital *v, struct now now, int cols)
{
	int across = cols / CHANGE_COLS > 0 ? cols / CHANGE_COLS : 1;

	for (size_t i = 0; across > 1 && i < vital_changes(v); i++) {
		struct str text = STR_INIT;

		healthwords_change(vital_change(v, i), now, &text);
		while (across > 1 && (int)text_cells(text.buf) > cols / across - 2)
			across--;
		str_release(&text);
	}
	return across;
}

static size_t
draw_changes(const struct vital *v, struct now now, struct frame *f, struct area a)
{
	int across = changes_across(v, now, a.cols);
	size_t n = vital_changes(v), most = (size_t)(across * (a.rows > 0 ? a.rows : 0));
	size_t first = n > most ? n - most : 0;

	for (size_t i = first; i < n; i++) {
		const struct vital_change *ch = vital_change(v, i);
		int at = (int)(i - first), cols = a.cols / across;
		struct str text = STR_INIT;

		healthwords_change(ch, now, &text);
		frame_put(f,
			(struct area){a.row + at / across, a.col + at % across * cols, 1,
				cols - 2},
			STYLE_TEXT, text.buf);
		str_release(&text);
	}
	return n - first;
}

static void
draw_last_changes(const struct scene *sc, const struct health_scene *hs,
	const struct health_state *st, struct frame *f, struct area a)
{
	struct str head = STR_INIT, key = STR_INIT;
	struct board_shown s;

	if (st->item == NONE || a.rows < 2)
		return;
	board_show(hs->board, st->item, sc->now, &s);
	keymap_first_text(sc->keys, ACTION_HEALTH_OPEN, f->ascii, &key);
	str_addf(&head, "%s, last changes (UTC)   %s: full history and raw answers",
		s.name, key.buf);
	frame_put(f, (struct area){a.row, 1, 1, a.cols - 2}, STYLE_TITLE, head.buf);
	a = (struct area){a.row + 1, 3, a.rows - 1, a.cols - 4};
	if (!draw_changes(board_vital(hs->board, st->item), sc->now, f, a))
		frame_put(f, a, STYLE_DIM,
			s.since.ms ? "no change since it is known" : "not looked at yet");
	str_release(&key);
	str_release(&head);
}

/* ---- tiles ---- */

static void
tile_numbers(const struct healthwords *w, struct frame *f, struct area a)
{
	struct str rest = STR_INIT;
	int used;

	used = frame_put(f, a, w->good ? STYLE_STRONG : w->style, w->now.buf);
	a.col += used + 1;
	a.cols -= used + 1;
	if (!w->good)
		return; /* the sentence is what matters */
	if (w->p50.len)
		str_addf(&rest, " p50 %s  p95 %s", w->p50.buf, w->p95.buf);
	if (a.cols > (int)(text_cells(rest.buf) + text_cells(w->edge.buf)))
		frame_put_right(f, a, STYLE_DIM, w->edge.buf);
	frame_put(f, a, STYLE_TEXT, rest.buf);
	str_release(&rest);
}

static void
tile_bars(const struct health_scene *hs, int item, const struct healthwords *w,
	struct frame *f, struct area a)
{
	struct str bars = STR_INIT, span = STR_INIT;
	int used;

	healthwords_spark(hs->board, item,
		a.cols - 6 < TILE_BARS ? a.cols - 6 : TILE_BARS, f->ascii, &bars, &span);
	used = frame_put(f, a, w->style, bars.buf);
	a.col += used + 1;
	a.cols -= used + 1;
	frame_put(f, a, STYLE_DIM, span.buf);
	str_release(&span);
	str_release(&bars);
}

/* Where something is wrong, there is a way to what it is. */
static void
tile_more(const struct scene *sc, const struct healthwords *w, struct frame *f,
	struct area a)
{
	struct str hint = STR_INIT;
	int used = frame_put(f, a, STYLE_TEXT, w->more.buf);

	if (w->style != STYLE_FAIL)
		return;
	if (used)
		str_addf(&hint, " %s ", frame_symbol(f, SYMBOL_DOT));
	keymap_first_text(sc->keys, ACTION_HEALTH_OPEN, f->ascii, &hint);
	str_adds(&hint, " for why");
	a.col += used;
	a.cols -= used;
	if ((int)text_cells(hint.buf) <= a.cols)
		frame_put(f, a, STYLE_DIM, hint.buf);
	str_release(&hint);
}

static void
draw_tile(const struct scene *sc, const struct health_scene *hs, int item, bool marked,
	struct frame *f, struct area a)
{
	struct healthwords w;
	struct str right = STR_INIT;
	struct area in;

	healthwords_make(hs->board, item, sc->now, f->ascii, &w);
	str_addf(&right, "%s%s%s", w.state.buf, w.since.len ? " " : "", w.since.buf);
	in = frame_box(f, a,
		&(struct frame_box){.title = w.shown.name,
			.right = right.buf,
			.right_style = w.style,
			.focus = marked ? FRAME_FOCUS : FRAME_NO_FOCUS});
	if (marked)
		frame_cursor(f, a.row, a.col + 2);
	in = (struct area){in.row, in.col + 1, 1, in.cols - 2};
	tile_numbers(&w, f, in);
	in.row++;
	tile_bars(hs, item, &w, f, in);
	in.row++;
	frame_putf(f, in, STYLE_DIM, "expect %s", w.shown.expect);
	in.row++;
	frame_put(f, in, STYLE_DIM, w.answer.buf);
	in.row++;
	tile_more(sc, &w, f, in);
	str_release(&right);
	healthwords_release(&w);
}

static void
draw_tiles(const struct scene *sc, const struct health_scene *hs, struct health_state *st,
	struct frame *f, struct area a)
{
	int n = (int)st->order.list.len, rows, all, cols;

	st->across = a.cols / TILE_COLS > 0 ? a.cols / TILE_COLS : 1;
	all = (n + st->across - 1) / st->across;
	rows = (a.rows - CHANGES_LEAST) / TILE_ROWS;
	if (rows < 1)
		rows = 1;
	keep_in_sight(st, rows < all ? rows : all);
	cols = a.cols / st->across;
	for (int i = st->top * st->across; i < n && i < (st->top + st->rows) * st->across;
		i++) {
		int item = st->order.list.at[i];
		struct area tile = {a.row + (i / st->across - st->top) * TILE_ROWS,
			i % st->across * cols, TILE_ROWS, cols};

		if (tile.row + tile.rows > a.row + a.rows)
			tile.rows = a.row + a.rows - tile.row;
		draw_tile(sc, hs, item, item == st->item, f, tile);
	}
	a.row += st->rows * TILE_ROWS;
	a.rows -= st->rows * TILE_ROWS;
	draw_last_changes(sc, hs, st, f, a);
}

/* ---- table ---- */

struct columns {
	int state, since, name, now, p50, p95, bars, answer;
};

static struct columns
columns_of(int cols)
{
	if (cols >= 150)
		return (struct columns){9, 8, 30, 26, 8, 8, 31, 30};
	if (cols >= 100)
		return (struct columns){9, 8, 24, 20, 7, 7, 17, 0};
	if (cols >= 80)
		return (struct columns){9, 8, 16, 9, 6, 6, 13, 0};
	return (struct columns){9, 8, 15, 10, 0, 0, 9, 0};
}

/* Draws within the first `cells` of a, and a blank; gives what is left of it. */
static struct area
column(struct frame *f, struct area a, int cells, enum style style, const char *text)
{
	struct area here = a;

	here.cols = cells - 1 < a.cols ? cells - 1 : a.cols;
	if (here.cols > 0)
		frame_put(f, here, style, text);
	a.col += cells;
	a.cols -= cells;
	return a;
}

static void
draw_head(struct frame *f, struct area a, const struct columns *c)
{
	struct str last = STR_INIT;

	str_addf(&last, "LAST %d", c->bars - 1);
	a = column(f, a, 2, STYLE_DIM, "");
	a = column(f, a, c->state, STYLE_DIM, "STATE");
	a = column(f, a, c->since, STYLE_DIM, "SINCE");
	a = column(f, a, c->name, STYLE_DIM, "PROBE");
	a = column(f, a, c->now, STYLE_DIM, "NOW");
	a = column(f, a, c->p50, STYLE_DIM, "p50");
	a = column(f, a, c->p95, STYLE_DIM, "p95");
	a = column(f, a, c->bars, STYLE_DIM, last.buf);
	a = column(f, a, c->answer, STYLE_DIM, "ANSWER");
	if (a.cols > 0)
		frame_put(f, a, STYLE_DIM, "EXPECT");
	str_release(&last);
}

static void
draw_row(const struct scene *sc, const struct health_scene *hs, int item, bool marked,
	struct frame *f, struct area a)
{
	struct columns c = columns_of(a.cols);
	struct str bars = STR_INIT;
	struct area row = a;
	struct healthwords w;

	healthwords_make(hs->board, item, sc->now, f->ascii, &w);
	healthwords_spark(hs->board, item, c.bars - 1, f->ascii, &bars, NULL);
	a = column(f, a, 2, STYLE_MARK, marked ? ">" : "");
	a = column(f, a, c.state, w.style, w.state.buf);
	a = column(f, a, c.since, STYLE_TEXT, w.since.buf);
	a = column(f, a, c.name, STYLE_TEXT, w.shown.name);
	/* its state says it shorter than the sentence would */
	a = column(f, a, c.now, w.good ? STYLE_STRONG : w.style,
		w.good || w.shown.skipped != NONE ||
				(w.shown.state != VITAL_STALE && *w.shown.message)
			? w.now.buf
			: "-");
	a = column(f, a, c.p50, STYLE_TEXT, w.p50.len ? w.p50.buf : "-");
	a = column(f, a, c.p95, STYLE_TEXT, w.p95.len ? w.p95.buf : "-");
	a = column(f, a, c.bars, w.style, bars.buf);
	a = column(f, a, c.answer, STYLE_DIM, w.answer.buf);
	if (a.cols > 0)
		frame_put(f, a, STYLE_DIM, w.shown.expect);
	if (marked) {
		frame_restyle(f, row, STYLE_SELECT);
		frame_cursor(f, row.row, row.col);
	}
	str_release(&bars);
	healthwords_release(&w);
}

static void
draw_box(const struct scene *sc, const struct health_scene *hs,
	const struct health_state *st, struct frame *f, struct area a)
{
	struct str right = STR_INIT, line = STR_INIT;
	struct healthwords w;

	if (st->item == NONE)
		return;
	healthwords_make(hs->board, st->item, sc->now, f->ascii, &w);
	str_addf(&right, "%s%s%s", w.state.buf, w.since.len ? " " : "", w.since.buf);
	a = frame_box(f, a,
		&(struct frame_box){.title = w.shown.name,
			.right = right.buf,
			.right_style = w.style});
	a = (struct area){a.row, a.col + 1, a.rows, a.cols - 2};
	frame_put(f, a, STYLE_TEXT, *w.shown.message ? w.shown.message : w.now.buf);
	str_addf(&line, "%s%s%s%s%s", w.answer.buf, w.more.len ? " " : "",
		w.more.len ? frame_symbol(f, SYMBOL_DOT) : "", w.more.len ? " " : "",
		w.more.buf);
	a.row++;
	frame_put(f, a, STYLE_DIM, line.buf);
	a.row++;
	a.rows -= 2;
	draw_changes(board_vital(hs->board, st->item), sc->now, f, a);
	str_release(&line);
	str_release(&right);
	healthwords_release(&w);
}

static void
draw_table(const struct scene *sc, const struct health_scene *hs, struct health_state *st,
	struct frame *f, struct area a)
{
	struct columns c = columns_of(a.cols);
	struct area box = {
		a.row + a.rows - TABLE_BOX_ROWS, a.col, TABLE_BOX_ROWS, a.cols};
	int n = (int)st->order.list.len;

	st->across = 1;
	draw_head(f, a, &c);
	a.row++;
	a.rows--;
	if (a.rows + 1 >= TABLE_BOX_FROM) {
		a.rows -= TABLE_BOX_ROWS;
		if (a.rows > n) { /* the rest is for what changed */
			box.row = a.row + n + 1;
			box.rows += a.rows - n - 1;
		}
		draw_box(sc, hs, st, f, box);
	}
	keep_in_sight(st, a.rows);
	for (int i = st->top; i < n && i < st->top + st->rows; i++) {
		int item = st->order.list.at[i];

		draw_row(sc, hs, item, item == st->item, f,
			(struct area){a.row + i - st->top, a.col, 1, a.cols});
	}
}

/* ---- the whole ---- */

const struct health_use *
view_health_marked_use(const struct health_scene *hs, const struct health_state *st)
{
	int i = st->detail.id;

	return st->open && i >= 0 && (size_t)i < hs->uses_len && hs->uses[i].path
		? &hs->uses[i]
		: NULL;
}

void
view_health_can(const struct scene *sc, const struct health_scene *hs,
	const struct health_state *st, struct keymap_can *can)
{
	const char *none = !hs->board ? hs->none
		: st->item == NONE    ? "no probe is marked"
				      : NULL;
	bool paused = hs->board && board_is_watched(hs->board) == BOARD_PAUSED;

	keymap_deny(can, ACTION_HEALTH_OPEN,
		none ? none
			: st->open && !view_health_marked_use(hs, st)
			? "no runbook is marked"
			: NULL);
	keymap_deny(can, ACTION_HEALTH_CHECK, none ? none : hs->no_check);
	keymap_deny(can, ACTION_HEALTH_MUTE, none ? none : hs->no_mute);
	keymap_deny(can, ACTION_HEALTH_LOGS, none ? none : hs->no_logs);
	keymap_deny(can, ACTION_HEALTH_VIEW,
		!hs->board         ? hs->none
			: st->open ? "the details are open"
				   : NULL);
	keymap_deny(can, ACTION_HEALTH_PAUSE, hs->board ? NULL : hs->none);
	can->word[ACTION_HEALTH_PAUSE] = paused ? "go on" : NULL;
	if (!none && vital_muted(board_vital(hs->board, st->item), sc->now))
		can->word[ACTION_HEALTH_MUTE] = "end mute";
	if (st->open)
		can->word[ACTION_HEALTH_OPEN] = "open runbook";
	keymap_deny(can, ACTION_RUN_ANSWER, sc->asks ? NULL : "nobody asks for anything");
}

void
view_health_draw(const struct scene *sc, const struct health_scene *hs,
	struct health_state *st, struct frame *f)
{
	struct keymap_can can = {0};
	struct area a;

	if (hs->board)
		set_order(hs, st, sc->now);
	view_health_can(sc, hs, st, &can);
	a = scene_draw(sc, f, ON_HEALTH, &can);
	if (!hs->board || !st->order.list.len) {
		frame_put(f, (struct area){a.row + 1, 2, 1, a.cols - 4}, STYLE_DIM,
			hs->board ? "no probe is named here" : hs->none);
		frame_cursor(f, a.row + 1, 2);
		return;
	}
	a.rows--;
	frame_cursor(f, a.row, 0);
	if (st->open && st->item != NONE)
		view_health_detail(sc, hs, st, f, a);
	else if (is_tiled(st, f))
		draw_tiles(sc, hs, st, f, a);
	else
		draw_table(sc, hs, st, f, a);
	draw_summary(sc, hs, st, f, (struct area){a.row + a.rows, a.col, 1, a.cols});
}
