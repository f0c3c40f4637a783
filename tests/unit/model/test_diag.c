#include "model/diag.h"

#include "unit.h"

static void
prints_what_where_why_and_what_to_do(void **state)
{
	struct diags d = {0};
	struct str out = STR_INIT;

	(void)state;
	diag_add(&d, DIAG_WARNING, "W-X-002", (struct spot){"b.yaml", 9, 2}, NULL, NULL,
		"late");
	diag_add(&d, DIAG_ERROR, "E-X-001", (struct spot){"a.yaml", 3, 7}, "why",
		"do this", "no key `%s`", "x");
	diag_add(&d, DIAG_ERROR, "E-X-003", (struct spot){"a.yaml", 3, 7}, NULL, NULL,
		"second");
	diag_add(&d, DIAG_ERROR, "E-X-004", (struct spot){"a.yaml", 0, 0}, NULL, NULL,
		"whole");
	diags_sort(&d);
	diags_print(&d, &out);
	assert_string_equal(out.buf,
		"a.yaml: error: whole [E-X-004]\n"
		"a.yaml:3:7: error: no key `x` [E-X-001]\n"
		"  reason: why\n"
		"  help: do this\n"
		"a.yaml:3:7: error: second [E-X-003]\n"
		"b.yaml:9:2: warning: late [W-X-002]\n");
	assert_int_equal(d.errors, 3);
	assert_int_equal(d.warnings, 1);
	str_release(&out);
	diags_release(&d);
}

static void
counts_more_than_it_keeps(void **state)
{
	struct diags d = {0};
	struct str out = STR_INIT;

	(void)state;
	for (int i = 0; i < DIAGS_MAX + 5; i++)
		diag_add(&d, DIAG_ERROR, "E", (struct spot){"a", i, 1}, NULL, NULL, "x");
	assert_int_equal(d.list.len, DIAGS_MAX);
	assert_int_equal(d.errors, DIAGS_MAX + 5);
	diags_print(&d, &out);
	assert_true(str_ends(&out, "and 5 more\n"));
	str_release(&out);
	diags_release(&d);
}

static void
a_fix_is_told_and_copied(void **state)
{
	struct diags d = {0}, copy = {0};
	struct str out = STR_INIT;
	struct diag *one;

	(void)state;
	one = diag_add(&d, DIAG_ERROR, "E-X-001", (struct spot){"a", 3, 7}, NULL, NULL,
		"no key `x`");
	assert_non_null(one);
	diag_means(one, "x", "y");
	diag_means(one, "x", "z"); /* the first word counts */
	assert_string_equal(one->meant, "y");
	one->fix = (struct diag_fix){4, 1, mem_strdup("y"), mem_strdup("done")};
	diag_copy(&copy, one);
	diags_release(&d);
	diags_print(&copy, &out);
	assert_string_equal(out.buf, "a:3:7: error: no key `x` [E-X-001] (fixable)\n");
	assert_string_equal(copy.list.at[0].fix.done, "done");
	assert_int_equal(copy.list.at[0].fix.at, 4);
	str_release(&out);
	diags_release(&copy);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prints_what_where_why_and_what_to_do),
		cmocka_unit_test(counts_more_than_it_keeps),
		cmocka_unit_test(a_fix_is_told_and_copied),
	};

	return cmocka_run_group_tests_name("diag", tests, NULL, NULL);
}
