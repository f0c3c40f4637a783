#include "view/view_logs.h"

#include <stdio.h>
#include <string.h>

#include "base/stamp.h"
#include "view/view_logs_row.h"

enum { UNFOLDED_MAX = 256 };

void
view_logs_release(struct view_logs_state *st)
{
	vec_free(&st->unfolded);
}

/* ---- rows: the wanted lines without what is folded away ---- */

static const struct logline *
line_of(const struct logs_scene *ls, uint64_t seq)
{
	return logstore_at(logs_store(ls->logs), seq);
}

static bool
is_trace(const struct logs_scene *ls, uint64_t seq)
{
	return line_of(ls, seq)->flags & LOGLINE_CONTINUES;
}

/* The first of the lines of one trace that stand together in the index. */
static size_t
trace_start(const struct logs_scene *ls, size_t i)
{
	uint16_t source = line_of(ls, query_at(ls->wanted, i))->source;

	while (i > 0 && is_trace(ls, query_at(ls->wanted, i - 1)) &&
		line_of(ls, query_at(ls->wanted, i - 1))->source == source)
		i--;
	return i;
}

static size_t
trace_end(const struct logs_scene *ls, size_t i)
{
	uint16_t source = line_of(ls, query_at(ls->wanted, i))->source;

	while (i < query_count(ls->wanted) && is_trace(ls, query_at(ls->wanted, i)) &&
		line_of(ls, query_at(ls->wanted, i))->source == source)
		i++;
	return i;
}

static bool
is_unfolded(const struct view_logs_state *st, uint64_t first)
{
	for (size_t i = 0; i < st->unfolded.len; i++) {
		if (st->unfolded.at[i] == first)
			return true;
	}
	return false;
}

/* A folded trace is the row of its first line. */
static size_t
row_of(const struct logs_scene *ls, const struct view_logs_state *st, size_t i)
{
	size_t start;

	if (!is_trace(ls, query_at(ls->wanted, i)))
		return i;
	start = trace_start(ls, i);
	return is_unfolded(st, query_at(ls->wanted, start)) ? i : start;
}

static bool
row_before(const struct logs_scene *ls, const struct view_logs_state *st, size_t *i)
{
	if (*i == 0)
		return false;
	*i = row_of(ls, st, *i - 1);
	return true;
}

static bool
row_after(const struct logs_scene *ls, const struct view_logs_state *st, size_t *i)
{
	uint64_t seq = query_at(ls->wanted, *i);
	size_t next = *i + 1;

	if (is_trace(ls, seq) &&
		!is_unfolded(st, query_at(ls->wanted, trace_start(ls, *i))))
		next = trace_end(ls, *i);
	if (next >= query_count(ls->wanted))
		return false;
	*i = next;
	return true;
}

/* Index of the selection's row; false: there is no line at all. */
static bool
selected_row(const struct logs_scene *ls, const struct view_logs_state *st, size_t *i)
{
	size_t n = query_count(ls->wanted);

	if (n == 0)
		return false;
	*i = st->paused ? query_rank(ls->wanted, st->line) : n - 1;
	if (*i >= n)
		*i = n - 1;
	*i = row_of(ls, st, *i);
	return true;
}

bool
view_logs_selected(
	const struct logs_scene *ls, const struct view_logs_state *st, uint64_t *line)
{
	size_t i;

	if (!selected_row(ls, st, &i))
		return false;
	*line = query_at(ls->wanted, i);
	return true;
}

/* ---- moving ---- */

void
view_logs_follow(struct view_logs_state *st)
{
	st->paused = false;
}

void
view_logs_sideways(struct view_logs_state *st, enum logs_way way)
{
	int left = st->left + (way == LOGS_BACK ? -st->cols / 2 : st->cols / 2);

	st->left = left > 0 ? left : 0;
}

void
view_logs_pause(const struct logs_scene *ls, struct view_logs_state *st)
{
	size_t i;

	if (st->paused || !selected_row(ls, st, &i))
		return;
	st->paused = true;
	st->line = query_at(ls->wanted, i);
	st->waiting = logstore_end(logs_store(ls->logs));
	st->between = st->between_errors = 0;
	st->row = st->rows > 0 ? st->rows - 1 : 0;
}

