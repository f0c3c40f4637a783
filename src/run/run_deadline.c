#include "run/run_deadline.h"

#include "run/back.h"
#include "run/decide.h"
#include "run/legs.h"

static void
sooner(struct run_deadline_due *best, struct run_deadline_due d, int64_t at)
{
	if (!at || (best->at.ms && best->at.ms <= at))
		return;
	*best = d;
	best->at.ms = at;
}

static int64_t
kill_at(const struct run_step *rs, const struct leg_run *lr)
{
	if (!rs->step->kill_after_ms || lr->look ||
		(lr->state != LEG_INTENDED && lr->state != LEG_RUNNING))
		return 0;
	return (lr->started.ms ? lr->started.ms : lr->intended.ms) +
		rs->step->kill_after_ms;
}

static void
due_of_legs(const struct run *r, int step, struct run_deadline_due *best)
{
	const struct run_step *rs = &r->steps.list.at[step];
	struct run_deadline_due d = {.step = step, .way = WAY_FORWARD};

	for (size_t k = 0; k < rs->legs.list.len; k++) {
		const struct leg_run *lr = &rs->legs.list.at[k].way[WAY_FORWARD];

		d.leg = (int)k;
		d.what = RUN_DEADLINE_KILL;
		sooner(best, d, kill_at(rs, lr));
		d.what = RUN_DEADLINE_RETRY;
		sooner(best, d, lr->state == LEG_RETRY && !r->held ? lr->retry_at.ms : 0);
	}
	d.what = RUN_DEADLINE_NEXT;
	d.way = rs->going_way;
	d.leg = r->held ? NONE : legs_next(r, step);
	if (d.leg != NONE)
		sooner(best, d, 1); /* at once, whatever the wall clock does */
}

/* One undo at a time, and never beside anything else. */
static bool
back_goes_on(const struct run *r)
{
	struct undo_row row;

	if (r->back.state != BACK_ON || r->back.how != BACK_UNDO || r->held ||
		run_busy(r))
		return false;
	switch (back_next(r, &row)) {
	case UNDO_NEXT_NOTHING:
		return true;
	case UNDO_NEXT_ROW:
		return r->back.going;
	case UNDO_NEXT_PHRASE:
	case UNDO_NEXT_BLOCKED:
		break;
	}
	return false;
}

struct run_deadline_due
run_deadline_next(const struct run *r)
{
	struct run_deadline_due best = {.what = RUN_DEADLINE_NOTHING};

	for (size_t i = 0; r->open && i < r->steps.list.len; i++) {
		const struct run_step *rs = &r->steps.list.at[i];

		if (rs->legs.list.len)
			due_of_legs(r, (int)i, &best);
		if (rs->step->kind == STEP_WAIT && rs->own == STEP_IS_RUNNING)
			sooner(&best,
				(struct run_deadline_due){
					.what = RUN_DEADLINE_WAIT, .step = (int)i},
				rs->until.ms);
	}
	if (r->open && back_goes_on(r))
		sooner(&best, (struct run_deadline_due){.what = RUN_DEADLINE_BACK}, 1);
	return best;
}

struct wall
run_deadline(const struct run *r)
{
	return run_deadline_next(r).at;
}
