#ifndef REMOTE_TRANSPORT_H
#define REMOTE_TRANSPORT_H

/*
 * One connection to one target, behind one vtable: `libssh2` (worker_link.c), `openssh`
 * and `local`. A transport is mechanism only: it logs in once, carries exec channels and
 * says what happens. When to connect, what to queue, whether to try again and every word
 * shown to the operator are the link's (link.c), the only user of this header.
 *
 * Life: open -> (on_prompt -> answer)* -> (on_key -> key_answer)? -> on_ready ->
 * exec/write/eof/close at will -> free. Rules that make it safe:
 *   - no event comes from inside a call of the vtable: events come from the loop only;
 *   - the link never calls free from inside an event; every other call it may;
 *   - on_fault is the last event of a transport, at any time after open, at most once. All
 *     channels are gone then, without an on_closed each;
 *   - after close(channel) no event names that channel; after free there is none at all;
 *   - channel numbers are chosen by the link, count up and are never used twice;
 *   - answer(NULL) cancels: on_fault(CANCELLED) follows. It answers on_prompt and
 *     on_unlock, and ends the waiting that on_notice told of.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "loop/loop.h"
#include "remote/knownhost.h"
#include "remote/link.h"
#include "remote/sshconf.h"

enum { TRANSPORT_NO_CHANNEL = -2 };
enum transport_stream { TRANSPORT_OUT, TRANSPORT_ERR };

/* How a login went, for `doctor` and the host page; empty strings where not known. */
struct transport_ready {
	const char *kex, *cipher, *mac, *key; /* algorithm names */
	const char *hostkey;                  /* "SHA256:...", NULL when not known */
};

struct transport_events {
	/* The server showed this key (raw blob). Nothing but key exchange has happened; the
	 * transport authenticates only after key_answer(OK). A transport that checks host
	 * keys itself as strictly as ssh does never sends this. */
	void (*on_key)(void *ctx, const char *type, const void *blob, size_t len);
	/* Raw text of the server or the tool; the link makes it harmless. One at a time. */
	void (*on_prompt)(void *ctx, const char *text, bool echo);
	/* The host takes the key of this identity file, which a passphrase opens. answer("")
	 * says that the agent at transport_opts.keeper has it now. */
	void (*on_unlock)(void *ctx, const char *path);
	/* It waits for a person at the agent or the key itself: raw words of what for; NULL
	 * when that is over. */
	void (*on_notice)(void *ctx, const char *text);
	void (*on_ready)(void *ctx, const struct transport_ready *r);
	/* The connection is over, or never came about. `text` is raw detail, may be "". */
	void (*on_fault)(void *ctx, enum link_fault fault, const char *text);
	void (*on_data)(void *ctx, uint32_t channel, enum transport_stream stream,
		const char *p, size_t len);
	/* One channel ended or could not be opened (`why` not NULL: raw words). `exit` is
	 * what the far side claimed, -1 when it claimed nothing, TRANSPORT_NO_CHANNEL when
	 * the host gave no channel: nothing of the command can have run. */
	void (*on_closed)(void *ctx, uint32_t channel, int exit, const char *why);
	void *ctx;
	/* A connection (tcp) was made over there; may be NULL. */
	void (*on_opened)(void *ctx, uint32_t channel);
};

struct transport_opts {
	struct loop *loop;
	const char *target;         /* the alias, for words */
	const struct sshconf *conf; /* facts of ssh -G; NULL for `local` */
	const struct knownhosts
		*known;             /* what ssh-keygen -F knows of it; NULL for `local` */
	const char *keeper;         /* socket of the run's own agent (keyring.h) */
	int64_t connect_timeout_ms; /* until on_ready; the wait for a person not counted */
	struct transport_events events;
};

enum transport_key { TRANSPORT_KEY_NO, TRANSPORT_KEY_OK };

struct transport; /* each kind has its own: first member of it is the ops pointer */

struct transport_ops {
	const char *name; /* "libssh2", "openssh", "local": as link_status shows it */
	/* Most exec channels at once; the link queues beyond. */
	unsigned channels;
	/* Starts to connect; opts are copied, what they point to outlives the transport.
	 * NULL and an err only when nothing could be started (LINK_FAULT_INTERNAL). */
	struct transport *(*open)(const struct transport_opts *o, struct err *e);
	void (*key_answer)(struct transport *t, enum transport_key verdict);
	void (*answer)(struct transport *t, const char *text); /* copies; NULL cancels */
	/* The command line as sshd gets it. A failure to open comes as on_closed. */
	void (*exec)(struct transport *t, uint32_t channel, const char *command);
	/* A TCP connection from over there, as a channel like an exec. NULL: none here, and
	 * link_exec_tcp is not called. */
	void (*tcp)(struct transport *t, uint32_t channel, const char *host, int port);
	/* Any amount, any time after exec; the transport queues. */
	void (*write)(struct transport *t, uint32_t channel, const void *p, size_t len);
	void (*eof)(struct transport *t, uint32_t channel);
	void (*close)(struct transport *t, uint32_t channel);
	/* Hangs up at once, closes every channel, no call after. */
	void (*free)(struct transport *t);
};

/* Every kind starts with this, so that the table can be found from the object. */
struct transport {
	const struct transport_ops *ops;
};

extern const struct transport_ops worker_link_ops; /* worker_link.c */
extern const struct transport_ops openssh_ops;     /* openssh.c */
extern const struct transport_ops local_ops;       /* local.c */

#endif
