#include "base/json.h"

#include "unit.h"

#include <string.h>

#include "base/mem.h"

static struct json *
parsed(const char *text)
{
	struct err e = ERR_INIT;
	struct json *j = json_parse(text, strlen(text), &e);

	if (j == NULL)
		fail_msg("%s: %s", text, e.msg);
	return j;
}

static void
members_are_found_and_typed(void **state)
{
	struct json *j = parsed(
		"{\"s\":\"x\",\"i\":-7,\"r\":1.5,\"t\":true,\"f\":false,\"n\":null,"
		"\"a\":[1,2],\"o\":{\"k\":\"v\"}}");
	const struct json_node *n = json_root(j);
	double number;

	(void)state;
	assert_int_equal(json_type_of(n), JSON_OBJECT);
	assert_int_equal(json_len(n), 8);
	assert_string_equal(json_str(n, "s", "-"), "x");
	assert_int_equal(json_int(n, "i", 0), -7);
	assert_true(json_bool(n, "t", false));
	assert_false(json_bool(n, "f", true));
	assert_true(json_number(json_get(n, "r"), &number));
	assert_true(number == 1.5);
	assert_true(json_number(json_get(n, "i"), &number));
	assert_true(number == -7);
	assert_int_equal(json_type_of(json_get(n, "n")), JSON_NULL);
	assert_int_equal(json_type_of(json_get(n, "r")), JSON_REAL);
	assert_int_equal(json_type_of(json_get(n, "t")), JSON_BOOL);
	assert_int_equal(json_type_of(json_get(n, "i")), JSON_INT);
	assert_int_equal(json_type_of(json_get(n, "s")), JSON_STRING);
	assert_int_equal(json_len(json_get(n, "a")), 2);
	assert_string_equal(json_str(json_get(n, "o"), "k", "-"), "v");
	json_free(j);
}

static void
absent_or_other_gives_the_fallback(void **state)
{
	struct json *j = parsed("{\"s\":\"x\",\"i\":3}");
	const struct json_node *n = json_root(j);
	double number;

	(void)state;
	assert_string_equal(json_str(n, "i", "no"), "no");
	assert_null(json_str(n, "zz", NULL));
	assert_int_equal(json_int(n, "s", 9), 9);
	assert_true(json_bool(n, "s", true));
	assert_false(json_number(json_get(n, "s"), &number));
	assert_null(json_get(json_get(n, "s"), "x"));
	assert_null(json_at(n, 0));
	assert_null(json_get(NULL, "x"));
	assert_null(json_text(NULL));
	assert_null(json_key_at(NULL, 0));
	assert_null(json_value_at(NULL, 0));
	assert_null(json_pointer(NULL, ""));
	assert_int_equal(json_len(NULL), 0);
	assert_int_equal(json_len(json_get(n, "s")), 0);
	assert_null(json_root(NULL));
	json_free(j);
	json_free(NULL);
}

static void
keys_stand_in_document_order(void **state)
{
	struct json *j = parsed(
		"{\"zeta\":1,\"alpha\":2,\"mid\":3,\"10\":4,\"9\":5,\"aa\":6,\"b\":7,"
		"\"c\":8,\"d\":9,\"e\":10,\"f\":11}");
	static const char *const want[] = {
		"zeta", "alpha", "mid", "10", "9", "aa", "b", "c", "d", "e", "f"};
	const struct json_node *n = json_root(j);
	struct str text = STR_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(want); i++) {
		assert_string_equal(json_key_at(n, i), want[i]);
		json_scalar_text(json_value_at(n, i), &text);
	}
	assert_string_equal(text.buf, "1234567891011");
	assert_null(json_key_at(n, COUNT(want)));
	assert_null(json_value_at(n, COUNT(want)));
	str_release(&text);
	json_free(j);
}

