#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/jobstate.h"
#include "base/mem.h"
#include "fixture.h"

/* ---- outcomes ------------------------------------------------------------------------- */

static void
nothing_is_done_before_its_outcome(void **state)
{
	struct world *w = world_single(NULL);

	(void)state;
	assert_true(world_start(w, "go", NULL));
	assert_int_equal(world_step(w, "go")->state, STEP_IS_RUNNING);
	assert_true(world_started(w, "go", 0, 1));
	assert_int_equal(world_step(w, "go")->state, STEP_IS_RUNNING);
	assert_true(world_ended(w, "go", 0, 1, 0));
	assert_true(world_said(w, "step.done",
		"{\"host\":\"ni-db1\",\"attempt\":1,\"exit\":0,\"took_ms\":42,\"verdict\":\"ok\","
		"\"expect\":[{\"field\":\"exit\",\"want\":\"0\",\"got\":\"0\",\"ok\":true}]}"));
	assert_int_equal(world_step(w, "go")->state, STEP_IS_DONE);
	assert_string_equal(world_step(w, "go")->who, "auto");
	world_free(w);
}

static void
nothing_expected_proves_nothing(void **state)
{
	struct world *w = world_single(NULL);
	struct step *s = &w->rb->steps.list.at[0];

	(void)state;
	expect_free(s->expect);
	s->expect = NULL;
	world_do(w, "go", NULL);
	assert_int_equal(world_step(w, "go")->state, STEP_IS_UNKNOWN);
	assert_true(world_ended(w, "go", 0, 1, 0)); /* saying it twice proves no more */
	assert_int_equal(world_events(w), 0);
	world_free(w);
}

/* OctopusDeploy/Issues#6576: the answer about one machine was used for the next. */
static void
octopus_6576_an_answer_for_one_host_is_not_used_for_another(void **state)
{
	struct world *w = world_restore();

	(void)state;
	world_tell(w);
	assert_true(world_start(w, "stop", NULL));
	assert_true(world_ended(w, "stop", 1, 1, 0)); /* web2: nobody asked it yet */
	assert_int_equal(world_events(w), 0);
	assert_true(world_ended(w, "stop", 7, 1, 0)); /* no such host */
	assert_int_equal(world_events(w), 0);
	assert_int_equal(
		world_step(w, "stop")->legs.list.at[0].way[0].state, LEG_INTENDED);
	assert_int_equal(world_step(w, "stop")->legs.list.at[1].way[0].state, LEG_TODO);
	world_free(w);
}

static void
with_two_retries(struct step *s)
{
	s->retries = 2;
	s->retry_wait_ms = 5000;
}

/* OctopusDeploy/Issues#5208: Fail retried. */
static void
octopus_5208_a_failure_is_not_a_retry(void **state)
{
	struct world *w = world_single(NULL);

	(void)state;
	assert_true(world_start(w, "go", NULL));
	assert_true(world_ended(w, "go", 0, 1, 1));
	assert_int_equal(world_step(w, "go")->state, STEP_IS_FAILED);
	assert_int_equal(run_deadline(w->r).ms, 0);
	assert_int_equal(w->intents, 1);
	assert_int_equal(w->fx.list.len, 0);
	world_free(w);
}

static void
retries_wait_and_keep_every_attempt_in_the_record(void **state)
{
	struct world *w = world_single(with_two_retries);

	(void)state;
	assert_true(world_start(w, "go", NULL));
	for (int attempt = 1; attempt <= 3; attempt++) {
		assert_true(world_ended(w, "go", 0, attempt, 1));
		assert_true(world_said(w, "step.done", "\"verdict\":\"fail\""));
		assert_int_equal(world_said(w, "step.done", "retry_at"), attempt < 3);
		if (attempt == 3)
			break;
		assert_int_equal(world_step(w, "go")->state, STEP_IS_RUNNING);
		assert_int_equal(run_deadline(w->r).ms, w->now.wall.ms - 7 + 5000);
		assert_true(world_clock(w));
	}
	assert_int_equal(w->intents, 3);
	assert_int_equal(world_step(w, "go")->state, STEP_IS_FAILED);
	world_same(w);
	world_free(w);
}

