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

/* Nothing that stands in public is called, in no version and by no function. */
static void
no_search_path_is_trusted(void **state)
{
	static const char path[] = "set local search_path = pg_catalog, pg_temp;\n",
			  own[] = "set search_path = pg_catalog, pg_temp as $$";
	struct str text = STR_INIT;
	const char *at, *end, *set;
	int functions = 0, bound = 0;

	(void)state;
	assert_true(storesql_since(0, &text));
	for (at = text.buf; (at = strstr(at, "begin;\n-- version ")); at = end) {
		end = strstr(at, "\ncommit;\n");
		set = strstr(at, path);
		assert_true(set && set < end);
		for (at += strlen("begin;\n"); at < set; at = strchr(at, '\n') + 1)
			assert_true(*at == '\n' || strncmp(at, "--", 2) == 0);
	}
	for (at = text.buf; (at = strstr(at, "create function ")); at++)
		functions++;
	for (at = text.buf; (at = strstr(at, own)); at++)
		bound++;
	assert_int_equal(bound, functions);
	str_release(&text);
}

static void
what_helps_is_said(void **state)
{
	(void)state;
	assert_non_null(strstr(storesql_cure("3F000"), "store init"));
	assert_non_null(strstr(storesql_cure("42501"), "grant"));
	assert_non_null(
		strstr(storesql_cure("55P03"), "somebody holds the lock of this run"));
	assert_non_null(
		strstr(storesql_cure("57014"), "somebody holds the lock of this run"));
	assert_null(storesql_cure("53100"));
	assert_null(storesql_cure(""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_version_is_there_once),
		cmocka_unit_test(no_search_path_is_trusted),
		cmocka_unit_test(what_helps_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
