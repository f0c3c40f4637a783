#ifndef JOURNAL_SECONDS_H
#define JOURNAL_SECONDS_H

/*
 * What two people did, checked as a third party would: an intent that names its second person
 * (data.second) names a record before it, about the same step and host, signed by somebody
 * else than who ran it for this very command and its values, or broken by force; not older than
 * half an hour, and named by no other start: only what is tried again by itself names it again,
 * which no step.confirm goes before.
 * A step that run.open, or the last redline of it, says two people do has such an intent. contrib/verify does the same in
 * sh.
 */

#include "base/err.h"
#include "base/vec.h"
#include "event/line.h"

struct seconds_mark {
	int64_t seq, at_ms;      /* at_ms: as the clock stood before it was ever set */
	char *step, *who, *host; /* who NULL: by force */
	char *says;              /* what was signed, if it was approved; NULL */
	char *used_on;   /* host and each of the intent that named it; NULL: none did */
	int64_t attempt; /* of that */
	bool spent;      /* a step.confirm came after it: the next is another start */
};
struct seconds_step {
	char *id;
	bool edited; /* says a redline; else run.open */
};
struct seconds {
	VEC_OF(struct seconds_mark) list;
	int64_t jumped_ms; /* by how much the clock was set, so far */
	struct {
		VEC_OF(struct seconds_step) list;
	} steps; /* that two people do */
};

/* Every line in turn. ERR_RECORD: the intent names nobody who could be its second. */
bool seconds_take(struct seconds *s, const struct line *l, struct err *e) WARN_UNUSED;
void seconds_release(struct seconds *s);

#endif
