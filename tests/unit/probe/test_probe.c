#include "probe/probe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../loop/jail.h"
#include "../remote/webkit.h"

static const struct web_page pages[] = {
	{"/health",
		"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
		"Set-Cookie: sid=abc; HttpOnly\r\nContent-Length: 28\r\n\r\n"
		"{\"status\": \"ok\", \"load\": 42}"},
	{"/down", "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"},
	{"/count", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n97\n"},
	{"/never", NULL},
};

struct scene {
	struct loop *loop;
	struct web web;
	struct runbook *rb;
	struct probe_env env;
	struct probe *probe;
	/* The reading, copied. */
	int readings;
	enum verdict verdict;
	char field[64], value[64], unit[8], want[160], message[320];
	size_t rows;
	char port[16];
};

static const char *
value_of(void *ctx, const char *name)
{
	struct scene *s = ctx;

	return strcmp(name, "port") == 0 ? s->port : NULL;
}

static void
came(void *ctx, const struct probe_reading *r)
{
	struct scene *s = ctx;

	s->readings++;
	s->verdict = r->verdict;
	s->rows = r->judgement.rows.len;
	assert_ptr_equal(r->probe, s->probe);
	snprintf(s->field, sizeof s->field, "%s", r->field);
	snprintf(s->value, sizeof s->value, "%s", r->value);
	snprintf(s->unit, sizeof s->unit, "%s", r->unit);
	snprintf(s->want, sizeof s->want, "%s", r->want);
	snprintf(s->message, sizeof s->message, "%s", r->message);
}

static void
open_scene(struct scene *s, enum probe_kind kind, const char *subject)
{
	struct fleet_opts fo = {0};

	*s = (struct scene){0};
	s->loop = fo.loop = loop_new();
	web_open(&s->web, s->loop, pages, sizeof pages / sizeof *pages);
	snprintf(s->port, sizeof s->port, "%d", s->web.port);
	s->rb = runbook_new();
	vec_push(&s->rb->scopes.list,
		(struct scope){.prefix = mem_strdup(""), .parent = NONE});
	s->probe = vec_add(&s->rb->probes.list);
	s->probe->name = mem_strdup("api");
	s->probe->kind = kind;
	s->probe->subject = mem_strdup(subject);
	if (kind == PROBE_HTTP) {
		s->probe->http.url = mem_strdup(subject);
		s->probe->http.method = mem_strdup("GET");
	}
	s->probe->host = s->probe->through = NONE;
	s->probe->expect = expect_new();
	s->probe->steady = s->probe->of = 1;
	fo.runbook = s->rb;
	s->env = (struct probe_env){
		.loop = s->loop,
		.fleet = fleet_new(&fo),
		.http = http_new(s->loop),
		.runbook = s->rb,
		.lookup = value_of,
		.lookup_ctx = s,
	};
}

static void
expect(struct expect *x, enum expect_field field, const char *text)
{
	struct err e = ERR_INIT;
	struct expect_rule r = {.field = field};

	r.test = expect_scalar(text, expect_field_info(field)->how, &e);
	if (!r.test)
		fail_msg("%s", e.msg);
	vec_push(&x->rules, r);
}

static void
expect_json(struct expect *x, const char *pointer, const char *text)
{
	struct err e = ERR_INIT;
	struct expect_rule r = {.field = EXPECT_JSON, .test = expect_test_new(EXPECT_AT)};
	struct expect_test *part = expect_scalar(text, EXPECT_HOW_DUAL, &e);

	part->key = mem_strdup(pointer);
	vec_push(&r.test->parts, part);
	vec_push(&x->rules, r);
}

static void
look(struct scene *s)
{
	struct probe_look *p = probe_start(&s->env, 0, came, s);

	assert_int_equal(s->readings, 0);
	while (!s->readings)
		loop_turn(s->loop, 1000);
	probe_look_free(p);
}

static void
close_scene(struct scene *s)
{
	fleet_free(s->env.fleet);
	http_free(s->env.http);
	web_close(&s->web);
	runbook_unref(s->rb);
	loop_free(s->loop);
}

static void
healthy_service_is_ok_with_its_time(void **state)
{
	struct scene s;

	(void)state;
	open_scene(&s, PROBE_HTTP, "http://127.0.0.1:${port}/health");
	expect(s.probe->expect, EXPECT_STATUS, "200");
	expect(s.probe->expect, EXPECT_TIME, "< 5000ms");
	look(&s);
	if (s.verdict != VERDICT_OK)
		fail_msg("%s", s.message);
	assert_string_equal(s.field, "time");
	assert_string_not_equal(s.value, "");
	assert_string_equal(s.unit, "ms");
	assert_string_equal(s.want, "< 5000ms");
	assert_non_null(strstr(s.message, "status 200"));
	close_scene(&s);
}

static void
json_leads_where_it_is_expected(void **state)
{
	struct scene s;

	(void)state;
	open_scene(&s, PROBE_HTTP, "http://127.0.0.1:${port}/health");
	expect(s.probe->expect, EXPECT_STATUS, "200");
	expect_json(s.probe->expect, "/status", "ok");
	look(&s);
	if (s.verdict != VERDICT_OK)
		fail_msg("%s", s.message);
	assert_string_equal(s.field, "json /status");
	assert_string_equal(s.value, "ok");
	assert_int_equal(s.rows, 2);
	assert_non_null(strstr(s.message, " ms"));
	close_scene(&s);
}

static void
wrong_status_fails_and_says_what_came(void **state)
{
	struct scene s;

	(void)state;
	open_scene(&s, PROBE_HTTP, "http://127.0.0.1:${port}/down");
	expect(s.probe->expect, EXPECT_STATUS, "200");
	look(&s);
	assert_int_equal(s.verdict, VERDICT_FAIL);
	assert_non_null(strstr(s.message, "status 503"));
	assert_non_null(strstr(s.message, "200"));
	close_scene(&s);
}

static void
broken_warning_warns(void **state)
{
	struct scene s;

	(void)state;
	open_scene(&s, PROBE_HTTP, "http://127.0.0.1:${port}/count");
	expect(s.probe->expect, EXPECT_VALUE, "< 100");
	s.probe->warn = expect_new();
	expect(s.probe->warn, EXPECT_VALUE, "< 90");
	look(&s);
	assert_int_equal(s.verdict, VERDICT_WARN);
	assert_string_equal(s.field, "value");
	assert_string_equal(s.value, "97");
	assert_string_equal(s.want, "< 100");
	assert_non_null(strstr(s.message, "warn"));
	close_scene(&s);
}

static void
silence_and_refusal_fail_with_their_reason(void **state)
{
	struct scene s;

	(void)state;
	open_scene(&s, PROBE_HTTP, "http://127.0.0.1:${port}/never");
	expect(s.probe->expect, EXPECT_STATUS, "200");
	s.probe->timeout_ms = 50;
	look(&s);
	assert_int_equal(s.verdict, VERDICT_FAIL);
	assert_non_null(strstr(s.message, "timed out"));
	assert_string_equal(s.value, "");
	close_scene(&s);
}

static void
value_without_answer_is_unknown_not_sent(void **state)
{
	struct scene s;

	(void)state;
	open_scene(&s, PROBE_HTTP, "http://${nowhere}/health");
	expect(s.probe->expect, EXPECT_STATUS, "200");
	look(&s);
	assert_int_equal(s.verdict, VERDICT_UNKNOWN);
	assert_non_null(strstr(s.message, "nowhere"));
	assert_int_equal(s.web.requests, 0);
	close_scene(&s);
}

static void
nothing_expected_is_never_ok(void **state)
{
	struct scene s;

	(void)state;
	open_scene(&s, PROBE_HTTP, "http://127.0.0.1:${port}/health");
	look(&s);
	assert_int_equal(s.verdict, VERDICT_UNKNOWN);
	close_scene(&s);
}

static void
command_is_judged_by_its_value(void **state)
{
	struct job_env env = {.name = "n", .value = "41"};
	struct scene s;

	(void)state;
	open_scene(&s, PROBE_COMMAND, "echo $((n + 1))");
	s.env.env = &env;
	s.env.env_len = 1;
	expect(s.probe->expect, EXPECT_EXIT, "0");
	expect(s.probe->expect, EXPECT_VALUE, "> 40");
	look(&s);
	if (s.verdict != VERDICT_OK)
		fail_msg("%s", s.message);
	assert_string_equal(s.field, "value");
	assert_string_equal(s.value, "42");
	assert_string_equal(s.want, "> 40");
	close_scene(&s);
}

static void
failing_command_fails(void **state)
{
	struct scene s;

	(void)state;
	open_scene(&s, PROBE_COMMAND, "echo broken >&2; exit 3");
	expect(s.probe->expect, EXPECT_EXIT, "0");
	look(&s);
	assert_int_equal(s.verdict, VERDICT_FAIL);
	assert_string_equal(s.field, "exit");
	assert_string_equal(s.value, "3");
	assert_string_equal(s.want, "0");
	close_scene(&s);
}

static void
command_without_end_is_unknown(void **state)
{
	struct scene s;

	(void)state;
	open_scene(&s, PROBE_COMMAND, "sleep 1000");
	expect(s.probe->expect, EXPECT_EXIT, "0");
	s.probe->timeout_ms = 1000;
	look(&s);
	assert_int_equal(s.verdict, VERDICT_UNKNOWN);
	assert_non_null(strstr(s.message, "not done in 1 s"));
	close_scene(&s);
}

static void
burst_is_refused_where_nothing_allows_it(void **state)
{
	struct scene s;

	(void)state;
	open_scene(&s, PROBE_BURST, "http://127.0.0.1:${port}/health");
	expect(s.probe->expect, EXPECT_COUNT, "0");
	look(&s);
	assert_int_equal(s.verdict, VERDICT_UNKNOWN);
	assert_non_null(strstr(s.message, "no environment allows it"));
	assert_int_equal(s.web.requests, 0);
	vec_push(&s.rb->bursts.list, mem_printf("http://127.0.0.1:%s", s.port));
	s.readings = 0;
	look(&s);
	if (s.verdict != VERDICT_OK)
		fail_msg("%s", s.message);
	assert_int_equal(s.web.requests, 20);
	close_scene(&s);
}

/* A server that sends back what it was sent must not bring a secret onto the screen. */
static void
echoed_secret_is_redacted(void **state)
{
	struct redact *r = redact_new();
	struct err e = ERR_INIT;
	struct scene s;

	(void)state;
	open_scene(&s, PROBE_COMMAND, "echo token hunter2-4711");
	if (!redact_add(r, "token", "hunter2-4711", strlen("hunter2-4711"), &e))
		fail_msg("%s", e.msg);
	s.env.redact = r;
	expect(s.probe->expect, EXPECT_STDOUT, "something else");
	look(&s);
	assert_int_equal(s.verdict, VERDICT_FAIL);
	assert_null(strstr(s.message, "4711"));
	assert_null(strstr(s.value, "4711"));
	close_scene(&s);
	redact_free(r);
}

static void
freed_look_is_silent(void **state)
{
	struct scene s;
	struct probe_look *p;

	(void)state;
	open_scene(&s, PROBE_HTTP, "http://127.0.0.1:${port}/never");
	p = probe_start(&s.env, 0, came, &s);
	probe_look_free(p);
	s.probe->kind = PROBE_BURST;
	p = probe_start(&s.env, 0, came, &s);
	probe_look_free(p);
	loop_turn(s.loop, 10);
	assert_int_equal(s.readings, 0);
	close_scene(&s);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(healthy_service_is_ok_with_its_time),
		cmocka_unit_test(json_leads_where_it_is_expected),
		cmocka_unit_test(wrong_status_fails_and_says_what_came),
		cmocka_unit_test(broken_warning_warns),
		cmocka_unit_test(silence_and_refusal_fail_with_their_reason),
		cmocka_unit_test(value_without_answer_is_unknown_not_sent),
		cmocka_unit_test(nothing_expected_is_never_ok),
		cmocka_unit_test(command_is_judged_by_its_value),
		cmocka_unit_test(failing_command_fails),
		cmocka_unit_test(command_without_end_is_unknown),
		cmocka_unit_test(burst_is_refused_where_nothing_allows_it),
		cmocka_unit_test(echoed_secret_is_redacted),
		cmocka_unit_test(freed_look_is_silent),
	};

	(void)argc;
	jail_enter(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
