#ifndef TESTS_GOLDEN_STAGEBACK_H
#define TESTS_GOLDEN_STAGEBACK_H

/* The way back of the restore that failed half way. */

#include "view/frame.h"

void stageback_list(struct frame *f);
void stageback_words(struct frame *f);
void stageback_stands(struct frame *f);

#endif
