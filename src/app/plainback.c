#include "app/plainback.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/former.h"
#include "app/tty.h"
#include "base/mem.h"
#include "base/stamp.h"
#include "run/back.h"
#include "run/run_deadline.h"
#include "view/view_back.h"

void
plainback_release(struct plainback *b)
{
	usual_free(b->usual);
}

static void
say_row(struct plainsay *say, const struct run *r, const struct undo_row *u)
{
	const char *number = r->runbook->steps.list.at[u->step].number;
	struct str how = STR_INIT;
	char took[STAMP_BYTES];

	if (u->usual_ms)
		str_addf(&how, ", usually %s", stamp_duration(u->usual_ms, took));
	if (u->kind == UNDO_REVERSIBLE && u->risk >= RISK_HARD)
		str_addf(&how, ", %s: asks for words of its own", risk_name(u->risk));
	if (u->broken)
		str_adds(&how, ", what it left when it failed");
	plainsay_line(say, "  %s on %s: %s%s: %s", number, u->on, undo_kind_name(u->kind),
		how.buf, u->text ? u->text : undo_kind_means(u->kind));
	str_release(&how);
}

void
plainback_show(struct plainback *b, struct plainsay *say, const char *runs_dir,
	const struct run *r)
{
	char *steps = back_phrase(r, BACK_STEPS);
	struct undo_plan plan;
	struct str sum = STR_INIT;

	if (!b->usual)
		b->usual = former_times(runs_dir, r);
	undo_plan(r, &plan);
	undo_plan_usual(&plan, r, b->usual);
	if (plan.rows.len) {
		view_back_sum(&plan, &sum);
		plainsay_line(say, "The way back, newest first: %s.", sum.buf);
	}
	for (size_t i = 0; i < plan.rows.len; i++)
		say_row(say, r, &plan.rows.at[i]);
	if (back_has_steps(r) && r->back.state == BACK_NEVER)
		plainsay_line(say, "By the runbook's own steps for it: %s", steps);
	str_release(&sum);
	undo_plan_release(&plan);
	mem_free(steps);
}

void
plainback_farewell(struct plainsay *say, const struct run *r, const char *word)
{
	char *phrase = back_phrase(r, BACK_UNDO);
	struct undo_row row;
	bool more = back_next(r, &row) != UNDO_NEXT_NOTHING && !back_by_steps(r);

	if (r->back.state != BACK_ON || back_by_steps(r))
		plainsay_line(say, "Go on with: handrail resume %s", word);
	if (more && !r->closed)
		plainsay_line(say, "%s with: handrail resume --rollback \"%s\" %s",
			r->back.state == BACK_ON ? "Go on back" : "Lead it back", phrase,
			word);
	mem_free(phrase);
}

bool
plainback_went_well(const struct run *r)
{
	return str_eq(r->result, "ok") || str_eq(r->result, "rolled-back");
}

bool
plainback_turns(const struct plainback *b, const struct run *r)
{
	if (r->closed || r->back.state == BACK_OVER)
		return false;
	return b->given || (r->back.state == BACK_ON && r->back.how == BACK_UNDO);
}

bool
plainback_goes(const struct plainback *b, const struct run *r)
{
	return !b->given && run_deadline_next(r).what == RUN_DEADLINE_BACK;
}

static bool
ask_text(struct plainask_request *out, int slot, const char *prompt, const char **to)
{
	struct str line = STR_INIT;
	bool got = tty_ask(prompt, TTY_SHOWN, &line);

	out->owned[slot] = str_take(&line);
	*to = out->owned[slot];
	return got;
}

enum plainask
plainback_words(const struct run *r, struct plainask_request *out)
{
	char *phrase = back_phrase(r, BACK_UNDO);
	char *ask = mem_printf("Type  %s  to begin, or nothing: ", phrase);
	bool got = ask_text(out, 0, ask, &out->q.typed);

	mem_free(ask);
	mem_free(phrase);
	if (!got)
		return PLAINASK_QUIT;
	if (!*out->q.typed)
		return PLAINASK_NOTHING;
	out->q.kind = REQ_BACK;
	out->q.step = NONE;
	return PLAINASK_REQUEST;
}

