#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "fixture.h"

static const char *const db_alias[] = {"ni-db1", NULL};
static const char *const web_aliases[] = {"web1", "web2", "web3", NULL};

/* tell (do), stop (moderate, three hosts), load (severe, one host), rows (look), sign. */
static struct world *
restore(void)
{
	struct runbook *rb = fixture_runbook(RUNBOOK_RESTORE);
	int db = fixture_host(rb, "db", db_alias);
	int web = fixture_host(rb, "web", web_aliases);
	struct step *s;

	fixture_step(rb, STEP_DO, "tell")->evidence = EVIDENCE_LINK;
	s = fixture_command(rb, "stop", web, RISK_MODERATE);
	s->undo.text = mem_strdup("docker start api");
	s = fixture_command(rb, "load", db, RISK_SEVERE);
	s->confirm = mem_strdup("restore ni_site on ${host}");
	s->irreversible = mem_strdup("everything written after the dump is lost");
	s = fixture_command(rb, "rows", db, RISK_NONE);
	vec_push(&s->save.list, (struct saved){.name = mem_strdup("users")});
	s = fixture_step(rb, STEP_SIGNOFF, "sign");
	s->role = mem_strdup("Technical lead");
	s->says = mem_strdup("reviewed (${users} users)");
	s->not_runner = true;
	return world_new(rb);
}

static void
tell(struct world *w)
{
	struct request q = {.kind = REQ_TICK,
		.step = world_index(w, "tell"),
		.evidence = "https://chat.example.com/4411"};

	assert_true(world_ask(w, &q));
}

/* One moderate step with undo on one host, nothing before it. */
static struct world *
single(void (*change)(struct step *s))
{
	struct runbook *rb = fixture_runbook(RUNBOOK_DEPLOY);
	struct step *s = fixture_command(
		rb, "go", fixture_host(rb, "db", db_alias), RISK_MODERATE);

	s->undo.text = mem_strdup("back");
	if (change)
		change(s);
	return world_new(rb);
}

/* ---- starting ------------------------------------------------------------------------- */

static void
nothing_starts_before_what_comes_first(void **state)
{
	struct world *w = restore();

	(void)state;
	assert_false(world_start(w, "stop", NULL));
	assert_non_null(strstr(w->e.msg, "tell"));
	tell(w);
	assert_true(world_start(w, "stop", NULL));
	world_free(w);
}

