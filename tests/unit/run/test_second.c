/* Steps that two people do: who confirms, what exactly, and for how long it holds. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/jsonout.h"
#include "base/mem.h"
#include "fixture.h"
#include "run/before.h"
#include "run/force.h"
#include "run/second.h"
#include "run/statement.h"

#define MAREK "marek@example.com"

enum { MINUTE_MS = 60 * 1000 };

static struct world *
two_people(void (*change)(struct step *s))
{
	static const char *const db[] = {"ni-db1", NULL},
				 *const web[] = {"web1", "web2", NULL};
	struct runbook *rb = fixture_runbook(RUNBOOK_MIGRATION);
	int host = fixture_host(rb, "db", db), webs = fixture_host(rb, "web", web);
	struct step *s = fixture_command(rb, "wipe", host, RISK_HARD);

	fixture_input(rb, "dump");
	s->confirm = mem_strdup("wipe it");
	s->undo.text = mem_strdup("bring it back");
	s->two_person = true;
	if (change)
		change(s);
	s = fixture_command(rb, "roll", webs, RISK_MODERATE);
	s->undo.text = mem_strdup("roll back");
	s->two_person = true;
	return world_new(rb);
}

static const char *forge = "command sha256:"; /* what of the words is forged */

/* The signoff object of a statement, as a session that has verified it gives it. */
static char *
signed_data(struct world *w, int step, const char *who, const char *says)
{
	const struct statement_by by = {DECISION_APPROVE, who, "SHA256:x", "", {0}};
	struct str stmt = STR_INIT, data = STR_INIT;
	struct jsonout j;
	struct err e = ERR_INIT;

	assert_true(statement_write(w->r, step, &by, &stmt, &e));
	if (says) { /* forged */
		char *at = strstr(stmt.buf, "sha256:");

		at = strstr(at + 1, forge);
		assert_non_null(at);
		memcpy(at + strlen(forge), says, strlen(says));
	}
	jsonout_init(&j, &data);
	jsonout_open(&j);
	jsonout_kstr(&j, "role", SECOND_ROLE);
	jsonout_kstr(&j, "stmt", stmt.buf);
	jsonout_kstr(&j, "sig", "sig");
	jsonout_kstr(&j, "key", "SHA256:x");
	jsonout_close(&j);
	str_release(&stmt);
	return str_take(&data);
}

static bool
sign_as(struct world *w, const char *id, const char *who, const char *says)
{
	int step = world_index(w, id);
	char *data = signed_data(w, step, who, says);
	bool ok = world_ask(w,
		&(struct request){.kind = REQ_SIGNED,
			.step = step,
			.who = who,
			.role = SECOND_ROLE,
			.data = data});

	mem_free(data);
	return ok;
}

static int64_t
there(struct world *w, const char *id)
{
	int step = world_index(w, id);

	return second_there(w->r, step, second_leg(w->r, step), w->now.wall);
}

static void
one_person_starts_nothing(void **state)
{
	struct world *w = two_people(NULL);

	(void)state;
	assert_false(world_start(w, "wipe", "wipe it"));
	assert_int_equal(w->e.kind, ERR_REFUSED);
	assert_non_null(strstr(w->e.msg,
		"needs two people: somebody else confirms it first (handrail sign "));
	assert_int_equal(w->intents, 0);
	assert_false(sign_as(w, "wipe", "anna@example.com", NULL));
	assert_string_equal(
		w->e.msg, "anna@example.com runs this: somebody else confirms it");
	assert_false(sign_as(w, "wipe", "anna@jump1", NULL)); /* as an account of hers */
	assert_false(sign_as(w, "wipe", "", NULL));
	assert_true(sign_as(w, "wipe", MAREK, NULL));
	assert_true(world_said(w, "signoff", "{\"host\":\"ni-db1\",\"values\":\""));
	assert_true(there(w, "wipe") > 0);
	assert_false(world_start(w, "wipe", NULL)); /* the phrase is still typed */
	assert_true(world_start(w, "wipe", "wipe it"));
	assert_true(world_said(w, "step.intent", ",\"second\":1,\"values\":\""));
	assert_int_equal(w->intents, 1);
	world_same(w);
	world_free(w);
}

/* Which secret it was nobody could see: another one, or another console, and it falls. */
static void
it_is_for_the_secret_that_was_there(void **state)
{
	static const struct request other = {
		.kind = REQ_INPUT, .step = NONE, .name = "dump"};
	struct world *w = two_people(NULL);

	(void)state;
	w->rb->inputs.list.at[0].from = SECRET_ASK;
	w->rb->steps.list.at[0].dsn = mem_strdup("dump");
	assert_true(sign_as(w, "wipe", MAREK, NULL));
	assert_true(there(w, "wipe") > 0);
	assert_true(world_ask(w, &other));
	assert_int_equal(there(w, "wipe"), -1);
	assert_true(sign_as(w, "wipe", MAREK, NULL));
	assert_true(there(w, "wipe") > 0);
	assert_true(world_ask(w, &(struct request){.kind = REQ_RESUME, .step = NONE}));
	assert_int_equal(there(w, "wipe"), -1);
	world_same(w);
	world_free(w);
}

