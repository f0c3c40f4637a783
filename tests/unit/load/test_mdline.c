#include "load/mdline.h"

#include "unit.h"

#include <string.h>

static void
lines_are_what_they_look_like(void **state)
{
	static const struct {
		const char *line;
		enum mdline_kind kind;
		bool marked;
	} rows[] = {
		{"", MDLINE_BLANK, false},
		{"  \t", MDLINE_BLANK, false},
		{"> ", MDLINE_BLANK, false},
		{"text", MDLINE_TEXT, false},
		{"- text", MDLINE_TEXT, true},
		{"```bash", MDLINE_FENCE, false},
		{"~~~", MDLINE_FENCE, false},
		{"``", MDLINE_TEXT, false},
		{"- ```", MDLINE_FENCE, true},
		{"12. ```", MDLINE_FENCE, true},
		{"---", MDLINE_RULE, false},
		{"* * *", MDLINE_RULE, true},
		{"___", MDLINE_RULE, false},
		{"--", MDLINE_UNDERLINE, false},
		{"=====", MDLINE_UNDERLINE, false},
		{"-", MDLINE_MARKER, true},
		{"+  ", MDLINE_MARKER, true},
		{"1.", MDLINE_MARKER, true},
		{"12345678901.", MDLINE_TEXT, false},
		{"> - ", MDLINE_MARKER, true},
		{"|---|:-:|", MDLINE_DELIMITER, false},
		{":--", MDLINE_DELIMITER, false},
		{"#", MDLINE_HEADING, false},
		{"### ##", MDLINE_HEADING, false},
		{"####### ", MDLINE_TEXT, false},
		{"# words", MDLINE_TEXT, false},
		{"[a]: http://x", MDLINE_DEFINITION, false},
		{"[a] http://x", MDLINE_TEXT, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t len = strlen(rows[i].line);

		if (mdline_kind(rows[i].line, len) != rows[i].kind ||
			mdline_marked(rows[i].line, len) != rows[i].marked)
			fail_msg("`%s` is %d marked %d", rows[i].line,
				mdline_kind(rows[i].line, len),
				mdline_marked(rows[i].line, len));
	}
}

static void
a_line_is_read_no_further_than_its_end(void **state)
{
	static const char text[] = "---|";

	(void)state;
	assert_int_equal(mdline_kind(text, 3), MDLINE_RULE);
	assert_int_equal(mdline_kind(text, 4), MDLINE_DELIMITER);
	assert_int_equal(mdline_kind(text, 0), MDLINE_BLANK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_what_they_look_like),
		cmocka_unit_test(a_line_is_read_no_further_than_its_end),
	};

	return cmocka_run_group_tests_name("mdline", tests, NULL, NULL);
}
