#include <string.h>

#include "app/catchup.h"
#include "app/spine.h"
#include "base/mem.h"
#include "run/drill.h"

/* A practice run: what the scenario must hear of the run, and what of it goes into the
 * record. Nobody else is told of such a run. */

/* For people it begins with what it is; `drill` alone counts. */
static void
note(struct session *s, const char *drill, const char *text)
{
	char *words = str_eq(drill, DRILL_SOLVED) ? mem_strdup("solved")
		: str_eq(drill, DRILL_HINT)       ? mem_printf("hint: %s", text)
						  : mem_printf("wrong turn: %s", text);

	session_request(s,
		&(struct request){
			.kind = REQ_NOTE, .step = NONE, .text = words, .drill = drill});
	mem_free(words);
}

static void
went_wrong(void *ctx, const char *why)
{
	note(ctx, DRILL_WRONG, why);
}

bool
session_practises(const struct session *s)
{
	return s->runbook->scenario != NULL;
}

static bool
is_solved(const struct run *r)
{
	struct drill d;

	drill_count(r, &d);
	return d.solved;
}

/* Once, and not after the end of the run. */
static void
tell_solved(struct session *s)
{
	if (s->solved || s->run->closed || !sim_solved(fleet_practice(s->fleet)))
		return;
	s->solved = true;
	if (!is_solved(s->run))
		note(s, DRILL_SOLVED, "");
}

/* What happens by itself may solve it, too. */
static void
time_came(void *ctx)
{
	tell_solved(ctx);
}

void
practising_start(struct session *s)
{
	struct sim *sim = fleet_practice(s->fleet);

	if (!sim)
		return;
	if (!s->begun_here)
		catchup_sim(s, sim);
	sim_tell(sim, &(struct sim_calls){went_wrong, time_came, s});
}

/* A command that changes something and fails is a wrong turn, whatever the scenario says. */
static void
judge_step(struct session *s, int step)
{
	const struct run_step *rs = &s->run->steps.list.at[step];

	if (run_step_state(s->run, step) == STEP_IS_FAILED &&
		step_kind_acts(rs->step->kind) && rs->step->risk != RISK_NONE)
		note(s, DRILL_WRONG, rs->step->title);
}

void
practising_event(struct session *s, const struct event *ev)
{
	struct sim *sim = fleet_practice(s->fleet);
	int step;

	if (!sim || s->quiet)
		return;
	step = ev->step ? run_find_step(s->run, ev->step) : NONE;
	if (step != NONE && run_step_state(s->run, step) == STEP_IS_DONE)
		sim_step_done(sim, s->run->steps.list.at[step].step->id);
	if (step != NONE &&
		(ev->type == EVENT_STEP_DONE || ev->type == EVENT_TICK_SET ||
			ev->type == EVENT_CHOICE_SET))
		judge_step(s, step);
	if (ev->type != EVENT_NOTE && ev->type != EVENT_RUN_CLOSE)
		tell_solved(s);
}

const struct pairs *
session_practice_state(const struct session *s)
{
	struct sim *sim = fleet_practice(s->fleet);

	return sim ? sim_state(sim) : NULL;
}

/* Those that were given at this step are not given again. */
const char *
session_hint(struct session *s, int step)
{
	struct sim *sim = fleet_practice(s->fleet);
	const char *id = step == NONE ? NULL : s->runbook->steps.list.at[step].id;
	const char *says;

	if (!sim)
		return NULL;
	for (size_t n = 0; (says = sim_hint(sim, id, n)); n++) {
		bool given = false;

		for (size_t i = 0; i < s->run->notes.list.len; i++) {
			const struct noted *old = &s->run->notes.list.at[i];
			char *line = mem_printf(
				"hint: %.*s", (int)strcspn(says, "\n"), says);

			given |= old->drill && str_eq(old->drill, DRILL_HINT) &&
				str_eq(old->text, line);
			mem_free(line);
		}
		if (!given)
			break;
	}
	if (says) {
		char *line = mem_strndup(says, strcspn(says, "\n"));

		note(s, DRILL_HINT, line);
		mem_free(line);
	}
	return says;
}
