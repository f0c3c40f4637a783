#include "app/spine.h"
#include "base/mem.h"

/* Nothing ran, because the host would not have it: its key, its login, its mark of another
 * driver. */

/* An unknown host key comes with the line that would add it. */
void
refusing_start(struct doing *d, const char *why)
{
	struct link_status st;
	char *whole;

	link_status(fleet_link(d->s->fleet,
			    run_leg_target(d->s->run, d->step, d->leg, d->way)),
		&st);
	whole = st.command[0] ? mem_printf("%s: %s", why, st.command) : mem_strdup(why);
	outcome_lost(d, REQ_NOT_STARTED, NULL, whole);
	mem_free(whole);
}

/* Nothing ran there. One host's word does not end the driving of all others: that the record
 * is somebody else's is for the record to say. But nothing new starts by itself anywhere
 * before a person has looked who that other driver is. */
void
refusing_fence(struct doing *d, const char *why)
{
	struct err e = ERR_INIT;
	char *whole;

	if (!journal_is_ours(d->s->journal, &e)) {
		spine_fenced(d->s, why);
		return;
	}
	whole = mem_printf(
		"%s, says that host. The record here is still ours: find out who "
		"else drives this run; if nobody does, the mark is wrong (the "
		"folder epoch beside the jobs of the run there)",
		why);
	session_request(
		d->s, &(struct request){.kind = REQ_HOLD, .step = NONE, .reason = whole});
	outcome_lost(d, REQ_NOT_STARTED, NULL, whole);
	mem_free(whole);
}