/* StackStorm/st2: an answer that came at once, before the action was noted as running. */
static void
stackstorm_an_answer_that_comes_at_once_counts(void **state)
{
	struct world *w = world_single(NULL);

	(void)state;
	assert_true(world_start(w, "go", NULL));
	assert_true(world_ended(w, "go", 0, 1, 0));
	assert_int_equal(world_step(w, "go")->state, STEP_IS_DONE);
	/* and the late word that it has started makes nothing run again */
	assert_true(world_started(w, "go", 0, 1));
	assert_int_equal(world_events(w), 0);
	assert_int_equal(world_step(w, "go")->state, STEP_IS_DONE);
	world_free(w);
}

static void
stackstorm_an_answer_that_comes_twice_counts_once(void **state)
{
	struct world *w = world_single(NULL);

	(void)state;
	world_do(w, "go", NULL);
	assert_true(world_ended(w, "go", 0, 1, 1));
	assert_int_equal(world_events(w), 0);
	assert_int_equal(world_step(w, "go")->state, STEP_IS_DONE);
	world_free(w);
}

static void
an_answer_about_an_older_attempt_changes_nothing(void **state)
{
	struct world *w = world_single(NULL);

	(void)state;
	assert_true(world_start(w, "go", NULL));
	assert_true(world_ended(w, "go", 0, 1, 1));
	assert_true(world_start(w, "go", NULL));
	assert_true(world_ended(w, "go", 0, 1, 0));
	assert_int_equal(world_events(w), 0);
	assert_int_equal(world_step(w, "go")->state, STEP_IS_RUNNING);
	assert_true(world_ended(w, "go", 0, 3, 0));
	assert_int_equal(world_events(w), 0);
	world_free(w);
}

/* OctopusDeploy/Issues#7454: abort was asked twice. */
static void
octopus_7454_stopping_twice_is_one_record_and_one_end(void **state)
{
	struct world *w = world_single(with_two_retries);
	struct request q = {.kind = REQ_CANCEL, .leg = LEG_ALL, .reason = "wrong dump"};

	(void)state;
	assert_true(world_start(w, "go", NULL));
	assert_true(world_ask(w, &q));
	assert_true(world_said(w, "step.cancel", "wrong dump"));
	assert_true(world_started(w, "go", 0, 1));
	assert_int_equal(
		world_step(w, "go")->legs.list.at[0].way[0].state, LEG_CANCELLING);
	assert_true(world_ask(w, &q));
	assert_int_equal(world_events(w), 0);
	assert_int_equal(w->fx.list.at[0].kind, EFFECT_CANCEL);
	assert_true(world_ask(w, &q));
	assert_int_equal(world_events(w), 0);
	assert_true(world_ended(w, "go", 0, 1, 143));
	assert_true(world_said(w, "step.done", "\"why\":\"cancelled: wrong dump\""));
	assert_false(world_said(w, "step.done", "retry_at"));
	assert_int_equal(world_step(w, "go")->state, STEP_IS_FAILED);
	assert_false(world_ask(w, &q));
	world_same(w);
	world_free(w);
}

static void
after_a_stop_no_further_host_starts(void **state)
{
	struct world *w = world_restore();
	struct request q = {.kind = REQ_CANCEL, .step = 1, .leg = LEG_ALL};

	(void)state;
	world_tell(w);
	assert_true(world_start(w, "stop", NULL));
	assert_true(world_ask(w, &q));
	assert_true(
		world_ended(w, "stop", 0, 1, 0)); /* it made it before it was stopped */
	assert_int_equal(run_deadline(w->r).ms, 0);
	assert_int_equal(world_step(w, "stop")->state, STEP_IS_NEEDS_PERSON);
	world_same(w);
	world_free(w);
}

static void
with_kill_after(struct step *s)
{
	s->timeout_ms = 1000;
	s->kill_after_ms = 60000;
}

