#ifndef TESTS_GOLDEN_STAGEAUDIT_H
#define TESTS_GOLDEN_STAGEAUDIT_H

/* The audit screen of the golden frames: the list, a record of the real engine, a bad one. */

#include "view/frame.h"

void stageaudit_list(struct frame *f);
void stageaudit_record(struct frame *f);
void stageaudit_bad(struct frame *f);
void stageaudit_replay(struct frame *f);

#endif
