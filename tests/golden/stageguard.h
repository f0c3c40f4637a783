#ifndef TESTS_GOLDEN_STAGEGUARD_H
#define TESTS_GOLDEN_STAGEGUARD_H

/* What stands before an act in production. */

#include "view/frame.h"

void stageguard_arm(struct frame *f);
void stageguard_observing(struct frame *f);
void stageguard_armed(struct frame *f);
void stageguard_second(struct frame *f);
void stageguard_sign(struct frame *f);
void stageguard_choose(struct frame *f);
void stageguard_input(struct frame *f);
void stageguard_inputs(struct frame *f);
void stageguard_redline(struct frame *f);

#endif
