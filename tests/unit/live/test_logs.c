#include "live/logs.h"

#include "livekit.h"

#include "base/mem.h"
#include "base/text.h"

enum { HOLD_MS = 300 };

struct seen {
	unsigned inserted;
	uint64_t last;
};

static void
on_inserted(void *ctx, uint64_t seq)
{
	struct seen *s = ctx;

	s->inserted++;
	s->last = seq;
}

static struct logs *
make(struct seen *seen, const struct redact *r)
{
	struct logs_opts o = {.hold_ms = HOLD_MS,
		.redact = r,
		.inserted = seen ? on_inserted : NULL,
		.ctx = seen};

	return logs_new(&o);
}

static void
feed(struct logs *l, size_t source, int64_t at_ms, const char *text)
{
	struct now now = kit_now(at_ms);

	logs_feed(l, source, text, strlen(text), &now);
}

static uint64_t
settled(struct logs *l, int64_t at_ms)
{
	struct now now = kit_now(at_ms);

	return logs_settled(l, &now);
}

/* All lines: "clock source level flags text", one a row; flags C ontinues, L ate, U ntimed,
 * N ote, X cut. */
static void
expect_lines(const struct logs *l, const char *want)
{
	const struct logstore *s = logs_store(l);
	struct str got = STR_INIT;

	for (uint64_t i = logstore_first(s); i < logstore_end(s); i++) {
		const struct logline *line = logstore_at(s, i);
		char at[STAMP_BYTES];

		stamp_wall((struct wall){line->at_ms}, at);
		str_addf(&got, "%.12s %s %s %s%s%s%s%s %s\n", at + 11,
			logs_source(l, line->source)->host, loglevel_name(line->level),
			line->flags & LOGLINE_CONTINUES ? "C" : "",
			line->flags & LOGLINE_LATE ? "L" : "",
			line->flags & LOGLINE_UNTIMED ? "U" : "",
			line->flags & LOGLINE_NOTE ? "N" : "",
			line->flags & LOGLINE_CUT ? "X" : "", logstore_text(s, line));
	}
	assert_string_equal(got.buf, want);
	str_release(&got);
}

static void
hosts_are_merged_by_corrected_time(void **state)
{
	struct seen seen = {0};
	struct logs *l = make(&seen, NULL);
	size_t a = logs_add(l, LOGS_TEXT, "api", "web1");
	size_t b = logs_add(l, LOGS_TEXT, "api", "web2");
	struct now now = kit_now(0);

	(void)state;
	/* web2's clock is 5 s ahead, and its lines are in Berlin's time */
	logs_beat(l, b,
		&(struct logs_beat){.host_ms = now.wall.ms + 5000, .zone_min = 60}, &now);
	feed(l, a, 10,
		"2026-11-20T15:00:00.100Z INFO one\n2026-11-20T15:00:00.300Z INFO three\n");
	feed(l, b, 20,
		"2026-11-20 16:00:05.200 WARN two\n2026-11-20 16:00:05.400 ERROR four\n");
	expect_lines(l,
		"15:00:00.100 web1 info  2026-11-20T15:00:00.100Z INFO one\n"
		"15:00:00.200 web2 warn  2026-11-20 16:00:05.200 WARN two\n"
		"15:00:00.300 web1 info  2026-11-20T15:00:00.300Z INFO three\n"
		"15:00:00.400 web2 error  2026-11-20 16:00:05.400 ERROR four\n");
	assert_int_equal(seen.inserted, 1);
	assert_int_equal(seen.last, 1);
	assert_int_equal(logs_source(l, b)->late, 0);
	assert_int_equal(logs_source(l, b)->offset_ms, 5000);
	logs_free(l);
}

static void
a_line_behind_the_hold_is_marked_and_counted(void **state)
{
	struct logs *l = make(NULL, NULL);
	size_t a = logs_add(l, LOGS_TEXT, "api", "web1");
	size_t b = logs_add(l, LOGS_TEXT, "api", "web2");

	(void)state;
	feed(l, a, 0, "2026-11-20T15:00:00.100Z one\n");
	assert_int_equal(settled(l, 0), 0);
	assert_int_equal(settled(l, HOLD_MS - 1), 0);
	feed(l, b, 299, "2026-11-20T15:00:00.050Z in time\n");
	assert_int_equal(settled(l, HOLD_MS), 2);
	feed(l, b, 301, "2026-11-20T15:00:00.060Z late\n  its trace\n");
	feed(l, b, 302, "2026-11-20T15:00:00.200Z new\n");
	expect_lines(l,
		"15:00:00.050 web2 none  2026-11-20T15:00:00.050Z in time\n"
		"15:00:00.060 web2 none L 2026-11-20T15:00:00.060Z late\n"
		"15:00:00.060 web2 none CL   its trace\n"
		"15:00:00.100 web1 none  2026-11-20T15:00:00.100Z one\n"
		"15:00:00.200 web2 none  2026-11-20T15:00:00.200Z new\n");
	assert_int_equal(logs_source(l, b)->late, 2);
	assert_int_equal(logs_source(l, a)->late, 0);
	/* What was settled stays so when lines are put in before it. */
	assert_int_equal(settled(l, 330), 4);
	assert_int_equal(settled(l, 330 + HOLD_MS), 5);
	logs_free(l);
}

