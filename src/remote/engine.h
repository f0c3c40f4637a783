#ifndef REMOTE_ENGINE_H
#define REMOTE_ENGINE_H

/*
 * The engine of a host's containers, over channels of the host's connection that are kept
 * open: `docker system dial-stdio`, one for questions and one for events, as many as
 * CONTRACTS 1.8 has for it. It only asks (GET). Nothing is left behind on the host: the
 * command ends with its standard input. For app/boxing; hosts without it are looked at by a
 * script instead.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "remote/link.h"

struct engine;

struct engine_calls {
	/* The answer to engine_ask: status 200 and its body. */
	void (*on_answer)(void *ctx, const char *body, size_t len, int64_t took_ms);
	/* One event, a line of JSON. */
	void (*on_event)(void *ctx, const char *line, size_t len);
	/* Once, the last call: it cannot be asked (any more). `lost`: the host is away. */
	void (*on_down)(void *ctx, bool lost, const char *why);
	void *ctx;
};

/* Calls come from the loop only; every call of the engine's may follow from inside. */
struct engine *engine_new(struct link *l, const struct engine_calls *calls);
void engine_free(struct engine *g); /* no call after */
/* "/containers/json?all=1". False: the last question is not answered yet. */
bool engine_ask(struct engine *g, const char *path);
/* Begins to hear what happens to containers from `since` (seconds since 1970) on. */
void engine_hear(struct engine *g, int64_t since);
/* No channel for events now: others wait. */
void engine_hear_not(struct engine *g);

#endif
