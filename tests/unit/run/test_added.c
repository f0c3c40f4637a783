/* A step that is added to one run only. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "fixture.h"
#include "model/parts.h"
#include "run/added.h"
#include "run/back.h"
#include "run/force.h"
#include "run/gate.h"
#include "run/second.h"

static struct world *
deploy(void)
{
	static const char *const web[] = {"web1", "web2", NULL};
	struct runbook *rb = fixture_runbook(RUNBOOK_DEPLOY);
	int host = fixture_host(rb, "web", web);
	struct step *s;

	fixture_command(rb, "first", host, RISK_MODERATE)->undo.text = mem_strdup("back");
	fixture_command(rb, "second", host, RISK_MODERATE)->undo.text = mem_strdup(
		"back");
	s = fixture_step(rb, STEP_SIGNOFF, "sign");
	s->role = mem_strdup("lead");
	s->says = mem_strdup("fine");
	return world_new(rb);
}

static bool
add(struct world *w, const struct added_words *words, const char *reason)
{
	struct str data = STR_INIT;
	bool ok;

	added_data(words, &data);
	ok = world_ask(w,
		&(struct request){.kind = REQ_ADD,
			.step = world_index(w, "first"),
			.data = data.buf,
			.reason = reason});
	str_release(&data);
	return ok;
}

static const struct added_words flush = {.title = "Flush the cache",
	.text = "redis-cli flushall",
	.host = "web",
	.irreversible = "it is built anew"};

static void
what_is_no_step_is_refused(void **state)
{
	struct world *w = deploy();
	struct added_words words = flush;

	(void)state;
	assert_false(add(w, &flush, " "));
	words.title = "";
	assert_false(add(w, &words, "why"));
	assert_string_equal(w->e.msg, "a title is missing");
	words = flush;
	words.host = "nowhere";
	assert_false(add(w, &words, "why"));
	assert_string_equal(w->e.msg, "the runbook has no host nowhere");
	words = flush;
	words.irreversible = NULL;
	assert_false(add(w, &words, "why"));
	assert_non_null(strstr(w->e.msg, "undo is missing"));
	words = flush;
	words.text = "a\033[2J";
	assert_false(add(w, &words, "why"));
	words = flush;
	words.title = "two\nlines";
	assert_false(add(w, &words, "why"));
	assert_int_equal(w->r->steps.list.len, 3);
	world_free(w);
}

static void
a_command_is_judged_begun_and_shown(void **state)
{
	struct world *w = deploy();
	struct err e = ERR_INIT;
	int at;

	(void)state;
	assert_true(add(w, &flush, "stale entries"));
	assert_true(world_said(w, "redline", "\"added\":{\"id\":\"added-1\""));
	assert_true(world_said(w, "redline", "\"reason\":\"stale entries\""));
	at = world_index(w, "added-1");
	assert_int_equal(at, 3);
	assert_string_equal(w->rb->steps.list.at[at].number, "+1");
	assert_string_equal(w->rb->steps.list.at[at].added_after, "first");
	assert_string_equal(run_leg_text(w->r, at, LEG_ALL, WAY_FORWARD), flush.text);
	assert_true(run_leg_risk(w->r, at, WAY_FORWARD) >= RISK_MODERATE);
	assert_int_equal(w->r->exceptions.list.len, 1);
	assert_string_equal(w->r->exceptions.list.at[0].text,
		"added-1 was added for this run: stale entries: Flush the cache: "
		"redis-cli flushall");
	world_same(w);
	/* it is next, before all that is open, and begins on each host */
	assert_int_equal(run_next_open(w->r, 0), at);
	assert_true(gate_allows(w->r, ACT_START, at, &e));
	assert_int_equal(world_step(w, "added-1")->legs.list.len, 2);
	world_same(w);
	world_free(w);
}

static void
what_a_person_does_is_ticked_before_anybody_signs(void **state)
{
	struct world *w = deploy();
	struct err e = ERR_INIT;
	int sign = world_index(w, "sign");

	(void)state;
	assert_true(world_ask(w,
		&(struct request){.kind = REQ_SKIP,
			.step = world_index(w, "first"),
			.reason = "no"}));
	assert_true(world_ask(w,
		&(struct request){.kind = REQ_SKIP,
			.step = world_index(w, "second"),
			.reason = "no"}));
	assert_true(gate_allows(w->r, ACT_SIGN, sign, &e));
	assert_true(add(w, &(struct added_words){.title = "Call them"}, "they asked"));
	assert_false(gate_allows(w->r, ACT_SIGN, sign, &e));
	assert_non_null(strstr(e.msg, "Call them"));
	assert_true(world_tick(w, "added-1", TICK_DONE, NULL));
	assert_true(gate_allows(w->r, ACT_SIGN, sign, &e));
	assert_int_equal(run_next_open(w->r, 0), sign);
	world_same(w);
	world_free(w);
}

