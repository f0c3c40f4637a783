#ifndef BASE_STILLS_H
#define BASE_STILLS_H

/*
 * What a program for a terminal writes, as lines for a record: escape sequences go, and one
 * that draws the same screen again and again (`docker stats`: cursor home, then the lines)
 * gives one still after the other, each when it is whole and only when it differs from the
 * one before. What never draws passes at once. Bounded; knows nothing of runbooks.
 */

#include <stddef.h>

#include "base/str.h"

enum { STILLS_FRAME_BYTES = 64 * 1024 }; /* of one still; the rest of it is left out */

struct stills {
	int state;       /* where in an escape sequence */
	char params[16]; /* of it */
	size_t params_len;
	int draws; /* it has drawn */
	struct str frame, last;
};

void stills_init(struct stills *s);
void stills_feed(struct stills *s, const char *p, size_t len, struct str *out);
void stills_end(struct stills *s, struct str *out); /* the unfinished still */
void stills_release(struct stills *s);

#endif
