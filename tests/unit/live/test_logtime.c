#include "live/logtime.h"

#include "livekit.h"

#include "base/mem.h"

static const struct row {
	const char *line, *want, *rest; /* want NULL: no time */
	int zone_min;
} rows[] = {
	{"2026-11-20T13:28:53.311Z hello", "2026-11-20T13:28:53.311Z", "hello", 0},
	{"2026-11-20 13:28:53,311 hello", "2026-11-20T13:28:53.311Z", "hello", 0},
	{"2026-11-20 13:28:53,311 hello", "2026-11-20T12:28:53.311Z", "hello", 60},
	{"2026-11-20T13:28:53.311987654+01:00 x", "2026-11-20T12:28:53.311Z", "x", 0},
	{"2026-11-20T13:28:53-0530 x", "2026-11-20T18:58:53.000Z", "x", 0},
	{"2026/11/20 13:28:53 [error] 7#7: x", "2026-11-20T13:28:53.000Z",
		"[error] 7#7: x", 0},
	{"[2026-11-20 13:28:53 +0000] [7] [INFO] x", "2026-11-20T13:28:53.000Z",
		"[7] [INFO] x", 0},
	{"2026-11-20 13:28:53.311 UTC [12] LOG:  x", "2026-11-20T13:28:53.311Z",
		"[12] LOG:  x", 0},
	{"Nov 20 13:28:53 web1 sshd[1]: x", "2026-11-20T13:28:53.000Z", "web1 sshd[1]: x",
		0},
	{"Nov  3 13:28:53 web1 x", "2026-11-03T13:28:53.000Z", "web1 x", 0},
	/* a year that is left out: nobody logs what is still to come */
	{"Dec 31 23:59:59 x", "2025-12-31T23:59:59.000Z", "x", 0},
	{"Jan  2 00:00:00 x", "2026-01-02T00:00:00.000Z", "x", 0},
	{"Nov 21 13:00:00 x", "2026-11-21T13:00:00.000Z", "x", 0},
	{"Jul  2 00:00:00 x", "2026-07-02T00:00:00.000Z", "x", 0},
	{"[Fri Nov 20 13:28:53.123456 2026] [core:error] x", "2026-11-20T13:28:53.123Z",
		"[core:error] x", 0},
	{"E1120 13:28:53.311000       1 a.go:12] x", "2026-11-20T13:28:53.311Z",
		"1 a.go:12] x", 0},
	{"1:M 20 Nov 2026 13:28:53.311 * x", "2026-11-20T13:28:53.311Z", "* x", 0},
	{"13:28:53.5 x", "2026-11-20T13:28:53.500Z", "x", 0},
	{"1795181333.25 x", "2026-11-20T13:28:53.250Z", "x", 0},
	{"1795181333250 x", "2026-11-20T13:28:53.250Z", "x", 0},
	{"2026-02-29X13:28:53 x", NULL, NULL, 0},
	{"2026-13-01T13:28:53Z x", NULL, NULL, 0},
	{"2026-11-20T25:28:53Z x", NULL, NULL, 0},
	{"192.168.1.10 - - x", NULL, NULL, 0},
	{"Nova 20 13:28:53", NULL, NULL, 0},
	{"1234567 items", NULL, NULL, 0},
	{"hello", NULL, NULL, 0},
	{"", NULL, NULL, 0},
};

static void
times_of_many_programs_are_read(void **state)
{
	char got[STAMP_BYTES];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct logtime_ref ref = {kit_now(0).wall, rows[i].zone_min, NULL};
		struct wall at = {0};
		size_t used = logtime_read(rows[i].line, strlen(rows[i].line), &ref, &at);

		if (!rows[i].want) {
			if (used)
				fail_msg("%s: took %s for a time", rows[i].line,
					stamp_wall(at, got));
			continue;
		}
		if (!used)
			fail_msg("%s: no time seen", rows[i].line);
		assert_string_equal(stamp_wall(at, got), rows[i].want);
		assert_string_equal(rows[i].line + used, rows[i].rest);
	}
}

static void
a_bare_time_is_of_the_nearest_day(void **state)
{
	struct logtime_ref ref = {.zone_min = 120};
	char got[STAMP_BYTES];
	struct wall at;

	(void)state;
	/* 00:30 over there, 22:30 the day before in UTC */
	assert_true(stamp_parse("2026-11-19T22:30:00Z", &ref.near));
	assert_true(logtime_read("00:29:00 x", 10, &ref, &at) > 0);
	assert_string_equal(stamp_wall(at, got), "2026-11-19T22:29:00.000Z");
	assert_true(logtime_read("23:59:00 x", 10, &ref, &at) > 0);
	assert_string_equal(stamp_wall(at, got), "2026-11-19T21:59:00.000Z");
}