static void
select_row(const struct logs_scene *ls, struct view_logs_state *st, size_t i)
{
	view_logs_pause(ls, st);
	st->line = query_at(ls->wanted, i);
}

void
view_logs_move(
	const struct logs_scene *ls, struct view_logs_state *st, enum logs_move step)
{
	static const int parts[] = {[LOGS_UP] = 0,
		[LOGS_DOWN] = 0,
		[LOGS_PAGE_UP] = 1,
		[LOGS_PAGE_DOWN] = 1,
		[LOGS_HALF_UP] = 2,
		[LOGS_HALF_DOWN] = 2};
	bool up = step == LOGS_UP || step == LOGS_PAGE_UP || step == LOGS_HALF_UP;
	size_t i;
	int n;

	if (step == LOGS_LAST) {
		view_logs_follow(st);
		return;
	}
	if (!selected_row(ls, st, &i))
		return;
	if (step == LOGS_FIRST) {
		select_row(ls, st, row_of(ls, st, 0));
		st->row = 0;
		return;
	}
	if (!st->paused && !up)
		return;
	view_logs_pause(ls, st);
	n = parts[step] == 0 ? 1 : st->rows / parts[step];
	while (n-- > 0 && (up ? row_before(ls, st, &i) : row_after(ls, st, &i)))
		st->row += up ? -1 : 1;
	select_row(ls, st, i);
}

bool
view_logs_jump_level(const struct logs_scene *ls, struct view_logs_state *st,
	enum logs_way way, enum loglevel level)
{
	size_t i;

	if (!selected_row(ls, st, &i))
		return false;
	while (way == LOGS_FORWARD ? ++i < query_count(ls->wanted) : i-- > 0) {
		const struct logline *l = line_of(ls, query_at(ls->wanted, i));

		if (l->level < level || (l->flags & (LOGLINE_CONTINUES | LOGLINE_NOTE)))
			continue;
		select_row(ls, st, i);
		st->row = st->rows / 3;
		return true;
	}
	return false;
}

bool
view_logs_jump_found(
	const struct logs_scene *ls, struct view_logs_state *st, enum logs_way way)
{
	uint64_t line;
	size_t n = ls->found ? query_count(ls->found) : 0, i;

	if (n == 0 || !view_logs_selected(ls, st, &line))
		return false;
	i = query_rank(ls->found, line);
	if (way == LOGS_FORWARD && i < n && query_at(ls->found, i) == line)
		i++;
	if (way == LOGS_BACK && i-- == 0)
		return false;
	if (i >= n)
		return false;
	view_logs_pause(ls, st);
	st->line = query_at(ls->found, i);
	st->row = st->rows / 3;
	return true;
}

bool
view_logs_fold(const struct logs_scene *ls, struct view_logs_state *st)
{
	size_t i;
	uint64_t first;

	if (!selected_row(ls, st, &i) || !is_trace(ls, query_at(ls->wanted, i)))
		return false;
	view_logs_pause(ls, st);
	i = trace_start(ls, i);
	first = query_at(ls->wanted, i);
	for (size_t k = 0; k < st->unfolded.len; k++) {
		if (st->unfolded.at[k] == first) {
			vec_remove(&st->unfolded, k);
			st->line = first;
			return true;
		}
	}
	if (st->unfolded.len == UNFOLDED_MAX)
		vec_remove(&st->unfolded, 0);
	vec_push(&st->unfolded, first);
	return true;
}

static bool
is_error(const struct logline *l)
{
	return l->level >= LOGLEVEL_ERROR && !(l->flags & LOGLINE_CONTINUES);
}

void
view_logs_inserted(struct view_logs_state *st, uint64_t seq, const struct logline *wanted)
{
	if (seq <= st->line)
		st->line++;
	if (seq < st->waiting) {
		st->waiting++;
		st->between += wanted != NULL;
		st->between_errors += wanted && is_error(wanted);
	}
	for (size_t i = 0; i < st->unfolded.len; i++) {
		if (seq <= st->unfolded.at[i])
			st->unfolded.at[i]++;
	}
}

/* ---- what stands above ---- */

