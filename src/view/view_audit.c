#include "view/view_audit.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/stamp.h"
#include "base/text.h"
#include "view/auditwords.h"

enum {
	VERDICT_CELLS = 8,
	WHEN_CELLS = 16,
	STATE_CELLS = 8,
	WHO_CELLS = 8,
	LINE_WHO = 8,
	HEADER_ROWS = 5,
	WIDE_SIDE = 70
};

void
view_audit_release(struct audit_state *st)
{
	scroll_release(&st->runs);
	scroll_release(&st->facts);
	scroll_release(&st->lines);
	scroll_release(&st->event);
}

struct scroll *
view_audit_scroll(struct audit_state *st)
{
	if (st->record)
		return st->pane == AUDIT_LIST ? &st->lines : &st->event;
	return st->pane == AUDIT_LIST ? &st->runs : &st->facts;
}

/* ---- rows ---------------------------------------------------------------------------------- */

/* Whom the whole record calls anna@example.com is anna in a list. */
static void
who_column(struct page *p, enum style style, const char *who, int cells)
{
	char *name = mem_strndup(who ? who : "?", strcspn(who ? who : "?", "@"));

	page_cell(p, style, *name ? name : who, cells);
	mem_free(name);
}

/* 2026-11-20 13:13 */
void
view_audit_minute(struct wall w, char out[STAMP_BYTES])
{
	stamp_wall_sec(w, out);
	out[10] = ' ';
	out[16] = '\0';
}

static const char *
short_id(const char *id)
{
	size_t len = strlen(id);

	return len > 4 ? id + len - 4 : id;
}

static void
run_row(struct page *p, const struct audit_run *r)
{
	int rest = p->width - 1 - (VERDICT_CELLS + 1) - 5 - (WHEN_CELLS + 1) -
		(STATE_CELLS + 1) - (WHO_CELLS + 1);
	char when[STAMP_BYTES];

	view_audit_minute(r->opened, when);
	page_add(p, STYLE_TEXT, " ");
	page_cell(p, view_audit_style(r->check->verdict),
		view_audit_word(r->check->verdict), VERDICT_CELLS);
	page_cell(p, STYLE_STRONG, short_id(r->id), 4);
	page_cell(p, STYLE_TEXT, when, WHEN_CELLS);
	page_cell(p, STYLE_TEXT, r->state, STATE_CELLS);
	who_column(p, STYLE_DIM, r->who, WHO_CELLS);
	if (rest > 4)
		page_cell(p, STYLE_TEXT, r->title, rest - 1);
}

/* 13:13:00 anna     + run opened */
static void
event_row(struct page *p, const struct audit_scene *a, const struct audit_check *k,
	const struct event *ev)
{
	struct str words = STR_INIT;
	char stamp[STAMP_BYTES];
	const char *mark;
	enum style style = auditwords_line(ev, &mark, &words);

	stamp_clock(ev->t, stamp);
	page_addf(p, STYLE_DIM, " %.8s ", stamp);
	who_column(p, STYLE_TEXT, ev->who, LINE_WHO);
	if (view_audit_signs(ev)) {
		const char *worth;

		style = view_audit_worth(a, k, ev, &worth);
		page_addf(p, style, "%s %s: %s", mark, worth, words.buf);
	} else {
		page_addf(p, style, "%s %s", mark, words.buf);
	}
	str_release(&words);
}

void
view_audit_run_text(const struct audit_run *r, struct str *out)
{
	char when[STAMP_BYTES];

	view_audit_minute(r->opened, when);
	str_addf(out, "%s %s %s %s %s %s", view_audit_word(r->check->verdict), r->id,
		when, r->state, r->who ? r->who : "", r->title ? r->title : "");
}

void
view_audit_event_text(const struct event *ev, struct str *out)
{
	struct str words = STR_INIT;
	const char *mark;
	char stamp[STAMP_BYTES];

	(void)auditwords_line(ev, &mark, &words);
	str_addf(out, "%s %s %s %s", stamp_clock(ev->t, stamp), ev->who ? ev->who : "",
		ev->type_name, words.buf);
	str_release(&words);
}

