#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "fixture.h"

static const char *const web_aliases[] = {"web1", "web2", "web3", NULL};

/* ---- starting ------------------------------------------------------------------------- */

static void
nothing_starts_before_what_comes_first(void **state)
{
	struct world *w = world_restore();

	(void)state;
	assert_false(world_start(w, "stop", NULL));
	assert_non_null(strstr(w->e.msg, "tell"));
	world_tell(w);
	assert_true(world_start(w, "stop", NULL));
	world_free(w);
}

static void
an_intent_says_exactly_what_will_run(void **state)
{
	struct world *w = world_single(NULL);
	const char *keys[] = {"SHA256:77a2"};
	struct request q = {
		.kind = REQ_START, .leg = LEG_ALL, .shown_ms = 700, .hostkeys = keys};

	(void)state;
	assert_true(world_ask(w, &q));
	assert_int_equal(world_events(w), 2);
	assert_true(world_said(w, "step.confirm",
		"\"data\":{\"host\":\"ni-db1\",\"risk\":\"moderate\",\"shown_ms\":700}"));
	assert_true(world_said(w, "step.intent",
		"\"data\":{\"host\":\"ni-db1\",\"attempt\":1,\"job\":\"go.ni-db1.1\",\"text\":\"go\","
		"\"sha256\":"));
	assert_true(world_said(w, "step.intent", "\"hostkey\":\"SHA256:77a2\"}"));
	assert_int_equal(w->fx.list.len, 1);
	assert_int_equal(w->fx.list.at[0].kind, EFFECT_JOB);
	assert_int_equal(w->fx.list.at[0].attempt, 1);
	world_free(w);
}

static void
a_severe_step_wants_its_phrase_byte_for_byte(void **state)
{
	static const char *const wrong[] = {NULL, "", "restore ni_site on",
		"restore ni_site on DB", "restore ni_site on ni-db1 ",
		"Restore ni_site on ni-db1", "y"};
	struct world *w = world_restore();
	char *phrase;

	(void)state;
	world_tell(w);
	assert_true(world_tick(w, "stop", TICK_BY_HAND, "they were down"));
	phrase = run_phrase(w->r, world_index(w, "load"), LEG_ALL, WAY_FORWARD);
	assert_string_equal(phrase, "restore ni_site on ni-db1");
	mem_free(phrase);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		assert_false(world_start(w, "load", wrong[i]));
		assert_int_equal(w->e.kind, ERR_REFUSED);
	}
	assert_int_equal(w->intents, 0);
	assert_true(world_start(w, "load", "restore ni_site on db"));
	assert_true(world_said(w, "step.confirm", "\"typed\":\"restore ni_site on db\""));
	world_free(w);
}

static void
each_host_of_a_severe_step_has_its_own_phrase(void **state)
{
	struct runbook *rb = fixture_runbook(RUNBOOK_MIGRATION);
	struct step *s = fixture_command(
		rb, "wipe", fixture_host(rb, "web", web_aliases), RISK_SEVERE);
	struct world *w;

	(void)state;
	s->confirm = mem_strdup("wipe ${host}");
	w = world_new(rb);
	assert_false(world_start(w, "wipe", "wipe web"));
	world_do(w, "wipe", "wipe web1");
	assert_int_equal(run_deadline(w->r).ms, 0);
	assert_int_equal(world_step(w, "wipe")->state, STEP_IS_NEEDS_PERSON);
	assert_false(world_start(w, "wipe", "wipe web1"));
	assert_true(world_start(w, "wipe", "wipe web2"));
	world_free(w);
}

