#include "remote/cp1.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void
an_act_says_how_long_its_script_is(void **state)
{
	struct cp1_ask q = {.act = CP1_WRITE,
		.path = "it's here",
		.temp = ".t",
		.size = 5,
		.skip = 2,
		.piece = "abc",
		.piece_len = 3};
	struct str command = STR_INIT, input = STR_INIT;
	char token[CP1_TOKEN_LEN + 1];
	struct err e = ERR_INIT;
	size_t n = 0;

	(void)state;
	assert_true(cp1_build(&q, token, &command, &input, &e));
	assert_int_equal(
		sscanf(command.buf, "exec /bin/sh -c 'eval \"$(dd bs=1 count=%zu", &n),
		1);
	assert_int_equal(input.len, n + 3);
	assert_memory_equal(input.buf + n, "abc", 3);
	assert_non_null(strstr(input.buf, "CP1_PATH='it'\\''s here'\n"));
	assert_non_null(strstr(input.buf, token));
	str_release(&command);
	str_release(&input);
}

static void
sudo_gets_its_password_before_the_script(void **state)
{
	struct cp1_ask q = {
		.act = CP1_LOOK, .path = "x", .as = "app", .as_password = "pw"};
	struct str command = STR_INIT, input = STR_INIT;
	char token[CP1_TOKEN_LEN + 1];
	struct err e = ERR_INIT;

	(void)state;
	assert_true(cp1_build(&q, token, &command, &input, &e));
	assert_non_null(strstr(command.buf, "sudo -S -p '' -H -u app -- /bin/sh"));
	assert_null(strstr(command.buf, "pw"));
	assert_memory_equal(input.buf, "pw\nHR1\n", 7);
	q.as = "a b";
	assert_false(cp1_build(&q, token, &command, &input, &e));
	str_release(&command);
	str_release(&input);
}

static void
feed(struct cp1_reply *r, const char *text, struct str *data)
{
	for (size_t i = 0; text[i]; i++) {
		const char *p;
		size_t n;

		cp1_reply_feed(r, text + i, 1, &p, &n);
		str_add(data, p, n);
	}
}

static const struct {
	const char *in, *word, *kind, *sentence, *data;
	int64_t size;
	bool whole;
} rows[] = {
	{"welcome\nCP1 file size=12 sum=ab mode=-rw- tok=T\n", "file", "", "", "", 12,
		true},
	{"CP1 data tok=T\nab\nc", "data", "", "", "ab\nc", -1, true},
	{"CP1 error nospace tok=T\nno room\nmore", "error", "nospace", "no room", "more",
		-1, true},
	{"CP1 error nospace tok=T\nno ro", "error", "nospace", "", "", -1, false},
	{"CP1 file size=12 tok=U\n", "", "", "", "", -1, false},
	{"CP1 file size=1", "", "", "", "", -1, false},
	{"CP1 there size=99999999999999999999 tok=T\n", "there", "", "", "", -1, true},
	{"", "", "", "", "", -1, false},
};

static void
reads_the_reply_of_this_act_alone(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct cp1_reply r;
		struct str data = STR_INIT;
		char token[CP1_TOKEN_LEN + 1] = "T";

		cp1_reply_init(&r, token);
		feed(&r, rows[i].in, &data);
		assert_string_equal(r.word, rows[i].word);
		assert_string_equal(r.kind, rows[i].kind);
		assert_string_equal(r.sentence, rows[i].sentence);
		assert_string_equal(data.buf, rows[i].data);
		assert_int_equal(r.size, rows[i].size);
		assert_int_equal(r.whole, rows[i].whole);
		cp1_reply_release(&r);
		str_release(&data);
	}
}

static void
put(const char *path, const char *data, size_t len)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

/* A big file takes minutes to sum: whoever cancels then removes the file aside, so it must be
 * there by then, and must not come back. */
static void
the_file_aside_is_made_before_anything_takes_long(void **state)
{
	static const char slow[] =
		"#!/bin/sh\nls -A . >at-sum\nrm -f .t\n"
		"echo 0000000000000000000000000000000000000000000000000000"
		"000000000000\n";
	char dir[] = "/tmp/cp1.XXXXXX", token[CP1_TOKEN_LEN + 1], line[256] = "";
	struct cp1_ask q = {.act = CP1_BEGIN,
		.path = "place",
		.temp = ".t",
		.sum = "ab",
		.mode = "0600",
		.size = 5};
	struct str command = STR_INIT, input = STR_INIT, sh = STR_INIT;
	struct err e = ERR_INIT;
	FILE *f;

	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_int_equal(chdir(dir), 0);
	put("place", "old", 3);
	put("sha256sum", slow, sizeof slow - 1);
	assert_true(cp1_build(&q, token, &command, &input, &e));
	put("input", input.buf, input.len);
	put("command", command.buf, command.len);
	str_addf(&sh, "chmod +x sha256sum; PATH=.:$PATH sh command <input >said");
	assert_int_equal(system(sh.buf), 0);
	f = fopen("at-sum", "r");
	assert_non_null(f);
	assert_string_equal(fgets(line, sizeof line, f), ".t\n");
	fclose(f);
	assert_int_equal(system("grep -q 'CP1 error lost' said || ! cat said"), 0);
	assert_int_equal(system("! ls .t 2>&1"), 0);
	str_addf(&sh, "; rm -rf %s", dir);
	assert_int_equal(system(strrchr(sh.buf, ';') + 1), 0);
	str_release(&command);
	str_release(&input);
	str_release(&sh);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_act_says_how_long_its_script_is),
		cmocka_unit_test(sudo_gets_its_password_before_the_script),
		cmocka_unit_test(the_file_aside_is_made_before_anything_takes_long),
		cmocka_unit_test(reads_the_reply_of_this_act_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