/* ---- panes --------------------------------------------------------------------------------- */

struct pane {
	const char *title, *right;
	struct area area;
	struct scroll *scroll;
	enum frame_focus focus;
};

/* Border or, in a small window, one line of title; gives the inside. */
static struct area
inside(const struct pane *n, struct frame *f)
{
	struct area a = n->area;

	if (scene_size(f) != SCENE_COMPACT)
		return frame_box(f, a,
			&(struct frame_box){.title = n->title,
				.focus = n->focus,
				.right = n->right,
				.right_style = STYLE_DIM});
	frame_put(f, (struct area){a.row, 1, 1, a.cols - 1}, STYLE_TITLE, n->title);
	return (struct area){a.row + 1, a.col, a.rows - 1, a.cols};
}

/* A list of many rows: only those in sight are put into words. */
struct list {
	const struct ints *shown;
	void (*row)(struct page *p, const void *ctx, int id);
	const void *ctx;
	const char *head; /* of its columns, or NULL */
};

static void
draw_list(const struct pane *n, const struct list *l, const char *empty, struct frame *f)
{
	struct area a = n->area,
		    in = scene_size(f) == SCENE_COMPACT
		? (struct area){a.row + 1, a.col, a.rows - 1, a.cols}
		: (struct area){a.row + 1, a.col + 1, a.rows - 2, a.cols - 2};
	struct scroll *s = n->scroll;
	struct pane titled = *n;
	struct page p;
	char where[48];

	if (l->head) {
		in.row++;
		in.rows--;
	}
	page_init(&p, in.cols - 1);
	scroll_begin(s, in.rows);
	for (size_t i = 0; i < l->shown->list.len; i++)
		scroll_line(s, l->shown->list.at[i]);
	scroll_end(s);
	for (size_t i = 0; i < l->shown->list.len; i++) {
		page_line(&p, l->shown->list.at[i]);
		if ((int)i >= s->top && (int)i < s->top + in.rows)
			l->row(&p, l->ctx, l->shown->list.at[i]);
	}
	if (!l->shown->list.len)
		page_text(&p, 1, STYLE_DIM, empty);
	page_where(s, where);
	if (where[0])
		titled.right = where;
	(void)inside(&titled, f);
	if (l->head)
		frame_put(f, (struct area){in.row - 1, in.col + 2, 1, in.cols - 2},
			STYLE_DIM, l->head);
	page_draw(&p, f,
		&(struct page_draw){
			.area = in, .scroll = s, .focus = n->focus, .mark = PAGE_MARK});
	page_release(&p);
}

static void
put_run(struct page *p, const void *ctx, int id)
{
	const struct audit_scene *a = ctx;

	run_row(p, &a->runs[id]);
}

struct read_lines {
	const struct audit_scene *a;
	const struct audit_check *k;
};

static void
put_event(struct page *p, const void *ctx, int id)
{
	const struct read_lines *r = ctx;

	event_row(p, r->a, r->k, r->a->events[id]);
}

static void
draw_text(const struct pane *n, const struct page *p, struct frame *f)
{
	struct area in = inside(n, f);

	page_draw(p, f,
		&(struct page_draw){.area = {in.row, in.col + 1, in.rows, in.cols - 2},
			.scroll = n->scroll,
			.focus = n->focus});
}

static const struct audit_run *
marked_run(const struct audit_scene *a, const struct audit_state *st)
{
	return st->runs.id >= 0 && (size_t)st->runs.id < a->runs_len
		? &a->runs[st->runs.id]
		: NULL;
}

/* What both lists say beside their names. */
static void
list_title(const struct audit_scene *a, const char *name, size_t shown, size_t all,
	struct str *out)
{
	str_addf(out, "%s %zu", name, all);
	if (a->filter)
		str_addf(out, " - filter \"%s\": %zu", a->filter, shown);
}

