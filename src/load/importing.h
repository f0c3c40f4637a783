#ifndef LOAD_IMPORTING_H
#define LOAD_IMPORTING_H

/*
 * What the files of the importer share while one page becomes a draft: the tree, the draft
 * being filled, the account of lines, and where on the page we are. Not for callers of
 * import.h.
 */

#include "load/draft.h"
#include "load/import.h"
#include "load/importlabel.h"
#include "load/mdtree.h"
#include "model/danger.h"

struct importing {
	const struct mdtree *t;
	struct draft *d;
	struct import *im;
	const struct danger_tables *tables;
	unsigned said; /* proposals made once for the page, as bits */
	bool reviewed; /* the page has said when it was reviewed, not only changed */
	bool boxes;    /* the page has task items: plain bullets are remarks then */

	/* The part of the page that is being read. */
	enum importlabel role; /* of its heading or of the last label */
	char *title;           /* of its section; NULL: before the first one */
	char *part_of;         /* a heading above that makes no section; NULL */
	int heading;           /* node of the heading or label; -1: none */
	int section;           /* draft step, once it is there; -1 */
	int last;              /* last step of this part; -1 */
	struct str why;        /* paragraphs before the first step */
	int why_line;
	char *lead; /* "Use with:", said before a list or a code block; NULL */
	int lead_line;
};

/* ---- the account of lines ------------------------------------------------------------ */

/* A line that has no entry yet gets this one. */
void importing_mark(struct importing *g, int line, enum import_how how, const char *fmt,
	...) PRINTF_LIKE(4, 5);
/* All lines of a block that belong to it or to what it holds. */
void importing_mark_block(struct importing *g, int node, enum import_how how,
	const char *fmt, ...) PRINTF_LIKE(4, 5);
/* Forgets what was said of these lines: those who know better speak now. */
void importing_unmark_block(struct importing *g, int node);
void importing_note(struct importing *g, int line, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

/* ---- steps ----------------------------------------------------------------------------- */

/* A step of the part; its section comes before it if it is not there yet. The first step
 * takes what was said before it. */
int importing_step(struct importing *g, enum step_kind kind, char *title_take, int line,
	enum draft_source source);
void importing_section(struct importing *g);
static inline const struct mdnode *
importing_node(const struct importing *g, int node)
{
	return &g->t->nodes.list.at[node];
}

#endif
