#ifndef REMOTE_HTTPWIRE_H
#define REMOTE_HTTPWIRE_H

/*
 * Answers of an HTTP/1.1 server on a connection that libcurl cannot have: bytes in, status
 * and body out, piece by piece, one answer after the other. Strict: what a server of the
 * other side's making could use to make two readers differ is an error. Pure; used by
 * engine.c.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

enum { HTTPWIRE_HEAD_MAX = 16 * 1024 };

enum httpwire_state {
	HTTPWIRE_HEAD,
	HTTPWIRE_LENGTH, /* body of a known length */
	HTTPWIRE_SIZE,   /* the line before a chunk */
	HTTPWIRE_CHUNK,
	HTTPWIRE_CHUNK_END,
	HTTPWIRE_TRAILER,
	HTTPWIRE_TO_END, /* body until the connection ends */
	HTTPWIRE_DONE,
	HTTPWIRE_BAD,
};

struct httpwire {
	enum httpwire_state state;
	int status;
	bool last; /* the server closes after this answer */
	uint64_t left;
	struct str line; /* head, or a line between chunks, that is not whole yet */
};

typedef void httpwire_body(void *ctx, const char *p, size_t len);

void httpwire_init(struct httpwire *w);
void httpwire_release(struct httpwire *w);
/* Takes bytes until the answer is done or the bytes are; gives how many. The next answer
 * begins with httpwire_next. Garbled: the state is HTTPWIRE_BAD
 * and e says how. */
size_t httpwire_feed(struct httpwire *w, const char *p, size_t len, httpwire_body *fn,
	void *ctx, struct err *e);
void httpwire_next(struct httpwire *w);
/* The connection ended. True: the answer was whole by that. */
bool httpwire_end(struct httpwire *w);

#endif
