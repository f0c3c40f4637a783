#include "view/view_run.h"

#include <string.h>

#include "base/stamp.h"
#include "base/text.h"
#include "base/ulid.h"
#include "run/back.h"
#include "run/legs.h"
#include "run/progress.h"
#include "view/steptext.h"

enum { TREE_MAX = 66, TREE_ROWS_NARROW = 9, DETAIL_LEAST = 8, SHORT_ID = 4 };

/* ---- the tree -------------------------------------------------------------------------- */

static bool
taken_back(const struct run_step *rs)
{
	for (size_t i = 0; i < rs->legs.list.len; i++)
		if (legs_ok(&rs->legs.list.at[i].way[WAY_BACK]))
			return true;
	return false;
}

static const char *
proof(const struct run *r, int step)
{
	const struct run_step *rs = &r->steps.list.at[step];

	switch (run_step_state(r, step)) {
	case STEP_IS_DONE:
		return rs->who ? rs->who : "auto";
	case STEP_IS_SKIPPED:
		return rs->ticked && rs->tick == TICK_NA ? "n/a" : "skip";
	case STEP_IS_FAILED:
		return "FAILED";
	case STEP_IS_UNKNOWN:
		return "UNKNOWN";
	case STEP_IS_NEEDS_PERSON:
		return rs->declined ? "declined" : "needs you";
	case STEP_IS_NOT_NEEDED:
		return "n/a";
	default:
		return taken_back(rs) ? "undone" : rs->signatures.list.len ? "VOID" : "";
	}
}

static void
tree_right(const struct run *r, int step, struct wall now, struct page *p)
{
	const struct step *s = &r->runbook->steps.list.at[step];
	enum step_state state = run_step_state(r, step);
	struct str text = STR_INIT;
	const char *mark = step_kind_acts(s->kind)
		? risk_mark(run_leg_risk(r, step, WAY_FORWARD))
		: "";
	char *who = NULL;
	int held;

	held = r->steps.list.at[step].legs.list.len ? legs_held(r, step) : NONE;
	if (held != NONE)
		str_addf(&text, "HELD %s DOWN",
			r->steps.list.at[step].legs.list.at[held].host);
	else if (state == STEP_IS_RUNNING || !run_settled(&r->steps.list.at[step]))
		view_run_timer(r, step, now, &text);
	if (!text.len)
		str_adds(&text, proof(r, step));
	who = mem_strdup(text.buf);
	str_reset(&text);
	if (*who || (*mark && strcmp(mark, ".") != 0))
		str_addf(&text, "%-3s %s", strcmp(mark, ".") == 0 ? "" : mark, who);
	page_right(p,
		str_starts(who, "LATE") || str_starts(who, "VOID") ||
				str_starts(who, "HELD")
			? STYLE_FAIL
			: run_settled(&r->steps.list.at[step])
			? STYLE_DIM
			: steptext_state_style(state),
		text.buf);
	mem_free(who);
	str_release(&text);
}

static void
tree_row(const struct run *r, int step, struct wall now, struct page *p)
{
	const struct step *s = &r->runbook->steps.list.at[step];
	const struct run_step *rs = &r->steps.list.at[step];
	enum step_state state = run_step_state(r, step);
	bool heading = progress_is_heading(s);
	char *title = steptext_title(r, step);

	page_line(p, step);
	page_add(p, steptext_state_style(state), run_step_state_box(state));
	page_addf(p, heading ? STYLE_TITLE : STYLE_TEXT, " %-4s ", s->number);
	page_add(p,
		heading                               ? STYLE_TITLE
			: state == STEP_IS_NOT_NEEDED ? STYLE_OFF
						      : STYLE_TEXT,
		title);
	if (!heading)
		tree_right(r, step, now, p);
	if (rs->reason && (rs->skipped || rs->ticked)) {
		page_line(p, step);
		page_addf(p, STYLE_DIM, "         \"%s\" %s", rs->reason,
			rs->who ? rs->who : "");
	}
	view_run_changes(r, step, p);
	mem_free(title);
}

