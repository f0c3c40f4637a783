#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "fixture.h"
#include "run/gate.h"
#include "run/progress.h"

static void
when(struct step *s, const char *key, const char *value)
{
	vec_push(&s->when.list,
		(struct condition){.key = mem_strdup(key), .value = mem_strdup(value)});
}

static enum step_state
state_of(struct world *w, const char *id)
{
	return run_step_state(w->r, world_index(w, id));
}

static bool
set(struct world *w, const char *name, const char *value)
{
	struct request q = {.kind = REQ_INPUT, .name = name, .text = value};

	return world_ask(w, &q);
}

static bool
choose(struct world *w, const char *id, int option)
{
	struct request q = {
		.kind = REQ_CHOOSE, .step = world_index(w, id), .option = option};

	return world_ask(w, &q);
}

static void
a_step_whose_conditions_do_not_hold_is_not_needed(void **state)
{
	struct runbook *rb = fixture_runbook(RUNBOOK_DEPLOY);
	struct step *s;
	struct world *w;

	(void)state;
	fixture_input(rb, "tag");
	s = fixture_step(rb, STEP_DO, "tagged");
	when(s, "env", "production");
	when(s, "input.tag", "v1*");
	when(fixture_step(rb, STEP_DO, "testing"), "env", "test");
	w = world_new(rb);
	assert_int_equal(state_of(w, "tagged"), STEP_IS_NOT_NEEDED);
	assert_int_equal(state_of(w, "testing"), STEP_IS_NOT_NEEDED);
	assert_string_equal(run_outcome(w->r), "ok");
	assert_true(set(w, "tag", "v1.2"));
	assert_int_equal(state_of(w, "tagged"), STEP_IS_TODO);
	assert_null(run_outcome(w->r));
	assert_false(world_tick(w, "testing", TICK_DONE, NULL));
	assert_true(world_tick(w, "tagged", TICK_DONE, NULL));
	/* what was done stays done, whatever the condition says later */
	assert_true(set(w, "tag", "w3"));
	assert_int_equal(state_of(w, "tagged"), STEP_IS_DONE);
	world_same(w);
	world_free(w);
}

static void
a_condition_on_another_step_reads_its_state(void **state)
{
	struct runbook *rb = fixture_runbook(RUNBOOK_CHECKLIST);
	struct world *w;

	(void)state;
	fixture_step(rb, STEP_DO, "scan");
	when(fixture_step(rb, STEP_DO, "praise"), "step.scan", "done");
	when(fixture_step(rb, STEP_DO, "explain"), "step.scan", "skipped");
	when(fixture_step(rb, STEP_DO, "chain"), "step.explain", "not-needed");
	w = world_new(rb);
	assert_int_equal(state_of(w, "praise"), STEP_IS_NOT_NEEDED);
	assert_int_equal(state_of(w, "chain"), STEP_IS_TODO);
	assert_true(world_tick(w, "scan", TICK_NA, "no scanner"));
	assert_int_equal(state_of(w, "explain"), STEP_IS_TODO);
	assert_int_equal(state_of(w, "chain"), STEP_IS_NOT_NEEDED);
	world_same(w);
	world_free(w);
}

static void
a_condition_on_a_choice_reads_its_answer(void **state)
{
	struct runbook *rb = fixture_runbook(RUNBOOK_CHECKLIST);
	struct step *s = fixture_step(rb, STEP_CHOOSE, "way");
	struct world *w;

	(void)state;
	vec_push(&s->options.list,
		(struct option){.label = mem_strdup("edge"), .go = NONE});
	vec_push(&s->options.list,
		(struct option){.label = mem_strdup("balancer"), .go = NONE});
	when(fixture_step(rb, STEP_DO, "nginx"), "step.way", "edge");
	when(fixture_step(rb, STEP_DO, "ticket"), "step.way", "bal*");
	when(fixture_step(rb, STEP_DO, "either"), "step.way", "done");
	w = world_new(rb);
	assert_int_equal(state_of(w, "nginx"), STEP_IS_NOT_NEEDED);
	assert_true(choose(w, "way", 0));
	assert_int_equal(state_of(w, "nginx"), STEP_IS_TODO);
	assert_int_equal(state_of(w, "ticket"), STEP_IS_NOT_NEEDED);
	assert_int_equal(state_of(w, "either"), STEP_IS_TODO);
	world_same(w);
	world_free(w);
}

