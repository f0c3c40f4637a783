#ifndef RUN_ARMED_H
#define RUN_ARMED_H

/*
 * A run in production (as run.open says, or handrail.yaml does by now) observes until a person
 * has armed it: nothing that changes something
 * starts before. Armed is this run alone, for a time that begins anew with every act, until it
 * is disarmed, closed or taken up by another console. Who may is asked by role; that is
 * advisory, because a name is only claimed: the rights on the hosts decide. Pure.
 */

#include "base/str.h"
#include "run/run.h"

#define ARMED_GATE    "arm"     /* as `gate` of breakglass: armed without the role */
#define ARMED_COMMAND "command" /* as `by` of run.arm: by a command that nobody attends */
enum { ARMED_FOR_MS = 30 * 60 * 1000 };

struct armed {
	bool needed;
	bool on;
	struct wall until; /* on: that long, unless something is done before */
};
struct armed armed_of(const struct run *r, struct wall now);
/* Has this person a role that may arm? ERR_REFUSED when not. */
bool armed_may(const struct run *r, const char *who, struct err *e) WARN_UNUSED;
/* May something act now? ERR_REFUSED when not. */
bool armed_now(const struct run *r, struct wall now, struct err *e) WARN_UNUSED;
bool armed_allows(const struct run *r, int step, enum way way, struct wall now,
	struct err *e) WARN_UNUSED;
/* What is typed to arm it: the name of the environment. */
const char *armed_phrase(const struct run *r);

#endif