static void
source_words(const struct logs_source *s, struct mono now, struct str *out)
{
	enum logs_state state = logs_state_now(s, now);
	char at[STAMP_BYTES];

	str_addf(out, "%s %s %s", state == LOGS_LIVE ? "[x]" : "[!]", s->host, s->name);
	if (state == LOGS_STALE)
		str_addf(out, ": stale %s", stamp_duration(now.ms - s->heard.ms, at));
	else if (state != LOGS_LIVE)
		str_addf(out, ": %s", logs_state_name(state));
	else if (s->lines == 0)
		str_adds(out, ": no line yet");
	if (state != LOGS_LIVE && state != LOGS_STALE && *s->why)
		str_addf(out, " %s %s", stamp_clock(s->state_since, at), s->why);
	if (s->gaps > 0)
		str_addf(out, " (%llu gaps)", (unsigned long long)s->gaps);
}

/* The ones that need a look first. */
static void
draw_sources(const struct scene *sc, const struct logs_scene *ls, struct frame *f,
	struct area a)
{
	struct str text = STR_INIT;
	bool bad = false;

	str_adds(&text, " sources  ");
	for (int live = 0; live <= 1; live++) {
		for (size_t i = 0; i < logs_sources(ls->logs); i++) {
			const struct logs_source *s = logs_source(ls->logs, i);
			bool is_live = logs_state_now(s, sc->now.mono) == LOGS_LIVE;

			if (is_live != (live == 1))
				continue;
			bad = bad || !is_live;
			source_words(s, sc->now.mono, &text);
			str_adds(&text, "  ");
		}
	}
	frame_put(f, a, bad ? STYLE_WARN : STYLE_TEXT, text.buf);
	str_release(&text);
}

static void
draw_errors(const struct scene *sc, const struct logs_scene *ls, struct frame *f,
	struct area a)
{
	static const char *const bars[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
	static const char *const ascii[] = {".", ":", "+", "#"};
	unsigned errors[LOGS_MINUTES], peak = 0, steps = f->ascii ? 4 : 8;
	struct str text = STR_INIT;
	int minutes = a.cols >= VIEW_LOGS_WIDE_COLS ? LOGS_MINUTES : LOGS_MINUTES / 4;

	str_addf(&text, "level >= %s %s filter %s ",
		ls->level == LOGLEVEL_NONE ? "any" : loglevel_name(ls->level),
		frame_symbol(f, SYMBOL_DOT), ls->filter ? ls->filter : "none");
	a.cols -= frame_put_right(f, a, STYLE_TEXT, text.buf) + 1;
	str_reset(&text);
	logs_errors(ls->logs, sc->now.wall, errors);
	for (int i = LOGS_MINUTES - minutes; i < LOGS_MINUTES; i++)
		peak = errors[i] > peak ? errors[i] : peak;
	str_addf(&text, " errors/min  peak %u ", peak);
	for (int i = LOGS_MINUTES - minutes; i < LOGS_MINUTES; i++) {
		unsigned h = errors[i] == 0 ? 0
					    : (errors[i] * (steps - 1) + peak - 1) / peak;
		str_adds(&text, f->ascii ? ascii[h] : bars[h]);
	}
	str_addf(&text, " %d min", minutes);
	frame_put(f, a, STYLE_TEXT, text.buf);
	str_release(&text);
}

static void
count_waiting(
	const struct logs_scene *ls, const struct view_logs_state *st, struct str *out)
{
	size_t n = query_count(ls->wanted), i = query_rank(ls->wanted, st->waiting);
	size_t waiting = n - i + st->between, errors = st->between_errors;

	for (; i < n; i++)
		errors += is_error(line_of(ls, query_at(ls->wanted, i)));
	str_addf(out, "PAUSED: %zu new", waiting);
	if (errors > 0)
		str_addf(out, " (%zu error%s)", errors, errors == 1 ? "" : "s");
}

static void
title_right(const struct logs_scene *ls, const struct view_logs_state *st,
	struct frame *f, struct str *out)
{
	const char *dot = frame_symbol(f, SYMBOL_DOT);
	uint64_t dropped = logstore_dropped(logs_store(ls->logs)), late = 0, line;