/* A filter may be for a verdict that nobody knows yet. */
static size_t
unverified(const struct audit_scene *a)
{
	size_t n = 0;

	for (size_t i = 0; a->filter && i < a->runs_len; i++)
		n += a->runs[i].check->verdict == AUDIT_NOT_YET ||
			a->runs[i].check->verdict == AUDIT_CHECKING;
	return n;
}

static void
draw_runs(const struct scene *sc, const struct audit_scene *a, struct audit_state *st,
	struct frame *f, struct area area)
{
	bool both = scene_size(f) >= SCENE_NORMAL;
	enum frame_focus on_list = st->pane == AUDIT_LIST ? FRAME_FOCUS : FRAME_NO_FOCUS;
	int side = area.cols * 2 / 5;
	const struct audit_run *r;
	struct str title = STR_INIT;
	struct page p;

	side = side > WIDE_SIDE ? WIDE_SIDE : side;
	if (!a->runs_shown->list.len)
		st->runs.id = SCROLL_NOTHING;
	else if (st->runs.id == SCROLL_NOTHING)
		st->runs.id = a->runs_shown->list.at[0];
	list_title(a, "Runs", a->runs_shown->list.len, a->runs_len, &title);
	if (unverified(a))
		str_addf(&title, ", %zu not verified yet", unverified(a));
	if (both || st->pane == AUDIT_LIST)
		draw_list(&(struct pane){title.buf, NULL,
				  {area.row, area.col, area.rows,
					  area.cols - (both ? side : 0)},
				  &st->runs, on_list},
			&(struct list){a->runs_shown, put_run, a,
				"VERIFIED RUN  OPENED           STATE    BY       RUNBOOK"},
			!a->filter              ? "No runs here yet."
				: unverified(a) ? "nothing matches so far"
						: "nothing matches",
			f);
	str_release(&title);
	if (!both && st->pane == AUDIT_LIST)
		return;
	r = marked_run(a, st);
	area.col += both ? area.cols - side : 0;
	area.cols = both ? side : area.cols;
	page_init(&p, area.cols - 4);
	if (r)
		view_audit_run(a, r, sc->now.wall, &p);
	str_addf(&title, "Run %s", r ? short_id(r->id) : "-");
	draw_text(&(struct pane){title.buf, both ? "Enter reads the record" : NULL, area,
			  &st->facts,
			  st->pane == AUDIT_SIDE ? FRAME_FOCUS : FRAME_NO_FOCUS},
		&p, f);
	page_release(&p);
	str_release(&title);
}

/* ---- the record ----------------------------------------------------------------------------- */

/* Gives the rows it took. */
static int
draw_header(const struct audit_scene *a, const struct audit_check *k, struct frame *f,
	struct area area)
{
	struct scroll none = {.id = SCROLL_NOTHING};
	bool tall = scene_size(f) >= SCENE_NORMAL;
	struct area in = {area.row, area.col, 1, area.cols};
	struct str title = STR_INIT;
	char stamp[STAMP_BYTES];
	struct page p;

	if (k->at.ms && view_audit_verdict(a, k) != k->verdict)
		str_adds(&title, "Changed since it was read");
	else if (k->at.ms)
		str_addf(&title, "Verified %s", stamp_clock(k->at, stamp));
	else
		str_adds(&title, "Not verified yet");
	if (tall)
		in = frame_box(f,
			(struct area){area.row, area.col, HEADER_ROWS, area.cols},
			&(struct frame_box){.title = title.buf,
				.right = "handrail verify says the same anywhere",
				.right_style = STYLE_DIM});
	page_init(&p, in.cols - 2);
	view_audit_head(a, k, tall, &p);
	if (tall && k->what) {
		page_line(&p, SCROLL_NOTHING);
		page_add(&p, STYLE_FAIL, k->what);
	} else if (tall && k->head && view_audit_verdict(a, k) == k->verdict) {
		page_line(&p, SCROLL_NOTHING);
		page_addf(&p, STYLE_DIM, "HEAD ");
		page_addf(&p, STYLE_TEXT, "%s", k->head);
	}
	page_draw(&p, f,
		&(struct page_draw){.area = {in.row, in.col + 1, in.rows, in.cols - 1},
			.scroll = &none});
	scroll_release(&none);
	page_release(&p);
	str_release(&title);
	return tall ? HEADER_ROWS : 1;
}

