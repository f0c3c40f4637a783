#include "base/zonerule.h"

#include "unit.h"

#include "base/stamp.h"

static const char *
change(const struct zone *z, const char *from, size_t nth)
{
	static char out[STAMP_BYTES];
	struct wall t;

	assert_true(stamp_parse(from, &t));
	for (size_t i = 0; i < z->changes.list.len; i++)
		if (z->changes.list.at[i].at_s * 1000 >= t.ms && nth-- == 0)
			return stamp_wall_sec(
				(struct wall){z->changes.list.at[i].at_s * 1000}, out);
	return "none";
}

static void
rules_are_written_out(void **state)
{
	static const struct {
		const char *text, *first, *second;
	} rows[] = {
		{"CET-1CEST,M3.5.0,M10.5.0/3", "2026-03-29T01:00:00Z",
			"2026-10-25T01:00:00Z"},
		{"EST5EDT,M3.2.0,M11.1.0", "2026-03-08T07:00:00Z",
			"2026-11-01T06:00:00Z"},
		{"<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2026-04-04T15:00:00Z",
			"2026-10-03T15:30:00Z"},
		{"IST-2IDT,M3.4.4/26,M10.5.0", "2026-03-27T00:00:00Z",
			"2026-10-24T23:00:00Z"},
		{"A0B,J60/0,J300/0", "2026-03-01T00:00:00Z", "2026-10-26T23:00:00Z"},
		{"A0B,59/0,299/0", "2026-03-01T00:00:00Z", "2026-10-26T23:00:00Z"},
		{"UTC0", "none", "none"},
		{"<-03>3", "none", "none"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct zonerule r;
		struct zone *z = zone_new_utc();

		assert_true(zonerule_parse(rows[i].text, &r));
		zonerule_extend(&r, z);
		assert_string_equal(change(z, "2026-01-01T00:00:00Z", 0), rows[i].first);
		assert_string_equal(change(z, "2026-01-01T00:00:00Z", 1), rows[i].second);
		zone_free(z);
	}
}

static void
half_rules_are_none(void **state)
{
	static const char *const bad[] = {"", "CET", "1", "CET-1CEST", "CET-1CEST,M3.5.0",
		"CET-1CEST,M3.5.0,M10.5.0/3x", "CET-1CEST,M13.5.0,M1.1.0",
		"CET-1CEST,M0.5.0,M1.1.0", "CET-1CEST,M3.6.0,M1.1.0",
		"CET-1CEST,M3.5.7,M1.1.0", "CET-1CEST,J0,J10", "CET-1CEST,J366,J10",
		"CET-1:60", "<+01-1", "CET-200"};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct zonerule r;

		if (zonerule_parse(bad[i], &r))
			fail_msg("%s was taken for a rule", bad[i]);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_are_written_out),
		cmocka_unit_test(half_rules_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
