#include "model/past.h"

#include "base/vec.h"
#include "model/expect.h"

enum { POINTS = 256 }; /* in a window, however often it is looked at */

struct point {
	int64_t at_ms;
	double number;
};

struct row {
	const struct expect_test *test;
	struct {
		VEC_OF(struct point) list;
	} points; /* oldest first */
};

struct past {
	struct {
		VEC_OF(struct row) list;
	} rows;
};

struct past *
past_new(void)
{
	return mem_alloc(sizeof(struct past));
}

void
past_free(struct past *p)
{
	if (p == NULL)
		return;
	for (size_t i = 0; i < p->rows.list.len; i++)
		vec_free(&p->rows.list.at[i].points.list);
	vec_free(&p->rows.list);
	mem_free(p);
}

static struct row *
row_of(struct past *p, const struct expect_test *t)
{
	struct row *r;

	for (size_t i = 0; i < p->rows.list.len; i++)
		if (p->rows.list.at[i].test == t)
			return &p->rows.list.at[i];
	r = vec_add(&p->rows.list);
	r->test = t;
	return r;
}

/* One point at or before the window's beginning is kept, to compare with. */
static void
forget_old(struct row *r, int64_t from_ms)
{
	while (r->points.list.len > 1 && r->points.list.at[1].at_ms <= from_ms)
		vec_remove(&r->points.list, 0);
}

static void
add_point(struct row *r, int64_t apart_ms, struct point now)
{
	size_t n = r->points.list.len;

	if (n == 0 || now.at_ms - r->points.list.at[n - 1].at_ms >= apart_ms)
		vec_push(&r->points.list, now);
}

enum verdict
past_judge(struct past *p, const struct expect_test *t, int64_t at_ms, double number)
{
	struct row *r = row_of(p, t);
	int64_t window_ms = (int64_t)t->number;
	const struct point *first;
	bool holds;

	add_point(r, window_ms / POINTS, (struct point){at_ms, number});
	forget_old(r, at_ms - window_ms);
	first = &r->points.list.at[0];
	if (first->at_ms == at_ms || at_ms - first->at_ms < window_ms / 5 * 4)
		return VERDICT_UNKNOWN;
	/* Nobody looked for more than the window: that is not the window asked for. */
	if (at_ms - first->at_ms > 2 * window_ms)
		return VERDICT_UNKNOWN;
	holds = t->kind == EXPECT_RISING ? number > first->number
					 : number < first->number;
	return holds ? VERDICT_OK : VERDICT_FAIL;
}
