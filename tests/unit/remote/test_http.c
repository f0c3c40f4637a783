#include "remote/http.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "webkit.h"

static const struct web_page pages[] = {
	{"/ok",
		"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nX-Two:  b c \r\n"
		"Content-Length: 3\r\n\r\nyes"},
	{"/down", "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"},
	{"/moved", "HTTP/1.1 302 F\r\nLocation: /ok\r\nContent-Length: 0\r\n\r\n"},
	{"/away",
		"HTTP/1.1 302 F\r\nLocation: http://127.0.0.2:%d/ok\r\nContent-Length: 0\r\n\r\n"},
	{"/file",
		"HTTP/1.1 302 F\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n"},
	{"/loop", "HTTP/1.1 302 F\r\nLocation: /loop\r\nContent-Length: 0\r\n\r\n"},
	{"/short", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this"},
	{"/flood", "HTTP/1.1 200 OK\r\n\r\n", 100000},
	{"/old", "just text\n"},
	{"/never", NULL},
	{"/continue",
		"HTTP/1.1 100 Continue\r\nX-A: no\r\n\r\n"
		"HTTP/1.1 200 OK\r\nX-B: yes\r\nContent-Length: 0\r\n\r\n"},
};

struct scene {
	struct loop *loop;
	struct web web;
	struct http *http;
	struct http_call *call;
	/* What came, copied. */
	int ends, status;
	bool answered, cut, free_inside;
	struct str body, headers;
	char url[300], why[320];
	int64_t took_ms;
};

static void
ended(void *ctx, const struct http_end *end)
{
	struct scene *s = ctx;

	s->ends++;
	s->status = end->status;
	s->answered = end->answered;
	s->cut = end->cut;
	s->took_ms = end->took_ms;
	str_reset(&s->body);
	str_reset(&s->headers);
	str_add(&s->body, end->body.buf, end->body.len);
	for (size_t i = 0; i < end->headers.list.len; i++)
		str_addf(&s->headers, "%s=%s|", end->headers.list.at[i].key,
			end->headers.list.at[i].value);
	snprintf(s->url, sizeof s->url, "%s", end->url);
	snprintf(s->why, sizeof s->why, "%s", end->why);
	if (s->free_inside)
		http_call_free(s->call);
}

static void
open_scene(struct scene *s)
{
	s->loop = loop_new();
	web_open(&s->web, s->loop, pages, sizeof pages / sizeof *pages);
	s->http = http_new(s->loop);
	s->body = STR_INIT;
	s->headers = STR_INIT;
}

static void
close_scene(struct scene *s)
{
	http_free(s->http);
	web_close(&s->web);
	loop_free(s->loop);
	str_release(&s->body);
	str_release(&s->headers);
}

static void
get(struct scene *s, const char *path, struct http_opts o)
{
	char url[200];
	struct err e = ERR_INIT;

	snprintf(url, sizeof url, "http://127.0.0.1:%d%s", s->web.port, path);
	o.url = url;
	s->ends = 0;
	s->call = http_start(s->http, &o, ended, s, &e);
	if (!s->call)
		fail_msg("%s", e.msg);
	assert_int_equal(s->ends, 0);
	while (!s->ends)
		loop_turn(s->loop, 1000);
	if (!s->free_inside)
		http_call_free(s->call);
}

static void
whole_answer_arrives(void **state)
{
	struct scene s = {0};

	(void)state;
	open_scene(&s);
	get(&s, "/ok", (struct http_opts){0});
	assert_true(s.answered);
	assert_false(s.cut);
	assert_int_equal(s.status, 200);
	assert_string_equal(s.body.buf, "yes");
	assert_string_equal(
		s.headers.buf, "content-type=text/plain|x-two=b c|content-length=3|");
	assert_int_equal(strncmp(s.web.asked.buf, "GET /ok HTTP/1.1\r\n", 18), 0);
	get(&s, "/down", (struct http_opts){0});
	assert_true(s.answered);
	assert_int_equal(s.status, 503);
	close_scene(&s);
}

static void
method_body_and_headers_are_sent(void **state)
{
	char name[] = "X-Key", value[] = "v1";
	struct pairs headers = {0};
	struct pair h = {.key = name, .value = value};
	struct http_opts o = {.method = "PUT", .body = "{\"a\":1}", .headers = &headers};
	struct scene s = {0};

	(void)state;
	vec_push(&headers.list, h);
	open_scene(&s);
	get(&s, "/ok", o);
	assert_int_equal(strncmp(s.web.asked.buf, "PUT /ok ", 8), 0);
	assert_non_null(strstr(s.web.asked.buf, "X-Key: v1\r\n"));
	assert_non_null(strstr(s.web.asked.buf, "\r\n\r\n{\"a\":1}"));
	close_scene(&s);
	vec_free(&headers.list);
}

static void
redirects_are_followed_only_when_asked_and_only_at_home(void **state)
{
	struct http_opts follow = {.follow = true};
	struct scene s = {0};

	(void)state;
	open_scene(&s);
	get(&s, "/moved", (struct http_opts){0});
	assert_int_equal(s.status, 302);
	get(&s, "/moved", follow);
	assert_int_equal(s.status, 200);
	assert_string_equal(s.body.buf, "yes");
	assert_non_null(strstr(s.url, "/ok"));
	get(&s, "/away", follow);
	assert_int_equal(s.status, 302);
	get(&s, "/file", follow);
	assert_int_equal(s.status, 302);
	s.web.requests = 0;
	get(&s, "/loop", follow);
	assert_int_equal(s.status, 302);
	assert_int_equal(s.web.requests, 4);
	close_scene(&s);
}

static void
spoilt_bodies_are_said_to_be_cut(void **state)
{
	struct http_opts o = {.limit = 1000};
	struct scene s = {0};

	(void)state;
	open_scene(&s);
	get(&s, "/short", (struct http_opts){0});
	assert_true(s.answered);
	assert_true(s.cut);
	get(&s, "/flood", o);
	assert_true(s.answered);
	assert_true(s.cut);
	assert_int_equal(s.body.len, 1000);
	close_scene(&s);
}

static void
no_answer_has_words(void **state)
{
	struct http_opts soon = {.timeout_ms = 50};
	struct scene s = {0};
	int port;

	(void)state;
	open_scene(&s);
	get(&s, "/never", soon);
	assert_false(s.answered);
	assert_non_null(strstr(s.why, "timed out"));
	get(&s, "/old", (struct http_opts){0});
	assert_false(s.answered);
	port = s.web.port;
	s.web.port = 1;
	get(&s, "/ok", (struct http_opts){0});
	assert_false(s.answered);
	assert_non_null(strstr(s.why, "connect"));
	s.web.port = port;
	close_scene(&s);
}

static void
headers_of_a_100_are_not_the_answers(void **state)
{
	struct scene s = {0};

	(void)state;
	open_scene(&s);
	get(&s, "/continue", (struct http_opts){0});
	assert_string_equal(s.headers.buf, "x-b=yes|content-length=0|");
	close_scene(&s);
}

static void
refuses(struct http *h, struct http_opts o)
{
	struct err e = ERR_INIT;

	assert_null(http_start(h, &o, ended, NULL, &e));
	assert_int_equal(e.kind, ERR_INPUT);
}

static void
smuggled_headers_and_other_schemes_are_refused(void **state)
{
	char name[] = "X-A", evil[] = "b\r\nX-Evil: 1";
	struct pairs headers = {0};
	struct pair h = {.key = name, .value = evil};
	struct scene s = {0};

	(void)state;
	vec_push(&headers.list, h);
	open_scene(&s);
	refuses(s.http,
		(struct http_opts){.url = "http://127.0.0.1/", .headers = &headers});
	refuses(s.http, (struct http_opts){.url = "file:///etc/passwd"});
	refuses(s.http, (struct http_opts){.url = "http://127.0.0.1/\nX: 1"});
	refuses(s.http, (struct http_opts){.url = "/relative"});
	close_scene(&s);
	vec_free(&headers.list);
}

static void
proxy_of_the_environment_is_not_used(void **state)
{
	struct scene s = {0};

	(void)state;
	setenv("http_proxy", "http://127.0.0.1:1", 1);
	open_scene(&s);
	get(&s, "/ok", (struct http_opts){0});
	assert_int_equal(s.status, 200);
	unsetenv("http_proxy");
	close_scene(&s);
}

static void
call_may_be_freed_at_any_time(void **state)
{
	struct scene s = {.free_inside = true};
	struct http_opts o = {.url = "http://127.0.0.1:1/"};
	struct http_call *left;
	struct err e = ERR_INIT;

	(void)state;
	open_scene(&s);
	get(&s, "/ok", (struct http_opts){0});
	s.call = http_start(s.http, &o, ended, &s, &e);
	http_call_free(s.call);
	left = http_start(s.http, &o, ended, &s, &e);
	close_scene(&s);
	http_call_free(left); /* after its client */
	assert_int_equal(s.ends, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_answer_arrives),
		cmocka_unit_test(method_body_and_headers_are_sent),
		cmocka_unit_test(redirects_are_followed_only_when_asked_and_only_at_home),
		cmocka_unit_test(spoilt_bodies_are_said_to_be_cut),
		cmocka_unit_test(no_answer_has_words),
		cmocka_unit_test(headers_of_a_100_are_not_the_answers),
		cmocka_unit_test(smuggled_headers_and_other_schemes_are_refused),
		cmocka_unit_test(proxy_of_the_environment_is_not_used),
		cmocka_unit_test(call_may_be_freed_at_any_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
