#include "remote/httpwire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define OK "HTTP/1.1 200 OK\r\n"

static void
add(void *ctx, const char *p, size_t len)
{
	str_add(ctx, p, len);
}

/* Fed in pieces of `step` bytes; gives the state, its body in `body`. */
static enum httpwire_state
feed(struct httpwire *w, const char *text, size_t step, struct str *body, size_t *used)
{
	size_t len = strlen(text);
	struct err e = ERR_INIT;

	*used = 0;
	httpwire_init(w);
	while (*used < len && w->state != HTTPWIRE_DONE && w->state != HTTPWIRE_BAD) {
		size_t n = len - *used < step ? len - *used : step;

		*used += httpwire_feed(w, text + *used, n, add, body, &e);
	}
	assert_int_equal(w->state == HTTPWIRE_BAD, e.kind != ERR_NONE);
	return w->state;
}

/* The same whatever the pieces. */
static void
answers(void **state)
{
	static const struct {
		const char *text, *body;
		int status;
		enum httpwire_state end;
		const char *rest;
	} rows[] = {
		{OK "Content-Length: 5\r\n\r\nhellox", "hello", 200, HTTPWIRE_DONE, "x"},
		{OK "content-length:  0 \r\n\r\n", "", 200, HTTPWIRE_DONE, ""},
		{OK "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1;x=y\r\n \r\nA\r\n0123456789\r\n"
		    "0\r\n\r\nHTTP",
			"hello 0123456789", 200, HTTPWIRE_DONE, "HTTP"},
		{OK "Transfer-Encoding: chunked\r\n\r\n0\r\nX-Trailer: 1\r\n\r\n", "",
			200, HTTPWIRE_DONE, ""},
		{OK "Transfer-Encoding: chunked\r\n\r\n5\r\nhel", "hel", 200,
			HTTPWIRE_CHUNK, ""},
		{"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno", "no", 404,
			HTTPWIRE_DONE, ""},
		{"HTTP/1.1 204 No Content\r\n\r\n", "", 204, HTTPWIRE_DONE, ""},
		{"HTTP/1.1 100 Continue\r\n\r\n" OK "Content-Length: 1\r\n\r\n1", "1",
			200, HTTPWIRE_DONE, ""},
		{"HTTP/1.0 200 OK\r\n\r\nto the end", "to the end", 200, HTTPWIRE_TO_END,
			""},
		{OK "Content-Length: 9\r\n\r\nshort", "short", 200, HTTPWIRE_LENGTH, ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		for (size_t step = 1; step < 100; step += step < 8 ? 1 : 91) {
			struct httpwire w;
			struct str body = STR_INIT;
			size_t used;

			assert_int_equal(
				feed(&w, rows[i].text, step, &body, &used), rows[i].end);
			assert_int_equal(w.status, rows[i].status);
			assert_string_equal(body.buf, rows[i].body);
			assert_string_equal(rows[i].text + used, rows[i].rest);
			httpwire_release(&w);
			str_release(&body);
		}
	}
}

static void
what_two_readers_could_read_differently_is_refused(void **state)
{
	static const char *const bad[] = {
		"SSH-2.0-OpenSSH\r\n\r\n",
		"HTTP/2 200 OK\r\n\r\n",
		"HTTP/1.1 20 OK\r\n\r\n",
		"HTTP/1.1 999 OK\r\n\r\n",
		OK "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
		OK "Content-Length: 5\r\nContent-Length: 6\r\n\r\n",
		OK "Content-Length: -5\r\n\r\n",
		OK "Content-Length: 5, 5\r\n\r\n",
		OK "Content-Length: 99999999999999999999\r\n\r\n",
		OK "Transfer-Encoding: gzip, chunked\r\n\r\n",
		OK "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
		OK "no colon\r\n\r\n",
		OK " folded: 1\r\n\r\n",
		OK "Content-Length : 5\r\n\r\n",
		OK "Transfer-Encoding: chunked\r\n\r\nx\r\n",
		OK "Transfer-Encoding: chunked\r\n\r\n\r\n",
		OK "Transfer-Encoding: chunked\r\n\r\n-1\r\n",
		OK "Transfer-Encoding: chunked\r\n\r\n123456789\r\n",
		OK "Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct httpwire w;
		struct str body = STR_INIT;
		size_t used;

		if (feed(&w, bad[i], 1000, &body, &used) != HTTPWIRE_BAD)
			fail_msg("%zu is taken: %s", i, bad[i]);
		httpwire_release(&w);
		str_release(&body);
	}
}

static void
a_head_has_a_limit(void **state)
{
	struct httpwire w;
	struct str text = STR_INIT, body = STR_INIT;
	size_t used;

	(void)state;
	str_adds(&text, OK);
	while (text.len < 2 * HTTPWIRE_HEAD_MAX)
		str_adds(&text, "X: y\r\n");
	assert_int_equal(feed(&w, text.buf, text.len, &body, &used), HTTPWIRE_BAD);
	httpwire_release(&w);
	str_release(&text);
	str_release(&body);
}

static void
one_after_the_other(void **state)
{
	static const char text[] = OK
		"Content-Length: 1\r\n\r\na" OK
		"Transfer-Encoding: chunked\r\n\r\n1\r\nb\r\n0\r\n\r\n";
	struct httpwire w;
	struct str body = STR_INIT;
	struct err e = ERR_INIT;
	size_t used;

	(void)state;
	assert_int_equal(feed(&w, text, sizeof text, &body, &used), HTTPWIRE_DONE);
	httpwire_next(&w);
	used += httpwire_feed(&w, text + used, strlen(text) - used, add, &body, &e);
	assert_int_equal(w.state, HTTPWIRE_DONE);
	assert_int_equal(used, strlen(text));
	assert_string_equal(body.buf, "ab");
	httpwire_release(&w);
	str_release(&body);
}

static void
the_end_of_the_connection(void **state)
{
	struct httpwire w;
	struct str body = STR_INIT;
	size_t used;

	(void)state;
	feed(&w, OK "Connection: close\r\n\r\nall", 1000, &body, &used);
	assert_true(httpwire_end(&w));
	httpwire_release(&w);
	feed(&w, OK "Content-Length: 4\r\n\r\nall", 1000, &body, &used);
	assert_false(httpwire_end(&w));
	httpwire_release(&w);
	str_release(&body);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers),
		cmocka_unit_test(what_two_readers_could_read_differently_is_refused),
		cmocka_unit_test(a_head_has_a_limit),
		cmocka_unit_test(one_after_the_other),
		cmocka_unit_test(the_end_of_the_connection),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
