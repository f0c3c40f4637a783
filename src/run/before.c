#include "run/before.h"

const struct reading *
before_reading(const struct run_step *rs, int probe)
{
	for (size_t i = 0; i < rs->readings.list.len; i++)
		if (rs->readings.list.at[i].probe == probe &&
			rs->readings.list.at[i].seq >= 0)
			return &rs->readings.list.at[i];
	return NULL;
}

static bool
is_bad(const struct reading *g)
{
	return g->verdict != VERDICT_OK && g->verdict != VERDICT_WARN;
}

bool
before_older(const struct reading *g, struct wall now, int64_t than_ms)
{
	return now.ms < g->at.ms || now.ms - g->at.ms > than_ms;
}

bool
before_stale(const struct run *r, int step, struct wall now)
{
	const struct run_step *rs = &r->steps.list.at[step];

	for (size_t i = 0; i < rs->step->before.list.len; i++) {
		const struct reading *g = before_reading(rs, rs->step->before.list.at[i]);

		if (!g ||
			before_older(
				g, now, is_bad(g) ? BEFORE_AGAIN_MS : BEFORE_FRESH_MS))
			return true;
	}
	return false;
}

bool
before_good(const struct run *r, int step, struct wall now)
{
	const struct run_step *rs = &r->steps.list.at[step];

	for (size_t i = 0; i < rs->step->before.list.len; i++) {
		const struct reading *g = before_reading(rs, rs->step->before.list.at[i]);

		if (!g || is_bad(g) || before_older(g, now, BEFORE_FRESH_MS))
			return false;
	}
	return true;
}
