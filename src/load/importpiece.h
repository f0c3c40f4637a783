#ifndef LOAD_IMPORTPIECE_H
#define LOAD_IMPORTPIECE_H

/*
 * The pieces of a code block as lines of a step's text, and what is to be told of them.
 * importfence decides which piece goes into which step. Part of the importer.
 */

#include "load/fence.h"
#include "load/importing.h"

/* One block while it is read. */
struct importpiece {
	struct importing *g;
	const struct mdnode *n;
	int node;
	struct fence f;
	int step;    /* being filled; -1: none yet */
	bool split;  /* over several steps */
	bool fresh;  /* the step has no command yet */
	int first;   /* line of the block where the step began */
	bool *given; /* of f.vars: set in this step already */
};

/* False: there is nothing in it. To be closed in any case. */
bool importpiece_open(struct importpiece *b, struct importing *g, int node);
void importpiece_close(struct importpiece *b);
/* Line of the page for a line of the block. */
int importpiece_line(const struct importpiece *b, int line);
/* One piece into the step. */
void importpiece_add(struct importpiece *b, const struct fence_piece *p);
/* All of them, with a caption where they are no commands. */
void importpiece_add_all(struct importpiece *b);
/* Content that is put somewhere, not typed. */
bool importpiece_is_content(enum fence_kind k);
/* What an author should do about a piece, in the step. */
void importpiece_propose(const struct importpiece *b, const struct fence_piece *p);

/* A value that is a secret by the name it is given to, and no placeholder. */
bool importpiece_is_secret(const char *name, const char *value);

#endif
