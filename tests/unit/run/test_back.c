#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "fixture.h"
#include "run/back.h"
#include "run/gate.h"
#include "wayback.h"

static bool
begin(struct world *w)
{
	char *phrase = back_phrase(w->r, BACK_UNDO);
	bool ok = ask_back(w, phrase);

	mem_free(phrase);
	return ok;
}

static bool
undone(struct world *w, int step, int leg, int exit)
{
	const struct leg_run
		*lr = &w->r->steps.list.at[step].legs.list.at[leg].way[WAY_BACK];
	struct request q = {.kind = REQ_ENDED,
		.step = step,
		.leg = leg,
		.attempt = lr->attempt,
		.way = WAY_BACK,
		.exit = exit};

	return world_ask(w, &q);
}

static void
next_is(struct world *w, int step, int leg)
{
	assert_true(world_clock(w));
	assert_true(world_said(w, "step.intent", "\"way\":\"back\""));
	assert_int_equal(w->fx.list.at[0].step, step);
	assert_int_equal(w->fx.list.at[0].leg, leg);
}

static void
nothing_but_the_words_begins_it(void **state)
{
	static const char *const others[] = {NULL, "", "y", "yes", "roll back", "no"};
	struct world *w = world_new(deploy(false));

	(void)state;
	assert_false(begin(w)); /* nothing has run */
	assert_string_equal(w->e.msg, "nothing has run yet");
	world_do(w, "see", NULL); /* and a look leaves nothing to lead back */
	assert_true(w->r->acted);
	assert_false(begin(w));
	world_free(w);
	w = world_new(deploy(false));
	all_forward(w);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		assert_false(ask_back(w, others[i]));
		assert_non_null(strstr(w->e.msg, "nothing is taken back"));
		assert_int_equal(w->r->back.state, BACK_NEVER);
		assert_int_equal(run_deadline(w->r).ms, 0);
	}
	assert_true(begin(w));
	assert_true(world_said(w, "rollback.open",
		"\"undo\":3,\"stays\":1,\"unknown\":0,\"plan\":[\"flip.ni-db1.1\","
		"\"roll.web2.1\",\"roll.web1.1\"]"));
	assert_int_equal(w->fx.list.len, 0); /* on disk first */
	world_same(w);
	world_free(w);
}

static void
it_goes_back_newest_first_and_ends_partly_when_something_stays(void **state)
{
	struct world *w = world_new(deploy(false));
	struct str words = STR_INIT;
	struct request close = {.kind = REQ_CLOSE, .step = NONE};

	(void)state;
	all_forward(w);
	assert_true(begin(w));
	next_is(w, FLIP, 0);
	assert_int_equal(run_deadline(w->r).ms, 0); /* one at a time */
	assert_true(undone(w, FLIP, 0, 0));
	next_is(w, ROLL, 1);
	assert_false(world_ask(w, &close));
	assert_true(undone(w, ROLL, 1, 0));
	next_is(w, ROLL, 0);
	assert_true(undone(w, ROLL, 0, 0));
	assert_true(world_clock(w));
	assert_true(
		world_said(w, "rollback.close", "{\"result\":\"partly\",\"stays\":1}"));
	assert_int_equal(run_next_open(w->r, 0), NONE);
	assert_false(world_start(w, "roll", NULL));
	assert_non_null(strstr(w->e.msg, "was led back"));
	assert_true(world_ask(w, &close));
	back_result(w->r, &words);
	assert_string_equal(words.buf, "failed: led back, 1 of what ran stays");
	str_release(&words);
	world_same(w);
	world_free(w);
}

static void
a_run_that_is_all_taken_back_says_rolled_back(void **state)
{
	struct world *w = world_new(deploy(false));
	struct request close = {.kind = REQ_CLOSE, .step = NONE};

	(void)state;
	world_do(w, "see", NULL);
	assert_true(world_start(w, "roll", NULL));
	assert_true(world_ended(w, "roll", 0, 1, 3)); /* fails half way */
	assert_true(begin(w));
	assert_true(world_said(w, "rollback.open", "\"plan\":[\"roll.web1.1\"]"));
	next_is(w, ROLL, 0);
	assert_true(undone(w, ROLL, 0, 0));
	assert_true(world_clock(w));
	assert_true(world_said(w, "rollback.close", "{\"result\":\"done\",\"stays\":0}"));
	assert_true(world_ask(w, &close));
	assert_string_equal(w->r->result, "rolled-back");
	world_same(w);
	world_free(w);
}

