#ifndef SHARE_LEASE_H
#define SHARE_LEASE_H

/*
 * That a run is driven here, as the store (store.sql, version 2) has it: said again while the
 * console lives, so that others see how alive it is. A store that is away changes nothing: whoever began the run drives it, and is told when somebody
 * else has taken it once the store can be asked again. What keeps two drivers apart is the
 * mark on each host (remote/hr1), not this.
 */

#include "base/clock.h"
#include "remote/http.h"

struct lease;

enum lease_how {
	LEASE_ASKING, /* for the first time */
	LEASE_HELD,
	LEASE_DOWN, /* the store cannot be asked now; tried again */
	LEASE_NONE, /* a store of an older version has none */
	LEASE_LOST, /* somebody else drives the run: never asked again */
};

struct lease_state {
	enum lease_how how;
	const char *why;  /* DOWN: in words */
	const char *who;  /* LOST: whoever has it, as that one calls itself */
	const char *con;  /* LOST: of that console */
	int64_t epoch;    /* LOST: its number */
	struct mono held; /* when the store last said that it is ours; ms 0: never */
};

struct lease_opts {
	struct loop *loop;
	struct http *http;
	const char *service, *run, *con, *who;
	const char *cons; /* all that have written its record here, with blanks between */
	int64_t epoch;
	void (*on_state)(void *ctx);
	void *ctx;
};

struct lease *lease_new(const struct lease_opts *o);
void lease_state(const struct lease *l, struct lease_state *out);
/* The store can be asked, and has not said for too long that the run is ours: this process
 * was stopped, or the machine slept. It is asked now; on_state comes within 2 s, and then
 * there is no doubt any more. */
bool lease_in_doubt(struct lease *l);
/* The console ends: that is told, if it can be. */
void lease_leave(struct lease *l);
bool lease_busy(const struct lease *l); /* something is still to be told */
void lease_free(struct lease *l);

#endif
