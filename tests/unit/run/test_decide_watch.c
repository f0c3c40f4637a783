#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "fixture.h"

/* A watch on two hosts, and a tick behind it. */
static struct world *
watching(bool expects)
{
	static const char *const aliases[] = {"web1", "web2", NULL};
	struct runbook *rb = fixture_runbook(RUNBOOK_MAINTENANCE);
	int host = fixture_host(rb, "web", aliases);
	struct step *s = fixture_step(rb, STEP_WATCH, "look");

	s->host = host;
	s->for_ms = 60 * 1000;
	mem_free(s->text);
	s->text = mem_strdup("tail -f x");
	vec_push(&s->panes.list, mem_strdup("tail -f x"));
	if (expects)
		s->expect = fixture_exit_zero();
	fixture_step(rb, STEP_DO, "after");
	return world_new(rb);
}

static enum leg_state
leg(struct world *w, int i)
{
	return world_step(w, "look")->legs.list.at[i].way[WAY_FORWARD].state;
}

static void
all_hosts_are_looked_at_at_once_and_hold_nobody_up(void **state)
{
	struct world *w = watching(false);

	(void)state;
	assert_true(world_start(w, "look", NULL));
	assert_int_equal(w->fx.list.at[0].kind, EFFECT_LOOK);
	assert_true(world_said(w, "step.intent", "\"look\":true,\"text\":\"tail -f x\""));
	assert_true(world_clock(w));
	assert_int_equal(leg(w, 0), LEG_INTENDED);
	assert_int_equal(leg(w, 1), LEG_INTENDED);
	assert_true(world_tick(w, "after", TICK_DONE, NULL));
	world_same(w);
	world_free(w);
}

static void
nobody_has_seen_what_was_not_there(void **state)
{
	struct world *w = watching(false);

	(void)state;
	assert_false(world_tick(w, "look", TICK_DONE, NULL));
	assert_int_equal(w->e.kind, ERR_REFUSED);
	world_free(w);
}

static void
seen_ends_it_and_it_is_done_when_it_has_ended(void **state)
{
	struct world *w = watching(false);

	(void)state;
	assert_true(world_start(w, "look", NULL));
	assert_true(world_clock(w));
	assert_true(world_tick(w, "look", TICK_DONE, NULL));
	assert_true(world_said(w, "step.cancel", "\"why\":\"seen\""));
	assert_int_equal(w->fx.list.len, 2);
	assert_int_equal(w->fx.list.at[0].kind, EFFECT_CANCEL);
	assert_int_equal(world_step(w, "look")->state, STEP_IS_RUNNING);
	assert_true(world_ended(w, "look", 0, 1, -1));
	assert_true(world_ended(w, "look", 1, 1, -1));
	assert_int_equal(world_step(w, "look")->state, STEP_IS_DONE);
	assert_string_equal(run_step_word(w->r, world_index(w, "look")), "seen");
	world_same(w);
	world_free(w);
}

static void
not_seen_is_a_failure_with_a_reason(void **state)
{
	struct world *w = watching(false);

	(void)state;
	assert_true(world_start(w, "look", NULL));
	assert_false(world_tick(w, "look", TICK_FAILED, NULL));
	assert_true(world_tick(w, "look", TICK_FAILED, "nothing came"));
	assert_true(world_ended(w, "look", 0, 1, -1));
	assert_int_equal(world_step(w, "look")->state, STEP_IS_FAILED);
	assert_string_equal(run_step_word(w->r, world_index(w, "look")), "not seen");
	world_same(w);
	world_free(w);
}

static void
its_time_ends_it_and_a_person_says_what_was_seen(void **state)
{
	struct world *w = watching(false);

	(void)state;
	assert_true(world_start(w, "look", NULL));
	assert_true(world_clock(w)); /* the other host */
	assert_true(world_clock(w)); /* its time */
	assert_true(world_said(w, "step.cancel", "\"why\":\"its time is over\""));
	assert_true(world_clock(w));
	assert_true(world_ended(w, "look", 0, 1, -1));
	assert_true(world_ended(w, "look", 1, 1, -1));
	assert_int_equal(world_step(w, "look")->state, STEP_IS_NEEDS_PERSON);
	/* once more, everywhere */
	assert_true(world_start(w, "look", NULL));
	assert_true(world_clock(w));
	assert_int_equal(leg(w, 0), LEG_INTENDED);
	assert_int_equal(leg(w, 1), LEG_INTENDED);
	world_same(w);
	world_free(w);
}

