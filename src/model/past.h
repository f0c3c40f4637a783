#ifndef MODEL_PAST_H
#define MODEL_PAST_H

/*
 * What earlier looks measured, for `rising:` and `falling:`: a bounded row of numbers for
 * each such test. Whoever looks again and again has one for each probe and lends it with the
 * facts (facts.past); the judge adds to it and asks it. Pure.
 */

#include <stdbool.h>
#include <stdint.h>

#include "model/verdict.h"

struct past;
struct expect_test;

struct past *past_new(void);
void past_free(struct past *p);
/* Adds the number of a test (its window is t->number) and says whether it has grown, or
 * fallen, over that time. UNKNOWN until four fifths of the window are covered. */
enum verdict past_judge(
	struct past *p, const struct expect_test *t, int64_t at_ms, double number);

#endif
