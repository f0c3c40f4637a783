#include "app/plainask.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/plaininput.h"
#include "app/plainlink.h"
#include "app/tty.h"
#include "base/mem.h"
#include "run/revised.h"
#include "run/force.h"
#include "run/gate.h"
#include "run/timely.h"

void
plainask_release(struct plainask_request *r)
{
	mem_free(r->value);
	for (size_t i = 0; i < sizeof r->owned / sizeof r->owned[0]; i++)
		mem_free(r->owned[i]);
}

/* First leg that is not through yet. */
static int
plainask_leg(struct session *s, int step)
{
	const struct run_step *rs = &session_run(s)->steps.list.at[step];

	for (size_t i = 0; i < rs->legs.list.len; i++) {
		enum leg_state st = rs->legs.list.at[i].way[WAY_FORWARD].state;
		if (st != LEG_OK && st != LEG_WARN && st != LEG_SKIPPED)
			return (int)i;
	}
	return 0;
}

int
plainask_number(const char *text, int other)
{
	char *end;
	long n = strtol(text, &end, 10);

	return end != text && n > 0 && n < 1000 ? (int)n : other;
}

/* ---- from the file ---------------------------------------------------------------------------- */

static void
from_tick(const struct answer_step *as, struct plainask_request *out)
{
	static const enum tick ticks[] = {[ANSWER_DONE] = TICK_DONE,
		[ANSWER_NA] = TICK_NA,
		[ANSWER_BY_HAND] = TICK_BY_HAND,
		[ANSWER_FAILED] = TICK_FAILED};

	out->q.reason = as->reason;
	if (as->tick == ANSWER_SKIP) {
		out->q.kind = REQ_SKIP;
		return;
	}
	out->q.kind = REQ_TICK;
	out->q.tick = ticks[as->tick];
	out->q.evidence = as->evidence;
	out->q.text = as->note;
}

static bool
from_choice(const struct step *st, const char *label, struct plainask_request *out,
	struct err *e)
{
	for (size_t i = 0; i < st->options.list.len; i++)
		if (str_eq(st->options.list.at[i].label, label)) {
			out->q.kind = REQ_CHOOSE;
			out->q.option = (int)i;
			return true;
		}
	return err_set(e, ERR_INPUT, "step %s has no choice %s", st->id, label);
}

static enum plainask
from_answer(const struct step *st, const struct answer_step *as,
	struct plainask_request *out, struct err *e)
{
	if (as->tick != ANSWER_NO_TICK)
		from_tick(as, out);
	else if (as->choose)
		return from_choice(st, as->choose, out, e) ? PLAINASK_REQUEST
							   : PLAINASK_MISSING;
	else if (as->confirm)
		out->q.typed = as->confirm;
	return PLAINASK_REQUEST;
}

/* A watch without a person has an end of its own, and proves itself by what came. */
static enum plainask
watch_by_itself(const struct step *st, enum step_state state, struct err *e)
{
	if (state == STEP_IS_TODO && st->expect)
		return PLAINASK_REQUEST;
	err_set(e, ERR_REFUSED,
		"step %s (watch) needs a person: somebody must have seen it", st->id);
	return PLAINASK_MISSING;
}

static bool
failed_somewhere(const struct run_step *rs)
{
	for (size_t i = 0; i < rs->legs.list.len; i++)
		if (rs->legs.list.at[i].way[WAY_FORWARD].state == LEG_FAILED)
			return true;
	return false;
}

