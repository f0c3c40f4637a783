#include "load/importtext.h"

#include "unit.h"

#include <string.h>

#include "base/text.h"

static void
titles_fit_and_end_where_words_do(void **state)
{
	static const struct {
		const char *words, *title;
		bool whole;
	} rows[] = {
		{"Short one", "Short one", true},
		{"Postgres: minimum 2 vCPU / 4 GB RAM. Run daily dumps and tune the limits of connections.",
			"Postgres: minimum 2 vCPU / 4 GB RAM", false},
		{"Disable dev login in prod: ALLOW_DEV_LOGIN=false, STRICT_MODE=true, REQUIRE_CSRF=true",
			"Disable dev login in prod", false},
		{"Run a history scan (e.g., trufflehog filesystem --since-commit x or ggshield secret scan)",
			"Run a history scan", false},
		{"Postgres + Redis: required for production (SQLite is dev-only; Redis handles the limits)",
			"Postgres + Redis: required for production", false},
		{"one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen",
			"one two three four five six seven eight nine ten eleven twelve thirteen...",
			false},
		{"first\nsecond", "first", false},
		{"http://x/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
			"http://x/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...",
			false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		bool whole;
		char *title = importtext_title(rows[i].words, &whole);

		if (strcmp(title, rows[i].title) != 0 || whole != rows[i].whole)
			fail_msg("`%s` is called `%s`", rows[i].words, title);
		mem_free(title);
	}
}

static void
a_title_never_cuts_a_name_in_two(void **state)
{
	char words[200] = "";
	bool whole;

	(void)state;
	for (int n = 40; n < 90; n++) {
		char *title;

		memset(words, 'x', (size_t)n);
		words[30] = ' ';
		strncpy(words + n, "${previous_version_tag} and then much more", 100);
		title = importtext_title(words, &whole);
		if (strstr(title, "${") && !strchr(title, '}'))
			fail_msg("%s", title);
		assert_true(text_cells(title) <= 76);
		mem_free(title);
	}
}

static void
web_addresses_are_whole_and_nothing_else(void **state)
{
	(void)state;
	assert_true(importtext_is_web("https://x.test/a?b=c"));
	assert_false(importtext_is_web("https://"));
	assert_false(importtext_is_web("https://x y"));
	assert_false(importtext_is_web("https://x\ty"));
	assert_false(importtext_is_web("ftp://x"));
	assert_false(importtext_is_web("see https://x"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(titles_fit_and_end_where_words_do),
		cmocka_unit_test(a_title_never_cuts_a_name_in_two),
		cmocka_unit_test(web_addresses_are_whole_and_nothing_else),
	};

	return cmocka_run_group_tests_name("importtext", tests, NULL, NULL);
}
