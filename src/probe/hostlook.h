#ifndef PROBE_HOSTLOOK_H
#define PROBE_HOSTLOOK_H

/*
 * A look on the machines of a probe: one read-only command on each, in a container where the
 * probe names one; the reading is that of the machine that is worst. For the kinds that look
 * on a host; what a command's answer means is theirs.
 */

#include "probe/probeway.h"

/* What one machine gave. */
struct hostlook_one {
	struct facts facts;
	char why[320];     /* not known, and why; else "" */
	char nothing[160]; /* known: what is looked for is not there; else "" */
	char because[320]; /* said with a verdict that is not good; else "" */
};

typedef void hostlook_read(
	const struct probe_look *p, const struct look_end *end, struct hostlook_one *out);

struct hostlook_spec {
	struct str text;  /* taken */
	const char *says; /* one line before the text: what a simulated host is asked */
	const char *shell;
	const struct job_env *env; /* besides that of the probe; names are constant */
	size_t env_len, limit;
	int host;              /* of the runbook; NONE: this machine */
	const char *container; /* looks inside of it; NULL: on the machine */
	hostlook_read *read;   /* called when the command ended by itself */
};

bool hostlook_begin(
	struct probe_look *p, struct hostlook_spec *s, struct err *e) WARN_UNUSED;
void hostlook_drop(struct probe_look *p); /* for probe_way.free */

#endif
