#ifndef RUN_TRIED_H
#define RUN_TRIED_H

/* The attempts of a leg before the one that counts, for the account of a run. Pure. */

#include "run/run.h"

/* Another attempt begins: the one so far, if any, becomes the last of `tried`. undone: what it
 * did was taken back. */
void tried_keep(struct leg_run *lr, bool undone);
void tried_release(struct leg_run *lr);
void tried_rows_release(struct judged_rows *rows);

#endif