static void
a_trace_stays_with_its_line(void **state)
{
	struct logs *l = make(NULL, NULL);
	size_t a = logs_add(l, LOGS_TEXT, "api", "web1");
	size_t b = logs_add(l, LOGS_TEXT, "api", "web2");

	(void)state;
	feed(l, a, 0, "2026-11-20T15:00:00.100Z ERROR no\n");
	feed(l, b, 0, "2026-11-20T15:00:00.100Z INFO other\n");
	feed(l, a, 0,
		"Traceback (most recent call last):\n  File \"x\"\nValueError: bad\n");
	feed(l, a, 0, "2026-11-20T15:00:00.101Z INFO next\n");
	expect_lines(l,
		"15:00:00.100 web1 error  2026-11-20T15:00:00.100Z ERROR no\n"
		"15:00:00.100 web1 error C Traceback (most recent call last):\n"
		"15:00:00.100 web1 error C   File \"x\"\n"
		"15:00:00.100 web1 error C ValueError: bad\n"
		"15:00:00.100 web2 info  2026-11-20T15:00:00.100Z INFO other\n"
		"15:00:00.101 web1 info  2026-11-20T15:00:00.101Z INFO next\n");
	logs_free(l);
}

static void
whole_seconds_stay_where_they_were_written(void **state)
{
	struct logs *l = make(NULL, NULL);
	size_t a = logs_add(l, LOGS_TEXT, "api", "web1");

	(void)state;
	feed(l, a, 0,
		"2026-11-20T14:59:01.700Z a\n2026-11-20T14:59:01Z b\n"
		"2026-11-20T14:59:01.600Z c\n2026-11-20T14:58:59Z d\n");
	expect_lines(l,
		"14:58:59.000 web1 none  2026-11-20T14:58:59Z d\n"
		"14:59:01.600 web1 none  2026-11-20T14:59:01.600Z c\n"
		"14:59:01.700 web1 none  2026-11-20T14:59:01.700Z a\n"
		"14:59:01.700 web1 none  2026-11-20T14:59:01Z b\n");
	logs_free(l);
}

static void
stamps_of_containers_are_taken_off(void **state)
{
	struct logs *l = make(NULL, NULL);
	size_t a = logs_add(l, LOGS_STAMPED, "api", "web1");
	struct now now = kit_now(0);

	(void)state;
	feed(l, a, 0,
		"2026-11-20T14:59:59.100000001Z WARN hello\n"
		"2026-11-20T14:59:59.100000002Z \n"
		"2026-11-20T14:59:59.100000003Z Traceback (most recent call last):\n"
		"2026-11-20T14:59:59.100000004Z   File\n"
		"2026-11-20T14:59:59.100000005Z KeyError: 'x'\n"
		"2026-11-20T14:59:59.200000000Z after\n"
		"Error: No such container: x\n");
	expect_lines(l,
		"14:59:59.100 web1 warn  WARN hello\n"
		"14:59:59.100 web1 none  \n"
		"14:59:59.100 web1 none C Traceback (most recent call last):\n"
		"14:59:59.100 web1 none C   File\n"
		"14:59:59.100 web1 none C KeyError: 'x'\n"
		"14:59:59.200 web1 none  after\n"
		"14:59:59.200 web1 none C Error: No such container: x\n");
	(void)now;
	logs_free(l);
}

