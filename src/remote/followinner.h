#ifndef REMOTE_FOLLOWINNER_H
#define REMOTE_FOLLOWINNER_H

/*
 * What follow.c (a follower's life), followread.c (what comes back of it) and followmux.c
 * (many of them on one channel) share.
 */

#include "base/str.h"
#include "base/vec.h"
#include "remote/follow.h"

enum {
	FOLLOW_TOKEN_LEN = 32,
	FOLLOW_LINE_MAX = 4096, /* of ours, and of what stands before the first of them */
};

/* What the next byte is: a line of ours, of so many bytes of a file, of a piece of what a
 * command wrote, or of all that it writes. */
enum follow_at { FOLLOW_AT_LINES, FOLLOW_AT_DATA, FOLLOW_AT_PIECE, FOLLOW_AT_RAW };

struct follow {
	struct followmux *mux;
	struct follow_calls calls;
	struct follow_spec spec;
	char *what, *name;
	char token[FOLLOW_TOKEN_LEN + 1];
	struct link_exec *exec; /* of a follower that is alone on its channel */
	bool waits, runs;       /* for the mux; on it */
	struct loop_timer *retry;
	struct loop_timer *sim; /* of one on a simulated host: the next look */
	struct sim_told told;
	bool lives;
	int64_t retry_ms;
	enum follow_at at;
	struct str line, err_line; /* unfinished lines of ours */
	struct str held;           /* the end of data that may be the begin of "done" */
	char done[FOLLOW_TOKEN_LEN + 24]; /* "\nFL1 done tok=...\n" */
	int64_t left;                     /* bytes of this piece of data */
	char inode[24];                   /* of the open file, "" before */
	int64_t next;                     /* offset of the next byte */
	bool begun;                       /* on_begin was called for what is open */
	bool skips;                       /* up to the end of a line that began before */
	bool answered;                    /* a line of ours came, on this connection */
	bool came;                        /* data came, on any */
	bool ended;                       /* it said so itself */
	struct follow_status status;
	char said[160]; /* the last line that was not ours */
	char why[240];
	int depth;
	bool freed;
};

/* follow.c */
void follow_enter(struct follow *f); /* around whatever calls its owner */
void follow_leave(struct follow *f);
void follow_tell_state(struct follow *f, enum follow_state state);
void follow_over(struct follow *f, const struct link_exec_end *end);
/* What is sent to begin it, or to go on. */
void follow_request(struct follow *f, struct str *out);
void follow_begin_alone(struct follow *f);

/* followsim.c: instead of all that, on a simulated host */
void followsim_begin(struct follow *f);
void followsim_end(struct follow *f);

/* followread.c */
/* The token of a line "FL1 ... tok=TOKEN", or NULL; it stands at its end. */
const char *followread_token(const struct str *line);
/* A whole line outside of data. */
void followread_line(struct follow *f, struct str *line);
/* Takes what belongs to the data that is due, at most len; then `at` is LINES again. */
size_t followread_data(struct follow *f, const char *p, size_t len);
size_t followread_bytes(struct follow *f, const char *p, size_t len);
/* Up to the end of a line; true: it is whole. */
bool followread_collect(struct str *line, const char *p, size_t len, size_t *used);
void followread_err(struct follow *f, const char *p, size_t len);

/* followmux.c */
struct link *followmux_link(const struct followmux *m);
void followmux_join(struct followmux *m, struct follow *f);
void followmux_leave(struct followmux *m, struct follow *f);
/* It begins as soon as the channel is there. */
void followmux_want(struct followmux *m, struct follow *f);

#endif
