#ifndef REMOTE_AGENTLIST_H
#define REMOTE_AGENTLIST_H

/*
 * Asks an ssh-agent which keys it has, without a process for it: fifty hosts ask fifty
 * times. The reply is handed on unread. Never asks it to sign or to change anything.
 */

#include <stddef.h>

#include "loop/loop.h"

/* Called once, from the loop; an agent that is not there, silent or too wordy has said
 * nothing (len 0). */
typedef void agentlist_fn(void *ctx, const char *reply, size_t len);
struct agentlist;
struct agentlist *agentlist_start(
	struct loop *l, const char *socket, agentlist_fn *fn, void *ctx);
void agentlist_free(struct agentlist *a); /* no call after */

#endif
