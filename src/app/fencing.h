#ifndef APP_FENCING_H
#define APP_FENCING_H

/*
 * A run that was taken from a console elsewhere: every host of its commands hears of the new
 * driver at once, so that the old one starts nothing there any more, and tells its jobs. A job
 * that the record does not know, and a host where somebody newer has been, hold the run.
 */

#include "app/session.h"

void fencing_start(struct session *s);
bool fencing_busy(const struct session *s); /* hosts that answer have not done so yet */
/* ", 1 of 3 hosts know this driver" while that is so; else nothing. */
void fencing_words(const struct session *s, struct str *out);
void fencing_release(struct session *s);

#endif
