/* Steps of a runbook that lead back: begun by words of their own, left, begun anew. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "wayback.h"

static void
steps_of_the_way_back_are_not_part_of_the_way_on(void **state)
{
	struct world *w = world_new(deploy(true));
	struct request close = {.kind = REQ_CLOSE, .step = NONE};

	(void)state;
	assert_int_equal(world_step(w, "tell")->state, STEP_IS_NOT_NEEDED);
	all_forward(w);
	assert_int_equal(run_next_open(w->r, 0), NONE);
	assert_false(world_tick(w, "tell", TICK_DONE, NULL));
	assert_false(world_start(w, "old", NULL));
	assert_true(world_ask(w, &close));
	assert_string_equal(w->r->result, "ok");
	world_same(w);
	world_free(w);
}

static void
its_own_words_begin_them(void **state)
{
	struct world *w = world_new(deploy(true));
	struct request close = {.kind = REQ_CLOSE, .step = NONE};
	char *phrase = back_phrase(w->r, BACK_STEPS);

	(void)state;
	world_do(w, "see", NULL);
	assert_true(world_start(w, "roll", NULL));
	assert_true(world_ended(w, "roll", 0, 1, 3));
	assert_true(ask_back(w, phrase));
	assert_int_equal(run_next_open(w->r, 0), TELL);
	assert_int_equal(world_step(w, "flip")->state, STEP_IS_NOT_NEEDED);
	assert_false(world_start(w, "migrate", NULL));
	assert_int_equal(run_deadline(w->r).ms, 0); /* a person walks them */
	assert_true(world_tick(w, "tell", TICK_DONE, NULL));
	assert_false(world_ask(w, &close));
	world_do(w, "old", NULL);
	assert_true(world_clock(w));
	assert_true(world_ended(w, "old", 1, 1, 0));
	assert_true(world_ask(w, &close));
	assert_true(world_said(w, "rollback.close", "\"result\":\"done\""));
	assert_true(world_said(w, "run.close", "{\"result\":\"rolled-back\"}"));
	mem_free(phrase);
	world_same(w);
	world_free(w);
}

static void
a_branch_that_leads_to_them_still_waits_for_the_words(void **state)
{
	struct runbook *rb = deploy(true);
	struct world *w;
	char *phrase;

	(void)state;
	rb->steps.list.at[ROLL].on_failure = ON_FAILURE_GOTO;
	rb->steps.list.at[ROLL].on_failure_go = TELL;
	w = world_new(rb);
	phrase = back_phrase(w->r, BACK_STEPS);
	world_do(w, "see", NULL);
	assert_true(world_start(w, "roll", NULL));
	assert_true(world_ended(w, "roll", 0, 1, 3));
	assert_int_equal(run_next_open(w->r, 0), TELL);
	assert_false(world_tick(w, "tell", TICK_DONE, NULL));
	assert_non_null(strstr(w->e.msg, "begins by words of its own"));
	assert_true(ask_back(w, phrase));
	assert_true(world_tick(w, "tell", TICK_DONE, NULL));
	mem_free(phrase);
	world_same(w);
	world_free(w);
}

/* What was walked before says nothing of what the branch asks for now. */
static void
a_branch_to_steps_left_behind_asks_for_them_anew(void **state)
{
	struct runbook *rb = deploy(true);
	struct request end = {
		.kind = REQ_BACK_END, .step = NONE, .reason = "once more forward"};
	struct request close = {.kind = REQ_CLOSE, .step = NONE};
	struct world *w;
	char *phrase;

	(void)state;
	rb->steps.list.at[ROLL].on_failure = ON_FAILURE_GOTO;
	rb->steps.list.at[ROLL].on_failure_go = TELL;
	w = world_new(rb);
	phrase = back_phrase(w->r, BACK_STEPS);
	world_do(w, "see", NULL);
	assert_true(world_start(w, "roll", NULL));
	assert_true(world_ended(w, "roll", 0, 1, 3));
	for (int walk = 1; walk <= 2; walk++) {
		assert_true(ask_back(w, phrase));
		assert_true(world_tick(w, "tell", TICK_DONE, NULL));
		assert_true(world_start(w, "old", NULL));
		assert_true(world_ended(w, "old", 0, walk, 0));
		assert_true(world_clock(w));
		assert_true(world_ended(w, "old", 1, walk, 0));
		assert_string_equal(run_outcome(w->r), "rolled-back");
		if (walk == 2)
			break;
		assert_true(world_ask(w, &end));
		assert_int_equal(run_next_open(w->r, 0), TELL);
		assert_int_equal(world_step(w, "old")->state, STEP_IS_TODO);
		assert_null(run_outcome(w->r));
		assert_false(world_ask(w, &close));
		assert_non_null(strstr(w->e.msg, "is open"));
	}
	assert_true(world_ask(w, &close));
	assert_true(world_said(w, "run.close", "{\"result\":\"rolled-back\"}"));
	mem_free(phrase);
	world_same(w);
	world_free(w);
}

/* A step of the way back that failed in one that was ended leads nowhere. */
static void
a_failure_left_behind_leads_nowhere(void **state)
{
	struct runbook *rb = deploy(true);
	struct request end = {
		.kind = REQ_BACK_END, .step = NONE, .reason = "once more forward"};
	struct world *w;
	char *phrase;

	(void)state;
	fixture_step(rb, STEP_DO, "clean");
	rb->steps.list.at[OLD].on_failure = ON_FAILURE_GOTO;
	rb->steps.list.at[OLD].on_failure_go = OLD + 1;
	w = world_new(rb);
	phrase = back_phrase(w->r, BACK_STEPS);
	world_do(w, "see", NULL);
	world_do(w, "roll", NULL);
	assert_true(world_clock(w));
	assert_true(world_ended(w, "roll", 1, 1, 0));
	assert_true(ask_back(w, phrase));
	assert_true(world_tick(w, "tell", TICK_DONE, NULL));
	assert_true(world_start(w, "old", NULL));
	assert_true(world_ended(w, "old", 0, 1, 3));
	assert_true(world_ask(w, &end));
	assert_int_equal(world_step(w, "clean")->state, STEP_IS_NOT_NEEDED);
	world_do(w, "migrate", NULL);
	world_do(w, "flip", NULL);
	assert_string_equal(run_outcome(w->r), "ok");
	mem_free(phrase);
	world_same(w);
	world_free(w);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(steps_of_the_way_back_are_not_part_of_the_way_on),
		cmocka_unit_test(its_own_words_begin_them),
		cmocka_unit_test(a_branch_that_leads_to_them_still_waits_for_the_words),
		cmocka_unit_test(a_branch_to_steps_left_behind_asks_for_them_anew),
		cmocka_unit_test(a_failure_left_behind_leads_nowhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
