#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "model/sqltext.h"

static const char *
value(void *ctx, const char *name)
{
	(void)ctx;
	return strcmp(name, "id") == 0 ? "7; drop table t" : NULL;
}

static void
statements_stand_apart_and_values_beside_them(void **state)
{
	static const struct {
		const char *text, *want; /* statements by |, values by = */
	} rows[] = {
		{"select 1", "select 1"},
		{"select 1;\n select 2;\n", "select 1|\n select 2"},
		{"insert into t values (';', 'it''s; so')",
			"insert into t values (';', 'it''s; so')"},
		{"select E'a\\'; b'; select 'a\\'; select 3",
			"select E'a\\'; b'| select 'a\\'| select 3"},
		{"create function f() returns int as $x$ begin; end; $x$ language sql; select 2",
			"create function f() returns int as $x$ begin; end; $x$ language sql| select 2"},
		{"do $$ begin perform 1; end $$", "do $$ begin perform 1; end $$"},
		{"select \"a;b\" -- x; y\n from t /* a; /* b; */ c; */;",
			"select \"a;b\" -- x; y\n from t /* a; /* b; */ c; */"},
		{"delete from t where id = ${id}; select ${id}, ${id}",
			"delete from t where id = $1=7; drop table t| select $1, $2=7; drop table t=7; drop table t"},
		{"select '$${x}', a$b", "select '$${x}', a$b"},
		{"-- only this\n; ;select 1", "select 1"},
		{"savepoint a; rollback to a", "savepoint a| rollback to a"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct err e = ERR_INIT;
		struct str got = STR_INIT;
		struct sqltext t;

		assert_true(sqltext_read(rows[i].text, value, NULL, &t, &e));
		for (size_t k = 0; k < t.list.len; k++) {
			str_addf(&got, "%s%s", k ? "|" : "", t.list.at[k].text);
			for (size_t n = 0; n < t.list.at[k].params.list.len; n++)
				str_addf(&got, "=%s", t.list.at[k].params.list.at[n]);
		}
		assert_string_equal(got.buf, rows[i].want);
		str_release(&got);
		sqltext_release(&t);
	}
}

static void
what_cannot_be_sent_is_said(void **state)
{
	static const struct {
		const char *text, *says;
	} rows[] = {
		{"", "no statement"},
		{" -- nothing\n", "no statement"},
		{"select 'open", "does not end"},
		{"select $a$ open $b$", "does not end"},
		{"/* open", "does not end"},
		{"select '${id}'", "${id} stands in quotes"},
		{"select ${other}", "other has no value"},
		{"select ${id", "has no }"},
		{"select 1; COMMIT; select 2", "COMMIT"},
		{"/* x */ begin", "one transaction"},
		{"rollback", "one transaction"},
		{"prepare transaction 'a'", "one transaction"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct err e = ERR_INIT;
		struct sqltext t;

		assert_false(sqltext_read(rows[i].text, value, NULL, &t, &e));
		assert_non_null(strstr(e.msg, rows[i].says));
		assert_int_equal(t.list.len, 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(statements_stand_apart_and_values_beside_them),
		cmocka_unit_test(what_cannot_be_sent_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