/* What needs no person: looks, moderate steps, checks, waits. */
static enum plainask
by_itself(const struct session *s, const struct step *st, struct err *e)
{
	enum step_state state = run_step_state(session_run(s), st->index);

	if (st->kind == STEP_NOTIFY && session_runbook(s)->notifies)
		return PLAINASK_REQUEST;
	/* It has failed, and its runbook leaves what now to a person: not to be tried again
	 * and again. */
	if (state == STEP_IS_NEEDS_PERSON &&
		(st->kind == STEP_WATCH ||
			failed_somewhere(&session_run(s)->steps.list.at[st->index]))) {
		err_set(e, ERR_REFUSED, "step %s needs a person: %s", st->id,
			st->kind == STEP_WATCH ? "somebody must have seen it"
					       : "what to do after its failure");
		return PLAINASK_MISSING;
	}
	switch (st->kind) {
	case STEP_RUN:
	case STEP_SQL:
	case STEP_HTTP:
	case STEP_COPY:
		if (run_leg_risk(session_run(s), st->index, WAY_FORWARD) >
			RISK_MODERATE) {
			err_set(e, ERR_REFUSED,
				"step %s is %s: it wants its phrase typed", st->id,
				risk_name(run_leg_risk(
					session_run(s), st->index, WAY_FORWARD)));
			return PLAINASK_MISSING;
		}
		return PLAINASK_REQUEST;
	case STEP_WATCH:
		return watch_by_itself(st, state, e);
	case STEP_CHECK:
	case STEP_SOAK:
	case STEP_WAIT:
	case STEP_SCHEDULE:
		return PLAINASK_REQUEST;
	case STEP_SIGNOFF:
		if (!revised_allows(session_run(s), st->index, e))
			return session_run(s)->steps.list.at[st->index].revised.why
				? PLAINASK_MISSING
				: PLAINASK_REQUEST;
		err_set(e, ERR_REFUSED,
			"step %s waits for the signature of %s (handrail sign)", st->id,
			st->role);
		return PLAINASK_MISSING;
	default:
		err_set(e, ERR_REFUSED, "step %s (%s) needs a person", st->id,
			step_kind_name(st->kind));
		return PLAINASK_MISSING;
	}
}

/* ---- the person --------------------------------------------------------------------------------- */

static bool
ask_text(struct plainask_request *out, int slot, const char *prompt, const char **to)
{
	struct str line = STR_INIT;
	bool got = tty_ask(prompt, TTY_SHOWN, &line);

	out->owned[slot] = str_take(&line);
	*to = out->owned[slot];
	return got;
}

static enum plainask
ask_options(struct session *s, const struct step *st, struct plainask_request *out)
{
	bool inputs = plaininput_any(s);
	const char *line;

	for (size_t i = 0; i < st->options.list.len; i++)
		fprintf(stderr, "  %zu %s%s%s\n", i + 1, st->options.list.at[i].label,
			st->options.list.at[i].says ? ": " : "",
			st->options.list.at[i].says ? st->options.list.at[i].says : "");
	if (!ask_text(out, 0,
		    inputs ? "Choice (number; i to change an input): "
			   : "Choice (number): ",
		    &line))
		return PLAINASK_QUIT;
	if (inputs && str_eq(line, "i"))
		return PLAINASK_CHANGE;
	out->q.kind = REQ_CHOOSE;
	out->q.option = plainask_number(line, 0) - 1;
	return PLAINASK_REQUEST;
}

struct choice {
	const char *words;
	enum request_kind kind; /* BACK: the way back is shown, nothing begins */
	enum tick tick;
	bool reason, evidence;
};

static enum plainask
ask_choice(struct session *s, int step, const struct choice *rows, size_t n,
	struct plainask_request *out)
{
	const struct run_step *rs = &session_run(s)->steps.list.at[step];
	const struct step *st = rs->step;
	size_t inputs = plaininput_any(s) ? 1 : 0;
	const char *line;
	char *phrase;
	int pick;

	for (size_t i = 0; i < n; i++) {
		fprintf(stderr, "%zu ", i + 1);
		if (rows[i].kind == REQ_LEAVE)
			fprintf(stderr, "leave out %s with reason, ",
				rs->legs.list.at[plainask_leg(s, step)].host);
		else
			fprintf(stderr, "%s, ", rows[i].words);
	}
	if (inputs)
		fprintf(stderr, "%zu change an input, ", n + 1);
	fprintf(stderr, "%zu leave the run open. ", n + 1 + inputs);
	if (!ask_text(out, 0, "Choice: ", &line))
		return PLAINASK_QUIT;
	pick = plainask_number(line, 0);
	if (inputs && (size_t)pick == n + 1)
		return PLAINASK_CHANGE;
	if (pick < 1 || (size_t)pick > n)
		return PLAINASK_QUIT;
	if (rows[pick - 1].kind == REQ_BACK)
		return PLAINASK_BACK;
	out->q.kind = rows[pick - 1].kind;
	out->q.tick = rows[pick - 1].tick;
	if (rows[pick - 1].reason && !ask_text(out, 1, "Reason: ", &out->q.reason))
		return PLAINASK_QUIT;
	if (rows[pick - 1].evidence && st->evidence != EVIDENCE_NOTHING &&
		!ask_text(out, 2, "Evidence: ", &out->q.evidence))
		return PLAINASK_QUIT;
	if (out->q.kind == REQ_LEAVE)
		out->q.leg = plainask_leg(s, step);
	if (out->q.kind != REQ_START)
		return PLAINASK_REQUEST;
	phrase = run_phrase(session_run(s), step, plainask_leg(s, step), WAY_FORWARD);
	if (phrase) {
		char *ask = mem_printf("Type  %s  to run it: ", phrase);
		bool got = ask_text(out, 1, ask, &out->q.typed);
		mem_free(ask);
		mem_free(phrase);
		if (!got)
			return PLAINASK_QUIT;
		out->q.leg = plainask_leg(s, step);
	}
	return PLAINASK_REQUEST;
}