static void
hosts_follow_one_another_and_stop_at_the_first_that_fails(void **state)
{
	struct world *w = world_restore();

	(void)state;
	world_tell(w);
	assert_true(world_start(w, "stop", NULL));
	assert_false(world_start(w, "stop", NULL)); /* one after the other */
	assert_int_equal(run_deadline(w->r).ms, 0);
	assert_true(world_ended(w, "stop", 0, 1, 0));
	assert_int_equal(w->intents, 1);
	assert_true(world_clock(w));
	assert_int_equal(w->intents, 2);
	assert_int_equal(w->fx.list.at[0].leg, 1);
	assert_true(world_ended(w, "stop", 1, 1, 1));
	assert_int_equal(run_deadline(w->r).ms, 0);
	assert_int_equal(world_step(w, "stop")->state, STEP_IS_FAILED);
	/* a person tries again: the failed host first, then on to the last */
	assert_true(world_start(w, "stop", NULL));
	assert_int_equal(w->fx.list.at[0].leg, 1);
	assert_int_equal(w->fx.list.at[0].attempt, 2);
	assert_true(world_ended(w, "stop", 1, 2, 0));
	assert_true(world_clock(w));
	assert_true(world_ended(w, "stop", 2, 1, 0));
	assert_int_equal(world_step(w, "stop")->state, STEP_IS_DONE);
	world_same(w);
	world_free(w);
}

static void
serial_lets_several_hosts_run_at_once(void **state)
{
	struct runbook *rb = fixture_runbook(RUNBOOK_DEPLOY);
	struct step *s = fixture_command(
		rb, "go", fixture_host(rb, "web", web_aliases), RISK_MODERATE);
	struct world *w;

	(void)state;
	s->serial = 2;
	w = world_new(rb);
	assert_true(world_start(w, "go", NULL));
	assert_true(world_clock(w));
	assert_int_equal(w->intents, 2);
	assert_int_equal(run_deadline(w->r).ms, 0);
	assert_true(world_ended(w, "go", 1, 1, 0));
	assert_true(world_clock(w));
	assert_int_equal(w->intents, 3);
	world_same(w);
	world_free(w);
}

static void
each_item_is_a_job_of_its_own(void **state)
{
	struct runbook *rb = fixture_runbook(RUNBOOK_DEPLOY);
	struct step *s = fixture_command(rb, "Go/there", NONE, RISK_NONE);
	struct world *w;

	(void)state;
	vec_push(&s->each.list, mem_strdup("a"));
	vec_push(&s->each.list, mem_strdup("b"));
	w = world_new(rb);
	assert_true(world_start(w, "Go/there", NULL));
	assert_int_equal(w->fx.list.at[0].kind, EFFECT_LOOK);
	assert_true(world_said(
		w, "step.intent", "\"host\":\"local\",\"each\":\"a\",\"attempt\":1"));
	/* not [a-z0-9_-]: hashed */
	assert_int_equal(strlen(world_step(w, "Go/there")->legs.list.at[0].way[0].job),
		32 + strlen(".local.1"));
	assert_true(world_ended(w, "Go/there", 0, 1, 0));
	assert_true(world_clock(w));
	assert_true(world_said(w, "step.intent", "\"each\":\"b\",\"attempt\":1"));
	world_free(w);
}

static void
a_missing_input_stops_the_start(void **state)
{
	struct runbook *rb = fixture_runbook(RUNBOOK_RESTORE);
	struct step *s = fixture_command(rb, "load", NONE, RISK_MODERATE);
	struct request q = {.kind = REQ_INPUT, .name = "dump", .text = "/var/x.gz"};
	struct world *w;

	(void)state;
	fixture_input(rb, "dump");
	mem_free(s->text);
	s->text = mem_strdup("gunzip -c \"$dump\"");
	w = world_new(rb);
	assert_false(world_start(w, "load", NULL));
	assert_non_null(strstr(w->e.msg, "dump"));
	assert_true(world_ask(w, &q));
	assert_true(world_start(w, "load", NULL));
	q.text = "/var/other.gz";
	assert_false(world_ask(w, &q)); /* in use now */
	world_free(w);
}

/* ---- the way back --------------------------------------------------------------------- */

