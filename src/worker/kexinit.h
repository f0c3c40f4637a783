#ifndef WORKER_KEXINIT_H
#define WORKER_KEXINIT_H

/*
 * The first words of a server, read beside the library: its version line and its list of
 * algorithms, both in the clear. Only for words: libssh2 says "unable to exchange keys"
 * for every kind of misfit, we say which. Pure; hostile bytes are expected.
 */

#include <stdbool.h>
#include <stddef.h>

enum kexinit_kind {
	KEXINIT_SILENT,  /* not a byte, or no more than the beginning of a version */
	KEXINIT_FOREIGN, /* does not speak SSH 2 */
	KEXINIT_VERSION, /* speaks it; its lists are not (all) here */
	KEXINIT_LISTS,   /* complete */
};

enum kexinit_list {
	KEXINIT_KEX,
	KEXINIT_HOSTKEY,
	KEXINIT_CIPHER_OUT, /* client to server */
	KEXINIT_CIPHER_IN,
	KEXINIT_MAC_OUT,
	KEXINIT_MAC_IN,
	KEXINIT_LIST_COUNT,
};

enum { KEXINIT_LIST_BYTES = 1024, KEXINIT_VERSION_BYTES = 256 };

struct kexinit {
	enum kexinit_kind kind;
	char version[KEXINIT_VERSION_BYTES]; /* "SSH-2.0-OpenSSH_9.2p1", raw */
	char list[KEXINIT_LIST_COUNT][KEXINIT_LIST_BYTES]; /* cut there */
};

void kexinit_read(struct kexinit *k, const char *bytes, size_t len);
/* One sentence about the first of its lists that shares nothing with `ours` (comma
 * separated names), "" when all fit. */
void kexinit_misfit(const struct kexinit *k, const char *const ours[KEXINIT_LIST_COUNT],
	char *out, size_t size);
/* The first name of `wanted` that is in `offered`; comma separated lists. */
bool kexinit_shares(const char *wanted, const char *offered);

#endif
