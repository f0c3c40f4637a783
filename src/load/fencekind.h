#ifndef LOAD_FENCEKIND_H
#define LOAD_FENCEKIND_H

/*
 * Of what kind a code block is, by its info string and by what its lines look like: many
 * documents write `bash` over settings, crontabs and whole scripts. Only fence calls this.
 */

#include "load/fence.h"

struct fencekind {
	enum fence_kind kind;
	const char *reason; /* static */
};

/* The text is clean (no NUL, no CR). */
struct fencekind fencekind_judge(const char *info, const char *text, size_t len);
/* One line of at most FENCEKIND_LINE_BYTES - 1 bytes into `out`; where the next begins. */
enum { FENCEKIND_LINE_BYTES = 4096 };
size_t fencekind_line(const char *text, size_t len, size_t at, char *out);

#endif
