#ifndef SHARE_INBOX_H
#define SHARE_INBOX_H

/*
 * Letters to the console that drives a run, out of the store (store.sql, version 3): given to
 * it one after the other, in the order in which they came, the next one when that one is
 * answered. A letter that was answered, also by an earlier console, is not given again. A
 * store that is away, or older, changes nothing. Knows nothing of what a letter says.
 */

#include "base/clock.h"
#include "remote/http.h"

struct inbox;

struct inbox_letter {
	const char *id, *con, *who, *kind; /* who: as the sender calls itself */
	const char *login, *own_login;     /* whom the store let in: the sender, and us */
	const char *body;
	size_t len;
	struct wall sent; /* by the clock of the store */
};

struct inbox_opts {
	struct loop *loop;
	struct http *http;
	const char *service, *run, *con; /* con: that drives, as its lease has it */
	void (*on_letter)(void *ctx, const struct inbox_letter *l);
	void *ctx;
};

struct inbox *inbox_new(const struct inbox_opts *o);
/* To the letter that was given last: the record it became, or -1 and why. */
void inbox_answer(struct inbox *b, int64_t seq, const char *why);
bool inbox_busy(const struct inbox *b); /* an answer is still to be told, and can be */
void inbox_free(struct inbox *b);       /* no call after */

#endif
