#include "remote/hr1.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
cksum_is_that_of_posix(void **state)
{
	static const struct {
		const char *text, *sum;
	} rows[] = {
		{"", "4294967295 0"},
		{"a\n", "2418082923 2"},
		{"The quick brown fox\n", NULL},
	};
	char sum[40], line[64] = "", cmd[128];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct str s = STR_INIT;
		FILE *p;

		str_adds(&s, rows[i].text);
		hr1_cksum(&s, sum);
		snprintf(cmd, sizeof cmd, "printf '%s' | cksum", rows[i].text);
		p = popen(cmd, "r");
		assert_non_null(fgets(line, sizeof line, p));
		pclose(p);
		line[strcspn(line, "\n")] = 0;
		assert_string_equal(sum, line);
		if (rows[i].sum)
			assert_string_equal(sum, rows[i].sum);
		str_release(&s);
	}
}

static void
names_fit_the_protocol_and_stay_apart(void **state)
{
	static const char *const plain[] = {"a", "load-the-dump", "web_1", "0"};
	static const char *const hashed[] = {"", "Web1", "web1.example.com", "a/b",
		"../..", "a b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		"A-very-long-step-id-that-goes-on-and-on"};
	char out[HR1_NAME_MAX + 1], other[HR1_NAME_MAX + 1];

	(void)state;
	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
		hr1_name(plain[i], out);
		assert_string_equal(out, plain[i]);
	}
	for (size_t i = 0; i < sizeof hashed / sizeof *hashed; i++) {
		hr1_name(hashed[i], out);
		assert_in_range(strlen(out), 1, HR1_NAME_MAX);
		assert_int_equal(strspn(out, "abcdefghijklmnopqrstuvwxyz0123456789_-"),
			strlen(out));
		assert_string_not_equal(out, hashed[i]);
	}
	hr1_name("web1.a", out);
	hr1_name("web1-a", other);
	assert_string_not_equal(out, other);
}

static void
values_are_quoted_for_the_shell(void **state)
{
	struct hr1_request q;

	(void)state;
	hr1_init(&q);
	assert_int_equal(strlen(q.token), HR1_TOKEN_LEN);
	str_reset(&q.params);
	hr1_param(&q, "A", "it's $x `y` \"z\"");
	hr1_param(&q, "B", NULL);
	hr1_param_int(&q, "C", 7);
	assert_string_equal(q.params.buf, "A='it'\\''s $x `y` \"z\"'\nB=''\nC='7'\n");
	hr1_add_env(&q, "pw", "a'b");
	assert_string_equal(q.env.buf, "export pw='a'\\''b'\n");
	hr1_release(&q);
}

static void
text_without_newline_gets_one_and_no_marker_is_left(void **state)
{
	struct hr1_request q;
	struct str out = STR_INIT;

	(void)state;
	hr1_init(&q);
	hr1_set_spec(&q, "echo hi");
	hr1_build(&q, HR1_START, &out);
	assert_non_null(strstr(out.buf, "\necho hi\nHR1_"));
	assert_null(strstr(out.buf, "#@"));
	assert_true(str_ends(&out, "\nhr1_start\n"));
	str_release(&out);
	hr1_release(&q);
}

/* Feeds in pieces of `step` bytes; gathers the data behind the header. */
static void
feed(struct hr1_reply *r, const char *text, size_t step, struct str *data)
{
	size_t len = strlen(text);

	for (size_t at = 0; at < len; at += step) {
		size_t n = len - at < step ? len - at : step, m;
		const char *p;

		hr1_reply_feed(r, text + at, n, &p, &m);
		str_add(data, p, m);
	}
}

