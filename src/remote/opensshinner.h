#ifndef REMOTE_OPENSSHINNER_H
#define REMOTE_OPENSSHINNER_H

/* What openssh.c (the master, its questions, its life) and opensshclient.c (the clients that
 * use its connection) share. */

#include "base/vec.h"
#include "loop/askpass.h"
#include "remote/sshwords.h"
#include "remote/transport.h"

struct openssh_channel;

struct openssh {
	struct transport base;
	struct loop *loop;
	struct transport_events ev;
	char *target, *control, *config;
	struct askpass *askpass;
	struct loop_child *master;
	struct loop_timer *deadline, *soon;
	int64_t timeout_ms;
	struct sshwords words;
	char not_made
		[200]; /* why the last connection was not made, in the master's words */
	bool ready, over, cancelled, timed_out;
	int answered;              /* questions with an answer */
	struct strings identities; /* files that a passphrase may open */
	char *keeper;              /* socket of the run's own agent */
	const char *unlocking;     /* an identity the operator is asked for; NULL: none */
	bool by_keeper;            /* the master looks for keys there */
	bool noticed;
	VEC_OF(struct openssh_channel *) channels;
};

static inline struct openssh *
openssh_of(struct transport *t)
{
	return (struct openssh *)t; /* base is its first member */
}

/* As the slots of a transport. */
void opensshclient_exec(struct transport *base, uint32_t channel, const char *command);
void opensshclient_tcp(
	struct transport *base, uint32_t channel, const char *host, int port);
void opensshclient_write(
	struct transport *t, uint32_t channel, const void *p, size_t len);
void opensshclient_eof(struct transport *t, uint32_t channel);
void opensshclient_close(struct transport *t, uint32_t channel);

/* Tells of the clients that could not be started. */
void opensshclient_tell_unstarted(struct openssh *s);
/* Ends all of them without a word. */
void opensshclient_end_all(struct openssh *s);

#endif
