#ifndef RUN_DRIVE_H
#define RUN_DRIVE_H

/*
 * Several people at one run: only one drives, the others look on. What an onlooker may ask of
 * the driver, and what is told to whoever takes the run over. Pure.
 */

#include "run/run.h"

/* Whoever put the run on hold may end that; an onlooker nobody else's. */
bool drive_may_go(const struct run *r, const char *who, struct err *e) WARN_UNUSED;
/* The run is offered, and to this one. */
bool drive_may_accept(const struct run *r, const char *who, struct err *e) WARN_UNUSED;
/* It is nobody's, or it was let go of for this one; ERR_REFUSED: for somebody else, and who
 * takes it all the same types drive_phrase. */
bool drive_may_take(const struct run *r, const char *who, const char *typed,
	struct err *e) WARN_UNUSED;
/* "take over 7KR4": the words that end another console. Caller frees. */
char *drive_phrase(const struct run *r);

/* What stands, for a hand-over: done, running, unknown, failed, skipped (why), owed, held,
 * last notes, and what is next. Lines of text, each "word: …", the last without a newline. */
void drive_summary(const struct run *r, struct wall now, struct str *out);

#endif
