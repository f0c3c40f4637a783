#ifndef SHARE_STORELINK_H
#define SHARE_STORELINK_H

/*
 * A connection to the store that is made again whenever it goes, later and later, for whoever
 * asks it one thing at a time and hears what is said on its channel. Never blocks; a store
 * that is away, empty, too new or too old is a state, with words.
 */

#include "base/clock.h"
#include "remote/http.h"
#include "remote/pgkeep.h"

struct storelink;

struct storelink_opts {
	struct loop *loop;
	struct http *http;
	const char *service; /* of pg_service.conf */
	int needs;           /* the oldest version of the store that will do */
	/* It can be asked. */
	void (*on_up)(void *ctx);
	/* It went, or a try came to nothing: storelink_why. What was asked may have been done.
	 * Not called again for the same words. */
	void (*on_down)(void *ctx);
	/* Somebody said "WORD RUN"; what is asked about it may be asked at once. */
	void (*on_said)(void *ctx, const char *word, const char *run);
	void *ctx;
};

struct storelink *storelink_new(const struct storelink_opts *o);
void storelink_free(struct storelink *l); /* no call after */
bool storelink_is_up(const struct storelink *l);
bool storelink_is_free(const struct storelink *l); /* up, and nothing is asked */
int storelink_version(const struct storelink *l);  /* of the store; 0: never known */
/* Of one that is not up: why, and since when ("" and when it was made: not asked yet). */
const char *storelink_why(const struct storelink *l);
struct mono storelink_since(const struct storelink *l);
/* When it is free. An answer that is an error comes as one; whoever can do nothing with it
 * says storelink_again. Not after storelink_free. */
void storelink_ask(struct storelink *l, const char *sql,
	const struct pgkeep_value *values, int count, pgkeep_fn *fn, void *ctx);
/* That answer will not do: the connection is made anew, later. */
void storelink_again(struct storelink *l, const struct pgkeep_answer *a);

#endif
