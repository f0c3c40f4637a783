#ifndef REMOTE_COPY_H
#define REMOTE_COPY_H

/*
 * One file from one link to another (this machine is a link like any other): the acts of CP1
 * (cp1/README) in their order, one at a time, with one piece in memory. The file is in place
 * whole or not at all, with the sha256 that the source had when it was looked at. Whatever
 * cuts it short, the target is asked what became of it before anything is said.
 *
 * Sequence: copy_start, on_source, copy_go, on_begun, on_piece..., on_end; or copy_settle for
 * one that another console began: on_end alone. Callbacks come from the loop, never from
 * inside a call; none after copy_free. on_end comes once, also after copy_cancel.
 */

#include "base/digest.h"
#include "remote/link.h"

struct copy_spec {
	struct link *from, *to;
	const char *from_path, *to_path;
	const char *temp;             /* name of the file aside: one per attempt */
	const char *mode;             /* octal */
	const char *as, *as_password; /* on both; not on this machine */
};

/* What stands somewhere; sum "" where there is nothing, "unread" where it may not be read. */
struct copy_found {
	int64_t size;
	char sum[DIGEST_HEX + 1];
	char mode[16]; /* as ls writes it */
};

enum copy_result {
	COPY_PLACED,
	COPY_SAME,    /* it was in place before; its mode was set */
	COPY_NOTHING, /* certainly nothing was put in place, and nothing is left beside it */
	COPY_UNKNOWN, /* the target cannot be asked */
};

struct copy_end {
	enum copy_result result;
	bool wants_password; /* sudo asks for one: NOTHING, or UNKNOWN where only asked for */
	bool settled;        /* PLACED, and only asked for: the reply was lost */
	struct copy_found at; /* PLACED, SAME */
	char why[400];
};

struct copy_calls {
	void (*on_source)(void *ctx, const struct copy_found *f);
	void (*on_begun)(
		void *ctx, const struct copy_found *stood); /* what it will replace */
	void (*on_piece)(void *ctx, int64_t done, int64_t size);
	void (*on_end)(void *ctx, const struct copy_end *end);
	void *ctx;
};

struct copy;
struct copy *copy_start(const struct copy_spec *s, const struct copy_calls *calls);
/* What was found is on record: go on. Once, after on_source. */
void copy_go(struct copy *c);
/* Was it put in place? `sum` is what the record says of its source. */
struct copy *copy_settle(
	const struct copy_spec *s, const char *sum, const struct copy_calls *calls);
void copy_cancel(struct copy *c);
void copy_free(struct copy *c); /* of one under way: the file aside may stay */

/* What stands at both ends now, for a person to read; nothing is changed. */
struct copy_peek {
	bool source_ok, target_ok;
	struct copy_found source, target; /* size -1: there is none */
	char source_why[400], target_why[400];
};
typedef void copy_peek_fn(void *ctx, const struct copy_peek *p);
struct copy *copy_peek_start(const struct copy_spec *s, copy_peek_fn *fn, void *ctx);

#endif
