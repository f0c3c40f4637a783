#ifndef WORKER_WORKER_H
#define WORKER_WORKER_H

/*
 * One worker: a process that knows one host and holds one connection to it, from the
 * console's HELLO to the end of either side. It has nothing to lose, so every failure is
 * said (FAIL) and ends the process. It may block while it logs in, but always hears the
 * console: every wait goes through here.
 *
 * login.c uses this header, nobody else beside main.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/wirefacts.h"
#include "worker/channel.h"
#include "worker/sshcore.h"
#include "worker/upline.h"

enum worker_stage {
	WORKER_NEW, /* no HELLO yet */
	WORKER_LOGIN,
	WORKER_KEY, /* the console judges the host key */
	WORKER_ASK, /* the operator is asked */
	WORKER_READY,
};

struct worker {
	enum worker_stage stage;
	struct upline up;
	struct wirefacts facts;
	struct sshcore core;
	struct channels channels;
	const char *doing;   /* for words: "waiting for the login" */
	int64_t deadline_ms; /* on the monotonic clock */
	int64_t heard_ms;    /* last byte of the host */
	uint32_t prompt;     /* number of the last one */
	bool key_ok, answered;
	bool noticed; /* the console shows what a person is waited for */
	char *answer; /* NULL: cancelled */
};

_Noreturn void worker_main(int fd);

/* Says it and ends. `kind` is the name of a link fault. */
_Noreturn void worker_fail(struct worker *w, const char *kind, const char *fmt, ...)
	PRINTF_LIKE(3, 4);
/* Ends after an error of the library during `doing`: finds kind and words. */
_Noreturn void worker_fail_ssh(struct worker *w, int rc);
/* One wait for something to happen between host and library; after it the call that gave
 * EAGAIN is tried again. Ends the process when the deadline passes. */
void worker_turn(struct worker *w);
/* Waits for another descriptor: at most `ms` (0: until the deadline). False: too late. */
bool worker_wait(struct worker *w, int fd, short events, int64_t ms);
/* Asks the operator; the deadline moves on meanwhile. NULL: cancelled. Wipe and free. */
char *worker_ask(struct worker *w, const char *text, enum wire_ask kind);
/* Says what a person is waited for elsewhere; "" ends it. A cancel ends the process. */
void worker_notice(struct worker *w, const char *text);

#endif
