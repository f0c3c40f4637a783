#include "remote/pgservice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"

static void
drop(struct pairs *p)
{
	for (size_t i = 0; i < p->list.len; i++) {
		mem_free(p->list.at[i].key);
		mem_free(p->list.at[i].value);
	}
	vec_free(&p->list);
}

static void
one_section_is_read(void **state)
{
	static const char text[] =
		"# comment\n[other]\nhost=no\n\n[ni_site]\n"
		"  host=db.test  \nport=5433\n# c\npassword=a=b\n[ni_site]\nhost=second\n";
	struct pairs p = {0};
	struct err e = ERR_INIT;
	bool found = false;

	(void)state;
	assert_true(pgservice_parse(text, "ni_site", &p, &found, &e));
	assert_true(found);
	assert_int_equal(p.list.len, 3);
	assert_string_equal(pairs_get(&p, "host"), "db.test");
	assert_string_equal(pairs_get(&p, "port"), "5433");
	assert_string_equal(pairs_get(&p, "password"), "a=b");
	drop(&p);
}

static void
what_is_missing_or_broken_is_said(void **state)
{
	struct pairs p = {0};
	struct err e = ERR_INIT;
	bool found = true;

	(void)state;
	assert_true(pgservice_parse("[a]\nhost=x\n", "b", &p, &found, &e));
	assert_false(found);
	assert_false(pgservice_parse("[a]\nhost\n", "a", &p, &found, &e));
	assert_non_null(strstr(e.msg, "no NAME=VALUE"));
	drop(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_section_is_read),
		cmocka_unit_test(what_is_missing_or_broken_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