static void
draw_record(const struct audit_scene *a, struct audit_state *st, struct frame *f,
	struct area area)
{
	bool both = scene_size(f) >= SCENE_NORMAL;
	int side = area.cols * 9 / 20, head;
	const struct audit_run *r = marked_run(a, st);
	struct str title = STR_INIT;
	struct page p;

	side = side > WIDE_SIDE ? WIDE_SIDE : side;
	head = draw_header(a, r->check, f, area);
	area.row += head;
	area.rows -= head;
	list_title(a, "Timeline", a->events_shown->list.len, a->events_len, &title);
	if (both || st->pane == AUDIT_LIST)
		draw_list(&(struct pane){title.buf, NULL,
				  {area.row, area.col, area.rows,
					  area.cols - (both ? side : 0)},
				  &st->lines,
				  st->pane == AUDIT_LIST ? FRAME_FOCUS : FRAME_NO_FOCUS},
			&(struct list){a->events_shown, put_event,
				&(struct read_lines){a, r->check}, NULL},
			a->filter              ? "nothing matches"
				: a->run_fault ? a->run_fault
					       : "no record",
			f);
	str_release(&title);
	if (!both && st->pane == AUDIT_LIST)
		return;
	area.col += both ? area.cols - side : 0;
	area.cols = both ? side : area.cols;
	page_init(&p, area.cols - 4);
	if (st->lines.id >= 0 && (size_t)st->lines.id < a->events_len) {
		auditwords_page(a->events[st->lines.id], a->hashes[st->lines.id], &p);
		str_addf(&title, "Record %lld", (long long)a->events[st->lines.id]->seq);
	} else {
		str_adds(&title, "Record -");
	}
	draw_text(&(struct pane){title.buf, NULL, area, &st->event,
			  st->pane == AUDIT_SIDE ? FRAME_FOCUS : FRAME_NO_FOCUS},
		&p, f);
	page_release(&p);
	str_release(&title);
}

void
view_audit_can(const struct scene *sc, const struct audit_scene *a,
	const struct audit_state *st, struct keymap_can *can)
{
	const struct audit_run *r = marked_run(a, st);
	bool stone = r && r->check->verdict == AUDIT_PRUNED;

	keymap_deny(can, ACTION_AUDIT_OPEN,
		!r              ? "no run is marked"
			: stone ? "it was pruned: only its tombstone is left"
				: NULL);
	keymap_deny(can, ACTION_AUDIT_VERIFY,
		!r                                            ? "no run is marked"
			: r->check->verdict == AUDIT_CHECKING ? "it is being verified"
							      : NULL);
	for (int i = ACTION_AUDIT_BAD; i <= ACTION_AUDIT_BAD_BACK; i++)
		keymap_deny(can, i, st->record ? NULL : "open a record first");
	if (st->record)
		can->word[ACTION_AUDIT_OPEN] = "the whole record";
	keymap_deny(can, ACTION_FIND, a->runs_len ? NULL : "there are no runs");
	keymap_deny(can, ACTION_RUN_ANSWER, sc->asks ? NULL : "nobody asks for anything");
}

void
view_audit_draw(const struct scene *sc, const struct audit_scene *a,
	struct audit_state *st, struct frame *f)
{
	struct keymap_can can = {0};
	struct area area;

	view_audit_can(sc, a, st, &can);
	area = scene_draw(sc, f, ON_AUDIT, &can);
	if (st->record && marked_run(a, st))
		draw_record(a, st, f, area);
	else
		draw_runs(sc, a, st, f, area);
}
