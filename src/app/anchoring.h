#ifndef APP_ANCHORING_H
#define APP_ANCHORING_H

/*
 * Heads of a run held by somebody else: they go out when something is about to run, when
 * somebody has signed, when the run is closed, and every 30 s if there is something new. To
 * the operator's own `anchor: {command:}` as a line on its input; the store has every head
 * anyhow. That it is held is a fact of the run (an anchor record): after a sign-off, else
 * every 30 s at most. Nobody waits for it.
 */

#include "app/session.h"
#include "event/event.h"

void anchoring_start(struct session *s); /* journal and runbook are there */
void anchoring_event(struct session *s, const struct event *ev); /* applied */
void anchoring_batch(struct session *s); /* and so is all that was written with it */
/* The store holds this head. */
void anchoring_stored(struct session *s, int64_t seq, const char *head);
bool anchoring_busy(const struct session *s); /* a head is on its way */
/* What was not taken, in words, or nothing. */
void anchoring_left(const struct session *s, struct str *out);
void anchoring_release(struct session *s);

#endif
