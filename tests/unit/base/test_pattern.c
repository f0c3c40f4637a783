#include "base/pattern.h"

#include "unit.h"

#include <string.h>

#include "base/mem.h"

static void
patterns_find_what_they_say(void **state)
{
	static const struct {
		const char *pattern, *text;
		int start, end; /* -1: no match */
	} rows[] = {
		{"b+", "abbbc", 1, 4},
		{"^b", "ab", -1, 0},
		{"ERROR|FATAL", "x FATAL: y", 2, 7},
		{"", "abc", 0, 0},
		{"c$", "abc", 2, 3},
		{"(?i)error", "ERROR", 0, 5},
		{"\\d{4}", "in 2026", 3, 7},
		{"ü", "grün", 2, 4},
		{"^.$", "ü", 0, 2},
		{"(?=ab\\K)", "ab", 0, 2},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct err e = ERR_INIT;
		struct pattern *p = pattern_new(rows[i].pattern, &e);
		size_t start = 99, end = 99;
		if (p == NULL) {
			/* Newer PCRE2 refuse \K in a lookaround. */
			assert_non_null(strstr(rows[i].pattern, "\\K"));
			continue;
		}
		size_t len = strlen(rows[i].text);
		enum pattern_result got = pattern_find(
			p, rows[i].text, len, &start, &end);
		assert_int_equal(got, rows[i].start < 0 ? PATTERN_NO : PATTERN_YES);
		if (got == PATTERN_YES) {
			assert_int_equal(start, rows[i].start);
			assert_int_equal(end, rows[i].end);
			assert_int_equal(pattern_find(p, rows[i].text, len, NULL, NULL),
				PATTERN_YES);
		}
		pattern_free(p);
	}
	pattern_free(NULL);
}

static void
broken_patterns_name_the_place(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	assert_null(pattern_new("ab(cd", &e));
	assert_int_equal(e.kind, ERR_PARSE);
	assert_string_equal(e.msg, "pattern, character 6: missing closing parenthesis");
	assert_null(pattern_new("*", &e));
	assert_null(pattern_new("\\C", &e));
	assert_null(pattern_new("[\xff]", &e));
	assert_null(pattern_new("(((a{1000}){1000}){1000})", &e));
	char *huge = mem_alloc(40001);
	memset(huge, 'a', 40000);
	assert_null(pattern_new(huge, &e));
	mem_free(huge);
}

static void
invalid_bytes_in_a_text_are_no_obstacle(void **state)
{
	struct err e = ERR_INIT;
	struct pattern *p = pattern_new("connection refused", &e);
	static const char text[] = "\xff\xfe\0\xc3 connection refused \x80";

	(void)state;
	assert_non_null(p);
	assert_int_equal(pattern_find(p, text, sizeof text - 1, NULL, NULL), PATTERN_YES);
	assert_int_equal(pattern_find(p, "\xff", 1, NULL, NULL), PATTERN_NO);
	assert_int_equal(pattern_find(p, "", 0, NULL, NULL), PATTERN_NO);
	pattern_free(p);
}

static void
evil_patterns_give_up(void **state)
{
	static const char *const evil[] = {
		"^(a+)+$", "^(a|aa)+$", "(?:a*)*b", "^(a|b|ab)*c"};
	char text[4096];

	(void)state;
	memset(text, 'a', sizeof text);
	text[sizeof text - 1] = '!';
	for (size_t i = 0; i < COUNT(evil); i++) {
		struct err e = ERR_INIT;
		struct pattern *p = pattern_new(evil[i], &e);
		assert_non_null(p);
		/* An engine may also see at once that there is no match; it may not hang. */
		assert_int_not_equal(
			pattern_find(p, text, sizeof text, NULL, NULL), PATTERN_YES);
		pattern_free(p);
	}
	struct err e = ERR_INIT;
	struct pattern *p = pattern_new(evil[0], &e);
	assert_int_equal(pattern_find(p, text, sizeof text, NULL, NULL), PATTERN_GAVE_UP);
	pattern_free(p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patterns_find_what_they_say),
		cmocka_unit_test(broken_patterns_name_the_place),
		cmocka_unit_test(invalid_bytes_in_a_text_are_no_obstacle),
		cmocka_unit_test(evil_patterns_give_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
