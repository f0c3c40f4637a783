#include "share/bookwalk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/mem.h"

static char path[] = "/tmp/bookwalk.XXXXXX";

/* n lines of different lengths, then a piece of one. */
static void
write_lines(int n, const char *tail)
{
	struct str text = STR_INIT;
	struct err e = ERR_INIT;

	for (int i = 0; i < n; i++)
		str_addf(&text, "%d %*s\n", i, i % 700, "");
	str_adds(&text, tail);
	assert_true(file_replace(path, text.buf, text.len, 0600, &e));
	str_release(&text);
}

static void
walks_to_a_line_in_pieces(void **state)
{
	struct bookwalk w;
	struct err e = ERR_INIT;
	char hash[DIGEST_HEX + 1], line[800];
	int calls = 0, len;

	(void)state;
	write_lines(2000, "");
	bookwalk_begin(&w, 0, 0);
	while (w.next <= 1234) {
		assert_true(bookwalk_to(&w, path, 1234, &e));
		calls++;
	}
	len = snprintf(line, sizeof line, "1234 %*s\n", 1234 % 700, "");
	digest_hex(line, (size_t)len, hash);
	assert_string_equal(w.last_hash, hash);
	assert_int_equal(w.next, 1235);
	assert_int_equal(w.offset - w.last_began, len);
	assert_in_range(calls, 2, 20);

	/* and from there again */
	bookwalk_begin(&w, 1234, w.last_began);
	assert_true(bookwalk_to(&w, path, 1234, &e));
	assert_string_equal(w.last_hash, hash);
}

static void
nothing_behind_the_last_line_is_looked_at(void **state)
{
	struct bookwalk w;
	struct err e = ERR_INIT;
	struct str out = STR_INIT;

	(void)state;
	write_lines(5, "half");
	bookwalk_begin(&w, 0, 0);
	assert_int_equal(bookwalk_peek(&w, path, 2, 500, &out, &e), 3);
	assert_string_equal(out.buf, "0 \n1  \n2   \n");
	bookwalk_pass(&w, &out);
	assert_int_equal(w.next, 3);
	assert_int_equal(bookwalk_peek(&w, path, 2, 500, &out, &e), 0);
	assert_int_equal(e.kind, ERR_NONE);
	assert_int_equal(bookwalk_peek(&w, path, 4, 1, &out, &e), 1);
	bookwalk_pass(&w, &out);
	assert_int_equal(bookwalk_peek(&w, path, 4, 9, &out, &e), 1);
	bookwalk_pass(&w, &out);
	/* somebody says that there is more than there is */
	assert_int_equal(bookwalk_peek(&w, path, 9, 500, &out, &e), 0);
	assert_non_null(strstr(e.msg, "ends before its record 5"));
	assert_false(bookwalk_to(&w, path, 5, &e));
	str_release(&out);
}

/* A line as a record has it, of a group that goes on or not. */
static void
add_record(struct str *out, int seq, bool more)
{
	str_addf(out,
		"{\"v\":1,\"run\":\"01KAG3W5Z0B4T7M2Q8XK6N9RDE\",\"seq\":%d,\"epoch\":1,"
		"\"t\":\"2026-11-20T13:00:00.000Z\",\"mono\":1,\"con\":\"a/1/00000000\","
		"\"who\":\"anna\",\"type\":\"note\",\"step\":null,%s\"data\":{\"text\":\"%s\"},"
		"\"prev\":\"%064d\"}\n",
		seq, more ? "\"more\":true," : "", "more\\\":true,\\\"data", seq);
}

static void
what_was_written_together_is_sent_together(void **state)
{
	struct bookwalk w;
	struct err e = ERR_INIT;
	struct str text = STR_INIT, out = STR_INIT;
	int n;

	(void)state;
	for (int i = 0; i < 900; i++)
		add_record(&text, i, i % 3 != 2); /* groups of three */
	assert_true(file_replace(path, text.buf, text.len, 0600, &e));
	bookwalk_begin(&w, 0, 0);
	n = bookwalk_peek_groups(&w, path, 899, 400, &out, &e);
	assert_int_equal(n, 399);
	assert_int_equal(bookwalk_peek_groups(&w, path, 899, 1, &out, &e), 3);
	bookwalk_pass(&w, &out);
	assert_int_equal(w.next, 3);
	assert_int_equal(bookwalk_peek_groups(&w, path, 5, 500, &out, &e), 3);
	assert_int_equal(bookwalk_peek_groups(&w, path, 2, 500, &out, &e), 0);
	assert_int_equal(e.kind, ERR_NONE);
	/* one that is longer than a piece */
	str_reset(&text);
	for (int i = 0; i < 2000; i++)
		add_record(&text, i, i < 1999);
	assert_true(text.len > 3 * 128 * 1024);
	assert_true(file_replace(path, text.buf, text.len, 0600, &e));
	bookwalk_begin(&w, 0, 0);
	assert_int_equal(bookwalk_peek_groups(&w, path, 1999, 500, &out, &e), 2000);
	/* its end is not there */
	assert_int_equal(bookwalk_peek_groups(&w, path, 1998, 500, &out, &e), 0);
	assert_int_equal(e.kind, ERR_STATE);
	str_release(&text);
	str_release(&out);
}

static void
a_file_that_is_away_is_named(void **state)
{
	struct bookwalk w;
	struct err e = ERR_INIT;

	(void)state;
	bookwalk_begin(&w, 0, 0);
	assert_false(bookwalk_to(&w, "/nowhere/journal.jsonl", 0, &e));
	assert_non_null(strstr(e.msg, "/nowhere/journal.jsonl"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(walks_to_a_line_in_pieces),
		cmocka_unit_test(nothing_behind_the_last_line_is_looked_at),
		cmocka_unit_test(what_was_written_together_is_sent_together),
		cmocka_unit_test(a_file_that_is_away_is_named),
	};
	int fd = mkstemp(path), bad;

	close(fd);
	bad = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(path);
	return bad;
}
