#include "view/view_learn.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/stamp.h"
#include "base/text.h"

enum { WIDE_COLS = 100, LIST_COLS = 38, PART_COLS = 26, TEXT_MAX = 100 };

bool
view_learn_is_heading(const struct step *s)
{
	return s->kind == STEP_SECTION || s->kind == STEP_CALL;
}

void
view_learn_count(const struct learn_scene *l, int *seen, int *all)
{
	*seen = *all = 0;
	for (size_t i = 0; i < l->runbook->steps.list.len; i++) {
		if (view_learn_is_heading(&l->runbook->steps.list.at[i]))
			continue;
		++*all;
		*seen += l->seen && l->seen[i];
	}
}

/* ---- one step ------------------------------------------------------------------------------ */

static void
add_code(struct page *p, const char *text)
{
	page_block(p,
		&(struct page_block){.indent = 2,
			.first = "$ ",
			.style = STYLE_CODE,
			.id = SCROLL_NOTHING},
		text);
}

/* "part: what it does", a line each. */
static void
add_parts(struct page *p, const char *explain)
{
	page_blank(p);
	page_heading(p, "Piece by piece");
	while (*explain) {
		size_t len = strcspn(explain, "\n");
		char *line = mem_strndup(explain, len), *colon = strstr(line, ": ");

		if (colon) {
			*colon = '\0';
			page_line(p, SCROLL_NOTHING);
			page_addf(p, STYLE_CODE, "  %s", line);
			if (text_cells(line) + 2 >= PART_COLS)
				page_line(p, SCROLL_NOTHING);
			page_column(p, PART_COLS);
			page_add(p, STYLE_TEXT, colon + 2);
		} else if (*line) {
			page_text(p, 2, STYLE_TEXT, line);
		}
		mem_free(line);
		explain += len + (explain[len] == '\n');
	}
}

static void
add_probes(const struct runbook *rb, const struct ints *probes, struct page *p)
{
	for (size_t i = 0; i < probes->list.len; i++) {
		const struct probe *pr = &rb->probes.list.at[probes->list.at[i]];
		struct str want = STR_INIT;

		page_line(p, SCROLL_NOTHING);
		page_addf(p, STYLE_STRONG, "  %s", pr->name);
		page_addf(p, STYLE_TEXT, "  %s", probe_kind_name(pr->kind));
		page_text(p, 4, STYLE_CODE, pr->subject);
		if (pr->expect) {
			expect_text(pr->expect, &want);
			page_block(p,
				&(struct page_block){.indent = 4,
					.first = "good: ",
					.style = STYLE_TEXT,
					.id = SCROLL_NOTHING},
				want.buf);
		}
		str_release(&want);
	}
}

static void
add_options(const struct step *s, struct page *p)
{
	for (size_t i = 0; i < s->options.list.len; i++) {
		page_line(p, SCROLL_NOTHING);
		page_addf(p, STYLE_STRONG, "  %s", s->options.list.at[i].label);
		if (s->options.list.at[i].says)
			page_text(p, 4, STYLE_TEXT, s->options.list.at[i].says);
	}
}

/* What a person or the machine does in it. */
static void
add_act(const struct runbook *rb, const struct step *s, struct page *p)
{
	switch (s->kind) {
	case STEP_RUN:
	case STEP_SQL:
	case STEP_HTTP:
	case STEP_COPY:
	case STEP_WATCH:
		page_blank(p);
		page_heading(p, s->kind == STEP_WATCH ? "What is shown" : "Command");
		for (size_t i = 0; s->kind == STEP_WATCH && i < s->panes.list.len; i++)
			add_code(p, s->panes.list.at[i]);
		if (s->text && s->kind != STEP_WATCH)
			add_code(p, s->text);
		page_label(p, "Where",
			s->host == NONE ? "this machine"
					: rb->hosts.list.at[s->host].name);
		break;
	case STEP_CHECK:
	case STEP_SOAK:
		page_blank(p);
		page_heading(p, "What must hold");
		add_probes(rb, &s->probes, p);
		break;
	case STEP_CHOOSE:
		page_blank(p);
		page_heading(p, "The answers");
		add_options(s, p);
		break;
	case STEP_DO:
	case STEP_NOTIFY:
		page_blank(p);
		page_heading(p, "A person does it");
		page_text(p, 2, STYLE_TEXT, s->text);
		break;
	case STEP_SIGNOFF:
		page_blank(p);
		page_heading(p, "Somebody signs");
		page_label(p, "As", s->role);
		page_label(p, "Says", s->says);
		break;
	case STEP_WAIT:
	case STEP_ASK:
	case STEP_CALL:
	case STEP_SCHEDULE:
	case STEP_SECTION:
	case STEP_KIND_COUNT:
		break;
	}
}

static void
add_rules(const struct step *s, struct page *p)
{
	struct str want = STR_INIT;

	if (s->expect) {
		expect_text(s->expect, &want);
		page_label(p, "Good is", want.buf);
	}
	str_release(&want);
	page_label(p, "Typed", s->confirm);
	page_label(p, "Undo", s->undo.text);
	page_label(p, "No way back", s->irreversible);
}

