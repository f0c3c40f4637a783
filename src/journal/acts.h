#ifndef JOURNAL_ACTS_H
#define JOURNAL_ACTS_H

/*
 * What people answer for by name, checked as a third party would: an `authority` record is about
 * a run.open, driver.take or breakglass before it, that its `act` names, and written by the same
 * person; it has a signature (audit/vouch checks it) or says why not, and no act has two.
 * contrib/verify does the same in sh.
 */

#include "base/err.h"
#include "base/vec.h"
#include "event/line.h"

struct acts_one {
	int64_t seq;
	const char *act; /* constant */
	char *who;
	bool answered;
};
struct acts {
	VEC_OF(struct acts_one) list;
};

/* Every line in turn. ERR_RECORD: it answers for nothing that person did. */
bool acts_take(struct acts *a, const struct line *l, struct err *e) WARN_UNUSED;
void acts_release(struct acts *a);

#endif
