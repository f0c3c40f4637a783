#include "model/review.h"

#include <stdio.h>

enum { DAY_CELLS = 10 };

struct wall
review_due(const char *last, int64_t every_ms)
{
	struct wall day = {0};
	char stamp[STAMP_BYTES];

	if (!last || every_ms <= 0)
		return day;
	snprintf(stamp, sizeof stamp, "%.10sT00:00:00Z", last);
	if (!stamp_parse(stamp, &day))
		return (struct wall){0};
	day.ms += every_ms;
	return day;
}

bool
review_is_late(const struct runbook *rb, struct wall now, char day[STAMP_BYTES])
{
	struct wall due = review_due(rb->reviewed_last, rb->reviewed_every_ms);

	if (!due.ms || due.ms > now.ms)
		return false;
	stamp_wall(due, day);
	day[DAY_CELLS] = '\0';
	return true;
}
