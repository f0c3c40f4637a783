#ifndef MODEL_BINDINGS_H
#define MODEL_BINDINGS_H

/* Keys an operator wants for actions, as keys.yaml has them: not yet checked against the
 * actions there are, which view/keybind does. */

#include "base/vec.h"

struct binding {
	char *action, *key; /* key NULL: the action shall have none */
	int line, col;      /* of the key, or of the empty list */
	int action_line, action_col;
};

struct bindings {
	char *path;
	VEC_OF(struct binding) list; /* those of one action stand together */
};

void bindings_free(struct bindings *b);

#endif
