#ifndef REMOTE_SUDO_H
#define REMOTE_SUDO_H

/*
 * Is this password the one sudo wants on a target? Asked before a script goes there, with
 * one attempt only: a wrong one must not eat the script's lines as further passwords. The
 * password goes to standard input and nowhere else.
 */

#include "remote/link.h"

enum sudo_verdict {
	SUDO_FINE,
	SUDO_WRONG,   /* ask again */
	SUDO_REFUSED, /* not allowed, or no sudo there: `why` has its words */
	SUDO_LOST,    /* the link went */
};

typedef void sudo_fn(void *ctx, enum sudo_verdict verdict, const char *why);

struct sudo;
/* `as` must be an account name (hr1_command checks it): else NULL. */
struct sudo *sudo_start(
	struct link *l, const char *as, const char *password, sudo_fn *fn, void *ctx);
void sudo_free(struct sudo *s); /* no call after; also from the call */

/* Standard error of `sudo -n`: it wants a password. */
bool sudo_wants_password(const char *err);

#endif
