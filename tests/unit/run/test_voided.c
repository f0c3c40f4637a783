/* A signature is void once what it is over has changed. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/jsonout.h"
#include "base/mem.h"
#include "fixture.h"
#include "run/back.h"
#include "run/gate.h"
#include "run/statement.h"

#define LEA "lea@example.com"
#define JON "jonas@example.com"

/* say (do), go (undo), rest (undo), sign; last waits for the signature. */
static struct world *
deploy(int count)
{
	static const char *const db[] = {"ni-db1", NULL};
	struct runbook *rb = fixture_runbook(RUNBOOK_DEPLOY);
	int host = fixture_host(rb, "db", db);
	struct step *s;

	fixture_input(rb, "tag");
	fixture_step(rb, STEP_DO, "say");
	fixture_command(rb, "go", host, RISK_MODERATE)->undo.text = mem_strdup("back");
	s = fixture_step(rb, STEP_SIGNOFF, "sign");
	s->role = mem_strdup("lead");
	s->says = mem_strdup("fine");
	s->not_runner = true;
	s->count = count;
	fixture_command(rb, "last", host, RISK_MODERATE)->undo.text = mem_strdup("back");
	return world_new(rb);
}

static bool
input(struct world *w, const char *value)
{
	return world_ask(w,
		&(struct request){
			.kind = REQ_INPUT, .step = NONE, .name = "tag", .text = value});
}

static void
walk(struct world *w)
{
	assert_true(input(w, "v1"));
	assert_true(world_tick(w, "say", TICK_DONE, NULL));
	world_do(w, "go", NULL);
}

static char *
signature(struct world *w, const char *who, const char *key)
{
	const struct statement_by by = {DECISION_APPROVE, who, key, "", {0}};
	struct str stmt = STR_INIT, data = STR_INIT;
	struct jsonout j;
	struct err e = ERR_INIT;

	assert_true(statement_write(w->r, world_index(w, "sign"), &by, &stmt, &e));
	jsonout_init(&j, &data);
	jsonout_open(&j);
	jsonout_kstr(&j, "role", "lead");
	jsonout_kstr(&j, "stmt", stmt.buf);
	jsonout_kstr(&j, "sig", "sig");
	jsonout_kstr(&j, "key", key);
	jsonout_close(&j);
	str_release(&stmt);
	return str_take(&data);
}

static bool
give(struct world *w, const char *who, char *data_take)
{
	bool ok = world_ask(w,
		&(struct request){.kind = REQ_SIGNED,
			.step = world_index(w, "sign"),
			.who = who,
			.role = "lead",
			.data = data_take});

	mem_free(data_take);
	return ok;
}

static bool
sign(struct world *w, const char *who, const char *key)
{
	return give(w, who, signature(w, who, key));
}

static bool
undo(struct world *w, const char *id)
{
	return world_ask(w,
		&(struct request){.kind = REQ_START,
			.step = world_index(w, id),
			.way = WAY_BACK,
			.leg = LEG_ALL});
}

static void
undo_ended(struct world *w, const char *id)
{
	assert_true(world_ask(w,
		&(struct request){.kind = REQ_ENDED,
			.step = world_index(w, id),
			.attempt = 1,
			.way = WAY_BACK}));
}

static void
undone(struct world *w, const char *id)
{
	assert_true(undo(w, id));
	undo_ended(w, id);
}

static void
is_void(struct world *w, const char *why)
{
	const struct run_step *rs = world_step(w, "sign");
	const struct run_signature *g;
	struct err e = ERR_INIT;

	assert_true(rs->signatures.list.len > 0);
	g = &rs->signatures.list.at[rs->signatures.list.len - 1];
	assert_true(world_said(w, "signoff.void", why));
	assert_true(g->voided > g->seq);
	assert_string_equal(g->why, why);
	assert_int_equal(rs->state, STEP_IS_TODO);
	assert_int_equal(rs->signers.list.len, 0);
	assert_int_equal(rs->keys.list.len, 0);
	assert_non_null(strstr(
		w->r->exceptions.list.at[w->r->exceptions.list.len - 1].text, why));
	assert_null(run_outcome(w->r));
	assert_false(gate_allows(w->r, ACT_CLOSE, NONE, &e));
	world_same(w);
}

static void
stands(struct world *w)
{
	assert_false(world_said(w, "signoff.void", NULL));
	assert_int_equal(world_step(w, "sign")->state, STEP_IS_DONE);
	world_same(w);
}

