#ifndef AUDIT_SIGN_H
#define AUDIT_SIGN_H

/*
 * Signing and checking through `ssh-keygen -Y` as a child: exit codes only,
 * its text is shown harmless and never parsed. Prompts for a passphrase come through our
 * askpass as a callback. Namespace handrail-signoff-v1. Asynchronous on the loop.
 */

#include "base/err.h"
#include "base/vec.h"
#include "loop/loop.h"

#define SIGN_NAMESPACE "handrail-signoff-v1"

/* A key the operator could sign with. */
struct sign_key {
	char *name; /* comment or file */
	char *path; /* private key file, or the certificate beside it; NULL: an agent's */
	char *public_line; /* "type base64 comment" */
	char *fingerprint; /* SHA256:... */
	char *type;        /* "ssh-ed25519" */
	char *principal;   /* of allowed_signers, or NULL: nobody vouches for it */
	bool from_agent;
};
struct sign_keys {
	VEC_OF(struct sign_key) list;
};
void sign_keys_copy(struct sign_keys *to, const struct sign_keys *from);
void sign_keys_release(struct sign_keys *keys);
typedef void sign_keys_fn(void *ctx, const struct sign_keys *keys, const struct err *e);
struct sign;
/* Agent identities (ssh-add -L) and ~/.ssh/id_*.pub plus `extra` (may be NULL), each with
 * the principal that allowed_signers gives it (ssh-keygen -Y find-principals needs a
 * signature; we match the key blob in the file instead and let verify decide). */
struct sign *sign_list_keys(struct loop *l, const char *allowed_signers,
	const char *extra, sign_keys_fn *fn, void *ctx);

struct sign_end {
	bool ok;
	char *sig;     /* armoured, with its newlines; NULL when not ok */
	char why[320]; /* "the passphrase or PIN was wrong, or ...", ... */
};
typedef void sign_fn(void *ctx, const struct sign_end *end);
/* Prompt: answer through sign_answer (NULL cancels). A notice wants no answer and ends by
 * itself: a key of a device ("sk-...") begins with one, before sign_start returns. */
typedef void sign_prompt_fn(void *ctx, const char *text, bool notice);
struct sign *sign_start(struct loop *l, const struct sign_key *key, const char *statement,
	sign_prompt_fn *prompt, sign_fn *fn, void *ctx, struct err *e) WARN_UNUSED;
void sign_answer(struct sign *s, const char *text);
/* ssh-keygen -Y verify -Overify-time=t against the allowed signers; ok or why. */
struct sign *sign_check(struct loop *l, const char *allowed_signers,
	const char *principal, const char *statement, const char *sig,
	const char *verify_time, sign_fn *fn, void *ctx, struct err *e) WARN_UNUSED;
void sign_free(struct sign *s); /* no call after */

#endif
