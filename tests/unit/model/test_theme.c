#include "model/theme.h"

#include "unit.h"

#include <string.h>

static struct theme *
plain(void)
{
	return theme_new("x", "x.yaml");
}

static void
without_colours_the_meaning_decides(void **state)
{
	struct theme *t = plain();
	struct theme_look look = theme_look(t, STYLE_FAIL, THEME_TRUE);

	(void)state;
	assert_int_equal(look.fg, THEME_DEFAULT);
	assert_int_equal(look.bg, THEME_DEFAULT);
	assert_int_equal(look.attrs, STYLE_BOLD | STYLE_REVERSE);
	theme_free(t);
}

static void
a_side_that_is_not_given_is_that_of_the_page(void **state)
{
	struct theme *t = plain();
	struct theme_look look;

	(void)state;
	t->roles[STYLE_TEXT].pair[THEME_TRUE] = (struct theme_pair){0xd8dee9, 0x101418};
	t->roles[STYLE_OK].pair[THEME_TRUE].fg = 0x38fe90;
	look = theme_look(t, STYLE_OK, THEME_TRUE);
	assert_int_equal(look.fg, 0x38fe90);
	assert_int_equal(look.bg, 0x101418);
	assert_int_equal(look.attrs, STYLE_PLAIN);
	look = theme_look(t, STYLE_TITLE, THEME_TRUE);
	assert_int_equal(look.bg, 0x101418);
	assert_int_equal(look.attrs, STYLE_BOLD);
	theme_free(t);
}

static void
levels_are_made_from_their_neighbours_but_never_the_sixteen(void **state)
{
	struct theme *t = plain();

	(void)state;
	t->roles[STYLE_OK].pair[THEME_TRUE] = (struct theme_pair){0xfef40c, 0x101418};
	t->roles[STYLE_FAIL].pair[THEME_256] = (struct theme_pair){231, 160};
	assert_int_equal(theme_look(t, STYLE_OK, THEME_256).fg, 226);
	assert_int_equal(theme_look(t, STYLE_OK, THEME_256).bg, 233);
	assert_int_equal(theme_look(t, STYLE_OK, THEME_16).fg, THEME_DEFAULT);
	assert_int_equal(theme_look(t, STYLE_FAIL, THEME_TRUE).fg, 0xffffff);
	assert_int_equal(theme_look(t, STYLE_FAIL, THEME_TRUE).bg, 0xd70000);
	assert_int_equal(theme_look(t, STYLE_FAIL, THEME_MONO).fg, THEME_DEFAULT);
	theme_free(t);
}

static size_t
complaints(struct theme *t, const char *id)
{
	struct diags d = {0};
	size_t n = 0;

	theme_check(t, &d);
	for (size_t i = 0; i < d.list.len; i++)
		n += strcmp(d.list.at[i].id, id) == 0;
	diags_release(&d);
	return n;
}

static void
each_rule_finds_what_it_is_for(void **state)
{
	struct theme *t = plain();

	(void)state;
	assert_int_equal(complaints(t, "E-THEME-001"), 0);
	t->roles[STYLE_TEXT].pair[THEME_TRUE] = (struct theme_pair){0x777777, 0xffffff};
	assert_true(complaints(t, "E-THEME-001") > 0);
	t->roles[STYLE_TEXT].pair[THEME_TRUE] = (struct theme_pair){0x000000, 0xffffff};
	assert_int_equal(complaints(t, "E-THEME-001"), 0);
	/* a red and a green that one man in twelve sees as one colour */
	t->roles[STYLE_OK].pair[THEME_TRUE].fg = 0x006400;
	t->roles[STYLE_FAIL].pair[THEME_TRUE].fg = 0x8b2500;
	assert_true(complaints(t, "E-THEME-002") > 0);
	assert_int_equal(complaints(t, "E-THEME-003"), 0);
	t->roles[STYLE_WARN].pair[THEME_16].fg = 3;
	assert_int_equal(complaints(t, "E-THEME-003"), 1);
	assert_int_equal(complaints(t, "E-THEME-004"), 0);
	t->roles[STYLE_RUN].mono = STYLE_PLAIN;
	assert_int_equal(complaints(t, "E-THEME-004"), 1);
	theme_free(t);
}

static void
high_contrast_is_held_to_its_word(void **state)
{
	struct theme *t = plain();

	(void)state;
	t->roles[STYLE_TEXT].pair[THEME_TRUE] = (struct theme_pair){0x595959, 0xffffff};
	assert_int_equal(complaints(t, "E-THEME-001"), 0);
	t->roles[STYLE_DIM].pair[THEME_TRUE].fg = 0x6e6e6e;
	assert_int_equal(complaints(t, "E-THEME-001"), 0);
	t->high = true;
	assert_true(complaints(t, "E-THEME-001") > 0);
	theme_free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_colours_the_meaning_decides),
		cmocka_unit_test(a_side_that_is_not_given_is_that_of_the_page),
		cmocka_unit_test(
			levels_are_made_from_their_neighbours_but_never_the_sixteen),
		cmocka_unit_test(each_rule_finds_what_it_is_for),
		cmocka_unit_test(high_contrast_is_held_to_its_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
