#include "run/progress.h"

#include <string.h>

#include "base/glob.h"
#include "base/mem.h"
#include "run/added.h"
#include "run/back.h"

bool
progress_is_heading(const struct step *s)
{
	return s->kind == STEP_SECTION || s->kind == STEP_CALL;
}

bool
progress_under(const struct runbook *rb, int i, int heading)
{
	const struct step *s = &rb->steps.list.at[i];

	if (heading == NONE || i <= heading)
		return false;
	if (s->section == heading || s->call == heading)
		return true;
	/* headings stand before their members, so this ends */
	if (s->section != NONE && s->section < i &&
		progress_under(rb, s->section, heading))
		return true;
	return s->call != NONE && s->call < i && progress_under(rb, s->call, heading);
}

/* model/checkorder.c knows these words, too. */
static const char *
state_word(enum step_state s)
{
	static const char *const words[STEP_STATE_COUNT] = {
		[STEP_IS_TODO] = "todo",
		[STEP_IS_RUNNING] = "running",
		[STEP_IS_DONE] = "done",
		[STEP_IS_FAILED] = "failed",
		[STEP_IS_SKIPPED] = "skipped",
		[STEP_IS_UNKNOWN] = "unknown",
		[STEP_IS_NEEDS_PERSON] = "needs-person",
		[STEP_IS_NOT_NEEDED] = "not-needed",
	};

	return words[s];
}

/* Its state, or what was answered. */
static bool
step_is(const struct run *r, int step, const char *word)
{
	const struct run_step *rs = &r->steps.list.at[step];

	if (glob_fits(word, state_word(run_step_state(r, step))))
		return true;
	return rs->step->kind == STEP_CHOOSE && rs->option != NONE &&
		glob_fits(word, rs->step->options.list.at[rs->option].label);
}

static bool
condition_holds(const struct run *r, const struct step *s, const struct condition *c)
{
	const char *got = NULL;

	if (strcmp(c->key, "env") == 0) {
		got = r->environment ? r->environment : r->runbook->environment;
	} else if (str_starts(c->key, "input.")) {
		got = run_value(r, s->scope, c->key + strlen("input."));
	} else if (str_starts(c->key, "step.")) {
		const char *prefix = r->runbook->scopes.list.len
			? r->runbook->scopes.list.at[s->scope].prefix
			: "";
		char *id = mem_printf("%s%s", prefix, c->key + strlen("step."));
		int other = run_find_step(r, id);

		mem_free(id);
		return other != NONE && step_is(r, other, c->value);
	}
	return glob_fits(c->value, got ? got : "");
}

static bool
conditions_hold(const struct run *r, const struct step *s)
{
	for (size_t i = 0; i < s->when.list.len; i++)
		if (!condition_holds(r, s, &s->when.list.at[i]))
			return false;
	return true;
}

/* The step a settled branch or a handled failure leads to; NONE: on with the next. */
static int
leads_to(const struct run_step *rs)
{
	const struct step *s = rs->step;

	if (s->kind == STEP_CHOOSE && rs->state == STEP_IS_DONE && rs->option != NONE)
		return s->options.list.at[rs->option].go;
	if (s->on_failure == ON_FAILURE_GOTO && rs->state == STEP_IS_FAILED)
		return s->on_failure_go;
	return NONE;
}

static bool
is_needed(const struct run *r, int i)
{
	const struct step *s = &r->runbook->steps.list.at[i];

	if (s->section != NONE && s->section < i &&
		r->steps.list.at[s->section].state == STEP_IS_NOT_NEEDED)
		return false;
	if (s->call != NONE && s->call < i &&
		r->steps.list.at[s->call].state == STEP_IS_NOT_NEEDED)
		return false;
	return conditions_hold(r, s);
}

/* The steps of the way back are nobody's business before it is begun, unless a branch
 * leads to them; then those that lead on no longer are. */
static bool
of_the_other_way(const struct run *r, int i, int over)
{
	if (!back_has_steps(r))
		return false;
	if (back_by_steps(r))
		return !back_is_step(r, i);
	return back_is_step(r, i) && !back_is_step(r, over);
}

