#ifndef REMOTE_FOLLOW_H
#define REMOTE_FOLLOW_H

/*
 * One log on one host, followed: a file by its inode, the journal of a unit, a container of
 * docker or podman, or what a command writes. Sends the scripts of FL1 (fl1/README) over
 * the channel that all followers of a link share (remote/followmux.h), hands raw bytes on with their offset, and says what became of the log: rotated,
 * cut, gone, missing. After a drop it asks where to go on and begins again by itself, with
 * back-off, for as long as it lives. Knows nothing of lines: app/logging brings the bytes
 * to live/logs.
 *
 * Callbacks come from the loop, never from inside follow_start; none after follow_free.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "remote/followmux.h"

enum follow_kind { FOLLOW_FILE, FOLLOW_JOURNAL, FOLLOW_CONTAINER, FOLLOW_COMMAND };
enum follow_mode { FOLLOW_ON, FOLLOW_ONCE };

struct follow_spec {
	enum follow_kind kind;
	enum follow_mode mode;
	const char *what; /* path, unit, name or shell text */
	const char *name; /* of the log, for a simulated host; or NULL */
	int64_t lines;    /* of those that are there already */
	int64_t since_s;  /* not older than this, where the log can be asked so; 0: any */
};

/* What became of a log, as sentences. LOST and the restart of a command mean that something
 * is missing. */
#define FOLLOW_EVENTS(X) \
	X(ROTATED, "rotated: a new file follows") \
	X(TRUNCATED, "the file was cut: on from its beginning") \
	X(GONE, "the file is gone; what is open is still read") \
	X(MISSING, "there is no such file yet") \
	X(UNREADABLE, "the file may not be read") \
	X(LOST, "what was written during the drop is lost: the old file is gone") \
	X(SHORT, "the file was cut while it was read") \
	X(AGAIN, "started again: what it wrote meanwhile is lost")

enum follow_event {
#define X(id, words) FOLLOW_##id,
	FOLLOW_EVENTS(X)
#undef X
};

enum follow_state {
	FOLLOW_LIVE,
	FOLLOW_DEAD,  /* the stream broke; tried again when retry_ms > 0 */
	FOLLOW_ENDED, /* by itself: a command that ended, or FOLLOW_ONCE */
};

struct follow_status {
	enum follow_state state;
	const char *why;  /* "" for LIVE */
	int64_t retry_ms; /* 0: not by itself */
	bool unreadable;  /* a file that is not there or may not be read */
	int exit;         /* of a command that ended, -1: not told */
};

/* Where to go on. */
struct follow_from {
	int64_t offset;    /* FOLLOW_FILE */
	const char *since; /* time or cursor of the last line; "" for none */
};

struct follow_beat {
	int64_t host_ms; /* 0: the host did not say */
	int zone_min;
	bool coarse; /* whole seconds only */
};

struct follow_calls {
	void (*on_begin)(void *ctx, int64_t offset); /* the next byte stands there */
	void (*on_data)(void *ctx, const char *p, size_t len);
	/* `bytes`: how many are missing, as far as that is known. */
	void (*on_event)(void *ctx, enum follow_event what, int64_t bytes);
	void (*on_beat)(void *ctx, const struct follow_beat *b);
	void (*on_state)(void *ctx, const struct follow_status *s);
	/* Only asked after something came. The string is used at once. */
	void (*on_resume)(void *ctx, struct follow_from *from);
	void *ctx;
};

struct follow;

struct follow *follow_start(struct followmux *m, const struct follow_spec *s,
	const struct follow_calls *calls);
void follow_free(struct follow *f);
const char *follow_event_words(enum follow_event e);

#endif
