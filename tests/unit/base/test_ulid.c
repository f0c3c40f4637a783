#include "base/ulid.h"

#include "unit.h"

#include <string.h>

static void
ids_carry_their_time_and_sort_by_it(void **state)
{
	static const int64_t times[] = {
		0, 1, 1469918176385, 1795186801234, (INT64_C(1) << 48) - 1};
	char id[ULID_LEN + 1], last[ULID_LEN + 1] = "";

	(void)state;
	for (size_t i = 0; i < COUNT(times); i++) {
		ulid_make((struct wall){.ms = times[i]}, id);
		assert_true(ulid_valid(id));
		assert_int_equal(ulid_time(id).ms, times[i]);
		assert_true(strcmp(id, last) > 0);
		memcpy(last, id, sizeof id);
	}
}

static void
the_time_part_is_the_published_one(void **state)
{
	char id[ULID_LEN + 1];

	(void)state;
	ulid_make((struct wall){.ms = 1469918176385}, id);
	assert_memory_equal(
		id, "01ARYZ6S41", 10); /* the example of the ULID specification */
}

static void
a_thousand_in_one_millisecond_differ(void **state)
{
	static char ids[1000][ULID_LEN + 1];
	bool seen[16][128] = {0};

	(void)state;
	for (size_t i = 0; i < COUNT(ids); i++) {
		ulid_make((struct wall){.ms = 1795186801234}, ids[i]);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(ids[i], ids[j]);
		for (size_t k = 0; k < 16; k++)
			seen[k][(unsigned char)ids[i][10 + k]] = true;
	}
	/* All 32 letters occur at all 16 random places. */
	for (size_t k = 0; k < 16; k++) {
		for (const char *c = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; *c != '\0'; c++)
			assert_true(seen[k][(unsigned char)*c]);
	}
}

static void
other_texts_are_refused(void **state)
{
	static const char *const bad[] = {"", "01ARYZ6S41TSV4RRFFQ69G5FA",
		"01ARYZ6S41TSV4RRFFQ69G5FAVX", "01aryz6s41tsv4rrffq69g5fav",
		"01ARYZ6S41TSV4RRFFQ69G5FAI", "01ARYZ6S41TSV4RRFFQ69G5FAU",
		"81ARYZ6S41TSV4RRFFQ69G5FAV", "01ARYZ6S41TSV4RRFFQ69G5F/V",
		"../../../../../../../../etc"};

	(void)state;
	assert_true(ulid_valid("01ARYZ6S41TSV4RRFFQ69G5FAV"));
	assert_true(ulid_valid("7ZZZZZZZZZZZZZZZZZZZZZZZZZ"));
	for (size_t i = 0; i < COUNT(bad); i++) {
		if (ulid_valid(bad[i]))
			fail_msg("taken for a ULID: %s", bad[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_carry_their_time_and_sort_by_it),
		cmocka_unit_test(the_time_part_is_the_published_one),
		cmocka_unit_test(a_thousand_in_one_millisecond_differ),
		cmocka_unit_test(other_texts_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
