#include "base/linediff.h"

#include "unit.h"

#include <string.h>

#include "base/mem.h"

static void
only_what_differs_is_told(void **state)
{
	static const struct {
		const char *old, *new, *want;
	} all[] = {
		{"", "", ""},
		{"a\nb\n", "a\nb\n", ""},
		{"a\nb\nc\n", "a\nx\nc\n", "- b\n+ x\n"},
		{"a\nb\nc\nd\ne\n", "A\nb\nc\nd\nE\n", "- a\n+ A\n- e\n+ E\n"},
		{"a\n", "a\nb\n", "+ b\n"},
		{"b\na\n", "a\n", "- b\n"},
		{"a", "a\n", ""}, /* an end of line that is missing is none of ours */
		{"", "a", "+ a\n"},
		{"a\n\nb\n", "a\nb\n", "- \n"},
		{"x\nx\nx\n", "x\nx\n", "- x\n"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(all); i++) {
		struct str out = STR_INIT;

		linediff(all[i].old, all[i].new, &out);
		assert_string_equal(out.buf, all[i].want);
		str_release(&out);
	}
}

/* What is taken out and put in makes the new text of the old one. */
static void
texts_without_end_end_soon(void **state)
{
	struct str a = STR_INIT, b = STR_INIT, out = STR_INIT;
	size_t lines = 0;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		str_addf(&a, "%d\n", i);
		str_addf(&b, "%d\n", i + 50000);
	}
	linediff(a.buf, b.buf, &out);
	for (const char *at = out.buf; (at = strchr(at, '\n')); at++)
		lines++;
	assert_int_equal(lines, 40000);
	str_release(&a);
	str_release(&b);
	str_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_differs_is_told),
		cmocka_unit_test(texts_without_end_end_soon),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
