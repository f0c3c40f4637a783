#ifndef REMOTE_KEYRING_H
#define REMOTE_KEYRING_H

/*
 * Keys that a passphrase opens, for one run: each is asked for once and decrypted once,
 * however many hosts take it. ssh-add decrypts it into an ssh-agent of our own, which
 * listens in a private folder and forgets everything when the ring goes; the passphrase
 * is never kept, and neither it nor the key reaches a worker. Links wish for a key; the
 * first of them is the one that asks the operator.
 */

#include <stdbool.h>

#include "base/err.h"
#include "loop/loop.h"

enum keyring_end {
	KEYRING_OPEN,      /* the agent has it */
	KEYRING_WRONG,     /* the passphrase was wrong three times */
	KEYRING_CANCELLED, /* the operator gave none */
	KEYRING_BROKEN,    /* `why` says what is wrong with key or tools */
};

struct keyring_calls {
	/* To be answered by keyring_answer; `text` is of ssh-add, raw. */
	void (*on_ask)(void *ctx, const char *text);
	/* The last call of a wish, which is freed then. */
	void (*on_end)(void *ctx, enum keyring_end end, const char *why);
	void *ctx;
};

struct keyring;
struct keyring_wish;

/* ERR_IO, ERR_LIMIT: no private folder can be made. */
struct keyring *keyring_new(struct loop *l, struct err *e) WARN_UNUSED;
void keyring_free(struct keyring *k); /* after its wishes */
/* Where the agent listens once a key was unlocked. */
const char *keyring_socket(const struct keyring *k);
/* Calls come from the loop. */
struct keyring_wish *keyring_unlock(
	struct keyring *k, const char *path, const struct keyring_calls *calls);
/* NULL cancels for everybody who waits for this key. */
void keyring_answer(struct keyring_wish *w, const char *text);
void keyring_wish_free(struct keyring_wish *w); /* no call after */

#endif