static void
after_a_drop_no_stamped_line_comes_twice(void **state)
{
	struct logs *l = make(NULL, NULL);
	size_t a = logs_add(l, LOGS_STAMPED, "api", "web1");

	(void)state;
	assert_string_equal(logs_resume(l, a), "");
	feed(l, a, 0,
		"2026-11-20T14:59:58Z a\n2026-11-20T14:59:59Z b\n2026-11-20T14:59:59Z c\n20");
	assert_string_equal(logs_resume(l, a), "2026-11-20T14:59:59Z");
	feed(l, a, 0, "2026-11-20T14:59:59Z b\n");
	assert_string_equal(logs_resume(l, a), "2026-11-20T14:59:59Z");
	feed(l, a, 0,
		"2026-11-20T14:59:59Z b\n2026-11-20T14:59:59Z c\n2026-11-20T14:59:59Z d\n"
		"2026-11-20T15:00:00Z e\n");
	expect_lines(l,
		"14:59:58.000 web1 none  a\n14:59:59.000 web1 none  b\n"
		"14:59:59.000 web1 none  c\n14:59:59.000 web1 none  d\n"
		"15:00:00.000 web1 none  e\n");
	logs_free(l);
}

static void
the_journal_is_read_with_its_own_levels(void **state)
{
	struct logs *l = make(NULL, NULL);
	size_t a = logs_add(l, LOGS_JOURNAL, "nginx", "web1");

	(void)state;
	feed(l, a, 0,
		"{\"__CURSOR\":\"c1\",\"__REALTIME_TIMESTAMP\":\"1795186799100000\","
		"\"PRIORITY\":\"3\",\"MESSAGE\":\"it broke\\nhere\"}\n"
		"{\"__CURSOR\":\"c2\",\"__REALTIME_TIMESTAMP\":\"1795186799200000\","
		"\"PRIORITY\":\"6\",\"MESSAGE\":\"2026-11-20 14:59:59 WARN inside\"}\n");
	expect_lines(l,
		"14:59:59.100 web1 error  it broke\n14:59:59.100 web1 error C here\n"
		"14:59:59.200 web1 warn  2026-11-20 14:59:59 WARN inside\n");
	assert_string_equal(logs_resume(l, a), "c2");
	logs_free(l);
}

/* The whole list of bytes and sequences that terminals act upon. */
static void
any_line_is_harmless(void **state)
{
	static const char *const bodies[] = {"[2J", "[?1049h", "]0;title\a",
		"]52;c;eA==\a", "]8;;http://x\x1b\\", "P$qm\x1b\\", "_x\x1b\\",
		"^x\x1b\\", "Xx\x1b\\", "[c", "[21t", "c", "[31", "]2;never ended", "(0",
		"[1000h"};
	struct logs *l = make(NULL, NULL);
	size_t a = logs_add(l, LOGS_TEXT, "api", "web1");
	const struct logstore *s = logs_store(l);
	char line[64];

	(void)state;
	for (int c = 1; c < 256; c++) {
		snprintf(line, sizeof line, "a%cb\x1b%c%c\n", c, c == '\n' ? 'n' : c,
			c == '\n' ? 'n' : c);
		feed(l, a, 0, line);
	}
	for (size_t i = 0; i < COUNT(bodies); i++) {
		snprintf(line, sizeof line, "x\x1b%s\n", bodies[i]);
		feed(l, a, 0, line);
		snprintf(line, sizeof line, "x\xc2\x9b%s\n", bodies[i] + 1);
		feed(l, a, 0, line);
	}
	feed(l, a, 0,
		"over\rwritten\b\v\f \xe2\x80\xae"
		"APPROVED by alice\xe2\x80\xac\n");
	for (uint64_t i = logstore_first(s); i < logstore_end(s); i++) {
		const char *text = logstore_text(s, logstore_at(s, i));
		size_t len = logstore_at(s, i)->len;

		assert_int_equal(strlen(text), len);
		assert_true(text_valid_utf8(text, len));
		for (size_t k = 0; k < len;) {
			uint32_t cp;

			k += text_decode(text + k, len - k, &cp);
			if (text_forbidden(cp) || cp == '\t' || cp == '\n')
				fail_msg("U+%04X in: %s", (unsigned)cp, text);
		}
	}
	logs_free(l);
}

static void
colours_go_and_the_bytes_stay_for_the_hash(void **state)
{
	struct logs *l = make(NULL, NULL);
	size_t a = logs_add(l, LOGS_TEXT, "api", "web1");
	const struct logstore *s = logs_store(l);
	struct logstore_bytes raw;

	(void)state;
	logs_begin(l, a, 7000);
	feed(l, a, 0, "\x1b[1;31mERROR\x1b[0m no\nplain\n");
	assert_string_equal(logstore_text(s, logstore_at(s, 0)), "ERROR no");
	assert_int_equal(logstore_at(s, 0)->level, LOGLEVEL_ERROR);
	assert_int_equal(logstore_at(s, 0)->offset, 7000);
	raw = logstore_raw(s, logstore_at(s, 0));
	assert_int_equal(raw.len, 19);
	assert_memory_equal(raw.p, "\x1b[1;31mERROR\x1b[0m no", 19);
	assert_int_equal(logstore_at(s, 1)->offset, 7020);
	assert_false(logstore_at(s, 1)->flags & LOGLINE_RAW);
	assert_int_equal(logs_offset(l, a), 7026);
	logs_free(l);
}

