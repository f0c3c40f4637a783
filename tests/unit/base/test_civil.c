#include "base/civil.h"

#include "unit.h"

static void
days_and_dates_agree(void **state)
{
	struct dice d = DICE(1);

	(void)state;
	assert_int_equal(civil_days((struct civil){1970, 1, 1}), 0);
	assert_int_equal(civil_days((struct civil){2000, 3, 1}), 11017);
	for (int i = 0; i < 20000; i++) {
		int64_t days = (int64_t)dice_roll(&d, 3600000) - 700000;
		struct civil c = civil_of_days(days);

		assert_int_equal(civil_days(c), days);
		assert_true(civil_valid(c));
	}
}

static void
months_end_on_their_last_day(void **state)
{
	static const struct {
		struct civil from, to;
		unsigned months;
	} rows[] = {
		{{2026, 1, 31}, {2026, 2, 28}, 1},
		{{2028, 1, 31}, {2028, 2, 29}, 1},
		{{2026, 1, 31}, {2026, 3, 31}, 2},
		{{2026, 11, 30}, {2027, 2, 28}, 3},
		{{2024, 2, 29}, {2025, 2, 28}, 12},
		{{2026, 12, 15}, {2027, 1, 15}, 1},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct civil got = civil_add_months(rows[i].from, rows[i].months);

		assert_int_equal(civil_days(got), civil_days(rows[i].to));
	}
	assert_false(civil_valid((struct civil){2026, 2, 29}));
	assert_false(civil_valid((struct civil){2026, 13, 1}));
	assert_false(civil_valid((struct civil){2026, 0, 1}));
}

static void
weeks_begin_on_monday(void **state)
{
	(void)state;
	assert_int_equal(civil_weekday(civil_days((struct civil){2026, 11, 30})), 0);
	assert_int_equal(civil_weekday(civil_days((struct civil){2026, 11, 29})), 6);
	assert_int_equal(civil_weekday(civil_days((struct civil){1970, 1, 1})), 3);
	assert_int_equal(civil_weekday(civil_days((struct civil){1969, 12, 28})), 6);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(days_and_dates_agree),
		cmocka_unit_test(months_end_on_their_last_day),
		cmocka_unit_test(weeks_begin_on_monday),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
