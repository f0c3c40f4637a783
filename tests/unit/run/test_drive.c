#include "run/drive.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "fixture.h"

/* Who drives: offered, let go of, taken; what an onlooker may ask; what stands. */

static bool
ask(struct world *w, enum request_kind kind, const char *name, const char *text)
{
	return world_ask(w,
		&(struct request){
			.kind = kind, .step = NONE, .name = name, .text = text});
}

static void
an_offer_is_taken_by_whom_it_is_for(void **state)
{
	struct world *w = world_restore();

	(void)state;
	assert_false(ask(w, REQ_YIELD, "bob", NULL)); /* nothing is offered */
	assert_true(ask(w, REQ_OFFER, "bob", "done: much"));
	assert_true(world_said(
		w, "driver.offer", "{\"to\":\"bob\",\"summary\":\"done: much\"}"));
	assert_true(w->r->offer.stands);
	assert_string_equal(w->r->offer.by, "anna@example.com");
	assert_false(ask(w, REQ_YIELD, "eve", NULL));
	assert_non_null(strstr(w->e.msg, "offered to bob, not to eve"));
	assert_true(ask(w, REQ_YIELD, "bob", NULL));
	assert_true(world_said(w, "driver.release", "{\"to\":\"bob\"}"));
	assert_true(w->r->released);
	assert_false(w->r->offer.stands);
	world_same(w);
	world_free(w);
}

static void
one_for_anybody_is_taken_by_anybody(void **state)
{
	struct world *w = world_restore();

	(void)state;
	assert_true(ask(w, REQ_OFFER, NULL, "done: much"));
	assert_true(world_said(w, "driver.offer", "{\"to\":null,"));
	assert_true(ask(w, REQ_YIELD, "eve", NULL));
	world_same(w);
	world_free(w);
}

static void
an_offer_can_be_taken_back(void **state)
{
	struct world *w = world_restore();

	(void)state;
	assert_false(ask(w, REQ_OFFER, NULL, NULL));
	assert_true(ask(w, REQ_OFFER, "bob", "done: much"));
	assert_true(ask(w, REQ_OFFER, NULL, NULL));
	assert_true(world_said(w, "driver.offer", "\"withdrawn\":true"));
	assert_false(w->r->offer.stands);
	assert_false(ask(w, REQ_YIELD, "bob", NULL));
	world_same(w);
	world_free(w);
}

static void
nothing_is_done_between_two_drivers(void **state)
{
	struct world *w = world_restore();

	(void)state;
	assert_true(ask(w, REQ_OFFER, NULL, "done: much"));
	assert_true(ask(w, REQ_YIELD, "bob", NULL));
	assert_false(world_tick(w, "tell", TICK_NA, "no"));
	assert_non_null(strstr(w->e.msg, "handed over to bob"));
	assert_false(ask(w, REQ_NOTE, NULL, "a note"));
	assert_false(ask(w, REQ_HOLD, NULL, NULL));
	assert_false(ask(w, REQ_OFFER, NULL, "again"));
	world_free(w);
}

/* The first record of the next driver says whom it takes the run from. */
static void
who_goes_on_takes_it(void **state)
{
	struct world *w = world_restore();
	struct request q = {.kind = REQ_RESUME,
		.step = NONE,
		.name = "bob",
		.who = "bob",
		.data = "{\"epoch\":2}"};

	(void)state;
	assert_true(ask(w, REQ_OFFER, NULL, "done: much"));
	assert_true(ask(w, REQ_YIELD, "bob", NULL));
	assert_true(world_ask(w, &q));
	assert_int_equal(world_events(w), 2);
	assert_true(world_said(w, "driver.take",
		"{\"epoch\":2,\"from\":\"anna@example.com\",\"from_con\":\""));
	assert_true(world_said(w, "driver.take", ",\"from_head\":\""));
	assert_true(world_said(w, "run.resume", "\"epoch\":2"));
	assert_string_equal(w->r->driver, "bob");
	assert_true(w->r->driven_since.ms > w->r->opened_at.ms);
	assert_false(w->r->released);
	assert_true(world_tick(w, "tell", TICK_NA, "no"));
	/* the same one again: nobody else was there */
	assert_true(world_ask(w, &q));
	assert_int_equal(world_events(w), 1);
	assert_false(world_said(w, "driver.take", NULL));
	/* by another console of the same name: that is another driver, too */
	q.data = "{\"epoch\":3}";
	assert_true(world_ask(w, &q));
	assert_int_equal(world_events(w), 2);
	assert_true(world_said(
		w, "driver.take", "{\"epoch\":3,\"from\":\"bob\",\"from_con\":\""));
	assert_true(world_said(w, "driver.take", "\"from_epoch\":2"));
	/* and by force: nothing was let go of */
	q.name = q.who = "eve";
	assert_true(world_ask(w, &q));
	assert_true(world_said(w, "driver.take", "\"from\":\"bob\""));
	world_same(w);
	world_free(w);
}

