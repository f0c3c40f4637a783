#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

/*
 * The only reader of system time. Two types that do not mix: mono for durations and
 * timers, wall for what people read. Wrapped in structs so that the compiler objects.
 */

#include <stdint.h>

struct mono {
	int64_t ms; /* since an arbitrary point of this boot */
};

struct wall {
	int64_t ms; /* since 1970-01-01T00:00:00Z */
};

/* One instant, handed into pure code. */
struct now {
	struct mono mono;
	struct wall wall;
};

struct mono clock_mono(void);
struct wall clock_wall(void);
struct now clock_now(void);

#endif
