#ifndef REMOTE_LOOKPASS_H
#define REMOTE_LOOKPASS_H

/*
 * What the command of a look writes, as it comes: everything but its trailer, which is told
 * apart by the token in its line. Only what may be the begin of the trailer is held back, and
 * no longer than until the next byte shows that it is none. Sans-I/O; for look.c alone.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct lookpass {
	const char *token; /* of the request; borrowed */
	void (*on_out)(void *ctx, const char *p, size_t len);
	void *ctx;
	struct str held;
	bool inside; /* of a line that is not ours */
	bool over;   /* the trailer has begun: the rest is its */
	bool joined; /* at the end: the line end before the trailer was handed on */
};

void lookpass_feed(struct lookpass *l, const char *p, size_t len);
/* Nothing comes any more. What is left in `held` is the trailer, as hr1_trailer_find takes
 * it, or empty. */
void lookpass_end(struct lookpass *l);
void lookpass_release(struct lookpass *l);

#endif
