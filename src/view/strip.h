#ifndef VIEW_STRIP_H
#define VIEW_STRIP_H

/*
 * The second line of every screen: what is probed and the connections. All of them in
 * their order while they fit; else the bad ones, worst first, and how many there are of
 * each state. What does not fit is counted, never left out.
 */

#include "view/scene.h"

void strip_draw(const struct scene *s, struct frame *f);
enum style strip_style(enum vital_state s);
/* The state of a rank, 0 the worst. */
enum vital_state strip_ranked(int rank);

#endif
