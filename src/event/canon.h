#ifndef EVENT_CANON_H
#define EVENT_CANON_H

/*
 * Strict scanner of the journal's canonical JSON (handrail-journal(5)): the one
 * spelling that jsonout writes, every other spelling of the same value is refused. Builds
 * nothing. It does not check UTF-8: the caller does, before it or, where `high` says that
 * there is something to check, after it.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
	CANON_DEPTH = 32,
	CANON_MEMBERS = 1024, /* of one object: duplicates are looked for pairwise */
};

struct canon {
	const char *at, *end; /* `at` stands on the byte that is wrong after a failure */
	const char *wrong;    /* static words; NULL while all is well */
	bool high;            /* a string may hold bytes beyond ASCII: check them */
};

/* Each moves `at` behind what it read; false sets `wrong`. */
bool canon_mismatch(struct canon *c, const char *text); /* where text is not: false */
/* Here, so that its length is known where it is called. */
static inline bool
canon_literal(struct canon *c, const char *text)
{
	size_t len = strlen(text);

	if ((size_t)(c->end - c->at) < len || memcmp(c->at, text, len) != 0)
		return canon_mismatch(c, text);
	c->at += len;
	return true;
}
/* |n| <= 2^53-1, no sign on zero, no leading zero. */
bool canon_int(struct canon *c, int64_t *out);
/* A string; start and len are the bytes between the quotes, still escaped. */
bool canon_string(struct canon *c, const char **start, size_t *len);
/* An object whose own keys are [a-z0-9_]+; those of nested objects may be any text. */
bool canon_object(struct canon *c);
/* Takes the escapes out of what canon_string gave. NULL when it holds a NUL. */
char *canon_unescape(const char *start, size_t len);

#endif