static enum plainask
ask_person(struct session *s, int step, struct plainask_request *out, struct err *e)
{
	static const struct choice act[] = {{"run", REQ_START, 0, false, false},
		{"skip with reason", REQ_SKIP, 0, true, false},
		{"done by hand", REQ_TICK, TICK_BY_HAND, true, false},
		{"the way back", REQ_BACK, 0, false, false}};
	static const struct choice rolling[] = {
		{"run it where it is not done yet", REQ_START, 0, false, false},
		{"skip with reason", REQ_SKIP, 0, true, false},
		{"done by hand", REQ_TICK, TICK_BY_HAND, true, false},
		{"leave out one host", REQ_LEAVE, 0, true, false},
		{"the way back", REQ_BACK, 0, false, false}};
	static const struct choice mark[] = {{"done", REQ_TICK, TICK_DONE, false, true},
		{"skip with reason", REQ_SKIP, 0, true, false},
		{"not applicable", REQ_TICK, TICK_NA, true, false},
		{"failed", REQ_TICK, TICK_FAILED, true, false},
		{"the way back", REQ_BACK, 0, false, false}};
	static const struct choice look[] = {
		{"watch (Ctrl-C ends it)", REQ_START, 0, false, false},
		{"skip with reason", REQ_SKIP, 0, true, false},
		{"not applicable", REQ_TICK, TICK_NA, true, false}};
	static const struct choice saw[] = {{"seen", REQ_TICK, TICK_DONE, false, false},
		{"not seen", REQ_TICK, TICK_FAILED, true, false},
		{"watch again (Ctrl-C ends it)", REQ_START, 0, false, false},
		{"skip with reason", REQ_SKIP, 0, true, false}};
	const struct step *st = &session_runbook(s)->steps.list.at[step];
	struct err no = ERR_INIT;
	size_t back = gate_allows(session_run(s), ACT_BACK_ALL, NONE, &no) ? 1 : 0;

	if (run_step_state(session_run(s), step) == STEP_IS_UNKNOWN) {
		err_set(e, ERR_REFUSED,
			"the outcome of step %s is unknown: resolve it in the "
			"console (handrail resume)",
			st->id);
		return PLAINASK_MISSING;
	}
	switch (st->kind) {
	case STEP_NOTIFY:
		return session_runbook(s)->notifies ? ask_choice(s, step, act, 3, out)
						    : ask_choice(s, step, mark, 4, out);
	case STEP_RUN:
	case STEP_SQL:
	case STEP_HTTP:
	case STEP_COPY:
	case STEP_CHECK:
	case STEP_SOAK:
	case STEP_WAIT:
	case STEP_SCHEDULE:
		if (session_run(s)->steps.list.at[step].legs.list.len > 1)
			return ask_choice(s, step, rolling, 4 + back, out);
		return ask_choice(s, step, act, 3 + back, out);
	case STEP_CHOOSE:
		return ask_options(s, st, out);
	case STEP_SIGNOFF:
		return by_itself(s, st, e);
	case STEP_WATCH:
		return run_step_state(session_run(s), step) == STEP_IS_TODO
			? ask_choice(s, step, look, 3, out)
			: ask_choice(s, step, saw, 4, out);
	default:
		return ask_choice(s, step, mark, 4 + back, out);
	}
}

