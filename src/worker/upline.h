#ifndef WORKER_UPLINE_H
#define WORKER_UPLINE_H

/*
 * The line up to the console: frames over the socketpair, never blocking. What is sent is
 * queued; credit bounds the queue. Used by every part of the worker to speak.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "base/wire.h"

struct upline {
	int fd;
	struct wire_reader in;
	struct str out;
	size_t sent; /* of out */
	bool gone;   /* EOF, or the stream is broken */
};

void upline_init(struct upline *u, int fd); /* makes fd non-blocking */
void upline_release(struct upline *u);      /* does not close fd */
void upline_send(struct upline *u, enum wire_type type, uint32_t channel, const void *p,
	size_t len);
/* u32 credit, for CREDIT frames. */
void upline_send_u32(struct upline *u, enum wire_type type, uint32_t channel, uint32_t n);
/* `kind` is the name of a link fault ("TIMEOUT"). */
void upline_send_fail(
	struct upline *u, uint32_t channel, const char *kind, const char *text);
/* exit -1: the far side claimed nothing; why NULL: it was open and ended by itself. */
void upline_send_closed(struct upline *u, uint32_t channel, int exit, const char *why);
bool upline_wants_write(const struct upline *u);
void upline_flush(struct upline *u);
/* Takes what there is to read; then next gives frames until it says false. */
void upline_read(struct upline *u);
bool upline_next(struct upline *u, struct wire_frame *f);
/* Waits until everything is sent, at most `ms`. Before the end. */
void upline_drain(struct upline *u, int64_t ms);

#endif
