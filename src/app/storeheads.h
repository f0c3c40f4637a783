#ifndef APP_STOREHEADS_H
#define APP_STOREHEADS_H

/*
 * What the store knows of one record, as heads to compare the record with: for verify. The
 * hashes are computed by the server from the lines that it holds, and it is asked whether
 * they are those that it wrote down when the lines came.
 */

#include <stdbool.h>
#include <stdint.h>

#include "app/storing.h"
#include "base/err.h"
#include "base/ulid.h"

struct storeheads {
	char run[ULID_LEN + 1];
	char *path;      /* a file in the format of `heads`, ours; NULL: it has nothing */
	int64_t records; /* of that run in the store */
	char fault[160]; /* in what the store holds itself, or "" */
};

/* Of the record in `path` (a folder or a journal file). False: the store cannot be asked, or
 * the record has no first line (ERR_RECORD). */
bool storeheads_fetch(struct storing *s, const char *path, struct storeheads *out,
	struct err *e) WARN_UNUSED;
void storeheads_release(struct storeheads *h); /* removes the file */

#endif