/* 1..n, n + 1: leave the run open. 0: neither. */
static int
pick(struct plainask_request *out, const char *const *words, int n)
{
	const char *line;

	for (int i = 0; i < n; i++)
		fprintf(stderr, "%d %s, ", i + 1, words[i]);
	fprintf(stderr, "%d leave the run open. ", n + 1);
	if (!ask_text(out, 0, "Choice: ", &line))
		return n + 1;
	return (int)strtol(line, NULL, 10);
}

static enum plainask
take_one(const struct run *r, const struct undo_row *u, struct plainask_request *out)
{
	char *phrase = run_phrase(r, u->step, u->leg, WAY_BACK);
	char *ask;
	bool got;

	out->q = (struct request){
		.kind = REQ_START, .step = u->step, .leg = u->leg, .way = WAY_BACK};
	if (!phrase)
		return PLAINASK_REQUEST;
	ask = mem_printf("Type  %s  to run it, or nothing: ", phrase);
	got = ask_text(out, 1, ask, &out->q.typed);
	mem_free(ask);
	mem_free(phrase);
	if (!got)
		return PLAINASK_QUIT;
	return *out->q.typed ? PLAINASK_REQUEST : PLAINASK_NOTHING;
}

static enum plainask
ask_person(const struct run *r, const struct undo_row *u, enum undo_next_is next,
	struct plainask_request *out)
{
	static const char *const words[] = {"take this one back", "go on with all of it",
		"leave this one as it is, with a reason",
		"end the way back here, with a reason"};
	int choice;

	fprintf(stderr, "The way back stands at step %s on %s: %s\n",
		r->runbook->steps.list.at[u->step].number, u->on, u->text);
	choice = pick(out, words, 4);
	if (choice == 1)
		return take_one(r, u, out);
	if (choice == 2 && next == UNDO_NEXT_ROW)
		return plainback_words(r, out);
	if (choice == 2)
		return take_one(r, u, out);
	if (choice == 3)
		out->q = (struct request){.kind = REQ_LEAVE,
			.step = u->step,
			.leg = u->leg,
			.way = WAY_BACK};
	else if (choice == 4)
		out->q = (struct request){.kind = REQ_BACK_END, .step = NONE};
	else
		return choice == 5 ? PLAINASK_QUIT : PLAINASK_NOTHING;
	return ask_text(out, 1, "Reason: ", &out->q.reason) ? PLAINASK_REQUEST
							    : PLAINASK_QUIT;
}

/* The words of a hard undo may stand in the answers, as the step's `confirm:`. */
static enum plainask
by_answer(const struct run *r, const struct answers *a, const struct undo_row *u,
	struct plainask_request *out, struct err *e)
{
	const struct answer_step *as = a ? answers_for(a, u->step) : NULL;
	char *phrase;

	if (as && as->confirm) {
		out->q = (struct request){.kind = REQ_START,
			.step = u->step,
			.leg = u->leg,
			.way = WAY_BACK,
			.typed = as->confirm};
		return PLAINASK_REQUEST;
	}
	phrase = run_phrase(r, u->step, u->leg, WAY_BACK);
	err_set(e, ERR_REFUSED, "the undo of step %s is %s: \"%s\" must be typed",
		r->runbook->steps.list.at[u->step].number, risk_name(u->risk),
		phrase ? phrase : "");
	mem_free(phrase);
	return PLAINASK_MISSING;
}

enum plainask
plainback_next(struct plainback *b, const struct run *r, const struct answers *a,
	struct plainask_request *out, struct err *e)
{
	struct undo_row u = {.step = NONE};
	enum undo_next_is next = back_next(r, &u);

	if (b->given) {
		out->q = (struct request){
			.kind = REQ_BACK, .step = NONE, .typed = b->given};
		b->given = NULL;
		return PLAINASK_REQUEST;
	}
	if (next == UNDO_NEXT_BLOCKED || u.step == NONE) {
		err_set(e, ERR_REFUSED,
			"an outcome is unknown; a person must resolve it with evidence");
		return PLAINASK_MISSING;
	}
	if (tty_is_person())
		return ask_person(r, &u, next, out);
	if (next == UNDO_NEXT_PHRASE)
		return by_answer(r, a, &u, out, e);
	err_set(e, r->back.seq > b->since ? ERR_STATE : ERR_REFUSED,
		u.kind == UNDO_FAILED ? "an undo failed; the way back stands there"
				      : "the run is half way back");
	return PLAINASK_MISSING;
}
