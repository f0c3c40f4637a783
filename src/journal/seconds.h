#ifndef JOURNAL_SECONDS_H
#define JOURNAL_SECONDS_H

/*
 * What two people did, checked as a third party would: an intent that names its second person
 * (data.second) names a record before it, about the same step and host, signed by somebody
 * else than who ran it for this very command, or broken by force. contrib/verify does the same in sh.
 */

#include "base/err.h"
#include "base/vec.h"
#include "event/line.h"

struct seconds_mark {
	int64_t seq;
	char *step, *who, *host; /* who NULL: by force */
	char *says;              /* what was signed, if it was approved; NULL */
};
struct seconds {
	VEC_OF(struct seconds_mark) list;
};

/* Every line in turn. ERR_RECORD: the intent names nobody who could be its second. */
bool seconds_take(struct seconds *s, const struct line *l, struct err *e) WARN_UNUSED;
void seconds_release(struct seconds *s);

#endif
