#include "model/recur.h"

#include "zones.h"

#include <string.h>

static struct recur
span(const char *text, const struct zone *z)
{
	struct recur r;
	const char *why;

	if (!recur_parse(text, &r, &why))
		fail_msg("%s %s", text, why);
	r.zone = z;
	return r;
}

static void
spans_are_added_by_the_calendar(void **state)
{
	static const struct {
		const char *span, *from, *want;
		bool berlin;
	} rows[] = {
		{"90m", "2026-11-28T12:00:00Z", "2026-11-28T13:30:00Z", false},
		{"1.5h", "2026-11-28T12:00:00Z", "2026-11-28T13:30:00Z", false},
		{"1d", "2026-11-28T12:34:56Z", "2026-11-29T12:34:56Z", false},
		{"1w", "2026-11-28T12:00:00Z", "2026-12-05T12:00:00Z", false},
		{"1mo", "2027-01-31T12:00:00Z", "2027-02-28T12:00:00Z", false},
		{"3mo", "2026-11-30T12:00:00Z", "2027-02-28T12:00:00Z", false},
		{"1y", "2028-02-29T12:00:00Z", "2029-02-28T12:00:00Z", false},
		{"1d 09:00", "2026-11-28T23:59:00Z", "2026-11-29T09:00:00Z", false},
		/* 09:00 stays 09:00 when summer time ends and begins */
		{"1d 09:00 Europe/Berlin", "2026-10-24T07:00:00Z", "2026-10-25T08:00:00Z",
			true},
		{"1w 09:00 Europe/Berlin", "2027-03-22T08:00:00Z", "2027-03-29T07:00:00Z",
			true},
		/* a day of 25 hours is one day; 24 hours are 24 hours */
		{"1d", "2026-10-24T10:00:00Z", "2026-10-25T11:00:00Z", true},
		{"24h", "2026-10-24T10:00:00Z", "2026-10-25T10:00:00Z", true},
		/* 02:30 comes twice: the first; and never: as if clocks had not moved */
		{"1d 02:30 Europe/Berlin", "2026-10-24T10:00:00Z", "2026-10-25T00:30:00Z",
			true},
		{"1d 02:30 Europe/Berlin", "2027-03-27T10:00:00Z", "2027-03-28T01:30:00Z",
			true},
	};
	struct zone *z = zone_named("Europe/Berlin");
	char out[STAMP_BYTES];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct recur r = span(rows[i].span, rows[i].berlin ? z : NULL);

		stamp_wall_sec(recur_add(&r, utc(rows[i].from), 1), out);
		if (strcmp(out, rows[i].want) != 0)
			fail_msg("%s after %s: %s, not %s", rows[i].span, rows[i].from,
				out, rows[i].want);
	}
	zone_free(z);
}

static void
what_was_missed_comes_once(void **state)
{
	static const struct {
		const char *span, *from, *after, *want;
	} rows[] = {
		{"1w", "2026-11-02T09:00:00Z", "2026-11-02T09:00:00Z",
			"2026-11-09T09:00:00Z"},
		{"1w", "2026-11-02T09:00:00Z", "2026-11-03T00:00:00Z",
			"2026-11-09T09:00:00Z"},
		/* closed before it was due: the next one is not the same day */
		{"1w", "2026-11-02T09:00:00Z", "2026-11-01T00:00:00Z",
			"2026-11-09T09:00:00Z"},
		{"1w", "2026-11-02T09:00:00Z", "2026-11-24T00:00:00Z",
			"2026-11-30T09:00:00Z"},
		{"1mo", "2027-01-31T09:00:00Z", "2027-03-15T00:00:00Z",
			"2027-03-31T09:00:00Z"},
		{"5m", "2026-11-02T09:00:00Z", "2027-11-02T09:01:00Z",
			"2027-11-02T09:05:00Z"},
	};
	char out[STAMP_BYTES];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct recur r = span(rows[i].span, NULL);

		assert_string_equal(stamp_wall_sec(recur_next(&r, utc(rows[i].from),
							   utc(rows[i].after)),
					    out),
			rows[i].want);
	}
}

/* More of them than an unsigned counts. */
static void
a_span_may_be_very_short(void **state)
{
	static const struct {
		const char *span;
		int64_t from, after, want;
	} rows[] = {
		{"1ms", 0, 400LL * 365 * 86400000, 400LL * 365 * 86400000 + 1},
		{"7ms", 3, 400LL * 365 * 86400000, 400LL * 365 * 86400000 + 2},
		{"1s", 500, 500, 1500},
		{"1s", 500, 400, 1500},
		{"1s", 500, 1499, 1500},
		{"1s", 500, 1500, 2500},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct recur r = span(rows[i].span, NULL);

		assert_int_equal(recur_next(&r, (struct wall){rows[i].from},
					 (struct wall){rows[i].after})
					 .ms,
			rows[i].want);
	}
}

static void
anything_else_is_no_span(void **state)
{
	static const char *const bad[] = {"", "1", "w", "0d", "0s", "-1d", "1 w", "1M",
		"1.5mo", "10000d", "1d 9:00", "1d 24:00", "1d 09:60", "2h 09:00",
		"1d 09:00 ../x", "1d Europe/Berlin", "1d 09:00 Europe/Berlin x", "1week"};
	struct recur r;
	const char *why = "";

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		if (recur_parse(bad[i], &r, &why))
			fail_msg("%s was taken for a span", bad[i]);
		assert_true(strlen(why) > 5);
	}
	assert_true(recur_parse("1mo 09:00 Europe/Berlin", &r, &why));
	assert_string_equal(r.zone_name, "Europe/Berlin");
	assert_int_equal(r.at_s, 9 * 3600);
	assert_true(recur_is_set(&r));
	assert_false(recur_is_set(&(struct recur){0}));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(spans_are_added_by_the_calendar),
		cmocka_unit_test(what_was_missed_comes_once),
		cmocka_unit_test(a_span_may_be_very_short),
		cmocka_unit_test(anything_else_is_no_span),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
