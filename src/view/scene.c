#include "view/scene.h"

#include <stdio.h>
#include <string.h>

#include "base/stamp.h"
#include "base/text.h"
#include "view/strip.h"

enum {
	MIN_COLS = 60,
	MIN_ROWS = 16,
	NARROW_COLS = 80,
	NARROW_ROWS = 24,
	NORMAL_COLS = 100,
	WIDE_COLS = 160,
	WIDE_ROWS = 45,
	GUIDE_ROWS = 2,
};

enum scene_size
scene_size(const struct frame *f)
{
	if (f->cols < MIN_COLS || f->rows < MIN_ROWS)
		return SCENE_TOO_SMALL;
	if (f->cols < NARROW_COLS || f->rows < NARROW_ROWS)
		return SCENE_COMPACT;
	if (f->cols < NORMAL_COLS)
		return SCENE_NARROW;
	return f->cols >= WIDE_COLS && f->rows >= WIDE_ROWS ? SCENE_WIDE : SCENE_NORMAL;
}

enum style
scene_verdict_style(enum verdict v)
{
	static const enum style styles[] = {
		[VERDICT_OK] = STYLE_OK,
		[VERDICT_WARN] = STYLE_WARN,
		[VERDICT_FAIL] = STYLE_FAIL,
		[VERDICT_UNKNOWN] = STYLE_WAIT,
	};

	return styles[v];
}

const char *
scene_ago(struct wall then, struct wall now, char out[16])
{
	int64_t s = (now.ms - then.ms) / 1000;

	if (then.ms == 0)
		snprintf(out, 16, "-");
	else if (s < 60)
		snprintf(out, 16, "now");
	else if (s < 3600)
		snprintf(out, 16, "%dm", (int)(s / 60));
	else if (s < 48 * 3600)
		snprintf(out, 16, "%dh", (int)(s / 3600));
	else
		snprintf(out, 16, "%dd", (int)(s / 86400));
	return out;
}

static void
title_bar(const struct scene *s, struct frame *f)
{
	struct area a = {0, 1, 1, f->cols - 2};
	char clock[STAMP_BYTES];
	struct str right = STR_INIT;
	int used = 0;

	if (s->badge && *s->badge) {
		struct str badge = STR_INIT;

		str_addf(&badge, " %s ", s->badge);
		a.col = 0;
		used = frame_put(
			f, a, s->prod ? STYLE_ENV_PROD : STYLE_ENV_OTHER, badge.buf);
		str_release(&badge);
		used++;
	}
	if (s->arm) {
		a = (struct area){0, used, 1, f->cols - used};
		used += frame_putf(f, a, s->armed ? STYLE_ENV_PROD : STYLE_ENV_OTHER,
				" %s ", s->arm) +
			1;
	}
	if (s->force) {
		a = (struct area){0, used, 1, f->cols - used};
		used += frame_putf(f, a, STYLE_ENV_PROD, " %s ", s->force) + 1;
	}
	if (s->who) /* the name alone where there is little room */
		str_addf(&right, "%.*s %s ",
			(int)(f->cols < NORMAL_COLS ? strcspn(s->who, "@")
						    : strlen(s->who)),
			s->who, frame_symbol(f, SYMBOL_V));
	str_adds(&right, stamp_clock(s->now.wall, clock));
	a = (struct area){0, used, 1, f->cols - 1 - used};
	int right_cells = frame_put_right(f, a, STYLE_TEXT, right.buf);
	str_release(&right);
	a.cols -= right_cells + 1;
	if (s->readonly) {
		used = s->looks_on
			? frame_putf(f, a, STYLE_WARN, "LOOKING ON, %s ", s->looks_on)
			: frame_put(f, a, STYLE_WARN, "READ-ONLY ");
		a.col += used;
		a.cols -= used;
	}
	if (s->project) {
		used = frame_putf(f, a, STYLE_TEXT, "%s %s ", s->project,
			frame_symbol(f, SYMBOL_V));
		a.col += used;
		a.cols -= used;
	}
	frame_put(f, a, STYLE_TITLE, s->place ? s->place : "");
}

