#include "app/spine.h"

/* The hosts of a run, as its session reaches them. */

void
session_link_status(const struct session *s, int target, struct link_status *out)
{
	link_status(fleet_link(s->fleet, target), out);
}

bool
session_follow(
	const struct session *s, int step, int leg, enum way way, struct job_follow *out)
{
	int attempt = s->run->steps.list.at[step].legs.list.at[leg].way[way].attempt;

	for (size_t i = 0; i < s->doings.list.len; i++) {
		const struct doing *d = s->doings.list.at[i];

		if (d->ended || !d->job || d->attempt != attempt || d->step != step ||
			d->leg != leg || d->way != way)
			continue;
		job_follow(d->job, out);
		return true;
	}
	return false;
}

size_t
session_reconnect(struct session *s)
{
	struct link_status st;
	size_t n = 0;

	for (size_t i = 0; i < s->runbook->targets.list.len; i++) {
		session_link_status(s, (int)i, &st);
		if (st.state != LINK_LOST && st.state != LINK_FAILED)
			continue;
		link_connect(fleet_link(s->fleet, (int)i));
		n++;
	}
	return n;
}
