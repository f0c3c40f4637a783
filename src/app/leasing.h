#ifndef APP_LEASING_H
#define APP_LEASING_H

/*
 * That this session drives its run, in the store of its project (share/lease.h): taken with
 * the first line that is written, given back at the end; and the end of driving when another
 * console has taken the run. Without a store every call does nothing.
 */

#include "app/session.h"

void leasing_event(struct session *s); /* there are new lines on the disk */
/* It is not sure any more that we drive: nothing is decided before the store has said so, or
 * for 2 s. Then the pump goes on by itself. */
bool leasing_doubts(struct session *s);
/* Somebody else drives, says the store. */
void leasing_lost(struct session *s, const char *why);
void leasing_leave(struct session *s);
bool leasing_busy(const struct session *s);
void leasing_release(struct session *s);

/* What was taken in the store before its session began: "EPOCH CON" in the folder of the run.
 * Whoever goes on there is that console. */
bool leasing_note(
	const char *run_dir, int64_t epoch, const char *con, struct err *e) WARN_UNUSED;
int64_t leasing_noted(struct session *s); /* sets s->con; 0: there is none */
void leasing_unnote(const char *run_dir);

#endif
