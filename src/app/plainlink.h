#ifndef APP_PLAINLINK_H
#define APP_PLAINLINK_H

/*
 * Connections in the line mode: one line when a host lets wait for its first answer, one
 * when a host that was live (or has a job of ours) is lost, one when it is back, one when a
 * job runs on without what watches over it, one when a check begins to look again. Called by
 * plain.c whenever something may have changed; says each thing once.
 */

#include "app/plainsay.h"
#include "app/session.h"

struct plainlink_host {
	bool was_live, lost;
	enum link_state told;
	struct mono since; /* lost */
	struct mono way;   /* on its way to the first connection; 0: it is not */
	bool told_way;
};

/* A probe that a check looks at again and again. */
struct plainlink_check {
	int step, probe;
	int64_t entered_seq;
};

struct plainlink_leg {
	int step, leg, attempt;
	enum way way;
};

struct plainlink {
	VEC_OF(struct plainlink_host) hosts;  /* by target */
	VEC_OF(struct plainlink_leg) orphans; /* told of */
	VEC_OF(struct plainlink_check) bad;   /* the same */
};

void plainlink_tell(struct plainlink *p, struct session *s, struct plainsay *say);
/* For the heartbeat: which hosts are not heard now, in their own words. False: all are. */
bool plainlink_lost(const struct plainlink *p, struct session *s, struct str *out);
/* A host that something runs on wants a person (a changed key, a login refused), cannot be
 * reached from the start, or has not been heard for five minutes. Its words in `out`. */
bool plainlink_stuck(const struct plainlink *p, struct session *s, struct str *out);
/* "Still looking, 30s of 5m: api fail, 503." False: no check looks. */
bool plainlink_looks(const struct session *s, struct str *out);
/* "Soaking, 30s of 5m: api 4 looks, worst 43 ms." False: nothing soaks. */
bool plainlink_soaks(const struct session *s, struct str *out);
void plainlink_release(struct plainlink *p);

/* Commands were ordered, none ever got as far as a host, and that for a host's sake. */
bool plainlink_unreached(const struct session *s);
/* A host is asked once more about what nobody knew; one that cannot be reached has had its
 * chance. */
bool plainlink_asks_again(const struct session *s, int step);

/* Past its timeout and nobody to ask: one such command is cancelled. False: there is none. */
bool plainlink_cancel_late(struct session *s, struct plainsay *say);
/* A command, check or wait is under way. */
bool plainlink_runs(const struct session *s);
/* Asks for the end of whatever runs. */
void plainlink_stop_all(struct session *s);

#endif
