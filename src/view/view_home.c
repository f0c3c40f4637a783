#include "view/view_home.h"

#include <stdio.h>
#include <string.h>

#include "base/stamp.h"
#include "base/text.h"

enum {
	STEPS_COL = 24, /* from the right edge: steps, risk, last, when, who */
	ROW_WIDE = 70,
	RUNS_MAX = 8,
	PREVIEW_COLS = 42,
};

static enum style
result_style(const char *word)
{
	if (strcmp(word, "FAIL") == 0 || strcmp(word, "BAD") == 0)
		return STYLE_FAIL;
	if (strcmp(word, "RUN") == 0)
		return STYLE_RUN;
	if (strcmp(word, "WAIT") == 0 || strcmp(word, "HELD") == 0)
		return STYLE_WAIT;
	return strcmp(word, "OK") == 0 ? STYLE_OK : STYLE_TEXT;
}

static enum style
risk_style(enum risk r)
{
	return r == RISK_SEVERE  ? STYLE_RISK_3
		: r == RISK_HARD ? STYLE_RISK_2
				 : STYLE_RISK_1;
}

static void
runbook_row(struct page *p, const struct home_runbook *r, int id, struct now now)
{
	char ago[16], steps[16];
	int title = p->width - 2 - (p->width >= ROW_WIDE ? 36 : 27);

	page_line(p, id);
	page_add(p, STYLE_TEXT, "  ");
	page_cell(p, r->fault ? STYLE_DIM : STYLE_TEXT, r->title, title);
	if (r->fault) {
		page_add(p, STYLE_FAIL, "does not load");
		return;
	}
	if (r->steps < 0)
		snprintf(steps, sizeof steps, "    -");
	else
		snprintf(steps, sizeof steps, "%5d", r->steps);
	page_cell(p, STYLE_TEXT, steps, 5);
	page_cell(p, risk_style(r->risk), risk_mark(r->risk), 4);
	page_cell(p, result_style(r->last), r->last, 5);
	page_cell(p, STYLE_TEXT, scene_ago(r->last_at, now.wall, ago), 4);
	if (p->width >= ROW_WIDE)
		page_cell(p, STYLE_DIM, r->who, 12);
}

static void
runbook_page(
	const struct home_scene *h, const struct frame *f, struct now now, struct page *p)
{
	const char *group = "";

	for (size_t i = 0; i < h->runbooks_len; i++) {
		const struct home_runbook *r = &h->runbooks[i];

		if (strcmp(group, r->group) != 0) {
			group = r->group;
			page_line(p, SCROLL_NOTHING);
			page_addf(p, STYLE_TITLE, "%s %s", frame_symbol(f, SYMBOL_OPEN),
				*group ? group : "in the folder itself");
		}
		runbook_row(p, r, (int)i, now);
	}
}

static void
add_filter(const struct home_scene *h, struct str *title)
{
	if (h->filter)
		str_addf(title, " - filter \"%s\"", h->filter);
}

static void
draw_runbooks(const struct scene *sc, const struct home_scene *h, struct home_state *st,
	struct frame *f, struct area a)
{
	enum frame_focus focus = st->pane == HOME_RUNBOOKS ? FRAME_FOCUS : FRAME_NO_FOCUS;
	struct str title = STR_INIT;
	struct page p;
	char where[48];
	int head = a.row;
	struct area box = a;

	if (scene_size(f) != SCENE_COMPACT) {
		a = (struct area){a.row + 1, a.col + 1, a.rows - 2, a.cols - 2};
	} else {
		a.row++;
		a.rows--;
	}
	page_init(&p, a.cols - 1);
	runbook_page(h, f, sc->now, &p);
	/* the place in the list is known only once it is laid out */
	struct page_draw d = {.area = {a.row + 1, a.col, a.rows - 1, a.cols},
		.scroll = &st->runbooks,
		.focus = focus,
		.mark = PAGE_MARK};
	str_addf(&title, "Runbooks %zu", h->runbooks_len);
	add_filter(h, &title);
	scroll_begin(&st->runbooks, d.area.rows);
	for (size_t i = 0; i < p.lines.len; i++)
		scroll_line(&st->runbooks, p.lines.at[i].id);
	scroll_end(&st->runbooks);
	if (scene_size(f) != SCENE_COMPACT)
		frame_box(f, box,
			&(struct frame_box){.title = title.buf,
				.focus = focus,
				.right = page_where(&st->runbooks, where),
				.right_style = STYLE_DIM});
	else
		frame_put(f, (struct area){head, 1, 1, a.cols}, STYLE_TITLE, title.buf);
	frame_put(
		f, (struct area){a.row, a.col + 3, 1, a.cols - 3}, STYLE_DIM, "RUNBOOK");
	frame_put_right(f, (struct area){a.row, a.col, 1, a.cols}, STYLE_DIM,
		p.width >= ROW_WIDE ? "STEPS RISK LAST  WHEN BY          "
				    : "STEPS RISK LAST  WHEN ");
	page_draw(&p, f, &d);
	page_release(&p);
	str_release(&title);
}

