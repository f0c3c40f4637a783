#ifndef TESTS_GOLDEN_STAGEPLAIN_H
#define TESTS_GOLDEN_STAGEPLAIN_H

/* The scenes that need no run. */

#include "view/frame.h"

void stageplain_welcome(struct frame *f);
void stageplain_problems(struct frame *f);
void stageplain_help(struct frame *f);
void stageplain_commands(struct frame *f);
void stageplain_commands_back(struct frame *f);
void stageplain_too_small(struct frame *f);

#endif
