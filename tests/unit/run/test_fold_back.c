#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "fixture.h"
#include "run/back.h"
#include "run/run_deadline.h"

/* What the beginning and the end of a way back do to the steps. */

static const char *const web_aliases[] = {"web1", "web2", NULL};

/* roll on two hosts; a test adds what it needs. */
static struct runbook *
deploy(int retries, int max_failures)
{
	struct runbook *rb = fixture_runbook(RUNBOOK_DEPLOY);
	int web = fixture_host(rb, "web", web_aliases);
	struct step *s;

	s = fixture_command(rb, "roll", web, RISK_MODERATE);
	s->undo.text = mem_strdup("unroll");
	s->undo.host = web;
	s->retries = retries;
	s->retry_wait_ms = 1000;
	s->max_failures = max_failures;
	return rb;
}

static bool
lead_back(struct world *w, enum back_how how)
{
	char *phrase = back_phrase(w->r, how);
	struct request q = {.kind = REQ_BACK, .step = NONE, .typed = phrase};
	bool ok = world_ask(w, &q);

	if (!ok)
		print_message("%s\n", w->e.msg);
	mem_free(phrase);
	return ok;
}

static const struct leg_run *
leg(struct world *w, const char *id, int leg, enum way way)
{
	return &world_step(w, id)->legs.list.at[leg].way[way];
}

static void
goes_back(struct world *w, const char *id, int host)
{
	assert_int_equal(run_deadline_next(w->r).what, RUN_DEADLINE_BACK);
	assert_true(world_clock(w));
	assert_true(world_said(w, "step.intent", "\"way\":\"back\""));
	assert_int_equal(w->fx.list.at[0].step, world_index(w, id));
	assert_int_equal(w->fx.list.at[0].leg, host);
}

static void
no_second_try_leads_on(void **state)
{
	struct world *w = world_new(deploy(2, 0));

	(void)state;
	assert_true(world_start(w, "roll", NULL));
	assert_true(world_ended(w, "roll", 0, 1, 3));
	assert_int_equal(leg(w, "roll", 0, WAY_FORWARD)->state, LEG_RETRY);
	assert_true(lead_back(w, BACK_UNDO));
	assert_true(world_said(w, "rollback.open",
		"\"undo\":1,\"stays\":0,\"unknown\":0,\"plan\":[\"roll.web1.1\"]"));
	assert_int_equal(leg(w, "roll", 0, WAY_FORWARD)->state, LEG_FAILED);
	assert_string_equal(leg(w, "roll", 0, WAY_FORWARD)->why,
		"the run was led back before it tried again");
	assert_int_equal(world_step(w, "roll")->state, STEP_IS_FAILED);
	w->now.wall.ms += 60 * 1000; /* long after the second try was due */
	goes_back(w, "roll", 0);
	assert_int_equal(leg(w, "roll", 0, WAY_FORWARD)->attempt, 1);
	world_same(w);
	world_free(w);
}

static void
no_further_host_leads_on(void **state)
{
	struct world *w = world_new(deploy(0, 1));

	(void)state;
	assert_true(world_start(w, "roll", NULL));
	assert_true(world_ended(w, "roll", 0, 1, 3)); /* one may fail: web2 is next */
	assert_int_equal(run_deadline_next(w->r).what, RUN_DEADLINE_NEXT);
	assert_true(lead_back(w, BACK_UNDO));
	goes_back(w, "roll", 0);
	assert_int_equal(leg(w, "roll", 1, WAY_FORWARD)->attempt, 0);
	world_same(w);
	world_free(w);
}

