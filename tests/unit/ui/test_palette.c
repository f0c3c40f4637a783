#include "ui/palette.h"

#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"

static enum palette_level
level_of(const char *theme, const char *color, int colors)
{
	struct err e = ERR_INIT;
	enum palette_level level;

	assert_true(palette_choose(&(struct palette_opts){.theme = theme, .color = color},
		colors, &level, &e));
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

/* Every role stands in the theme files that ship, with the attributes that are built in. */
static void
the_theme_files_say_what_is_built_in(void **state)
{
	static const struct {
		const char *name;
		int mono;
	} roles[] = {
#define X(id, name, mono) {name, mono},
		STYLES(X)
#undef X
	};
	static const struct {
		int attr;
		const char *word;
	} words[] = {{STYLE_BOLD, "bold"}, {STYLE_FAINT, "dim"},
		{STYLE_UNDERLINE, "underline"}, {STYLE_REVERSE, "reverse"}};
	static const char *const files[] = {"terminal", "mono"};

	(void)state;
	for (size_t i = 0; i < COUNT(files); i++) {
		char *path = mem_printf("%s/themes/%s.yaml", getenv("SRCDIR"), files[i]);
		struct str text = STR_INIT;
		struct err e = ERR_INIT;

		assert_true(file_read(path, 1 << 20, &text, &e));
		for (size_t r = 0; r < COUNT(roles); r++) {
			char *key = mem_printf("\n  %s: ", roles[r].name);
			char *row = strstr(text.buf, key), *end, *mono;

			assert_non_null(row);
			end = row + strcspn(row + 1, "\n") + 1;
			*end = '\0';
			mono = strstr(row, "mono:");
			assert_non_null(mono);
			for (size_t w = 0; w < COUNT(words); w++)
				assert_int_equal(strstr(mono, words[w].word) != NULL,
					(roles[r].mono & words[w].attr) != 0);
			*end = '\n';
			mem_free(key);
		}
		str_release(&text);
		mem_free(path);
	}
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
		cmocka_unit_test(the_theme_files_say_what_is_built_in),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
