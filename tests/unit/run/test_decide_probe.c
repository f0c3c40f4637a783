#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/stamp.h"
#include "fixture.h"

static bool
reading(struct world *w, const char *id, int probe, enum verdict verdict)
{
	struct request q = {.kind = REQ_READING,
		.step = world_index(w, id),
		.probe = probe,
		.verdict = verdict,
		.data = "{\"field\":\"status\",\"value\":503,\"want\":\"200\",\"before\":"
			"{\"verdict\":\"fail\",\"value\":503}}"};

	return world_ask(w, &q);
}

static struct world *
soak(enum on_failure on_failure)
{
	struct runbook *rb = fixture_runbook(RUNBOOK_DEPLOY);
	struct step *s = fixture_step(rb, STEP_SOAK, "holds");

	s->for_ms = 60000;
	s->every_ms = 10000;
	s->on_failure = on_failure;
	for (int i = 0; i < 3; i++) {
		static const char *const names[] = {"api", "postgres", "errors"};
		int probe = fixture_probe(rb, names[i]);

		vec_push(i == 2 ? &s->aborts.list : &s->probes.list, probe);
	}
	rb->probes.list.at[1].steady = 2;
	return world_new(rb);
}

static bool
looked(struct world *w, int probe, enum verdict verdict, int bad)
{
	struct request q = {.kind = REQ_READING,
		.step = world_index(w, "holds"),
		.probe = probe,
		.verdict = verdict,
		.looks = 7,
		.bad = bad,
		.data = "{\"looks\":7,\"worst\":\"43 ms\"}"};

	return world_ask(w, &q);
}

static void
a_soak_is_done_when_all_held_to_the_end(void **state)
{
	struct world *w = soak(ON_FAILURE_STOP);

	(void)state;
	assert_true(world_start(w, "holds", NULL));
	assert_true(world_said(w, "step.enter", "{\"for_ms\":60000}"));
	assert_int_equal(w->fx.list.len, 3); /* those of abort too */
	w->now.wall.ms += 5000;
	assert_true(looked(w, 0, VERDICT_OK, 0));
	assert_int_equal(world_events(w), 0); /* good so far is no fact yet */
	assert_int_equal(w->fx.list.at[0].delay_ms, 10000);
	w->now.wall.ms += 51000;
	assert_true(looked(w, 0, VERDICT_WARN, 0));
	assert_int_equal(world_events(w), 0);
	assert_in_range(w->fx.list.at[0].delay_ms, 1, 5000); /* the last, at the end */
	w->now.wall.ms += 5000;
	assert_true(looked(w, 0, VERDICT_OK, 0));
	assert_true(world_said(w, "probe.result", "\"looks\":7,\"worst\":\"43 ms\""));
	assert_true(looked(w, 1, VERDICT_OK, 0));
	assert_int_equal(world_step(w, "holds")->state, STEP_IS_RUNNING);
	assert_true(looked(w, 2, VERDICT_OK, 0));
	assert_int_equal(world_step(w, "holds")->state, STEP_IS_DONE);
	assert_int_equal(world_step(w, "holds")->readings.list.at[0].looks, 7);
	world_same(w);
	world_free(w);
}

static void
a_soak_ends_with_the_first_bad_reading(void **state)
{
	static const struct {
		int probe, bad;
		enum verdict verdict;
		bool ends;
	} rows[] = {
		{0, 1, VERDICT_FAIL, true}, {0, 1, VERDICT_UNKNOWN, true},
		{1, 1, VERDICT_FAIL, false}, /* bad now and then: steady: 2 */
		{1, 2, VERDICT_FAIL, true}, {2, 1, VERDICT_FAIL, true}, /* abort */
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct world *w = soak(i % 2 ? ON_FAILURE_STOP : ON_FAILURE_ASK);

		assert_true(world_start(w, "holds", NULL));
		w->now.wall.ms += 5000;
		assert_true(looked(w, rows[i].probe, rows[i].verdict, rows[i].bad));
		assert_int_equal(world_events(w), rows[i].ends ? 1 : 0);
		assert_int_equal(world_step(w, "holds")->state,
			!rows[i].ends   ? STEP_IS_RUNNING
				: i % 2 ? STEP_IS_FAILED
					: STEP_IS_NEEDS_PERSON);
		/* looks under way change nothing any more, and ask for no further ones */
		assert_true(looked(w, 0, VERDICT_OK, 0));
		assert_int_equal(w->fx.list.len, rows[i].ends ? 0 : 1);
		world_same(w);
		world_free(w);
	}
}

