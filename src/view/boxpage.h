#ifndef VIEW_BOXPAGE_H
#define VIEW_BOXPAGE_H

/* All about one container, for the pane below the list: no value of its environment is known
 * here, only names. */

#include "live/boxes.h"
#include "view/page.h"

void boxpage_of(const struct frame *f, const struct boxes_host *h, const struct box *b,
	struct now now, struct page *p);

#endif
