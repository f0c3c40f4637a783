#ifndef REMOTE_KNOWNHOST_H
#define REMOTE_KNOWNHOST_H

/*
 * What known_hosts says of one host, by `ssh-keygen -F` over all its files: OpenSSH's own
 * matcher decides which lines apply, we only compare key blobs. Looked up once per host
 * and remembered by the link. No override: only a key that is known is accepted.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"
#include "base/vec.h"
#include "loop/loop.h"
#include "model/runbook.h"

enum knownhost_marker { KNOWNHOST_PLAIN, KNOWNHOST_REVOKED, KNOWNHOST_CA };

struct knownhost {
	enum knownhost_marker marker;
	char *type;      /* "ssh-ed25519": as the line says */
	struct str blob; /* decoded */
	char *file;
	int line;
};

struct knownhosts {
	char *name; /* as looked up: "host" or "[host]:port" */
	VEC_OF(struct knownhost) list;
};

enum knownhost_verdict {
	KNOWNHOST_OK,
	KNOWNHOST_UNKNOWN,
	KNOWNHOST_CHANGED,
	KNOWNHOST_IS_REVOKED
};

/* Adds the lines of one answer of `ssh-keygen -F`; lines that make no sense are skipped,
 * as ssh does. */
void knownhost_parse(
	struct knownhosts *k, const char *file, const char *text, size_t len);
void knownhost_release(struct knownhosts *k);
/* Revoked wins over known; CHANGED when the host is known by another plain key. */
enum knownhost_verdict knownhost_check(
	const struct knownhosts *k, const void *blob, size_t len);
/* The line that is in the way (changed, revoked) or NULL. */
const struct knownhost *knownhost_culprit(
	const struct knownhosts *k, const void *blob, size_t len);
/* "SHA256:..." of a key blob as ssh prints it. */
enum { KNOWNHOST_FP_BYTES = 64 };
void knownhost_fingerprint(const void *blob, size_t len, char out[KNOWNHOST_FP_BYTES]);
bool knownhost_has_plain(const struct knownhosts *k);
/* Types of its plain keys, best first, comma separated, "" if none: what to prefer in the
 * key exchange. `ssh-rsa` stands for the RSA key whatever its signature is called. */
void knownhost_types(const struct knownhosts *k, struct str *out);

typedef void knownhost_fn(void *ctx, struct knownhosts *k, const struct err *e);
struct knownhost_look;
/* One ssh-keygen per existing file, one after the other; fn once, k borrowed for the call
 * (its content may be moved out by assigning it and zeroing the original). */
struct knownhost_look *knownhost_look_start(struct loop *l, const char *name,
	const struct strings *files, knownhost_fn *fn, void *ctx);
void knownhost_look_free(struct knownhost_look *k); /* no call after */

#endif
