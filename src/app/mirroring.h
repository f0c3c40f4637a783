#ifndef APP_MIRRORING_H
#define APP_MIRRORING_H

/*
 * The record of a session in the store of its project, share/mirror.h: told of what is
 * durable, and telling the record when the store goes and comes back. Without `store:`, or
 * for a run that is not live, there is nothing and every call does nothing.
 */

#include "app/session.h"

void mirroring_start(struct session *s);      /* journal and runbook are there */
void mirroring_event(struct session *s);      /* there are new lines on the disk */
bool mirroring_busy(const struct session *s); /* lines are on their way */
/* What has not come there, in words, or nothing. */
void mirroring_left(const struct session *s, struct str *out);
/* Into s->words: the record is well, and how far behind the store is. */
void mirroring_well(struct session *s);
void mirroring_release(struct session *s);

/* The service of a project's store, or NULL. */
const char *mirroring_service(const struct project *p);
/* Of a command: the one that is given, else the project's. NULL and ERR_INPUT: there is
 * none. */
const char *mirroring_service_for(
	const struct project *p, const char *given, struct err *e);

#endif
