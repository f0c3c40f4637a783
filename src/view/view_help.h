#ifndef VIEW_VIEW_HELP_H
#define VIEW_VIEW_HELP_H

/* The keys of a place, made from the keymap: searchable, those that work now first. */

#include "view/field.h"
#include "view/page.h"
#include "view/scene.h"

struct help_state {
	struct field search;
	struct scroll scroll; /* ids: actions */
	enum keymap_place place;
};

void view_help_open(struct help_state *h, enum keymap_place place);
void view_help_release(struct help_state *h);
void view_help_draw(const struct scene *sc, struct help_state *h,
	const struct keymap_can *can, struct frame *f);

#endif
