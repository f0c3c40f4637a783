#include "view/view_health.h"

#include <string.h>

#include "base/text.h"
#include "view/healthwords.h"

/* Everything about one item of the board: its answer word for word, its numbers, its whole
 * history, and the runbooks that name it. */

enum {
	LABEL_CELLS = 9,
	WIDE_CELLS = 100,
	HOUR_MS = 3600 * 1000,
	DAY_MS = 24 * HOUR_MS,
	LINE_IDS = 1000, /* lower ones are uses */
};

static void
state_block(const struct healthwords *w, struct now now, struct page *p)
{
	const struct board_shown *s = &w->shown;
	char at[STAMP_BYTES];

	page_line(p, SCROLL_NOTHING);
	page_add(p, STYLE_DIM, "State    ");
	page_add(p, w->style, w->state.buf);
	if (w->since.len)
		page_addf(p, STYLE_TEXT, " %s", w->since.buf);
	if (s->judged != s->state)
		page_addf(p, STYLE_TEXT, ", last judged %s", vital_state_name(s->judged));
	if (s->since.ms) {
		page_addf(p, STYLE_DIM, ", since %s", stamp_wall_sec(s->since, at));
		if (s->seen_since.ms > s->since.ms)
			page_addf(p, STYLE_DIM, "; watched without a gap since %s",
				stamp_wall_sec(s->seen_since, at));
	}
	page_label(p, "Answer", s->message);
	if (s->mute && s->mute->until.ms > now.wall.ms) {
		page_line(p, SCROLL_NOTHING);
		page_addf(p, STYLE_DIM, "Muted    ");
		page_addf(p, STYLE_TEXT, "until %s by %s: %s",
			stamp_wall_sec(s->mute->until, at), s->mute->who,
			s->mute->reason);
	}
	page_label(p, "Looked", w->answer.buf);
	if (s->took_ms >= 0) {
		page_line(p, SCROLL_NOTHING);
		page_addf(p, STYLE_DIM, "Took     ");
		page_addf(p, STYLE_TEXT, "%s", stamp_duration(s->took_ms, at));
	}
	if (w->more.len && s->state != VITAL_MUTED)
		page_label(p, "Also", w->more.buf);
}

static void
what_block(const struct board_shown *s, struct page *p)
{
	struct str what = STR_INIT;

	str_adds(&what, s->kind);
	if (s->probe && s->probe->kind == PROBE_HTTP)
		str_addf(&what, " %s %s",
			s->probe->http.method ? s->probe->http.method : "GET",
			s->probe->http.url ? s->probe->http.url : "");
	else if (s->probe && s->probe->subject)
		str_addf(&what, " %s", s->probe->subject);
	if (s->host && s->probe)
		str_addf(&what, ", on %s", s->host);
	page_label(p, "Looks at", what.buf);
	page_label(p, "Expect", s->expect);
	str_release(&what);
}

static void
spread_line(const struct vital *v, const struct board_shown *s, struct now now,
	int64_t window_ms, struct page *p)
{
	struct vital_spread spread;
	static const char *const names[] = {"lowest", "p50", "p95", "highest"};
	struct str text = STR_INIT;
	char span[STAMP_BYTES];

	vital_spread(v, now, window_ms, &spread);
	if (!spread.count)
		return;
	for (int i = 0; i < 4; i++) {
		const double at[] = {spread.low, spread.p50, spread.p95, spread.high};

		str_addf(&text, "%s%s ", i ? "  " : "", names[i]);
		healthwords_number(s, at[i], spread.took, &text);
	}
	str_addf(&text, "  of %zu answers in %s%s", spread.count,
		healthwords_span(now.wall.ms - spread.from.ms, span),
		spread.took ? " (how long they took)" : "");
	page_label(p, window_ms == HOUR_MS ? "1 hour" : "24 hours", text.buf);
	str_release(&text);
}

static void
up_line(const struct vital *v, struct now now, struct page *p)
{
	char at[STAMP_BYTES];
	struct vital_up up;

	vital_up(v, now, DAY_MS, &up);
	if (up.permille < 0)
		return;
	page_line(p, SCROLL_NOTHING);
	page_add(p, STYLE_DIM, "Good     ");
	page_addf(p, STYLE_TEXT,
		"%d.%d%% of %u looks since %s: %u good, %u bad, %u unknown",
		up.permille / 10, up.permille % 10, up.good + up.bad + up.unknown,
		stamp_wall_sec(up.from, at), up.good, up.bad, up.unknown);
}

