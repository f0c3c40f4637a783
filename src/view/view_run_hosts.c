#include "view/view_run.h"

#include <string.h>

#include "base/stamp.h"
#include "base/text.h"
#include "run/legs.h"

/* A step over several hosts at a glance: a column for each, a row for each thing that is
 * expected; as many blocks as the hosts need. */

enum { LABEL_CELLS = 20, HOST_CELLS = 12 };

static enum style
state_style(enum leg_state s)
{
	static const enum style styles[] = {[LEG_TODO] = STYLE_DIM,
		[LEG_INTENDED] = STYLE_RUN,
		[LEG_RUNNING] = STYLE_RUN,
		[LEG_CANCELLING] = STYLE_RUN,
		[LEG_OK] = STYLE_OK,
		[LEG_WARN] = STYLE_WARN,
		[LEG_FAILED] = STYLE_FAIL,
		[LEG_RETRY] = STYLE_RUN,
		[LEG_UNKNOWN] = STYLE_WARN,
		[LEG_SKIPPED] = STYLE_DIM};

	return styles[s];
}

static void
cell(struct page *p, size_t column, enum style style, const char *text)
{
	struct str cut = STR_INIT;

	page_column(p, LABEL_CELLS + (int)column * HOST_CELLS);
	text_add_cut(&cut, text, HOST_CELLS - 1, "…");
	page_add(p, style, cut.buf);
	str_release(&cut);
}

/* The leg that has most to say about what is expected. */
static const struct leg_run *
widest(const struct run_step *st)
{
	const struct leg_run *best = &st->legs.list.at[0].way[WAY_FORWARD];

	for (size_t i = 1; i < st->legs.list.len; i++)
		if (st->legs.list.at[i].way[WAY_FORWARD].rows.list.len >
			best->rows.list.len)
			best = &st->legs.list.at[i].way[WAY_FORWARD];
	return best;
}

static const struct judged_row *
row_named(const struct leg_run *lr, const char *field)
{
	for (size_t i = 0; i < lr->rows.list.len; i++)
		if (str_eq(lr->rows.list.at[i].field, field))
			return &lr->rows.list.at[i];
	return NULL;
}

static void
heads(const struct run *r, const struct run_step *st, size_t first, size_t n,
	struct page *p)
{
	page_line(p, SCROLL_NOTHING);
	page_add(p, STYLE_DIM, first ? "" : "Hosts");
	for (size_t i = 0; i < n; i++) {
		const struct leg *l = &st->legs.list.at[first + i];

		struct str name = STR_INIT;

		str_addf(&name, "%s%s%s", l->host, l->each ? " " : "",
			l->each ? l->each : "");
		cell(p, i, run_is_down(r, l->target) ? STYLE_FAIL : STYLE_STRONG,
			name.buf);
		str_release(&name);
	}
}

static void
states(const struct run *r, const struct run_step *st, size_t first, size_t n,
	struct wall now, struct page *p)
{
	page_line(p, SCROLL_NOTHING);
	page_add(p, STYLE_DIM, " state");
	for (size_t i = 0; i < n; i++) {
		const struct leg *l = &st->legs.list.at[first + i];
		const struct leg_run *lr = &l->way[WAY_FORWARD];
		bool down = lr->state == LEG_TODO && run_is_down(r, l->target);
		struct wall from = lr->started.ms ? lr->started : lr->intended;
		char gone[STAMP_BYTES];

		if (legs_active(lr) && now.ms > from.ms)
			cell(p, i, STYLE_RUN,
				stamp_duration((now.ms - from.ms) / 1000 * 1000, gone));
		else if (legs_ok(&l->way[WAY_BACK]))
			cell(p, i, STYLE_DIM, "undone");
		else
			cell(p, i, down ? STYLE_FAIL : state_style(lr->state),
				down ? "DOWN" : run_leg_state_name(lr->state));
	}
}

static void
expected(const struct run_step *st, const char *field, size_t first, size_t n,
	struct page *p)
{
	struct str label = STR_INIT;

	page_line(p, SCROLL_NOTHING);
	str_addc(&label, ' ');
	text_add_cut(&label, field, LABEL_CELLS - 2, "…");
	page_add(p, STYLE_DIM, label.buf);
	str_release(&label);
	for (size_t i = 0; i < n; i++) {
		const struct leg_run *lr = &st->legs.list.at[first + i].way[WAY_FORWARD];
		const struct judged_row *row = row_named(lr, field);

		cell(p, i,
			!row                                 ? STYLE_DIM
				: row->verdict == VERDICT_OK ? STYLE_OK
							     : STYLE_FAIL,
			row && row->got ? row->got : "-");
	}
}

bool
view_run_hosts(const struct run *r, int step, struct wall now, struct page *p)
{
	const struct run_step *st = &r->steps.list.at[step];
	size_t fit = p->width > LABEL_CELLS + HOST_CELLS
		? (size_t)(p->width - LABEL_CELLS) / HOST_CELLS
		: 1;
	const struct leg_run *all;

	if (st->legs.list.len < 2)
		return false;
	all = widest(st);
	for (size_t first = 0; first < st->legs.list.len; first += fit) {
		size_t n = st->legs.list.len - first < fit ? st->legs.list.len - first
							   : fit;

		heads(r, st, first, n, p);
		states(r, st, first, n, now, p);
		for (size_t i = 0; i < all->rows.list.len; i++)
			expected(st, all->rows.list.at[i].field, first, n, p);
	}
	page_blank(p);
	return true;
}
