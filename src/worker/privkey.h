#ifndef WORKER_PRIVKEY_H
#define WORKER_PRIVKEY_H

/*
 * What a private key file says of itself before anybody decrypts it: format, kind,
 * encryption, public key. libssh2 has one and the same complaint for "wrong passphrase",
 * "no passphrase" and "cannot read such files", so we look ourselves. Decrypts nothing.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

enum privkey_use {
	PRIVKEY_OK,  /* libssh2 can log in with it */
	PRIVKEY_RSA, /* the system ssh can */
	PRIVKEY_FIDO,
	PRIVKEY_CIPHER,  /* encrypted in a way libssh2 cannot read */
	PRIVKEY_FOREIGN, /* no private key, or of a kind we do not know */
};

struct privkey {
	enum privkey_use use;
	bool encrypted;
	char type[64];   /* "ssh-ed25519"; "" when only the decrypted key would tell */
	char cipher[64]; /* of the encryption, where it is named */
	struct str blob; /* public key, empty when not known */
	struct str text; /* the file; wiped on release */
};

/* ERR_IO when there is no such file; every other file gives a `use`. Reads PATH.pub too
 * where the private file does not hold the public key. */
bool privkey_load(struct privkey *k, const char *path, struct err *e) WARN_UNUSED;
/* The pure part: what `text` of k says. */
void privkey_look(struct privkey *k);
/* Fills type and use from a public key blob. */
void privkey_judge(struct privkey *k);
/* A line "ssh-ed25519 AAAA... comment" into its blob; false if it is none. */
bool privkey_public_line(const char *line, struct str *blob);
/* The blob as such a line: what libssh2 wants beside a key in memory. */
void privkey_add_public_line(const struct privkey *k, struct str *out);
/* The type a key blob names; false and "" when it names none. */
bool privkey_blob_type(const struct str *blob, char *out, size_t size);
enum privkey_use privkey_use_of(const char *type);
void privkey_release(struct privkey *k);

#endif
