#ifndef LIVE_ASSEMBLE_H
#define LIVE_ASSEMBLE_H

/*
 * Raw bytes of one log, in pieces of any size, to whole lines with the offset of each in
 * its source. A line longer than ASSEMBLE_LINE_BYTES is handed out once, cut, with the
 * number of bytes left away; so a line that never ends needs no more memory than that.
 * Knows nothing of what stands in a line: base/text makes it harmless. Used by live/logs.
 *
 * Life: assemble_init, assemble_begin wherever the stream (re)starts, feed, flush at its
 * end. Between begin and begin offsets count on by themselves.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

enum { ASSEMBLE_LINE_BYTES = 16 * 1024 };

struct assemble_line {
	const char *text; /* without its LF or CR LF; valid during the call */
	size_t len;
	int64_t offset; /* of its first byte */
	size_t cut;     /* bytes of it that were left away */
	bool ended;     /* by a LF; false: the stream ended first */
};
typedef void assemble_fn(void *ctx, const struct assemble_line *line);

struct assemble {
	assemble_fn *fn;
	void *ctx;
	size_t limit;       /* longest line; may be set after init */
	struct str partial; /* of a line whose end has not come */
	size_t cut;
	int64_t start; /* offset of that line */
	int64_t at;    /* offset of the next byte fed */
};

void assemble_init(struct assemble *a, assemble_fn *fn, void *ctx);
void assemble_release(struct assemble *a);
/* The next byte fed stands at `offset`; an unfinished line is forgotten. */
void assemble_begin(struct assemble *a, int64_t offset);
void assemble_feed(struct assemble *a, const char *p, size_t len);
/* The stream ended: what is left is a line too. */
void assemble_flush(struct assemble *a);
/* Where to go on after a drop, so that no line is lost and none comes twice. */
int64_t assemble_resume(const struct assemble *a);

#endif
