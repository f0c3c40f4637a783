#include "base/clock.h"

#include "unit.h"

#include <time.h>

static void
mono_never_goes_back(void **state)
{
	struct mono last = clock_mono();

	(void)state;
	for (int i = 0; i < 10000; i++) {
		struct mono now = clock_mono();
		assert_true(now.ms >= last.ms);
		last = now;
	}
}

static void
wall_is_what_the_system_says(void **state)
{
	(void)state;
	int64_t before = (int64_t)time(NULL);
	struct wall w = clock_wall();
	int64_t after = (int64_t)time(NULL);
	/* time() may read a coarser clock that lags by a tick. */
	assert_in_range(w.ms / 1000, before, after + 1);
}

static void
now_holds_both(void **state)
{
	(void)state;
	struct mono mono = clock_mono();
	struct wall wall = clock_wall();
	struct now now = clock_now();
	assert_true(now.mono.ms >= mono.ms && now.mono.ms - mono.ms < 60000);
	assert_true(now.wall.ms >= wall.ms - 1000 && now.wall.ms - wall.ms < 60000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mono_never_goes_back),
		cmocka_unit_test(wall_is_what_the_system_says),
		cmocka_unit_test(now_holds_both),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