static void
a_heading_takes_its_members_along(void **state)
{
	struct runbook *rb = fixture_runbook(RUNBOOK_DEPLOY);
	struct step *s;
	struct world *w;

	(void)state;
	s = fixture_step(rb, STEP_SECTION, "only-test");
	when(s, "env", "test");
	fixture_step(rb, STEP_DO, "a")->section = 0;
	s = fixture_step(rb, STEP_CALL, "deeper");
	s->section = 0;
	s = fixture_step(rb, STEP_DO, "deeper/b");
	s->section = 0;
	s->call = 2;
	fixture_step(rb, STEP_SECTION, "real");
	fixture_step(rb, STEP_DO, "c")->section = 4;
	fixture_step(rb, STEP_DO, "d")->section = 4;
	w = world_new(rb);
	assert_int_equal(state_of(w, "only-test"), STEP_IS_NOT_NEEDED);
	assert_int_equal(state_of(w, "deeper/b"), STEP_IS_NOT_NEEDED);
	assert_int_equal(state_of(w, "deeper"), STEP_IS_NOT_NEEDED);
	assert_int_equal(state_of(w, "real"), STEP_IS_TODO);
	assert_int_equal(run_count(w->r).total, 2);
	assert_int_equal(run_next_open(w->r, 0), 5);
	assert_false(world_tick(w, "real", TICK_DONE, NULL));
	assert_true(world_tick(w, "c", TICK_DONE, NULL));
	assert_true(world_tick(w, "d", TICK_FAILED, "no"));
	assert_int_equal(state_of(w, "real"), STEP_IS_FAILED);
	assert_string_equal(run_outcome(w->r), "failed");
	world_same(w);
	world_free(w);
}

static void
a_branch_leaves_out_what_lies_between(void **state)
{
	struct runbook *rb = fixture_runbook(RUNBOOK_INCIDENT);
	struct step *s = fixture_step(rb, STEP_CHOOSE, "way");
	struct world *w;

	(void)state;
	vec_push(&s->options.list,
		(struct option){.label = mem_strdup("forward"), .go = NONE});
	vec_push(&s->options.list, (struct option){.label = mem_strdup("over"), .go = 2});
	vec_push(&s->options.list, (struct option){.label = mem_strdup("back"), .go = 0});
	fixture_step(rb, STEP_DO, "between");
	fixture_step(rb, STEP_DO, "there");
	w = world_new(rb);
	assert_false(world_tick(w, "between", TICK_DONE, NULL));
	assert_false(choose(w, "way", 2));
	assert_false(choose(w, "way", 3));
	assert_true(choose(w, "way", 1));
	assert_true(world_said(
		w, "choice.set", "{\"option\":1,\"label\":\"over\",\"goto\":\"there\"}"));
	assert_int_equal(state_of(w, "between"), STEP_IS_NOT_NEEDED);
	assert_false(choose(w, "way", 0));
	assert_true(world_tick(w, "there", TICK_DONE, NULL));
	assert_string_equal(run_outcome(w->r), "ok");
	world_same(w);
	world_free(w);
}

