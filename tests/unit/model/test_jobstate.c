/* The table of job states: names both ways, and words for each. */

#include "unit.h"

#include <string.h>

#include "model/jobstate.h"

static void
names_go_both_ways(void **state)
{
	(void)state;
	for (int i = 0; i < JOB_STATE_COUNT; i++) {
		assert_true(jobstate_is_name(jobstate_name(i)));
		assert_int_equal(jobstate_by_name(jobstate_name(i)), i);
	}
	assert_false(jobstate_is_name("levitating"));
	assert_false(jobstate_is_name(NULL));
	assert_int_equal(jobstate_by_name("levitating"), JOB_UNKNOWN);
	assert_int_equal(jobstate_by_name(NULL), JOB_UNKNOWN);
}

static void
every_state_has_a_sentence(void **state)
{
	(void)state;
	for (int i = 0; i < JOB_STATE_COUNT; i++) {
		const char *means = jobstate_means(i), *look = jobstate_look(i);

		assert_true(strlen(means) > 5);
		assert_true(means[strlen(means) - 1] != '.'); /* it goes on elsewhere */
		if (*look)
			assert_int_equal(look[strlen(look) - 1], '.');
	}
}

/* The states in which an outcome stays unknown tell where to look, the others nothing. */
static void
what_stays_unknown_says_where_to_look(void **state)
{
	static const enum job_state unknown[] = {JOB_ABSENT, JOB_LOST_REBOOT,
		JOB_LOST_KILLED, JOB_ELSEWHERE, JOB_UNANSWERED, JOB_UNKNOWN};
	size_t found = 0;

	(void)state;
	for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
		assert_string_not_equal(jobstate_look(unknown[i]), "");
	for (int i = 0; i < JOB_STATE_COUNT; i++)
		found += *jobstate_look(i) != 0;
	assert_int_equal(found, sizeof unknown / sizeof *unknown);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_go_both_ways),
		cmocka_unit_test(every_state_has_a_sentence),
		cmocka_unit_test(what_stays_unknown_says_where_to_look),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