static void
what_is_expected_proves_it_and_nobody_else_does(void **state)
{
	struct world *w = watching(true);

	(void)state;
	assert_true(world_start(w, "look", NULL));
	assert_true(world_clock(w));
	assert_false(world_tick(w, "look", TICK_DONE, NULL));
	assert_true(world_ended(w, "look", 0, 1, 0));
	assert_true(world_ended(w, "look", 1, 1, 0));
	assert_int_equal(world_step(w, "look")->state, STEP_IS_DONE);
	world_same(w);
	world_free(w);
}

static void
it_goes_on_after_a_resume_and_what_was_ending_has_ended(void **state)
{
	struct world *w = watching(false);
	struct request q = {.kind = REQ_RESUME, .step = NONE};

	(void)state;
	assert_true(world_start(w, "look", NULL));
	assert_true(world_ask(w, &q));
	assert_int_equal(w->fx.list.len, 1);
	assert_int_equal(w->fx.list.at[0].kind, EFFECT_ASK);
	assert_int_equal(leg(w, 0), LEG_INTENDED);
	assert_false(world_tick(w, "look", TICK_DONE, NULL));
	assert_true(world_clock(w)); /* the other host, which had not begun */
	assert_int_equal(leg(w, 1), LEG_INTENDED);
	assert_true(world_tick(w, "look", TICK_DONE, NULL));
	assert_true(world_ask(w, &q));
	assert_true(world_said(w, "step.unknown", "\"state\":\"look\""));
	assert_int_equal(world_step(w, "look")->state, STEP_IS_DONE);
	world_same(w);
	world_free(w);
}

/* A host that is DOWN keeps nobody from looking at the others, and was not seen. */
static void
a_host_that_is_down_is_passed_over_and_was_not_seen(void **state)
{
	struct world *w = watching(false);
	struct request leave = {
		.kind = REQ_LEAVE, .leg = 0, .reason = "it is being replaced"};

	(void)state;
	assert_true(world_turn(w, "web1", true));
	assert_true(world_start(w, "look", NULL));
	assert_int_equal(leg(w, 0), LEG_TODO);
	assert_int_equal(leg(w, 1), LEG_INTENDED);
	assert_true(world_clock(w));
	assert_int_equal(leg(w, 0), LEG_TODO);
	assert_false(world_tick(w, "look", TICK_DONE, NULL));
	assert_int_equal(w->e.kind, ERR_REFUSED);
	assert_non_null(strstr(w->e.msg, "web1"));
	leave.step = world_index(w, "look");
	assert_true(world_ask(w, &leave));
	assert_true(world_tick(w, "look", TICK_DONE, NULL));
	assert_true(world_ended(w, "look", 1, 1, -1));
	assert_int_equal(world_step(w, "look")->state, STEP_IS_DONE);
	world_same(w);
	world_free(w);
}

static void
a_host_that_comes_back_is_looked_at_too(void **state)
{
	struct world *w = watching(false);

	(void)state;
	assert_true(world_turn(w, "web1", true));
	assert_true(world_start(w, "look", NULL));
	assert_true(world_turn(w, "web1", false));
	assert_true(world_clock(w));
	assert_int_equal(leg(w, 0), LEG_INTENDED);
	assert_true(world_tick(w, "look", TICK_DONE, NULL));
	world_same(w);
	world_free(w);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_hosts_are_looked_at_at_once_and_hold_nobody_up),
		cmocka_unit_test(nobody_has_seen_what_was_not_there),
		cmocka_unit_test(seen_ends_it_and_it_is_done_when_it_has_ended),
		cmocka_unit_test(not_seen_is_a_failure_with_a_reason),
		cmocka_unit_test(its_time_ends_it_and_a_person_says_what_was_seen),
		cmocka_unit_test(what_is_expected_proves_it_and_nobody_else_does),
		cmocka_unit_test(a_host_that_is_down_is_passed_over_and_was_not_seen),
		cmocka_unit_test(a_host_that_comes_back_is_looked_at_too),
		cmocka_unit_test(it_goes_on_after_a_resume_and_what_was_ending_has_ended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