static void
tree_page(const struct run *r, struct wall now, struct page *p)
{
	for (size_t i = 0; i < r->steps.list.len; i++)
		tree_row(r, (int)i, now, p);
}

static void
tree_title(const struct run *r, struct str *out)
{
	struct run_counts n = run_count(r);

	str_addf(out, "Steps %d/%d", n.done + n.skipped, n.total);
	if (n.running)
		str_addf(out, " · %d running", n.running);
	if (n.failed)
		str_addf(out, " · %d failed", n.failed);
	if (n.skipped)
		str_addf(out, " · %d skipped", n.skipped);
	if (n.unknown)
		str_addf(out, " · %d unknown", n.unknown);
}

/* ---- panes ----------------------------------------------------------------------------- */

struct pane {
	const char *title, *right;
	enum style right_style;
	struct scroll *scroll;
	enum frame_focus focus;
	enum page_mark mark;
};

static struct area
inside(const struct frame *f, struct area a)
{
	if (scene_size(f) == SCENE_COMPACT)
		return (struct area){a.row + 1, a.col + 1, a.rows - 1, a.cols - 2};
	return (struct area){a.row + 1, a.col + 1, a.rows - 2, a.cols - 2};
}

static void
pane_draw(struct frame *f, struct area a, const struct pane *pn, const struct page *p)
{
	struct area in = inside(f, a);
	char where[48];
	const char *right = pn->right;

	scroll_begin(pn->scroll, in.rows);
	for (size_t i = 0; i < p->lines.len; i++)
		scroll_line(pn->scroll, p->lines.at[i].id);
	scroll_end(pn->scroll);
	if (!right || !*right)
		right = page_where(pn->scroll, where);
	if (scene_size(f) == SCENE_COMPACT) {
		frame_put(f, (struct area){a.row, a.col + 1, 1, a.cols - 2},
			pn->focus == FRAME_FOCUS ? STYLE_BORDER_FOCUS : STYLE_TITLE,
			pn->title);
		frame_put_right(f, (struct area){a.row, a.col + 1, 1, a.cols - 2},
			pn->right_style, right);
	} else {
		frame_box(f, a,
			&(struct frame_box){.title = pn->title,
				.right = right,
				.right_style = pn->right_style,
				.focus = pn->focus});
	}
	if (pn->mark == PAGE_NO_MARK) {
		in.col++;
		in.cols--;
	}
	page_draw(p, f,
		&(struct page_draw){.area = in,
			.scroll = pn->scroll,
			.focus = pn->focus,
			.mark = pn->mark});
}

static enum frame_focus
focus_of(const struct run_state *st, enum run_pane pane)
{
	return st->pane == pane ? FRAME_FOCUS : FRAME_NO_FOCUS;
}

/* What of the whole run is worth a corner of the list. */
static const char *
whole_words(const struct run_scene *rs, const struct run_state *st)
{
	const struct run *r = rs->run;

	if (r->back.state == BACK_ON)
		return "GOING BACK";
	if (r->held)
		return "HELD";
	if (r->back.state == BACK_OVER)
		return "LED BACK";
	return st->moved && !r->closed && !rs->replay ? "following off: . next open"
						      : NULL;
}

static void
draw_tree(const struct scene *sc, const struct run_scene *rs, struct run_state *st,
	struct frame *f, struct area a)
{
	struct str title = STR_INIT;
	struct page p;

	page_init(&p, inside(f, a).cols - 1);
	tree_page(rs->run, sc->now.wall, &p);
	tree_title(rs->run, &title);
	pane_draw(f, a,
		&(struct pane){.title = title.buf,
			.right = whole_words(rs, st),
			.right_style = rs->run->held || rs->run->back.state == BACK_ON
				? STYLE_WARN
				: STYLE_DIM,
			.scroll = &st->tree,
			.focus = focus_of(st, RUN_TREE),
			.mark = PAGE_MARK},
		&p);
	str_release(&title);
	page_release(&p);
}

static void
draw_detail(const struct scene *sc, const struct run_scene *rs, struct run_state *st,
	struct frame *f, struct area a)
{
	const struct step *s = NULL;
	struct str title = STR_INIT, risk = STR_INIT;
	enum risk now = RISK_NONE;
	struct page p;