static void
numbers_block(const struct board *b, int item, struct now now, bool ascii, struct page *p)
{
	const struct vital *v = board_vital(b, item);
	struct board_shown s;
	struct str bars = STR_INIT, span = STR_INIT;

	board_show(b, item, now, &s);
	spread_line(v, &s, now, HOUR_MS, p);
	spread_line(v, &s, now, DAY_MS, p);
	up_line(v, now, p);
	healthwords_spark(b, item, p->width - LABEL_CELLS - 8, ascii, &bars, &span);
	if (bars.len) {
		const char *from = bars.buf + strspn(bars.buf, " ");

		page_line(p, SCROLL_NOTHING);
		page_add(p, STYLE_DIM, "Looks    ");
		page_add(p, STYLE_TEXT, from);
		page_addf(p, STYLE_DIM, " %s", span.buf);
	}
	str_release(&span);
	str_release(&bars);
}

static void
rows_block(const struct board_shown *s, struct page *p)
{
	if (!s->rows || !*s->rows)
		return;
	page_blank(p);
	page_heading(p, "What was wanted and what came");
	page_block(p,
		&(struct page_block){
			.indent = 2, .style = STYLE_CODE, .id = SCROLL_NOTHING},
		s->rows);
}

static void
changes_block(const struct vital *v, struct now now, struct page *p)
{
	page_blank(p);
	page_heading(p, "Changes (UTC), newest first");
	if (!vital_changes(v))
		page_text(p, 2, STYLE_DIM, "none that is known");
	for (size_t i = vital_changes(v); i-- > 0;) {
		struct str text = STR_INIT;

		healthwords_change(vital_change(v, i), now, &text);
		page_text(p, 2, STYLE_TEXT, text.buf);
		str_release(&text);
	}
}

static void
uses_block(const struct health_scene *hs, const struct board_shown *s, struct page *p)
{
	bool headed = false;

	for (size_t i = 0; i < hs->uses_len; i++) {
		if (!headed) {
			page_blank(p);
			page_heading(p, "Named by");
		}
		headed = true;
		page_line(p, hs->uses[i].path ? (int)i : SCROLL_NOTHING);
		page_addf(p, STYLE_TEXT, "  %s", hs->uses[i].title);
		if (hs->uses[i].path)
			page_right(p, STYLE_DIM, hs->uses[i].path);
	}
	for (size_t i = 0; s->probe && hs->links && i < hs->links->list.len; i++) {
		if (i == 0) {
			page_blank(p);
			page_heading(p, "Links of the runbook");
		}
		page_line(p, SCROLL_NOTHING);
		page_addf(p, STYLE_DIM, "  %s  ", hs->links->list.at[i].key);
		page_add(p, STYLE_LINK, hs->links->list.at[i].value);
	}
}

void
view_health_detail(const struct scene *sc, const struct health_scene *hs,
	struct health_state *st, struct frame *f, struct area a)
{
	struct str right = STR_INIT;
	struct healthwords w;
	struct page p;
	char where[48];

	healthwords_make(hs->board, st->item, sc->now, f->ascii, &w);
	page_init(&p, a.cols - 4 > WIDE_CELLS ? WIDE_CELLS : a.cols - 4);
	state_block(&w, sc->now, &p);
	what_block(&w.shown, &p);
	numbers_block(hs->board, st->item, sc->now, f->ascii, &p);
	rows_block(&w.shown, &p);
	changes_block(board_vital(hs->board, st->item), sc->now, &p);
	uses_block(hs, &w.shown, &p);
	scroll_begin(&st->detail, a.rows - 2);
	for (size_t i = 0; i < p.lines.len; i++) { /* every line can be gone to */
		if (p.lines.at[i].id == SCROLL_NOTHING)
			p.lines.at[i].id = LINE_IDS + (int)i;
		scroll_line(&st->detail, p.lines.at[i].id);
	}
	scroll_end(&st->detail);
	scroll_default(&st->detail);
	str_addf(&right, "%s%s%s", w.state.buf, w.since.len ? " " : "", w.since.buf);
	if (*page_where(&st->detail, where))
		str_addf(&right, " %s %s", frame_symbol(f, SYMBOL_DOT), where);
	a = frame_box(f, a,
		&(struct frame_box){.title = w.shown.name,
			.right = right.buf,
			.right_style = w.style,
			.focus = FRAME_FOCUS});
	page_draw(&p, f,
		&(struct page_draw){.area = a,
			.scroll = &st->detail,
			.focus = FRAME_FOCUS,
			.mark = PAGE_MARK});
	page_release(&p);
	str_release(&right);
	healthwords_release(&w);
}
