#include "base/stamp.h"

#include "unit.h"

#include <string.h>
#include <time.h>

static void
times_read_as_written(void **state)
{
	static const struct {
		int64_t ms;
		const char *text;
	} rows[] = {
		{0, "1970-01-01T00:00:00.000Z"},
		{951782400000, "2000-02-29T00:00:00.000Z"},
		{1795186801234, "2026-11-20T15:00:01.234Z"},
		{4107542399999, "2100-02-28T23:59:59.999Z"},
		{4107542400000, "2100-03-01T00:00:00.000Z"},
		{253402300799999, "9999-12-31T23:59:59.999Z"},
	};
	char out[STAMP_BYTES];
	struct wall w;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_string_equal(
			stamp_wall((struct wall){.ms = rows[i].ms}, out), rows[i].text);
		assert_true(stamp_parse(rows[i].text, &w));
		assert_int_equal(w.ms, rows[i].ms);
	}
	w.ms = 1795186801234;
	assert_string_equal(stamp_wall_sec(w, out), "2026-11-20T15:00:01Z");
	assert_string_equal(stamp_clock(w, out), "15:00:01Z");
	assert_true(stamp_parse("2026-11-20T15:00:01Z", &w));
	assert_int_equal(w.ms, 1795186801000);
}

static void
agrees_with_the_c_library_on_any_day(void **state)
{
	struct dice d = DICE(2);
	char want[40], out[STAMP_BYTES];

	(void)state;
	for (int i = 0; i < 20000; i++) {
		int64_t sec = (int64_t)(dice_roll(&d, 2932897)) * 86400 +
			(int64_t)dice_roll(&d, 86400);
		time_t t = (time_t)sec;
		struct tm tm;
		struct wall back;
		gmtime_r(&t, &tm);
		strftime(want, sizeof want, "%Y-%m-%dT%H:%M:%SZ", &tm);
		assert_string_equal(
			stamp_wall_sec((struct wall){.ms = sec * 1000}, out), want);
		assert_true(stamp_parse(out, &back));
		assert_int_equal(back.ms, sec * 1000);
	}
}

static void
anything_else_is_no_time(void **state)
{
	static const char *const bad[] = {"", "2026-11-20", "2026-11-20T15:00:01",
		"2026-11-20T15:00:01z", "2026-11-20t15:00:01Z", "2026-11-20 15:00:01Z",
		"2026-11-20T15:00:01.2Z", "2026-11-20T15:00:01.2345Z",
		"2026-11-20T15:00:01+00:00", "2026-13-01T00:00:00Z",
		"2026-00-01T00:00:00Z", "2026-02-29T00:00:00Z", "2100-02-29T00:00:00Z",
		"2026-04-31T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-01T24:00:00Z",
		"2026-01-01T00:60:00Z", "2026-01-01T00:00:60Z", "1969-12-31T23:59:59Z",
		" 2026-11-20T15:00:01Z", "2026-11-20T15:00:01Z ",
		"2026-11-20T15:00:01.234Z\n", "+026-11-20T15:00:01Z",
		"2026-1--20T15:00:01Z"};
	struct wall w = {.ms = 5};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		if (stamp_parse(bad[i], &w))
			fail_msg("taken for a time: %s", bad[i]);
	}
	assert_int_equal(w.ms, 5);
	/* Truncated at each byte. */
	char text[] = "2026-11-20T15:00:01.234Z";
	for (size_t len = sizeof text - 1; len-- > 0;) {
		text[len] = '\0';
		assert_false(stamp_parse(text, &w));
	}
}

static void
durations_are_a_number_and_a_unit(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} rows[] = {
		{"0s", 0},
		{"200ms", 200},
		{"1s", 1000},
		{"5m", 300000},
		{"1.5h", 5400000},
		{"90d", INT64_C(7776000000)},
		{"0.25s", 250},
		{"1.0009s", 1000},
		{"007s", 7000},
		{"0.1d", 8640000},
		{"0.333333333333333333333333333h", 1199999},
		{"36525d", INT64_C(3155760000000)},
	};
	int64_t ms;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		ms = -1;
		if (!stamp_parse_duration(rows[i].text, &ms) || ms != rows[i].ms)
			fail_msg("%s: %lld, not %lld", rows[i].text, (long long)ms,
				(long long)rows[i].ms);
	}
}

static void
anything_else_is_no_duration(void **state)
{
	static const char *const bad[] = {"", "5", "s", "-1s", "+1s", "1 s", " 1s", "1s ",
		"1.s", ".5s", "1e3s", "1S", "1w", "1y", "1min", "1ms2", "0x10s", "1.5.5s",
		"1,5s", "36526d", "36525.1d", "99999999999999999999s",
		"9223372036854775807ms", "nan", "1m30s"};
	int64_t ms = 5;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		if (stamp_parse_duration(bad[i], &ms))
			fail_msg("taken for a duration: %s", bad[i]);
	}
	assert_int_equal(ms, 5);
}

static void
durations_for_people_are_rounded_down(void **state)
{
	static const struct {
		int64_t ms;
		const char *text;
	} rows[] = {
		{0, "0 ms"},
		{43, "43 ms"},
		{999, "999 ms"},
		{1000, "1.0 s"},
		{7199, "7.1 s"},
		{9999, "9.9 s"},
		{10000, "0:10"},
		{42900, "0:42"},
		{59999, "0:59"},
		{60000, "1m00s"},
		{134000, "2m14s"},
		{3599999, "59m59s"},
		{3600000, "1h00m"},
		{37860000, "10h31m"},
		{86399999, "23h59m"},
		{86400000, "1d00h"},
		{273600000, "3d04h"},
		{INT64_C(3542400000), "41d"},
		{-134000, "-2m14s"},
		{INT64_MIN, "-106751991167d"},
		{INT64_MAX, "106751991167d"},
	};
	char out[STAMP_BYTES];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_string_equal(stamp_duration(rows[i].ms, out), rows[i].text);
}

static void
impossible_times_stay_printable(void **state)
{
	char out[STAMP_BYTES];

	(void)state;
	assert_string_equal(stamp_wall((struct wall){.ms = INT64_MIN}, out),
		"1970-01-01T00:00:00.000Z");
	assert_string_equal(stamp_wall((struct wall){.ms = INT64_MAX}, out),
		"9999-12-31T23:59:59.999Z");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times_read_as_written),
		cmocka_unit_test(agrees_with_the_c_library_on_any_day),
		cmocka_unit_test(anything_else_is_no_time),
		cmocka_unit_test(durations_are_a_number_and_a_unit),
		cmocka_unit_test(anything_else_is_no_duration),
		cmocka_unit_test(durations_for_people_are_rounded_down),
		cmocka_unit_test(impossible_times_stay_printable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