static void
an_undone_step_is_to_do_again(void **state)
{
	struct world *w = world_single(NULL);
	struct request q = {.kind = REQ_START, .leg = LEG_ALL, .way = WAY_BACK};
	struct request end = {.kind = REQ_ENDED, .attempt = 1, .way = WAY_BACK};

	(void)state;
	assert_false(world_ask(w, &q)); /* nothing ran yet */
	world_do(w, "go", NULL);
	assert_true(world_ask(w, &q));
	assert_true(world_said(
		w, "step.intent", "\"way\":\"back\",\"job\":\"undo-go.ni-db1.1\""));
	assert_int_equal(world_step(w, "go")->state, STEP_IS_RUNNING);
	assert_true(world_ask(w, &end));
	assert_int_equal(world_step(w, "go")->state, STEP_IS_TODO);
	assert_false(world_ask(w, &q));
	assert_true(world_start(w, "go", NULL));
	assert_true(world_said(w, "step.intent", "\"attempt\":2"));
	world_same(w);
	world_free(w);
}

static void
a_mark_does_not_hide_what_runs(void **state)
{
	struct world *w = world_single(NULL);
	struct request q = {.kind = REQ_START, .leg = LEG_ALL, .way = WAY_BACK};
	struct request end = {.kind = REQ_ENDED, .attempt = 1, .way = WAY_BACK};

	(void)state;
	assert_true(world_start(w, "go", NULL));
	assert_true(world_ended(w, "go", 0, 1, 1));
	assert_true(world_tick(w, "go", TICK_BY_HAND, "typed it on the host"));
	assert_true(world_ask(w, &q));
	assert_int_equal(world_step(w, "go")->state, STEP_IS_RUNNING);
	assert_true(world_ask(w, &end));
	assert_int_equal(
		world_step(w, "go")->state, STEP_IS_TODO); /* the mark went along */
	world_same(w);
	world_free(w);
}

static void
an_undo_that_fails_is_not_done_and_not_undone(void **state)
{
	struct world *w = world_single(NULL);
	struct request q = {.kind = REQ_START, .leg = LEG_ALL, .way = WAY_BACK};
	struct request end = {
		.kind = REQ_ENDED, .attempt = 1, .way = WAY_BACK, .exit = 1};

	(void)state;
	world_do(w, "go", NULL);
	assert_true(world_ask(w, &q));
	assert_true(world_ask(w, &end));
	assert_int_equal(world_step(w, "go")->state, STEP_IS_FAILED);
	assert_true(world_ask(w, &q));
	end.attempt = 2;
	end.exit = 0;
	assert_true(world_ask(w, &end));
	assert_int_equal(world_step(w, "go")->state, STEP_IS_TODO);
	world_same(w);
	world_free(w);
}

/* Names, never values; only what the text of that way names. */
static void
a_secret_is_named_with_the_intent(void **state)
{
	struct runbook *rb = fixture_runbook(RUNBOOK_DEPLOY);
	struct request q = {.kind = REQ_START, .leg = LEG_ALL};
	struct world *w;
	struct step *s;

	(void)state;
	fixture_input(rb, "pw");
	fixture_input(rb, "other");
	fixture_input(rb, "p");
	for (size_t i = 0; i < 3; i++)
		rb->inputs.list.at[i].from = SECRET_ASK;
	s = fixture_command(rb, "go", NONE, RISK_MODERATE);
	mem_free(s->text);
	s->text = mem_strdup("login ${pw} $pwd");
	s->undo.text = mem_strdup("logout $other");
	w = world_new(rb);
	assert_true(world_ask(w, &q));
	assert_int_equal(world_events(w), 3);
	assert_true(world_said(
		w, "secret.used", "\"data\":{\"host\":\"local\",\"name\":\"pw\"}"));
	assert_false(world_said(w, "secret.used", "other"));
	assert_false(world_said(w, "secret.used", "\"p\""));
	world_same(w);
	world_free(w);
}

static void
a_transaction(struct step *s)
{
	s->kind = STEP_SQL;
}

