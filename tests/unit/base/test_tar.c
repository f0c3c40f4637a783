#include "base/tar.h"

#include "unit.h"

#include <stdio.h>
#include <string.h>

static bool
header(const char *name, int64_t size, char block[TAR_BLOCK])
{
	struct tar_entry t = {.size = size, .mtime = 1764000000};
	struct err e = ERR_INIT;

	snprintf(t.name, sizeof t.name, "%s", name);
	return tar_header(&t, block, &e);
}

static void
what_is_written_is_read(void **state)
{
	static const char hex[] =
		"e95a2edc459c5ba34b244df70403dd6981f11aa1bca8e325206d1cc5bc43180e";
	char block[TAR_BLOCK], longest[TAR_NAME];
	struct tar_entry t;
	struct err e = ERR_INIT;

	(void)state;
	snprintf(longest, sizeof longest,
		"handrail-01KAG3W5Z0B4T7M2Q8XK6N9RDE/record/blobs/e9/%s", hex);
	assert_true(header(longest, 0, block));
	assert_true(tar_parse(block, &t, &e));
	assert_string_equal(t.name, longest);
	assert_int_equal(t.size, 0);
	assert_true(header("a/b", 8589934591, block));
	assert_true(tar_parse(block, &t, &e));
	assert_true(t.size == 8589934591 && t.mtime == 1764000000 && !t.runs);
	assert_false(tar_is_end(block));
	memset(block, 0, sizeof block);
	assert_true(tar_is_end(block));
	assert_int_equal(tar_padding(0), 0);
	assert_int_equal(tar_padding(1), 511);
	assert_int_equal(tar_padding(512), 0);
}

static void
what_does_not_fit_is_refused(void **state)
{
	static const char *const names[] = {"", "/a", "a/", "a//b", ".", "..", "a/../b",
		"./a", "a/.", "../a", "a\nb: OK", "a\033[2J", "a\177"};
	char block[TAR_BLOCK], name[TAR_NAME];

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++)
		if (header(names[i], 1, block))
			fail_msg("\"%s\" was taken", names[i]);
	assert_false(header("a", 8589934592, block));
	assert_false(header("a", -1, block));
	memset(name, 'x', 120);
	name[120] = '\0';
	assert_false(header(name, 1, block)); /* nowhere to cut it */
}

/* One spelling: a header with any other byte is not ours. */
static void
any_other_byte_is_refused(void **state)
{
	char block[TAR_BLOCK];
	struct tar_entry t;
	struct err e = ERR_INIT;

	(void)state;
	for (int i = 0; i < TAR_BLOCK; i++)
		for (int bit = 0; bit < 8; bit++) {
			assert_true(header("handrail-x/README", 77, block));
			block[i] = (char)(block[i] ^ (1 << bit));
			if (tar_parse(block, &t, &e))
				fail_msg("byte %d, bit %d", i, bit);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(what_does_not_fit_is_refused),
		cmocka_unit_test(any_other_byte_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