static void
it_stands_after_a_failed_undo_until_the_words_come_again(void **state)
{
	struct world *w = world_new(deploy(false));
	struct undo_row row;

	(void)state;
	all_forward(w);
	assert_true(begin(w));
	next_is(w, FLIP, 0);
	assert_true(undone(w, FLIP, 0, 7));
	assert_false(w->r->back.going);
	assert_int_equal(run_deadline(w->r).ms, 0);
	assert_int_equal(back_next(w->r, &row), UNDO_NEXT_ROW);
	assert_int_equal(row.kind, UNDO_FAILED);
	assert_false(world_start(w, "see", NULL)); /* nothing leads on meanwhile */
	assert_true(begin(w));
	next_is(w, FLIP, 0);
	assert_int_equal(w->fx.list.at[0].attempt, 2);
	assert_true(undone(w, FLIP, 0, 0));
	next_is(w, ROLL, 1);
	world_same(w);
	world_free(w);
}

static void
what_cannot_be_undone_now_is_left_with_a_reason(void **state)
{
	struct world *w = world_new(deploy(false));
	struct request leave = {
		.kind = REQ_LEAVE, .step = FLIP, .leg = 0, .way = WAY_BACK};

	(void)state;
	all_forward(w);
	assert_true(begin(w));
	next_is(w, FLIP, 0);
	assert_true(undone(w, FLIP, 0, 7));
	assert_false(world_ask(w, &leave));
	leave.reason = "flipped by hand, CHG-7";
	assert_true(world_ask(w, &leave));
	assert_true(world_said(w, "step.skip",
		"{\"host\":\"ni-db1\",\"way\":\"back\",\"reason\":\"flipped by hand, CHG-7\"}"));
	assert_true(begin(w));
	next_is(w, ROLL, 1);
	assert_true(undone(w, ROLL, 1, 0));
	next_is(w, ROLL, 0);
	assert_true(undone(w, ROLL, 0, 0));
	assert_true(world_clock(w));
	assert_true(
		world_said(w, "rollback.close", "{\"result\":\"partly\",\"stays\":2}"));
	assert_string_equal(run_outcome(w->r), "failed");
	world_same(w);
	world_free(w);
}

static void
an_unknown_outcome_stops_it_until_it_is_settled(void **state)
{
	struct world *w = world_new(deploy(false));
	struct request lost = {.kind = REQ_LOST,
		.step = FLIP,
		.attempt = 1,
		.text = "lost",
		.way = WAY_BACK};
	struct request resolve = {.kind = REQ_RESOLVE,
		.step = FLIP,
		.leg = LEG_ALL,
		.as = RESOLVE_DONE,
		.evidence = "saw it"};
	struct undo_row row;

	(void)state;
	all_forward(w);
	assert_true(begin(w));
	next_is(w, FLIP, 0);
	assert_true(world_ask(w, &lost));
	assert_int_equal(run_deadline(w->r).ms, 0);
	assert_int_equal(back_next(w->r, &row), UNDO_NEXT_BLOCKED);
	assert_true(begin(w));
	assert_int_equal(run_deadline(w->r).ms, 0); /* still */
	assert_true(world_ask(w, &resolve));
	next_is(w, ROLL, 1);
	world_same(w);
	world_free(w);
}

static void
a_resume_starts_nothing_and_forgets_nothing(void **state)
{
	struct world *w = world_new(deploy(false)), *next;
	struct request q = {.kind = REQ_RESUME};

	(void)state;
	all_forward(w);
	assert_true(begin(w));
	next_is(w, FLIP, 0);
	next = world_crashed(w, w->lines.len);
	assert_true(world_ask(next, &q));
	assert_int_equal(next->fx.list.len, 1);
	assert_int_equal(next->fx.list.at[0].kind, EFFECT_ASK);
	assert_int_equal(next->fx.list.at[0].way, WAY_BACK);
	assert_true(undone(next, FLIP, 0, 0));
	assert_int_equal(next->r->back.state, BACK_ON);
	assert_int_equal(run_deadline(next->r).ms, 0);
	assert_false(world_start(next, "migrate", NULL));
	assert_true(begin(next));
	next_is(next, ROLL, 1);
	world_free(next);
	world_free(w);
}

