#include <stdio.h>
#include <string.h>

#include "app/spine.h"

/* A job is stopped: TERM to its process group, KILL after a grace. What the host says of
 * that goes into the record as it was said; what became of the job is another fact. */

enum { GRACE_MS = 10000, REPLY_MS = 5000 };

static void
replied(void *ctx, const char *reply)
{
	struct doing *d = ctx;
	struct request q = {.kind = REQ_STOPPED,
		.step = d->step,
		.leg = d->leg,
		.attempt = d->attempt,
		.way = d->way,
		.text = reply};

	d->stopping = false;
	if (d->ended)
		loop_timer_start(d->s->sweep, 0, 0);
	if (strncmp(d->stop_reply, reply, sizeof d->stop_reply - 1) == 0)
		return; /* tried again, and the same answer */
	snprintf(d->stop_reply, sizeof d->stop_reply, "%s", reply);
	session_request(d->s, &q);
}

void
stopping_cancel(struct doing *d)
{
	d->stopping = true;
	d->stop_heard = clock_mono();
	d->stop_heard.ms += GRACE_MS + REPLY_MS;
	job_cancel(d->job, GRACE_MS, replied, d);
}

bool
stopping_listens(const struct doing *d)
{
	int64_t left = d->stop_heard.ms - clock_mono().ms;

	if (!d->stopping || left <= 0)
		return false;
	loop_timer_start(d->s->sweep, left, 0);
	return true;
}
