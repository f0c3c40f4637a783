/* Waits can be made shorter for a test, never longer. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "remote/pace.h"

static void
only_a_smaller_share_counts(void **state)
{
	static const struct {
		const char *set;
		int64_t of_a_minute;
	} rows[] = {
		{NULL, 60000},
		{"10", 6000},
		{"1", 600},
		{"100", 60000},
		{"500", 60000},
		{"0", 60000},
		{"-3", 60000},
		{"fast", 60000},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (rows[i].set)
			setenv("HANDRAIL_TEST_PACE", rows[i].set, 1);
		else
			unsetenv("HANDRAIL_TEST_PACE");
		assert_int_equal(pace_ms(60000), rows[i].of_a_minute);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_a_smaller_share_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