static void
a_transaction_is_committed_once_it_is_on_record(void **state)
{
	struct world *w = world_single(a_transaction);
	struct request gone = {.kind = REQ_NOT_STARTED,
		.leg = 0,
		.attempt = 1,
		.reason = "the server has rolled it back"};

	(void)state;
	gone.step = world_index(w, "go");
	assert_true(world_start(w, "go", NULL));
	assert_int_equal(w->fx.list.at[0].kind, EFFECT_JOB);
	assert_true(world_started(w, "go", 0, 1));
	assert_int_equal(w->fx.list.len, 1);
	assert_int_equal(w->fx.list.at[0].kind, EFFECT_COMMIT);
	assert_true(world_started(w, "go", 0, 1)); /* heard twice: nothing more */
	assert_int_equal(w->fx.list.len, 0);
	/* begun is not done: of a command nobody would know, of this one the server does */
	assert_true(world_ask(w, &gone));
	assert_true(world_said(
		w, "step.done", "\"ran\":false,\"why\":\"nothing stays of it"));
	assert_int_equal(world_step(w, "go")->state, STEP_IS_FAILED);
	assert_true(world_step(w, "go")->legs.list.at[0].way[WAY_FORWARD].nothing_ran);
	world_same(w);
	world_free(w);
}

static void
one_that_is_cancelled_is_not_committed(void **state)
{
	struct world *w = world_single(a_transaction);

	(void)state;
	assert_true(world_start(w, "go", NULL));
	assert_true(world_ask(w,
		&(struct request){.kind = REQ_CANCEL,
			.step = world_index(w, "go"),
			.leg = LEG_ALL}));
	assert_true(world_started(w, "go", 0, 1));
	assert_int_equal(w->fx.list.len, 0);
	world_same(w);
	world_free(w);
}

/* Too late to stop: what stays is never told as "cancelled". */
static void
one_that_was_committed_all_the_same_says_so(void **state)
{
	static const struct {
		const char *reason, *verdict;
		enum step_state state;
	} rows[] = {
		{NULL, "fail", STEP_IS_FAILED},
		{"what it answered is lost", "unknown", STEP_IS_UNKNOWN},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct world *w = world_single(a_transaction);
		struct request end = {.kind = REQ_ENDED,
			.step = world_index(w, "go"),
			.attempt = 1,
			.exit = rows[i].reason ? -1 : 1,
			.reason = rows[i].reason};

		assert_true(world_start(w, "go", NULL));
		assert_true(world_started(w, "go", 0, 1));
		assert_true(world_ask(w,
			&(struct request){.kind = REQ_CANCEL,
				.step = end.step,
				.leg = LEG_ALL,
				.reason = "wrong database"}));
		assert_true(world_ask(w, &end));
		assert_true(world_said(w, "step.done", rows[i].verdict));
		assert_true(world_said(w, "step.done",
			"\"why\":\"committed although it was asked to stop"));
		assert_false(world_said(w, "step.done", "cancelled"));
		assert_int_equal(world_step(w, "go")->state, rows[i].state);
		world_same(w);
		world_free(w);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_transaction_is_committed_once_it_is_on_record),
		cmocka_unit_test(one_that_is_cancelled_is_not_committed),
		cmocka_unit_test(one_that_was_committed_all_the_same_says_so),
		cmocka_unit_test(nothing_starts_before_what_comes_first),
		cmocka_unit_test(an_intent_says_exactly_what_will_run),
		cmocka_unit_test(a_severe_step_wants_its_phrase_byte_for_byte),
		cmocka_unit_test(each_host_of_a_severe_step_has_its_own_phrase),
		cmocka_unit_test(
			hosts_follow_one_another_and_stop_at_the_first_that_fails),
		cmocka_unit_test(serial_lets_several_hosts_run_at_once),
		cmocka_unit_test(each_item_is_a_job_of_its_own),
		cmocka_unit_test(a_missing_input_stops_the_start),
		cmocka_unit_test(an_undone_step_is_to_do_again),
		cmocka_unit_test(a_mark_does_not_hide_what_runs),
		cmocka_unit_test(an_undo_that_fails_is_not_done_and_not_undone),
		cmocka_unit_test(a_secret_is_named_with_the_intent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
