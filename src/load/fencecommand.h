#ifndef LOAD_FENCECOMMAND_H
#define LOAD_FENCECOMMAND_H

/*
 * What one logical command line would do and leave behind: its flags, danger hits and
 * proposals, the folder and variables it hands on to the next. Only fence calls this, once
 * per line in the order of the block.
 */

#include "load/fence.h"

/* What goes from line to line. */
struct fencecommand {
	const struct danger_tables *tables;
	struct fence *fence; /* takes the variables */
	char *dir;           /* NULL: the first folder */
	bool lost;           /* the folder cannot be told */
	bool pipefail;       /* was set by a line before */
};

enum { FENCECOMMAND_MAX_BYTES = 32768 }; /* a longer one is not looked at */

/* Fills the piece by its text: kind COMMAND, CRON or CONTENT. One that only assigns
 * becomes a SETTING. */
void fencecommand_read(struct fencecommand *c, struct fence_piece *p);
void fencecommand_release(struct fencecommand *c);
/* A new piece; the address holds until the next one. */
struct fence_piece *fencecommand_add(
	struct fence *f, enum fence_piece_kind kind, int first, int last);
/* text_take may be NULL. */
void fencecommand_propose(
	struct fence_piece *p, enum fence_proposal_id id, char *text_take);

#endif
