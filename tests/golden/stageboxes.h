#ifndef TESTS_GOLDEN_STAGEBOXES_H
#define TESTS_GOLDEN_STAGEBOXES_H

/* The scenes of the containers screen: three hosts, one of them silent; with what to watch
 * out for below, and with one container inspected. */

#include "view/frame.h"

void stageboxes_draw(struct frame *f);
void stageboxes_draw_inspect(struct frame *f);
void stageboxes_draw_none(struct frame *f);

#endif
