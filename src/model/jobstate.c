#include "model/jobstate.h"

#include <string.h>

static const struct {
	const char *name, *means, *look;
} rows[JOB_STATE_COUNT] = {
#define X(id, name_, means_, look_) \
	[JOB_##id] = {.name = name_, .means = means_, .look = look_},
	JOB_STATES(X)
#undef X
};

const char *
jobstate_name(enum job_state s)
{
	return rows[s].name;
}

static int
find(const char *name)
{
	for (int i = 0; name && i < JOB_STATE_COUNT; i++)
		if (strcmp(rows[i].name, name) == 0)
			return i;
	return -1;
}

bool
jobstate_is_name(const char *name)
{
	return find(name) >= 0;
}

enum job_state
jobstate_by_name(const char *name)
{
	int i = find(name);

	return i < 0 ? JOB_UNKNOWN : (enum job_state)i;
}

const char *
jobstate_means(enum job_state s)
{
	return rows[s].means;
}

const char *
jobstate_look(enum job_state s)
{
	return rows[s].look;
}
