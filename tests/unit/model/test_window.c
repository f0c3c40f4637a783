#include "model/window.h"

#include "zones.h"

#include <string.h>

static void
add(struct windows *w, const char *text)
{
	struct window one;

	if (!window_parse(text, &one))
		fail_msg("%s is no window", text);
	if (one.zone_name[0] && !window_zone(w, one.zone_name))
		vec_push(&w->zones, zone_named(one.zone_name));
	one.zone = one.zone_name[0] ? window_zone(w, one.zone_name) : NULL;
	vec_push(&w->windows, one);
}

struct row {
	const char *at;
	bool open;
	const char *change; /* NULL: never */
};

static void
is_so(const struct windows *w, const struct row *rows, size_t count)
{
	char out[STAMP_BYTES];

	for (size_t i = 0; i < count; i++) {
		struct window_state st = window_at(w, utc(rows[i].at));

		stamp_wall_sec(st.change, out);
		if (st.open != rows[i].open ||
			strcmp(st.change.ms ? out : "never",
				rows[i].change ? rows[i].change : "never") != 0)
			fail_msg("at %s: %s until %s", rows[i].at,
				st.open ? "open" : "shut", st.change.ms ? out : "never");
	}
}

static void
a_window_of_the_week(void **state)
{
	static const struct row rows[] = {
		{"2026-11-27T12:00:00Z", false, "2026-11-30T08:00:00Z"}, /* Friday */
		{"2026-11-30T07:59:59Z", false, "2026-11-30T08:00:00Z"},
		{"2026-11-30T08:00:00Z", true, "2026-11-30T16:00:00Z"},
		{"2026-11-30T15:59:59Z", true, "2026-11-30T16:00:00Z"},
		{"2026-11-30T16:00:00Z", false, "2026-12-01T08:00:00Z"},
		/* over the end of summer time, on the wall still 09:00 */
		{"2026-10-22T16:00:00Z", false, "2026-10-26T08:00:00Z"},
		{"2026-10-22T14:00:00Z", true, "2026-10-22T15:00:00Z"},
	};
	struct windows w = {0}, copy = {0};

	(void)state;
	add(&w, "Mon-Thu 09:00-17:00 Europe/Berlin");
	is_so(&w, rows, COUNT(rows));
	window_copy(&w, &copy);
	window_release(&w);
	is_so(&copy, rows, COUNT(rows));
	window_release(&copy);
}

/* Clocks are put forward at 02:00 on 28 March 2027, and back at 03:00 on 25 October 2026. */
static void
an_hour_that_never_comes_and_one_that_comes_twice(void **state)
{
	static const struct row gap[] = {
		/* Saturday has it, Sunday 28 March does not, the next Sunday does */
		{"2027-03-27T12:00:00Z", false, "2027-04-04T00:00:00Z"},
		{"2027-03-28T00:59:59Z", false, "2027-04-04T00:00:00Z"},
		{"2027-03-28T01:00:00Z", false, "2027-04-04T00:00:00Z"},
	};
	static const struct row part[] = {
		/* 01:30-02:30: half of it is there, and ends when the clocks move */
		{"2027-03-28T00:29:59Z", false, "2027-03-28T00:30:00Z"},
		{"2027-03-28T00:30:00Z", true, "2027-03-28T01:00:00Z"},
	};
	static const struct row twice[] = {
		{"2026-10-25T00:00:00Z", true, "2026-10-25T00:30:00Z"},
		{"2026-10-25T00:30:00Z", false, "2026-10-25T01:00:00Z"},
		{"2026-10-25T01:00:00Z", true, "2026-10-25T01:30:00Z"},
		{"2026-10-25T01:30:00Z", false, "2026-11-01T01:00:00Z"},
	};
	struct windows w = {0};

	(void)state;
	add(&w, "Sun 02:00-03:00 Europe/Berlin");
	is_so(&w, gap, COUNT(gap));
	window_release(&w);
	add(&w, "Sun 01:30-02:30 Europe/Berlin");
	is_so(&w, part, COUNT(part));
	window_release(&w);
	add(&w, "Sun 02:00-02:30 Europe/Berlin");
	is_so(&w, twice, COUNT(twice));
	window_release(&w);
}

