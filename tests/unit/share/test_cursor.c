#include "share/cursor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/mem.h"

#define HASH "a56f7ed935a6e528b3b6400e332003747b44caee4091d425c8bd99f5283e8246"

static char dir[] = "/tmp/cursor.XXXXXX";

static void
comes_back_as_it_was_written(void **state)
{
	char name[] = "db@team/one:2";
	struct cursor c = {.service = name,
		.seq = 41,
		.offset = 123456789012,
		.hash = HASH,
		.at = {1764340000123}};
	struct cursor none = {.service = name, .seq = -1, .at = {5}}, got;
	struct err e = ERR_INIT;

	(void)state;
	assert_true(cursor_write(dir, &c, &e));
	assert_true(cursor_read(dir, &got, &e));
	assert_string_equal(got.service, name);
	assert_string_equal(got.hash, HASH);
	assert_int_equal(got.seq, 41);
	assert_int_equal(got.offset, 123456789012);
	assert_int_equal(got.at.ms, 1764340000123);
	cursor_release(&got);
	assert_true(cursor_write(dir, &none, &e));
	assert_true(cursor_read(dir, &got, &e));
	assert_int_equal(got.seq, -1);
	assert_string_equal(got.hash, "");
	cursor_release(&got);
	cursor_remove(dir);
	assert_false(cursor_read(dir, &got, &e));
	assert_int_equal(e.kind, ERR_STATE);
}

static void
what_is_none_is_refused(void **state)
{
	static const char *const bad[] = {"", "1",
		"2 1 1 " HASH " 2026-11-20T15:00:01.234Z x\n",
		"1 1 1 " HASH " 2026-11-20T15:00:01.234Z\n",
		"1 1 1 " HASH " yesterday x\n", "1 -2 1 - 2026-11-20T15:00:01.234Z x\n",
		"1 1 -1 - 2026-11-20T15:00:01.234Z x\n",
		"1 1 1 " HASH "00 2026-11-20T15:00:01.234Z x\n",
		"1 1 1 " HASH " 2026-11-20T15:00:01.234Z x\ny\n"};
	char *path = file_join(dir, "mirror");
	struct cursor got;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct err e = ERR_INIT;

		assert_true(file_replace(path, bad[i], strlen(bad[i]), 0600, &e));
		if (cursor_read(dir, &got, &e))
			fail_msg("taken: %s", bad[i]);
		assert_int_equal(e.kind, ERR_PARSE);
	}
	cursor_remove(dir);
	mem_free(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comes_back_as_it_was_written),
		cmocka_unit_test(what_is_none_is_refused),
	};
	int bad;

	if (!mkdtemp(dir))
		return 1;
	bad = cmocka_run_group_tests(tests, NULL, NULL);
	rmdir(dir);
	return bad;
}
