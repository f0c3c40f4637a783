#ifndef JOURNAL_GATES_H
#define JOURNAL_GATES_H

/*
 * Sign-offs that what changed asks for, checked as a third party would: a step that run.open
 * names under `changed` is signed by statements with a line "changed:", which names the last
 * probe.result of that step before the signature, its two commits and the digest of its paths;
 * no other statement has one. contrib/verify does the same in sh.
 */

#include "base/err.h"
#include "base/vec.h"
#include "event/line.h"

struct gates_step {
	char *id;
	char *line; /* what a statement must say now; NULL: nobody may sign */
};
struct gates {
	VEC_OF(struct gates_step) list;
};

/* Every line in turn. ERR_RECORD: a signature is not about what changed. */
bool gates_take(struct gates *g, const struct line *l, struct err *e) WARN_UNUSED;
void gates_release(struct gates *g);

#endif
