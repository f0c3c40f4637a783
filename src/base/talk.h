#ifndef BASE_TALK_H
#define BASE_TALK_H

/*
 * Frames between the console that drives a run and those that look on, on one machine: u32
 * length big-endian (type + payload), u8 type, payload. Sans-I/O: bytes in, frames out. The
 * onlooker says HELLO first. Fields of a payload are those of base/wire.h.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "base/wire.h"

enum {
	TALK_PROTO = 2,
	TALK_MAX = 65536 + 1024, /* a line of the record, and what stands around it */
	TALK_HEAD = 5,
	TALK_WORDS_MAX = 4096, /* a reason, a note */
	TALK_STATEMENT_MAX = 48 * 1024,
	TALK_KEY_MAX = 8 * 1024, /* a public key, a signature */
	TALK_FILE_MAX = 64 << 20,
};

/*
 * name, who may receive it, payload:
 */
#define TALK_FRAMES(X) \
	/* both; to the driver: u32 proto, text con, text who, u32 first seq wanted; to an \
	 * onlooker: u32 proto, text run, text con, text who, u32 epoch, u32 size of the \
	 * record's file in lines */ \
	X(HELLO, "both") \
	/* to the driver: what an onlooker asks for */ \
	X(HOLD, "driver")   /* text reason */ \
	X(GO, "driver")     /* end my own hold */ \
	X(NOTE, "driver")   /* text step id or "", text */ \
	X(OFFER, "driver")  /* text to whom or "": as if its own key had been pressed */ \
	X(ACCEPT, "driver") /* I take what is offered */ \
	X(TAKING, "driver") /* I end you */ \
	/* to an onlooker */ \
	X(FILE, "onlooker")  /* text role, text path, u32 bytes; they follow in PARTs */ \
	X(PART, "onlooker")  /* bytes */ \
	X(LINE, "onlooker")  /* a line of the record, durable, without its newline */ \
	X(LEVEL, "onlooker") /* nothing of the record is left to send now */ \
	X(OUTPUT, "onlooker")  /* u32 step, u32 leg, u32 way, bytes */ \
	X(REFUSED, "onlooker") /* text why */ \
	X(BYE, "onlooker")     /* text why: nothing more comes */ \
	/* to the driver, of a step that waits for a signature */ \
	X(SIGN, "driver") /* text step id, public key as one line, statement, signature */ \
	X(DECLINE, "driver") /* text step id, reason */ \
	/* to the driver, instead of HELLO: what run is this; nothing in it. CARD answers, and \
	 * that is all */ \
	X(ASK, "driver") \
	/* text run, title, environment, who, con, state, step, needs, u32 driven for s */ \
	X(CARD, "onlooker")

enum talk_type {
	TALK_NONE,
#define X(name, to) TALK_##name,
	TALK_FRAMES(X)
#undef X
		TALK_TYPES
};

enum talk_side { TALK_DRIVER, TALK_ONLOOKER };

struct talk_frame {
	enum talk_type type;
	const char *payload; /* borrowed until the next talk_next or talk_feed */
	size_t len;
};

struct talk_reader {
	enum talk_side side; /* who reads: a frame for the other one breaks the stream */
	struct str in;
	size_t used;
};

const char *talk_name(enum talk_type type);
bool talk_is_for(enum talk_type type, enum talk_side side);
void talk_add(struct str *out, enum talk_type type, const void *p, size_t len);
void talk_reader_init(struct talk_reader *r, enum talk_side side);
void talk_reader_release(struct talk_reader *r);
void talk_feed(struct talk_reader *r, const void *p, size_t len);
/* 1: a frame, 0: more bytes needed, -1: broken stream (oversize, empty, unknown type, not
 * for this side), and so at every later call. */
int talk_next(struct talk_reader *r, struct talk_frame *f, struct err *e);

/* A payload as it was meant. False: it holds less, more, or text that is none (a NUL, bytes
 * that are no UTF-8, longer than TALK_WORDS_MAX). */
struct talk_hello {
	uint32_t proto, epoch, lines;
	char *run, *con, *who; /* owned */
};
bool talk_read_hello(
	const struct talk_frame *f, enum talk_side side, struct talk_hello *out);
void talk_hello_release(struct talk_hello *h);
void talk_add_hello(struct str *out, enum talk_side to, const struct talk_hello *h);
/* HOLD, OFFER, REFUSED, BYE, TAKING: one text. Caller frees; NULL: bad. */
char *talk_read_text(const struct talk_frame *f);
void talk_add_one(struct str *out, enum talk_type type, const char *text);
/* NOTE, DECLINE; both owned by the caller. */
bool talk_read_note(const struct talk_frame *f, char **step, char **text);
void talk_add_note(
	struct str *out, enum talk_type type, const char *step, const char *text);
struct talk_sign {
	char *step, *key, *statement, *sig; /* owned */
};
bool talk_read_sign(const struct talk_frame *f, struct talk_sign *out);
void talk_sign_release(struct talk_sign *s);
/* False: one of them is longer than a frame takes, and nothing was added. */
bool talk_add_sign(struct str *out, const struct talk_sign *s) WARN_UNUSED;
/* What the run is, in short, for a list of runs. */
struct talk_card {
	char *run, *title, *environment, *who, *con; /* owned, as all of them */
	char *state;                                 /* "RUN", "WAIT", "HELD", "OVER" */
	char *step;                                  /* where it stands, or "" */
	char *needs;                                 /* what a person has to do, or "" */
	uint32_t driven_s;                           /* since that console took it */
};
bool talk_read_card(const struct talk_frame *f, struct talk_card *out);
void talk_card_release(struct talk_card *c);
void talk_add_card(struct str *out, const struct talk_card *c);
struct talk_file {
	char *role, *path; /* owned */
	uint32_t bytes;
};
bool talk_read_file(const struct talk_frame *f, struct talk_file *out);
void talk_file_release(struct talk_file *f);
/* The whole of it: FILE and its PARTs. */
void talk_add_file(
	struct str *out, const char *role, const char *path, const char *p, size_t len);
struct talk_output {
	uint32_t step, leg, way;
	const char *bytes; /* borrowed, as the frame */
	size_t len;
};
bool talk_read_output(const struct talk_frame *f, struct talk_output *out);
void talk_add_output(struct str *out, const struct talk_output *o);

#endif
