#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "fixture.h"
#include "run/legs.h"

/* Rolling work: a step over ten hosts, in waves or side by side, whatever becomes of each. */

enum { HOSTS = 10 };
static const char *const aliases[HOSTS + 1] = {
	"w0", "w1", "w2", "w3", "w4", "w5", "w6", "w7", "w8", "w9", NULL};

static struct world *
rolling(int serial, int batch_pct, int max_failures)
{
	struct runbook *rb = fixture_runbook(RUNBOOK_DEPLOY);
	struct step *s = fixture_command(
		rb, "go", fixture_host(rb, "web", aliases), RISK_MODERATE);

	s->serial = serial;
	s->batch_pct = batch_pct;
	s->max_failures = max_failures;
	s->undo.text = mem_strdup("back");
	return world_new(rb);
}

static struct leg_run *
leg(struct world *w, int i)
{
	return &world_step(w, "go")->legs.list.at[i].way[WAY_FORWARD];
}

static size_t
active(struct world *w)
{
	size_t n = 0;

	for (int i = 0; i < HOSTS; i++)
		n += legs_active(leg(w, i));
	return n;
}

/* As many as may start now. */
static void
start_more(struct world *w)
{
	while (run_deadline(w->r).ms)
		assert_true(world_clock(w));
}

static bool
ended(struct world *w, int i, int exit)
{
	return world_ended(w, "go", i, leg(w, i)->attempt, exit);
}

static void
a_batch_is_one_host_and_then_waves(void **state)
{
	struct world *w = rolling(0, 30, 0);

	(void)state;
	assert_true(world_start(w, "go", NULL));
	start_more(w);
	assert_int_equal(active(w), 1);
	assert_true(ended(w, 0, 0));
	start_more(w);
	assert_int_equal(active(w), 3);
	assert_true(ended(w, 1, 0));
	assert_true(ended(w, 3, 0));
	start_more(w);
	assert_int_equal(active(w), 1); /* the wave is not through */
	assert_true(ended(w, 2, 0));
	start_more(w);
	assert_int_equal(active(w), 3);
	world_same(w);
	world_free(w);
}

static void
only_what_failed_is_tried_again(void **state)
{
	struct world *w = rolling(2, 0, 3);

	(void)state;
	assert_true(world_start(w, "go", NULL));
	for (int i = 0; i < HOSTS; i++) {
		start_more(w);
		assert_true(ended(w, i, i == 2 || i == 5));
	}
	assert_int_equal(run_deadline(w->r).ms, 0);
	assert_int_equal(world_step(w, "go")->state, STEP_IS_FAILED);
	assert_true(world_start(w, "go", NULL));
	start_more(w);
	assert_int_equal(active(w), 2);
	assert_true(ended(w, 2, 0));
	assert_true(ended(w, 5, 0));
	assert_int_equal(world_step(w, "go")->state, STEP_IS_DONE);
	for (int i = 0; i < HOSTS; i++)
		assert_int_equal(leg(w, i)->attempt, i == 2 || i == 5 ? 2 : 1);
	world_same(w);
	world_free(w);
}

static void
it_holds_before_a_host_that_is_down(void **state)
{
	struct world *w = rolling(0, 0, 0);
	struct request leave = {
		.kind = REQ_LEAVE, .step = 0, .leg = 1, .reason = "in repair, OPS-4"};

	(void)state;
	assert_true(world_turn(w, "w1", true));
	assert_true(world_start(w, "go", NULL));
	assert_true(ended(w, 0, 0));
	assert_int_equal(run_deadline(w->r).ms, 0);
	assert_int_equal(legs_held(w->r, 0), 1);
	assert_true(world_turn(w, "w1", false)); /* waited for */
	assert_int_equal(legs_held(w->r, 0), NONE);
	start_more(w);
	assert_true(ended(w, 1, 0));
	assert_true(world_turn(w, "w2", true));
	start_more(w);
	assert_int_equal(active(w), 0);
	leave.leg = 2;
	assert_true(world_ask(w, &leave)); /* left out */
	start_more(w);
	assert_true(legs_active(leg(w, 3)));
	assert_true(ended(w, 3, 0));
	assert_true(world_turn(w, "w4", true));
	assert_true(world_ask(
		w, &(struct request){.kind = REQ_CANCEL, .step = 0, .leg = LEG_ALL}));
	assert_int_equal(world_step(w, "go")->state, STEP_IS_NEEDS_PERSON); /* stopped */
	assert_false(world_start(w, "go", NULL));
	assert_non_null(strstr(w->e.msg, "w4 is DOWN"));
	world_same(w);
	world_free(w);
}

