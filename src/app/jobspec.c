#include "app/jobspec.h"

#include <stdio.h>
#include <string.h>

bool
jobspec_parts(const char *job, char *step, char *host, size_t len)
{
	const char *dot = strchr(job, '.'), *last = strrchr(job, '.');

	if (!dot || dot == last || (size_t)(last - job) >= len)
		return false;
	snprintf(step, len, "%.*s", (int)(dot - job), job);
	snprintf(host, len, "%.*s", (int)(last - dot - 1), dot + 1);
	return true;
}

const char *
jobspec_dir(const struct runbook *rb, int target)
{
	if (target == NONE)
		return NULL;
	return rb->hosts.list.at[rb->targets.list.at[target].host].job_dir;
}

bool
jobspec_once(const struct run *r, int step, enum way way)
{
	const struct step *s = &r->runbook->steps.list.at[step];

	/* A way back that is run elsewhere goes to one host for all of them, and means it. */
	if (s->host == NONE || (way == WAY_BACK && s->undo.host != s->host))
		return false;
	return r->runbook->hosts.list.at[s->host].target_count > 1;
}