static void
time_that_nobody_watched_does_not_count(void **state)
{
	struct world *w = soak(ON_FAILURE_STOP), *next;
	struct request late = {.kind = REQ_READING,
		.step = 0,
		.probe = 0,
		.verdict = VERDICT_OK,
		.unwatched_ms = 90000};

	(void)state;
	assert_true(world_start(w, "holds", NULL));
	w->now.wall.ms += 90000;
	late.step = world_index(w, "holds");
	assert_true(world_ask(w, &late));
	assert_true(world_said(w, "step.enter", "nobody looked for 1m30s"));
	assert_int_equal(w->fx.list.len, 3);
	assert_true(looked(w, 0, VERDICT_OK, 0));
	assert_int_equal(world_events(w), 0);
	next = world_crashed(w, w->lines.len);
	assert_true(world_ask(next, &(struct request){.kind = REQ_RESUME, .step = NONE}));
	assert_true(world_said(next, "step.enter", "the console was away"));
	assert_int_equal(next->fx.list.len, 3);
	assert_int_equal(world_step(next, "holds")->until.ms,
		world_step(next, "holds")->entered_at.ms + 60000);
	assert_true(world_ask(next,
		&(struct request){
			.kind = REQ_CANCEL, .step = late.step, .leg = LEG_ALL}));
	assert_int_equal(world_step(next, "holds")->state, STEP_IS_FAILED);
	world_free(next);
	world_free(w);
}

/* A first look that takes as long as the soak itself. */
static void
a_single_look_is_no_soak(void **state)
{
	struct world *w = soak(ON_FAILURE_STOP);
	struct request first = {.kind = REQ_READING,
		.step = world_index(w, "holds"),
		.probe = 0,
		.verdict = VERDICT_OK,
		.looks = 1};

	(void)state;
	assert_true(world_start(w, "holds", NULL));
	w->now.wall.ms += 61000;
	assert_true(world_ask(w, &first));
	assert_false(world_said(w, "probe.result", "api"));
	assert_true(world_said(w, "step.enter", "a single look does not cover"));
	assert_int_equal(w->fx.list.len, 3);
	w->now.wall.ms += 61000;
	first.verdict = VERDICT_FAIL; /* bad is bad at once */
	first.bad = 1;
	assert_true(world_ask(w, &first));
	assert_int_equal(world_step(w, "holds")->state, STEP_IS_FAILED);
	world_same(w);
	world_free(w);
}

static struct world *
check(enum on_failure on_failure)
{
	struct runbook *rb = fixture_runbook(RUNBOOK_RESTORE);
	struct step *s = fixture_step(rb, STEP_CHECK, "answers");

	s->within_ms = 60000;
	s->on_failure = on_failure;
	for (int i = 0; i < 2; i++) {
		int probe = fixture_probe(rb, i ? "postgres" : "api");

		vec_push(&s->probes.list, probe);
	}
	return world_new(rb);
}

