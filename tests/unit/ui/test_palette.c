#include "ui/palette.h"

#include "unit.h"

#include <stdlib.h>

static enum palette_level
level_of(const char *theme, const char *color, int colors)
{
	struct err e = ERR_INIT;
	enum palette_level level;

	assert_true(palette_choose(
		&(struct palette_opts){.theme = theme, .color = color}, colors, &level, &e));
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
	assert_int_equal(level_of(NULL, NULL, 256), PALETTE_256);
	assert_int_equal(level_of(NULL, NULL, 1 << 24), PALETTE_256);
	assert_int_equal(level_of(NULL, "auto", 8), PALETTE_16);
	assert_int_equal(level_of(NULL, NULL, -1), PALETTE_MONO);
}

static void
no_color_counts_unless_somebody_asked(void **state)
{
	(void)state;
	setenv("NO_COLOR", "1", 1);
	assert_int_equal(level_of(NULL, NULL, 256), PALETTE_MONO);
	assert_int_equal(level_of(NULL, "256", 256), PALETTE_256);
	setenv("NO_COLOR", "", 1);
	assert_int_equal(level_of(NULL, NULL, 256), PALETTE_256);
}

static void
the_flag_beats_the_environment(void **state)
{
	(void)state;
	setenv("HANDRAIL_COLOR", "never", 1);
	assert_int_equal(level_of(NULL, NULL, 256), PALETTE_MONO);
	assert_int_equal(level_of(NULL, "16", 256), PALETTE_16);
}

static void
mono_is_mono(void **state)
{
	(void)state;
	assert_int_equal(level_of("mono", "256", 256), PALETTE_MONO);
}

static void
more_than_the_terminal_has_is_not_promised(void **state)
{
	(void)state;
	assert_int_equal(level_of(NULL, "256", 8), PALETTE_16);
	assert_int_equal(level_of(NULL, "16", 0), PALETTE_MONO);
}

static void
unknown_names_are_refused(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	assert_false(palette_valid(&(struct palette_opts){.theme = "neon"}, &e));
	assert_int_equal(e.kind, ERR_INPUT);
	assert_false(palette_valid(&(struct palette_opts){.color = "many"}, &e));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(the_terminal_decides_when_nobody_does, clean),
		cmocka_unit_test_setup(no_color_counts_unless_somebody_asked, clean),
		cmocka_unit_test_setup(the_flag_beats_the_environment, clean),
		cmocka_unit_test_setup(mono_is_mono, clean),
		cmocka_unit_test_setup(more_than_the_terminal_has_is_not_promised, clean),
		cmocka_unit_test_setup(unknown_names_are_refused, clean),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
