#include "base/err.h"

#include "unit.h"

#include <errno.h>
#include <string.h>

#include "base/str.h"
#include "base/text.h"

static void
set_says_no_and_keeps_kind_and_words(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	assert_false(err_set(&e, ERR_AUTH, "host %s refused key %d", "db", 3));
	assert_int_equal(e.kind, ERR_AUTH);
	assert_int_equal(e.sys, 0);
	assert_string_equal(e.msg, "host db refused key 3");
}

static void
sys_ends_in_the_system_s_words(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	assert_false(err_sys(&e, ENOENT, "cannot read %s", "a.yaml"));
	assert_int_equal(e.kind, ERR_IO);
	assert_int_equal(e.sys, ENOENT);
	assert_string_equal(e.msg, "cannot read a.yaml: No such file or directory");
}

static void
context_comes_first_and_changes_nothing_else(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	err_sys(&e, EACCES, "cannot read b");
	assert_false(err_ctx(&e, "loading %s", "c"));
	assert_int_equal(e.kind, ERR_IO);
	assert_int_equal(e.sys, EACCES);
	assert_string_equal(e.msg, "loading c: cannot read b: Permission denied");
}

static void
own_message_may_be_an_argument(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	err_set(&e, ERR_NET, "no route");
	err_set(&e, ERR_TIMEOUT, "%s, gave up", e.msg);
	assert_string_equal(e.msg, "no route, gave up");
	err_ctx(&e, "[%s]", e.msg);
	assert_string_equal(e.msg, "[no route, gave up]: no route, gave up");
}

static void
long_message_is_cut_between_characters(void **state)
{
	(void)state;
	/* Every shift puts another byte of a three-byte character at the border. */
	for (int shift = 0; shift < 4; shift++) {
		struct str text = STR_INIT;
		struct err e = ERR_INIT;
		str_add(&text, "xxxx", (size_t)shift);
		while (text.len < ERR_MSG_BYTES)
			str_adds(&text, "€");
		err_set(&e, ERR_PARSE, "%s", text.buf);
		str_release(&text);
		assert_in_range(strlen(e.msg), ERR_MSG_BYTES - 4, ERR_MSG_BYTES - 1);
		assert_true(text_valid_utf8(e.msg, strlen(e.msg)));
		err_ctx(&e, "ab");
		assert_true(text_valid_utf8(e.msg, strlen(e.msg)));
	}
}

static void
every_kind_has_its_own_name(void **state)
{
	(void)state;
	for (int a = ERR_NONE; a <= ERR_RECORD; a++) {
		for (int b = a + 1; b <= ERR_RECORD; b++)
			assert_string_not_equal(err_kind_name((enum err_kind)a),
				err_kind_name((enum err_kind)b));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(set_says_no_and_keeps_kind_and_words),
		cmocka_unit_test(sys_ends_in_the_system_s_words),
		cmocka_unit_test(context_comes_first_and_changes_nothing_else),
		cmocka_unit_test(own_message_may_be_an_argument),
		cmocka_unit_test(long_message_is_cut_between_characters),
		cmocka_unit_test(every_kind_has_its_own_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