	for (size_t i = 0; i < logs_sources(ls->logs); i++)
		late += logs_source(ls->logs, i)->late;
	if (st->paused)
		count_waiting(ls, st, out);
	else
		str_adds(out, "live");
	/* What is missing goes first: the rest may not fit. */
	if (dropped > 0)
		str_addf(out, " %s dropped %llu", dot, (unsigned long long)dropped);
	if (late > 0)
		str_addf(out, " %s late %llu", dot, (unsigned long long)late);
	if (st->paused && view_logs_selected(ls, st, &line))
		str_addf(out, " %s line %zu of %zu", dot,
			query_rank(ls->wanted, line) + 1, query_count(ls->wanted));
	else
		str_addf(out, " %s %zu line%s", dot, query_count(ls->wanted),
			query_count(ls->wanted) == 1 ? "" : "s");
	if (!query_done(ls->wanted))
		str_adds(out, " so far");
	if (ls->found && view_logs_selected(ls, st, &line))
		str_addf(out, " %s /%s %zu/%zu", dot, ls->search,
			query_rank(ls->found, line + 1), query_count(ls->found));
	if (dropped == 0)
		str_addf(out, " %s dropped 0", dot);
}

static size_t
folded_in(const struct logs_scene *ls, const struct view_logs_state *st, size_t i)
{
	if (row_of(ls, st, i) != i || !is_trace(ls, query_at(ls->wanted, i)) ||
		is_unfolded(st, query_at(ls->wanted, trace_start(ls, i))))
		return 0;
	return trace_end(ls, i) - i;
}

static void
draw_lines(const struct scene *sc, const struct logs_scene *ls,
	struct view_logs_state *st, struct frame *f, struct area a)
{
	struct view_logs_row how;
	size_t selected, i;
	int row;

	st->rows = a.rows;
	st->cols = a.cols;
	if (!selected_row(ls, st, &selected)) {
		frame_put(f, a, STYLE_DIM, ls->none ? ls->none : "no line yet");
		frame_cursor(f, a.row, a.col);
		return;
	}
	if (!st->paused || st->row >= a.rows)
		st->row = a.rows - 1;
	if (st->row < 0)
		st->row = 0;
	i = selected;
	for (row = st->row; row > 0 && row_before(ls, st, &i); row--)
		;
	st->row -= row; /* no lines before the first: begin at the top */
	how = view_logs_row_how(
		ls, line_of(ls, query_at(ls->wanted, i)), sc->now.wall, a);
	how.left = st->left;
	for (row = 0; row < a.rows; row++) {
		struct area line = {a.row + row, a.col, 1, a.cols};

		how.folded = folded_in(ls, st, i);
		view_logs_row_draw(
			ls, &how, line_of(ls, query_at(ls->wanted, i)), f, line);
		if (i == selected) {
			if (st->paused)
				frame_restyle(f, line, STYLE_SELECT);
			frame_cursor(f, line.row, line.col);
		}
		if (!row_after(ls, st, &i))
			break;
	}
}

void
view_logs_can(const struct scene *sc, const struct logs_scene *ls, struct keymap_can *can)
{
	keymap_deny(can, ACTION_LOGS_EVIDENCE, ls->no_note);
	keymap_deny(can, ACTION_RUN_ANSWER, sc->asks ? NULL : "nobody asks for anything");
}

void
view_logs_draw(const struct scene *sc, const struct logs_scene *ls,
	struct view_logs_state *st, struct frame *f)
{
	struct keymap_can can = {0};
	bool compact = scene_size(f) == SCENE_COMPACT;
	struct str right = STR_INIT;
	struct area a, line;

	view_logs_can(sc, ls, &can);
	a = scene_draw(sc, f, ON_LOGS, &can);
	line = (struct area){a.row, a.col, 1, a.cols};

	if (!compact) {
		draw_errors(sc, ls, f, line);
		line.row++;
	}
	draw_sources(sc, ls, f, line);
	a.rows -= compact ? 1 : 2;
	a.row += compact ? 1 : 2;
	title_right(ls, st, f, &right);
	a = frame_box(f, a,
		&(struct frame_box){.title = "Merged by time (UTC)",
			.right = right.buf,
			.right_style = st->paused ? STYLE_WAIT : STYLE_DIM,
			.focus = FRAME_FOCUS});
	draw_lines(sc, ls, st, f, a);
	str_release(&right);
}
