#ifndef RUN_STATEMENT_H
#define RUN_STATEMENT_H

/*
 * The exact text a sign-off signs (handrail-journal(5)), made from the
 * state. Shown on screen word for word before it is signed. Pure.
 */

#include "run/run.h"

enum decision { DECISION_APPROVE, DECISION_REJECT, DECISION_WAIVE };

struct statement_by {
	enum decision decision;
	const char *signer;  /* principal */
	const char *key;     /* SHA256:... */
	const char *comment; /* may be "" */
	struct wall time;
};

/* ERR_INPUT when ${names} in `says` have no value. */
bool statement_write(const struct run *r, int step, const struct statement_by *by,
	struct str *out, struct err *e) WARN_UNUSED;
/* The exceptions alone: seq and sentence each (skips, failures by hand, bad probes,
 * resolved unknowns, corrections). */
struct exception {
	int64_t seq;
	char *text;
};
struct exceptions {
	VEC_OF(struct exception) list;
};
void statement_exceptions(const struct run *r, struct exceptions *out);
void statement_exceptions_release(struct exceptions *x);

#endif
