#ifndef UI_PAINT_H
#define UI_PAINT_H

/* Frames to curses: only cells that changed since the last frame are touched. */

#include "ui/palette.h"
#include "view/frame.h"

struct paint {
	struct palette palette;
	struct frame last;
	bool whole; /* the last frame counts for nothing */
	bool plain; /* the locale knows no UTF-8: ? for the rest */
};

void paint_frame(struct paint *p, const struct frame *f); /* ends with doupdate */
void paint_forget(struct paint *p);
void paint_release(struct paint *p);

#endif
