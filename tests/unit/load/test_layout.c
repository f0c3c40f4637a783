#include "load/layout.h"

#include "unit.h"

#include <string.h>

#include "base/mem.h"

/* The ids of the warnings, and the text with each fix alone applied. */
static void
expect_ids(const char *text, const char *ids)
{
	struct diags d = {0};
	struct str got = STR_INIT;

	layout_check("x", text, strlen(text), &d);
	for (size_t i = 0; i < d.list.len; i++) {
		const struct diag *one = &d.list.at[i];

		str_addf(&got, "%s%s:%d:%d%s", i ? " " : "", one->id + 7, one->line,
			one->col, one->fix.text ? "" : "!");
		assert_int_equal(one->level, DIAG_WARNING);
		assert_true(one->fix.at + one->fix.len <= strlen(text));
	}
	if (strcmp(got.buf, ids) != 0)
		fail_msg("%s: got %s, wanted %s", text, got.buf, ids);
	str_release(&got);
	diags_release(&d);
}

static void
each_sort_is_told_once_with_its_place(void **state)
{
	(void)state;
	expect_ids("a: b\nc: d\n", "");
	expect_ids("", "");
	expect_ids("\xef\xbb\xbf"
		   "a: b\n",
		"001:1:1");
	expect_ids("a: b\r\nc: d\r\n", "002:1:5");
	expect_ids("a: b\nc: d  \ne: f\t\n", "003:2:5");
	expect_ids("a: b", "004:1:5");
	expect_ids("\xef\xbb\xbf"
		   "a: \xc3\xa4 \r\nb: c",
		"001:1:1 002:1:6 003:1:5 004:2:5");
}

static void
texts_of_several_lines_keep_their_blanks(void **state)
{
	(void)state;
	expect_ids("a: |\n  x  \n  y\nb: c\n", "");
	expect_ids("a: |\n  x  \n\n  \nb: c  \n", "003:5:5");
	expect_ids("a: >\n  x  \n", "");
	expect_ids("a: \"x  \n  y\"\nb: c \n", "003:3:5");
	expect_ids("a: x  \n  y\nb: c \n", "003:3:5");
	expect_ids("a: |\n  x", "004:2:4!");
	expect_ids("a: {b: |\n", ""); /* no YAML: blanks are not known */
	expect_ids("a: {b: |  \n", "");
	expect_ids("a: b \rc: d \n", ""); /* lines that others would not see */
}

static void
the_fix_takes_the_blanks_alone(void **state)
{
	static const char text[] = "a: b  \n# c\t\nd: |\n  e  \nf: g \n";
	struct diags d = {0};
	struct str out = STR_INIT;

	(void)state;
	layout_check("x", text, strlen(text), &d);
	assert_int_equal(d.list.len, 1);
	const struct diag_fix *fix = &d.list.at[0].fix;

	str_add(&out, text, fix->at);
	str_adds(&out, fix->text);
	str_adds(&out, text + fix->at + fix->len);
	assert_string_equal(out.buf, "a: b\n# c\nd: |\n  e  \nf: g\n");
	assert_string_equal(fix->done, "blanks at the end of 3 lines are gone");
	str_release(&out);
	diags_release(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_sort_is_told_once_with_its_place),
		cmocka_unit_test(texts_of_several_lines_keep_their_blanks),
		cmocka_unit_test(the_fix_takes_the_blanks_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
