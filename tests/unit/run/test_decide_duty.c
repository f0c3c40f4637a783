#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/stamp.h"
#include "fixture.h"
#include "model/duty.h"
#include "run/timely.h"

/* The world begins at 2025-11-20T00:53:20Z, a Thursday. */

static void
add_duty(struct step *s, const char *title, const char *due, const char *every)
{
	struct duty *d = vec_add(&s->duties.list);
	const char *why;

	d->title = mem_strdup(title);
	assert_true(recur_parse(due, &d->due, &why));
	d->every_text = mem_strdup(every);
	if (every)
		assert_true(recur_parse(every, &d->every, &why));
}

static struct runbook *
deploy(void)
{
	struct runbook *rb = fixture_runbook(RUNBOOK_DEPLOY);
	struct step *s;
	int probe = fixture_probe(rb, "api");

	fixture_step(rb, STEP_DO, "work");
	s = fixture_step(rb, STEP_SCHEDULE, "after");
	add_duty(s, "Watch it", "1h", NULL);
	vec_push(&s->duties.list.at[0].probes.list, probe);
	add_duty(s, "Read the logs", "1w", "1w");
	s->duties.list.at[1].role = mem_strdup("SRE");
	return rb;
}

static void
a_schedule_step_leaves_what_is_owed(void **state)
{
	struct world *w = world_new(deploy());

	(void)state;
	assert_false(world_start(w, "after", NULL)); /* its turn has not come */
	assert_true(world_tick(w, "work", TICK_DONE, NULL));
	assert_true(world_start(w, "after", NULL));
	assert_int_equal(world_events(w), 3);
	assert_true(world_said(w, "obligation.open",
		"{\"title\":\"Watch it\",\"due\":\"2025-11-20T01:53:20."));
	assert_true(world_said(
		w, "obligation.open", "\"duty\":\"after/1\",\"check\":[\"api\"]}"));
	assert_true(world_said(w, "obligation.open",
		"{\"title\":\"Read the logs\",\"due\":\"2025-11-27T00:53:20."));
	assert_true(world_said(w, "obligation.open",
		"\"role\":\"SRE\",\"duty\":\"after/2\",\"first\":\"2025-11-27T00:53:20."));
	assert_true(world_said(w, "obligation.open", ",\"every\":\"1w\"}"));
	assert_true(world_said(w, "step.done", "\"verdict\":\"ok\""));
	assert_int_equal(world_step(w, "after")->state, STEP_IS_DONE);
	assert_false(world_start(w, "after", NULL)); /* once */
	world_same(w);
	world_free(w);
}

/* Which domain is meant is on record; that it was another version then is no matter. */
static void
what_it_is_about_is_on_record(void **state)
{
	struct runbook *rb = fixture_runbook(RUNBOOK_MAINTENANCE);
	int probe = fixture_probe(rb, "cert");
	struct step *s;
	struct world *w;

	(void)state;
	fixture_input(rb, "domain");
	rb->inputs.list.at[fixture_input(rb, "tag")].type = INPUT_VERSION;
	fixture_input(rb, "change");
	mem_free(rb->probes.list.at[probe].subject);
	rb->probes.list.at[probe].subject = mem_strdup("check \"$domain\" \"$tag\"");
	s = fixture_step(rb, STEP_SCHEDULE, "after");
	add_duty(s, "Look at ${domain}", "1w", "1w");
	vec_push(&s->duties.list.at[0].probes.list, probe);
	w = world_new(rb);
	assert_true(world_ask(w,
		&(struct request){.kind = REQ_INPUT,
			.step = NONE,
			.name = "domain",
			.text = "a.example"}));
	assert_true(world_ask(w,
		&(struct request){
			.kind = REQ_INPUT, .step = NONE, .name = "tag", .text = "v1"}));
	assert_true(world_ask(w,
		&(struct request){
			.kind = REQ_INPUT, .step = NONE, .name = "change", .text = "7"}));
	assert_true(world_start(w, "after", NULL));
	assert_true(world_said(w, "obligation.open", "{\"title\":\"Look at a.example\""));
	assert_true(world_said(w, "obligation.open", ",\"about\":\"domain=a.example\"}"));
	world_same(w);
	world_free(w);
}

