#ifndef AUDIT_KEYFILE_H
#define AUDIT_KEYFILE_H

/*
 * Public keys as text: lines of ssh-add -L and .pub files, and who an allowed_signers file
 * (ssh-keygen(1), ALLOWED SIGNERS) says may sign with them. No cryptography here.
 */

#include "audit/sign.h"

/* Each "type base64 comment" line becomes a key; private_path NULL: an agent's. A key that
 * is there already is not added again. */
void keyfile_add_lines(
	struct sign_keys *keys, const char *text, const char *private_path);
/* ~/.ssh/id_*.pub with their private halves and certificates, and `extra`: a key file, with
 * its certificate if it has one, a certificate, or a .pub of an agent key; NULL for none. An extra key comes first. */
void keyfile_add_own(struct sign_keys *keys, const char *extra);
/* First plain principal of the line that holds the key's blob; of a certificate the first of
 * its own that a line of its authority lets in. */
bool keyfile_find_principals(
	struct sign_keys *keys, const char *allowed_signers, struct err *e);
/* Does a line of the roster give some key to that person, as far as names tell? An unreadable
 * roster names nobody. */
bool keyfile_lists(const char *allowed_signers, const char *who);
/* Every plain principal that any line gives that key, with its certificate and without, each
 * followed by a newline. */
bool keyfile_all_principals(const struct sign_key *key, const char *allowed_signers,
	struct str *out, struct err *e);
/* "SHA256:..." of a base64 blob, of a certificate that of its key; NULL if it is none. Caller
 * frees. */
char *keyfile_fingerprint(const char *base64, size_t len);

#endif
