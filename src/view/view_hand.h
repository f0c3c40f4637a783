#ifndef VIEW_VIEW_HAND_H
#define VIEW_VIEW_HAND_H

/*
 * Who drives: the run offered to somebody, an offer taken, another console ended. Each shows
 * what stands, as run/drive.h sums it up. Ids of items are these.
 */

#include "run/drive.h"
#include "view/form.h"

enum { HAND_TO, HAND_WORDS, HAND_YES, HAND_BACK, HAND_CANCEL };

/* By the driver: to whom (empty: to anybody who looks on), or the offer taken back.
 * `onlookers`: their names, or "". */
void view_hand_offer(
	struct form *f, const struct run *r, const char *onlookers, struct now now);
/* By an onlooker: what is offered. */
void view_hand_accept(struct form *f, const struct run *r, struct now now);
/* By an onlooker: ends the other console, by typed words. `holder`: whose it is;
 * NULL: nobody's, it was handed to somebody else. */
void view_hand_force(
	struct form *f, const struct run *r, const char *holder, struct now now);
/* The same of one that drives on another machine, who is not ended but refused. */
void view_hand_force_far(
	struct form *f, const struct run *r, const char *holder, struct now now);
void view_hand_force_update(struct form *f, const struct run *r);

#endif
