#ifndef APP_SERVINGINNER_H
#define APP_SERVINGINNER_H

/* What serving.c (who comes in, and what is sent) and serving_ask.c (what they ask for) share.
 * Not for others; serving_sign.c is what they sign. */

#include "app/spine.h"
#include "base/talk.h"
#include "loop/meet.h"
#include "loop/talker.h"

enum {
	DOORS = 2,
	ASKERS = 32, /* accounts whose requests are counted */
};

struct door {
	struct session *s;
	int fd;
	char *path;
	enum meet_who who;
	struct loop_fd *watch;
};

struct peer {
	struct session *s;
	struct talker *t;
	struct meet_peer who;
	char *name; /* principal: of our own account what it says, else who the kernel says */
	bool greeted, level, gone;
	int64_t offset, line; /* in the record: what was looked at */
	int64_t from;         /* line that was asked for first */
	struct mono came;
	struct loop_timer *pump;
	struct peer_sign *sign; /* its signature is being checked; or NULL */
};

/* An account that asks, however often it comes anew. */
struct asker {
	unsigned uid;
	int asks;
	struct mono from;
};

struct serving {
	struct session *s;
	struct asker askers[ASKERS];
	size_t askers_len;
	struct door doors[DOORS];
	VEC_OF(struct peer *) peers;
	struct loop_timer *sweep;
};

/* It goes, in the next turn. */
void serving_lose(struct peer *p);
/* It is told why not. */
void serving_refuse(struct peer *p, const char *why);
void serving_sign(struct peer *p, const struct talk_frame *f);
void serving_decline(struct peer *p, const struct talk_frame *f);
void serving_sign_release(struct peer *p);
/* A frame that asks for something. False: no such frame is asked. */
bool serving_ask(struct peer *p, const struct talk_frame *f);

#endif
