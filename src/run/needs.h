#ifndef RUN_NEEDS_H
#define RUN_NEEDS_H

/* What an open run waits for a person to do, in a few words: for lists of runs. Pure. */

#include "run/run.h"

enum needs {
	NEEDS_NOBODY, /* it goes on, or is over */
	NEEDS_PERSON,
	NEEDS_HOLDER, /* it is on hold */
};
/* `out`: "sign-off: SRE", "load failed"; nothing with NEEDS_NOBODY. */
enum needs needs_of(const struct run *r, struct str *out);

#endif
