#ifndef RUN_INPUTS_H
#define RUN_INPUTS_H

/*
 * Inputs: which values fit, where one is used, and what changing it within a run would mean.
 * A multi value is its items with commas between them, no blanks. Pure.
 */

#include "base/str.h"
#include "run/run.h"

/* By type, pattern and written choices. ERR_INPUT names the input and what it must be; a
 * secret's value is never in it. */
bool inputs_fit(const struct input *in, const char *value, struct err *e) WARN_UNUSED;
/* Is `item` one of a multi value? */
bool inputs_has_item(const char *value, const char *item);
/* Does a text name the value, as $name or ${name}? */
bool inputs_named(const char *text, const char *name);
/* May it get another value now? ERR_REFUSED: a step is half way with it, or its way back
 * needs the value it ran with. */
bool inputs_may_change(const struct run *r, int input, struct err *e) WARN_UNUSED;
/* "3, 5.1": the steps that ran with its value, and those whose `when` it decides. */
void inputs_ran_with(const struct run *r, int input, struct str *out);
/* Adds "tag is v2 now; step 3 ran with what it was, and stays as it is.", on a line of its own;
 * nothing where it has that value, or nothing ran with the old one. */
void inputs_changed(const struct run *r, int input, const char *value, struct str *out);
void inputs_decides(const struct run *r, int input, struct str *out);

#endif
