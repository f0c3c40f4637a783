#include "model/subst.h"

#include "unit.h"

#include <string.h>

#include "base/mem.h"

static const char *
lookup(const void *ctx, const char *name)
{
	(void)ctx;
	if (str_eq(name, "host"))
		return "db 1";
	if (str_eq(name, "file"))
		return "a/b";
	if (str_eq(name, "up"))
		return "x/../y";
	if (str_eq(name, "base"))
		return "http://[::1]:80/a b";
	return str_eq(name, "empty") ? "" : NULL;
}

static void
encodes_each_value_for_its_place(void **state)
{
	static const struct {
		const char *text;
		enum subst_as as;
		const char *want; /* NULL: refused */
	} rows[] = {
		{"", SUBST_TEXT, ""},
		{"no names $HOME $5", SUBST_TEXT, "no names $HOME $5"},
		{"on ${host}.", SUBST_TEXT, "on db 1."},
		{"${host}${empty}${host}", SUBST_TEXT, "db 1db 1"},
		{"$${host} ${host}", SUBST_TEXT, "${host} db 1"},
		{"${host", SUBST_TEXT, "${host"},
		{"http://h/${host}?f=${file}", SUBST_URL, "http://h/db%201?f=a%2Fb"},
		{"${base}/v1?f=${base}", SUBST_URL,
			"http://[::1]:80/a%20b/v1?f=http%3A%2F%2F%5B%3A%3A1%5D%3A80%2Fa%20b"},
		{"/srv/${file}", SUBST_PATH, "/srv/a/b"},
		{"/srv/${up}", SUBST_PATH, NULL},
		{"${nope}", SUBST_TEXT, NULL},
		{"${}", SUBST_TEXT, NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct str out = STR_INIT;
		struct err e = ERR_INIT;
		bool ok = subst_expand(rows[i].text, rows[i].as, lookup, NULL, &out, &e);

		assert_int_equal(ok, rows[i].want != NULL);
		if (ok)
			assert_string_equal(out.buf, rows[i].want);
		else
			assert_int_equal(e.kind, ERR_INPUT);
		str_release(&out);
	}
}

static void
collect(void *ctx, const char *name)
{
	str_addf(ctx, "%s,", name);
}

static void
lists_the_names_of_a_text(void **state)
{
	struct str out = STR_INIT;

	(void)state;
	subst_names("${a} $${b} $c ${d", collect, &out);
	subst_names(NULL, collect, &out);
	subst_names("${e}${f}", collect, &out);
	assert_string_equal(out.buf, "a,e,f,");
	str_release(&out);
}

static void
refuses_names_a_shell_gives_meaning_to(void **state)
{
	static const char *const good[] = {
		"a", "_x1", "users", "paths", "abcdefghijklmnopqrstuvwxyz012345"};
	static const char *const bad[] = {"", "1a", "A", "a-b", "path", "ifs", "env",
		"home", "ld_preload", "abcdefghijklmnopqrstuvwxyz0123456", "\xc3\xbc"};

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++)
		assert_true(subst_valid_name(good[i]));
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(subst_valid_name(bad[i]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(encodes_each_value_for_its_place),
		cmocka_unit_test(lists_the_names_of_a_text),
		cmocka_unit_test(refuses_names_a_shell_gives_meaning_to),
	};

	return cmocka_run_group_tests_name("subst", tests, NULL, NULL);
}