static void
an_intent_says_exactly_what_will_run(void **state)
{
	struct world *w = single(NULL);
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
	struct world *w = restore();
	char *phrase;

	(void)state;
	tell(w);
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
two_people_means_two(void **state)
{
	struct runbook *rb = fixture_runbook(RUNBOOK_MIGRATION);
	struct step *s = fixture_command(rb, "wipe", NONE, RISK_HARD);
	struct request q = {.kind = REQ_START, .leg = LEG_ALL, .typed = "wipe it"};
	struct world *w;

	(void)state;
	s->confirm = mem_strdup("wipe it");
	s->two_person = true;
	w = world_new(rb);
	assert_true(world_ask(w, &q));
	assert_int_equal(w->intents, 0);
	assert_false(world_ask(w, &q));
	q.who = "marek@example.com";
	assert_true(world_ask(w, &q));
	assert_int_equal(w->intents, 1);
	world_same(w);
	world_free(w);
}

static void
hosts_follow_one_another_and_stop_at_the_first_that_fails(void **state)
{
	struct world *w = restore();

	(void)state;
	tell(w);
	assert_true(world_start(w, "stop", NULL));
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

/* ---- outcomes ------------------------------------------------------------------------- */

static void
nothing_is_done_before_its_outcome(void **state)
{
	struct world *w = single(NULL);

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
	struct world *w = single(NULL);
	struct step *s = &w->rb->steps.list.at[0];

	(void)state;
	expect_free(s->expect);
	s->expect = NULL;
	world_do(w, "go", NULL);
	assert_int_equal(world_step(w, "go")->state, STEP_IS_UNKNOWN);
	world_free(w);
}

/* OctopusDeploy/Issues#6576: the answer about one machine was used for the next. */
static void
octopus_6576_an_answer_for_one_host_is_not_used_for_another(void **state)
{
	struct world *w = restore();

	(void)state;
	tell(w);
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
	struct world *w = single(NULL);

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
	struct world *w = single(with_two_retries);

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
	struct world *w = single(NULL);

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
	struct world *w = single(NULL);

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
	struct world *w = single(NULL);

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
	struct world *w = single(with_two_retries);
	struct request q = {.kind = REQ_CANCEL, .leg = LEG_ALL, .reason = "wrong dump"};

	(void)state;
	assert_true(world_start(w, "go", NULL));
	assert_true(world_started(w, "go", 0, 1));
	assert_true(world_ask(w, &q));
	assert_true(world_said(w, "step.cancel", "wrong dump"));
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
with_kill_after(struct step *s)
{
	s->timeout_ms = 1000;
	s->kill_after_ms = 60000;
}

static void
a_late_step_asks_and_kill_after_stops_it(void **state)
{
	struct world *w = single(with_kill_after);
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

static void
unknown_blocks_until_a_person_says_what_was_seen(void **state)
{
	struct world *w = single(NULL);
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
	struct world *w = single(NULL);
	struct request lost = {.kind = REQ_LOST, .attempt = 1, .text = "lost"};

	(void)state;
	assert_true(world_start(w, "go", NULL));
	assert_true(world_ask(w, &lost));
	assert_true(world_ended(w, "go", 0, 1, 0));
	assert_int_equal(world_step(w, "go")->state, STEP_IS_DONE);
	world_same(w);
	world_free(w);
}

static void
certainly_not_started_is_a_failure_that_ran_nothing(void **state)
{
	struct world *w = single(NULL);
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
	assert_int_equal(world_events(w), 0);
	world_same(w);
	world_free(w);
}

static void
saved_values_are_there_for_later_steps(void **state)
{
	struct world *w = restore();
	struct facts facts = {0};
	struct request q = {.kind = REQ_ENDED, .attempt = 1, .facts = &facts};
	struct err e = ERR_INIT;
	char *says;

	(void)state;
	tell(w);
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
	struct world *w = restore();

	(void)state;
	tell(w);
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

static void
output_that_was_put_away_already_is_not_written_again(void **state)
{
	struct world *w = single(NULL);
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

/* ---- the way back --------------------------------------------------------------------- */

static void
an_undone_step_is_to_do_again(void **state)
{
	struct world *w = single(NULL);
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
an_undo_that_fails_is_not_done_and_not_undone(void **state)
{
	struct world *w = single(NULL);
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

/* ---- resume --------------------------------------------------------------------------- */

static void
resume_asks_and_never_starts_again(void **state)
{
	struct world *w = restore();
	struct request q = {.kind = REQ_RESUME, .data = "{\"boot_id\":\"x\"}"};

	(void)state;
	tell(w);
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
	struct world *w = restore();
	struct request hold = {.kind = REQ_HOLD, .reason = "wait for marek"};
	struct request go = {.kind = REQ_GO};

	(void)state;
	tell(w);
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
	struct world *w = single(NULL);
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
	struct world *w = restore();
	struct request q = {.kind = REQ_CLOSE, .text = "stop"};

	(void)state;
	assert_true(world_ask(w, &q));
	assert_string_equal(w->r->result, "stopped");
	world_free(w);
}

static void
a_refused_request_gives_no_events(void **state)
{
	struct world *w = restore();
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
		cmocka_unit_test(nothing_starts_before_what_comes_first),
		cmocka_unit_test(an_intent_says_exactly_what_will_run),
		cmocka_unit_test(a_severe_step_wants_its_phrase_byte_for_byte),
		cmocka_unit_test(each_host_of_a_severe_step_has_its_own_phrase),
		cmocka_unit_test(two_people_means_two),
		cmocka_unit_test(
			hosts_follow_one_another_and_stop_at_the_first_that_fails),
		cmocka_unit_test(serial_lets_several_hosts_run_at_once),
		cmocka_unit_test(each_item_is_a_job_of_its_own),
		cmocka_unit_test(a_missing_input_stops_the_start),
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
		cmocka_unit_test(a_late_step_asks_and_kill_after_stops_it),
		cmocka_unit_test(unknown_blocks_until_a_person_says_what_was_seen),
		cmocka_unit_test(an_unknown_outcome_that_the_host_knows_after_all_counts),
		cmocka_unit_test(certainly_not_started_is_a_failure_that_ran_nothing),
		cmocka_unit_test(saved_values_are_there_for_later_steps),
		cmocka_unit_test(a_value_that_cannot_be_saved_is_not_proof),
		cmocka_unit_test(output_that_was_put_away_already_is_not_written_again),
		cmocka_unit_test(an_undone_step_is_to_do_again),
		cmocka_unit_test(an_undo_that_fails_is_not_done_and_not_undone),
		cmocka_unit_test(resume_asks_and_never_starts_again),
		cmocka_unit_test(a_look_that_was_cut_off_is_simply_to_do_again),
		cmocka_unit_test(nothing_new_starts_while_held_and_outcomes_still_count),
		cmocka_unit_test(a_run_is_closed_when_all_is_settled_or_stopped),
		cmocka_unit_test(a_stopped_run_says_so),
		cmocka_unit_test(a_refused_request_gives_no_events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