	page_init(&p, inside(f, a).cols > 100 ? 100 : inside(f, a).cols - 1);
	if (st->tree.id >= 0) {
		s = &rs->run->runbook->steps.list.at[st->tree.id];
		str_addf(&title, "Step %s  %s", s->number, s->title);
		now = run_leg_risk(rs->run, st->tree.id, WAY_FORWARD);
		if (step_kind_acts(s->kind))
			str_addf(&risk, "%sRISK %s %s",
				rs->run->steps.list.at[st->tree.id].redline ? "EDITED "
									    : "",
				risk_mark(now), risk_name(now));
		view_run_detail(rs, st->tree.id,
			scene_size(f) >= SCENE_NORMAL ? RUN_HOSTS_COLUMNS
						      : RUN_HOSTS_ROWS,
			sc->now.wall, &p);
	} else {
		str_adds(&title, "No step is marked");
		page_text(&p, 0, STYLE_DIM, "Move to mark one.");
	}
	pane_draw(f, a,
		&(struct pane){.title = title.buf,
			.right = risk.buf,
			.right_style = s ? steptext_risk_style(now) : STYLE_DIM,
			.scroll = &st->detail,
			.focus = focus_of(st, RUN_DETAIL)},
		&p);
	str_release(&title);
	str_release(&risk);
	page_release(&p);
}

static struct wall
last_ran(const struct run_step *rs)
{
	struct wall last = {0};

	for (size_t i = 0; i < rs->legs.list.len; i++)
		for (int w = 0; w < 2; w++)
			if (rs->legs.list.at[i].way[w].intended.ms > last.ms)
				last = rs->legs.list.at[i].way[w].intended;
	return last;
}

int
view_run_output_step(const struct run *r, int marked)
{
	struct wall newest = {0};
	int step = NONE;

	if (marked >= 0 && last_ran(&r->steps.list.at[marked]).ms)
		return marked;
	for (size_t i = 0; i < r->steps.list.len; i++) {
		struct wall at = last_ran(&r->steps.list.at[i]);

		if (at.ms > newest.ms) {
			newest = at;
			step = (int)i;
		}
	}
	return step;
}

static void
mark_found(struct run_state *st, struct frame *f, struct area in)
{
	int row = st->output_found - 1 - st->output.top;

	if (st->output.tail) /* it has moved on */
		st->output_found = 0;
	if (!st->output_found || row < 0 || row >= in.rows)
		return;
	frame_restyle(f, (struct area){in.row + row, in.col, 1, in.cols}, STYLE_SEARCH);
	if (st->pane == RUN_OUTPUT)
		frame_cursor(f, in.row + row, in.col);
}

static const char *
right_words(const struct run_state *st)
{
	if (st->lines == RUN_LINES_WRAPPED)
		return st->output.tail ? "wrapped, at the end" : "wrapped";
	return st->output.tail ? "at the end" : NULL;
}

static void
draw_output(
	const struct run_scene *rs, struct run_state *st, struct frame *f, struct area a)
{
	int step = view_run_output_step(rs->run, st->tree.id);
	struct str title = STR_INIT;
	struct page p;

	str_adds(&title, "Output");
	if (step != NONE)
		str_addf(&title, " of step %s  %s",
			rs->run->runbook->steps.list.at[step].number,
			rs->run->runbook->steps.list.at[step].title);
	st->output_width = inside(f, a).cols - 1;
	page_init(&p, st->output_width);
	view_run_output(rs, step, st->lines, &p);
	pane_draw(f, a,
		&(struct pane){.title = title.buf,
			.right = right_words(st),
			.right_style = STYLE_DIM,
			.scroll = &st->output,
			.focus = focus_of(st, RUN_OUTPUT)},
		&p);
	mark_found(st, f, inside(f, a));
	str_release(&title);
	page_release(&p);
}

