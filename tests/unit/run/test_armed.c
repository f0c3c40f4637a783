/* A run in production observes until somebody arms it, for a time. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "fixture.h"
#include "run/armed.h"

enum { MINUTE_MS = 60 * 1000, ABOUT_MS = 10 * 1000 };

static struct runbook *
two_steps(void)
{
	static const char *const web[] = {"web1", NULL};
	struct runbook *rb = fixture_runbook(RUNBOOK_DEPLOY);
	int host = fixture_host(rb, "web", web);
	struct step *s;

	fixture_command(rb, "look", host, RISK_NONE);
	for (int i = 0; i < 2; i++) {
		s = fixture_command(rb, i ? "second" : "go", host, RISK_MODERATE);
		s->undo.text = mem_strdup("back");
	}
	rb->environment = mem_strdup("production");
	return rb;
}

static struct world *
production(const char *role, const char *principal)
{
	struct runbook *rb = two_steps();

	rb->arming = true;
	if (role) {
		vec_push(&rb->may_arm.list, mem_strdup(role));
		vec_push(&rb->armers.list, mem_strdup(principal));
	}
	return world_new(rb);
}

static bool
arm(struct world *w, const char *typed, const char *text)
{
	return world_ask(w,
		&(struct request){.kind = REQ_ARM,
			.step = NONE,
			.typed = typed,
			.text = text,
			.shown_ms = 900});
}

static bool
is_armed(const struct world *w)
{
	return armed_of(w->r, w->now.wall).on;
}

static bool
goes_back(struct world *w, const char *id)
{
	return world_ask(w,
		&(struct request){.kind = REQ_START,
			.step = world_index(w, id),
			.leg = LEG_ALL,
			.way = WAY_BACK});
}

static void
it_observes_until_it_is_armed(void **state)
{
	struct world *w = production(NULL, NULL);

	(void)state;
	world_do(w, "look", NULL); /* a look is free */
	assert_false(world_start(w, "go", NULL));
	assert_int_equal(w->e.kind, ERR_REFUSED);
	assert_string_equal(w->e.msg,
		"the run observes: production must be armed before anything acts on it");
	assert_false(arm(w, NULL, NULL));
	assert_false(arm(w, "prod", NULL));
	assert_string_equal(w->e.msg,
		"those are not the words: \"production\" must be typed; nothing is armed");
	assert_false(is_armed(w));
	assert_true(arm(w, "production", NULL));
	assert_true(world_said(w, "run.arm",
		"{\"environment\":\"production\",\"for_ms\":1800000,\"typed\":\"production\","
		"\"shown_ms\":900}"));
	assert_true(is_armed(w));
	world_do(w, "go", NULL);
	world_same(w);
	world_free(w);
}

static void
elsewhere_nothing_has_to_be_armed(void **state)
{
	struct world *w = world_new(two_steps());

	(void)state;
	assert_false(arm(w, "production", NULL));
	assert_int_equal(w->e.kind, ERR_STATE);
	world_do(w, "look", NULL);
	world_do(w, "go", NULL);
	world_free(w);
}

/* Practice is practice, whatever it is called. */
static void
practice_has_not_to_be_armed(void **state)
{
	struct runbook *rb = two_steps();
	struct world *w;

	(void)state;
	rb->arming = true;
	w = world_open(rb, "{\"mode\":\"practice\"}");
	world_do(w, "look", NULL);
	world_do(w, "go", NULL);
	world_free(w);
}

static void
each_act_gives_it_its_time_again(void **state)
{
	struct world *w = production(NULL, NULL);

	(void)state;
	world_do(w, "look", NULL);
	assert_true(arm(w, "production", NULL));
	w->now.wall.ms += 20 * MINUTE_MS;
	assert_true(world_start(w, "go", NULL));
	w->now.wall.ms += 90 *
		MINUTE_MS; /* a long one: who waits for it is still armed */
	assert_true(is_armed(w));
	assert_true(world_ended(w, "go", 0, 1, 0));
	w->now.wall.ms += 30 * MINUTE_MS - ABOUT_MS;
	assert_true(is_armed(w));
	w->now.wall.ms += 2 * ABOUT_MS;
	assert_false(is_armed(w));
	assert_false(world_start(w, "second", NULL));
	assert_string_equal(w->e.msg,
		"the run observes again: production must be armed before anything acts on it");
	/* the way back is an act, too */
	assert_false(goes_back(w, "go"));
	assert_false(world_ask(w,
		&(struct request){
			.kind = REQ_BACK, .step = NONE, .typed = "roll back web1"}));
	assert_true(arm(w, "production", NULL));
	assert_true(goes_back(w, "go"));
	world_same(w);
	world_free(w);
}

static void
whoever_takes_it_up_observes(void **state)
{
	struct world *w = production(NULL, NULL);

	(void)state;
	assert_true(arm(w, "production", NULL));
	assert_true(is_armed(w));
	assert_true(world_ask(
		w, &(struct request){.kind = REQ_RESUME, .step = NONE, .data = "{}"}));
	assert_false(is_armed(w));
	assert_true(arm(w, "production", NULL));
	assert_true(arm(w, NULL, "off"));
	assert_true(world_said(
		w, "run.arm", "{\"environment\":\"production\",\"for_ms\":0}"));
	assert_false(is_armed(w));
	assert_true(arm(w, NULL, "off")); /* and off it stays */
	assert_int_equal(world_events(w), 0);
	/* what stops something is never in the way */
	assert_true(arm(w, "production", NULL));
	world_do(w, "look", NULL);
	assert_true(world_start(w, "go", NULL));
	assert_true(arm(w, NULL, "off"));
	assert_true(world_ask(w,
		&(struct request){.kind = REQ_CANCEL,
			.step = world_index(w, "go"),
			.leg = LEG_ALL,
			.reason = "wrong host"}));
	world_same(w);
	world_free(w);
}

