#ifndef LIVE_LOGSTORE_H
#define LIVE_LOGSTORE_H

/*
 * The lines that are kept, in the order of their time: a ring bounded in lines and in
 * bytes. What no longer fits goes at the old end and is counted. Lines have a sequence
 * number: [first, end). A line put in before the end moves the numbers of those behind it
 * by one; live/logs tells whoever holds numbers. Texts are harmless and end in NUL.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "live/loglevel.h"

enum logline_flag {
	LOGLINE_CONTINUES = 1, /* belongs to the line of its source before it */
	LOGLINE_LATE = 2,      /* came after its time had been shown */
	LOGLINE_CUT = 4,       /* longer than what is kept */
	LOGLINE_RAW = 8,       /* the bytes that came are kept too: they differ */
	LOGLINE_NOTE = 16,     /* a sentence of ours: nothing the source said */
	LOGLINE_UNTIMED = 32,  /* says no time itself: it is when it came */
	LOGLINE_MARKED = 64,
};

/* A record; small, because there may be a million. */
struct logline {
	int64_t at_ms;  /* corrected wall time */
	int64_t offset; /* in its source, of the first byte; -1: has none */
	uint32_t chunk, start;
	uint32_t len; /* of the harmless text */
	uint16_t source;
	uint8_t level, flags;
};

struct logstore_bytes {
	const char *p;
	size_t len;
};

struct logstore;

struct logstore *logstore_new(size_t max_lines, size_t max_bytes);
void logstore_free(struct logstore *s);

/* Keeps text, and raw when it is not NULL (then LOGLINE_RAW is set), at sequence number
 * `seq` of [first, end]. chunk, start and len of the record need not be set. */
void logstore_insert(struct logstore *s, uint64_t seq, const struct logline *line,
	const struct logstore_bytes *text, const struct logstore_bytes *raw);
uint64_t logstore_first(const struct logstore *s);
uint64_t logstore_end(const struct logstore *s);
uint64_t logstore_dropped(const struct logstore *s); /* lines that went */
size_t logstore_bytes(const struct logstore *s);     /* memory for texts */
const struct logline *logstore_at(const struct logstore *s, uint64_t seq);
const char *logstore_text(const struct logstore *s, const struct logline *l);
/* The bytes as the source sent them, as far as they are kept. */
struct logstore_bytes logstore_raw(const struct logstore *s, const struct logline *l);
void logstore_mark(struct logstore *s, uint64_t seq); /* or takes the mark away */
/* The place for a line of this time and source: behind all that are not later, looking
 * back no further than `reach` lines. */
uint64_t logstore_place(
	const struct logstore *s, const struct logline *line, size_t reach);

#endif
