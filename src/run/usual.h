#ifndef RUN_USUAL_H
#define RUN_USUAL_H

/*
 * How long a step usually takes, on a host, by the records of former runs: whoever reads
 * them hands over their events. Only what ended well counts. Pure.
 */

#include "event/event.h"
#include "run/request.h"

struct usual;
struct usual *usual_new(void);
void usual_free(struct usual *u);
void usual_event(struct usual *u, const struct event *ev);
/* The time in ms that pct percent of them kept to (50: the half of them), and how many
 * there were; 0: none. A NULL u knows nothing. */
int64_t usual_ms(
	const struct usual *u, const char *step, enum way way, int pct, int *count);

#endif
