#ifndef RUN_NOTICE_H
#define RUN_NOTICE_H

/*
 * What of a run is told to those who do not watch it, in a sentence: from its events, and
 * from steps that have failed, became unknown or wait for a signature since it was asked
 * last. Sends nothing. Pure.
 */

#include "event/event.h"
#include "model/notices.h"
#include "run/run.h"

struct notice {
	enum notice_kind kind;
	int step;   /* NONE: about the run */
	char *text; /* "step 2.1 \"Load the dump\" failed on db: exit 1" */
};
struct notices {
	VEC_OF(struct notice) list;
};

/* What has been told of each step. */
struct notice_seen {
	size_t len;
	unsigned char *at; /* by step, enum notice_seen_as */
};

const char *notice_word(enum notice_kind k);
/* ev has been applied to r. */
void notice_of_event(const struct run *r, const struct event *ev, struct notices *out);
/* out NULL: what is so already when the run is taken up is not told. */
void notice_of_states(const struct run *r, struct notice_seen *seen, struct notices *out);
void notice_seen_release(struct notice_seen *s);
void notices_release(struct notices *n);

#endif
