#include "view/auditwords.h"

#include <stdio.h>
#include <string.h>

#include "unit.h"

static struct event *
an_event(enum event_type type, const char *step, const char *data)
{
	struct event *ev = event_new(type, step, data);

	ev->who = mem_strdup("anna@example.com");
	ev->con = mem_strdup("jump1/1/ab");
	if (!ev->type_name)
		ev->type_name = mem_strdup(event_name(type));
	return ev;
}

static void
a_record_is_a_sentence(void **state)
{
	static const struct {
		enum event_type type;
		const char *step, *data, *mark, *words;
		bool bad;
	} rows[] = {
		{EVENT_STEP_DONE, "load",
			"{\"host\":\"db\",\"exit\":3,\"verdict\":\"fail\"}", "=",
			"load ended on db, exit 3: fail", true},
		{EVENT_STEP_DONE, "load", "{\"exit\":0,\"verdict\":\"ok\"}", "=",
			"load ended, exit 0: ok", false},
		{EVENT_STEP_UNKNOWN, "load", "{\"why\":\"link lost\"}", "?",
			"load outcome unknown: link lost", true},
		{EVENT_STEP_SKIP, "scan", "{\"reason\":\"scanner down\"}", "-",
			"scan skipped: scanner down", false},
		{EVENT_NOTE, NULL, "{\"text\":\"a\\nb \\u001b[2J\"}", ".n",
			"note: a^Jb ^[[2J", false},
		{EVENT_INPUT_SET, NULL, "{\"name\":\"tag\",\"value\":\"v1\"}", "i",
			"input tag = v1", false},
		{EVENT_INPUT_SET, NULL,
			"{\"name\":\"pw\",\"value\":null,\"secret\":true}", "i",
			"input pw is a secret", false},
		{EVENT_PROBE_RESULT, NULL,
			"{\"probe\":\"api\",\"verdict\":\"unknown\",\"message\":\"refused\"}",
			"c", "api unknown - refused", true},
		{EVENT_TICK_SET, "tell",
			"{\"state\":\"failed\",\"reason\":\"no answer\"}", "+",
			"tell marked failed: no answer", true},
		{EVENT_AUTHORITY, NULL,
			"{\"of\":0,\"act\":\"open\",\"sig\":\"S\",\"key\":\"K\"}", "S",
			"open of record 0 signed, key K", false},
		{EVENT_AUTHORITY, NULL, "{\"of\":0,\"act\":\"open\",\"why\":\"no key\"}",
			"S", "open of record 0 is not signed: no key", false},
		{EVENT_RUN_CLOSE, NULL, "{\"result\":\"ok\"}", "=", "run closed: ok",
			false},
		{EVENT_RUN_CLOSE, NULL, "{\"result\":\"stopped\"}", "=",
			"run closed: stopped", true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct event *ev = an_event(rows[i].type, rows[i].step, rows[i].data);
		struct str words = STR_INIT;
		const char *mark = NULL;

		(void)auditwords_line(ev, &mark, &words);
		if (strcmp(words.buf, rows[i].words) != 0 || !strstr(rows[i].mark, mark))
			fail_msg("%s %s: %s %s", rows[i].mark, rows[i].words, mark,
				words.buf);
		if (auditwords_is_bad(ev) != rows[i].bad)
			fail_msg("%s: bad is not %d", rows[i].words, rows[i].bad);
		str_release(&words);
		event_free(ev);
	}
}

/* Green is only what was measured and found good, or marked done; never a claim, never what
 * is not said. */
static void
green_is_only_what_is_known_to_be_good(void **state)
{
	static const struct {
		enum event_type type;
		const char *data;
		enum style style;
		bool bad;
	} rows[] = {
		{EVENT_STEP_DONE, "{\"verdict\":\"ok\"}", STYLE_OK, false},
		{EVENT_STEP_DONE, "{\"verdict\":\"warn\"}", STYLE_WARN, false},
		{EVENT_STEP_DONE, "{\"verdict\":\"fail\"}", STYLE_FAIL, true},
		{EVENT_STEP_DONE, "{\"verdict\":\"unknown\"}", STYLE_FAIL, true},
		{EVENT_STEP_DONE, "{\"verdict\":\"fine\"}", STYLE_FAIL, true},
		{EVENT_STEP_DONE, "{\"verdict\":true}", STYLE_FAIL, true},
		{EVENT_STEP_DONE, "{\"exit\":0}", STYLE_FAIL, true},
		{EVENT_PROBE_RESULT, "{\"probe\":\"api\"}", STYLE_FAIL, true},
		{EVENT_PROBE_RESULT, "{\"verdict\":\"warn\"}", STYLE_WARN, false},
		{EVENT_TICK_SET, "{\"state\":\"done\"}", STYLE_OK, false},
		{EVENT_TICK_SET, "{\"state\":\"na\"}", STYLE_TEXT, false},
		{EVENT_TICK_SET, "{\"state\":\"by-hand\"}", STYLE_TEXT, false},
		{EVENT_TICK_SET, "{\"state\":\"failed\"}", STYLE_FAIL, true},
		{EVENT_TICK_SET, "{}", STYLE_TEXT, false},
		{EVENT_SIGNOFF, "{\"role\":\"SRE\",\"key\":\"K\"}", STYLE_TEXT, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct event *ev = an_event(rows[i].type, "load", rows[i].data);
		struct str words = STR_INIT;
		const char *mark;
		enum style style = auditwords_line(ev, &mark, &words);

		if (style != rows[i].style)
			fail_msg("%s %s: style %d, not %d", ev->type_name, rows[i].data,
				style, rows[i].style);
		if (auditwords_is_bad(ev) != rows[i].bad)
			fail_msg("%s %s: bad is not %d", ev->type_name, rows[i].data,
				rows[i].bad);
		str_release(&words);
		event_free(ev);
	}
}

/* No type is left without words of its own, whatever its data lacks. */
static void
every_type_has_words(void **state)
{
	(void)state;
	for (int t = 0; t < EVENT_UNKNOWN; t++) {
		struct event *ev = an_event((enum event_type)t, "step", "{}");
		struct str words = STR_INIT;
		const char *mark;

		(void)auditwords_line(ev, &mark, &words);
		if (strcmp(mark, ".") == 0 || !words.len)
			fail_msg("%s has no row", event_name((enum event_type)t));
		str_release(&words);
		event_free(ev);
	}
}

static void
the_whole_record_is_shown(void **state)
{
	struct event *ev = an_event(EVENT_STEP_DONE, "load",
		"{\"host\":\"db\",\"expect\":[{\"field\":\"exit\",\"got\":\"3\"}],"
		"\"output\":{\"text\":\"one\\ntwo\",\"bytes\":7,\"blob\":null}}");
	static const char *const want[] = {"step.done", "load", "anna@example.com", "db",
		"exit", "one", "two", "blob", "null", "0123456789abcdef0123",
		"fedcba9876543210fedc"};
	struct page p;

	(void)state;
	snprintf(ev->prev, sizeof ev->prev, "fedcba9876543210fedc");
	page_init(&p, 60);
	auditwords_page(ev, "0123456789abcdef0123", &p);
	for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
		bool there = false;

		for (size_t k = 0; k < p.spans.len && !there; k++)
			there = strstr(p.text.buf + p.spans.at[k].at, want[i]) != NULL;
		if (!there)
			fail_msg("not shown: %s", want[i]);
	}
	page_release(&p);
	event_free(ev);
}

/* What is too long for a page says so, and how much there is. */
static void
a_value_that_is_cut_says_so(void **state)
{
	struct str data = STR_INIT;
	struct event *ev;
	struct page p;
	bool said = false;

	(void)state;
	str_adds(&data, "{\"text\":\"");
	for (int i = 0; i < 9000; i++)
		str_addc(&data, 'x');
	str_adds(&data, "\"}");
	ev = an_event(EVENT_NOTE, NULL, data.buf);
	page_init(&p, 60);
	auditwords_page(ev, NULL, &p);
	for (size_t k = 0; k < p.spans.len && !said; k++)
		said = strstr(p.text.buf + p.spans.at[k].at, "of 9000 bytes") != NULL;
	assert_true(said);
	page_release(&p);
	event_free(ev);
	str_release(&data);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_is_a_sentence),
		cmocka_unit_test(green_is_only_what_is_known_to_be_good),
		cmocka_unit_test(every_type_has_words),
		cmocka_unit_test(the_whole_record_is_shown),
		cmocka_unit_test(a_value_that_is_cut_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
