#ifndef REMOTE_FOLLOWMUX_H
#define REMOTE_FOLLOWMUX_H

/*
 * All followers of one link on one channel: a host gives few channels, and fifty logs need
 * one. Over there they take turns with pieces of bounded size, so that one that floods
 * keeps nobody waiting; here the token at the end of each line says whose it is. On a host
 * whose shell cannot do that each follower has a channel of its own. Begins with the first
 * follower that wants to, ends with the last; when the channel breaks, every follower is
 * told and comes again by its own back-off.
 */

#include "remote/link.h"

/* ALONE: never share; for tests, and what a host without /proc comes down to. */
enum followmux_how { FOLLOWMUX_SHARED, FOLLOWMUX_ALONE };

struct followmux;

struct followmux *followmux_new(struct link *l, enum followmux_how how);
/* After its followers. */
void followmux_free(struct followmux *m);

#endif