/* What nobody is asked for keeps nothing armed, and arms nothing that observes again. */
static void
a_look_keeps_nothing_armed(void **state)
{
	struct world *w = production(NULL, NULL);

	(void)state;
	assert_true(arm(w, "production", NULL));
	w->now.wall.ms += 31 * MINUTE_MS;
	assert_false(is_armed(w));
	assert_true(world_start(w, "look", NULL));
	assert_false(is_armed(w));
	assert_true(world_ended(w, "look", 0, 1, 0));
	assert_false(is_armed(w));
	world_same(w);
	world_free(w);
}

static struct world *
rolling(void)
{
	static const char *const webs[] = {"w1", "w2", "w3", NULL};
	struct runbook *rb = fixture_runbook(RUNBOOK_DEPLOY);
	struct step *s = fixture_command(
		rb, "go", fixture_host(rb, "web", webs), RISK_MODERATE);

	s->undo.text = mem_strdup("back");
	rb->environment = mem_strdup("production");
	rb->arming = true;
	return world_new(rb);
}

/* Neither the next host nor another try is begun by itself once it observes. */
static void
what_goes_on_by_itself_stops_when_it_observes(void **state)
{
	struct world *w = rolling();

	(void)state;
	assert_true(arm(w, "production", NULL));
	assert_true(world_start(w, "go", NULL));
	assert_true(arm(w, NULL, "off"));
	assert_true(world_ended(w, "go", 0, 1, 0)); /* what runs comes to its end */
	assert_int_equal(run_deadline(w->r).ms, 0);
	assert_int_equal(world_step(w, "go")->state, STEP_IS_NEEDS_PERSON);
	assert_true(arm(w, "production", NULL));
	assert_true(world_start(w, "go", NULL));
	assert_true(world_ended(w, "go", 1, 1, 0));
	/* held for longer than it is armed */
	w->now.wall.ms += 31 * MINUTE_MS;
	assert_true(world_ask(w, &(struct request){.kind = REQ_CLOCK, .step = NONE}));
	assert_true(world_said(
		w, "run.arm", "{\"environment\":\"production\",\"for_ms\":0}"));
	assert_int_equal(
		world_step(w, "go")->legs.list.at[2].way[WAY_FORWARD].state, LEG_TODO);
	assert_int_equal(run_deadline(w->r).ms, 0);
	world_same(w);
	world_free(w);
}

static void
a_command_arms_it_where_nobody_is(void **state)
{
	struct world *w = production(NULL, NULL);

	(void)state;
	assert_true(arm(w, NULL, "command"));
	assert_true(world_said(w, "run.arm",
		"{\"environment\":\"production\",\"for_ms\":1800000,\"by\":\"command\"}"));
	assert_true(is_armed(w));
	world_free(w);
}

static void
the_role_is_asked_and_may_be_passed_with_a_reason(void **state)
{
	struct world *w = production("SRE", "marek@example.com");
	struct request force = {.kind = REQ_BREAKGLASS,
		.step = NONE,
		.name = "arm",
		.reason = "no SRE answers and the shop is down"};

	(void)state;
	world_do(w, "look", NULL);
	assert_false(arm(w, "production", NULL));
	assert_int_equal(w->e.kind, ERR_REFUSED);
	assert_string_equal(w->e.msg,
		"anna@example.com may not arm production: that wants the role SRE (advisory, "
		"the rights on the hosts decide); break-glass with a reason passes it");
	assert_false(arm(w, NULL, "command"));
	assert_true(world_ask(w, &force));
	assert_true(world_said(w, "breakglass", "{\"gate\":\"arm\",\"reason\":\"no SRE"));
	assert_true(world_said(w, "obligation.open", "\"duty\":\"@review\""));
	assert_false(world_ask(w, &force)); /* once is enough */
	assert_false(is_armed(w));          /* it may be armed now: that is another act */
	assert_true(arm(w, "production", NULL));
	world_do(w, "go", NULL);
	world_same(w);
	world_free(w);
	w = production("SRE", "anna@example.com");
	assert_false(world_ask(w, &force));
	assert_true(arm(w, "production", NULL));
	world_free(w);
	w = world_new(two_steps());
	assert_false(world_ask(w, &force));
	assert_string_equal(w->e.msg, "this run need not be armed: it can act");
	world_free(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_observes_until_it_is_armed),
		cmocka_unit_test(elsewhere_nothing_has_to_be_armed),
		cmocka_unit_test(practice_has_not_to_be_armed),
		cmocka_unit_test(each_act_gives_it_its_time_again),
		cmocka_unit_test(whoever_takes_it_up_observes),
		cmocka_unit_test(a_look_keeps_nothing_armed),
		cmocka_unit_test(what_goes_on_by_itself_stops_when_it_observes),
		cmocka_unit_test(a_command_arms_it_where_nobody_is),
		cmocka_unit_test(the_role_is_asked_and_may_be_passed_with_a_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
