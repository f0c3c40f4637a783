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
};

void followtext_request(const struct followtext *t, struct str *out);

#endif
