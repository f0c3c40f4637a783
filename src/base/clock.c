#include "base/clock.h"

#include <time.h>

#include "base/bug.h"

/* Time asleep counts as time: a job on a host goes on while the laptop is closed. */
#ifdef CLOCK_BOOTTIME
#define CLOCK_OF_BOOT CLOCK_BOOTTIME
#else
#define CLOCK_OF_BOOT CLOCK_MONOTONIC
#endif

static int64_t
read_ms(clockid_t id)
{
	struct timespec ts;

	int rc = clock_gettime(id, &ts);
	BUG_ON(rc != 0);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

struct mono
clock_mono(void)
{
	return (struct mono){.ms = read_ms(CLOCK_OF_BOOT)};
}

struct wall
clock_wall(void)
{
	return (struct wall){.ms = read_ms(CLOCK_REALTIME)};
}

struct now
clock_now(void)
{
	return (struct now){.mono = clock_mono(), .wall = clock_wall()};
}