void
progress_derive(struct run *r)
{
	int n = (int)r->steps.list.len, over = 0;

	for (int i = 0; i < n; i++)
		r->steps.list.at[i].state = r->steps.list.at[i].own;
	if (!r->conditional)
		return;
	/* Top down: a condition on a later step sees that step's own state, so the result
	 * depends on the events alone. */
	for (int i = 0; i < n; i++) {
		struct run_step *rs = &r->steps.list.at[i];
		int to;

		/* What was acted upon stays what it is. The heading over the step that a
		 * branch leads to is not passed over. */
		if (rs->own == STEP_IS_TODO &&
			((i < over && !progress_under(r->runbook, over, i)) ||
				!is_needed(r, i) || of_the_other_way(r, i, over)))
			rs->state = STEP_IS_NOT_NEEDED;
		/* What was walked in a way back that was ended leads nowhere; and where a
		 * branch leads to it, what it did then is not what is asked for now. */
		if (back_left_behind(r, i)) {
			if (i >= over && back_is_step(r, over))
				rs->state = is_needed(r, i) ? STEP_IS_TODO
							    : STEP_IS_NOT_NEEDED;
			continue;
		}
		to = leads_to(rs);
		if (to > i && to > over)
			over = to;
	}
}

bool
progress_led_on(const struct run *r, int failed, int step)
{
	const struct run_step *rs = &r->steps.list.at[failed];

	return rs->state == STEP_IS_FAILED && rs->step->on_failure == ON_FAILURE_GOTO &&
		rs->step->on_failure_go > failed && step >= rs->step->on_failure_go;
}

static bool
any_order(const struct run *r, const struct step *s)
{
	return s->kind == STEP_DO &&
		(r->runbook->kind == RUNBOOK_CHECKLIST ||
			r->runbook->kind == RUNBOOK_ONBOARDING);
}

static bool
holds_up(const struct run *r, int earlier, int step)
{
	if (progress_is_heading(&r->runbook->steps.list.at[earlier])) {
		enum step_state s;

		if (progress_under(r->runbook, step, earlier))
			return false;
		s = progress_heading(r, earlier);
		return s != STEP_IS_DONE && s != STEP_IS_SKIPPED &&
			s != STEP_IS_NOT_NEEDED;
	}
	if (r->steps.list.at[earlier].step->kind == STEP_WATCH &&
		r->steps.list.at[earlier].state == STEP_IS_RUNNING)
		return false; /* it is looked at while others are done */
	return !run_settled(&r->steps.list.at[earlier]) &&
		!progress_led_on(r, earlier, step);
}

int
progress_blocker(const struct run *r, int step)
{
	const struct step *s = &r->runbook->steps.list.at[step];
	int first = back_by_steps(r) ? r->runbook->rollback_first : 0;

	for (size_t i = 0; i < s->needs.list.len; i++)
		if (s->needs.list.at[i] >= first &&
			holds_up(r, s->needs.list.at[i], step))
			return s->needs.list.at[i];
	if (s->added) /* begun whenever somebody wants to */
		return NONE;
	if (s->kind == STEP_SIGNOFF && !back_by_steps(r) && added_before(r, step) != NONE)
		return added_before(r, step);
	if (s->needs.list.len || any_order(r, s))
		return NONE;
	/* Members speak for their heading. */
	for (int i = first; i < step; i++)
		if (!progress_is_heading(&r->runbook->steps.list.at[i]) &&
			holds_up(r, i, step))
			return i;
	return NONE;
}

enum step_state
progress_heading(const struct run *r, int heading)
{
	size_t count[STEP_STATE_COUNT] = {0}, all = 0;
	int n = (int)r->steps.list.len;

	if (r->steps.list.at[heading].state == STEP_IS_NOT_NEEDED)
		return STEP_IS_NOT_NEEDED;
	for (int i = heading + 1; i < n && progress_under(r->runbook, i, heading); i++) {
		if (progress_is_heading(&r->runbook->steps.list.at[i]))
			continue;
		count[r->steps.list.at[i].state]++;
		all++;
	}
	if (count[STEP_IS_UNKNOWN])
		return STEP_IS_UNKNOWN;
	if (count[STEP_IS_FAILED])
		return STEP_IS_FAILED;
	if (count[STEP_IS_NEEDS_PERSON])
		return STEP_IS_NEEDS_PERSON;
	if (count[STEP_IS_RUNNING])
		return STEP_IS_RUNNING;
	if (count[STEP_IS_TODO])
		return STEP_IS_TODO;
	if (all && count[STEP_IS_NOT_NEEDED] == all)
		return STEP_IS_NOT_NEEDED;
	if (all && count[STEP_IS_SKIPPED] + count[STEP_IS_NOT_NEEDED] == all)
		return STEP_IS_SKIPPED;
	return STEP_IS_DONE;
}
