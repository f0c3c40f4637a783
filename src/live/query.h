#ifndef LIVE_QUERY_H
#define LIVE_QUERY_H

/*
 * Which lines of a logstore are wanted: by level, by source and by up to two patterns
 * (filter and search). The answer is an index of sequence numbers that grows in slices of
 * at most QUERY_SLICE_MS, so that a million lines never hold up a key press, and follows
 * the store while lines are added, put in between and dropped. Newest lines are looked at
 * first when it begins anew, because those are on the screen.
 *
 * The trace below a wanted line is wanted too as far as the level goes; a pattern must
 * stand in the very line.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/pattern.h"
#include "live/logstore.h"

enum { QUERY_SLICE_MS = 4, QUERY_PATTERNS = 2, QUERY_SOURCES = 256 };

struct query_terms {
	const struct pattern *patterns[QUERY_PATTERNS]; /* borrowed; NULL: any line */
	enum loglevel level;                            /* this or worse */
	/* One bit for each source that is left out. */
	uint64_t hidden[QUERY_SOURCES / 64];
};

struct query;

struct query *query_new(const struct logstore *s);
void query_free(struct query *q);
/* Begins anew; the terms are copied. */
void query_set(struct query *q, const struct query_terms *t);
/* Looks at more lines; true while some are left. Call it before the index is read: it also
 * forgets the lines that the store dropped. */
bool query_step(struct query *q);
/* The store put a line in at seq: call it after every insert that is not at the end. */
void query_inserted(struct query *q, uint64_t seq);

/* Lines wanted among those looked at, oldest first. */
size_t query_count(const struct query *q);
uint64_t query_at(const struct query *q, size_t i);
/* How many of them stand before seq. */
size_t query_rank(const struct query *q, uint64_t seq);
bool query_done(const struct query *q); /* every line was looked at */
/* Lines that a pattern gave up on, so that nobody takes "no match" for granted. */
size_t query_gave_up(const struct query *q);
bool query_wants(struct query *q, const struct logline *l);

#endif
