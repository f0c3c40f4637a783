#include "share/storesql.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
every_version_is_there_once(void **state)
{
	struct str all = STR_INIT, none = STR_INIT;
	const char *at;
	int begins = 0;

	(void)state;
	assert_true(storesql_since(0, &all));
	for (at = all.buf; (at = strstr(at, "begin;\n-- version ")); at++)
		begins++;
	assert_int_equal(begins, storesql_version());
	assert_true(str_ends(&all, "\ncommit;\n"));
	assert_false(storesql_since(storesql_version(), &none));
	assert_int_equal(none.len, 0);
	str_release(&all);
}

static void
what_helps_is_said(void **state)
{
	(void)state;
	assert_non_null(strstr(storesql_cure("3F000"), "store init"));
	assert_non_null(strstr(storesql_cure("42501"), "grant"));
	assert_null(storesql_cure("53100"));
	assert_null(storesql_cure(""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_version_is_there_once),
		cmocka_unit_test(what_helps_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
