#ifndef JOURNAL_EXAMINE_H
#define JOURNAL_EXAMINE_H

/*
 * A book looked at as a whole before its records are believed: the journal and `heads`
 * together say where the last complete group ends, and whether what follows is only torn
 * (the console died while writing it, nobody was told of it) or the record is bad.
 */

#include "journal/scan.h"

struct examined {
	struct scan_result scan;
	char head[DIGEST_HEX + 1]; /* of the last complete group; zeros when none */
	int64_t vouched;           /* highest seq in heads, -1 when none */
	int64_t heads_bytes;       /* of heads, without a torn end */
};

/* ERR_RECORD when the record is bad. A torn tail is not: then scan.size is larger than
 * scan.group_bytes. */
bool examine_book(const char *dir, const char *journal, struct examined *out,
	struct err *e) WARN_UNUSED;
/* May what stands after the last complete group go? ERR_RECORD says why not. */
bool examine_is_torn(
	const struct scan_result *s, int64_t vouched, struct err *e) WARN_UNUSED;

#endif