static void
a_check_is_done_when_each_probe_was_good_once(void **state)
{
	struct world *w = check(ON_FAILURE_STOP);
	struct request bare = {.kind = REQ_READING,
		.probe = 1,
		.verdict = VERDICT_WARN,
		.data = "{\"before\":null}"};

	(void)state;
	assert_true(reading(w, "answers", 0, VERDICT_OK)); /* not begun: no fact */
	assert_int_equal(world_events(w), 0);
	assert_true(world_start(w, "answers", NULL));
	assert_true(world_said(w, "step.enter", "{\"within_ms\":60000}"));
	assert_int_equal(w->fx.list.len, 2);
	assert_int_equal(w->fx.list.at[1].kind, EFFECT_PROBE);
	assert_true(reading(w, "answers", 0, VERDICT_OK));
	assert_true(world_said(w, "probe.result",
		"{\"probe\":\"api\",\"verdict\":\"ok\",\"field\":\"status\",\"value\":503,\"want\":"
		"\"200\",\"before\":{\"verdict\":\"fail\",\"value\":503}}"));
	assert_int_equal(world_step(w, "answers")->state, STEP_IS_RUNNING);
	assert_true(reading(w, "answers", 0, VERDICT_FAIL)); /* decided already */
	assert_int_equal(world_events(w), 0);
	assert_int_equal(w->fx.list.len, 0);
	assert_true(reading(w, "answers", 0, VERDICT_OK));
	assert_int_equal(world_events(w), 0);
	assert_true(world_ask(w, &bare));
	assert_int_equal(world_step(w, "answers")->state, STEP_IS_DONE);
	assert_string_equal(world_step(w, "answers")->who, "auto");
	assert_string_equal(
		world_step(w, "answers")->readings.list.at[0].before, "fail 503");
	world_same(w);
	world_free(w);
}

static void
a_bad_reading_looks_again_until_the_time_is_over(void **state)
{
	struct world *w = check(ON_FAILURE_STOP);

	(void)state;
	assert_true(world_start(w, "answers", NULL));
	assert_true(reading(w, "answers", 0, VERDICT_FAIL));
	assert_int_equal(world_events(w), 0);
	assert_int_equal(w->fx.list.len, 1);
	assert_int_equal(w->fx.list.at[0].probe, 0);
	assert_int_equal(w->fx.list.at[0].delay_ms, 2000);
	w->now.wall.ms += 59000;
	assert_true(reading(w, "answers", 0, VERDICT_UNKNOWN));
	assert_true(w->fx.list.at[0].delay_ms < 1000); /* the last look, at the end */
	w->now.wall.ms += 2000;
	assert_true(reading(w, "answers", 0, VERDICT_UNKNOWN));
	assert_true(world_said(w, "probe.result", "\"verdict\":\"unknown\""));
	assert_int_equal(world_step(w, "answers")->state, STEP_IS_RUNNING);
	assert_true(reading(w, "answers", 1, VERDICT_OK));
	assert_int_equal(world_step(w, "answers")->state, STEP_IS_FAILED);
	assert_int_equal(w->r->exceptions.list.len, 1);
	/* a person looks again; what was seen before no longer counts */
	assert_true(world_start(w, "answers", NULL));
	assert_int_equal(world_step(w, "answers")->state, STEP_IS_RUNNING);
	assert_true(reading(w, "answers", 0, VERDICT_OK));
	assert_true(reading(w, "answers", 1, VERDICT_OK));
	assert_int_equal(world_step(w, "answers")->state, STEP_IS_DONE);
	world_same(w);
	world_free(w);
}

static void
a_check_that_asks_needs_a_person(void **state)
{
	struct world *w = check(ON_FAILURE_ASK);

	(void)state;
	assert_true(world_start(w, "answers", NULL));
	w->now.wall.ms += 60000;
	assert_true(reading(w, "answers", 0, VERDICT_FAIL));
	assert_true(reading(w, "answers", 1, VERDICT_FAIL));
	assert_int_equal(world_step(w, "answers")->state, STEP_IS_NEEDS_PERSON);
	assert_true(world_tick(w, "answers", TICK_BY_HAND, "seen in the browser"));
	world_free(w);
}

static void
a_check_goes_on_after_a_resume_and_can_be_stopped(void **state)
{
	struct world *w = check(ON_FAILURE_STOP);
	struct request resume = {.kind = REQ_RESUME};
	struct request stop = {.kind = REQ_CANCEL, .leg = LEG_ALL};

	(void)state;
	assert_true(world_start(w, "answers", NULL));
	assert_true(reading(w, "answers", 0, VERDICT_OK));
	assert_true(world_ask(w, &resume));
	assert_int_equal(w->fx.list.len, 1);
	assert_int_equal(w->fx.list.at[0].kind, EFFECT_PROBE);
	assert_int_equal(w->fx.list.at[0].probe, 1);
	assert_true(world_ask(w, &stop));
	assert_int_equal(world_step(w, "answers")->state, STEP_IS_FAILED);
	assert_true(reading(w, "answers", 1, VERDICT_OK));
	assert_int_equal(world_events(w), 0);
	assert_false(world_ask(w, &stop));
	assert_true(world_start(w, "answers", NULL));
	world_same(w);
	world_free(w);
}