static void
add_example(const struct learn_scene *l, struct page *p)
{
	const char *at = l->example;

	if (!at)
		return;
	page_blank(p);
	page_line(p, SCROLL_NOTHING);
	page_add(p, STYLE_STRONG, "What you would see");
	page_addf(p, STYLE_DIM, "  %s", l->source ? l->source : "");
	for (int i = 0; *at; i++) {
		size_t len = strcspn(at, "\n");
		char *line = mem_strndup(at, len);

		if (i >= l->shown) {
			page_text(p, 2, STYLE_DIM, l->shown ? "..." : "Enter plays it");
			mem_free(line);
			return;
		}
		page_block(p,
			&(struct page_block){
				.indent = 2, .style = STYLE_CODE, .id = SCROLL_NOTHING},
			line);
		mem_free(line);
		at += len + (at[len] == '\n');
	}
}

void
view_learn_page(const struct learn_scene *l, int step, struct page *p)
{
	const struct runbook *rb = l->runbook;
	const struct step *s = &rb->steps.list.at[step];

	page_line(p, SCROLL_NOTHING);
	page_addf(p, STYLE_STRONG, "%s  %s", s->number, s->title);
	if (s->risk != RISK_NONE)
		page_addf(p, STYLE_WARN, "  risk %s %s", risk_name(s->risk),
			risk_mark(s->risk));
	page_blank(p);
	page_prose(p, "Why", s->why ? s->why : view_learn_is_heading(s) ? rb->why : NULL);
	for (size_t i = 0; i < s->when.list.len; i++) {
		char *when = mem_printf(
			"%s is %s", s->when.list.at[i].key, s->when.list.at[i].value);

		page_label(p, i ? "" : "Only if", when);
		mem_free(when);
	}
	add_act(rb, s, p);
	if (s->explain)
		add_parts(p, s->explain);
	add_rules(s, p);
	add_example(l, p);
}

/* ---- the screen ------------------------------------------------------------------------------ */

static void
list_page(const struct learn_scene *l, struct page *p)
{
	for (size_t i = 0; i < l->runbook->steps.list.len; i++) {
		const struct step *s = &l->runbook->steps.list.at[i];

		page_line(p, (int)i);
		if (view_learn_is_heading(s)) {
			page_addf(p, STYLE_STRONG, "%s  %s", s->number, s->title);
			continue;
		}
		page_addf(p, STYLE_TEXT, "[%c] %-5s%s", l->seen && l->seen[i] ? 'x' : ' ',
			s->number, s->title);
		if (s->risk != RISK_NONE)
			page_right(p, STYLE_WARN, risk_mark(s->risk));
	}
}

static void
draw_list(const struct learn_scene *l, struct learn_state *st, struct area a,
	struct frame *f)
{
	enum frame_focus focus = st->pane == LEARN_STEPS ? FRAME_FOCUS : FRAME_NO_FOCUS;
	char title[64], where[48];
	int seen, all;
	struct page p;

	view_learn_count(l, &seen, &all);
	snprintf(title, sizeof title, "Steps, %d of %d seen", seen, all);
	page_init(&p, a.cols - 4);
	list_page(l, &p);
	scroll_begin(&st->steps, a.rows - 2);
	for (size_t i = 0; i < p.lines.len; i++)
		scroll_line(&st->steps, p.lines.at[i].id);
	scroll_end(&st->steps);
	a = frame_box(f, a,
		&(struct frame_box){.title = title,
			.right = page_where(&st->steps, where),
			.right_style = STYLE_DIM,
			.focus = focus});
	page_draw(&p, f,
		&(struct page_draw){.area = a,
			.scroll = &st->steps,
			.focus = focus,
			.mark = PAGE_MARK});
	page_release(&p);
}

static void
draw_step(const struct learn_scene *l, struct learn_state *st, struct area a,
	struct frame *f)
{
	enum frame_focus focus = st->pane == LEARN_STEP ? FRAME_FOCUS : FRAME_NO_FOCUS;
	int step = st->steps.id;
	char where[48];
	struct page p;

	page_init(&p, a.cols - 4 > TEXT_MAX ? TEXT_MAX : a.cols - 4);
	if (step >= 0 && (size_t)step < l->runbook->steps.list.len)
		view_learn_page(l, step, &p);
	scroll_begin(&st->detail, a.rows - 2);
	for (size_t i = 0; i < p.lines.len; i++)
		scroll_line(&st->detail, SCROLL_NOTHING);
	scroll_end(&st->detail);
	a = frame_box(f, a,
		&(struct frame_box){.title = l->runbook->title,
			.right = page_where(&st->detail, where),
			.right_style = STYLE_DIM,
			.focus = focus});
	page_draw(&p, f,
		&(struct page_draw){.area = a,
			.scroll = &st->detail,
			.focus = focus,
			.mark = PAGE_MARK});
	page_release(&p);
}

void
view_learn_draw(const struct scene *sc, const struct learn_scene *l,
	struct learn_state *st, struct frame *f)
{
	struct keymap_can can = {0};
	struct area a, left, right;

	keymap_deny(&can, ACTION_RUN_ANSWER, "nobody asks here");
	if (!l->example)
		keymap_deny(&can, ACTION_LEARN_PLAY, "there is no example of this step");
	a = scene_draw(sc, f, ON_LEARN, &can);
	left = right = a;
	if (a.cols >= WIDE_COLS) {
		left.cols = LIST_COLS;
		right.col += LIST_COLS;
		right.cols -= LIST_COLS;
	} else {
		left.rows = a.rows > 18 ? 6 : 4;
		right.row += left.rows;
		right.rows -= left.rows;
	}
	draw_list(l, st, left, f);
	draw_step(l, st, right, f);
}
