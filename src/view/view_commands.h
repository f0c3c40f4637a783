#ifndef VIEW_VIEW_COMMANDS_H
#define VIEW_VIEW_COMMANDS_H

/*
 * All commands of a place, found by typing: what can be done now with its key, and below
 * what cannot, with the reason. Made from the keymap and from what is denied now, as the
 * footer and the help are. The console does the marked one; nothing is run from here.
 */

#include "view/field.h"
#include "view/page.h"
#include "view/scene.h"

struct commands_state {
	struct field search;
	struct scroll scroll; /* ids: actions */
	enum keymap_place place;
};

void view_commands_open(struct commands_state *st, enum keymap_place place);
void view_commands_release(struct commands_state *st);
/* Every word of what is typed must stand in its name, help or keys. */
bool view_commands_wants(
	const struct scene *sc, const struct commands_state *st, enum action a);
/* The marked one; before anything was marked the first that is wanted, those that can be
 * done now before the others. ACTION_NONE: none is. */
enum action view_commands_marked(const struct scene *sc, const struct commands_state *st,
	const struct keymap_can *can);
void view_commands_draw(const struct scene *sc, struct commands_state *st,
	const struct keymap_can *can, struct frame *f);

#endif
