#ifndef LOAD_MDSAFE_H
#define LOAD_MDSAFE_H

/*
 * Bytes of a page as text a runbook may hold: line ends become LF, a byte order mark goes,
 * and what a reader could not see (control, bidirectional and zero-width characters, NUL,
 * broken UTF-8) is written out: <U+202E>, <0xFF>. Lines keep their numbers. Pure.
 */

#include <stdbool.h>

#include "base/str.h"
#include "base/vec.h"

struct mdsafe_find {
	int line;
	unsigned cp; /* or the byte, where `byte` */
	int byte;
};

struct mdsafe {
	struct str text;
	VEC_OF(struct mdsafe_find) found; /* the first FOUND_MAX of them */
	size_t count;                     /* all of them */
};

enum { MDSAFE_FOUND_MAX = 100 };

void mdsafe_read(const char *bytes, size_t len, struct mdsafe *out);
void mdsafe_release(struct mdsafe *m);
/* One of these stand-ins, or U+FFFD, is in the text: it is not what the page means. */
bool mdsafe_shows_hidden(const char *text, size_t len);

#endif
