#include "load/load.h"

#include "scratch.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"

static struct theme *
read_text(const char *name, const char *text, const struct theme *base, struct diags *d)
{
	struct source src = {
		.path = (char *)name, .text = (char *)text, .len = strlen(text)};

	return load_theme_text(&src, base, d);
}

static struct theme *
shipped(const char *name, const struct theme *base)
{
	char *path = mem_printf("%s/themes/%s.yaml", getenv("SRCDIR"), name);
	char *file = mem_printf("%s.yaml", name);
	struct str text = STR_INIT;
	struct diags d = {0};
	struct err e = ERR_INIT;
	struct theme *t;

	assert_true(file_read(path, 1 << 20, &text, &e));
	t = read_text(file, text.buf, base, &d);
	scratch_errors(&d, 0);
	assert_non_null(t);
	diags_release(&d);
	str_release(&text);
	mem_free(file);
	mem_free(path);
	return t;
}

/* What the manual promises of each: the worst case of all its texts and of all pairs of
 * states for four kinds of eyes, in 24-bit and in 256 colours. */
static const struct {
	const char *name;
	int contrast_pct, distance_tenths;
} promised[] = {
	{"terminal", 450, 200},
	{"night", 500, 340},
	{"day", 450, 250},
	{"high-contrast", 700, 240},
	{"cvd-safe", 600, 280},
	{"mono", 0, 0},
};

static void
every_shipped_theme_can_be_read_and_told_apart(void **state)
{
	struct theme *base = shipped("terminal", NULL);

	(void)state;
	for (size_t i = 0; i < COUNT(promised); i++) {
		struct theme *t = shipped(promised[i].name, base);
		struct diags d = {0};

		theme_check(t, &d);
		scratch_errors(&d, 0);
		diags_release(&d);
		for (int l = THEME_256; l <= THEME_TRUE; l++) {
			struct theme_measure m = theme_measure(t, l);

			if (m.contrast_pct < promised[i].contrast_pct ||
				m.distance_tenths < promised[i].distance_tenths)
				fail_msg("%s: contrast %d, distance %d", promised[i].name,
					m.contrast_pct, m.distance_tenths);
		}
		theme_free(t);
	}
	theme_free(base);
}

/* A screen without colour is the same for all of them, and its states differ by more than
 * colour: by attributes here, by words in the golden frames. */
static void
no_shipped_theme_changes_the_meaning_without_colour(void **state)
{
	struct theme *base = shipped("terminal", NULL), *fresh = theme_new("x", "x");

	(void)state;
	for (size_t i = 0; i < COUNT(promised); i++) {
		struct theme *t = shipped(promised[i].name, base);

		for (int s = 0; s < STYLE_COUNT; s++)
			assert_int_equal(theme_look(t, s, THEME_MONO).attrs,
				theme_look(fresh, s, THEME_MONO).attrs);
		theme_free(t);
	}
	theme_free(base);
	theme_free(fresh);
}

static void
mono_has_no_colour_at_any_level(void **state)
{
	struct theme *base = shipped("terminal", NULL), *t = shipped("mono", base);

	(void)state;
	for (int s = 0; s < STYLE_COUNT; s++)
		for (int l = 0; l < THEME_LEVEL_COUNT; l++) {
			assert_int_equal(theme_look(t, s, l).fg, THEME_DEFAULT);
			assert_int_equal(theme_look(t, s, l).bg, THEME_DEFAULT);
		}
	theme_free(t);
	theme_free(base);
}

static void
one_colour_is_enough_for_a_theme(void **state)
{
	struct theme *base = shipped("terminal", NULL), *t;
	struct diags d = {0};

	(void)state;
	t = read_text("mine.yaml",
		"handrail_theme: 1\nname: mine\nvars: {sky: \"#A7e2F6\"}\n"
		"roles:\n  title: {fg: $sky, attr: [bold, underline]}\n",
		base, &d);
	scratch_errors(&d, 0);
	assert_non_null(t);
	assert_int_equal(theme_look(t, STYLE_TITLE, THEME_TRUE).fg, 0xa7e2f6);
	assert_int_equal(theme_look(t, STYLE_TITLE, THEME_TRUE).attrs,
		STYLE_BOLD | STYLE_UNDERLINE);
	assert_int_equal(theme_look(t, STYLE_TITLE, THEME_256).fg, 152);
	assert_int_equal(theme_look(t, STYLE_FAIL, THEME_256).bg, 160);
	theme_free(t);
	theme_free(base);
	diags_release(&d);
}