static void
a_host_that_is_left_out_leaves_the_step_done(void **state)
{
	struct world *w = rolling(0, 0, 0);
	struct request leave = {.kind = REQ_LEAVE, .step = 0, .leg = 0};

	(void)state;
	assert_false(world_ask(w, &leave)); /* no reason */
	assert_true(world_start(w, "go", NULL));
	assert_true(ended(w, 0, 3));
	assert_int_equal(world_step(w, "go")->state, STEP_IS_FAILED);
	leave.reason = "broken disk";
	assert_true(world_ask(w, &leave));
	assert_int_equal(leg(w, 0)->state, LEG_SKIPPED);
	assert_true(world_start(w, "go", NULL));
	for (int i = 1; i < HOSTS; i++) {
		start_more(w);
		assert_true(ended(w, i, 0));
	}
	assert_int_equal(world_step(w, "go")->state, STEP_IS_DONE);
	assert_string_equal(
		w->r->exceptions.list.at[0].text, "go left out on w0: broken disk");
	world_same(w);
	world_free(w);
}

static bool
reading(struct world *w, enum verdict v)
{
	struct request q = {.kind = REQ_READING,
		.step = 0,
		.probe = 0,
		.verdict = v,
		.data = "{\"message\":\"status\"}"};

	return world_ask(w, &q);
}

static void
what_must_be_good_before_is_looked_at_between_hosts(void **state)
{
	struct runbook *rb = fixture_runbook(RUNBOOK_DEPLOY);
	struct step *s = fixture_command(
		rb, "go", fixture_host(rb, "web", aliases), RISK_MODERATE);
	struct world *w;

	(void)state;
	vec_push(&s->before.list, fixture_probe(rb, "api"));
	w = world_new(rb);
	assert_true(world_start(w, "go", NULL));
	assert_true(reading(w, VERDICT_OK));
	assert_true(world_start(w, "go", NULL));
	assert_true(ended(w, 0, 0));
	assert_true(world_clock(w));
	assert_true(world_said(w, "step.enter", "before the next host"));
	assert_int_equal(w->fx.list.at[0].kind, EFFECT_PROBE);
	assert_int_equal(run_deadline(w->r).ms, 0);
	assert_int_equal(active(w), 0);
	assert_true(reading(w, VERDICT_FAIL)); /* not yet: it is looked at again */
	assert_int_equal(world_events(w), 0);
	assert_int_equal(w->fx.list.len, 1);
	assert_true(reading(w, VERDICT_OK));
	start_more(w);
	assert_true(legs_active(leg(w, 1)));
	assert_true(ended(w, 1, 0));
	assert_true(world_clock(w));
	w->now.wall.ms += 61000;
	assert_true(reading(w, VERDICT_FAIL)); /* its minute is over */
	assert_int_equal(run_deadline(w->r).ms, 0);
	assert_int_equal(world_step(w, "go")->state, STEP_IS_NEEDS_PERSON);
	assert_int_equal(leg(w, 2)->attempt, 0);
	world_same(w);
	world_free(w);
}

static void
a_limit_leaves_the_others_out(void **state)
{
	struct runbook *rb = fixture_runbook(RUNBOOK_DEPLOY);
	struct world *w;

	(void)state;
	fixture_command(rb, "go", fixture_host(rb, "web", aliases), RISK_MODERATE);
	fixture_command(rb, "here", NONE, RISK_MODERATE);
	w = world_open(rb, "{\"mode\":\"live\",\"limit\":[\"w3\",\"w7\"]}");
	assert_true(world_start(w, "go", NULL));
	assert_int_equal(w->fx.list.at[0].leg, 3);
	assert_true(ended(w, 3, 0));
	start_more(w);
	assert_true(ended(w, 7, 0));
	assert_int_equal(world_step(w, "go")->state, STEP_IS_DONE);
	assert_int_equal(w->intents, 2);
	world_do(w, "here", NULL);
	assert_string_equal(run_outcome(w->r), "ok");
	assert_string_equal(w->r->exceptions.list.at[0].text, "limited to w3, w7");
	world_same(w);
	world_free(w);
}

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