static void
a_hard_undo_waits_for_words_of_its_own(void **state)
{
	struct runbook *rb = deploy(false);
	struct request back = {
		.kind = REQ_START, .step = FLIP, .leg = 0, .way = WAY_BACK};
	struct world *w;
	struct str words = STR_INIT;

	(void)state;
	rb->steps.list.at[FLIP].undo.risk = RISK_SEVERE;
	w = world_new(rb);
	all_forward(w);
	assert_true(begin(w));
	assert_int_equal(run_deadline(w->r).ms, 0);
	back_words(w->r, &words);
	assert_non_null(strstr(words.buf, "0 of 3"));
	assert_non_null(strstr(words.buf, "waits for its words"));
	assert_false(world_ask(w, &back));
	back.typed = "undo flip on ni-db1";
	assert_true(world_ask(w, &back));
	assert_true(undone(w, FLIP, 0, 0));
	next_is(w, ROLL, 1); /* and goes on by itself */
	str_release(&words);
	world_same(w);
	world_free(w);
}

static void
it_ends_half_way_with_a_reason_and_the_run_goes_on(void **state)
{
	struct world *w = world_new(deploy(false));
	struct request end = {.kind = REQ_BACK_END, .step = NONE};

	(void)state;
	all_forward(w);
	assert_false(world_ask(w, &end));
	assert_true(begin(w));
	next_is(w, FLIP, 0);
	end.reason = "flip was not the cause";
	assert_false(world_ask(w, &end)); /* it runs */
	assert_true(undone(w, FLIP, 0, 0));
	end.reason = " ";
	assert_false(world_ask(w, &end));
	end.reason = "flip was not the cause";
	assert_true(world_ask(w, &end));
	assert_true(
		world_said(w, "rollback.close", "{\"result\":\"stopped\",\"stays\":3"));
	assert_int_equal(run_deadline(w->r).ms, 0);
	assert_true(world_start(w, "flip", NULL));
	assert_true(world_ended(w, "flip", 0, 2, 0));
	assert_string_equal(run_outcome(w->r), "ok");
	world_same(w);
	world_free(w);
}

static void
nothing_is_taken_back_while_the_run_is_held(void **state)
{
	struct world *w = world_new(deploy(false));
	struct request hold = {.kind = REQ_HOLD, .reason = "wait"};
	struct request go = {.kind = REQ_GO};

	(void)state;
	all_forward(w);
	assert_true(world_ask(w, &hold));
	assert_false(begin(w));
	assert_true(world_ask(w, &go));
	assert_true(begin(w));
	assert_true(world_ask(w, &hold));
	assert_int_equal(run_deadline(w->r).ms, 0);
	assert_true(world_ask(w, &go));
	next_is(w, FLIP, 0);
	world_free(w);
}

/* ---- the steps that a runbook has for it ------------------------------------------------- */

/* ---- whatever happens --------------------------------------------------------------------- */

static uint64_t rnd_state;

static unsigned
rnd(unsigned below)
{
	rnd_state ^= rnd_state << 13;
	rnd_state ^= rnd_state >> 7;
	rnd_state ^= rnd_state << 17;
	return (unsigned)((rnd_state >> 11) % below);
}

/* What is under way ends somehow. False: nothing is. */
static bool
some_outcome(struct world *w)
{
	for (size_t i = 0; i < w->r->steps.list.len; i++)
		for (size_t k = 0; k < w->r->steps.list.at[i].legs.list.len; k++)
			for (int way = 0; way < 2; way++) {
				const struct leg_run *lr =
					&w->r->steps.list.at[i].legs.list.at[k].way[way];
				struct request q = {.kind = rnd(6) ? REQ_ENDED : REQ_LOST,
					.step = (int)i,
					.leg = (int)k,
					.way = (enum way)way,
					.attempt = lr->attempt,
					.text = "lost",
					.exit = rnd(4) == 0};

				if (lr->state == LEG_UNKNOWN) {
					q.kind = REQ_RESOLVE;
					q.as = (enum resolve_as)rnd(3);
					q.evidence = "seen";
				} else if (lr->state != LEG_INTENDED) {
					continue;
				}
				if (world_ask(w, &q))
					return true;
			}
	return false;
}

