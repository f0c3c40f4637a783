#ifndef VIEW_VIEW_PROBLEMS_H
#define VIEW_VIEW_PROBLEMS_H

/* Everything that is wrong with a file: where, what, why it matters, what to write. */

#include "model/diag.h"
#include "view/page.h"
#include "view/scene.h"

void view_problems_draw(const struct scene *sc, const struct diags *d, struct scroll *st,
	struct frame *f);

#endif
