#ifndef APP_PLAINARM_H
#define APP_PLAINARM_H

/*
 * In the line mode a run in production is armed (run/armed.h) before the first thing that
 * acts: by the person, who types the name of the environment; where answers speak or nobody
 * is there, by the command itself, if it named that environment. Either is on record.
 */

#include "app/plain.h"
#include "app/session.h"

/* Before q is asked of the engine. False: it is not armed, and q must not be asked; e says
 * why. */
bool plainarm_before(struct session *s, const struct plain_opts *o,
	const struct request *q, struct err *e) WARN_UNUSED;

#endif
