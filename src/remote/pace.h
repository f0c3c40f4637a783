#ifndef REMOTE_PACE_H
#define REMOTE_PACE_H

/*
 * How long links and jobs wait for an answer, and between two tries. Everything in this
 * folder that waits asks here, so that a test need not wait as long as an operator would:
 * HANDRAIL_TEST_PACE=10 makes each wait a tenth of itself. It can make none longer.
 */

#include <stdint.h>

int64_t pace_ms(int64_t ms);

#endif
