#include "remote/redisline.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"

/* A fixed seed: the same mutations every time. */
static uint32_t
next_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

static void
commands_are_framed_by_length(void **state)
{
	static const char *const words[] = {"GET", "a b\r\nDEL x"};
	struct str out = STR_INIT;

	(void)state;
	redisline_command(words, 2, &out);
	assert_string_equal(out.buf, "*2\r\n$3\r\nGET\r\n$10\r\na b\r\nDEL x\r\n");
	str_release(&out);
}

static void
replies_come_in_pieces(void **state)
{
	static const char said[] = "*3\r\n$3\r\none\r\n:42\r\n$-1\r\n";
	struct redisline *l = redisline_new();
	struct redisline_reply *r = NULL;
	struct str text = STR_INIT;
	struct err e = ERR_INIT;

	(void)state;
	for (size_t i = 0; i < strlen(said); i++) {
		assert_null(r);
		assert_true(redisline_feed(l, said + i, 1, &r, &e));
	}
	assert_non_null(r);
	assert_false(redisline_is_error(r));
	assert_int_equal(redisline_count(r), 3);
	redisline_text(r, &text);
	assert_string_equal(text.buf, "one\n42\n");
	redisline_reply_free(r);
	assert_true(redisline_feed(l, "-ERR no\r\n", 9, &r, &e));
	assert_true(redisline_is_error(r));
	redisline_reply_free(r);
	redisline_free(l);
	str_release(&text);
}

static void
floods_are_refused(void **state)
{
	static const char *const bad[] = {"*1000000000\r\n", "HTTP/1.1 400 No\r\n\r\n"};
	struct redisline_reply *r = NULL;
	char block[4096];
	bool ok = true;
	size_t fed = 0;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct redisline *l = redisline_new();
		struct err e = ERR_INIT;

		if (redisline_feed(l, bad[i], strlen(bad[i]), &r, &e))
			fail_msg("taken: %s", bad[i]);
		redisline_free(l);
	}
	/* A line that never ends, and a bulk that is too long. */
	for (int i = 0; i < 2; i++) {
		struct redisline *l = redisline_new();
		struct err e = ERR_INIT;

		memset(block, '9', sizeof block);
		ok = redisline_feed(l, i ? "$99999999\r\n" : "+", i ? 11 : 1, &r, &e);
		for (fed = 0; ok && fed < 4 * 1024 * 1024; fed += sizeof block)
			ok = redisline_feed(l, block, sizeof block, &r, &e);
		assert_false(ok);
		assert_true(fed <= 1024 * 1024 + sizeof block);
		redisline_free(l);
	}
}

static void
mutations_are_read_within_bounds(void **state)
{
	static const char said[] =
		"*2\r\n$3\r\none\r\n*2\r\n:42\r\n$-1\r\n+OK\r\n-ERR x\r\n";
	uint32_t seed = 7;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		struct redisline *l = redisline_new();
		struct redisline_reply *r = NULL;
		struct err e = ERR_INIT;
		char copy[sizeof said];

		memcpy(copy, said, sizeof said);
		for (uint32_t n = 1 + next_random(&seed) % 4; n > 0; n--)
			copy[next_random(&seed) % (sizeof copy - 1)] = (char)next_random(
				&seed);
		if (redisline_feed(l, copy, sizeof copy - 1, &r, &e) && r) {
			struct str text = STR_INIT;

			redisline_text(r, &text);
			str_release(&text);
		}
		redisline_reply_free(r);
		redisline_free(l);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(commands_are_framed_by_length),
		cmocka_unit_test(replies_come_in_pieces),
		cmocka_unit_test(floods_are_refused),
		cmocka_unit_test(mutations_are_read_within_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
