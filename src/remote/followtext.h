#ifndef REMOTE_FOLLOWTEXT_H
#define REMOTE_FOLLOWTEXT_H

/* The shell text that follow.c sends: a script of FL1 with its parameters filled in. */

#include "base/str.h"
#include "remote/follow.h"

struct followtext {
	const char *token;
	const struct follow_spec *spec;
	const char *inode; /* after a drop; NULL: from the beginning */
	int64_t offset;
	const char *since; /* "" for none */
	bool again;        /* something of it came before: complaints too */
};

/* On a channel of its own. */
void followtext_alone(const struct followtext *t, struct str *out);
/* What runs many of them on one channel, and what is sent to it for one: a line "go TOKEN"
 * of the channel's token goes behind. */
void followtext_mux(const char *token, struct str *out);
void followtext_start(const struct followtext *t, struct str *out);

#endif