/* A check, a soak and a wait, each reached on its own; they would go on for an hour. */
static void
nothing_is_looked_at_or_waited_for(void **state)
{
	static const enum step_kind kinds[] = {STEP_CHECK, STEP_SOAK, STEP_WAIT};

	(void)state;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct runbook *rb = deploy(0, 0);
		int probe = fixture_probe(rb, "api");
		struct step *s = fixture_step(rb, kinds[i], "holds");
		struct world *w;
		struct request late = {.kind = REQ_READING,
			.step = 1,
			.probe = probe,
			.verdict = VERDICT_FAIL,
			.data = "{}"};
		struct request end = {
			.kind = REQ_BACK_END, .step = NONE, .reason = "not the cause"};

		s->within_ms = s->for_ms = s->wait_ms = 3600 * 1000;
		vec_push(&s->probes.list, probe);
		w = world_new(rb);
		assert_true(world_start(w, "roll", NULL));
		assert_true(world_ended(w, "roll", 0, 1, 0));
		assert_true(world_clock(w));
		assert_true(world_ended(w, "roll", 1, 1, 0));
		assert_true(world_start(w, "holds", NULL));
		assert_int_equal(world_step(w, "holds")->state, STEP_IS_RUNNING);
		assert_true(lead_back(w, BACK_UNDO));
		assert_int_equal(world_step(w, "holds")->state, STEP_IS_TODO);
		assert_true(world_ask(w, &late));
		assert_int_equal(world_events(w), 0);
		goes_back(w, "roll", 1);
		assert_int_equal(run_deadline(w->r).ms, 0); /* not the end of the wait */
		w->now.wall.ms += 2 * 3600 * 1000;
		assert_true(world_ask(w,
			&(struct request){.kind = REQ_ENDED,
				.attempt = 1,
				.leg = 1,
				.way = WAY_BACK}));
		assert_true(world_ask(w, &end));
		assert_int_equal(run_deadline(w->r).ms, 0);
		assert_int_equal(world_step(w, "holds")->state, STEP_IS_TODO);
		world_same(w);
		world_free(w);
	}
}

/* roll, new; `rollback:` tell, which, old on two hosts. */
static struct runbook *
with_steps(void)
{
	struct runbook *rb = deploy(0, 0);
	struct step *s;

	rb->rollback_first = (int)rb->steps.list.len;
	fixture_step(rb, STEP_DO, "tell");
	s = fixture_step(rb, STEP_CHOOSE, "which");
	for (int i = 0; i < 2; i++) {
		struct option *o = vec_add(&s->options.list);

		o->label = mem_strdup("image");
		o->go = NONE;
	}
	fixture_command(rb, "old", rb->steps.list.at[0].host, RISK_MODERATE);
	return rb;
}

static void
walk_steps(struct world *w, int attempt, int exit)
{
	struct request choose = {
		.kind = REQ_CHOOSE, .step = world_index(w, "which"), .option = 1};

	assert_true(lead_back(w, BACK_STEPS));
	assert_int_equal(run_next_open(w->r, 0), world_index(w, "tell"));
	assert_null(run_outcome(w->r));
	assert_true(world_tick(w, "tell", TICK_DONE, NULL));
	assert_true(world_ask(w, &choose));
	assert_true(world_start(w, "old", NULL));
	assert_true(
		world_said(w, "step.intent", attempt == 1 ? "old.web1.1" : "old.web1.2"));
	assert_true(world_ended(w, "old", 0, attempt, exit));
}

/* Led back by its steps, ended half way, carried on, and led back once more. */
static void
a_second_way_back_walks_its_steps_again(void **state)
{
	struct world *w = world_new(with_steps());
	struct request end = {.kind = REQ_BACK_END, .step = NONE, .reason = "too early"};
	struct request close = {.kind = REQ_CLOSE, .step = NONE};

	(void)state;
	assert_true(world_start(w, "roll", NULL));
	assert_true(world_ended(w, "roll", 0, 1, 3));
	walk_steps(w, 1, 0);
	assert_true(world_clock(w));
	assert_true(world_ended(w, "old", 1, 1, 0));
	assert_string_equal(run_outcome(w->r), "rolled-back");
	assert_true(world_ask(w, &end));
	assert_true(world_start(w, "roll", NULL));
	assert_true(world_ended(w, "roll", 0, 2, 3));

	walk_steps(w, 2, 0);
	assert_null(run_outcome(w->r));
	assert_true(world_clock(w));
	assert_true(world_said(w, "step.intent", "old.web2.2"));
	assert_true(world_ended(w, "old", 1, 2, 0));
	assert_true(world_ask(w, &close));
	assert_string_equal(w->r->result, "rolled-back");
	world_same(w);
	world_free(w);
}