static void
draw_history(
	const struct run_scene *rs, struct run_state *st, struct frame *f, struct area a)
{
	struct page p;

	page_init(&p, inside(f, a).cols - 1);
	for (size_t i = 0; i < rs->history_len; i++)
		page_text(&p, 0, STYLE_TEXT, rs->history[i]);
	pane_draw(f, a,
		&(struct pane){.title = "History: what the record says",
			.scroll = &st->history,
			.focus = focus_of(st, RUN_DETAIL)},
		&p);
	page_release(&p);
}

/* The pane below or beside the tree that the tab names. */
static void
draw_tab(const struct scene *sc, const struct run_scene *rs, struct run_state *st,
	struct frame *f, struct area a)
{
	if (st->tab == RUN_TAB_HISTORY)
		draw_history(rs, st, f, a);
	else if (st->tab == RUN_TAB_OUTPUT || st->pane == RUN_OUTPUT)
		draw_output(rs, st, f, a);
	else
		draw_detail(sc, rs, st, f, a);
}

static void
draw_wide(const struct scene *sc, const struct run_scene *rs, struct run_state *st,
	struct frame *f, struct area a)
{
	int tree = a.cols * 2 / 5;
	struct area left = a, top, bottom;

	left.cols = tree > TREE_MAX ? TREE_MAX : tree;
	top = (struct area){a.row, left.cols, a.rows * 3 / 5, a.cols - left.cols};
	bottom = (struct area){a.row + top.rows, left.cols, a.rows - top.rows, top.cols};
	draw_tree(sc, rs, st, f, left);
	if (st->tab == RUN_TAB_HISTORY)
		draw_history(rs, st, f, top);
	else
		draw_detail(sc, rs, st, f, top);
	draw_output(rs, st, f, bottom);
}

static void
draw_narrow(const struct scene *sc, const struct run_scene *rs, struct run_state *st,
	struct frame *f, struct area a)
{
	int rows = (int)rs->run->steps.list.len + 2, most = a.rows - DETAIL_LEAST;
	struct area top = a, bottom = a;

	if (most > a.rows / 2)
		most = a.rows / 2;
	top.rows = rows > most ? most : rows;
	bottom.row += top.rows;
	bottom.rows -= top.rows;
	draw_tree(sc, rs, st, f, top);
	draw_tab(sc, rs, st, f, bottom);
}

static void
draw_zoomed(const struct scene *sc, const struct run_scene *rs, struct run_state *st,
	struct frame *f, struct area a)
{
	if (st->pane == RUN_TREE)
		draw_tree(sc, rs, st, f, a);
	else if (st->pane == RUN_OUTPUT)
		draw_output(rs, st, f, a);
	else
		draw_tab(sc, rs, st, f, a);
}

/* ---- the whole ------------------------------------------------------------------------- */

void
view_run_follow(const struct run *r, struct run_state *st)
{
	int to = NONE;

	if (st->moved)
		return;
	for (size_t i = 0; i < r->steps.list.len && to == NONE; i++)
		if (view_run_active_leg(&r->steps.list.at[i]))
			to = (int)i;
	if (to == NONE)
		to = run_next_open(r, 0);
	if (to == NONE)
		to = (int)r->steps.list.len - 1;
	if (to != st->tree.id) {
		scroll_select(&st->tree, to);
		st->detail.top = st->output.top = 0;
		st->output.tail = true;
	}
}

struct scroll *
view_run_scroll(struct run_state *st, const struct frame *f)
{
	if (st->pane == RUN_TREE)
		return &st->tree;
	if (st->pane == RUN_OUTPUT)
		return &st->output;
	if (st->tab == RUN_TAB_HISTORY)
		return &st->history;
	return st->tab == RUN_TAB_OUTPUT && scene_size(f) < SCENE_NORMAL ? &st->output
									 : &st->detail;
}

static void
back_banner(const struct run *r, struct frame *f, struct area row)
{
	struct str words = STR_INIT;

	back_words(r, &words);
	frame_putf(f, row, STYLE_WARN, "The way back: %s%s", words.buf,
		run_busy(r) ? "" : "; b goes on with it, or ends it.");
	str_release(&words);
}

