#ifndef TESTS_UNIT_LIVE_LIVEKIT_H
#define TESTS_UNIT_LIVE_LIVEKIT_H

/* What the tests of this folder share: cmocka, the same dice in every run, one instant. */

#include <stdio.h>
#include <string.h>

#include "../base/unit.h"
#include "base/clock.h"
#include "base/stamp.h"
#include "base/str.h"

/* 2026-11-20T15:00:00Z */
static inline struct now
kit_now(int64_t plus_ms)
{
	struct now now = {.mono = {1000000 + plus_ms}, .wall = {0}};

	assert_true(stamp_parse("2026-11-20T15:00:00Z", &now.wall));
	now.wall.ms += plus_ms;
	return now;
}

#endif