/* The examples of RFC 6901, and what must lead nowhere. */
static void
pointers_lead_where_the_standard_says(void **state)
{
	static const struct {
		const char *pointer, *value;
	} rows[] = {
		{"/foo/0", "bar"},
		{"/", "0"},
		{"/a~1b", "1"},
		{"/c%d", "2"},
		{"/e^f", "3"},
		{"/g|h", "4"},
		{"/i\\j", "5"},
		{"/k\"l", "6"},
		{"/ ", "7"},
		{"/m~0n", "8"},
		{"/foo/1", "baz"},
		{"/foo/2", NULL},
		{"/foo/00", NULL},
		{"/foo/01", NULL},
		{"/foo/-", NULL},
		{"/foo/-1", NULL},
		{"/foo/+1", NULL},
		{"/foo/", NULL},
		{"/foo/99999999999999999999", NULL},
		{"/none", NULL},
		{"/foo/0/x", NULL},
		{"foo", NULL},
		{"/m~n", NULL},
		{"/m~", NULL},
		{"/m~2", NULL},
		{"/o/p/q", "deep"},
	};
	struct json *j = parsed(
		"{\"foo\":[\"bar\",\"baz\"],\"\":0,\"a/b\":1,\"c%d\":2,\"e^f\":3,"
		"\"g|h\":4,\"i\\\\j\":5,\"k\\\"l\":6,\" \":7,\"m~n\":8,"
		"\"o\":{\"p\":{\"q\":\"deep\"}}}");

	(void)state;
	assert_ptr_equal(json_pointer(json_root(j), ""), json_root(j));
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct str text = STR_INIT;
		const struct json_node *n = json_pointer(json_root(j), rows[i].pointer);
		if ((n != NULL) != (rows[i].value != NULL))
			fail_msg("%s", rows[i].pointer);
		if (n != NULL) {
			assert_true(json_scalar_text(n, &text));
			assert_string_equal(text.buf, rows[i].value);
		}
		str_release(&text);
	}
	json_free(j);
}

static void
scalars_read_as_expectations_compare_them(void **state)
{
	static const struct {
		const char *json, *text;
	} rows[] = {
		{"true", "true"},
		{"false", "false"},
		{"12", "12"},
		{"-0", "0"},
		{"1.5", "1.5"},
		{"1.10", "1.1"},
		{"2.0", "2"},
		{"1e3", "1000"},
		{"0.1", "0.1"},
		{"1e-7", "1e-07"},
		{"0.30000000000000004", "0.30000000000000004"},
		{"9007199254740993", "9007199254740993"},
		{"\"text\"", "text"},
		{"\"\"", ""},
		{"null", NULL},
		{"[]", NULL},
		{"{}", NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct json *j = parsed(rows[i].json);
		struct str text = STR_INIT;
		assert_int_equal(
			json_scalar_text(json_root(j), &text), rows[i].text != NULL);
		if (rows[i].text != NULL)
			assert_string_equal(text.buf, rows[i].text);
		str_release(&text);
		json_free(j);
	}
}

static void
a_nul_inside_is_kept_but_is_no_text(void **state)
{
	struct json *j = parsed("\"ok\\u0000bad\"");
	struct str text = STR_INIT;

	(void)state;
	assert_null(json_text(json_root(j)));
	assert_true(json_scalar_text(json_root(j), &text));
	assert_int_equal(text.len, 6);
	str_reset(&text);
	json_write(json_root(j), &text);
	assert_string_equal(text.buf, "\"ok\\u0000bad\"");
	str_release(&text);
	json_free(j);
}

static void
writing_is_compact_and_stable(void **state)
{
	static const char in[] =
		" { \"b\" : [ 1 , 2.5, 2.0, \"\\u00e9\\n\" , { } , [ ] ] ,\n"
		" \"a\" : { \"x\" : null , \"y\" : true } } ";
	static const char want[] =
		"{\"b\":[1,2.5,2.0,\"é\\n\",{},[]],\"a\":{\"x\":null,\"y\":true}}";
	struct json *j = parsed(in);
	struct str once = STR_INIT, twice = STR_INIT;

	(void)state;
	json_write(json_root(j), &once);
	assert_string_equal(once.buf, want);
	struct json *again = parsed(once.buf);
	json_write(json_root(again), &twice);
	assert_string_equal(twice.buf, want);
	str_release(&once);
	str_release(&twice);
	json_free(j);
	json_free(again);
}

static void
bad_texts_are_refused_with_their_place(void **state)
{
	static const char *const bad[] = {"", " ", "{", "[1,]", "{\"a\":1,\"a\":2}",
		"{\"o\":{\"k\":1,\"k\":1}}", "nul", "01", "1e999", "+1", "'x'",
		"\"\xff\"", "\"\xed\xa0\x80\"", "\"\\ud800\"", "\"a\nb\"", "{} {}", "{}x",
		"99999999999999999999", "NaN", "{\"a\\u0000b\":1}", "\xef\xbb\xbf{}",
		"// c\n{}"};
	struct err e = ERR_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct json *j = json_parse(bad[i], strlen(bad[i]), &e);
		if (j != NULL)
			fail_msg("parsed: %s", bad[i]);
		assert_int_equal(e.kind, ERR_PARSE);
	}
	assert_null(json_parse("{\"a\":\n \x1b[2J}", 13, &e));
	assert_ptr_equal(strstr(e.msg, "JSON line 2 column "), e.msg);
	assert_null(strchr(e.msg, '\x1b'));
}

