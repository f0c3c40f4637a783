#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "fixture.h"
#include "run/notice.h"

#include "run/notice.h"

#include "fixture.h"

/* What is told: once, when it becomes so, and not when a run is taken up again. */

struct told {
	struct world *w;
	struct notice_seen seen;
	struct notices news;
};

static const char *
newest(struct told *t)
{
	notices_release(&t->news);
	notice_of_states(t->w->r, &t->seen, &t->news);
	return t->news.list.len ? t->news.list.at[0].text : "";
}

static struct told
walk(bool two)
{
	static const char *const web[] = {"web1", "web2", NULL};
	static const char *const one[] = {"db1", NULL};
	struct runbook *rb = fixture_runbook(RUNBOOK_DEPLOY);
	int host = fixture_host(rb, "web", two ? web : one);
	struct step *s;

	fixture_command(rb, "look", host, RISK_NONE);
	s = fixture_step(rb, STEP_SIGNOFF, "sign");
	s->role = mem_strdup("Lead");
	s->count = 1;
	return (struct told){.w = world_new(rb)};
}

static void
end(struct told *t)
{
	notices_release(&t->news);
	notice_seen_release(&t->seen);
	world_free(t->w);
}

static void
a_failure_is_told_once(void **state)
{
	struct told t = walk(true);

	(void)state;
	assert_string_equal(newest(&t), "");
	assert_true(world_start(t.w, "look", NULL));
	assert_true(world_started(t.w, "look", 0, 1));
	assert_true(world_started(t.w, "look", 1, 1));
	assert_true(world_ended(t.w, "look", 0, 1, 3));
	assert_true(world_ended(t.w, "look", 1, 1, 0));
	assert_non_null(strstr(newest(&t), "\"look\" failed on web1"));
	assert_int_equal(t.news.list.at[0].kind, NOTICE_FAILED);
	assert_string_equal(newest(&t), "");
	end(&t);
}

static void
a_signature_that_is_waited_for_is_told(void **state)
{
	struct told t = walk(false);

	(void)state;
	newest(&t);
	world_do(t.w, "look", NULL);
	assert_non_null(strstr(newest(&t), "waits for the signature of Lead"));
	assert_int_equal(t.news.list.at[0].kind, NOTICE_NEEDS);
	end(&t);
}

static void
what_was_so_already_is_not_told(void **state)
{
	struct told t = walk(false);

	(void)state;
	world_do(t.w, "look", NULL);
	notice_of_states(t.w->r, &t.seen, NULL);
	assert_string_equal(newest(&t), "");
	end(&t);
}

/* Done as soon as it is on record where somebody is named; else a person tells them. */
static void
a_notify_step_is_told_or_ticked(void **state)
{
	(void)state;
	for (int named = 0; named < 2; named++) {
		struct runbook *rb = fixture_runbook(RUNBOOK_DEPLOY);
		struct step *s = fixture_step(rb, STEP_NOTIFY, "tell");
		struct told t = {0};

		mem_free(s->text);
		s->text = mem_strdup("We deploy ${tag}, ${what} now");
		fixture_input(rb, "tag");
		rb->notifies = named;
		t.w = world_new(rb);
		assert_true(world_ask(t.w,
			&(struct request){.kind = REQ_INPUT,
				.step = NONE,
				.name = "tag",
				.text = "v7"}));
		assert_int_equal(world_start(t.w, "tell", NULL), named);
		if (named) {
			struct event *ev = event_new(EVENT_STEP_DONE, "tell", NULL);

			notice_of_event(t.w->r, ev, &t.news);
			event_free(ev);
			assert_int_equal(t.news.list.at[0].kind, NOTICE_TELL);
			assert_string_equal(t.news.list.at[0].text, s->text);
		} else {
			assert_true(world_tick(t.w, "tell", TICK_DONE, NULL));
		}
		assert_int_equal(world_step(t.w, "tell")->state, STEP_IS_DONE);
		world_same(t.w);
		end(&t);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_failure_is_told_once),
		cmocka_unit_test(a_signature_that_is_waited_for_is_told),
		cmocka_unit_test(what_was_so_already_is_not_told),
		cmocka_unit_test(a_notify_step_is_told_or_ticked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
