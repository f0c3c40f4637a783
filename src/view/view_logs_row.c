#include "view/view_logs_row.h"

#include <stdio.h>
#include <string.h>

#include "base/stamp.h"
#include "base/text.h"
#include "live/logparse.h"

enum {
	HOST_CELLS = 9,
	NAME_CELLS = 10,
	LEVEL_CELLS = 6,
	TIME_CELLS_MAX = 15,
	BOTH_COLS = 70, /* both host and log, beside a message that can be read */
	DAY_MS = 24 * 3600 * 1000,
};

static enum style
level_style(enum loglevel level)
{
	return level >= LOGLEVEL_ERROR   ? STYLE_ERROR
		: level == LOGLEVEL_WARN ? STYLE_WARNING
					 : STYLE_INFO;
}

static void
level_word(const struct logline *l, char out[8])
{
	snprintf(out, 8, "%s",
		l->flags & LOGLINE_CONTINUES ? "  |"
			: l->level == LOGLEVEL_NONE
			? ""
			: loglevel_name((enum loglevel)l->level));
	for (char *p = out; *p && l->level >= LOGLEVEL_WARN; p++)
		*p = *p >= 'a' && *p <= 'z' ? (char)(*p - 32) : *p;
}

/* Draws within the first `cells` of a; gives what is left of it. */
static struct area
column(struct frame *f, struct area a, int cells, enum style style, const char *text)
{
	struct area here = a;

	here.cols = cells - 1 < a.cols ? cells - 1 : a.cols;
	frame_put(f, here, style, text);
	a.col += cells;
	a.cols -= cells;
	return a;
}

static void
message_of(const struct logs_scene *ls, const struct logline *l, struct str *out)
{
	const char *text = logstore_text(logs_store(ls->logs), l);
	struct logparse p;

	if (l->flags & (LOGLINE_NOTE | LOGLINE_CONTINUES)) {
		str_adds(out, text);
		return;
	}
	logparse_line(text, l->len, &(struct logtime_ref){.near = {l->at_ms}}, &p);
	logparse_show(text, l->len, p.message, out);
	if (l->flags & LOGLINE_CUT)
		str_adds(out, " (cut)");
}

static void
draw_note(const struct logs_scene *ls, const struct logline *l, struct frame *f,
	struct area a)
{
	struct str text = STR_INIT;
	char at[STAMP_BYTES];

	str_addf(&text, "%s%s%s %s %s", frame_symbol(f, SYMBOL_H),
		frame_symbol(f, SYMBOL_H), frame_symbol(f, SYMBOL_H),
		logstore_text(logs_store(ls->logs), l),
		stamp_clock((struct wall){l->at_ms}, at));
	frame_put(f, a, STYLE_STRONG, text.buf);
	str_release(&text);
}

static void
draw_message(const struct logs_scene *ls, const struct view_logs_row *how,
	const struct logline *l, struct frame *f, struct area a)
{
	struct str text = STR_INIT;
	size_t skip;

	message_of(ls, l, &text);
	skip = text_fit(text.buf, (size_t)how->left);
	if (how->folded > 1) {
		char tail[48];
		struct area left = a;

		snprintf(tail, sizeof tail, " %zu lines folded, Enter unfolds",
			how->folded);
		left.cols -= frame_put_right(f, a, STYLE_DIM, tail);
		frame_put(f, left, STYLE_TEXT, text.buf + skip);
	} else {
		frame_put(f, a, STYLE_TEXT, text.buf + skip);
	}
	str_release(&text);
}

/* 13:28:53.311, 13:28:53, 11-20 13:28:53, 11-20 13:28; the width of its column. */
static int
time_of(const struct view_logs_row *how, const struct logline *l,
	char out[TIME_CELLS_MAX])
{
	char at[STAMP_BYTES];

	stamp_wall((struct wall){l->at_ms}, at);
	if (how->days)
		snprintf(out, TIME_CELLS_MAX, "%.5s %.*s", at + 5, how->tight ? 5 : 8,
			at + 11);
	else
		snprintf(out, TIME_CELLS_MAX, "%.*s", how->wide ? 12 : 8, at + 11);
	return (int)strlen(out) + 1;
}

struct view_logs_row
view_logs_row_how(const struct logs_scene *ls, const struct logline *first,
	struct wall now, struct area a)
{
	struct view_logs_row how = {.wide = a.cols >= VIEW_LOGS_WIDE_COLS,
		.tight = a.cols < BOTH_COLS,
		.days = first->at_ms / DAY_MS != now.ms / DAY_MS};
	size_t n = logs_sources(ls->logs);

	for (size_t i = 1; i < n; i++) {
		const struct logs_source *s = logs_source(ls->logs, i);
		const struct logs_source *one = logs_source(ls->logs, 0);

		how.host = how.host || strcmp(s->host, one->host) != 0;
		how.name = how.name || strcmp(s->name, one->name) != 0;
	}
	if (how.wide)
		how.host = how.name = true;
	else if (!how.host && !how.name)
		how.host = true;
	else if (how.host && how.name && how.tight)
		how.name = false;
	return how;
}

void
view_logs_row_draw(const struct logs_scene *ls, const struct view_logs_row *how,
	const struct logline *l, struct frame *f, struct area a)
{
	const struct logs_source *s;
	char at[TIME_CELLS_MAX], level[8];
	int cells;

	if (l->flags & LOGLINE_NOTE) {
		draw_note(ls, l, f, a);
		return;
	}
	s = logs_source(ls->logs, l->source);
	level_word(l, level);
	frame_put(f, a, STYLE_MARK,
		l->flags & LOGLINE_MARKED         ? "*"
			: l->flags & LOGLINE_LATE ? "~"
						  : " ");
	a.col++;
	a.cols--;
	cells = time_of(how, l, at);
	a = column(f, a, cells, STYLE_DIM, at);
	if (how->host)
		a = column(f, a, HOST_CELLS, STYLE_TEXT, s->host);
	if (how->name)
		a = column(f, a, NAME_CELLS, STYLE_TEXT, s->name);
	a = column(f, a, LEVEL_CELLS, level_style((enum loglevel)l->level), level);
	draw_message(ls, how, l, f, a);
}
