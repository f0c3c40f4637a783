#include "remote/pace.h"

#include <stdlib.h>

enum { WHOLE_PERCENT = 100 };

int64_t
pace_ms(int64_t ms)
{
	const char *test = getenv("HANDRAIL_TEST_PACE");
	long percent = test ? strtol(test, NULL, 10) : WHOLE_PERCENT;

	if (percent < 1 || percent >= WHOLE_PERCENT)
		return ms;
	return ms * percent / WHOLE_PERCENT;
}