static void
every_truncation_is_refused(void **state)
{
	static const char text[] =
		"{\"a\":[1,2.5,true,null,\"é\\u20ac\"],\"b\":{\"c\":{}}}";
	struct err e = ERR_INIT;

	(void)state;
	for (size_t len = 0; len + 1 < sizeof text; len++) {
		char *exact = mem_copy(text, len);
		assert_null(json_parse(exact, len, &e));
		mem_free(exact);
	}
}

static void
depth_size_and_number_are_bounded(void **state)
{
	struct str deep = STR_INIT;
	struct err e = ERR_INIT;

	(void)state;
	for (int i = 0; i < 64; i++)
		str_addc(&deep, '[');
	for (int i = 0; i < 64; i++)
		str_addc(&deep, ']');
	struct json *j = json_parse(deep.buf, deep.len, &e);
	assert_non_null(j);
	struct str out = STR_INIT;
	json_write(json_root(j), &out);
	assert_string_equal(out.buf, deep.buf);
	json_free(j);

	str_reset(&deep);
	for (int i = 0; i < 100000; i++)
		str_adds(&deep, "{\"a\":[");
	assert_null(json_parse(deep.buf, deep.len, &e));
	assert_int_equal(e.kind, ERR_LIMIT);
	str_reset(&deep);
	str_addc(&deep, '[');
	for (int i = 0; i < 1000000; i++)
		str_adds(&deep, "[],");
	str_adds(&deep, "1]");
	assert_null(json_parse(deep.buf, deep.len, &e));
	assert_int_equal(e.kind, ERR_LIMIT);
	/* Brackets inside a string are no depth. */
	str_reset(&deep);
	str_adds(&deep, "\"\\\"");
	for (int i = 0; i < 1000; i++)
		str_addc(&deep, '[');
	str_adds(&deep, "\"");
	j = json_parse(deep.buf, deep.len, &e);
	assert_non_null(j);
	json_free(j);
	str_reset(&deep);
	str_reserve(&deep, 17 * 1024 * 1024);
	memset(deep.buf, ' ', 17 * 1024 * 1024);
	assert_null(json_parse(deep.buf, 17 * 1024 * 1024, &e));
	assert_int_equal(e.kind, ERR_LIMIT);
	str_release(&deep);
	str_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_are_found_and_typed),
		cmocka_unit_test(absent_or_other_gives_the_fallback),
		cmocka_unit_test(keys_stand_in_document_order),
		cmocka_unit_test(pointers_lead_where_the_standard_says),
		cmocka_unit_test(scalars_read_as_expectations_compare_them),
		cmocka_unit_test(a_nul_inside_is_kept_but_is_no_text),
		cmocka_unit_test(writing_is_compact_and_stable),
		cmocka_unit_test(bad_texts_are_refused_with_their_place),
		cmocka_unit_test(every_truncation_is_refused),
		cmocka_unit_test(depth_size_and_number_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
