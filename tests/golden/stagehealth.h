#ifndef TESTS_GOLDEN_STAGEHEALTH_H
#define TESTS_GOLDEN_STAGEHEALTH_H

/* The scenes of the health screen: a board that heard a day of looks. */

#include "view/frame.h"

void stagehealth_good(struct frame *f);
void stagehealth_mixed(struct frame *f);
void stagehealth_dead(struct frame *f);
void stagehealth_quiet(struct frame *f);
void stagehealth_table(struct frame *f);
void stagehealth_details(struct frame *f);

#endif
