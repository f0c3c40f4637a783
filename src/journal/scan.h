#ifndef JOURNAL_SCAN_H
#define JOURNAL_SCAN_H

/*
 * One pass over a journal file, in bounded memory: splits lines, parses each strictly,
 * follows the chain and hands every linked line on. Stops at the first line that does not
 * hold and says whether anything linked comes after it. Knows nothing of heads or blobs.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/err.h"
#include "event/event.h"

/* `hash` is of the whole line with its newline. Returning false ends the scan. */
typedef bool scan_fn(void *ctx, const struct event *ev, const char *line, size_t len,
		     const char *hash);

struct scan_result {
	int64_t records;      /* linked lines seen */
	int64_t good_bytes;   /* end of the last linked line */
	int64_t group_bytes;  /* end of the last complete group */
	int64_t group_seq;    /* seq of its last record, -1 when none */
	int64_t size;         /* of the file */
	int64_t fault_line;   /* 1-based, 0 when all lines hold */
	bool later_lines;     /* a record stands somewhere after the fault */
	bool stopped;         /* the callback ended it */
	char head[DIGEST_HEX + 1];
	char run[ULID_LEN + 1];
	char what[320];       /* of the fault */
};

bool scan_journal(const char *path, scan_fn *fn, void *ctx, struct scan_result *out,
		  struct err *e) WARN_UNUSED;

/* The `heads` file: highest seq it names, and what it says about each. A missing file is
 * an empty one. */
struct scan_heads {
	int64_t last_seq; /* -1: none */
	struct map_of_heads *map;
};
bool scan_heads_read(const char *path, struct scan_heads *out, struct err *e) WARN_UNUSED;
const char *scan_heads_of(const struct scan_heads *h, int64_t seq); /* NULL: not named */
void scan_heads_release(struct scan_heads *h);

#endif