struct before {
	int attempt[HOSTS];
	bool good[HOSTS];
};

/* What was good is not run again, nothing is begun on a host that is down, and never more at
 * a time than may be. */
static void
always_holds(struct world *w, struct before *b, size_t most, unsigned down)
{
	assert_true(active(w) <= most);
	for (int i = 0; i < HOSTS; i++) {
		const struct leg_run *l = leg(w, i);

		if (l->attempt > b->attempt[i] && b->good[i])
			fail_msg("host %d was good and ran again", i);
		if (l->attempt > b->attempt[i] && (down & 1u << i))
			fail_msg("host %d is down and was begun", i);
		b->attempt[i] = l->attempt;
		b->good[i] = legs_ok(l);
	}
}

static void
one_rollout(void)
{
	int serial = (int)rnd(4), pct = serial ? 0 : (int)rnd(60);
	int failures = (int)rnd(3);
	size_t most = pct ? (size_t)(pct < 10 ? 1 : pct / 10)
		: serial  ? (size_t)serial
			  : 1;
	struct world *w = rolling(serial, pct, failures);
	struct before b = {0};
	unsigned down = 0;

	for (int n = 0; n < 120; n++) {
		int i = (int)rnd(HOSTS);

		if (!rnd(10) && !legs_active(leg(w, i))) {
			down ^= 1u << i;
			assert_true(world_turn(w, aliases[i], down & 1u << i));
		}
		if (!rnd(3))
			world_start(w, "go", NULL);
		if (legs_active(leg(w, i)))
			assert_true(ended(w, i, !rnd(5)));
		if (!rnd(25)) {
			struct request q = {.kind = REQ_LEAVE,
				.step = 0,
				.leg = i,
				.reason = "not now"};
			bool left = world_ask(w, &q);

			assert_true(!left || leg(w, i)->state == LEG_SKIPPED);
		}
		if (run_deadline(w->r).ms)
			assert_true(world_clock(w));
		always_holds(w, &b, most, down);
	}
	if (world_step(w, "go")->state == STEP_IS_DONE)
		for (int i = 0; i < HOSTS; i++)
			assert_true(
				legs_ok(leg(w, i)) || leg(w, i)->state == LEG_SKIPPED);
	world_same(w);
	world_free(w);
}

static void
whatever_happens_good_hosts_stay_alone(void **state)
{
	(void)state;
	for (unsigned i = 1; i <= 300; i++) {
		rnd_state = 0x9e3779b97f4a7c15u * (uint64_t)i;
		one_rollout();
	}
}

/* A host that nothing waits for may stay away. */
static void
only_what_runs_there_waits_for_a_host(void **state)
{
	static const char *const hosts[] = {"web1", "web2", NULL};
	struct runbook *rb = fixture_runbook(RUNBOOK_DEPLOY);
	int host = fixture_host(rb, "web", hosts);
	struct world *w;

	(void)state;
	fixture_command(rb, "roll", host, RISK_MODERATE)->undo.text = mem_strdup("back");
	w = world_new(rb);
	assert_false(legs_wait_for(w->r, 0));
	assert_true(world_start(w, "roll", NULL)); /* ordered, not heard of */
	assert_true(legs_wait_for(w->r, 0));
	assert_false(legs_wait_for(w->r, 1));
	assert_true(world_started(w, "roll", 0, 1));
	assert_true(legs_wait_for(w->r, 0));
	assert_true(world_ended(w, "roll", 0, 1, 0));
	assert_false(legs_wait_for(w->r, 0));
	assert_true(world_clock(w));
	assert_false(legs_wait_for(w->r, 0));
	assert_true(legs_wait_for(w->r, 1));
	world_free(w);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_runs_there_waits_for_a_host),
		cmocka_unit_test(a_batch_is_one_host_and_then_waves),
		cmocka_unit_test(only_what_failed_is_tried_again),
		cmocka_unit_test(it_holds_before_a_host_that_is_down),
		cmocka_unit_test(a_host_that_is_left_out_leaves_the_step_done),
		cmocka_unit_test(what_must_be_good_before_is_looked_at_between_hosts),
		cmocka_unit_test(a_limit_leaves_the_others_out),
		cmocka_unit_test(whatever_happens_good_hosts_stay_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
