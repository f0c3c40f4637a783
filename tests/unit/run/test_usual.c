#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/mem.h"
#include "run/usual.h"

static void
took(struct usual *u, const char *step, int ms, const char *verdict, const char *more)
{
	char data[160];
	struct event *ev;

	snprintf(data, sizeof data,
		"{\"host\":\"web1\",\"attempt\":1%s,\"exit\":0,\"took_ms\":%d,\"verdict\":\"%s\"}",
		more, ms, verdict);
	ev = event_new(EVENT_STEP_DONE, step, data);
	usual_event(u, ev);
	event_free(ev);
}

static void
the_half_and_nine_of_ten_by_what_ended_well(void **state)
{
	struct usual *u = usual_new();
	int n = -1;

	(void)state;
	assert_int_equal(usual_ms(u, "load", WAY_FORWARD, 50, &n), 0);
	assert_int_equal(n, 0);
	for (int i = 10; i >= 1; i--)
		took(u, "load", i * 100, i == 3 ? "warn" : "ok", "");
	took(u, "load", 90000, "fail", "");
	took(u, "load", 90000, "unknown", "");
	took(u, "load", 70, "ok", ",\"way\":\"back\"");
	assert_int_equal(usual_ms(u, "load", WAY_FORWARD, 50, &n), 500);
	assert_int_equal(n, 10);
	assert_int_equal(usual_ms(u, "load", WAY_FORWARD, 90, &n), 900);
	assert_int_equal(usual_ms(u, "load", WAY_BACK, 50, &n), 70);
	assert_int_equal(n, 1);
	assert_int_equal(usual_ms(u, "other", WAY_BACK, 50, &n), 0);
	took(u, "added-1", 70, "ok", ""); /* of one run: another command in the next */
	assert_int_equal(usual_ms(u, "added-1", WAY_FORWARD, 50, &n), 0);
	assert_int_equal(usual_ms(NULL, "load", WAY_BACK, 50, &n), 0);
	usual_free(u);
}

static void
however_many_there_are_it_stays_bounded(void **state)
{
	struct usual *u = usual_new();
	int n;

	(void)state;
	for (int i = 0; i < 1000; i++)
		took(u, "load", i, "ok", "");
	assert_int_equal(usual_ms(u, "load", WAY_FORWARD, 100, &n), 199);
	assert_int_equal(n, 200);
	usual_free(u);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_half_and_nine_of_ten_by_what_ended_well),
		cmocka_unit_test(however_many_there_are_it_stays_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
