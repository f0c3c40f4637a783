#ifndef JOURNAL_GATES_H
#define JOURNAL_GATES_H

/*
 * Sign-offs that what changed asks for, checked as a third party would: a step that run.open
 * names under `changed` is signed by statements with a line "changed:", which names the last
 * probe.result of that step before the signature, its two commits and the digest of its paths;
 * no other statement has one. A run that closes as ok was looked at for each of them, and where
 * a file counted by the last look a signature over those commits stands; or run.close names it
 * under `unsigned`. contrib/verify does the same in sh.
 */

#include "base/err.h"
#include "base/vec.h"
#include "event/line.h"

struct gates_signature {
	int64_t seq;
	char *about; /* "FROM..TO sha256:HEX\n..." */
};
struct gates_step {
	char *id;
	char *line; /* what a statement must say now; NULL: nobody may sign */
	bool told;  /* the last look told something */
	struct {
		VEC_OF(struct gates_signature) list;
	} signatures; /* that stand */
};
struct gates {
	VEC_OF(struct gates_step) list;
};

/* Every line in turn. ERR_RECORD: a signature is not about what changed, or is missing. */
bool gates_take(struct gates *g, const struct line *l, struct err *e) WARN_UNUSED;
void gates_release(struct gates *g);

#endif