static void
an_undo_makes_it_void(void **state)
{
	struct world *w = deploy(1);
	struct err e = ERR_INIT;

	(void)state;
	walk(w);
	assert_true(sign(w, LEA, "k1"));
	stands(w);
	assert_true(undo(w, "go"));
	is_void(w, "step go was taken back");
	undo_ended(w, "go");
	/* nothing leads on past it, and it is signed anew by the same person */
	assert_false(gate_allows(w->r, ACT_START, world_index(w, "last"), &e));
	assert_true(world_start(w, "go", NULL));
	assert_true(world_ended(w, "go", 0, 2, 0));
	assert_true(sign(w, LEA, "k1"));
	stands(w);
	assert_int_equal(world_step(w, "sign")->signatures.list.len, 2);
	assert_true(gate_allows(w->r, ACT_START, world_index(w, "last"), &e));
	world_free(w);
}

/* The signature needs less than all before it: what it saw failed is begun again. */
static void
what_failed_and_is_begun_again_makes_it_void(void **state)
{
	struct world *w = deploy(1);

	(void)state;
	w->rb->steps.list.at[1].retries = 1;
	vec_push(&w->rb->steps.list.at[2].needs.list, 0);
	assert_true(input(w, "v1"));
	assert_true(world_tick(w, "say", TICK_DONE, NULL));
	assert_true(world_start(w, "go", NULL));
	assert_true(world_ended(w, "go", 0, 1, 1));
	assert_true(sign(w, LEA, "k1"));
	assert_true(world_clock(w)); /* by itself: the same start */
	stands(w);
	assert_true(world_ended(w, "go", 0, 2, 1));
	stands(w);
	assert_true(world_start(w, "go", NULL));
	is_void(w, "step go was begun again");
	world_free(w);
}

static void
another_mark_makes_it_void(void **state)
{
	struct world *w = deploy(1);

	(void)state;
	vec_push(&w->rb->steps.list.at[2].needs.list, 1);
	walk(w);
	assert_true(world_ask(w,
		&(struct request){.kind = REQ_UNTICK,
			.step = world_index(w, "say"),
			.who = "anna@example.com"}));
	assert_true(world_tick(w, "say", TICK_FAILED, "nobody heard"));
	assert_true(sign(w, LEA, "k1"));
	assert_true(world_tick(w, "say", TICK_DONE, NULL));
	is_void(w, "step say got another mark");
	world_free(w);
}

static void
what_came_after_it_does_not(void **state)
{
	struct world *w = deploy(1);

	(void)state;
	walk(w);
	assert_true(sign(w, LEA, "k1"));
	world_do(w, "last", NULL);
	undone(w, "last");
	stands(w);
	world_do(w, "last", NULL);
	stands(w);
	assert_true(world_ask(
		w, &(struct request){.kind = REQ_NOTE, .step = NONE, .text = "a note"}));
	stands(w);
	world_free(w);
}

static void
a_value_edited_since_makes_it_void(void **state)
{
	struct world *w = deploy(1);

	(void)state;
	walk(w);
	assert_true(sign(w, LEA, "k1"));
	assert_true(input(w, "v1")); /* the same */
	stands(w);
	assert_true(input(w, "v2"));
	is_void(w, "input tag was changed");
	assert_true(sign(w, LEA, "k1"));
	stands(w);
	world_free(w);
}

/* Of a secret the record says only that it is another one now. */
static void
another_secret_makes_it_void(void **state)
{
	struct world *w = deploy(1);
	struct request q = {.kind = REQ_INPUT, .step = NONE, .name = "tag"};

	(void)state;
	w->rb->inputs.list.at[0].from = SECRET_ASK;
	w->rb->steps.list.at[1].dsn = mem_strdup("tag");
	assert_true(world_tick(w, "say", TICK_DONE, NULL));
	world_do(w, "go", NULL);
	assert_true(sign(w, LEA, "k1"));
	assert_true(world_ask(w, &q));
	assert_true(world_said(
		w, "input.set", "{\"name\":\"tag\",\"value\":null,\"secret\":true}"));
	is_void(w, "input tag was changed");
	assert_non_null(strstr(w->r->exceptions.list.at[0].text,
		"the secret tag is another one now; ran with what it was: "));
	assert_true(sign(w, LEA, "k1"));
	stands(w);
	assert_true(world_ask(w, &q));
	is_void(w, "input tag was changed");
	world_free(w);
}

static void
a_record_that_was_corrected_makes_it_void(void **state)
{
	struct world *w = deploy(1);
	char seq[24];

	(void)state;
	walk(w);
	snprintf(seq, sizeof seq, "%lld", (long long)world_step(w, "say")->marked_seq);
	assert_true(sign(w, LEA, "k1"));
	assert_true(world_ask(w,
		&(struct request){.kind = REQ_NOTE,
			.step = NONE,
			.text = "nobody was told",
			.name = seq}));
	assert_non_null(world_step(w, "sign")->signatures.list.at[0].why);
	assert_non_null(
		strstr(world_step(w, "sign")->signatures.list.at[0].why, "corrected"));
	assert_int_equal(world_step(w, "sign")->state, STEP_IS_TODO);
	world_free(w);
}

