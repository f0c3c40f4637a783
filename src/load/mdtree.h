#ifndef LOAD_MDTREE_H
#define LOAD_MDTREE_H

/*
 * A Markdown document as a tree of blocks in which every block knows its lines, and every
 * line the block it belongs to. Made by md4c with tables, task items and strike-through;
 * the parser hands out no line numbers, so they are told from where its texts stand in the
 * buffer. Marks of emphasis and links are gone from the texts and kept beside them as
 * spans. Only the importer calls this. It decides nothing about what a block means.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"
#include "base/vec.h"

enum mdtree_kind {
	MDTREE_DOCUMENT,
	MDTREE_QUOTE,
	MDTREE_LIST, /* level: 1 ordered, 0 not */
	MDTREE_ITEM, /* level: its number in an ordered list, else 0 */
	MDTREE_HEADING,
	MDTREE_PARAGRAPH, /* also the bare text of an item */
	MDTREE_CODE,
	MDTREE_HTML,
	MDTREE_RULE,
	MDTREE_TABLE,
	MDTREE_ROW, /* level: 1 in the head */
	MDTREE_CELL
};

enum mdspan_kind {
	MDSPAN_STRONG,
	MDSPAN_CODE,
	MDSPAN_LINK,
	MDSPAN_IMAGE,
	MDSPAN_COMMENT /* of HTML, left out of the text: from == to */
};

struct mdspan {
	enum mdspan_kind kind;
	size_t from, to; /* bytes of the node's text */
	char *href;      /* links and images */
};

struct mdnode {
	enum mdtree_kind kind;
	int parent, first, last, next; /* indices; -1: none */
	int line, end;                 /* from 1, both inclusive; 0: nowhere */
	int level;
	char mark;   /* of a task item: ' ' or 'x'; 0: no task */
	bool fenced; /* code between fences */
	char *info;  /* of a fence: "bash", or "" */
	char *text;  /* of headings, paragraphs, cells, code, HTML; never NULL there */
	size_t len;
	VEC_OF(struct mdspan) spans;
};

struct mdtree {
	struct {
		VEC_OF(struct mdnode) list;
	} nodes;          /* [0] is the document */
	int lines;        /* how many */
	int *owner;       /* of each line, from 1: node, or -1 for a blank one */
	size_t *line_at;  /* where each line begins in the buffer, from 1 */
	const char *text; /* the buffer, borrowed */
	size_t len;
};

/* `text` must be valid UTF-8 and outlive the tree. The first `skip` lines (front matter)
 * are no part of the document; they belong to no node. */
bool mdtree_parse(const char *text, size_t len, int skip, struct mdtree *out,
	struct err *e) WARN_UNUSED;
void mdtree_release(struct mdtree *t);
/* The bytes of a line without its break. */
const char *mdtree_line(const struct mdtree *t, int line, size_t *len);
/* It holds a text and no other blocks. */
bool mdtree_is_leaf(enum mdtree_kind k);
/* Next node in document order below `root`, or -1. */
int mdtree_after(const struct mdtree *t, int root, int node);

#endif
