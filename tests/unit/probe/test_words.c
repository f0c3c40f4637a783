#include "probe/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"

static void
lists_come_back_as_the_loader_wrote_them(void **state)
{
	static const char *const words[] = {
		"INFO", "two words", "it's", "a\"b", "back\\slash", "", "tab\there"};
	struct strings back = {0};
	struct str text = STR_INIT;
	struct err e = ERR_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		str_adds(&text, i ? " " : "");
		str_add_shell_quoted(&text, words[i]);
	}
	assert_true(words_split(text.buf, &back, &e));
	assert_int_equal(back.list.len, sizeof words / sizeof *words);
	for (size_t i = 0; i < back.list.len; i++)
		assert_string_equal(back.list.at[i], words[i]);
	words_release(&back);
	str_release(&text);
}

static void
an_open_quote_is_refused(void **state)
{
	struct strings back = {0};
	struct err e = ERR_INIT;

	(void)state;
	assert_false(words_split("GET 'x", &back, &e));
	assert_non_null(strstr(e.msg, "quote"));
	words_release(&back);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_come_back_as_the_loader_wrote_them),
		cmocka_unit_test(an_open_quote_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
