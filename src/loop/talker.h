#ifndef LOOP_TALKER_H
#define LOOP_TALKER_H

/*
 * One conversation in frames of base/talk.h over a socket of loop/meet.h. It never waits: what
 * the other side does not take stays here, and whoever fills it asks talker_waiting first, so
 * that a slow reader costs bounded memory and nobody's time. Calls come from the loop.
 */

#include "base/talk.h"
#include "loop/loop.h"

struct talker;

struct talker_calls {
	void (*on_frame)(void *ctx, const struct talk_frame *f);
	/* Room again: less than `low` bytes wait. */
	void (*on_room)(void *ctx);
	/* Once; it is over: the other side went, or does not speak as we do (`why`). Only
	 * talker_free is left. */
	void (*on_end)(void *ctx, const char *why);
	void *ctx;
};

enum { TALKER_LOW = 64 * 1024 };

/* Takes the descriptor. `side`: which side we are. */
struct talker *talker_new(struct loop *l, int fd_take, enum talk_side side,
	const struct talker_calls *calls);
void talker_free(struct talker *t); /* also from its own calls; nothing more comes */
/* To be filled with talk_add…, then talker_send. */
struct str *talker_out(struct talker *t);
void talker_send(struct talker *t);
size_t talker_waiting(const struct talker *t); /* bytes not yet taken by the kernel */

#endif
