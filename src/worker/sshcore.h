#ifndef WORKER_SSHCORE_H
#define WORKER_SSHCORE_H

/*
 * libssh2 as a pure state machine: it reads from and writes to buffers in memory, this
 * file moves the bytes between them and the socket. Algorithms are pinned, memory is
 * zeroed and capped. Knows nothing of the console.
 *
 * What a libssh2 call gives as EAGAIN is tried again after sshcore_fill brought bytes.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libssh2.h>

#include "base/str.h"
#include "worker/kexinit.h"

enum {
	SSHCORE_BLOCK_MAX = 16 << 20, /* bytes of one allocation of the library */
	SSHCORE_TOTAL_MAX = 64 << 20,
	SSHCORE_OUT_MAX = 256 << 10, /* beyond it no more channel data is taken */
	SSHCORE_FIRST_MAX = 16 << 10,
	SSHCORE_FD = 1 << 30, /* for libssh2_session_handshake: no descriptor at all */
};

struct sshcore {
	LIBSSH2_SESSION *session;
	int sock;
	struct str in, out;
	size_t in_used, out_sent;
	struct str first; /* the beginning of what the host said, for words */
	bool eof;         /* nothing more comes */
	int sys;          /* why, errno or 0 */
	bool hasty;       /* acknowledge at once: until the first channel is open */
	uint64_t sends;   /* packets the library has sent */
	size_t allocated, peak;
	void *owner; /* the worker: callbacks of the library find it through here */
};

/* `known` are the types of the known host keys, best first: they are asked for before
 * any other. False when the library refuses to start. */
bool sshcore_start(struct sshcore *s, int sock, const char *known);
bool sshcore_wants_write(const struct sshcore *s);
/* False while the library has not taken what came. */
bool sshcore_wants_read(const struct sshcore *s);
void sshcore_fill(struct sshcore *s);  /* from the socket */
void sshcore_flush(struct sshcore *s); /* to it */
/* How many bytes wait to be sent. */
size_t sshcore_backlog(const struct sshcore *s);
const char *sshcore_error(const struct sshcore *s); /* the library's words */
/* Why no agreement was possible, as a sentence. False: only the library's words for it, its
 * first words show nothing that does not fit (a line that was cut, say). */
bool sshcore_misfit(const struct sshcore *s, char *out, size_t size);
/* For memory that the library frees: signatures. NULL when over the cap. */
void *sshcore_alloc(struct sshcore *s, size_t bytes);
/* The host key types to ask for, in order. Pure. */
void sshcore_hostkeys(const char *known, struct str *out);

#endif
