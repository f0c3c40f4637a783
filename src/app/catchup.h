#ifndef APP_CATCHUP_H
#define APP_CATCHUP_H

/*
 * A practice run that is taken up again: its pretended hosts stand as they stood when it was
 * left. Every command of the record is asked for again in its order, with its text, host and
 * values, and time passes for events as it did in the record; a break between two consoles
 * does not. What looks asked for is not in the record, and changes nothing here.
 */

#include "app/spine.h"
#include "remote/sim.h"

void catchup_sim(struct session *s, struct sim *sim);

#endif