/* `not: runner` must hold for everybody who drove. */
static void
who_drove_is_a_runner(void **state)
{
	struct world *w = world_restore();

	(void)state;
	assert_true(world_ask(w,
		&(struct request){.kind = REQ_RESUME,
			.step = NONE,
			.name = "bob",
			.who = "bob",
			.data = "{\"epoch\":2}"}));
	assert_int_equal(w->r->runners.list.len, 2);
	assert_string_equal(w->r->runners.list.at[1], "bob");
	world_free(w);
}

static void
only_who_holds_it_may_end_that_from_outside(void **state)
{
	struct world *w = world_restore();
	struct err e = ERR_INIT;

	(void)state;
	assert_false(drive_may_go(w->r, "bob", &e));
	assert_true(world_ask(w,
		&(struct request){
			.kind = REQ_HOLD, .step = NONE, .who = "bob", .reason = "wait"}));
	assert_string_equal(w->r->held_by, "bob");
	assert_true(drive_may_go(w->r, "bob", &e));
	assert_false(drive_may_go(w->r, "eve", &e));
	assert_non_null(strstr(e.msg, "bob holds the run"));
	world_same(w);
	world_free(w);
}

static void
the_summary_names_what_stands(void **state)
{
	struct world *w = world_restore();
	struct str text = STR_INIT;

	(void)state;
	world_tell(w);
	assert_true(world_start(w, "stop", NULL));
	assert_true(world_started(w, "stop", 0, 1));
	assert_true(world_ask(w,
		&(struct request){.kind = REQ_HOLD,
			.step = NONE,
			.who = "bob",
			.reason = "disk is filling"}));
	assert_true(world_ask(w,
		&(struct request){.kind = REQ_NOTE,
			.step = NONE,
			.who = "eve",
			.text = "web2 is slow\ndone: 5 of 5 steps"}));
	drive_summary(w->r, w->now.wall, &text);
	for (const char *const *want = (const char *const[]){"done: 1 of 5 steps, last ",
		     "\nrunning: ", ", on web1 for ", "\nheld: by bob: disk is filling",
		     "\nnote: eve: web2 is slow", "\nowed: a signature as ",
		     "\nnext: ", NULL};
		*want; want++)
		if (!strstr(text.buf, *want))
			fail_msg("\"%s\" is not in:\n%s", *want, text.buf);
	assert_null(strstr(text.buf, "\ndone: 5")); /* nobody else writes lines of ours */
	str_release(&text);
	world_free(w);
}

static void
the_summary_names_what_is_unknown_and_skipped(void **state)
{
	struct world *w = world_restore();
	struct str text = STR_INIT;
	int step = world_index(w, "stop");

	(void)state;
	assert_true(world_ask(w,
		&(struct request){.kind = REQ_SKIP,
			.step = world_index(w, "tell"),
			.reason = "told before"}));
	assert_true(world_start(w, "stop", NULL));
	assert_true(world_started(w, "stop", 0, 1));
	assert_true(world_ask(w,
		&(struct request){.kind = REQ_LOST,
			.step = step,
			.leg = 0,
			.attempt = 1,
			.text = "lost-reboot",
			.reason = "the host was started again"}));
	drive_summary(w->r, w->now.wall, &text);
	assert_non_null(strstr(text.buf, "\nskipped: "));
	assert_non_null(strstr(text.buf, ": told before"));
	assert_non_null(strstr(text.buf, "\nunknown: "));
	assert_non_null(strstr(text.buf, "lost-reboot: the host was started again"));
	str_release(&text);
	world_free(w);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_offer_is_taken_by_whom_it_is_for),
		cmocka_unit_test(one_for_anybody_is_taken_by_anybody),
		cmocka_unit_test(an_offer_can_be_taken_back),
		cmocka_unit_test(nothing_is_done_between_two_drivers),
		cmocka_unit_test(who_goes_on_takes_it),
		cmocka_unit_test(who_drove_is_a_runner),
		cmocka_unit_test(only_who_holds_it_may_end_that_from_outside),
		cmocka_unit_test(the_summary_names_what_stands),
		cmocka_unit_test(the_summary_names_what_is_unknown_and_skipped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
