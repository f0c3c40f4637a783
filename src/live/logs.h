#ifndef LIVE_LOGS_H
#define LIVE_LOGS_H

/*
 * Many logs of many hosts as one: bytes of each source become harmless lines, are given a
 * time corrected by how far the clock of their host is off, a level and their place among
 * all others. Says of each source whether it is live, stale, or dead and why, so that a
 * dead one never looks quiet. Called by app/logging for the console and for `handrail
 * logs`; opens nothing and reads no clock: `now` comes in with every call.
 *
 * A line that comes more than the hold after lines of a later time were there is put in
 * its place all the same, is marked late, and counted. Lines that go at the old end, bytes
 * that were left away and bytes that a source lost are counted too.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/redact.h"
#include "live/logstore.h"

enum {
	LOGS_HOLD_MS = 1500,       /* a quiet file is looked at once a second */
	LOGS_STALE_MS = 15 * 1000, /* three beats of a follower */
	LOGS_LINES = 200 * 1000,
	LOGS_BYTES = 16 * 1024 * 1024,
	LOGS_MINUTES = 60,
};

enum logs_kind {
	LOGS_TEXT,    /* a file, or what a command writes */
	LOGS_STAMPED, /* each line begins with its time and a blank: docker, podman */
	LOGS_JOURNAL, /* journalctl -o json */
};

/* WAITING: no answer yet. ENDED: it came to its end by itself. */
#define LOGS_STATES(X) \
	X(WAITING, "waiting") \
	X(LIVE, "live") \
	X(STALE, "stale") \
	X(ENDED, "ended") \
	X(DEAD, "dead")

enum logs_state {
#define X(id, name) LOGS_##id,
	LOGS_STATES(X)
#undef X
};

struct logs_opts {
	size_t max_lines, max_bytes;
	int64_t hold_ms;
	const struct redact *redact; /* NULL: no secrets are known */
	/* A line was put in before the end: whoever holds numbers moves them. */
	void (*inserted)(void *ctx, uint64_t seq);
	void *ctx;
};

struct logs_source {
	const char *name, *host;
	enum logs_kind kind;
	enum logs_state state; /* as told; STALE is made of time */
	const char *why;       /* of DEAD and ENDED, "" otherwise */
	struct wall state_since;
	struct mono heard; /* the last sign of life */
	struct mono lined; /* the last line; 0: none yet */
	bool offset_known;
	int64_t offset_ms; /* its clock is so much ahead of ours */
	uint64_t lines, late, cut_bytes, lost_bytes, gaps;
};

struct logs;

struct logs *logs_new(const struct logs_opts *o);
void logs_free(struct logs *l);
const struct logstore *logs_store(const struct logs *l);
size_t logs_sources(const struct logs *l);
const struct logs_source *logs_source(const struct logs *l, size_t source);

/* Strings are copied. */
size_t logs_add(struct logs *l, enum logs_kind kind, const char *name, const char *host);
/* Bytes of this source that follow begin at `offset` of its file. */
void logs_begin(struct logs *l, size_t source, int64_t offset);
void logs_feed(
	struct logs *l, size_t source, const char *p, size_t len, const struct now *now);
/* What is left unfinished becomes a line. */
void logs_flush(struct logs *l, size_t source, const struct now *now);
/* A sign of life; host_ms is its clock at that moment, 0: not told. `coarse`: in seconds. */
struct logs_beat {
	int64_t host_ms;
	int zone_min;
	bool coarse;
};
void logs_beat(
	struct logs *l, size_t source, const struct logs_beat *b, const struct now *now);
void logs_tell(struct logs *l, size_t source, enum logs_state state, const char *why,
	const struct now *now);
/* A sentence of ours among the lines: rotated, truncated, a gap. */
void logs_note(
	struct logs *l, size_t source, const char *sentence, const struct now *now);
/* The same of nobody's source: what the run did meanwhile. No filter leaves it out. */
void logs_say(struct logs *l, const char *sentence, const struct now *now);
/* Something of the source is missing: counted beside the note that says so. */
void logs_gap(struct logs *l, size_t source, uint64_t bytes);
void logs_mark(struct logs *l, uint64_t seq);

/* Where a follower goes on: the offset, and for the others the last time or cursor, ""
 * before any line. Lines of that very time which came already are then left out. */
int64_t logs_offset(const struct logs *l, size_t source);
const char *logs_resume(struct logs *l, size_t source);

/* Lines before this number are in their place for the hold already: what prints and can
 * never take back prints up to here. Call it as time goes by. */
uint64_t logs_settled(struct logs *l, const struct now *now);
enum logs_state logs_state_now(const struct logs_source *s, struct mono now);
const char *logs_state_name(enum logs_state s);
/* Errors of each of the last minutes, the newest last. */
void logs_errors(const struct logs *l, struct wall now, unsigned out[LOGS_MINUTES]);

#endif