/* A run that closes one of them, opened at a time after it. */
static struct world *
closing(const char *duty, const char *due)
{
	struct runbook *rb = deploy();
	char *data = mem_printf(
		"{\"mode\":\"live\",\"parent\":{\"run\":\"01K9A0000000000000000000AA\","
		"\"seq\":7,\"duty\":\"%s\",\"root\":\"01K9A0000000000000000000AA\","
		"\"due\":\"%s\",\"first\":\"%s\"}}",
		duty, due, due);
	struct world *w;

	if (!duty_reduce(rb, duty))
		fail();
	w = world_open(rb, data);
	mem_free(data);
	return w;
}

static bool
tick_with(struct world *w, const char *id, const char *evidence)
{
	return world_ask(w,
		&(struct request){.kind = REQ_TICK,
			.step = world_index(w, id),
			.tick = TICK_DONE,
			.evidence = evidence});
}

static bool
ends(struct world *w, enum request_kind kind, const char *text, const char *reason)
{
	return world_ask(w,
		&(struct request){
			.kind = kind, .step = NONE, .text = text, .reason = reason});
}

static void
a_good_end_closes_it_and_the_next_comes(void **state)
{
	struct world *w = closing("after/2", "2025-11-06T09:00:00.000Z");

	(void)state;
	assert_string_equal(w->r->owing.duty, "after/2");
	assert_false(ends(w, REQ_CLOSE, NULL, NULL)); /* nothing is done */
	assert_false(tick_with(w, "do", NULL));       /* evidence is asked for */
	assert_true(tick_with(w, "do", "412 lines, none new"));
	assert_true(ends(w, REQ_CLOSE, NULL, NULL));
	assert_int_equal(world_events(w), 3);
	assert_true(world_said(w, "obligation.close",
		"{\"of\":7,\"run\":\"01K9A0000000000000000000AA\",\"as\":\"done\","
		"\"evidence\":[\"412 lines, none new\"]}"));
	/* two weeks were missed: they are one */
	assert_true(world_said(w, "obligation.open",
		"\"due\":\"2025-11-20T09:00:00.000Z\",\"role\":\"SRE\","
		"\"duty\":\"after/2\",\"first\":\"2025-11-06T09:00:00.000Z\""));
	assert_true(world_said(w, "run.close", "{\"result\":\"ok\"}"));
	world_same(w);
	world_free(w);
}

static void
a_reading_closes_what_names_a_probe(void **state)
{
	struct world *w = closing("after/1", "2025-11-20T00:00:00.000Z");
	struct request q = {.kind = REQ_READING,
		.verdict = VERDICT_FAIL,
		.data = "{\"message\":\"no answer\"}"};

	(void)state;
	assert_true(world_start(w, "check", NULL));
	assert_true(world_ask(w, &q));
	assert_int_equal(world_step(w, "check")->state, STEP_IS_FAILED);
	assert_true(ends(w, REQ_CLOSE, "stop", "no answer yet"));
	assert_false(world_said(w, "obligation.close", ""));
	world_free(w);
	w = closing("after/1", "2025-11-20T00:00:00.000Z");
	q.verdict = VERDICT_OK;
	q.data = "{\"message\":\"exit 0\"}";
	assert_true(world_start(w, "check", NULL));
	assert_true(world_ask(w, &q));
	assert_true(ends(w, REQ_CLOSE, NULL, NULL));
	assert_int_equal(world_events(w), 2); /* once: nothing comes after it */
	assert_true(
		world_said(w, "obligation.close", "\"evidence\":[\"api ok: exit 0\"]"));
	world_same(w);
	world_free(w);
}

static void
skipped_is_waived_with_its_reason(void **state)
{
	struct world *w = closing("after/2", "2025-11-20T00:00:00.000Z");

	(void)state;
	assert_true(world_ask(w,
		&(struct request){.kind = REQ_SKIP,
			.step = world_index(w, "do"),
			.reason = "nobody was there"}));
	assert_true(ends(w, REQ_CLOSE, NULL, NULL));
	assert_true(world_said(w, "obligation.close",
		"\"as\":\"waived\",\"evidence\":[],\"reason\":\"nobody was there\""));
	world_free(w);
}