static void
message_line(const struct scene *s, struct frame *f)
{
	static const enum style styles[] = {
		[SCENE_INFO] = STYLE_INFO,
		[SCENE_WARNING] = STYLE_WARNING,
		[SCENE_ERROR] = STYLE_ERROR,
	};
	struct area a = {f->rows - 2, 1, 1, f->cols - 2};
	const char *text = s->asks ? s->asks : s->message ? s->message : s->running;
	enum style style = s->asks ? STYLE_WAIT
		: s->message       ? styles[s->level]
				   : STYLE_TEXT;
	int room = a.cols - 2 - (s->journal ? (int)text_cells(s->journal) : 0);
	bool loud = s->journal_danger || s->journal_warns;
	enum style mark = s->journal_danger ? STYLE_ERROR
		: s->journal_warns          ? STYLE_WARNING
					    : STYLE_DIM;

	/* the end of a sentence is often its reason: it goes before a mark that says "well";
	 * a mark that says "bad" shares the line, and begins with what matters */
	if (s->journal && loud && text && (int)text_cells(text) > room) {
		struct area right = {a.row, a.col + a.cols / 2, 1, a.cols - a.cols / 2};

		a.cols -= 2 + frame_put_right(f, right, mark, s->journal);
	} else if (s->journal && (!text || loud || (int)text_cells(text) <= room)) {
		a.cols -= 2 + frame_put_right(f, a, mark, s->journal);
	}
	if (text)
		frame_put(f, a, style, text);
}

/* One row, or two where it does not fit; gives how many. */
static int
guide_rows(const struct scene *s, struct frame *f, int top)
{
	const char *at = s->guide;
	int row = 0;

	for (; at && *at && row < GUIDE_ROWS; row++) {
		struct area a = {top + row, 1, 1, f->cols - 2};
		size_t skip, len = text_wrap(at, (size_t)a.cols, &skip);

		if (row + 1 < GUIDE_ROWS)
			frame_putf(f, a, STYLE_INFO, "%.*s", (int)len, at);
		else
			frame_put(f, a, STYLE_INFO, at);
		at += skip;
	}
	return row;
}

struct area
scene_draw(const struct scene *s, struct frame *f, enum keymap_place place,
	const struct keymap_can *can)
{
	int top = s->strip_len ? 2 : 1;

	title_bar(s, f);
	if (s->strip_len)
		strip_draw(s, f);
	top += guide_rows(s, f, top);
	message_line(s, f);
	keymap_footer(
		f, (struct area){f->rows - 1, 1, 1, f->cols - 2}, place, can, s->keys);
	return (struct area){top, 0, f->rows - top - 2, f->cols};
}

void
scene_too_small(const struct scene *s, struct frame *f)
{
	struct area a = {f->rows > 4 ? 1 : 0, 1, 1, f->cols - 1};
	struct str stop = STR_INIT, redraw = STR_INIT;

	frame_putf(f, a, STYLE_STRONG, "Window is %dx%d, handrail needs %dx%d.", f->cols,
		f->rows, MIN_COLS, MIN_ROWS);
	a.row++;
	if (s->asks || s->running) {
		frame_put(f, a, STYLE_TEXT, s->asks ? s->asks : s->running);
		a.row++;
	}
	frame_put(f, a, STYLE_TEXT, "Make it bigger. Keys do nothing now,");
	a.row++;
	keymap_first_text(s->keys, ACTION_STOP, f->ascii, &stop);
	keymap_first_text(s->keys, ACTION_REDRAW, f->ascii, &redraw);
	frame_putf(f, a, STYLE_TEXT, "except %s (asks) and %s.", stop.buf, redraw.buf);
	str_release(&stop);
	str_release(&redraw);
	frame_cursor(f, 0, 0);
}