static void
a_check_that_looks_can_be_skipped(void **state)
{
	struct world *w = check(ON_FAILURE_STOP);
	struct request skip = {.kind = REQ_SKIP,
		.step = world_index(w, "answers"),
		.reason = "the port is closed today"};

	(void)state;
	assert_true(world_start(w, "answers", NULL));
	assert_int_equal(world_step(w, "answers")->state, STEP_IS_RUNNING);
	assert_true(world_ask(w, &skip));
	assert_int_equal(world_step(w, "answers")->state, STEP_IS_SKIPPED);
	assert_true(reading(w, "answers", 0, VERDICT_OK));
	assert_int_equal(world_events(w), 0);
	assert_int_equal(world_step(w, "answers")->state, STEP_IS_SKIPPED);
	world_same(w);
	world_free(w);
}

static void
a_dangerous_step_wants_fresh_good_readings_before(void **state)
{
	struct runbook *rb = fixture_runbook(RUNBOOK_RESTORE);
	int probe = fixture_probe(rb, "dump-is-there");
	struct step *s = fixture_command(rb, "load", NONE, RISK_MODERATE);
	struct world *w;

	(void)state;
	vec_push(&s->before.list, probe);
	w = world_new(rb);
	assert_true(world_start(w, "load", NULL)); /* looks first */
	assert_int_equal(world_events(w), 0);
	assert_int_equal(w->fx.list.at[0].kind, EFFECT_PROBE);
	assert_true(reading(w, "load", probe, VERDICT_FAIL));
	assert_false(world_start(w, "load", NULL));
	assert_non_null(strstr(w->e.msg, "dump-is-there"));
	assert_true(reading(w, "load", probe, VERDICT_OK));
	w->now.wall.ms += 5 * 60 * 1000 + 1;
	assert_true(world_start(w, "load", NULL)); /* too old: looks again */
	assert_int_equal(w->intents, 0);
	assert_true(reading(w, "load", probe, VERDICT_OK));
	assert_true(world_start(w, "load", NULL));
	assert_int_equal(w->intents, 1);
	world_same(w);
	world_free(w);
}

static struct world *
waiting(const char *until)
{
	struct runbook *rb = fixture_runbook(RUNBOOK_DEPLOY);
	struct step *s = fixture_step(rb, STEP_WAIT, "settle");

	s->wait_ms = 300000;
	s->wait_until = mem_strdup(until);
	return world_new(rb);
}

static void
a_wait_is_over_at_its_time(void **state)
{
	struct world *w = waiting(NULL);
	struct request clock = {.kind = REQ_CLOCK};

	(void)state;
	assert_true(world_start(w, "settle", NULL));
	assert_int_equal(run_deadline(w->r).ms, w->now.wall.ms - 7 + 300000);
	assert_true(world_ask(w, &clock));
	assert_int_equal(world_events(w), 0);
	assert_true(world_clock(w));
	assert_true(world_said(
		w, "step.done", "{\"exit\":null,\"took_ms\":300000,\"verdict\":\"ok\"}"));
	assert_int_equal(world_step(w, "settle")->state, STEP_IS_DONE);
	assert_int_equal(run_deadline(w->r).ms, 0);
	world_same(w);
	world_free(w);
}

static void
a_person_ends_a_wait_with_a_reason(void **state)
{
	struct world *w = waiting(NULL);

	(void)state;
	assert_true(world_start(w, "settle", NULL));
	assert_false(world_tick(w, "settle", TICK_DONE, NULL));
	assert_true(world_tick(w, "settle", TICK_DONE, "the queue is empty"));
	assert_int_equal(world_step(w, "settle")->state, STEP_IS_DONE);
	assert_int_equal(run_deadline(w->r).ms, 0);
	world_same(w);
	world_free(w);
}