/* Between two consoles the file has got another name for the host. */
static void
a_host_that_is_gone_is_never_this_machine(void **state)
{
	struct world *w = deploy(), *next;
	int at;

	(void)state;
	assert_true(add(w, &flush, "stale entries"));
	mem_free(w->rb->hosts.list.at[0].name);
	w->rb->hosts.list.at[0].name = mem_strdup("www");
	/* another process reads the file: nothing was added to it yet */
	parts_free_step(&w->rb->steps.list.at[3]);
	w->rb->steps.list.len = 3;
	next = world_crashed(w, w->lines.len);
	at = world_index(next, "added-1");
	assert_int_equal(world_step(next, "added-1")->legs.list.len, 0);
	assert_false(gate_allows(next->r, ACT_START, at, &next->e));
	assert_string_equal(next->e.msg,
		"step +1 \"Flush the cache\" was added for the host web, which the runbook "
		"no longer has: it does not start");
	assert_false(gate_allows(next->r, ACT_TICK, at, &next->e));
	assert_non_null(strstr(next->r->exceptions.list.at[0].text,
		"the runbook no longer has the host web"));
	assert_false(
		world_ask(next, &(struct request){.kind = REQ_RESUME, .step = NONE}));
	assert_int_equal(next->e.kind, ERR_REFUSED);
	assert_non_null(strstr(next->e.msg, "the host web"));
	world_free(next);
	world_free(w);
}

static void
the_undo_is_judged_by_its_words(void **state)
{
	struct world *w = deploy();
	struct added_words words = flush;
	struct str why = STR_INIT;
	int at;

	(void)state;
	words.irreversible = NULL;
	words.undo = "docker compose down -v";
	assert_int_equal(added_undo_risk(&words, &why), RISK_SEVERE);
	assert_true(why.len > 0);
	assert_int_equal(added_undo_risk(&flush, NULL), RISK_NONE);
	assert_true(add(w, &words, "stale entries"));
	at = world_index(w, "added-1");
	assert_int_equal(run_leg_risk(w->r, at, WAY_BACK), RISK_SEVERE);
	str_release(&why);
	world_same(w);
	world_free(w);
}

static void
no_step_need_be_at_hand(void **state)
{
	struct world *w = deploy();

	(void)state;
	assert_true(world_ask(w,
		&(struct request){.kind = REQ_ADD,
			.step = NONE,
			.data = "{\"title\":\"Call them\"}",
			.reason = "why"}));
	assert_null(w->rb->steps.list.at[world_index(w, "added-1")].added_after);
	world_same(w);
	world_free(w);
}

static void
sign(struct world *w, const char *id)
{
	/* as a record has it: who may sign is not looked at here */
	struct event ev = {.type = EVENT_SIGNOFF,
		.step = (char *)id,
		.who = (char *)"marek@example.com",
		.seq = w->r->seq + 1,
		.data = (char *)"{\"role\":\"lead\",\"stmt\":\"x\",\"sig\":\"s\","
				"\"key\":\"k\"}"};

	run_apply(w->r, &ev);
}

static void
after_the_last_sign_off_nothing_is_added(void **state)
{
	struct world *w = deploy();

	(void)state;
	world_do(w, "first", NULL);
	sign(w, "sign");
	assert_true(run_settled(world_step(w, "sign")));
	assert_false(add(w, &flush, "why"));
	assert_int_equal(w->e.kind, ERR_REFUSED);
	assert_non_null(strstr(w->e.msg, "nobody would vouch"));
	world_free(w);
}

/* first, sign, second, over: what is added behind `second` waits for the sign-off. */
static struct world *
release(void)
{
	static const char *const web[] = {"web1", NULL};
	struct runbook *rb = fixture_runbook(RUNBOOK_DEPLOY);
	int host = fixture_host(rb, "web", web);
	struct step *s;

	fixture_command(rb, "first", host, RISK_MODERATE)->undo.text = mem_strdup("back");
	s = fixture_step(rb, STEP_SIGNOFF, "sign");
	s->role = mem_strdup("lead");
	s->says = mem_strdup("fine");
	s = fixture_command(rb, "second", host, RISK_MODERATE);
	s->undo.text = mem_strdup("back");
	s = fixture_command(rb, "wipe", host, RISK_SEVERE);
	mem_free(s->text);
	s->text = mem_strdup("wipe /srv/data\n");
	s->irreversible = mem_strdup("it is gone");
	s->two_person = true;
	return world_new(rb);
}

