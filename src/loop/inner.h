#ifndef LOOP_INNER_H
#define LOOP_INNER_H

/*
 * What the files of this folder share and nobody else sees: the loop's inside, and the
 * measuring of callbacks. Outside, loop.h is the only door.
 */

#include <uv.h>

#include "base/clock.h"
#include "base/vec.h"
#include "loop/loop.h"

/* Longer than this in one callback is felt by the person at the keys. */
enum { INNER_SLOW_MS = 16 };

struct inner_deferred {
	void (*fn)(void *ctx);
	void *ctx;
};

struct loop {
	uv_loop_t uv;
	uv_idle_t idle;   /* runs what was deferred; active only while there is some */
	uv_timer_t bound; /* the end of one loop_turn */
	VEC_OF(struct inner_deferred) deferred;
	void (*after_turn)(void *ctx);
	void *after_ctx;
	int64_t slowest_ms;
	size_t dying; /* children freed before their end: killed, not yet reaped */
	bool running, stopping;
};

/* Around every call to a stranger: begin gives the time, end logs what took long. */
struct mono inner_begin(void);
void inner_end(struct loop *l, struct mono begin, const char *what, const char *detail);

#endif
