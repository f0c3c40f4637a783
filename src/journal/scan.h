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
#include "event/line.h"

/* `hash` is of the whole line with its newline. Returning false ends the scan. */
typedef bool scan_fn(
	void *ctx, const struct line *l, const char *bytes, size_t len, const char *hash);

extern const char scan_zero_head[DIGEST_HEX + 1]; /* prev of the first record */

struct scan_result {
	int64_t records;     /* linked lines seen */
	int64_t good_bytes;  /* end of the last linked line */
	int64_t group_bytes; /* end of the last complete group */
	int64_t group_seq;   /* seq of its last record, -1 when none */
	int64_t size;        /* of the file */
	int64_t fault_line;  /* 1-based, 0 when all lines hold */
	bool later_lines;    /* a record stands somewhere after the fault */
	bool later_groups;   /* ... and it cannot be of the group that the fault is in */
	bool only_holes;     /* each damaged line holds bytes of zero */
	bool stopped;        /* the callback ended it */
	char head[DIGEST_HEX + 1];
	char run[ULID_LEN + 1];
	char what[320]; /* of the fault */
};

bool scan_journal(const char *path, scan_fn *fn, void *ctx, struct scan_result *out,
	struct err *e) WARN_UNUSED;

#endif