static void
it_is_for_one_start(void **state)
{
	struct world *w = two_people(NULL);

	(void)state;
	assert_true(sign_as(w, "wipe", MAREK, NULL));
	assert_true(world_start(w, "wipe", "wipe it"));
	assert_true(world_ended(w, "wipe", 0, 1, 1));
	assert_false(world_start(w, "wipe", "wipe it"));
	assert_true(sign_as(w, "wipe", MAREK, NULL));
	assert_true(world_start(w, "wipe", "wipe it"));
	assert_true(world_ended(w, "wipe", 0, 2, 0));
	/* the way back is nobody else's business */
	assert_true(world_ask(w,
		&(struct request){.kind = REQ_START,
			.step = world_index(w, "wipe"),
			.leg = LEG_ALL,
			.way = WAY_BACK,
			.typed = "wipe it"}));
	world_same(w);
	world_free(w);
}

/* Who confirmed and takes the run over is one person, not two. */
static void
who_takes_it_over_is_no_second(void **state)
{
	struct request q = {
		.kind = REQ_RESUME, .step = NONE, .who = "marek@jump1", .data = "{}"};
	struct world *w = two_people(NULL);

	(void)state;
	assert_true(sign_as(w, "wipe", MAREK, NULL));
	assert_true(there(w, "wipe") > 0);
	q.name = q.who;
	assert_true(world_ask(w, &q));
	assert_int_equal(there(w, "wipe"), -1);
	world_same(w);
	world_free(w);
}

static void
it_can_be_taken_back_and_does_not_come_from_a_time_to_come(void **state)
{
	struct world *w = two_people(NULL);

	(void)state;
	assert_true(sign_as(w, "wipe", MAREK, NULL));
	w->now.wall.ms -= 60 * MINUTE_MS; /* the clock was set, and nobody told */
	assert_int_equal(there(w, "wipe"), -1);
	w->now.wall.ms += 60 * MINUTE_MS;
	assert_true(there(w, "wipe") > 0);
	assert_true(world_ask(w,
		&(struct request){.kind = REQ_DECLINED,
			.step = world_index(w, "wipe"),
			.who = MAREK,
			.role = SECOND_ROLE,
			.reason = "wrong host"}));
	assert_int_equal(there(w, "wipe"), -1);
	assert_false(world_start(w, "wipe", "wipe it"));
	world_same(w);
	world_free(w);
}

static void
retried(struct step *s)
{
	s->retries = 1;
	s->retry_wait_ms = 20;
}

static void
what_is_tried_again_by_itself_is_the_same_start(void **state)
{
	struct world *w = two_people(retried);

	(void)state;
	assert_true(sign_as(w, "wipe", MAREK, NULL));
	assert_true(world_start(w, "wipe", "wipe it"));
	assert_true(world_ended(w, "wipe", 0, 1, 1));
	assert_true(world_clock(w));
	assert_int_equal(w->intents, 2);
	assert_true(world_said(w, "step.intent", ",\"second\":1,\"values\":\""));
	world_same(w);
	world_free(w);
}

static void
it_is_about_what_would_run_now(void **state)
{
	static const char other[] = "0000000000000000";
	struct world *w = two_people(NULL);

	(void)state;
	assert_false(sign_as(w, "wipe", MAREK, other));
	assert_int_equal(w->e.kind, ERR_STATE);
	forge = "values sha256:"; /* the same command with other values */
	assert_false(sign_as(w, "wipe", MAREK, other));
	forge = "command sha256:";
	assert_int_equal(w->e.kind, ERR_STATE);
	assert_true(sign_as(w, "wipe", MAREK, NULL));
	assert_true(world_ask(w,
		&(struct request){.kind = REQ_INPUT,
			.step = NONE,
			.name = "dump",
			.text = "other"}));
	assert_int_equal(there(w, "wipe"), -1);
	assert_false(world_start(w, "wipe", "wipe it"));
	assert_non_null(strstr(w->e.msg, "too old or about other inputs"));
	assert_true(sign_as(w, "wipe", MAREK, NULL));
	w->now.wall.ms += 31 * MINUTE_MS;
	assert_false(world_start(w, "wipe", "wipe it"));
	world_same(w);
	world_free(w);
}

static void
the_values_are_part_of_what_is_confirmed(void **state)
{
	struct world *w = two_people(NULL);
	struct request q = {
		.kind = REQ_INPUT, .step = NONE, .name = "dump", .text = "a\"b"};
	struct str lines = STR_INIT;
	char one[DIGEST_HEX + 1], two[DIGEST_HEX + 1];

	(void)state;
	second_digest(w->r, world_index(w, "wipe"), one);
	assert_true(world_ask(w, &q));
	second_values(w->r, world_index(w, "wipe"), &lines);
	assert_string_equal(lines.buf, "dump=\"a\\\"b\"\n");
	second_digest(w->r, world_index(w, "wipe"), two);
	assert_string_not_equal(one, two);
	assert_true(sign_as(w, "wipe", MAREK, NULL));
	assert_true(world_said(w, "signoff", two));
	assert_true(world_start(w, "wipe", "wipe it"));
	assert_true(world_said(w, "step.intent", two));
	str_release(&lines);
	world_same(w);
	world_free(w);
}

