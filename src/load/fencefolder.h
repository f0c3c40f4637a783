#ifndef LOAD_FENCEFOLDER_H
#define LOAD_FENCEFOLDER_H

/*
 * Which folder the lines of a code block run in: a block is one shell, its `cd` carries
 * over. And the body a line writes into a file, read as a block of its own. Only
 * fencecommand calls this.
 */

#include "load/fencecommand.h"
#include "model/shellwords.h"

/* Follows every cd of the line that is in no subshell; also `set -o pipefail`. */
void fencefolder_follow(
	struct fencecommand *c, struct fence_piece *p, const struct shell_words *w);
/* The content of `file`; a block of its own, the caller frees it. */
struct fence *fencefolder_content(
	const char *file, const char *body, const struct danger_tables *tables);

#endif
