#include "run/back.h"

#include <string.h>

#include "base/mem.h"

enum { RUN_DIGITS = 4 };

char *
back_phrase(const struct run *r, enum back_how how)
{
	const char *env = r->environment ? r->environment : r->runbook->environment;

	return mem_printf("roll back %s%s%s%s", r->id + ULID_LEN - RUN_DIGITS,
		env ? " in " : "", env ? env : "",
		how == BACK_STEPS ? " by its steps" : "");
}

bool
back_typed(const struct run *r, const char *typed, enum back_how *how)
{
	for (int h = BACK_UNDO; h <= BACK_STEPS; h++) {
		char *phrase = back_phrase(r, (enum back_how)h);
		bool same = str_eq(phrase, typed);

		mem_free(phrase);
		*how = (enum back_how)h;
		if (same)
			return true;
	}
	return false;
}

bool
back_has_steps(const struct run *r)
{
	return r->runbook->rollback_first != NONE;
}

bool
back_is_step(const struct run *r, int step)
{
	return back_has_steps(r) && step >= r->runbook->rollback_first &&
		!r->steps.list.at[step].step->added;
}

bool
back_left_behind(const struct run *r, int step)
{
	enum step_state s = r->steps.list.at[step].own;

	return r->back.state == BACK_NEVER && back_is_step(r, step) &&
		r->steps.list.at[step].state != STEP_IS_TODO && s != STEP_IS_TODO &&
		s != STEP_IS_RUNNING && s != STEP_IS_UNKNOWN;
}

bool
back_by_steps(const struct run *r)
{
	return r->back.state == BACK_ON && r->back.how == BACK_STEPS;
}

enum undo_next_is
back_next(const struct run *r, struct undo_row *row)
{
	struct undo_plan plan;
	enum undo_next_is next;
	int at;

	undo_plan(r, &plan);
	next = undo_next(&plan, &at);
	if (at != NONE)
		*row = plan.rows.at[at];
	undo_plan_release(&plan);
	return next;
}

static const char *
outcome_of_steps(const struct run *r)
{
	for (size_t i = (size_t)r->runbook->rollback_first; i < r->steps.list.len; i++) {
		const struct run_step *rs = &r->steps.list.at[i];

		if (rs->step->kind == STEP_SECTION || rs->step->kind == STEP_CALL ||
			!back_is_step(r, (int)i) || run_settled(rs))
			continue;
		return rs->state == STEP_IS_FAILED ? "failed" : NULL;
	}
	return "rolled-back";
}

const char *
back_outcome(const struct run *r)
{
	struct undo_counts n;
	struct undo_plan plan;

	if (back_by_steps(r))
		return outcome_of_steps(r);
	if (r->back.state != BACK_OVER)
		return NULL;
	undo_plan(r, &plan);
	n = undo_count(&plan);
	undo_plan_release(&plan);
	if (n.unknown || n.running)
		return NULL;
	return n.undone == n.all ? "rolled-back" : "failed";
}

void
back_result(const struct run *r, struct str *out)
{
	struct undo_plan plan;
	struct undo_counts n;

	str_adds(out, r->result ? r->result : "?");
	if (r->back.state != BACK_OVER || !str_eq(r->result, "failed"))
		return;
	undo_plan(r, &plan);
	n = undo_count(&plan);
	undo_plan_release(&plan);
	str_addf(out, ": led back, %d of what ran stay%s", n.all - n.undone,
		n.all - n.undone == 1 ? "s" : "");
}

void
back_words(const struct run *r, struct str *out)
{
	struct undo_plan plan;
	struct undo_counts n;
	int row;

	undo_plan(r, &plan);
	n = undo_count(&plan);
	str_addf(out, "%d of %d", n.undone + n.left, n.all - n.stays);
	if (r->back.state == BACK_ON && r->back.how == BACK_UNDO)
		switch (undo_next(&plan, &row)) {
		case UNDO_NEXT_NOTHING:
			break;
		case UNDO_NEXT_ROW:
			if (!r->back.going)
				str_adds(out, ", stands still");
			else if (r->held)
				str_adds(out, ", held");
			break;
		case UNDO_NEXT_PHRASE:
			str_addf(out, ", step %s waits for its words",
				r->runbook->steps.list.at[plan.rows.at[row].step].number);
			break;
		case UNDO_NEXT_BLOCKED:
			if (plan.rows.at[row].kind == UNDO_UNKNOWN)
				str_addf(out, ", the outcome of step %s is unknown",
					r->runbook->steps.list.at[plan.rows.at[row].step]
						.number);
			break;
		}
	undo_plan_release(&plan);
}