static void
one_of_two_goes_and_the_other_with_it(void **state)
{
	struct world *w = deploy(2);

	(void)state;
	walk(w);
	assert_true(sign(w, LEA, "k1"));
	assert_true(sign(w, JON, "k2"));
	stands(w);
	assert_true(undo(w, "go"));
	is_void(w, "step go was taken back");
	assert_int_equal(world_step(w, "sign")->signatures.list.len, 2);
	assert_true(world_step(w, "sign")->signatures.list.at[0].voided > 0);
	assert_int_equal(w->r->exceptions.list.len, 2);
	world_free(w);
}

static bool
edit(struct world *w, const char *id, const char *text)
{
	return world_ask(w,
		&(struct request){.kind = REQ_REDLINE,
			.step = world_index(w, id),
			.text = text,
			.reason = "a reason"});
}

/* It was signed as the runbook had it: nothing of it starts before it is signed again. */
static void
an_edit_since_makes_it_void(void **state)
{
	struct world *w = deploy(1);
	struct err e = ERR_INIT;
	char *before;

	(void)state;
	walk(w);
	assert_true(edit(w, "last", "echo 1")); /* before: it is seen */
	assert_false(world_said(w, "signoff.void", NULL));
	before = signature(w, LEA, "k1");
	assert_true(sign(w, LEA, "k1"));
	stands(w);
	assert_true(edit(w, "last", "echo 2"));
	is_void(w, "step last was edited");
	assert_false(gate_allows(w->r, ACT_START, world_index(w, "last"), &e));
	assert_false(give(w, LEA, before));
	assert_non_null(strstr(w->e.msg, "step last was edited after the statement"));
	assert_true(sign(w, LEA, "k1"));
	stands(w);
	assert_true(edit(w, "last", "last")); /* and back */
	assert_true(world_said(w, "signoff.void", "step last was edited"));
	world_free(w);
}

/* The mark that a signature covered can be corrected once that is void. */
static void
a_mark_is_free_again(void **state)
{
	struct world *w = deploy(1);
	struct request q = {.kind = REQ_UNTICK, .who = "anna@example.com"};

	(void)state;
	assert_true(input(w, "v1"));
	assert_true(world_tick(w, "say", TICK_DONE, NULL));
	q.step = world_index(w, "say");
	world_do(w, "go", NULL);
	assert_true(sign(w, LEA, "k1"));
	assert_false(world_ask(w, &q));
	assert_non_null(strstr(w->e.msg, "a sign-off covers the mark"));
	assert_true(input(w, "v2"));
	assert_true(world_ask(w, &q));
	world_same(w);
	world_free(w);
}

static void
leading_the_run_back_makes_it_void(void **state)
{
	struct world *w = deploy(1);
	char *words;

	(void)state;
	walk(w);
	assert_true(sign(w, LEA, "k1"));
	words = back_phrase(w->r, BACK_UNDO);
	assert_true(world_ask(w, &(struct request){.kind = REQ_BACK, .typed = words}));
	mem_free(words);
	assert_true(world_said(w, "signoff.void", "the run was led back"));
	assert_true(world_step(w, "sign")->signatures.list.at[0].voided > 0);
	world_same(w);
	world_free(w);
}

/* A signature over what has changed since the statement was shown is not taken. */
static void
a_stale_statement_is_refused(void **state)
{
	struct world *w = deploy(1);
	char *before;

	(void)state;
	walk(w);
	before = signature(w, LEA, "k1");
	assert_true(input(w, "v2"));
	assert_false(give(w, LEA, before));
	assert_non_null(strstr(w->e.msg, "input tag was changed after the statement"));
	assert_true(sign(w, LEA, "k1"));
	stands(w);
	world_free(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_undo_makes_it_void),
		cmocka_unit_test(what_failed_and_is_begun_again_makes_it_void),
		cmocka_unit_test(another_mark_makes_it_void),
		cmocka_unit_test(what_came_after_it_does_not),
		cmocka_unit_test(a_value_edited_since_makes_it_void),
		cmocka_unit_test(another_secret_makes_it_void),
		cmocka_unit_test(a_record_that_was_corrected_makes_it_void),
		cmocka_unit_test(one_of_two_goes_and_the_other_with_it),
		cmocka_unit_test(an_edit_since_makes_it_void),
		cmocka_unit_test(a_mark_is_free_again),
		cmocka_unit_test(leading_the_run_back_makes_it_void),
		cmocka_unit_test(a_stale_statement_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
