#include "load/mdsafe.h"

#include "unit.h"

#include <string.h>

static void
what_nobody_sees_is_written_out(void **state)
{
	static const struct {
		const char *in;
		size_t len;
		const char *out;
		size_t found;
	} rows[] = {
#define ROW(in, out, found) {in, sizeof in - 1, out, found}
		ROW("plain\n", "plain\n", 0),
		ROW("\xef\xbb\xbf# T\n", "# T\n", 0),
		ROW("a\r\nb\rc\n", "a\nb\nc\n", 0),
		ROW("tab\there", "tab\there", 0),
		ROW("a\0b", "a<U+0000>b", 1),
		ROW("a\x1b[31m", "a<U+001B>[31m", 1),
		ROW("rm\xe2\x80\xae -rf", "rm<U+202E> -rf", 1),
		ROW("z\xe2\x80\x8bw", "z<U+200B>w", 1),
		ROW("n\xc2\x85l", "n<U+0085>l", 1),
		ROW("p\xe2\x80\xa9s", "p<U+2029>s", 1),
		ROW("bad\xff\xc3", "bad<0xFF><0xC3>", 2),
		ROW("caf\xc3\xa9 \xe2\x9a\xa0\xef\xb8\x8f",
			"caf\xc3\xa9 \xe2\x9a\xa0\xef\xb8\x8f", 0),
		ROW("", "", 0),
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct mdsafe m;

		mdsafe_read(rows[i].in, rows[i].len, &m);
		assert_string_equal(m.text.buf, rows[i].out);
		assert_int_equal(m.count, rows[i].found);
		mdsafe_release(&m);
	}
}

static void
finds_have_their_line_and_do_not_pile_up(void **state)
{
	struct str in = STR_INIT;
	struct mdsafe m;

	(void)state;
	str_adds(&in,
		"one\r\ntwo\rthr\x01"
		"ee\n");
	for (int i = 0; i < 1000; i++)
		str_addc(&in, '\x02');
	mdsafe_read(in.buf, in.len, &m);
	assert_int_equal(m.found.at[0].line, 3);
	assert_int_equal(m.found.at[0].cp, 1);
	assert_int_equal(m.found.at[1].line, 4);
	assert_int_equal(m.found.len, MDSAFE_FOUND_MAX);
	assert_int_equal(m.count, 1001);
	mdsafe_release(&m);
	str_release(&in);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_nobody_sees_is_written_out),
		cmocka_unit_test(finds_have_their_line_and_do_not_pile_up),
	};

	return cmocka_run_group_tests_name("mdsafe", tests, NULL, NULL);
}
