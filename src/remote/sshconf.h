#ifndef REMOTE_SSHCONF_H
#define REMOTE_SSHCONF_H

/*
 * What `ssh -G -- ALIAS` says about a target, as facts: ssh itself reads the operator's
 * configuration, we only read its answer. Used to choose a transport, to log in through
 * libssh2 and to find the known_hosts files. Does not touch keys or the network (but
 * ssh runs the operator's own `Match exec` lines).
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "loop/loop.h"
#include "model/runbook.h"

struct sshconf {
	char *alias; /* as given */
	char *hostname, *user;
	int port;
	char *hostkeyalias; /* NULL: none */
	/* Paths with ~ and tokens expanded, in order of preference. */
	struct strings identityfiles, certificatefiles;
	struct strings known_files;  /* the operator's own first, then global_files too */
	struct strings global_files; /* of all accounts */
	bool identities_only;
	char *identityagent; /* socket path, already looked up in SSH_AUTH_SOCK; NULL: none */
	char *proxyjump, *proxycommand; /* NULL: none */
	char *pkcs11provider, *bindaddress, *addressfamily, *preferredauth;
	char *revokedhostkeys, *knownhostscommand; /* NULL: none */
	bool gssapi, hostbased, pubkey, password, kbdinteractive;
	int connect_timeout_s; /* 0: not set */
};

/* Reads the answer; ERR_PARSE when it has no hostname, user or port. */
bool sshconf_parse(struct sshconf *out, const char *alias, const char *text, size_t len,
	struct err *e) WARN_UNUSED;
void sshconf_release(struct sshconf *c);
/* What may stand for a target: no leading '-', no blanks or control bytes. ERR_INPUT. */
bool sshconf_alias_ok(const char *alias, struct err *e) WARN_UNUSED;
/* The name known_hosts knows it by: "host", "[host]:port" or its HostKeyAlias. Caller
 * frees. */
char *sshconf_known_name(const struct sshconf *c);
/* user@host:port for people; caller frees. */
char *sshconf_address(const struct sshconf *c);

/* HANDRAIL_SSH_CONFIG names another configuration file for every ssh we start; NULL: the
 * operator's own. */
const char *sshconf_file(void);

typedef void sshconf_fn(void *ctx, struct sshconf *c, const struct err *e);
struct sshconf_look;
/* Asks ssh, then calls fn once (c NULL: e says why; c may be moved out by assigning and
 * zeroing it). */
struct sshconf_look *sshconf_look_start(struct loop *l, const char *alias, sshconf_fn *fn,
	void *ctx, struct err *e) WARN_UNUSED;
void sshconf_look_free(struct sshconf_look *k); /* no call after */

#endif
