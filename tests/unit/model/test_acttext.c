/* Requests and copies as text, and the pieces of it that can be edited. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "model/acttext.h"

static void
request_stays(const char *text)
{
	struct http_spec h;
	struct err e = ERR_INIT;
	char *again;

	if (!acttext_read_http(text, &h, &e))
		fail_msg("%s: %s", text, e.msg);
	again = acttext_http(&h);
	assert_string_equal(again, text);
	mem_free(again);
	acttext_release_http(&h);
}

static void
request_is_wrong(const char *text)
{
	struct http_spec h;
	struct err e = ERR_INIT;

	if (acttext_read_http(text, &h, &e))
		fail_msg("taken: %s", text);
	assert_non_null(e.msg[0] ? e.msg : NULL);
}

static void
requests(void **state)
{
	(void)state;
	request_stays("GET https://x.example/a?b=${c}");
	request_stays("GET ${base}/health");
	request_stays("POST http://x/\nA: b\nC-D: e: f\nE: ");
	request_stays("PUT http://x/\n\nbody\n\nmore\n");
	request_stays("PUT http://x/\nA: b\n\n");
	request_is_wrong("");
	request_is_wrong("GET");
	request_is_wrong("get http://x/");
	request_is_wrong("GET  http://x/");
	request_is_wrong("GET ftp://x/");
	request_is_wrong("GET http://x/ HTTP/1.1");
	request_is_wrong("GET http://x/\nno colon");
	request_is_wrong("GET http://x/\n: v");
	request_is_wrong("GET http://x/\nA b: v");
}

static void
copies(void **state)
{
	struct acttext_copy c;
	struct err e = ERR_INIT;

	(void)state;
	assert_true(acttext_read_copy("from a b\nto h:/c\nmode 0644", &c, &e));
	assert_string_equal(c.from, "a b");
	assert_string_equal(c.to, "h:/c");
	assert_string_equal(c.mode, "0644");
	acttext_release_copy(&c);
	assert_false(acttext_read_copy("from a\nto b", &c, &e));
	assert_false(acttext_read_copy("from a\nto b\nmode 0644\nx", &c, &e));
	assert_false(acttext_read_copy("to b\nfrom a\nmode 0644", &c, &e));
	assert_false(acttext_read_copy("from a\nto b\nmode 9", &c, &e));
	assert_int_equal(acttext_host_len("web:/a"), 3);
	assert_int_equal(acttext_host_len("/a:b"), 0);
	assert_int_equal(acttext_host_len("a/b:c"), 0);
	assert_int_equal(acttext_host_len(":x"), 0);
}

/* Label and words of each piece, as "Label=words|". */
static void
parts_are(enum step_kind kind, const char *text, const char *want)
{
	struct str out = STR_INIT;
	struct acttext_part p;

	for (size_t i = 0; acttext_part(kind, text, i, &p); i++)
		str_addf(&out, "%s=%.*s|", p.label, (int)p.len, text + p.at);
	assert_string_equal(out.buf, want);
	str_release(&out);
}

static void
pieces(void **state)
{
	(void)state;
	parts_are(STEP_RUN, "one", "Line=one|One more line=|");
	parts_are(STEP_RUN, "one\n\ntwo\n", "Line=one|Line=|Line=two|One more line=|");
	parts_are(STEP_SQL, "select 1", "Line=select 1|One more line=|");
	parts_are(STEP_HTTP, "GET http://x/",
		"Method=GET|URL=http://x/|One more header=|One more line of the body=|");
	parts_are(STEP_HTTP, "POST http://x/\nA: b\nC: d\n\n{\n}\n",
		"Method=POST|URL=http://x/|Header=A: b|Header=C: d|Body={|Body=}|"
		"One more header=|One more line of the body=|");
	parts_are(STEP_HTTP, "POST http://x/\n\na\n\nb",
		"Method=POST|URL=http://x/|Body=a|Body=|Body=b|One more header=|"
		"One more line of the body=|");
	parts_are(STEP_COPY, "from a\nto h:/b\nmode 0600", "From=a|To=h:/b|Mode=0600|");
}

static void
with_is(enum step_kind kind, const char *text, size_t n, const char *piece,
	const char *want)
{
	char *with = acttext_with(kind, text, n, piece);

	assert_string_equal(with, want);
	mem_free(with);
}

static void
one_piece_is_changed(void **state)
{
	static const char post[] = "POST http://x/\nA: b\n\nbody";

	(void)state;
	with_is(STEP_RUN, "one\ntwo\nthree\n", 1, "2", "one\n2\nthree\n");
	with_is(STEP_RUN, "one\ntwo\nthree\n", 2, "", "one\ntwo\n");
	with_is(STEP_RUN, "one\ntwo\n", 2, "three", "one\ntwo\nthree\n");
	with_is(STEP_RUN, "one", 1, "two", "one\ntwo");
	with_is(STEP_RUN, "one", 1, "", "one");
	with_is(STEP_RUN, "only", 0, "another", "another");
	with_is(STEP_HTTP, post, 0, "PUT", "PUT http://x/\nA: b\n\nbody");
	with_is(STEP_HTTP, post, 1, "http://y/", "POST http://y/\nA: b\n\nbody");
	with_is(STEP_HTTP, post, 2, "A: c", "POST http://x/\nA: c\n\nbody");
	with_is(STEP_HTTP, post, 2, "", "POST http://x/\n\nbody");
	with_is(STEP_HTTP, post, 3, "", "POST http://x/\nA: b");
	with_is(STEP_HTTP, post, 4, "C: d", "POST http://x/\nA: b\nC: d\n\nbody");
	with_is(STEP_HTTP, post, 5, "more", "POST http://x/\nA: b\n\nbody\nmore");
	with_is(STEP_HTTP, "GET http://x/", 2, "A: b", "GET http://x/\nA: b");
	with_is(STEP_HTTP, "GET http://x/", 3, "x", "GET http://x/\n\nx");
	with_is(STEP_HTTP, "GET http://x/\nA: b", 2, "", "GET http://x/");
	with_is(STEP_COPY, "from a\nto h:/b\nmode 0600", 1, "h:/c",
		"from a\nto h:/c\nmode 0600");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests),
		cmocka_unit_test(copies),
		cmocka_unit_test(pieces),
		cmocka_unit_test(one_piece_is_changed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