static bool
add_after(struct world *w, const char *after, const struct added_words *words)
{
	struct str data = STR_INIT;
	bool ok;

	added_data(words, &data);
	ok = world_ask(w,
		&(struct request){.kind = REQ_ADD,
			.step = world_index(w, after),
			.data = data.buf,
			.reason = "why"});
	str_release(&data);
	return ok;
}

static bool
force(struct world *w, int step)
{
	return world_ask(w,
		&(struct request){.kind = REQ_BREAKGLASS,
			.step = step,
			.name = ADDED_GATE,
			.reason = "it burns"});
}

static void
it_waits_for_a_sign_off_that_stands_before_it(void **state)
{
	static const struct added_words plain = {.title = "Say it",
		.text = "touch /tmp/said",
		.host = "web",
		.undo = "true"};
	struct world *w = release();
	struct err e = ERR_INIT;
	int at;

	(void)state;
	world_do(w, "first", NULL);
	assert_true(add_after(w, "second", &plain));
	at = world_index(w, "added-1");
	assert_false(gate_allows(w->r, ACT_START, at, &e));
	assert_non_null(strstr(e.msg, "is open, and stands before"));
	assert_false(world_start(w, "added-1", NULL));
	/* neither waits for the other */
	assert_int_equal(run_next_open(w->r, 0), world_index(w, "sign"));
	assert_true(gate_allows(w->r, ACT_SIGN, world_index(w, "sign"), &e));
	/* what stands before the sign-off does not wait, nor what was added behind that */
	assert_true(add_after(w, "first", &plain));
	assert_true(gate_allows(w->r, ACT_START, world_index(w, "added-2"), &e));
	assert_false(gate_allows(w->r, ACT_SIGN, world_index(w, "sign"), &e));
	/* by force, once */
	assert_string_equal(
		force_gate(w->r, at, "anna@example.com", w->now.wall, &e), ADDED_GATE);
	assert_true(force(w, at));
	assert_true(world_said(w, "breakglass", "\"step\":\"added-1\""));
	assert_true(world_said(w, "obligation.open", NULL));
	assert_false(force(w, at));
	assert_true(force_on(w->r, w->now.wall));
	assert_true(world_start(w, "added-1", NULL));
	assert_true(world_ended(w, "added-1", 0, 1, 1));
	assert_false(world_start(w, "added-1", NULL));
	world_same(w);
	sign(w, "sign");
	assert_true(gate_allows(w->r, ACT_START, at, &e));
	world_free(w);
}

static void
it_waits_while_an_outcome_is_unknown(void **state)
{
	struct world *w = deploy();
	struct request lost = {.kind = REQ_LOST, .step = 0, .attempt = 1, .text = "lost"};
	struct err e = ERR_INIT;
	int at;

	(void)state;
	assert_true(world_start(w, "first", NULL));
	assert_true(world_ask(w, &lost));
	assert_int_equal(world_step(w, "first")->state, STEP_IS_UNKNOWN);
	assert_true(add(w, &flush, "why"));
	at = world_index(w, "added-1");
	assert_false(gate_allows(w->r, ACT_START, at, &e));
	assert_non_null(strstr(e.msg, "nobody knows what became of step 1"));
	assert_int_equal(run_next_open(w->r, 0), world_index(w, "first"));
	assert_true(force(w, at));
	assert_true(gate_allows(w->r, ACT_START, at, &e));
	world_same(w);
	world_free(w);
}

static void
what_two_do_is_not_done_by_one_in_other_words(void **state)
{
	static const struct added_words same = {.title = "Make room",
						.text = "cd / && wipe /srv/data",
						.host = "web",
						.irreversible = "it is gone"},
					severe = {.title = "Make room",
						.text = "docker compose down -v",
						.host = "web",
						.irreversible = "it is gone"},
					plain = {.title = "Say it",
						.text = "touch /tmp/said",
						.host = "web",
						.undo = "true"};
	struct world *w = release();

	(void)state;
	assert_true(add_after(w, "first", &same));
	assert_true(add_after(w, "first", &severe));
	assert_true(add_after(w, "first", &plain));
	assert_true(second_needed(w->r, world_index(w, "added-1"), WAY_FORWARD));
	assert_true(second_needed(w->r, world_index(w, "added-2"), WAY_FORWARD));
	assert_false(second_needed(w->r, world_index(w, "added-3"), WAY_FORWARD));
	assert_string_equal(second_role(w->r, world_index(w, "added-1")), SECOND_ROLE);
	assert_null(second_role(w->r, world_index(w, "added-3")));
	assert_false(world_start(w, "added-1", "run added-1"));
	assert_non_null(strstr(w->e.msg, "needs two people"));
	/* an edited one, too, for as long as it is */
	assert_true(world_ask(w,
		&(struct request){.kind = REQ_REDLINE,
			.step = world_index(w, "first"),
			.text = "wipe /srv/data",
			.reason = "why"}));
	assert_true(second_needed(w->r, world_index(w, "first"), WAY_FORWARD));
	assert_false(world_start(w, "first", NULL));
	assert_true(world_ask(w,
		&(struct request){.kind = REQ_REDLINE,
			.step = world_index(w, "first"),
			.text = "first",
			.reason = "no"}));
	assert_false(second_needed(w->r, world_index(w, "first"), WAY_FORWARD));
	world_same(w);
	world_free(w);
}