static void
each_host_is_confirmed(void **state)
{
	struct world *w = two_people(NULL);

	(void)state;
	assert_true(sign_as(w, "wipe", MAREK, NULL));
	world_do(w, "wipe", "wipe it");
	assert_true(sign_as(w, "roll", MAREK, NULL));
	assert_true(world_start(w, "roll", NULL));
	assert_true(world_ended(w, "roll", 0, 1, 0));
	assert_int_equal(run_deadline(w->r).ms, 0); /* it does not go on by itself */
	assert_false(world_start(w, "roll", NULL));
	assert_true(sign_as(w, "roll", MAREK, NULL));
	assert_true(world_said(w, "signoff", "{\"host\":\"web2\","));
	assert_true(world_start(w, "roll", NULL));
	assert_true(world_ended(w, "roll", 1, 1, 0));
	assert_int_equal(world_step(w, "roll")->state, STEP_IS_DONE);
	world_same(w);
	world_free(w);
}

static void
one_person_alone_breaks_the_glass(void **state)
{
	struct world *w = two_people(NULL);
	struct request force = {.kind = REQ_BREAKGLASS,
		.step = 0,
		.name = "second",
		.reason = "nobody else answers"};
	struct err words = ERR_INIT;

	(void)state;
	assert_string_equal(
		force_gate(w->r, 0, "anna@example.com", w->now.wall, &words), "second");
	assert_true(world_ask(w, &force));
	assert_true(world_said(w, "breakglass", "{\"gate\":\"second\","));
	assert_true(world_said(w, "obligation.open", "\"duty\":\"@review\""));
	assert_true(force_on(w->r, w->now.wall));
	assert_false(world_ask(w, &force));
	assert_null(force_gate(w->r, 0, "anna@example.com", w->now.wall, &words));
	assert_true(world_start(w, "wipe", "wipe it"));
	assert_true(world_said(w, "step.intent", ",\"second\":1,\"values\":\""));
	assert_true(world_ended(w, "wipe", 0, 1, 1));
	assert_false(world_start(w, "wipe", "wipe it")); /* once */
	force.step = 7;
	assert_false(world_ask(w, &force));
	world_same(w);
	world_free(w);
}

static void
checked_before(struct step *s)
{
	vec_push(&s->before.list, 0);
}

/* Whoever reads the dialog sees what is checked before; START alone would look first. */
static void
what_must_be_good_before_is_looked_at_when_asked(void **state)
{
	struct world *w = two_people(checked_before);
	struct request look = {.kind = REQ_LOOK, .step = 0},
		       bad = {.kind = REQ_READING, .step = 0, .verdict = VERDICT_FAIL};

	(void)state;
	fixture_probe(w->rb, "disk");
	assert_true(before_stale(w->r, 0, w->now.wall));
	assert_true(world_ask(w, &look));
	assert_int_equal(world_events(w), 0);
	assert_int_equal(w->fx.list.len, 1);
	assert_int_equal(w->fx.list.at[0].kind, EFFECT_PROBE);
	assert_true(world_ask(w, &bad));
	assert_false(before_good(w->r, 0, w->now.wall));
	assert_false(before_stale(w->r, 0, w->now.wall));
	assert_true(world_ask(w, &look)); /* just now somebody did */
	assert_int_equal(w->fx.list.len, 0);
	w->now.wall.ms += 3000;
	assert_true(before_stale(w->r, 0, w->now.wall));
	bad.verdict = VERDICT_OK;
	assert_true(world_ask(w, &bad));
	assert_true(before_good(w->r, 0, w->now.wall));
	assert_true(sign_as(w, "wipe", MAREK, NULL));
	assert_true(world_start(w, "wipe", "wipe it"));
	assert_int_equal(w->intents, 1);
	world_same(w);
	world_free(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_person_starts_nothing),
		cmocka_unit_test(who_takes_it_over_is_no_second),
		cmocka_unit_test(
			it_can_be_taken_back_and_does_not_come_from_a_time_to_come),
		cmocka_unit_test(it_is_for_the_secret_that_was_there),
		cmocka_unit_test(it_is_for_one_start),
		cmocka_unit_test(what_is_tried_again_by_itself_is_the_same_start),
		cmocka_unit_test(it_is_about_what_would_run_now),
		cmocka_unit_test(the_values_are_part_of_what_is_confirmed),
		cmocka_unit_test(each_host_is_confirmed),
		cmocka_unit_test(one_person_alone_breaks_the_glass),
		cmocka_unit_test(what_must_be_good_before_is_looked_at_when_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
