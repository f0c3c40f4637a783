#ifndef REMOTE_REDISLINE_H
#define REMOTE_REDISLINE_H

/*
 * The protocol of Redis without a connection, through hiredis' formatter and reader: commands
 * to bytes, bytes to replies, with limits the reader lacks (1 MiB in all, arrays of 100,000).
 * The bytes travel over sock.h, so that TLS, tunnels and deadlines are the same for all.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

struct redisline;
struct redisline_reply;

struct redisline *redisline_new(void);
void redisline_free(struct redisline *l);
void redisline_command(const char *const *words, size_t count, struct str *out);
/* False: this is not Redis, or too much of it. *out: a whole reply, or NULL: more is needed. */
bool redisline_feed(struct redisline *l, const char *p, size_t len,
	struct redisline_reply **out, struct err *e) WARN_UNUSED;
void redisline_reply_free(struct redisline_reply *r);

bool redisline_is_error(const struct redisline_reply *r);
size_t redisline_count(const struct redisline_reply *r); /* 0: no array */
const struct redisline_reply *redisline_at(const struct redisline_reply *r, size_t i);
/* As text; an array line by line, nil is nothing. Appends. */
void redisline_text(const struct redisline_reply *r, struct str *out);

#endif
