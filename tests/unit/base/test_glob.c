#include "base/glob.h"

#include "unit.h"

static void
star_is_any_text_and_nothing_else_is_special(void **state)
{
	static const struct {
		const char *glob, *text;
		bool holds;
	} rows[] = {
		{"v1*", "v1.14.2", true},
		{"v1*", "v1", true},
		{"v1*", "w1", false},
		{"*", "", true},
		{"", "", true},
		{"", "x", false},
		{"a*c*e", "abcde", true},
		{"a*c*e", "abcdef", false},
		{"*.gz", "x.gz.gz", true},
		{"?", "x", false},
		{"[a]", "a", false},
		{"**", "x", true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (glob_fits(rows[i].glob, rows[i].text) != rows[i].holds)
			fail_msg("%s against %s", rows[i].glob, rows[i].text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(star_is_any_text_and_nothing_else_is_special),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
