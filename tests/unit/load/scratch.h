#ifndef UNIT_LOAD_SCRATCH_H
#define UNIT_LOAD_SCRATCH_H

/*
 * A folder of one test case, which is the current one while it lasts, and the complaints a
 * load should leave behind.
 */

#include "model/diag.h"

extern char scratch[]; /* the folder, absolute */

/* Setup and teardown of a case. */
int scratch_enter(void **state);
int scratch_leave(void **state);
void scratch_put(const char *path, const char *text);
/* So many errors, or the case fails and says which there are. Warnings are not counted. */
void scratch_errors(const struct diags *d, int count);
/* Every line of a text as a remark of TAP. */
void scratch_say(const char *text);

#endif