static void
secrets_do_not_come_in(void **state)
{
	struct redact *r = redact_new();
	struct err e = ERR_INIT;
	struct logs *l;
	size_t a;

	(void)state;
	assert_true(redact_add(r, "pw", "hunter22", 8, &e));
	l = make(NULL, r);
	a = logs_add(l, LOGS_TEXT, "api", "web1");
	feed(l, a, 0, "login hunt");
	feed(l, a, 0, "er22 \x1b[1mhunter22\x1b[0m ok\n");
	assert_string_equal(logstore_text(logs_store(l), logstore_at(logs_store(l), 0)),
		"login [redacted:pw] [redacted:pw] ok");
	assert_null(memmem(logstore_raw(logs_store(l), logstore_at(logs_store(l), 0)).p,
		50, "hunter22", 8));
	logs_free(l);
	redact_free(r);
}

static void
a_dead_stream_never_looks_quiet(void **state)
{
	struct logs *l = make(NULL, NULL);
	size_t a = logs_add(l, LOGS_TEXT, "api", "web1");
	struct now now = kit_now(0);
	const struct logs_source *s = logs_source(l, a);

	(void)state;
	assert_int_equal(logs_state_now(s, now.mono), LOGS_WAITING);
	logs_tell(l, a, LOGS_LIVE, NULL, &now);
	now = kit_now(LOGS_STALE_MS);
	assert_int_equal(logs_state_now(s, now.mono), LOGS_LIVE);
	now = kit_now(LOGS_STALE_MS + 1);
	assert_int_equal(logs_state_now(s, now.mono), LOGS_STALE);
	logs_beat(l, a, &(struct logs_beat){0}, &now);
	assert_int_equal(logs_state_now(s, now.mono), LOGS_LIVE);
	logs_tell(l, a, LOGS_DEAD, "no \x1b[2Jroute", &now);
	logs_note(l, a, "stream ended: no route", &now);
	assert_int_equal(logs_state_now(s, now.mono), LOGS_DEAD);
	assert_string_equal(s->why, "no ^[[2Jroute");
	logs_gap(l, a, 12);
	assert_int_equal(s->gaps, 1);
	assert_int_equal(s->lost_bytes, 12);
	expect_lines(l, "15:00:15.001 web1 none N stream ended: no route\n");
	for (int i = LOGS_WAITING; i <= LOGS_DEAD; i++)
		assert_true(strlen(logs_state_name((enum logs_state)i)) > 3);
	logs_free(l);
}

static void
what_the_run_does_stands_between(void **state)
{
	struct logs *l = make(NULL, NULL);
	size_t a = logs_add(l, LOGS_TEXT, "api", "web1");
	struct now now = kit_now(5000);
	const struct logline *line;

	(void)state;
	feed(l, a, 5000, "2026-11-20T15:00:01Z one\n");
	logs_say(l, "run 7KR4 step load started", &now);
	feed(l, a, 6000, "2026-11-20T15:00:06Z two\n");
	line = logstore_at(logs_store(l), 1);
	assert_true(line->flags & LOGLINE_NOTE);
	assert_string_equal(
		logstore_text(logs_store(l), line), "run 7KR4 step load started");
	assert_int_equal(line->at_ms, now.wall.ms);
	assert_int_equal(logs_source(l, a)->lines, 2);
	logs_free(l);
}

static void
a_slow_way_does_not_move_a_clock(void **state)
{
	struct logs *l = make(NULL, NULL);
	size_t a = logs_add(l, LOGS_TEXT, "api", "web1");
	struct now now = kit_now(0);
	int64_t there = now.wall.ms + 5000;

	(void)state;
	now = kit_now(900); /* 0.9 s on its way */
	logs_beat(l, a, &(struct logs_beat){.host_ms = there}, &now);
	assert_int_equal(logs_source(l, a)->offset_ms, 4100);
	now = kit_now(5020); /* 20 ms */
	logs_beat(l, a, &(struct logs_beat){.host_ms = there + 5000}, &now);
	assert_int_equal(logs_source(l, a)->offset_ms, 4980);
	now = kit_now(11000); /* 1 s again */
	logs_beat(l, a, &(struct logs_beat){.host_ms = there + 10000}, &now);
	assert_int_equal(logs_source(l, a)->offset_ms, 4980);
	logs_free(l);
	/* A clock told in whole seconds is not said to be off by a part of one. */
	l = make(NULL, NULL);
	a = logs_add(l, LOGS_TEXT, "api", "web1");
	logs_beat(l, a, &(struct logs_beat){.host_ms = now.wall.ms - 999, .coarse = true},
		&now);
	assert_int_equal(logs_source(l, a)->offset_ms, 0);
	logs_free(l);
}

