#ifndef REMOTE_RESOLVE_H
#define REMOTE_RESOLVE_H

/*
 * Everything to know about an ssh target before the first byte goes to it: ssh -G, the
 * known host keys, which user keys there are, and from these the transport: libssh2 where
 * it can serve, the system ssh where it can't, with the reason in words. Done once per
 * link; contacts nobody.
 */

#include "remote/knownhost.h"
#include "remote/sshconf.h"

/* Kinds of user keys that were found in identity files and in the agent. */
struct resolve_keys {
	int usable; /* ed25519, ecdsa: libssh2 can log in with them */
	int rsa, certificate, fido;
};

struct resolve_facts {
	struct sshconf conf;
	struct knownhosts known;
	struct resolve_keys keys;
	enum host_transport transport; /* HOST_LIBSSH2 or HOST_OPENSSH */
	char why[160];                 /* "" when it is the ordinary choice */
	bool may_fall_back;            /* the system ssh may serve where libssh2 fails */
	char cannot
		[160]; /* why the transport that is asked for must not be used, or "" */
};

/* Pure part: the choice for wanted = HOST_AUTO or a fixed one. `ticket`: there is a
 * Kerberos ticket. */
enum resolve_ticket { RESOLVE_NO_TICKET, RESOLVE_TICKET };
void resolve_choose(
	struct resolve_facts *f, enum host_transport wanted, enum resolve_ticket ticket);
/* Adds the kind of the key in a public key line or file ("ssh-ed25519 AAAA..."). */
void resolve_add_key(struct resolve_keys *k, const char *type);
/* Adds the kinds of an agent's list (SSH_AGENT_IDENTITIES_ANSWER); one that makes no sense
 * adds nothing, or the part that does. */
void resolve_add_agent(struct resolve_keys *k, const char *reply, size_t len);
/* Type of a private key file by its own words, "" if it is none we know. */
void resolve_file_type(const char *path, char *out, size_t size);
void resolve_release(struct resolve_facts *f);

/* f is borrowed for the call, may be moved out by assigning and zeroing it. */
typedef void resolve_fn(void *ctx, struct resolve_facts *f, const struct err *e);
struct resolve;
struct resolve *resolve_start(struct loop *l, const char *alias,
	enum host_transport wanted, resolve_fn *fn, void *ctx, struct err *e) WARN_UNUSED;
void resolve_free(struct resolve *r); /* no call after */

#endif
