#include "ui/palette.h"

#include "unit.h"

#include <stdlib.h>
#include <string.h>

static enum theme_level
level_of(const char *color, int colors)
{
	struct err e = ERR_INIT;
	enum theme_level level;

	assert_true(palette_choose(
		&(struct palette_opts){.color = color}, colors, &level, &e));
	return level;
}

static int
clean(void **state)
{
	(void)state;
	unsetenv("NO_COLOR");
	unsetenv("HANDRAIL_COLOR");
	return 0;
}

static void
the_terminal_decides_when_nobody_does(void **state)
{
	(void)state;
	assert_int_equal(level_of(NULL, 256), THEME_256);
	assert_int_equal(level_of(NULL, 1 << 24), THEME_TRUE);
	assert_int_equal(level_of("auto", 8), THEME_16);
	assert_int_equal(level_of(NULL, -1), THEME_MONO);
}

static void
no_color_counts_unless_somebody_asked(void **state)
{
	(void)state;
	setenv("NO_COLOR", "1", 1);
	assert_int_equal(level_of(NULL, 256), THEME_MONO);
	assert_int_equal(level_of("256", 256), THEME_256);
	setenv("NO_COLOR", "", 1);
	assert_int_equal(level_of(NULL, 256), THEME_256);
}

static void
the_flag_beats_the_environment(void **state)
{
	(void)state;
	setenv("HANDRAIL_COLOR", "never", 1);
	assert_int_equal(level_of(NULL, 256), THEME_MONO);
	assert_int_equal(level_of("16", 256), THEME_16);
}

static void
more_than_the_terminal_has_is_not_promised(void **state)
{
	(void)state;
	assert_int_equal(level_of("256", 8), THEME_16);
	assert_int_equal(level_of("16", 0), THEME_MONO);
}

static void
true_colour_is_asked_for_or_announced(void **state)
{
	const struct palette_opts nothing = {.color = NULL},
				  true_colour = {.color = "true"},
				  less = {.color = "256"};

	(void)state;
	unsetenv("COLORTERM");
	assert_false(palette_wants_true(&nothing));
	assert_true(palette_wants_true(&true_colour));
	setenv("COLORTERM", "truecolor", 1);
	assert_true(palette_wants_true(&nothing));
	assert_false(palette_wants_true(&less));
	setenv("NO_COLOR", "1", 1);
	assert_false(palette_wants_true(&nothing));
	assert_true(palette_wants_true(&true_colour));
	unsetenv("COLORTERM");
}

static void
unknown_names_are_refused(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	assert_false(palette_valid("many", &e));
	assert_int_equal(e.kind, ERR_INPUT);
	assert_true(palette_valid("true", &e));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(the_terminal_decides_when_nobody_does, clean),
		cmocka_unit_test_setup(no_color_counts_unless_somebody_asked, clean),
		cmocka_unit_test_setup(the_flag_beats_the_environment, clean),
		cmocka_unit_test_setup(true_colour_is_asked_for_or_announced, clean),
		cmocka_unit_test_setup(more_than_the_terminal_has_is_not_promised, clean),
		cmocka_unit_test_setup(unknown_names_are_refused, clean),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