/* anna@example.com is anna in a list. */
static void
who_column(struct page *p, const char *who)
{
	char *name = mem_strndup(who ? who : "?", strcspn(who ? who : "?", "@"));

	page_cell(p, STYLE_DIM, *name ? name : who, 10);
	mem_free(name);
}

static void
run_row(struct page *p, const struct home_run *r, int id, struct now now)
{
	char ago[16];
	size_t len = strlen(r->id);

	page_line(p, id);
	page_add(p, STYLE_TEXT, " ");
	page_cell(p, STYLE_STRONG, r->id + (len > 4 ? len - 4 : 0), 4);
	page_cell(p, STYLE_TEXT, r->title, p->width > 76 ? 36 : 26);
	page_cell(p, result_style(r->state), r->state, 5);
	page_cell(p, STYLE_TEXT, scene_ago(r->since, now.wall, ago), 4);
	who_column(p, r->who ? r->who : r->account);
	if (r->fault)
		page_add(p, STYLE_FAIL, r->fault);
	else if (r->here)
		page_add(p, STYLE_TEXT, "open here");
	else if (r->needs)
		page_add(p, STYLE_WAIT, r->needs);
	else if (r->account && r->step)
		page_addf(p, STYLE_DIM, "at %s", r->step);
	else if (r->busy)
		page_add(p, STYLE_WAIT, "open elsewhere");
	else if (r->step)
		page_addf(p, STYLE_DIM, "at %s", r->step);
	if (r->account)
		page_addf(p, STYLE_DIM, "  account %s", r->account);
}

static void
draw_runs(const struct scene *sc, const struct home_scene *h, struct home_state *st,
	struct frame *f, struct area a)
{
	enum frame_focus focus = st->pane == HOME_RUNS ? FRAME_FOCUS : FRAME_NO_FOCUS;
	struct str title = STR_INIT;
	struct page p;
	size_t far = 0;

	for (size_t i = 0; i < h->runs_len; i++)
		far += h->runs[i].account != NULL;
	str_addf(&title, "Open runs %zu", h->runs_len);
	if (far)
		str_addf(&title, ", %zu of colleagues", far);
	add_filter(h, &title);
	if (scene_size(f) != SCENE_COMPACT) {
		a = frame_box(f, a,
			&(struct frame_box){.title = title.buf,
				.focus = focus,
				.right = "r resumes",
				.right_style = STYLE_DIM});
	} else {
		frame_put(f, (struct area){a.row, 1, 1, a.cols}, STYLE_TITLE, title.buf);
		a.row++;
		a.rows--;
	}
	page_init(&p, a.cols - 1);
	for (size_t i = 0; i < h->runs_len; i++)
		run_row(&p, &h->runs[i], (int)i, sc->now);
	page_draw(&p, f,
		&(struct page_draw){.area = a,
			.scroll = &st->runs,
			.focus = focus,
			.mark = PAGE_MARK_FOCUS});
	page_release(&p);
	str_release(&title);
}

/* At the bottom of the area; how many rows it took. */
static int
draw_due(const struct scene *sc, const struct home_scene *h, struct home_state *st,
	struct frame *f, struct area a)
{
	int rows = view_due_rows(&h->due, scene_size(f), a.rows / 3);
	enum frame_focus focus = st->pane == HOME_DUES ? FRAME_FOCUS : FRAME_NO_FOCUS;

	if (rows)
		view_due_draw(sc, &h->due,
			&(struct page_draw){
				.area = {a.row + a.rows - rows, 0, rows, a.cols},
				.scroll = &st->dues,
				.focus = focus,
				.mark = PAGE_MARK_FOCUS},
			f);
	return rows;
}

