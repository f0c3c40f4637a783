#include "unit.h"

#include "base/mem.h"
#include "model/review.h"

static struct wall
at(const char *stamp)
{
	struct wall w = {0};

	assert_true(stamp_parse(stamp, &w));
	return w;
}

static void
it_is_due_after_its_time(void **state)
{
	(void)state;
	assert_int_equal(review_due("2026-01-01", 86400000LL * 90).ms,
		at("2026-04-01T00:00:00Z").ms);
	assert_int_equal(review_due("2026-01-01", 0).ms, 0);
	assert_int_equal(review_due(NULL, 1).ms, 0);
	assert_int_equal(review_due("soon", 1).ms, 0);
}

static void
it_is_late_from_then_on(void **state)
{
	struct runbook *rb = runbook_new();
	char day[STAMP_BYTES] = "";

	(void)state;
	assert_false(review_is_late(rb, at("2030-01-01T00:00:00Z"), day));
	rb->reviewed_last = mem_strdup("2026-01-01");
	rb->reviewed_every_ms = 86400000LL * 90;
	assert_false(review_is_late(rb, at("2026-03-31T23:59:59Z"), day));
	assert_true(review_is_late(rb, at("2026-04-01T00:00:00Z"), day));
	assert_string_equal(day, "2026-04-01");
	runbook_unref(rb);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_due_after_its_time),
		cmocka_unit_test(it_is_late_from_then_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