/* After every group: at most one undo runs, none before the words, the newest first. */
static void
always_holds(const struct world *w, bool begun)
{
	struct undo_plan p;
	int running = 0, at = NONE;

	undo_plan(w->r, &p);
	for (size_t i = 0; i < p.rows.len; i++) {
		const struct undo_row *u = &p.rows.at[i];
		const struct leg_run *back =
			&w->r->steps.list.at[u->step].legs.list.at[u->leg].way[WAY_BACK];

		assert_true(i == 0 || p.rows.at[i - 1].seq > u->seq);
		assert_true(begun || !back->attempt);
		if (back->state == LEG_INTENDED) {
			running++;
			at = (int)i;
		}
	}
	assert_true(running <= 1);
	for (int i = 0; i < at; i++)
		if (p.rows.at[i].kind == UNDO_REVERSIBLE ||
			p.rows.at[i].kind == UNDO_UNKNOWN)
			fail_msg("row %d is skipped over for row %d", i, at);
	undo_plan_release(&p);
}

static void
one_walk(unsigned seed)
{
	struct world *w = world_new(deploy(rnd(2)));
	bool begun = false;

	for (int i = 0; i < 60; i++) {
		if (!begun && rnd(3))
			world_start(w, w->rb->steps.list.at[rnd(4)].id, NULL);
		some_outcome(w);
		if (!rnd(12))
			begun |= begin(w);
		if (run_deadline(w->r).ms && rnd(4))
			assert_true(world_clock(w));
		always_holds(w, begun);
		if (!rnd(15)) {
			struct request q = {.kind = REQ_RESUME};
			struct world *next = world_crashed(w,
				w->group + rnd((unsigned)(w->lines.len - w->group) + 1));

			world_free(w);
			w = next;
			if (!world_ask(w, &q))
				break;
			begun = w->r->back.seq > 0;
		}
	}
	/* to the end of it */
	for (int i = 0; i < 40 && w->r->open && w->r->back.state != BACK_OVER; i++) {
		if (!some_outcome(w) && !w->r->back.going && !begin(w))
			break;
		begun = w->r->back.seq > 0;
		if (run_deadline(w->r).ms)
			assert_true(world_clock(w));
		always_holds(w, begun);
	}
	if (w->r->back.state == BACK_OVER)
		for (int i = ROLL; i <= FLIP; i++)
			for (size_t k = 0; k < w->r->steps.list.at[i].legs.list.len;
				k++) {
				const struct leg *l = &w->r->steps.list.at[i]
							       .legs.list.at[k];

				if (i != MIGRATE &&
					l->way[WAY_FORWARD].state != LEG_TODO &&
					!l->way[WAY_FORWARD].nothing_ran)
					fail_msg("seed %u: step %d leg %zu is %d", seed,
						i, k, l->way[WAY_FORWARD].state);
			}
	world_same(w);
	world_free(w);
}

static void
whatever_happens_it_goes_back_in_order_and_once(void **state)
{
	(void)state;
	for (unsigned i = 1; i <= 400; i++) {
		rnd_state = 0x9e3779b97f4a7c15u * (uint64_t)i;
		one_walk(i);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_but_the_words_begins_it),
		cmocka_unit_test(
			it_goes_back_newest_first_and_ends_partly_when_something_stays),
		cmocka_unit_test(a_run_that_is_all_taken_back_says_rolled_back),
		cmocka_unit_test(
			it_stands_after_a_failed_undo_until_the_words_come_again),
		cmocka_unit_test(what_cannot_be_undone_now_is_left_with_a_reason),
		cmocka_unit_test(an_unknown_outcome_stops_it_until_it_is_settled),
		cmocka_unit_test(a_resume_starts_nothing_and_forgets_nothing),
		cmocka_unit_test(a_hard_undo_waits_for_words_of_its_own),
		cmocka_unit_test(it_ends_half_way_with_a_reason_and_the_run_goes_on),
		cmocka_unit_test(nothing_is_taken_back_while_the_run_is_held),
		cmocka_unit_test(whatever_happens_it_goes_back_in_order_and_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
