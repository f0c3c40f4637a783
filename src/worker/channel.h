#ifndef WORKER_CHANNEL_H
#define WORKER_CHANNEL_H

/*
 * The channels of one session, commands and TCP connections made over there: opens them one at a time (libssh2 keeps the state of
 * an opening in the session), moves bytes both ways within credit, says how each ended.
 * Numbers are the console's. Other kinds (listening) are refused on their channel.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"
#include "base/wire.h"
#include "worker/sshcore.h"
#include "worker/upline.h"

enum {
	CHANNEL_LIVE_MAX = 8,
	/* Closed by the console, but their commands have not ended over there. */
	CHANNEL_GHOSTS_MAX = 32,
};

struct channel;

struct channels {
	struct sshcore *core;
	struct upline *up;
	VEC_OF(struct channel *) list;
	uint32_t highest; /* number so far */
};

/* A frame about a channel. False when it breaks the protocol: the worker ends. */
bool channels_take(struct channels *cs, const struct wire_frame *f) WARN_UNUSED;
/* Moves everything that can be moved. 0, or the error of the library that ended the
 * session. */
int channels_pump(struct channels *cs);
/* Is an answer of the host due? */
bool channels_wait(const struct channels *cs);

#endif
