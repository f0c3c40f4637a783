#ifndef TESTS_GOLDEN_STAGELOGS_H
#define TESTS_GOLDEN_STAGELOGS_H

/* The scenes of the logs screen: three sources, one of them dead; followed, and paused. */

#include "view/frame.h"

void stagelogs_draw(struct frame *f);
void stagelogs_draw_paused(struct frame *f);

#endif