/* What they did in a way back that was ended neither holds up the way on nor decides it,
 * unless nobody knows what it was. */
static void
steps_of_an_ended_way_back_do_not_hold_up_the_way_on(void **state)
{
	struct request end = {.kind = REQ_BACK_END, .step = NONE, .reason = "too early"};
	struct request close = {.kind = REQ_CLOSE, .step = NONE};

	(void)state;
	for (int how = 0; how < 3; how++) { /* half way, failed, unknown */
		struct world *w = world_new(with_steps());

		assert_true(world_start(w, "roll", NULL));
		assert_true(world_ended(w, "roll", 0, 1, 3));
		walk_steps(w, 1, how == 1 ? 3 : 0);
		if (how == 2) {
			assert_true(world_clock(w));
			assert_true(world_ask(w,
				&(struct request){.kind = REQ_LOST,
					.step = world_index(w, "old"),
					.leg = 1,
					.attempt = 1,
					.text = "lost"}));
		}
		assert_true(world_ask(w, &end));
		assert_int_equal(run_next_open(w->r, 0), 0);
		assert_true(world_start(w, "roll", NULL));
		assert_true(world_ended(w, "roll", 0, 2, 0));
		assert_true(world_clock(w));
		assert_true(world_ended(w, "roll", 1, 1, 0));
		if (how == 2) {
			assert_int_equal(run_next_open(w->r, 0), world_index(w, "old"));
			assert_false(world_ask(w, &close));
		} else {
			assert_int_equal(run_next_open(w->r, 0), NONE);
			assert_true(world_ask(w, &close));
			assert_string_equal(w->r->result, "ok");
		}
		world_same(w);
		world_free(w);
	}
}

/* What nobody knows does not become known, and what --limit left out stays out. */
static void
it_forgets_nothing_that_is_not_over(void **state)
{
	struct world *w = world_open(with_steps(),
		"{\"nonce\":\"00\",\"runbook\":{\"name\":\"r\",\"sha256\":\"aa\"},"
		"\"mode\":\"live\",\"parent\":null,\"limit\":[\"web1\"]}");
	struct request end = {.kind = REQ_BACK_END, .step = NONE, .reason = "too early"};
	struct request lost = {
		.kind = REQ_LOST, .step = 3, .leg = 0, .attempt = 1, .text = "lost"};

	(void)state;
	assert_true(world_start(w, "roll", NULL));
	assert_true(world_ended(w, "roll", 0, 1, 3));
	assert_true(lead_back(w, BACK_STEPS));
	assert_true(world_tick(w, "tell", TICK_DONE, NULL));
	assert_true(world_ask(w,
		&(struct request){.kind = REQ_CHOOSE, .step = world_index(w, "which")}));
	assert_true(world_start(w, "old", NULL));
	assert_true(world_ask(w, &lost));
	assert_true(world_ask(w, &end));
	assert_true(lead_back(w, BACK_STEPS));
	assert_int_equal(leg(w, "old", 0, WAY_FORWARD)->state, LEG_UNKNOWN);
	assert_int_equal(leg(w, "old", 1, WAY_FORWARD)->state, LEG_SKIPPED);
	assert_int_equal(world_step(w, "old")->state, STEP_IS_UNKNOWN);
	world_same(w);
	world_free(w);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_second_try_leads_on),
		cmocka_unit_test(no_further_host_leads_on),
		cmocka_unit_test(nothing_is_looked_at_or_waited_for),
		cmocka_unit_test(a_second_way_back_walks_its_steps_again),
		cmocka_unit_test(steps_of_an_ended_way_back_do_not_hold_up_the_way_on),
		cmocka_unit_test(it_forgets_nothing_that_is_not_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
