#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "fixture.h"

/* ---- resume --------------------------------------------------------------------------- */

static void
resume_asks_and_never_starts_again(void **state)
{
	struct world *w = world_restore();
	struct request q = {.kind = REQ_RESUME, .data = "{\"boot_id\":\"x\"}"};

	(void)state;
	world_tell(w);
	assert_true(world_start(w, "stop", NULL));
	assert_true(world_ask(w, &q));
	assert_int_equal(w->intents, 1);
	assert_int_equal(w->fx.list.len, 1);
	assert_int_equal(w->fx.list.at[0].kind, EFFECT_ASK);
	assert_true(world_ended(w, "stop", 0, 1, 0));
	/* nothing goes on by itself in a console nobody told to */
	assert_int_equal(run_deadline(w->r).ms, 0);
	assert_int_equal(world_step(w, "stop")->state, STEP_IS_NEEDS_PERSON);
	world_same(w);
	world_free(w);
}

static void
a_look_that_was_cut_off_is_simply_to_do_again(void **state)
{
	struct runbook *rb = fixture_runbook(RUNBOOK_SMOKE);
	struct request q = {.kind = REQ_RESUME};
	struct world *w;

	(void)state;
	fixture_command(rb, "see", NONE, RISK_NONE);
	w = world_new(rb);
	assert_true(world_start(w, "see", NULL));
	assert_int_equal(w->fx.list.at[0].kind, EFFECT_LOOK);
	assert_true(world_ask(w, &q));
	assert_true(world_said(w, "step.unknown", "\"state\":\"look\""));
	assert_int_equal(w->fx.list.len, 0);
	assert_int_equal(world_step(w, "see")->state, STEP_IS_TODO);
	assert_true(world_start(w, "see", NULL));
	world_same(w);
	world_free(w);
}

/* ---- the run -------------------------------------------------------------------------- */

static void
nothing_new_starts_while_held_and_outcomes_still_count(void **state)
{
	struct world *w = world_restore();
	struct request hold = {.kind = REQ_HOLD, .reason = "wait for marek"};
	struct request go = {.kind = REQ_GO};

	(void)state;
	world_tell(w);
	assert_true(world_start(w, "stop", NULL));
	assert_true(world_ask(w, &hold));
	assert_true(world_ended(w, "stop", 0, 1, 0));
	assert_true(world_said(w, "step.done", NULL));
	assert_int_equal(run_deadline(w->r).ms, 0);
	assert_false(world_start(w, "stop", NULL));
	assert_true(world_ask(w, &go));
	assert_true(run_deadline(w->r).ms > 0);
	world_same(w);
	world_free(w);
}

static void
a_run_is_closed_when_all_is_settled_or_stopped(void **state)
{
	struct world *w = world_single(NULL);
	struct request q = {.kind = REQ_CLOSE};

	(void)state;
	assert_false(world_ask(w, &q));
	assert_non_null(strstr(w->e.msg, "is open"));
	assert_true(world_start(w, "go", NULL));
	q.text = "stop";
	assert_false(world_ask(w, &q)); /* busy */
	assert_true(world_ended(w, "go", 0, 1, 0));
	q.text = NULL;
	assert_true(world_ask(w, &q));
	assert_true(world_said(w, "run.close", "{\"result\":\"ok\"}"));
	assert_false(world_start(w, "go", NULL));
	assert_true(world_ended(w, "go", 0, 1, 0));
	assert_int_equal(world_events(w), 0);
	world_same(w);
	world_free(w);
}

static void
a_stopped_run_says_so(void **state)
{
	struct world *w = world_restore();
	struct request q = {.kind = REQ_CLOSE, .text = "stop"};

	(void)state;
	assert_false(world_ask(w, &q)); /* nobody says why */
	q.reason = "the wrong runbook";
	assert_true(world_ask(w, &q));
	assert_string_equal(w->r->result, "stopped");
	assert_true(world_said(w, "note", "ended unfinished: the wrong runbook"));
	world_free(w);
}

static void
what_nobody_knows_is_settled_before_the_end(void **state)
{
	struct world *w = world_restore();
	struct request q = {.kind = REQ_CLOSE, .text = "stop", .reason = "enough"};
	struct request lost = {.kind = REQ_LOST, .attempt = 1, .text = "lost"};

	(void)state;
	world_tell(w);
	assert_true(world_start(w, "stop", NULL));
	assert_false(world_ask(w, &q)); /* it runs */
	lost.step = run_find_step(w->r, "stop");
	assert_true(world_ask(w, &lost));
	assert_int_equal(world_step(w, "stop")->state, STEP_IS_UNKNOWN);
	assert_false(world_ask(w, &q));
	assert_non_null(strstr(w->e.msg, "settle that first"));
	world_free(w);
}

static void
a_refused_request_gives_no_events(void **state)
{
	struct world *w = world_restore();
	struct request q = {.kind = REQ_TICK, .step = 99};

	(void)state;
	assert_false(world_ask(w, &q));
	q.kind = REQ_OPEN;
	assert_false(world_ask(w, &q));
	world_free(w);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(resume_asks_and_never_starts_again),
		cmocka_unit_test(a_look_that_was_cut_off_is_simply_to_do_again),
		cmocka_unit_test(nothing_new_starts_while_held_and_outcomes_still_count),
		cmocka_unit_test(a_run_is_closed_when_all_is_settled_or_stopped),
		cmocka_unit_test(a_stopped_run_says_so),
		cmocka_unit_test(what_nobody_knows_is_settled_before_the_end),
		cmocka_unit_test(a_refused_request_gives_no_events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
