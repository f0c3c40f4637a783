#ifndef JOURNAL_HEADS_H
#define JOURNAL_HEADS_H

/*
 * The file `heads` beside a journal: after each sync a line "seq hash", which says that this
 * record was durable once. Read in step with the journal, so memory does not grow with it.
 * A line that is no head (the torn last one), or whose seq is not above the one before it,
 * vouches for nothing. A missing file is an empty one.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/err.h"

struct heads;

/* Reads no further than the file goes now: a console may be writing, and what it adds
 * vouches for records that the caller does not see. Open it before the journal. */
struct heads *heads_open(const char *path, struct err *e) WARN_UNUSED;
/* In rising order of seq. False when the file names this record with another hash. */
bool heads_agree(struct heads *h, int64_t seq, const char *hash);
/* Reads what is left. Highest seq named, -1 when none. */
int64_t heads_last(struct heads *h);
/* After heads_last: end of the last line that vouches; what follows may be cut off. */
int64_t heads_good_bytes(const struct heads *h);
void heads_free(struct heads *h);

#endif