static void
a_late_step_asks_and_kill_after_stops_it(void **state)
{
	struct world *w = world_single(with_kill_after);
	struct wall started;

	(void)state;
	assert_true(world_start(w, "go", NULL));
	started = w->now.wall;
	assert_true(world_started(w, "go", 0, 1));
	assert_false(run_late(w->r, 0, started));
	assert_int_equal(run_late_at(w->r, started).ms, started.ms + 1000);
	assert_true(run_late(w->r, 0, (struct wall){started.ms + 1000}));
	assert_int_equal(run_deadline(w->r).ms, started.ms + 60000);
	assert_true(world_clock(w));
	assert_true(world_said(w, "step.cancel", "kill_after"));
	assert_int_equal(w->fx.list.at[0].kind, EFFECT_CANCEL);
	assert_int_equal(run_deadline(w->r).ms, 0);
	world_free(w);
}

/* Durations are counted by a clock that nobody sets; the record says by how much it was. */
static void
a_clock_that_jumps_makes_nothing_late(void **state)
{
	struct world *w = world_single(with_kill_after);
	struct request jump = {.kind = REQ_JUMPED,
		.step = NONE,
		.data = "{\"wall_ms\":7200000,\"mono_ms\":5}"};
	struct wall started;

	(void)state;
	assert_true(world_start(w, "go", NULL));
	started = w->now.wall;
	assert_true(world_started(w, "go", 0, 1));
	w->now.wall.ms += 7200000;
	assert_true(world_ask(w, &jump));
	assert_true(world_said(w, "clock.jump", "7200000"));
	assert_false(run_late(w->r, 0, w->now.wall));
	assert_int_equal(run_deadline(w->r).ms, started.ms + 7200000 + 60000);
	world_free(w);
}

/* The host's answer to a cancel is told and changes nothing by itself. */
static void
what_the_host_says_of_a_cancel_is_a_fact(void **state)
{
	struct world *w = world_single(NULL);
	struct request told = {
		.kind = REQ_STOPPED, .attempt = 1, .text = "terminated 143"};
	struct request old = {.kind = REQ_STOPPED, .attempt = 7, .text = "gone"};

	(void)state;
	assert_true(world_start(w, "go", NULL));
	assert_true(world_started(w, "go", 0, 1));
	assert_true(world_ask(w, &told));
	assert_true(world_said(w, "step.cancel", "terminated 143"));
	assert_int_equal(w->r->steps.list.at[0].legs.list.at[0].way[WAY_FORWARD].state,
		LEG_RUNNING);
	assert_true(world_ask(w, &old));
	assert_false(world_said(w, "step.cancel", "gone"));
	world_free(w);
}

static void
unknown_blocks_until_a_person_says_what_was_seen(void **state)
{
	struct world *w = world_single(NULL);
	struct request lost = {.kind = REQ_LOST,
		.attempt = 1,
		.text = "lost-reboot",
		.reason = "the host has started anew"};
	struct request q = {.kind = REQ_RESOLVE, .leg = LEG_ALL, .as = RESOLVE_DONE};

	(void)state;
	assert_false(world_ask(w, &q));
	assert_true(world_start(w, "go", NULL));
	assert_true(world_ask(w, &lost));
	assert_int_equal(world_step(w, "go")->state, STEP_IS_UNKNOWN);
	assert_false(world_start(w, "go", NULL));
	assert_false(world_tick(w, "go", TICK_BY_HAND, "it is fine"));
	assert_false(world_ask(w, &q));
	q.evidence = " ";
	assert_false(world_ask(w, &q));
	q.evidence = "18204 rows counted by hand";
	assert_true(world_ask(w, &q));
	assert_int_equal(world_step(w, "go")->state, STEP_IS_DONE);
	assert_true(world_ended(w, "go", 0, 1, 1)); /* too late */
	assert_int_equal(world_events(w), 0);
	assert_int_equal(w->r->exceptions.list.len, 1);
	world_same(w);
	world_free(w);
}