static void
access_logs_have_theirs_inside(void **state)
{
	static const char line[] =
		"10.0.0.1 - [bob] [20/Nov/2026:14:28:53 +0100] \"GET /\"";
	struct logtime_ref ref = {kit_now(0).wall, 0, NULL};
	char got[STAMP_BYTES];
	struct wall at;
	size_t used = logtime_find_clf(line, strlen(line), &ref, &at);

	(void)state;
	assert_true(used > 0);
	assert_string_equal(stamp_wall(at, got), "2026-11-20T13:28:53.000Z");
	assert_string_equal(line + used, " \"GET /\"");
	assert_int_equal(logtime_find_clf("a [b] c", 7, &ref, &at), 0);
	assert_int_equal(logtime_find_clf("", 0, &ref, &at), 0);
}

static void
epochs_in_all_units(void **state)
{
	static const char *const same[] = {"1795181333.25", "1795181333250",
		"1795181333250000", "1795181333250000000"};
	struct wall at;

	(void)state;
	for (size_t i = 0; i < COUNT(same); i++) {
		assert_true(logtime_epoch(same[i], strlen(same[i]), &at));
		assert_int_equal(at.ms, 1795181333250);
	}
	assert_false(logtime_epoch("17951813332", 11, &at));
	assert_false(logtime_epoch("", 0, &at));
	assert_false(logtime_epoch("0000000000", 10, &at));
}

/* Lines of one minute and the next, of several forms, some spoilt: what was read before
 * must not show in what is read now. */
static void
a_memo_changes_nothing(void **state)
{
	static const char *const heads[] = {"2026-11-", "2026/11/", "", "1:M "},
				 *const behind[] = {" ", " ", "/Nov/2026:", " Nov 2026 "};
	static const char *const tails[] = {"", ".5", ",123456", "Z", " +0530", "-02",
		".999 UTC", "x", ":", "+19:00"};
	struct logtime_memo memo = {.iso = {.len = 0}};
	struct dice d = DICE(11);
	size_t timed = 0;

	(void)state;
	for (int round = 0; round < 50000; round++) {
		struct logtime_ref plain = {
			kit_now(0).wall, (int)dice_roll(&d, 3) * 60, NULL};
		struct logtime_ref with = plain;
		char line[64];
		struct wall a = {0}, b = {0};
		size_t form = dice_roll(&d, COUNT(heads)), used;
		size_t n = (size_t)snprintf(line, sizeof line,
			"%s%02zu%s13:%02zu:%02zu%s x", heads[form], 19 + dice_roll(&d, 2),
			behind[form], 28 + dice_roll(&d, 2), 55 + dice_roll(&d, 8),
			tails[dice_roll(&d, COUNT(tails))]);

		with.memo = &memo;
		if (dice_roll(&d, 4) == 0)
			line[dice_roll(&d, n)] = "0:- \xff"[dice_roll(&d, 5)];
		if (dice_roll(&d, 4) == 0)
			n = dice_roll(&d, n + 1);
		used = logtime_read(line, n, &plain, &a);
		if (logtime_read(line, n, &with, &b) != used || a.ms != b.ms)
			fail_msg("%.*s: %lld, with a memo %lld", (int)n, line,
				(long long)a.ms, (long long)b.ms);
		timed += used > 0;
	}
	assert_in_range(timed, 20000, 45000);
}

/* Cut off anywhere and followed by nothing, never read past the end (the sanitizer sees). */
static void
every_prefix_is_read_within_bounds(void **state)
{
	struct logtime_ref ref = {kit_now(0).wall, 0, NULL};
	struct wall at;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t len = strlen(rows[i].line);

		for (size_t n = 0; n <= len; n++) {
			char *copy = mem_copy(rows[i].line, n + 1);
			size_t used;

			copy = mem_grow(copy, n ? n : 1, 1);
			used = logtime_read(copy, n, &ref, &at);
			assert_true(used <= n);
			used = logtime_find_clf(copy, n, &ref, &at);
			assert_true(used <= n);
			mem_free(copy);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times_of_many_programs_are_read),
		cmocka_unit_test(a_bare_time_is_of_the_nearest_day),
		cmocka_unit_test(access_logs_have_theirs_inside),
		cmocka_unit_test(epochs_in_all_units),
		cmocka_unit_test(a_memo_changes_nothing),
		cmocka_unit_test(every_prefix_is_read_within_bounds),
	};

	return cmocka_run_group_tests_name("live/logtime", tests, NULL, NULL);
}