/* The heading over the target stands between, and its other steps are passed over alone. */
static void
a_branch_leads_into_another_section(void **state)
{
	struct runbook *rb = fixture_runbook(RUNBOOK_INCIDENT);
	struct step *s;
	struct world *w;

	(void)state;
	fixture_step(rb, STEP_SECTION, "first");
	s = fixture_step(rb, STEP_CHOOSE, "way");
	s->section = 0;
	vec_push(&s->options.list, (struct option){.label = mem_strdup("over"), .go = 5});
	fixture_step(rb, STEP_DO, "between")->section = 0;
	fixture_step(rb, STEP_SECTION, "second");
	fixture_step(rb, STEP_DO, "before")->section = 3;
	fixture_step(rb, STEP_DO, "there")->section = 3;
	fixture_step(rb, STEP_DO, "after")->section = 3;
	w = world_new(rb);
	assert_true(choose(w, "way", 0));
	assert_int_equal(state_of(w, "between"), STEP_IS_NOT_NEEDED);
	assert_int_equal(state_of(w, "before"), STEP_IS_NOT_NEEDED);
	assert_int_equal(state_of(w, "there"), STEP_IS_TODO);
	assert_int_equal(state_of(w, "after"), STEP_IS_TODO);
	assert_true(world_tick(w, "there", TICK_DONE, NULL));
	assert_true(world_tick(w, "after", TICK_DONE, NULL));
	assert_string_equal(run_outcome(w->r), "ok");
	world_same(w);
	world_free(w);
}

static void
a_failure_that_leads_on_stays_a_failure(void **state)
{
	struct runbook *rb = fixture_runbook(RUNBOOK_MIGRATION);
	struct step *s = fixture_command(rb, "go", NONE, RISK_MODERATE);
	struct world *w;

	(void)state;
	s->on_failure = ON_FAILURE_GOTO;
	s->on_failure_go = 2;
	fixture_step(rb, STEP_DO, "cheer");
	fixture_step(rb, STEP_DO, "clean-up");
	w = world_new(rb);
	assert_false(world_tick(w, "clean-up", TICK_DONE, NULL));
	assert_true(world_start(w, "go", NULL));
	assert_true(world_ended(w, "go", 0, 1, 1));
	assert_int_equal(state_of(w, "cheer"), STEP_IS_NOT_NEEDED);
	assert_int_equal(run_next_open(w->r, 0), 2);
	assert_true(world_tick(w, "clean-up", TICK_DONE, NULL));
	assert_string_equal(run_outcome(w->r), "failed");
	/* and when it works after all, what was left out is needed */
	assert_true(world_start(w, "go", NULL));
	assert_true(world_ended(w, "go", 0, 2, 0));
	assert_int_equal(state_of(w, "cheer"), STEP_IS_TODO);
	world_same(w);
	world_free(w);
}

static void
needs_replace_the_order(void **state)
{
	struct runbook *rb = fixture_runbook(RUNBOOK_DEPLOY);
	struct step *s;
	struct world *w;

	(void)state;
	fixture_step(rb, STEP_DO, "a");
	fixture_step(rb, STEP_DO, "b");
	s = fixture_command(rb, "c", NONE, RISK_MODERATE);
	vec_push(&s->needs.list, 0);
	w = world_new(rb);
	assert_false(world_start(w, "c", NULL));
	assert_true(world_tick(w, "a", TICK_DONE, NULL));
	assert_true(world_start(w, "c", NULL));
	world_free(w);
}

static void
a_checklist_is_ticked_in_any_order(void **state)
{
	struct runbook *rb = fixture_runbook(RUNBOOK_CHECKLIST);
	struct step *s;
	struct world *w;

	(void)state;
	fixture_step(rb, STEP_DO, "a");
	fixture_step(rb, STEP_DO, "b");
	s = fixture_step(rb, STEP_DO, "c");
	vec_push(&s->needs.list, 1);
	fixture_command(rb, "last", NONE, RISK_NONE);
	w = world_new(rb);
	assert_false(world_tick(w, "c", TICK_DONE, NULL));
	assert_true(world_tick(w, "b", TICK_DONE, NULL));
	assert_true(world_tick(w, "c", TICK_DONE, NULL));
	assert_false(world_start(w, "last", NULL));
	assert_true(world_tick(w, "a", TICK_DONE, NULL));
	assert_true(world_start(w, "last", NULL));
	world_free(w);
}