bool
plainask_goes_on(struct session *s)
{
	struct str line = STR_INIT;
	bool on = false;

	if (tty_ask("Something runs. (s)top it, (l)eave it running and end here, or go on? ",
		    TTY_SHOWN, &line)) {
		on = line.buf[0] != 'l';
		if (line.buf[0] == 's')
			plainlink_stop_all(s);
	}
	str_release(&line);
	return on;
}

/* ---- break-glass --------------------------------------------------------------------------- */

/* Who sits there may pass a shut gate by force; without a reason the step is asked
 * about as ever. */
static bool
ask_force(struct session *s, int step, struct plainask_request *out)
{
	struct err e = ERR_INIT;
	const char *gate;
	bool given;

	if (!tty_is_person() || !timely_binds(session_run(s), step, WAY_FORWARD))
		return false;
	gate = force_gate(session_run(s), step, session_who(s), clock_wall(), &e);
	if (!gate)
		return false;
	fprintf(stderr, "%s.\n", e.msg);
	given = ask_text(out, 1,
			"Reason to pass it by force (Enter: don't): ", &out->q.reason) &&
		*out->q.reason &&
		ask_text(out, 2, "Ticket (Enter: none): ", &out->q.text);
	if (!given) {
		plainask_release(out);
		*out = (struct plainask_request){0};
		return false;
	}
	fprintf(stderr, "BREAK-GLASS: %s A review is owed within a day.\n",
		force_lasts(gate));
	out->q.kind = REQ_BREAKGLASS;
	out->q.step = step;
	out->q.name = gate;
	return true;
}

/* ---- the door -------------------------------------------------------------------------------------- */

/* An `ask` step further on will ask for it. */
static bool
asked_later(const struct runbook *rb, const struct step *st, int input)
{
	for (size_t i = (size_t)st->index; i < rb->steps.list.len; i++)
		if (rb->steps.list.at[i].kind == STEP_ASK &&
			rb->steps.list.at[i].input == input)
			return true;
	return false;
}

/* First input the step can't do without and nobody has given. */
static int
input_wanted(const struct session *s, const struct step *st)
{
	const struct runbook *rb = session_runbook(s);

	if (st->kind == STEP_ASK)
		return session_has_input(s, st->input) ? NONE : st->input;
	for (size_t i = 0; i < rb->inputs.list.len; i++)
		if (rb->inputs.list.at[i].scope == st->scope &&
			!session_has_input(s, (int)i) && !asked_later(rb, st, (int)i))
			return (int)i;
	return NONE;
}

/* Seen is said of a watch when it was there to be seen. */
static bool
opens_first(const struct step *st, const struct answer_step *as, enum step_state state)
{
	return st->kind == STEP_WATCH && state == STEP_IS_TODO &&
		(as->tick == ANSWER_DONE || as->tick == ANSWER_FAILED);
}

enum plainask
plainask_for(struct session *s, const struct answers *a, int step,
	struct plainask_request *out, struct err *e)
{
	const struct step *st = &session_runbook(s)->steps.list.at[step];
	const struct answer_step *as = a ? answers_for(a, step) : NULL;
	int input = input_wanted(s, st);

	if (input != NONE)
		return plaininput_ask(s, a, input, out, e);
	if (ask_force(s, step, out))
		return PLAINASK_REQUEST;
	out->q = (struct request){.kind = REQ_START, .step = step, .leg = LEG_ALL};
	if (step_kind_acts(st->kind) &&
		run_leg_risk(session_run(s), step, WAY_FORWARD) == RISK_SEVERE)
		out->q.leg = plainask_leg(s, step);
	/* What has failed is not done again and again because its phrase stands in a file. */
	if (as && as->tick == ANSWER_NO_TICK && !as->choose &&
		failed_somewhere(&session_run(s)->steps.list.at[step]) &&
		(tty_is_person() ||
			run_step_state(session_run(s), step) == STEP_IS_NEEDS_PERSON))
		as = NULL;
	if (as && opens_first(st, as, run_step_state(session_run(s), step)))
		return PLAINASK_REQUEST;
	if (as)
		return from_answer(st, as, out, e);
	if (tty_is_person())
		return ask_person(s, step, out, e);
	return by_itself(s, st, e);
}
