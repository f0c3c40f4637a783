/* The moment a wait is for, by the clocks of zones that are put forward and back. */

#include "model/moment.h"
#include "zones.h"

static struct windows berlin;

static void
is(const char *text, const char *now, const char *at, const char *words)
{
	struct moment m;
	struct err e = ERR_INIT;
	struct str said = STR_INIT;
	char stamp[STAMP_BYTES];

	if (!moment_read(text, &berlin, utc(now), &m, &e))
		fail_msg("%s: %s", text, e.msg);
	assert_string_equal(stamp_wall_sec(m.at, stamp), at);
	moment_words(&m, &said);
	assert_string_equal(said.buf, words);
	str_release(&said);
}

static void
is_none(const char *text, const char *why)
{
	struct moment m;
	struct err e = ERR_INIT;

	assert_false(moment_read(text, &berlin, utc("2026-11-28T12:00:00Z"), &m, &e));
	if (!strstr(e.msg, why))
		fail_msg("%s: %s", text, e.msg);
}

#define NOON "2026-11-28T12:00:00Z"

static void
in_utc(void **state)
{
	(void)state;
	is("2026-12-01T09:00:00Z", NOON, "2026-12-01T09:00:00Z", "2026-12-01T09:00:00Z");
	is("2026-12-01 09:00", NOON, "2026-12-01T09:00:00Z", "2026-12-01T09:00:00Z");
	is("09:00", NOON, "2026-11-29T09:00:00Z", "2026-11-29T09:00:00Z");
	is("12:00", NOON, "2026-11-29T12:00:00Z", "2026-11-29T12:00:00Z");
	is("12:01Z", NOON, "2026-11-28T12:01:00Z", "2026-11-28T12:01:00Z");
	is("12:01 UTC", NOON, "2026-11-28T12:01:00Z", "2026-11-28T12:01:00Z");
	is("2020-01-01 09:00", NOON, "2020-01-01T09:00:00Z", "2020-01-01T09:00:00Z");
}

static void
by_the_clock_of_a_zone(void **state)
{
	(void)state;
	is("2026-12-01 09:00 Europe/Berlin", NOON, "2026-12-01T08:00:00Z",
		"Tue 2026-12-01 09:00 CET, 2026-12-01T08:00:00Z");
	is("22:30 Europe/Berlin", NOON, "2026-11-28T21:30:00Z",
		"Sat 2026-11-28 22:30 CET, 2026-11-28T21:30:00Z");
	is("00:30 Europe/Berlin", "2026-11-28T23:10:00Z", "2026-11-28T23:30:00Z",
		"Sun 2026-11-29 00:30 CET, 2026-11-28T23:30:00Z");
	is("00:30 Europe/Berlin", "2026-11-28T23:30:00Z", "2026-11-29T23:30:00Z",
		"Mon 2026-11-30 00:30 CET, 2026-11-29T23:30:00Z");
}

/* 2027-03-28 02:00 CET is 03:00 CEST. */
static void
a_time_that_never_comes(void **state)
{
	(void)state;
	is("2027-03-28 02:30 Europe/Berlin", NOON, "2027-03-28T01:30:00Z",
		"Sun 2027-03-28 03:30 CEST, 2027-03-28T01:30:00Z: clocks there are put "
		"forward, and what is written never comes");
	is("02:30 Europe/Berlin", "2027-03-27T22:00:00Z", "2027-03-28T01:30:00Z",
		"Sun 2027-03-28 03:30 CEST, 2027-03-28T01:30:00Z: clocks there are put "
		"forward, and what is written never comes");
	is("02:30 Europe/Berlin", "2027-03-28T01:30:00Z", "2027-03-29T00:30:00Z",
		"Mon 2027-03-29 02:30 CEST, 2027-03-29T00:30:00Z");
}

/* 2027-10-31 03:00 CEST is 02:00 CET. */
static void
a_time_that_comes_twice(void **state)
{
	static const char first[] =
		"Sun 2027-10-31 02:30 CEST, 2027-10-31T00:30:00Z: clocks there are put "
		"back, it comes twice, and the first time is meant";
	static const char second[] =
		"Sun 2027-10-31 02:30 CET, 2027-10-31T01:30:00Z: clocks there are put "
		"back, it comes twice, and the second time is meant";

	(void)state;
	is("2027-10-31 02:30 Europe/Berlin", NOON, "2027-10-31T00:30:00Z", first);
	is("2027-10-31 02:30 Europe/Berlin", "2027-10-31T01:00:00Z",
		"2027-10-31T01:30:00Z", second);
	is("02:30 Europe/Berlin", "2027-10-30T12:00:00Z", "2027-10-31T00:30:00Z", first);
	is("02:30 Europe/Berlin", "2027-10-31T00:30:00Z", "2027-10-31T01:30:00Z", second);
	is("02:30 Europe/Berlin", "2027-10-31T01:30:00Z", "2027-11-01T01:30:00Z",
		"Mon 2027-11-01 02:30 CET, 2027-11-01T01:30:00Z");
}

static void
what_is_none(void **state)
{
	char zone[ZONE_NAME_BYTES];

	(void)state;
	is_none("soon", "is not a time to wait for");
	is_none("", "is not a time to wait for");
	is_none("24:00", "is not a time to wait for");
	is_none("9:00", "is not a time to wait for");
	is_none("2026-02-30 09:00", "is not a time to wait for");
	is_none("2026-12-01", "is not a time to wait for");
	is_none("09:00 ../etc/passwd", "is not a time to wait for");
	is_none("09:00 Europe/Paris", "Europe/Paris is not written in the runbook");
	assert_true(moment_parse("09:00 Europe/Paris", zone));
	assert_string_equal(zone, "Europe/Paris");
	assert_true(moment_parse("09:00", zone));
	assert_string_equal(zone, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_utc),
		cmocka_unit_test(by_the_clock_of_a_zone),
		cmocka_unit_test(a_time_that_never_comes),
		cmocka_unit_test(a_time_that_comes_twice),
		cmocka_unit_test(what_is_none),
	};
	int failed;

	vec_push(&berlin.zones, zone_named("Europe/Berlin"));
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	window_release(&berlin);
	return failed;
}
