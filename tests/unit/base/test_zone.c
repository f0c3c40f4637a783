#include "base/zone.h"

#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/stamp.h"

static struct zone *
zone_of(const char *name)
{
	char *path = file_join("/usr/share/zoneinfo", name);
	struct str text = STR_INIT;
	struct err e = ERR_INIT;
	struct zone *z = NULL;

	if (file_read(path, 1 << 20, &text, &e))
		z = zone_parse(name, text.buf, text.len, &e);
	if (!z)
		fail_msg("%s: %s", name, e.msg);
	str_release(&text);
	mem_free(path);
	return z;
}

static struct wall
at(const char *stamp)
{
	struct wall w;

	assert_true(stamp_parse(stamp, &w));
	return w;
}

static void
agrees_with_the_c_library_in_many_zones(void **state)
{
	static const char *const names[] = {"Europe/Berlin", "America/New_York",
		"Australia/Lord_Howe", "America/Santiago", "Asia/Kolkata",
		"Pacific/Chatham", "Africa/Casablanca", "Europe/Dublin", "UTC",
		"America/St_Johns", "Asia/Tehran", "Antarctica/Troll"};
	struct dice d = DICE(3);

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		struct zone *z = zone_of(names[i]);

		setenv("TZ", names[i], 1);
		tzset();
		for (int k = 0; k < 3000; k++) {
			/* to the end of 2099, far beyond the last change in the file */
			int64_t s = (int64_t)dice_roll(&d, 4102444800);
			time_t t = (time_t)s;
			struct tm tm;
			struct zone_local l = zone_local(z, (struct wall){s * 1000});

			localtime_r(&t, &tm);
			if (zone_at(z, (struct wall){s * 1000})->s != tm.tm_gmtoff)
				fail_msg("%s at %lld: %d, not %ld", names[i],
					(long long)s,
					(int)zone_at(z, (struct wall){s * 1000})->s,
					tm.tm_gmtoff);
			assert_string_equal(
				zone_at(z, (struct wall){s * 1000})->abbr, tm.tm_zone);
			assert_int_equal(l.date.day, tm.tm_mday);
			assert_int_equal(
				l.s, tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec);
		}
		zone_free(z);
	}
}

static void
a_clock_that_shows_a_time_twice_or_never(void **state)
{
	static const struct {
		struct zone_local l;
		bool later;
		const char *want;
	} rows[] = {
		{{{2026, 11, 30}, 9 * 3600}, false, "2026-11-30T08:00:00Z"},
		{{{2026, 7, 1}, 9 * 3600}, false, "2026-07-01T07:00:00Z"},
		/* put back at 03:00 on 25 October: 02:30 comes twice */
		{{{2026, 10, 25}, 2 * 3600 + 1800}, false, "2026-10-25T00:30:00Z"},
		{{{2026, 10, 25}, 2 * 3600 + 1800}, true, "2026-10-25T01:30:00Z"},
		{{{2026, 10, 25}, 3 * 3600}, true, "2026-10-25T02:00:00Z"},
		/* put forward at 02:00 on 29 March: 02:30 never comes */
		{{{2026, 3, 29}, 2 * 3600 + 1800}, false, "2026-03-29T01:30:00Z"},
		{{{2026, 3, 29}, 2 * 3600 + 1800}, true, "2026-03-29T01:30:00Z"},
	};
	struct zone *z = zone_of("Europe/Berlin");
	char out[STAMP_BYTES];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_string_equal(
			stamp_wall_sec(zone_wall(z, rows[i].l, rows[i].later), out),
			rows[i].want);
	zone_free(z);
}

static void
every_moment_comes_back(void **state)
{
	struct zone *z = zone_of("America/New_York"), *copy = zone_copy(z);
	struct dice d = DICE(4);

	(void)state;
	zone_free(z);
	for (int i = 0; i < 20000; i++) {
		struct wall t = {(int64_t)dice_roll(&d, 4102444800) * 1000};
		struct zone_local l = zone_local(copy, t);

		if (zone_wall(copy, l, false).ms != t.ms)
			assert_int_equal(zone_wall(copy, l, true).ms, t.ms);
	}
	zone_free(copy);
}

static void
it_is_said_with_its_day_and_zone(void **state)
{
	struct zone *z = zone_of("Europe/Berlin"), *utc = zone_new_utc();
	char out[ZONE_TEXT_BYTES];

	(void)state;
	assert_string_equal(zone_text(z, at("2026-11-30T08:00:00Z"), out),
		"Mon 2026-11-30 09:00 CET");
	assert_string_equal(zone_text(NULL, at("2026-11-30T08:00:00Z"), out),
		"Mon 2026-11-30 08:00 UTC");
	assert_string_equal(zone_text(utc, at("1970-01-01T00:00:00Z"), out),
		"Thu 1970-01-01 00:00 UTC");
	zone_free(utc);
	zone_free(z);
}

static void
names_lead_nowhere_else(void **state)
{
	static const char *const bad[] = {"", "/etc/passwd", "../etc/passwd", "Europe/",
		"Europe//Berlin", "zone.tab", "Europe/Berlin\n", "a b",
		"x1234567890123456789012345678901234567890123456789012345678901234"};

	(void)state;
	assert_true(zone_name_valid("Europe/Berlin"));
	assert_true(zone_name_valid("Etc/GMT+5"));
	assert_true(zone_name_valid("America/Port-au-Prince"));
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(zone_name_valid(bad[i]));
}

static void
other_files_are_refused(void **state)
{
	char *path = mem_strdup("/usr/share/zoneinfo/Europe/Berlin");
	struct str text = STR_INIT;
	struct err e = ERR_INIT;
	struct dice d = DICE(5);

	(void)state;
	assert_true(file_read(path, 1 << 20, &text, &e));
	for (size_t len = 0; len < text.len; len++) {
		char *cut = mem_copy(text.buf, len + 1);

		assert_null(zone_parse("x", cut, len, &e));
		assert_int_equal(e.kind, ERR_PARSE);
		mem_free(cut);
	}
	for (int i = 0; i < 20000; i++) {
		char *changed = mem_copy(text.buf, text.len);
		struct zone *z;

		changed[dice_roll(&d, text.len)] = (char)dice_roll(&d, 256);
		changed[dice_roll(&d, 60)] = (char)dice_roll(&d, 256);
		z = zone_parse("x", changed, text.len, &e);
		if (z)
			zone_local(z,
				(struct wall){(int64_t)dice_roll(&d, 4102444800) * 1000});
		zone_free(z);
		mem_free(changed);
	}
	str_release(&text);
	mem_free(path);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_with_the_c_library_in_many_zones),
		cmocka_unit_test(a_clock_that_shows_a_time_twice_or_never),
		cmocka_unit_test(every_moment_comes_back),
		cmocka_unit_test(it_is_said_with_its_day_and_zone),
		cmocka_unit_test(names_lead_nowhere_else),
		cmocka_unit_test(other_files_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
