#include "probe/linetime.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* A fixed seed: the same mutations every time. */
static uint32_t
next_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

static const struct linetime_clock noon = {.now_s = 1795867200, .zone_s = 3600};

static void
times_of_known_formats_are_read(void **state)
{
	/* 1795867200 is 2026-11-28T12:00:00Z; the host is an hour ahead */
	static const struct {
		const char *line;
		int64_t seconds;
	} good[] = {
		{"2026-11-28T11:59:50Z x", 1795867190},
		{"2026-11-28T11:59:50.123456789Z x", 1795867190},
		{"2026-11-28 11:59:50.123 UTC [12] LOG: x", 1795867190},
		{"2026-11-28T12:59:50+01:00 x", 1795867190},
		{"2026-11-28 12:59:50 x", 1795867190},
		{"2026/11/28 12:59:50 [error] 7#7: x", 1795867190},
		{"{\"time\":\"2026-11-28T11:59:50Z\"}", 1795867190},
		{"1.2.3.4 - - [28/Nov/2026:11:59:50 +0000] \"GET /\"", 1795867190},
		{"Nov 28 12:59:50 host app: x", 1795867190},
		{"Nov  1 01:00:00 host app: x", 1793491200},
		{"Dec 31 01:00:00 host app: of last year", 1767139200},
	};

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		int64_t s = 0;

		if (!linetime_read(&noon, good[i].line, strlen(good[i].line), &s) ||
			s != good[i].seconds)
			fail_msg("%s: %lld, not %lld", good[i].line, (long long)s,
				(long long)good[i].seconds);
	}
}

static void
others_are_not(void **state)
{
	static const char *const bad[] = {"", "no time here at all, really none",
		"2026-13-28T11:59:50Z", "2026-11-28T25:59:50Z", "2026-11-28",
		"1.2.3.4:5678 9012", "Foo 28 12:59:50 host", "12026-11-28T11:59:50Z"};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		int64_t s = 0;

		if (linetime_read(&noon, bad[i], strlen(bad[i]), &s))
			fail_msg("%s: %lld", bad[i], (long long)s);
	}
}

static void
zones_are_read(void **state)
{
	int64_t s = 0;

	(void)state;
	assert_true(linetime_zone("+0130", &s));
	assert_int_equal(s, 5400);
	assert_true(linetime_zone("-08:00", &s));
	assert_int_equal(s, -28800);
	assert_false(linetime_zone("0130", &s));
	assert_false(linetime_zone("+01", &s));
}

static void
noise_is_read_within_bounds(void **state)
{
	static const char line[] =
		"[28/Nov/2026:11:59:50 +0000] 2026-11-28T11:59:50Z Nov 28 1";
	uint32_t seed = 99;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		char text[sizeof line];
		int64_t s;

		memcpy(text, line, sizeof line);
		for (uint32_t n = next_random(&seed) % 6; n > 0; n--)
			text[next_random(&seed) % (sizeof text - 1)] = (char)next_random(
				&seed);
		linetime_read(&noon, text, next_random(&seed) % sizeof text, &s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times_of_known_formats_are_read),
		cmocka_unit_test(others_are_not),
		cmocka_unit_test(zones_are_read),
		cmocka_unit_test(noise_is_read_within_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
