#ifndef SHARE_MIRROR_H
#define SHARE_MIRROR_H

/*
 * The record of one run in the store (store.sql), line by line behind the file: what is
 * durable here is sent in order, in pieces, as fast as the store takes it; nobody waits for
 * it, and nothing is kept in memory but the piece under way. After any outage the store is
 * asked how far it is, that record is compared with ours, and sending goes on behind it.
 *
 * An error of the network, or a store that is full, slow or not set up, is tried again,
 * later and later. A store that holds another record than we do, or refuses a line, is an
 * alarm: said, and not tried again. Files that the lines name go with them (blobsend.h).
 */

#include "base/clock.h"
#include "base/err.h"
#include "remote/http.h"

struct mirror;

enum mirror_how {
	MIRROR_CONNECTING, /* for the first time */
	MIRROR_BEHIND,     /* it is up, and lines are on their way */
	MIRROR_LEVEL,      /* it has all that is durable here */
	MIRROR_DOWN,       /* cannot be had now; tried again */
	MIRROR_ALARM,      /* holds something else than we do */
	MIRROR_TAKEN,      /* another console has taken the run: it takes nothing of us */
};

struct mirror_state {
	enum mirror_how how;
	int64_t last;      /* durable here; -1: nothing */
	int64_t sent;      /* known to be there; -1: nothing, or nothing known yet */
	struct mono since; /* that it is so: DOWN and ALARM from the first failure on */
	const char *why;   /* DOWN, ALARM, TAKEN: in words, one line; else "" */
};

struct mirror_opts {
	struct loop *loop;
	struct http *http;
	const char *service; /* of pg_service.conf */
	const char *run;
	const char *cons; /* all that have written its record here, with blanks between */
	const char *run_dir;
	/* The state changed, but for `last`. */
	void (*on_state)(void *ctx);
	/* The store has lost what it once said to have; it is sent again. */
	void (*on_lost)(void *ctx, int64_t from, int64_t to);
	void *ctx;
};

struct mirror *mirror_new(const struct mirror_opts *o);
/* Records up to `last` are durable, in this folder (the same, unless the record moved). */
void mirror_tell(struct mirror *m, const char *run_dir, int64_t last);
void mirror_state(const struct mirror *m, struct mirror_state *out);
/* The hash of the record `sent`; "" when it is -1. */
const char *mirror_head(const struct mirror *m);
void mirror_free(struct mirror *m); /* no call after; keeps how far it is */

#endif