/* Its folder where there is room for all of it. */
static void
closed_banner(const struct run_scene *rs, struct frame *f, struct area row)
{
	struct str words = STR_INIT, where = STR_INIT;

	str_addf(&words, "Run %s is closed: ", rs->run->id + ULID_LEN - SHORT_ID);
	back_result(rs->run, &words);
	str_addc(&words, '.');
	if (rs->dir)
		str_addf(&where, " Record: %s", rs->dir);
	if (text_cells(words.buf) + text_cells(where.buf) <= (size_t)row.cols)
		str_adds(&words, where.buf);
	frame_put(f, row, STYLE_STRONG, words.buf);
	str_release(&words);
	str_release(&where);
}

/* Something the whole run says: it is over, or it only waits to be closed. */
static struct area
banner(const struct run_scene *rs, struct frame *f, struct area a)
{
	const struct run *r = rs->run;
	struct err e = ERR_INIT;
	struct area row = {a.row, 1, 1, a.cols - 2};

	if (r->closed)
		closed_banner(rs, f, row);
	else if (r->back.state == BACK_ON && r->back.how == BACK_UNDO)
		back_banner(r, f, row);
	else if (r->back.state == BACK_OVER)
		frame_put(f, row, STYLE_STRONG,
			"The run was led back: Enter closes it, b shows what stays.");
	else if (r->open && gate_allows(r, ACT_CLOSE, NONE, &e))
		frame_put(f, row, STYLE_STRONG,
			run_next_open(r, 0) == NONE
				? "All steps settled: Enter closes the run."
				: "A step failed: try it again, or s skips it with a reason.");
	else
		return a;
	a.row++;
	a.rows--;
	if (r->closed) {
		frame_putf(f, (struct area){a.row, 1, 1, a.cols - 2}, STYLE_TEXT,
			"Check it: handrail verify %s    Read it: handrail report %s",
			r->id + ULID_LEN - SHORT_ID, r->id + ULID_LEN - SHORT_ID);
		a.row++;
		a.rows--;
	}
	return a;
}

/* Which record it is that the rest of the screen stands at. */
static struct area
replay_banner(const struct run_replay *p, struct frame *f, struct area a)
{
	struct area row = {a.row, 1, 1, a.cols - 2};
	int used = frame_putf(f, row, STYLE_WARN, "REPLAY %zu of %zu  ", p->at, p->of);

	frame_put(f, (struct area){row.row, row.col + used, 1, row.cols - used},
		STYLE_STRONG, p->words);
	return (struct area){a.row + 1, a.col, a.rows - 1, a.cols};
}

void
view_run_replay_can(const struct run_replay *p, struct keymap_can *can)
{
	keymap_deny(can, ACTION_REPLAY_NEXT,
		p->at < p->of ? NULL : "that was the last record");
	keymap_deny(
		can, ACTION_REPLAY_PREV, p->at > 1 ? NULL : "this is the first record");
	keymap_deny(can, ACTION_RUN_ANSWER, "nobody asks in a replay");
}

void
view_run_draw(const struct scene *sc, const struct run_scene *rs, struct run_state *st,
	struct frame *f)
{
	struct keymap_can can = {0};
	enum scene_size size = scene_size(f);
	struct area a;

	if (rs->replay)
		view_run_replay_can(rs->replay, &can);
	else
		view_run_can(sc, rs, st, &can);
	if (size >= SCENE_NORMAL || st->tab == RUN_TAB_OUTPUT)
		can.word[ACTION_RUN_DETAIL] = NULL; /* it is on the screen */
	a = scene_draw(sc, f, rs->replay ? ON_REPLAY : ON_RUN, &can);
	a = rs->replay ? replay_banner(rs->replay, f, a) : banner(rs, f, a);
	if (st->zoom || size == SCENE_COMPACT)
		draw_zoomed(sc, rs, st, f, a);
	else if (size >= SCENE_NORMAL)
		draw_wide(sc, rs, st, f, a);
	else
		draw_narrow(sc, rs, st, f, a);
}

void
view_run_release(struct run_state *st)
{
	scroll_release(&st->tree);
	scroll_release(&st->detail);
	scroll_release(&st->output);
	scroll_release(&st->history);
}
