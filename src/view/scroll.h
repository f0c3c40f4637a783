#ifndef VIEW_SCROLL_H
#define VIEW_SCROLL_H

/*
 * Where a list or a text stands: the first line shown and the selection. The selection is
 * bound to an id, never to a row number: when the rows change under it, it stays with its
 * object, and when that is gone it is nothing until the person moves. Every list and every
 * page uses this one.
 */

#include <stdbool.h>

#include "base/vec.h"

enum { SCROLL_NOTHING = -1 };

struct scroll {
	VEC_OF(int) ids; /* of the lines last drawn; SCROLL_NOTHING: cannot be selected */
	int id;          /* selected; SCROLL_NOTHING: none */
	int top;         /* first line shown */
	int height;      /* lines of the place it was last drawn in */
	bool tail;       /* stays at the end while lines are added */
	bool free;       /* the person scrolled: the selection need not be in sight */
};

enum scroll_step {
	SCROLL_UP,
	SCROLL_DOWN,
	SCROLL_HALF_UP,
	SCROLL_HALF_DOWN,
	SCROLL_PAGE_UP,
	SCROLL_PAGE_DOWN,
	SCROLL_FIRST,
	SCROLL_LAST,
};

void scroll_release(struct scroll *s);
/* The lines as they are now, before drawing; keeps the selection's line in sight. */
void scroll_begin(struct scroll *s, int height);
void scroll_line(struct scroll *s, int id);
void scroll_end(struct scroll *s);

void scroll_select(struct scroll *s, int id); /* and bring it into sight */
/* Selects the first line that can be selected, when nothing is. */
void scroll_default(struct scroll *s);
/* Moves the selection over lines with an id; where there is none, the text. */
void scroll_move(struct scroll *s, enum scroll_step step);
/* Moves the text alone. */
void scroll_text(struct scroll *s, enum scroll_step step);
int scroll_find(const struct scroll *s, int id); /* its first line, or SCROLL_NOTHING */
/* The next line after (forward) or before the selection whose id `matches`; selects it. */
typedef bool scroll_match(const void *ctx, int id);
bool scroll_search(
	struct scroll *s, bool forward, scroll_match *matches, const void *ctx);

#endif