static void
an_unknown_outcome_that_the_host_knows_after_all_counts(void **state)
{
	struct world *w = world_single(NULL);
	struct request lost = {.kind = REQ_LOST, .attempt = 1, .text = "lost"};

	(void)state;
	assert_true(world_start(w, "go", NULL));
	assert_true(world_ask(w, &lost));
	assert_true(world_ended(w, "go", 0, 1, 0));
	assert_int_equal(world_step(w, "go")->state, STEP_IS_DONE);
	world_same(w);
	world_free(w);
}

/* A host that had it running and knows nothing of it any more: not "never started", and
 * not running for ever. */
static void
started_and_gone_is_unknown(void **state)
{
	struct world *w = world_single(NULL);
	struct request gone = {.kind = REQ_NOT_STARTED,
		.step = world_index(w, "go"),
		.attempt = 1,
		.reason = "removed"};

	(void)state;
	assert_true(world_start(w, "go", NULL));
	assert_true(world_started(w, "go", 0, 1));
	assert_true(world_ask(w, &gone));
	assert_true(world_said(w, "step.unknown", "removed"));
	assert_int_equal(world_step(w, "go")->state, STEP_IS_UNKNOWN);
	world_same(w);
	world_free(w);
}

static void
resume_says_the_cancel_again(void **state)
{
	struct world *w = world_single(NULL);
	struct request cancel = {
		.kind = REQ_CANCEL, .step = world_index(w, "go"), .leg = LEG_ALL};
	struct request resume = {.kind = REQ_RESUME, .step = NONE, .data = "{}"};

	(void)state;
	assert_true(world_start(w, "go", NULL));
	assert_true(world_ask(w, &cancel));
	assert_true(world_ask(w, &resume));
	assert_int_equal(w->fx.list.len, 2);
	assert_int_equal(w->fx.list.at[0].kind, EFFECT_ASK);
	assert_int_equal(w->fx.list.at[1].kind, EFFECT_CANCEL);
	world_free(w);
}

static void
certainly_not_started_is_a_failure_that_ran_nothing(void **state)
{
	struct world *w = world_single(NULL);
	struct request q = {
		.kind = REQ_NOT_STARTED, .attempt = 1, .reason = "no route to host"};

	(void)state;
	assert_true(world_start(w, "go", NULL));
	assert_true(world_ask(w, &q));
	assert_true(world_said(w, "step.done", "\"exit\":null"));
	assert_true(world_said(w, "step.done", "\"ran\":false"));
	assert_true(world_step(w, "go")->legs.list.at[0].way[0].nothing_ran);
	assert_true(world_start(w, "go", NULL));
	assert_true(world_started(w, "go", 0, 2));
	q.attempt = 2; /* what runs cannot turn out never to have started */
	assert_true(world_ask(w, &q));
	assert_true(world_said(w, "step.unknown", "no route to host"));
	assert_false(world_step(w, "go")->legs.list.at[0].way[0].nothing_ran);
	world_same(w);
	world_free(w);
}

static void
saved_values_are_there_for_later_steps(void **state)
{
	struct world *w = world_restore();
	struct facts facts = {0};
	struct request q = {.kind = REQ_ENDED, .attempt = 1, .facts = &facts};
	struct err e = ERR_INIT;
	char *says;

	(void)state;
	world_tell(w);
	assert_true(world_tick(w, "stop", TICK_NA, "no web here"));
	assert_true(world_tick(w, "load", TICK_BY_HAND, "done with psql"));
	assert_true(world_start(w, "rows", NULL));
	facts_add_answer(&facts, EXPECT_OUTPUT, "18204\n", 6, FACTS_WHOLE);
	q.step = world_index(w, "rows");
	assert_true(world_ask(w, &q));
	assert_true(world_said(w, "step.done", "\"saved\":{\"users\":\"18204\"}}"));
	says = run_expand(w->r, &w->rb->steps.list.at[4], "${users} on ${env}", NULL, &e);
	assert_string_equal(says, "18204 on production");
	mem_free(says);
	facts_release(&facts);
	world_same(w);
	world_free(w);
}