static void
a_call_hands_values_down(void **state)
{
	struct runbook *rb = fixture_runbook(RUNBOOK_DEPLOY);
	struct scope *sc = vec_add(&rb->scopes.list);
	struct step *s;
	struct world *w;

	(void)state;
	sc->prefix = mem_strdup("sub/");
	vec_push(&sc->with.list,
		(struct pair){.key = mem_strdup("file"),
			.value = mem_strdup("/var/${tag}.gz")});
	fixture_input(rb, "tag");
	fixture_input(rb, "file");
	rb->inputs.list.at[1].scope = 1;
	fixture_step(rb, STEP_CALL, "sub");
	s = fixture_command(rb, "sub/load", NONE, RISK_MODERATE);
	s->scope = 1;
	s->call = 0;
	mem_free(s->text);
	s->text = mem_strdup("gunzip \"${file}\"");
	w = world_new(rb);
	assert_null(run_value(w->r, 1, "file"));
	assert_false(world_start(w, "sub/load", NULL));
	assert_true(set(w, "tag", "v1"));
	assert_string_equal(run_value(w->r, 1, "file"), "/var/v1.gz");
	assert_true(world_start(w, "sub/load", NULL));
	world_same(w);
	world_free(w);
}

static void
the_gate_says_what_stands_in_the_way(void **state)
{
	struct runbook *rb = fixture_runbook(RUNBOOK_RESTORE);
	struct err e = ERR_INIT;
	struct step *s;
	struct world *w;

	(void)state;
	fixture_step(rb, STEP_DO, "tell");
	s = fixture_command(rb, "load", NONE, RISK_MODERATE);
	s->irreversible = mem_strdup("writes are lost");
	w = world_new(rb);
	assert_false(gate_allows(w->r, ACT_START, 1, &e));
	assert_string_equal(e.msg, "step 1 \"tell\" comes first: it is to do");
	assert_false(gate_allows(w->r, ACT_BACK, 1, &e));
	assert_string_equal(e.msg, "step 2 \"load\" cannot be undone: writes are lost");
	assert_false(gate_allows(w->r, ACT_CANCEL, 1, &e));
	assert_false(gate_allows(w->r, ACT_RESOLVE, 1, &e));
	assert_false(gate_allows(w->r, ACT_SIGN, 1, &e));
	assert_false(gate_allows(w->r, ACT_ANSWER, 1, &e));
	assert_false(gate_allows(w->r, ACT_CHOOSE, 1, &e));
	assert_false(gate_allows(w->r, ACT_UNTICK, 0, &e));
	assert_false(gate_allows(w->r, ACT_CLOSE, NONE, &e));
	assert_string_equal(e.msg, "step 1 \"tell\" is open: it is to do");
	assert_true(gate_allows(w->r, ACT_NOTE, NONE, &e));
	assert_true(gate_allows(w->r, ACT_TICK, 0, &e));
	world_free(w);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_step_whose_conditions_do_not_hold_is_not_needed),
		cmocka_unit_test(a_condition_on_another_step_reads_its_state),
		cmocka_unit_test(a_condition_on_a_choice_reads_its_answer),
		cmocka_unit_test(a_heading_takes_its_members_along),
		cmocka_unit_test(a_branch_leaves_out_what_lies_between),
		cmocka_unit_test(a_branch_leads_into_another_section),
		cmocka_unit_test(a_failure_that_leads_on_stays_a_failure),
		cmocka_unit_test(needs_replace_the_order),
		cmocka_unit_test(a_checklist_is_ticked_in_any_order),
		cmocka_unit_test(a_call_hands_values_down),
		cmocka_unit_test(the_gate_says_what_stands_in_the_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
