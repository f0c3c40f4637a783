#ifndef VIEW_RING_H
#define VIEW_RING_H

/*
 * The last lines that a command wrote, for the output pane: one bounded ring for each way
 * of each leg, fed with raw bytes, holding harmless lines. A lone CR starts its line anew,
 * as progress bars mean it. A line that never ends is cut. Nothing is kept for the record
 * here: that is the spool's.
 */

#include "base/clock.h"
#include "base/str.h"
#include "base/vec.h"
#include "run/request.h"

enum { RING_LINES = 2000, RING_LINE_BYTES = 4096 };

struct ring_line {
	struct wall at;
	char *text;
};

struct ring_leg {
	int step, leg;
	enum way way;
	struct ring_line *lines; /* RING_LINES, circular */
	size_t first, count;
	uint64_t dropped;
	struct str partial; /* raw */
	bool again;         /* a CR came: the next byte starts the line anew */
};

struct ring {
	VEC_OF(struct ring_leg *) legs;
};

void ring_release(struct ring *r);
struct ring_key {
	int step, leg;
	enum way way;
};
void ring_feed(
	struct ring *r, struct ring_key key, const char *p, size_t len, struct wall at);
/* A sentence of our own, after ending an unfinished line. */
void ring_note(struct ring *r, struct ring_key key, const char *text, struct wall at);
const struct ring_leg *ring_find(const struct ring *r, struct ring_key key); /* or NULL */
const struct ring_line *ring_line(const struct ring_leg *l, size_t i); /* oldest first */
/* The unfinished line as it stands, harmless; false: there is none. */
bool ring_partial(const struct ring_leg *l, struct str *out);

#endif