static void
a_value_that_cannot_be_saved_is_not_proof(void **state)
{
	struct world *w = world_restore();

	(void)state;
	world_tell(w);
	assert_true(world_tick(w, "stop", TICK_NA, "no web here"));
	assert_true(world_tick(w, "load", TICK_BY_HAND, "done with psql"));
	assert_true(world_start(w, "rows", NULL));
	assert_true(world_ended(w, "rows", 0, 1, 0));
	assert_true(world_said(w, "step.done", "\"field\":\"save users\""));
	assert_int_equal(
		world_step(w, "rows")->state, STEP_IS_FAILED); /* a look: try again */
	assert_true(world_start(w, "rows", NULL));
	world_free(w);
}

/* Later steps would be given the mark, and run with it. */
static void
a_secret_is_not_saved(void **state)
{
	struct world *w = world_restore();
	struct facts facts = {0};
	struct request q = {.kind = REQ_ENDED, .attempt = 1, .facts = &facts};

	(void)state;
	world_tell(w);
	assert_true(world_tick(w, "stop", TICK_NA, "no web here"));
	assert_true(world_tick(w, "load", TICK_BY_HAND, "done with psql"));
	assert_true(world_start(w, "rows", NULL));
	q.step = world_index(w, "rows");
	facts_add_answer(&facts, EXPECT_OUTPUT, "[redacted:jwt]", 14, FACTS_WHOLE);
	assert_true(world_ask(w, &q));
	assert_true(world_said(w, "step.done", "no secret, for it would be on record"));
	assert_int_equal(world_step(w, "rows")->state, STEP_IS_FAILED);
	facts_release(&facts);
	world_free(w);
}

static void
output_that_was_put_away_already_is_not_written_again(void **state)
{
	struct world *w = world_single(NULL);
	struct request q = {.kind = REQ_OUTPUT,
		.attempt = 1,
		.data = "{\"offset\":0,\"bytes\":4,\"text\":\"SET\\n\"}"};

	(void)state;
	assert_true(world_start(w, "go", NULL));
	assert_true(world_ask(w, &q));
	assert_true(world_said(w, "step.output",
		"\"data\":{\"host\":\"ni-db1\",\"attempt\":1,\"offset\":0,\"bytes\":4,\"text\""));
	assert_true(world_ask(w, &q));
	assert_int_equal(world_events(w), 0);
	assert_string_equal(world_step(w, "go")->legs.list.at[0].way[0].output, "SET\n");
	world_same(w);
	world_free(w);
}

/* Every state in which a host leaves an outcome unknown: it blocks, it is settled in each
 * of the three ways by evidence alone, and the record keeps who knew it by what. */
static void
each_unknown_state_is_settled_by_evidence(void **state)
{
	static const enum leg_state became[] = {[RESOLVE_DONE] = LEG_OK,
		[RESOLVE_FAILED] = LEG_FAILED,
		[RESOLVE_NOTHING_RAN] = LEG_FAILED};

	(void)state;
	for (int i = 0; i < JOB_STATE_COUNT * 3; i++) {
		enum job_state lost = (enum job_state)(i / 3);
		enum resolve_as as = (enum resolve_as)(i % 3);
		struct request gone = {
			.kind = REQ_LOST, .attempt = 1, .text = jobstate_name(lost)};
		struct request q = {.kind = REQ_RESOLVE, .leg = LEG_ALL, .as = as};
		struct world *w;
		const struct leg_run *lr;

		if (!*jobstate_look(lost))
			continue;
		w = world_single(NULL);
		assert_true(world_start(w, "go", NULL));
		assert_true(world_started(w, "go", 0, 1));
		assert_true(world_ask(w, &gone));
		assert_true(world_said(w, "step.unknown", jobstate_name(lost)));
		assert_int_equal(world_step(w, "go")->state, STEP_IS_UNKNOWN);
		lr = &world_step(w, "go")->legs.list.at[0].way[WAY_FORWARD];
		assert_string_equal(lr->lost, jobstate_name(lost));
		assert_false(world_start(w, "go", NULL)); /* never twice by itself */
		assert_false(world_ask(w, &q));
		q.evidence = "https://wiki.example.com/42";
		assert_true(world_ask(w, &q));
		assert_true(world_said(w, "step.resolve", q.evidence));
		lr = &world_step(w, "go")->legs.list.at[0].way[WAY_FORWARD];
		assert_int_equal(lr->state, became[as]);
		assert_int_equal(lr->nothing_ran, as == RESOLVE_NOTHING_RAN);
		assert_string_equal(lr->evidence, q.evidence);
		assert_non_null(lr->resolved_by);
		assert_int_equal(w->r->exceptions.list.len, 1);
		assert_non_null(strstr(w->r->exceptions.list.at[0].text, q.evidence));
		world_same(w);
		world_free(w);
	}
}

