#include "live/logparse.h"

#include "livekit.h"

#include "base/mem.h"

enum shape { HEAD, CONTINUES };

static const struct row {
	const char *line;
	const char *at; /* NULL: says none */
	enum loglevel level;
	const char *message;
	enum shape shape;
} rows[] = {
	{"2026-11-20T13:28:53.311Z ERROR QueuePool limit", "13:28:53Z", LOGLEVEL_ERROR,
		"QueuePool limit", HEAD},
	{"2026/11/20 13:28:53 [warn] 7#7: slow", "13:28:53Z", LOGLEVEL_WARN, "7#7: slow",
		HEAD},
	{"2026-11-20 13:28:53.311 UTC [12] FATAL:  no pg_hba entry", "13:28:53Z",
		LOGLEVEL_FATAL, "[12] FATAL:  no pg_hba entry", HEAD},
	{"Nov 20 13:28:53 web1 app[1]: started", "13:28:53Z", LOGLEVEL_NONE,
		"web1 app[1]: started", HEAD},
	{"<11>Nov 20 13:28:53 web1 app: broke", "13:28:53Z", LOGLEVEL_ERROR,
		"web1 app: broke", HEAD},
	{"<12>1 2026-11-20T13:28:53Z web1 app - - - odd", "13:28:53Z", LOGLEVEL_WARN,
		"web1 app - - - odd", HEAD},
	{"E1120 13:28:53.311000       1 a.go:12] no", "13:28:53Z", LOGLEVEL_ERROR,
		"1 a.go:12] no", HEAD},
	{"1:M 20 Nov 2026 13:28:53.311 # overcommit", "13:28:53Z", LOGLEVEL_WARN,
		"# overcommit", HEAD},
	{"1.2.3.4 - - [20/Nov/2026:13:28:53 +0000] \"GET /x HTTP/1.1\" 503 12 \"-\"",
		"13:28:53Z", LOGLEVEL_ERROR,
		"1.2.3.4 - - [20/Nov/2026:13:28:53 +0000] \"GET /x HTTP/1.1\" 503 12 \"-\"",
		HEAD},
	{"1.2.3.4 - - [20/Nov/2026:13:28:53 +0000] \"GET /ERROR\" 200 12", "13:28:53Z",
		LOGLEVEL_INFO,
		"1.2.3.4 - - [20/Nov/2026:13:28:53 +0000] \"GET /ERROR\" 200 12", HEAD},
	{"time=\"2026-11-20T13:28:53Z\" level=warning msg=\"disk\"", "13:28:53Z",
		LOGLEVEL_WARN, " level=warning msg=\"disk\"", HEAD},
	{"{\"ts\":\"2026-11-20T13:28:53.311Z\",\"level\":\"error\",\"msg\":\"no\"}",
		"13:28:53Z", LOGLEVEL_ERROR, "no", HEAD},
	{"{\"a\":{\"level\":\"error\"},\"x\":[1,\"}\"],\"level\":30,\"time\":1795181333250,"
	 "\"msg\":\"a \\\"quoted\\\" word\"}",
		"13:28:53Z", LOGLEVEL_INFO,
		"a \"quoted\" word a={\"level\":\"error\"} x=[1,\"}\"]", HEAD},
	{"{\"severity\": \"WARNING\", \"message\": \"m\", \"n\": 1.5}", NULL,
		LOGLEVEL_WARN, "m n=1.5", HEAD},
	{"{not json", NULL, LOGLEVEL_NONE, "{not json", HEAD},
	{"{\"level\":\"error\"", NULL, LOGLEVEL_ERROR, "{\"level\":\"error\"", HEAD},
	{"plain words", NULL, LOGLEVEL_NONE, "plain words", HEAD},
	{"", NULL, LOGLEVEL_NONE, "", HEAD},
	{"Traceback (most recent call last):", NULL, LOGLEVEL_NONE,
		"Traceback (most recent call last):", CONTINUES},
	{"  File \"x.py\", line 2026, in f", NULL, LOGLEVEL_NONE,
		"  File \"x.py\", line 2026, in f", CONTINUES},
	{"        at com.example.Main(Main.java:1)", NULL, LOGLEVEL_NONE,
		"        at com.example.Main(Main.java:1)", CONTINUES},
	{"Caused by: java.io.IOException", NULL, LOGLEVEL_NONE,
		"Caused by: java.io.IOException", CONTINUES},
};

static void
each_line_says_when_and_how_bad(void **state)
{
	struct logtime_ref ref = {kit_now(0).wall, 0, NULL};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *r = &rows[i];
		struct str shown = STR_INIT;
		char at[STAMP_BYTES];
		struct logparse p;

		logparse_line(r->line, strlen(r->line), &ref, &p);
		if (p.level != r->level || p.timed != (r->at != NULL) ||
			p.continues != (r->shape == CONTINUES))
			fail_msg("%s: level %s, %s, %s", r->line, loglevel_name(p.level),
				p.timed ? stamp_clock(p.at, at) : "no time",
				p.continues ? "continues" : "head");
		if (r->at)
			assert_string_equal(stamp_clock(p.at, at), r->at);
		logparse_show(r->line, strlen(r->line), p.message, &shown);
		assert_string_equal(shown.buf, r->message);
		str_release(&shown);
	}
}

/* Any bytes, any length: nothing is read beyond the end, nothing is found beyond it. */
static void
any_bytes_are_read_within_bounds(void **state)
{
	static const char alphabet[] =
		"{}[]\":,\\ -+TZ0123456789eEWINFO<>=.#\t\xc3\xa9\x1b";
	struct logtime_ref ref = {kit_now(0).wall, 0, NULL};
	struct dice d = DICE(5);

	(void)state;
	for (int i = 0; i < 30000; i++) {
		const struct row *r = &rows[dice_roll(&d, COUNT(rows))];
		size_t len = dice_roll(&d, strlen(r->line) + 2);
		char *line = mem_alloc(len ? len : 1);
		struct logparse p;

		memcpy(line, r->line, len < strlen(r->line) ? len : strlen(r->line));
		for (size_t k = dice_roll(&d, 4); k > 0 && len > 0; k--)
			line[dice_roll(&d, len)] =
				alphabet[dice_roll(&d, sizeof alphabet - 1)];
		logparse_line(line, len, &ref, &p);
		assert_true(p.message <= len);
		assert_true((unsigned)p.level < LOGLEVEL_COUNT);
		mem_free(line);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_line_says_when_and_how_bad),
		cmocka_unit_test(any_bytes_are_read_within_bounds),
	};

	return cmocka_run_group_tests_name("live/logparse", tests, NULL, NULL);
}
