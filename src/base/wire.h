#ifndef BASE_WIRE_H
#define BASE_WIRE_H

/*
 * Frames between console and handrail-ssh: u32 length big-endian
 * (type + channel + payload, at most 65536), u8 type, u32 channel, payload. Sans-I/O:
 * bytes in, frames out. Both sides send HELLO first.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

enum { WIRE_PROTO = 2, WIRE_MAX = 65536, WIRE_HEAD = 9, WIRE_PAYLOAD_MAX = WIRE_MAX - 5 };
enum { WIRE_WINDOW = 256 * 1024 }; /* bytes per channel and direction at OPEN */

/*
 * One list makes the enum, the names and who receives it. Payloads, in the fields below;
 * those not named are empty, and the channel is 0 where a frame is of the connection:
 *
 *   HELLO    u32 WIRE_PROTO, to the worker with the facts after it (base/wirefacts)
 *   KEY      text type, bytes blob
 *   PROMPT   u32 id, u32 kind (wire_ask), text ANSWER  u32 id, u32 given, text
 *   READY    text kex, cipher, mac, key type
 *   FAIL     text kind (the name of a link fault), text detail; the end of the worker
 *   OPEN     text "exec", text command         CLOSED  u32 exit, -1 or WIRE_NO_CHANNEL,
 *   OPEN     text "tcp", text "PORT HOST"              text why or ""
 *   DATA, DATA_ERR  bytes                      CREDIT  u32 bytes more
 */
#define WIRE_FRAMES(X) \
	/* to the worker */ \
	X(HELLO, "both") \
	X(KEY_OK, "worker") \
	X(KEY_NO, "worker") \
	X(ANSWER, "worker") \
	X(OPEN, "worker") \
	X(LISTEN, "worker") \
	X(DATA, "both") \
	X(EOF, "both") \
	X(CREDIT, "both") \
	X(CLOSE, "worker") \
	X(QUIT, "worker") \
	/* to the console */ \
	X(KEY, "console") \
	X(PROMPT, "console") \
	X(READY, "console") \
	X(OPENED, "console") \
	X(DATA_ERR, "console") \
	X(CLOSED, "console") \
	X(FAIL, "console")

enum wire_type {
	WIRE_NONE,
#define X(name, to) WIRE_##name,
	WIRE_FRAMES(X)
#undef X
		WIRE_TYPES
};

/* What a PROMPT wants. */
enum wire_ask {
	WIRE_ASK_HIDDEN, /* a secret */
	WIRE_ASK_SHOWN,
	WIRE_ASK_UNLOCK, /* this identity file in the agent `keeper`; the answer is "" */
	WIRE_ASK_NOTICE, /* nothing: "" ends it, an ANSWER that gives none cancels */
	WIRE_ASK_KINDS,
};
enum { WIRE_NO_CHANNEL = -2 }; /* exit of a command that never got a channel */

struct wire_frame {
	enum wire_type type;
	uint32_t channel;
	const char *payload; /* borrowed until the next wire_next or wire_feed */
	size_t len;
};

struct wire_reader {
	struct str in;
	size_t used;
};

const char *wire_name(enum wire_type type);
/* "worker", "console" or "both": who may receive it. */
const char *wire_to(enum wire_type type);
void wire_add(struct str *out, enum wire_type type, uint32_t channel, const void *p,
	size_t len);
void wire_reader_init(struct wire_reader *r);
void wire_reader_release(struct wire_reader *r);
void wire_feed(struct wire_reader *r, const void *p, size_t len);
/* 1: a frame, 0: more bytes needed, -1: broken stream (oversize, too short, unknown type),
 * and so at every later call. */
int wire_next(struct wire_reader *r, struct wire_frame *f, struct err *e);

/* Payload fields: u32 big-endian, and strings as u32 length + bytes. */
void wire_add_u32(struct str *s, uint32_t n);
void wire_add_text(struct str *s, const char *text);
void wire_add_bytes(struct str *s, const void *p, size_t len);
struct wire_cursor {
	const char *p;
	size_t len;
	bool bad; /* read past the end; stays set */
};
uint32_t wire_get_u32(struct wire_cursor *c);
/* Borrowed bytes; NULL and bad when short. */
const char *wire_get_bytes(struct wire_cursor *c, size_t *len);
char *wire_get_text(
	struct wire_cursor *c); /* caller frees; NULL when short or NUL inside */

#endif
