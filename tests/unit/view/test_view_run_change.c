/* What a check found beside what was there when the run began. */

#include "unit.h"

#include <stdio.h>

#include "view/view_run.h"

static void
says(enum verdict verdict, const char *before, const char *message, const char *want)
{
	char was[80], now[80];
	struct reading rd = {.verdict = verdict, .before = was, .message = now};
	struct str out = STR_INIT;

	snprintf(was, sizeof was, "%s", before);
	snprintf(now, sizeof now, "%s", message);
	assert_true(view_run_change(&rd, &out));
	assert_string_equal(out.buf, want);
	str_release(&out);
}

static void
both_sides_are_measured_values(void **state)
{
	(void)state;
	says(VERDICT_OK, "fail status 503, wanted 200, 12 ms", "status 200, 43 ms",
		"fail status 503 -> status 200");
	says(VERDICT_FAIL, "ok status 200, 40 ms", "status 503, wanted 200, 12 ms",
		"status 200 -> fail status 503");
	says(VERDICT_OK, "ok status 200, 40 ms", "status 200, 43 ms",
		"status 200 as before");
	says(VERDICT_UNKNOWN, "fail value 3", "timed out after 5 s; asked again",
		"fail value 3 -> unknown timed out after 5 s");
}

static void
without_a_before_nothing_is_said(void **state)
{
	struct reading rd = {.verdict = VERDICT_OK};
	struct str out = STR_INIT;

	(void)state;
	assert_false(view_run_change(&rd, &out));
	assert_string_equal(out.buf, "");
	str_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_sides_are_measured_values),
		cmocka_unit_test(without_a_before_nothing_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
