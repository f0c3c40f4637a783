#ifndef VIEW_VIEW_DUE_H
#define VIEW_VIEW_DUE_H

/* The pane of Home that says what is owed: the oldest first, and whether anybody watches. */

#include "view/page.h"
#include "view/scene.h"

struct due_row {
	const char *id, *title; /* id "7KQ2.14"; of a review NULL */
	const char *runbook, *environment, *role, *every; /* may be NULL */
	struct wall due;
	bool probes; /* a probe settles it alone */
	bool bad;    /* and was not good when it was asked last */
	bool walked; /* a run that closes it is open */
	bool drill;  /* no review: it was practised too long ago */
};

struct due_scene {
	const struct due_row *rows;
	size_t len;
	const char *watched; /* "watched: ..." or "not watched: ..."; may be NULL */
	bool is_watched;
};

/* Rows of the screen it wants, borders included, with no more than `most`; 0: nothing is
 * owed. */
int view_due_rows(const struct due_scene *d, enum scene_size size, int most);
void view_due_draw(const struct scene *sc, const struct due_scene *d,
	const struct page_draw *at, struct frame *f);
size_t view_due_late(const struct due_scene *d, struct wall now);

#endif
