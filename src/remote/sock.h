#ifndef REMOTE_SOCK_H
#define REMOTE_SOCK_H

/*
 * A connected descriptor as a stream of bytes on the loop, in TLS or plain. In TLS it tells
 * what certificate was shown; one that does not hold ends it, unless it is only looked at. It
 * has no deadline of its own: who opens it has. For the tls and redis probes.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"
#include "loop/loop.h"

enum sock_mode {
	SOCK_PLAIN,
	SOCK_TLS,     /* verified by `name` */
	SOCK_TLS_LOOK /* any certificate and any old protocol: to tell what they are */
};

struct sock_opts {
	struct loop *loop;
	int fd; /* taken, also when sock_new fails */
	enum sock_mode mode;
	const char *name; /* of the server; an address too */
	const char *ca, *cert,
		*key; /* files; NULL: the system's trust, no own certificate */
};

struct sock_cert {
	double days_left; /* of what ends first in the chain that was sent; may be negative */
	struct str issuer, names; /* names: one per line */
	const char *protocol;     /* "TLSv1.3" */
	const char *chain;        /* "ok", or why it does not hold */
};

struct sock_calls {
	/* Once, first. cert is NULL when plain. */
	void (*on_ready)(void *ctx, const struct sock_cert *cert);
	void (*on_data)(void *ctx, const char *p, size_t len);
	void (*on_end)(
		void *ctx, const char *why); /* once, last; why "" when it just closed */
	void *ctx;
};

struct sock;
struct sock *sock_new(const struct sock_opts *o, const struct sock_calls *calls,
	struct err *e) WARN_UNUSED;
void sock_write(struct sock *s, const void *p, size_t len); /* after on_ready */
void sock_free(struct sock *s);                             /* no call after */

#endif