static const struct {
	const char *text, *says;
	int line, col;
} slips[] = {
	{"handrail_theme: 2\nname: x\n", "format 1, not `2`", 1, 17},
	{"handrail_theme: 1\nname: y\n", "calls itself `y`", 2, 7},
	{"handrail_theme: 1\nname: x\ncolours: {}\n", "unknown key `colours`", 3, 1},
	{"handrail_theme: 1\nname: x\nroles:\n  state.fial: {fg: default}\n",
		"no role `state.fial`", 4, 3},
	{"handrail_theme: 1\nname: x\nroles:\n  title: {fg: \"#12345\"}\n",
		"`#12345` is no colour", 4, 15},
	{"handrail_theme: 1\nname: x\nroles:\n  title: {fg: $sky}\n",
		"no variable `$sky`", 4, 15},
	{"handrail_theme: 1\nname: x\nroles:\n  title: {c256: 7}\n",
		"`7` is none of the 256", 4, 17},
	{"handrail_theme: 1\nname: x\nroles:\n  title: {c16: [blak, red]}\n",
		"`blak` is none of the sixteen", 4, 17},
	{"handrail_theme: 1\nname: x\nroles:\n  title: {c16: [black, red, blue]}\n",
		"one or two", 4, 16},
	{"handrail_theme: 1\nname: x\nroles:\n  title: {attr: blinking}\n", "attr", 4,
		17},
	{"handrail_theme: 1\nname: x\nroles:\n  title: {colour: red}\n",
		"unknown key `colour`", 4, 11},
	{"handrail_theme: 1\nname: x\nroles: [a, b]\n", "`roles` can't be", 3, 8},
	{"- a\n", "is a mapping", 1, 1},
	{"", "", 0, 0},
};

static void
slips_are_told_with_their_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(slips); i++) {
		struct diags d = {0};
		struct theme *t = read_text("x.yaml", slips[i].text, NULL, &d);

		if (t || !d.errors)
			fail_msg("loads: %s", slips[i].text);
		if (!strstr(d.list.at[0].msg, slips[i].says) ||
			(slips[i].line &&
				(d.list.at[0].line != slips[i].line ||
					d.list.at[0].col != slips[i].col)))
			fail_msg("%s%d:%d: %s", slips[i].text, d.list.at[0].line,
				d.list.at[0].col, d.list.at[0].msg);
		diags_release(&d);
	}
}

static void
a_near_miss_is_guessed(void **state)
{
	struct diags d = {0};

	(void)state;
	read_text("x.yaml",
		"handrail_theme: 1\nname: x\nroles:\n  state.fial: {fg: default}\n", NULL,
		&d);
	assert_non_null(strstr(d.list.at[0].help, "`state.fail`"));
	diags_release(&d);
}

/* A theme cut off anywhere is a complaint or a theme, never a fault. */
static void
a_cut_theme_does_no_harm(void **state)
{
	char *path = mem_printf("%s/themes/night.yaml", getenv("SRCDIR"));
	struct str text = STR_INIT;
	struct err e = ERR_INIT;

	(void)state;
	assert_true(file_read(path, 1 << 20, &text, &e));
	for (size_t len = 0; len < text.len; len += 7) {
		struct source src = {
			.path = (char *)"night.yaml", .text = text.buf, .len = len};
		struct diags d = {0};
		struct theme *t = load_theme_text(&src, NULL, &d);

		assert_true(t || d.errors);
		theme_free(t);
		diags_release(&d);
	}
	str_release(&text);
	mem_free(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_shipped_theme_can_be_read_and_told_apart),
		cmocka_unit_test(no_shipped_theme_changes_the_meaning_without_colour),
		cmocka_unit_test(mono_has_no_colour_at_any_level),
		cmocka_unit_test(one_colour_is_enough_for_a_theme),
		cmocka_unit_test(slips_are_told_with_their_place),
		cmocka_unit_test(a_near_miss_is_guessed),
		cmocka_unit_test(a_cut_theme_does_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