/* first; `rollback:` tell, old. */
static struct world *
with_steps_back(void)
{
	static const char *const web[] = {"web1", NULL};
	struct runbook *rb = fixture_runbook(RUNBOOK_DEPLOY);
	int host = fixture_host(rb, "web", web);

	fixture_command(rb, "first", host, RISK_NONE);
	rb->rollback_first = (int)rb->steps.list.len;
	fixture_step(rb, STEP_DO, "tell");
	fixture_command(rb, "old", host, RISK_MODERATE)->undo.text = mem_strdup("new");
	return world_new(rb);
}

static const struct added_words fill = {
	.title = "Fill", .text = "fill", .host = "web", .undo = "empty"};

static bool
ask_back(struct world *w, enum back_how how)
{
	char *phrase = back_phrase(w->r, how);
	bool ok = world_ask(
		w, &(struct request){.kind = REQ_BACK, .step = NONE, .typed = phrase});

	mem_free(phrase);
	return ok;
}

/* It stands behind the steps of the way back, and is none of them. */
static void
a_step_that_was_added_is_led_back_too(void **state)
{
	struct world *w = with_steps_back();
	struct undo_plan p;
	int at;

	(void)state;
	world_do(w, "first", NULL);
	assert_true(add(w, &fill, "stale"));
	at = world_index(w, "added-1");
	assert_true(at > world_index(w, "old"));
	world_do(w, "added-1", NULL);
	undo_plan(w->r, &p);
	assert_int_equal(p.rows.len, 1);
	assert_int_equal(p.rows.at[0].step, at);
	undo_plan_release(&p);
	assert_true(ask_back(w, BACK_UNDO));
	assert_null(run_outcome(w->r));
	assert_true(world_clock(w));
	assert_true(world_said(w, "step.intent", "\"way\":\"back\""));
	assert_int_equal(w->fx.list.at[0].step, at);
	assert_true(world_ask(w,
		&(struct request){
			.kind = REQ_ENDED, .step = at, .attempt = 1, .way = WAY_BACK}));
	assert_true(world_clock(w));
	assert_string_equal(run_outcome(w->r), "rolled-back");
	world_same(w);
	world_free(w);
}

static void
what_was_added_is_no_step_of_the_way_back(void **state)
{
	struct world *w = with_steps_back();

	(void)state;
	world_do(w, "first", NULL);
	assert_true(add(w, &fill, "stale"));
	assert_true(world_start(w, "added-1", NULL));
	assert_true(world_ended(w, "added-1", 0, 1, 1));
	assert_true(ask_back(w, BACK_STEPS));
	assert_true(world_tick(w, "tell", TICK_DONE, NULL));
	world_do(w, "old", NULL);
	assert_string_equal(run_outcome(w->r), "rolled-back");
	world_same(w);
	world_free(w);
}

static void
sixteen_are_enough(void **state)
{
	struct world *w = deploy();
	int n = 0;

	(void)state;
	while (add(w, &(struct added_words){.title = "Once more"}, "why"))
		n++;
	assert_int_equal(n, RUNBOOK_ADDED_MAX);
	assert_non_null(strstr(w->e.msg, "no more than 16 steps"));
	world_same(w);
	world_free(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_no_step_is_refused),
		cmocka_unit_test(a_command_is_judged_begun_and_shown),
		cmocka_unit_test(what_a_person_does_is_ticked_before_anybody_signs),
		cmocka_unit_test(a_host_that_is_gone_is_never_this_machine),
		cmocka_unit_test(the_undo_is_judged_by_its_words),
		cmocka_unit_test(no_step_need_be_at_hand),
		cmocka_unit_test(after_the_last_sign_off_nothing_is_added),
		cmocka_unit_test(it_waits_for_a_sign_off_that_stands_before_it),
		cmocka_unit_test(it_waits_while_an_outcome_is_unknown),
		cmocka_unit_test(what_two_do_is_not_done_by_one_in_other_words),
		cmocka_unit_test(a_step_that_was_added_is_led_back_too),
		cmocka_unit_test(what_was_added_is_no_step_of_the_way_back),
		cmocka_unit_test(sixteen_are_enough),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