static void
a_wait_may_be_until_a_time_of_day(void **state)
{
	static const struct {
		const char *until, *at;
	} rows[] = {
		/* the world begins at 2025-11-20T00:53:20Z */
		{"02:30", "2025-11-20T02:30:00.000Z"},
		{"00:10Z", "2025-11-21T00:10:00.000Z"},
		{"2025-11-20T12:00:00.000Z", "2025-11-20T12:00:00.000Z"},
		{"noon", NULL},
		{"24:00", NULL},
		{"02:3", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct world *w = waiting(rows[i].until);
		char stamp[STAMP_BYTES];

		assert_int_equal(world_start(w, "settle", NULL), rows[i].at != NULL);
		if (rows[i].at)
			assert_string_equal(
				stamp_wall(run_deadline(w->r), stamp), rows[i].at);
		world_free(w);
	}
}

/* What the board tells: of the run, without a step; a host that went down is something a
 * signer must have seen. */
static void
the_board_tells_the_record(void **state)
{
	struct world *w = check(ON_FAILURE_STOP);
	struct request down = {.kind = REQ_TURNED,
		.step = NONE,
		.name = "web2",
		.verdict = VERDICT_FAIL,
		.data = "{\"message\":\"no route to host\",\"state\":\"DOWN\"}"};
	struct request first = {.kind = REQ_SNAPSHOT,
		.step = NONE,
		.data = "[{\"probe\":\"api\",\"verdict\":\"ok\"}]"};

	(void)state;
	assert_true(world_ask(w, &first));
	assert_true(world_said(w, "snapshot", "\"probe\":\"api\""));
	assert_int_equal(w->r->exceptions.list.len, 0);
	assert_true(world_ask(w, &down));
	assert_true(world_said(w, "probe.result", "\"probe\":\"web2\""));
	assert_int_equal(w->fx.list.len, 0);
	assert_int_equal(w->r->exceptions.list.len, 1);
	assert_string_equal(
		w->r->exceptions.list.at[0].text, "web2 went DOWN: no route to host");
	down.verdict = VERDICT_OK;
	assert_true(world_ask(w, &down));
	assert_int_equal(w->r->exceptions.list.len, 1);
	world_same(w);
	world_free(w);
}

static void
a_mute_has_a_reason_and_an_end(void **state)
{
	struct world *w = check(ON_FAILURE_STOP);
	struct request q = {.kind = REQ_MUTE,
		.step = NONE,
		.name = "api",
		.until_ms = w->now.wall.ms + 60000};

	(void)state;
	assert_false(world_ask(w, &q));
	q.reason = "the switch is being changed";
	assert_true(world_ask(w, &q));
	assert_true(world_said(w, "probe.mute", "the switch"));
	q.until_ms = 0;
	assert_true(world_ask(w, &q));
	assert_true(world_said(w, "probe.mute", "\"until\":null"));
	world_same(w);
	world_free(w);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_soak_is_done_when_all_held_to_the_end),
		cmocka_unit_test(a_soak_ends_with_the_first_bad_reading),
		cmocka_unit_test(time_that_nobody_watched_does_not_count),
		cmocka_unit_test(a_single_look_is_no_soak),
		cmocka_unit_test(a_check_is_done_when_each_probe_was_good_once),
		cmocka_unit_test(a_bad_reading_looks_again_until_the_time_is_over),
		cmocka_unit_test(a_check_that_asks_needs_a_person),
		cmocka_unit_test(a_check_goes_on_after_a_resume_and_can_be_stopped),
		cmocka_unit_test(a_check_that_looks_can_be_skipped),
		cmocka_unit_test(a_dangerous_step_wants_fresh_good_readings_before),
		cmocka_unit_test(a_wait_is_over_at_its_time),
		cmocka_unit_test(a_person_ends_a_wait_with_a_reason),
		cmocka_unit_test(a_wait_may_be_until_a_time_of_day),
		cmocka_unit_test(the_board_tells_the_record),
		cmocka_unit_test(a_mute_has_a_reason_and_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