static void
several_windows_and_zones(void **state)
{
	static const struct row rows[] = {
		{"2026-11-30T08:00:00Z", true, "2026-11-30T11:00:00Z"},
		{"2026-11-30T13:59:00Z", false, "2026-11-30T14:00:00Z"},
		{"2026-11-30T14:00:00Z", true, "2026-11-30T16:00:00Z"},
		{"2026-11-28T22:00:00Z", true, "2026-11-30T00:00:00Z"},
	};
	static const struct row always[] = {{"2026-11-28T22:00:00Z", true, NULL}};
	struct windows w = {0};

	(void)state;
	add(&w, "Mon-Fri 09:00-12:00 Europe/Berlin");
	add(&w, "Mon-Fri 09:00-11:00 America/New_York");
	add(&w, "Sat-Sun 00:00-24:00");
	is_so(&w, rows, COUNT(rows));
	window_release(&w);
	add(&w, "Mon-Sun 00:00-24:00 Europe/Berlin");
	is_so(&w, always, COUNT(always));
	window_release(&w);
	is_so(&w, always, COUNT(always)); /* none at all: always */
	assert_false(window_any(&w));
}

static void
a_freeze_shuts_every_window(void **state)
{
	static const struct row rows[] = {
		{"2026-12-17T09:00:00Z", true, "2026-12-17T12:00:00Z"},
		{"2026-12-17T12:00:00Z", false, "2027-01-04T08:00:00Z"},
		{"2026-12-22T12:00:00Z", false, "2027-01-04T08:00:00Z"},
		{"2027-01-04T07:00:00Z", false, "2027-01-04T08:00:00Z"},
		{"2027-01-04T08:00:00Z", true, "2027-01-04T16:00:00Z"},
	};
	static const struct row alone[] = {
		{"2026-12-17T09:00:00Z", true, "2026-12-17T12:00:00Z"},
		{"2026-12-22T12:00:00Z", false, "2027-01-03T23:00:00Z"},
		{"2027-01-05T12:00:00Z", true, NULL},
	};
	struct windows w = {0};
	struct freeze f = {
		utc("2026-12-17T12:00:00Z"), utc("2027-01-03T23:00:00Z"), NULL, NULL};

	(void)state;
	vec_push(&w.freezes, f);
	is_so(&w, alone, COUNT(alone));
	assert_non_null(window_at(&w, utc("2026-12-22T12:00:00Z")).frozen);
	add(&w, "Mon-Thu 09:00-17:00 Europe/Berlin");
	is_so(&w, rows, COUNT(rows));
	assert_null(window_at(&w, utc("2026-11-28T12:00:00Z")).frozen);
	window_release(&w);
}

static void
anything_else_is_no_window(void **state)
{
	static const char *const bad[] = {"", "Mon", "Mon ", "Mon 9:00-17:00",
		"Mon 09:00-25:00", "Mon 17:00-09:00", "Mon 09:00-09:00",
		"mon 09:00-10:00", "Mon-Xyz 09:00-10:00", "Mon- 09:00-10:00",
		"Mon 09:00-10:00Europe/Berlin", "Mon 09:00-10:00 ../etc",
		"Mon 09:60-10:00", "Monday 09:00-10:00", "Mon,Tue 09:00-10:00",
		"Mon 09:00-10:00 a b", "Mon 09:00-24:01"};
	struct window w;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		if (window_parse(bad[i], &w))
			fail_msg("%s was taken for a window", bad[i]);
	assert_true(window_parse("Fri-Mon 00:00-24:00", &w));
	assert_int_equal(w.days, 0x71);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_window_of_the_week),
		cmocka_unit_test(an_hour_that_never_comes_and_one_that_comes_twice),
		cmocka_unit_test(several_windows_and_zones),
		cmocka_unit_test(a_freeze_shuts_every_window),
		cmocka_unit_test(anything_else_is_no_window),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