static void
postponed_is_owed_at_another_time(void **state)
{
	struct world *w = closing("after/2", "2025-11-19T09:00:00.000Z");

	(void)state;
	assert_false(ends(w, REQ_POSTPONE, "2025-11-22T09:00:00.000Z", NULL));
	assert_false(ends(w, REQ_POSTPONE, "2025-11-22T09:00:00.000Z", "  "));
	assert_false(ends(w, REQ_POSTPONE, "2025-11-19T09:00:00.000Z", "late"));
	assert_false(ends(w, REQ_POSTPONE, "some day", "late"));
	assert_true(
		ends(w, REQ_POSTPONE, "2025-11-22T09:00:00.000Z", "the index is built"));
	assert_true(world_said(w, "obligation.close",
		"\"as\":\"postponed\",\"reason\":\"the index is built\""));
	assert_true(world_said(w, "obligation.open",
		"\"due\":\"2025-11-22T09:00:00.000Z\",\"role\":\"SRE\","
		"\"duty\":\"after/2\",\"first\":\"2025-11-19T09:00:00.000Z\""));
	assert_true(world_said(w, "run.close", "{\"result\":\"stopped\"}"));
	world_same(w);
	world_free(w);
}

static void
released_does_not_come_again(void **state)
{
	struct world *w = closing("after/2", "2025-11-19T09:00:00.000Z");

	(void)state;
	assert_false(ends(w, REQ_RELEASE, NULL, ""));
	assert_true(ends(w, REQ_RELEASE, NULL, "the service is gone"));
	assert_int_equal(world_events(w), 2);
	assert_true(world_said(w, "obligation.close",
		"\"as\":\"released\",\"reason\":\"the service is gone\""));
	world_free(w);
	w = world_new(deploy()); /* a run like any other closes nothing */
	assert_false(ends(w, REQ_RELEASE, NULL, "x"));
	assert_false(ends(w, REQ_POSTPONE, "2026-11-22T09:00:00.000Z", "x"));
	world_free(w);
}

/* ---- change windows ---------------------------------------------------------------------- */

static struct world *
windowed(const char *window)
{
	static const char *const web[] = {"web1", NULL};
	struct runbook *rb = fixture_runbook(RUNBOOK_DEPLOY);
	int host = fixture_host(rb, "web", web);
	struct step *s = fixture_command(rb, "look", host, RISK_NONE);
	struct window one;

	(void)s;
	s = fixture_command(rb, "go", host, RISK_MODERATE);
	s->undo.text = mem_strdup("back");
	assert_true(window_parse(window, &one));
	vec_push(&rb->windows.windows, one);
	rb->environment = mem_strdup("production");
	return world_new(rb);
}

static bool
force(struct world *w, const char *gate, const char *reason)
{
	return world_ask(w,
		&(struct request){.kind = REQ_BREAKGLASS,
			.step = NONE,
			.name = gate,
			.reason = reason,
			.text = "INC-7"});
}

static void
outside_of_a_window_nothing_that_changes_starts(void **state)
{
	struct world *w = windowed("Mon-Thu 09:00-17:00");

	(void)state;
	world_do(w, "look", NULL); /* a look is free */
	assert_false(world_start(w, "go", NULL));
	assert_int_equal(w->e.kind, ERR_REFUSED);
	assert_string_equal(w->e.msg,
		"outside of the change window of production: opens in 8 h 7 m, Thu "
		"2025-11-20 09:00 UTC; now Thu 2025-11-20 00:53 UTC; break-glass with a "
		"reason passes it");
	w->now.wall.ms += 9 * 3600000;
	assert_false(force(w, "window", "in a hurry")); /* nothing to pass */
	world_do(w, "go", NULL);
	/* the way back is bound too: it changes something */
	w->now.wall.ms += 9 * 3600000;
	assert_false(world_ask(w,
		&(struct request){.kind = REQ_START,
			.step = world_index(w, "go"),
			.leg = LEG_ALL,
			.way = WAY_BACK}));
	assert_int_equal(w->e.kind, ERR_REFUSED);
	world_same(w);
	world_free(w);
}

