#ifndef LOOP_ASKPASS_H
#define LOOP_ASKPASS_H

/*
 * Questions of ssh, ssh-keygen and ssh-add, brought into the console: they start the
 * program named by SSH_ASKPASS, which is our own binary again; it relays the question over
 * a socket in a private folder and prints the answer. Used by the system ssh transport
 * and by signing. Nothing is stored; answers are wiped.
 *
 * Question texts are raw and must never be parsed, only shown (harmless).
 *
 * In main, before anything else:  if (askpass_wanted()) return askpass_main(argc, argv);
 */

#include <stdbool.h>

#include "base/err.h"
#include "loop/loop.h"

enum askpass_kind {
	ASKPASS_SECRET,  /* a passphrase, password or code */
	ASKPASS_CONFIRM, /* yes or no: any answer is yes, NULL is no */
	ASKPASS_NOTICE,  /* nothing to answer ("touch your key"); ends by itself */
};

/* A question; `text` NULL: the one that was open is withdrawn, nobody waits for it. One at
 * a time; the next comes when this one is answered or withdrawn. Calls come from the
 * loop. */
typedef void askpass_fn(void *ctx, const char *text, enum askpass_kind kind);

struct askpass;

struct askpass *askpass_new(
	struct loop *l, askpass_fn *fn, void *ctx, struct err *e) WARN_UNUSED;
void askpass_free(struct askpass *a); /* no call after; an open question is cancelled */
/* Our environment with what the child needs to find us; lives as long as `a`. */
const char *const *askpass_env(const struct askpass *a);
const char *askpass_folder(const struct askpass *a); /* private, 0700: room for sockets */
/* To the open question; NULL cancels. No effect when there is none. */
void askpass_answer(struct askpass *a, const char *text);

/* The other end, in the binary that ssh starts. */
bool askpass_wanted(void);
int askpass_main(int argc, char **argv);

#endif