static void
reply_is_read_in_any_pieces(void **state)
{
	struct hr1_request q;
	char text[300];

	(void)state;
	hr1_init(&q);
	snprintf(text, sizeof text,
		"Welcome!\nHR1 done 3 tok=0000\nHR1 done 7 size=12 block=1 pid=99 birth=5 "
		"boot=b-1 shell=sh cancel=operator out=gone new=x tok=%s\nraw\nHR1 done 9\n",
		q.token);
	for (size_t step = 1; step < 50; step++) {
		struct hr1_reply r;
		struct str data = STR_INIT;

		hr1_reply_init(&r, &q);
		feed(&r, text, step, &data);
		assert_true(r.seen);
		assert_string_equal(r.state, "done");
		assert_string_equal(r.arg, "7");
		assert_int_equal(r.size, 12);
		assert_int_equal(r.block, 1);
		assert_int_equal(r.pid, 99);
		assert_string_equal(r.boot, "b-1");
		assert_string_equal(r.shell, "sh");
		assert_string_equal(r.cancel, "operator");
		assert_true(r.out_gone);
		assert_string_equal(data.buf, "raw\nHR1 done 9\n");
		str_release(&data);
		hr1_reply_release(&r);
	}
	hr1_release(&q);
}

static void
header_without_end_or_token_is_none(void **state)
{
	struct hr1_request q;
	char text[100];

	(void)state;
	hr1_init(&q);
	snprintf(text, sizeof text, "HR1 done 0 size=0 tok=%s\n", q.token);
	for (size_t cut = 0; cut < strlen(text); cut++) {
		struct hr1_reply r;
		const char *p;
		size_t n;

		hr1_reply_init(&r, &q);
		hr1_reply_feed(&r, text, cut, &p, &n);
		assert_false(r.seen);
		assert_int_equal(n, 0);
		hr1_reply_release(&r);
	}
	hr1_release(&q);
}

static void
trailer_is_the_last_with_the_token(void **state)
{
	struct hr1_trailer t;
	static const char a[] = "out\nHR1 exit 3 tok=ab\nmore\n\nHR1 exit 5 tok=cd\n";
	static const char b[] = "x\n\nHR1 exit 124 timeout tok=cd\n";
	static const char c[] = "\nHR1 error nodir tok=cd\ncannot enter /x\n";

	(void)state;
	assert_true(hr1_trailer_find("cd", a, sizeof a - 1, &t));
	assert_int_equal(t.exit, 5);
	assert_int_equal(t.body, strlen("out\nHR1 exit 3 tok=ab\nmore\n"));
	assert_true(hr1_trailer_find("cd", b, sizeof b - 1, &t));
	assert_true(t.timed_out);
	assert_true(hr1_trailer_find("cd", c, sizeof c - 1, &t));
	assert_false(t.exited);
	assert_string_equal(t.error, "nodir");
	assert_string_equal(t.sentence, "cannot enter /x");
	assert_false(hr1_trailer_find("ef", a, sizeof a - 1, &t));
	for (size_t cut = 0; cut < sizeof b - 1; cut++)
		assert_false(hr1_trailer_find("cd", b, cut, &t));
}

static void
account_names_cannot_smuggle(void **state)
{
	static const char *const bad[] = {
		"", "root x", "-u", "a;b", "a'b", "Root", "a$b", "a\nb"};
	struct err e = ERR_INIT;
	struct str out = STR_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(hr1_command(bad[i], HR1_NO_PASSWORD, &out, &e));
	assert_string_equal(out.buf, "");
	assert_true(hr1_command("postgres", HR1_NO_PASSWORD, &out, &e));
	assert_string_equal(out.buf, "exec sudo -n -H -u postgres -- /bin/sh");
	str_reset(&out);
	assert_true(hr1_command(NULL, HR1_NO_PASSWORD, &out, &e));
	assert_string_equal(out.buf, "exec /bin/sh");
	str_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cksum_is_that_of_posix),
		cmocka_unit_test(names_fit_the_protocol_and_stay_apart),
		cmocka_unit_test(values_are_quoted_for_the_shell),
		cmocka_unit_test(text_without_newline_gets_one_and_no_marker_is_left),
		cmocka_unit_test(reply_is_read_in_any_pieces),
		cmocka_unit_test(header_without_end_or_token_is_none),
		cmocka_unit_test(trailer_is_the_last_with_the_token),
		cmocka_unit_test(account_names_cannot_smuggle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
