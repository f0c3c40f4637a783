#ifndef LOAD_IMPORTOUTLINE_H
#define LOAD_IMPORTOUTLINE_H

/*
 * The parts of a page: what stands between one heading, or bold label, and the next, and
 * what each part is called. A heading with nothing but further headings below it lends
 * them its words where that stays short ("Security: SSL/TLS"); where it does not, each of
 * them is part of it. It makes no section of its own, which would hold nothing. Part of the
 * importer; decides nothing about blocks.
 */

#include <stdbool.h>

#include "base/vec.h"
#include "load/importlabel.h"
#include "load/mdtree.h"

struct importpart {
	int heading; /* node; -1: what stands before the first one */
	int level;   /* 1 to 6; 7 for a label */
	enum importlabel role;
	int first, end; /* blocks of the document: nodes, `end` (or -1) excluded */
	int parent;     /* index of the part above; -1 */
	bool empty;     /* no blocks but rules */
	bool group;     /* empty, with parts below */
	bool folded;    /* its words stand in the titles of those */
	bool page;      /* the title of the page */
	int section;    /* draft step, kept here by the reader; -1: none */
};

struct importoutline {
	VEC_OF(struct importpart) parts;
};

void importoutline_read(const struct mdtree *t, struct importoutline *out);
void importoutline_release(struct importoutline *o);
/* The whole title of a part, on one line. Caller frees. */
char *importoutline_title(
	const struct mdtree *t, const struct importoutline *o, int part);
/* What a part is part of when its title does not say it; NULL: nothing. Caller frees. */
char *importoutline_group(
	const struct mdtree *t, const struct importoutline *o, int part);
/* A paragraph of nothing but a bold label. */
bool importoutline_is_label(const struct mdtree *t, int node);

#endif
