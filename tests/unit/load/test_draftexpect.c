#include "load/draftexpect.h"

#include "unit.h"

#include <string.h>

/* A sentence, the expectation as YAML with ? for each guess, and the words left over. */
struct row {
	const char *text, *want, *words;
};

static const struct row rows[] = {
	/* S1:226, 230 */
	{"Expected: {\"status\": \"healthy\", ...}", "{json: {/status: healthy}}", ""},
	{"# Expected: 200 OK", "{status: 200}", ""},
	/* S3:205 ... */
	{"Expected: HTTP 200, `{\"status\": \"ok\"}`",
		"{status: 200, json: {/status: ok}}", ""},
	{"Expected: HTTP 200, `{\"status\": \"ready\"}`, all checks pass",
		"{status: 200, json: {/status: ready}}", "all checks pass"},
	{"Expected: HTTP 200, lists 7 modules",
		"{status: 200, json: {/modules/6: {absent: false}, /modules/7: {absent: true}}}??",
		""},
	{"Expected: Swagger UI loads", "{body: {matches: '(?i)swagger'}}?",
		"Swagger UI loads"},
	{"Expected: HTTP 200, returns 2 modules: ci, a.b",
		"{status: 200, body: {matches: '(?s)\\A(?=.*\\bci\\b)(?=.*\\ba\\.b\\b)'}}?",
		""},
	{"Expected: HTTP 200, status for all 7 modules", "{status: 200}",
		"status for all 7 modules"},
	{"Expected: HTTP 429 after exceeding limit", "{status: 429}!",
		"after exceeding limit"},
	{"Expected: CORS headers present, request succeeds",
		"{header: {access-control-allow-origin: {absent: false}}, status: '200..299'}??",
		"request succeeds"},
	{"Expected: CORS error",
		"{header: {access-control-allow-origin: {absent: true}}}?", ""},
	{"Expected: Loads without errors, redirects to `/ci`",
		"{status: '200..299', url: {matches: '/ci$'}}?", "Loads without errors"},
	{"Expected: Night theme applied", "{}", "Night theme applied"},
	{"< 100ms (p95)", "{time: '< 100ms'}", "p95"},
	{"API endpoints: < 500ms (p95)", "{time: '< 500ms'}", "API endpoints|p95"},
	{"Frontend load time: < 3s", "{time: '< 3s'}", "Frontend load time"},
	/* S2:63, 182, 283; S4:9, 126 */
	{"`/healthz` responds 200 via nginx edge.", "{status: 200}",
		"/healthz|via nginx edge"},
	{"With DB down, `/readyz` returns non-200.", "{status: '!= 200'}",
		"With DB down|/readyz"},
	{"an `X-Request-ID` header", "{header: {X-Request-ID: {absent: false}}}", "an"},
	{"returns `{\"database\": bool, \"redis\": bool}`",
		"{json: {/database: true, /redis: true}}??", ""},
	{"`/metrics` should be 403 unless allowlisted", "{status: 403}",
		"/metrics` should be|unless allowlisted"},
	{"fails with 503 when unhealthy", "{status: 503}", "fails with|when unhealthy"},
	{"returns 2xx", "{status: '200..299'}", ""},
	/* no status, no time */
	{"returns 500 rows", "{}", "500 rows"},
	{"about 200 users", "{}", "about 200 users"},
	{"port 443 open", "{}", "port 443 open"},
	{"{\"a\": {\"b\": [1, \"x y\"]}, \"c~/d\": 2, \"n\": null}",
		"{json: {/a/b/0: 1, /a/b/1: 'x y', '/c~0~1d': 2}}", ""},
	{"{not json", "{}", "{not json"},
	{"{\"a\": \"it's\"}", "{json: {/a: 'it''s'}}", ""},
	{"", "{}", ""},
};

static void
drafts_what_the_documents_expect(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct draftexpect d;
		struct str got = STR_INIT, words = STR_INIT;

		draftexpect_read(rows[i].text, strlen(rows[i].text), &d);
		draftexpect_write(&d, &got);
		for (size_t k = 0; k < d.fields.len; k++)
			str_adds(&got, d.fields.at[k].guessed ? "?" : "");
		str_adds(&got, d.burst ? "!" : "");
		for (size_t k = 0; k < d.words.len; k++)
			str_addf(&words, "%s%s", k > 0 ? "|" : "", d.words.at[k]);
		if (!str_eq(got.buf, rows[i].want) || !str_eq(words.buf, rows[i].words))
			fail_msg("`%s`:\ngot  %s [%s]\nwant %s [%s]", rows[i].text,
				got.buf, words.buf, rows[i].want, rows[i].words);
		str_release(&got);
		str_release(&words);
		draftexpect_release(&d);
	}
}

static void
takes_any_bytes(void **state)
{
	static const char *const parts[] = {"HTTP 200", ", ", "{", "}", "\"a\": 1", "...",
		"< 100ms", "`", "redirects to ", "/ci", "lists 7 x", ": a, b", "(", ")",
		"CORS error", "\xff", "\0", "\n", "header", "X-A ", "non-", "loads",
		"bool", "[", "]", "\"", "\\"};
	uint32_t seed = 11;

	(void)state;
	for (int round = 0; round < 5000; round++) {
		struct str text = STR_INIT, out = STR_INIT;
		struct draftexpect d;

		for (int i = 0; i < 20; i++) {
			seed = seed * 1664525 + 1013904223;
			str_adds(&text, parts[(seed >> 16) % COUNT(parts)]);
		}
		draftexpect_read(text.buf, text.len, &d);
		draftexpect_write(&d, &out);
		assert_true(out.len >= 2);
		for (size_t i = 0; i < d.fields.len; i++)
			assert_non_null(d.fields.at[i].value);
		draftexpect_release(&d);
		str_release(&text);
		str_release(&out);
	}
}

static void
says_where_it_stopped_reading(void **state)
{
	struct str text = STR_INIT;
	struct draftexpect d;

	(void)state;
	while (text.len < 1000000)
		str_adds(&text, "{HTTP 200, ");
	draftexpect_read(text.buf, text.len, &d);
	assert_string_equal(
		d.words.at[d.words.len - 1], "(the rest is too long to be read)");
	draftexpect_release(&d);
	str_release(&text);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(drafts_what_the_documents_expect),
		cmocka_unit_test(takes_any_bytes),
		cmocka_unit_test(says_where_it_stopped_reading),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