static void
preview_facts(const struct home_scene *h, const struct home_runbook *r, struct page *p)
{
	const struct runbook *rb = h->preview;
	struct str text = STR_INIT;
	size_t changes = 0;

	page_prose(p, "Why", rb->why);
	for (size_t i = 0; i < rb->inputs.list.len; i++)
		str_addf(&text, "%s%s", i ? ", " : "", rb->inputs.list.at[i].name);
	page_label(p, "Asks", text.buf);
	str_reset(&text);
	for (size_t i = 0; i < rb->targets.list.len; i++)
		str_addf(&text, "%s%s", i ? ", " : "", rb->targets.list.at[i].id);
	page_label(p, "Where", text.len ? text.buf : "this machine");
	str_reset(&text);
	for (size_t i = 0; i < rb->steps.list.len; i++) {
		const struct step *s = &rb->steps.list.at[i];

		changes += step_kind_acts(s->kind) && s->risk != RISK_NONE;
		if (s->kind == STEP_SIGNOFF)
			str_addf(&text, "%s%s", text.len ? ", " : "", s->role);
	}
	page_label(p, "Signs", text.buf);
	str_reset(&text);
	str_addf(&text, "%s  %zu of %d steps change something", risk_mark(r->risk),
		changes, r->steps);
	page_label(p, "Risk", text.buf);
	page_label(p, "Fails", rb->rollback);
	page_label(p, "Owner", rb->owner);
	str_release(&text);
}

static void
preview_page(const struct home_scene *h, const struct home_runbook *r, struct now now,
	struct page *p)
{
	char ago[16];

	page_heading(p, r->title);
	page_text(p, 0, STYLE_DIM, r->path);
	page_blank(p);
	if (r->fault) {
		page_text(p, 0, STYLE_FAIL, "does not load");
		page_text(p, 0, STYLE_TEXT, r->fault);
		page_blank(p);
		page_text(
			p, 0, STYLE_TEXT, "Enter shows every complaint with its place.");
		return;
	}
	if (h->preview)
		preview_facts(h, r, p);
	else if (h->preview_fault)
		page_text(p, 0, STYLE_FAIL, h->preview_fault);
	page_blank(p);
	page_line(p, SCROLL_NOTHING);
	page_add(p, STYLE_DIM, "Last     ");
	page_add(p, result_style(r->last), r->last);
	if (r->last_at.ms) {
		scene_ago(r->last_at, now.wall, ago);
		page_addf(p, STYLE_TEXT, "  %s%s by %s", ago,
			strcmp(ago, "now") == 0 ? "" : " ago", r->who ? r->who : "?");
	}
	page_blank(p);
	page_text(p, 0, STYLE_DIM, "Enter shows the plan. Nothing runs yet.");
}

static void
draw_preview(const struct scene *sc, const struct home_scene *h, struct home_state *st,
	struct frame *f, struct area a)
{
	struct area in = a;
	struct page p;

	if (scene_size(f) != SCENE_COMPACT) {
		in = frame_box(f, a,
			&(struct frame_box){.title = "Preview",
				.focus = st->preview ? FRAME_FOCUS : FRAME_NO_FOCUS});
		in.col++;
		in.cols -= 2;
	}
	page_init(&p, in.cols);
	if (st->runbooks.id >= 0 && (size_t)st->runbooks.id < h->runbooks_len)
		preview_page(h, &h->runbooks[st->runbooks.id], sc->now, &p);
	page_draw(&p, f, &(struct page_draw){.area = in, .scroll = &st->preview_text});
	page_release(&p);
}

static void
draw_welcome(const struct home_scene *h, struct frame *f, struct area a)
{
	struct scroll none = {.id = SCROLL_NOTHING};
	struct page p;
	struct area box = {a.row + 2, (a.cols - 70) / 2, (int)h->looked_len + 11, 70};

	if (box.col < 0 || scene_size(f) == SCENE_COMPACT)
		box = a;
	if (box.rows > a.rows)
		box.rows = a.rows;
	box = frame_box(f, box,
		&(struct frame_box){.title = "No runbooks yet", .focus = FRAME_FOCUS});
	page_init(&p, box.cols - 2);
	page_text(&p, 0, STYLE_TEXT, "handrail looked here and found none:");
	for (size_t i = 0; i < h->looked_len; i++)
		page_text(&p, 2, STYLE_TEXT, h->looked[i]);
	page_blank(&p);
	page_text(&p, 0, STYLE_TEXT,
		"handrail demo            try it: nothing real is touched");
	page_text(&p, 0, STYLE_TEXT,
		"handrail --runbooks DIR  show the runbooks of a folder");
	page_text(&p, 0, STYLE_TEXT, "handrail doctor          check this machine");
	page_text(&p, 0, STYLE_TEXT, "man handrail-runbook     how to write one");
	page_draw(&p, f,
		&(struct page_draw){
			.area = {box.row, box.col + 1, box.rows, box.cols - 2},
			.scroll = &none,
			.focus = FRAME_FOCUS});
	scroll_release(&none);
	page_release(&p);
}