/* A console that comes back asks the host again; what it says then counts, and what it
 * still does not know changes nothing. */
static void
resume_asks_again_what_was_unknown(void **state)
{
	struct world *w = world_single(NULL);
	struct request lost = {.kind = REQ_LOST, .attempt = 1, .text = "elsewhere"};
	struct request resume = {.kind = REQ_RESUME, .step = NONE, .data = "{}"};

	(void)state;
	assert_true(world_start(w, "go", NULL));
	assert_true(world_started(w, "go", 0, 1));
	assert_true(world_ask(w, &lost));
	assert_true(world_ask(w, &resume));
	assert_int_equal(w->fx.list.len, 1);
	assert_int_equal(w->fx.list.at[0].kind, EFFECT_ASK);
	assert_int_equal(w->fx.list.at[0].attempt, 1);
	assert_int_equal(world_step(w, "go")->state, STEP_IS_UNKNOWN);
	assert_true(world_ask(w, &lost));
	assert_int_equal(world_events(w), 0);
	assert_true(world_started(w, "go", 0, 1)); /* it runs, after all */
	assert_int_equal(world_step(w, "go")->state, STEP_IS_RUNNING);
	assert_true(world_ended(w, "go", 0, 1, 0));
	assert_int_equal(world_step(w, "go")->state, STEP_IS_DONE);
	world_same(w);
	world_free(w);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_unknown_state_is_settled_by_evidence),
		cmocka_unit_test(resume_asks_again_what_was_unknown),
		cmocka_unit_test(nothing_is_done_before_its_outcome),
		cmocka_unit_test(nothing_expected_proves_nothing),
		cmocka_unit_test(
			octopus_6576_an_answer_for_one_host_is_not_used_for_another),
		cmocka_unit_test(octopus_5208_a_failure_is_not_a_retry),
		cmocka_unit_test(retries_wait_and_keep_every_attempt_in_the_record),
		cmocka_unit_test(stackstorm_an_answer_that_comes_at_once_counts),
		cmocka_unit_test(stackstorm_an_answer_that_comes_twice_counts_once),
		cmocka_unit_test(an_answer_about_an_older_attempt_changes_nothing),
		cmocka_unit_test(octopus_7454_stopping_twice_is_one_record_and_one_end),
		cmocka_unit_test(after_a_stop_no_further_host_starts),
		cmocka_unit_test(a_late_step_asks_and_kill_after_stops_it),
		cmocka_unit_test(a_clock_that_jumps_makes_nothing_late),
		cmocka_unit_test(what_the_host_says_of_a_cancel_is_a_fact),
		cmocka_unit_test(unknown_blocks_until_a_person_says_what_was_seen),
		cmocka_unit_test(an_unknown_outcome_that_the_host_knows_after_all_counts),
		cmocka_unit_test(started_and_gone_is_unknown),
		cmocka_unit_test(resume_says_the_cancel_again),
		cmocka_unit_test(certainly_not_started_is_a_failure_that_ran_nothing),
		cmocka_unit_test(saved_values_are_there_for_later_steps),
		cmocka_unit_test(a_value_that_cannot_be_saved_is_not_proof),
		cmocka_unit_test(a_secret_is_not_saved),
		cmocka_unit_test(output_that_was_put_away_already_is_not_written_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