static void
force_passes_it_until_it_would_have_opened(void **state)
{
	struct world *w = windowed("Mon-Thu 09:00-17:00");

	(void)state;
	world_do(w, "look", NULL);
	assert_false(force(w, "window", NULL));
	assert_false(force(w, "window", " "));
	assert_false(force(w, "sky", "in a hurry"));
	assert_true(force(w, "window", "customers see errors"));
	assert_true(world_said(w, "breakglass",
		"{\"gate\":\"window\",\"reason\":\"customers see errors\",\"ticket\":\"INC-7\"}"));
	assert_true(world_said(w, "obligation.open", "\"due\":\"2025-11-21T00:53:20."));
	assert_true(world_said(w, "obligation.open", ",\"duty\":\"@review\"}"));
	assert_int_equal(w->r->exceptions.list.len, 1); /* a signer must see it */
	assert_false(force(w, "window", "again"));
	world_do(w, "go", NULL);
	/* tonight it is shut again, and that is another decision */
	w->now.wall.ms += 24 * 3600000;
	assert_false(world_ask(w,
		&(struct request){.kind = REQ_START,
			.step = world_index(w, "go"),
			.leg = LEG_ALL,
			.way = WAY_BACK}));
	world_same(w);
	world_free(w);
}

/* Who passed the window did not know of it. */
static void
force_does_not_pass_a_freeze_that_begins_later(void **state)
{
	struct world *w = windowed("Mon-Thu 09:00-17:00");
	struct freeze f = {.why = mem_strdup("the audit")};

	(void)state;
	f.from.ms = w->now.wall.ms + 3600000;
	f.until.ms = f.from.ms + 3600000;
	vec_push(&w->rb->windows.freezes, f);
	world_do(w, "look", NULL);
	assert_true(force(w, "window", "customers see errors"));
	world_do(w, "go", NULL);
	w->now.wall.ms = f.from.ms + 60000;
	assert_false(timely_of(w->r, w->now.wall).forced);
	assert_true(force(w, "window", "they still do"));
	assert_true(timely_of(w->r, w->now.wall).forced);
	world_same(w);
	world_free(w);
}

static void
what_was_forced_is_reviewed(void **state)
{
	struct world *w = closing("@review", "2025-11-21T00:53:20.000Z");

	(void)state;
	assert_true(tick_with(w, "do", "read the record with lea"));
	assert_true(ends(w, REQ_CLOSE, NULL, NULL));
	assert_true(world_said(w, "obligation.close", "read the record with lea"));
	world_free(w);
}

static void
a_release_waits_for_the_review(void **state)
{
	static const enum runbook_kind kinds[] = {RUNBOOK_DEPLOY, RUNBOOK_MIGRATION};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct world *w = windowed("Mon-Sun 00:00-24:00");

		w->rb->kind = kinds[i];
		world_do(w, "look", NULL);
		world_do(w, "go", NULL);
		assert_false(ends(w, REQ_CLOSE, NULL, "7KR4.12"));
		assert_non_null(strstr(w->e.msg, "7KR4.12"));
		assert_null(w->r->result);
		assert_true(ends(w, REQ_CLOSE, NULL, NULL));
		assert_string_equal(w->r->result, "ok");
		world_free(w);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_schedule_step_leaves_what_is_owed),
		cmocka_unit_test(what_it_is_about_is_on_record),
		cmocka_unit_test(a_good_end_closes_it_and_the_next_comes),
		cmocka_unit_test(a_reading_closes_what_names_a_probe),
		cmocka_unit_test(skipped_is_waived_with_its_reason),
		cmocka_unit_test(postponed_is_owed_at_another_time),
		cmocka_unit_test(released_does_not_come_again),
		cmocka_unit_test(outside_of_a_window_nothing_that_changes_starts),
		cmocka_unit_test(force_passes_it_until_it_would_have_opened),
		cmocka_unit_test(force_does_not_pass_a_freeze_that_begins_later),
		cmocka_unit_test(what_was_forced_is_reviewed),
		cmocka_unit_test(a_release_waits_for_the_review),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