void
view_home_can(const struct scene *sc, const struct home_scene *h,
	const struct home_state *st, struct keymap_can *can)
{
	bool run = st->pane == HOME_RUNS && st->runs.id != SCROLL_NOTHING;
	bool due = st->pane == HOME_DUES && st->dues.id >= 0 &&
		(size_t)st->dues.id < h->due.len;
	bool runbook = st->pane == HOME_RUNBOOKS && st->runbooks.id != SCROLL_NOTHING;

	keymap_deny(can, ACTION_HOME_OPEN,
		run || runbook || due ? NULL : "no runbook is marked");
	if (due && h->due.rows[st->dues.id].id)
		keymap_deny(can, ACTION_HOME_OPEN,
			sc->readonly ? "read-only: nothing is closed" : NULL);
	for (enum action a = ACTION_HOME_POSTPONE; a <= ACTION_HOME_RELEASE; a++)
		keymap_deny(can, a,
			sc->readonly   ? "read-only: nothing is recorded"
				: !due ? "mark what is owed first"
				: h->due.rows[st->dues.id].id
				? NULL
				: "a review is not owed: read the runbook, and set "
				  "reviewed.last in the file");
	if (due)
		can->word[ACTION_HOME_OPEN] = h->due.rows[st->dues.id].id
			? "open the run that closes it"
			: "the plan";
	else if (run && (size_t)st->runs.id < h->runs_len && h->runs[st->runs.id].busy &&
		!h->runs[st->runs.id].here)
		can->word[ACTION_HOME_OPEN] = "look on";
	else if (run)
		can->word[ACTION_HOME_OPEN] = "resume";
	else if (runbook && (size_t)st->runbooks.id < h->runbooks_len &&
		h->runbooks[st->runbooks.id].fault)
		can->word[ACTION_HOME_OPEN] = "why it does not load";
	keymap_deny(can, ACTION_HOME_RESUME,
		sc->readonly          ? "read-only: nothing is resumed"
			: h->runs_len ? NULL
				      : "no run is open");
	keymap_deny(can, ACTION_HOME_ENVIRONMENT,
		h->environments ? NULL : "handrail.yaml names no environment");
	keymap_deny(can, ACTION_RUN_PANE,
		h->runbooks_len || h->runs_len || h->due.len ? NULL
							     : "there is one pane");
	keymap_deny(can, ACTION_FIND, h->runbooks_len ? NULL : "there are no runbooks");
	keymap_deny(can, ACTION_RUN_ANSWER, sc->asks ? NULL : "nobody asks for anything");
	can->word[ACTION_LEAVE] = "quit";
}

void
view_home_draw(const struct scene *sc, const struct home_scene *h, struct home_state *st,
	struct frame *f)
{
	struct keymap_can can = {0};
	struct area a, list;
	enum scene_size size = scene_size(f);
	int runs = (int)h->runs_len > RUNS_MAX ? RUNS_MAX : (int)h->runs_len;

	view_home_can(sc, h, st, &can);
	a = scene_draw(sc, f, ON_HOME, &can);
	if (!h->runbooks_len && !h->runs_len && !h->due.len && !h->filter) {
		draw_welcome(h, f, a);
		return;
	}
	if (h->runs_len) {
		int rows = runs + (size == SCENE_COMPACT ? 1 : 2);

		if (rows > a.rows / 3)
			rows = a.rows / 3;
		draw_runs(sc, h, st, f,
			(struct area){a.row + a.rows - rows, 0, rows, a.cols});
		a.rows -= rows;
	}
	a.rows -= draw_due(sc, h, st, f, a);
	list = a;
	if (size >= SCENE_NORMAL) {
		int cols = a.cols * 3 / 8;

		cols = cols < PREVIEW_COLS ? PREVIEW_COLS : cols > 70 ? 70 : cols;
		list.cols -= cols;
		draw_preview(sc, h, st, f, (struct area){a.row, list.cols, a.rows, cols});
	} else if (st->preview) {
		draw_preview(sc, h, st, f, a);
		return;
	}
	draw_runbooks(sc, h, st, f, list);
}

void
view_home_release(struct home_state *st)
{
	scroll_release(&st->runbooks);
	scroll_release(&st->dues);
	scroll_release(&st->runs);
	scroll_release(&st->preview_text);
}