static void
a_time_far_ahead_is_no_time(void **state)
{
	struct logs *l = make(NULL, NULL);
	size_t a = logs_add(l, LOGS_TEXT, "api", "web1");

	(void)state;
	feed(l, a, 0, "2026-11-20T16:30:00Z INFO from tomorrow\n");
	expect_lines(
		l, "15:00:00.000 web1 info U 2026-11-20T16:30:00Z INFO from tomorrow\n");
	logs_free(l);
}

static void
what_is_cut_is_counted(void **state)
{
	struct logs *l = make(NULL, NULL);
	size_t a = logs_add(l, LOGS_TEXT, "api", "web1");
	char *big = mem_alloc(20001);
	struct now now = kit_now(0);

	(void)state;
	memset(big, 'y', 20000);
	feed(l, a, 0, big);
	feed(l, a, 0, "\nhalf");
	logs_flush(l, a, &now);
	assert_int_equal(logstore_end(logs_store(l)), 2);
	assert_true(logstore_at(logs_store(l), 0)->flags & LOGLINE_CUT);
	assert_int_equal(logs_source(l, a)->cut_bytes, 20000 - 16 * 1024);
	assert_int_equal(logs_source(l, a)->lines, 2);
	logs_mark(l, 1);
	assert_true(logstore_at(logs_store(l), 1)->flags & LOGLINE_MARKED);
	mem_free(big);
	logs_free(l);
}

static void
errors_are_counted_by_the_minute(void **state)
{
	struct logs *l = make(NULL, NULL);
	size_t a = logs_add(l, LOGS_TEXT, "api", "web1");
	unsigned got[LOGS_MINUTES];

	(void)state;
	feed(l, a, 0,
		"2026-11-20T13:00:00Z ERROR too old later\n"
		"2026-11-20T14:58:10Z ERROR a\n2026-11-20T14:58:20Z FATAL b\n"
		"2026-11-20T14:58:30Z WARN c\n  trace\n2026-11-20T15:00:00Z ERROR d\n");
	logs_errors(l, kit_now(0).wall, got);
	assert_int_equal(got[LOGS_MINUTES - 1], 1);
	assert_int_equal(got[LOGS_MINUTES - 2], 0);
	assert_int_equal(got[LOGS_MINUTES - 3], 2);
	assert_int_equal(got[0], 0);
	logs_errors(l, kit_now(2 * 60 * 1000).wall, got);
	assert_int_equal(got[LOGS_MINUTES - 1], 0);
	assert_int_equal(got[LOGS_MINUTES - 3], 1);
	assert_int_equal(got[LOGS_MINUTES - 5], 2);
	logs_free(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hosts_are_merged_by_corrected_time),
		cmocka_unit_test(a_line_behind_the_hold_is_marked_and_counted),
		cmocka_unit_test(a_trace_stays_with_its_line),
		cmocka_unit_test(whole_seconds_stay_where_they_were_written),
		cmocka_unit_test(stamps_of_containers_are_taken_off),
		cmocka_unit_test(after_a_drop_no_stamped_line_comes_twice),
		cmocka_unit_test(the_journal_is_read_with_its_own_levels),
		cmocka_unit_test(any_line_is_harmless),
		cmocka_unit_test(colours_go_and_the_bytes_stay_for_the_hash),
		cmocka_unit_test(secrets_do_not_come_in),
		cmocka_unit_test(a_dead_stream_never_looks_quiet),
		cmocka_unit_test(what_the_run_does_stands_between),
		cmocka_unit_test(a_slow_way_does_not_move_a_clock),
		cmocka_unit_test(a_time_far_ahead_is_no_time),
		cmocka_unit_test(what_is_cut_is_counted),
		cmocka_unit_test(errors_are_counted_by_the_minute),
	};

	return cmocka_run_group_tests_name("live/logs", tests, NULL, NULL);
}
