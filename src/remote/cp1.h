#ifndef REMOTE_CP1_H
#define REMOTE_CP1_H

/*
 * The bytes of CP1 (src/remote/cp1/README): puts one act of a copy together and reads its
 * reply. Sans-I/O; which act comes when is the business of copy.c.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/err.h"
#include "base/str.h"

enum cp1_act {
	CP1_LOOK,
	CP1_READ,
	CP1_PEEK,
	CP1_BEGIN,
	CP1_WRITE,
	CP1_PLACE,
	CP1_SETTLE,
	CP1_ACT_COUNT
};

enum { CP1_TOKEN_LEN = 32 };

struct cp1_ask {
	enum cp1_act act;
	const char *path, *temp, *mode, *sum, *was; /* NULL: not of this act */
	int64_t size, skip, block;
	const void *piece; /* WRITE: behind the script */
	size_t piece_len;
	const char *as, *as_password;
};

/* The exec string and its standard input. ERR_INPUT: `as` is no account. */
bool cp1_build(const struct cp1_ask *q, char token[CP1_TOKEN_LEN + 1],
	struct str *command, struct str *input, struct err *e) WARN_UNUSED;

struct cp1_reply {
	char token[CP1_TOKEN_LEN + 1];
	struct str line;  /* while a line is not whole */
	bool seen, whole; /* whole: the sentence of an error, too */
	char said[160];   /* the last line that stood before it */
	char word[16], kind[16], sentence[240];
	char sum[DIGEST_HEX + 1], was[DIGEST_HEX + 1], mode[16];
	int64_t size, was_size; /* -1: not told */
};

void cp1_reply_init(struct cp1_reply *r, const char *token);
void cp1_reply_release(struct cp1_reply *r);
/* Takes bytes; what belongs to no line of a reply (a piece) is left in *data. */
void cp1_reply_feed(struct cp1_reply *r, const char *p, size_t len, const char **data,
	size_t *data_len);
bool cp1_reply_is(const struct cp1_reply *r, const char *word);

#endif
