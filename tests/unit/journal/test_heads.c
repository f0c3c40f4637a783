#include "journal/heads.h"

#include "records.h"

#define HASH_A "a56f7ed935a6e528b3b6400e332003747b44caee4091d425c8bd99f5283e8246"
#define HASH_B "b56f7ed935a6e528b3b6400e332003747b44caee4091d425c8bd99f5283e8246"

static char *dir, *path;

static int
setup(void **state)
{
	(void)state;
	dir = records_scratch();
	path = file_join(dir, "heads");
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	mem_free(path);
	records_gone(dir);
	return 0;
}

static struct heads *
heads_of(const char *text, size_t len)
{
	struct err e = ERR_INIT;
	struct heads *h;

	records_write(dir, "heads", text, len);
	h = heads_open(path, &e);
	assert_non_null(h);
	return h;
}

static void
a_missing_file_vouches_for_nothing(void **state)
{
	struct err e = ERR_INIT;
	struct heads *h = heads_open(path, &e);

	(void)state;
	assert_non_null(h);
	assert_true(heads_agree(h, 0, HASH_A));
	assert_int_equal(heads_last(h), -1);
	assert_int_equal(heads_good_bytes(h), 0);
	heads_free(h);
}

static void
each_record_is_compared_with_its_line(void **state)
{
	static const char text[] = "0 " HASH_A "\n2 " HASH_B "\n7 " HASH_A "\n";
	struct heads *h = heads_of(text, sizeof text - 1);

	(void)state;
	assert_true(heads_agree(h, 0, HASH_A));
	assert_true(heads_agree(h, 1, HASH_A)); /* not named */
	assert_false(heads_agree(h, 2, HASH_A));
	assert_true(heads_agree(h, 2, HASH_B));
	assert_true(heads_agree(h, 6, HASH_B));
	assert_false(heads_agree(h, 7, HASH_B));
	assert_true(heads_agree(h, 8, HASH_B));
	assert_int_equal(heads_last(h), 7);
	assert_int_equal(heads_good_bytes(h), sizeof text - 1);
	heads_free(h);
}

static void
what_is_no_head_vouches_for_nothing(void **state)
{
	static const char *const bad[] = {
		"1 " HASH_A,       /* torn: no newline */
		"01 " HASH_A "\n", /* another spelling */
		"1  " HASH_A "\n", /* two blanks */
		"1 A"
		"56f7ed935a6e528b3b6400e332003747b44caee4091d425c8bd99f5283e8246\n",
		"1 " HASH_A "0\n",                                      /* too long */
		"-1 " HASH_A "\n", "1 a5\n", "1234567890 " HASH_A "\n", /* ten digits */
		"\n", "0 " HASH_B "\n", /* not above the one before */
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		char *text = mem_printf("0 " HASH_A "\n%s", bad[i]);
		struct heads *h = heads_of(text, strlen(text));
		assert_true(heads_agree(h, 0, HASH_A));
		assert_true(heads_agree(h, 1, HASH_B));
		assert_int_equal(heads_last(h), 0);
		assert_int_equal(heads_good_bytes(h), strlen("0 " HASH_A "\n"));
		heads_free(h);
		mem_free(text);
	}
}

static void
lines_behind_zeros_are_read_on(void **state)
{
	static const char text[] = "0 " HASH_A "\n\0\0\0\0\n1 " HASH_B "\n\0\0\0";
	struct heads *h = heads_of(text, sizeof text - 1);

	(void)state;
	assert_int_equal(heads_last(h), 1);
	assert_int_equal(heads_good_bytes(h), sizeof text - 1 - 3);
	heads_free(h);
}

static void
many_lines_and_a_long_one(void **state)
{
	struct str text = STR_INIT;
	struct heads *h;

	(void)state;
	for (int i = 0; i < 5000; i++)
		str_addf(&text, "%d " HASH_A "\n", i);
	for (int i = 0; i < 300000; i++)
		str_addc(&text, 'x');
	str_adds(&text, "\n5000 " HASH_B "\n");
	h = heads_of(text.buf, text.len);
	for (int i = 0; i < 5000; i++)
		assert_true(heads_agree(h, i, HASH_A));
	assert_false(heads_agree(h, 5000, HASH_A));
	assert_int_equal(heads_last(h), 5000);
	assert_int_equal(heads_good_bytes(h), text.len);
	heads_free(h);
	str_release(&text);
}

static void
what_is_added_meanwhile_is_not_read(void **state)
{
	struct heads *h = heads_of("0 " HASH_A "\n", strlen("0 " HASH_A "\n"));
	static const char more[] = "0 " HASH_A "\n1 " HASH_B "\n";

	(void)state;
	records_text(dir, "heads", more);
	assert_true(heads_agree(h, 0, HASH_A));
	assert_int_equal(heads_last(h), 0);
	heads_free(h);
}

#define EACH(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(a_missing_file_vouches_for_nothing),
		EACH(each_record_is_compared_with_its_line),
		EACH(what_is_no_head_vouches_for_nothing),
		EACH(lines_behind_zeros_are_read_on),
		EACH(many_lines_and_a_long_one),
		EACH(what_is_added_meanwhile_is_not_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
