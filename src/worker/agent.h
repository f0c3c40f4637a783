#ifndef WORKER_AGENT_H
#define WORKER_AGENT_H

/*
 * The ssh agent's protocol, as much as a login needs: list keys (11), sign (13). The
 * codec is pure; agent_call moves the bytes. Never adds, removes or locks anything.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"
#include "base/vec.h"

enum { AGENT_REPLY_MAX = 256 * 1024, AGENT_KEYS_MAX = 256 };

struct agent_key {
	struct str blob; /* public key */
	char *comment;   /* raw */
};

struct agent_keys {
	VEC_OF(struct agent_key) list;
};

/* Requests, with their length in front. */
void agent_add_list(struct str *out);
void agent_add_sign(struct str *out, const void *blob, size_t blob_len, const void *data,
	size_t data_len);
/* Replies, without their length. */
bool agent_read_list(
	const char *reply, size_t len, struct agent_keys *out, struct err *e) WARN_UNUSED;
/* The bare signature of a reply, borrowed from it; its format must be `type`. */
const char *agent_read_signature(
	const char *reply, size_t len, const char *type, size_t *out_len, struct err *e);
void agent_keys_release(struct agent_keys *k);

/* Where the reply comes from: waits until fd is ready for `events`, false to give up. */
typedef bool agent_wait_fn(void *ctx, int fd, short events);

int agent_connect(const char *path, struct err *e); /* non-blocking socket or -1 */
bool agent_call(int fd, const struct str *request, struct str *reply, agent_wait_fn *wait,
	void *ctx, struct err *e) WARN_UNUSED;

#endif
