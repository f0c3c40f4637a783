#ifndef SHARE_BLOBSEND_H
#define SHARE_BLOBSEND_H

/*
 * The files that lines of a record name by their hash (blobs/, journal/blob.h), on their way
 * to the store in parts, so that whoever takes the run over elsewhere has them. One that is
 * larger than BLOBSEND_MOST stays where it is. Knows no connection.
 */

#include <stdbool.h>

#include "base/digest.h"
#include "base/str.h"
#include "base/vec.h"

enum { BLOBSEND_PART = 256 * 1024, BLOBSEND_MOST = 16 << 20 };

struct blobsend {
	VEC_OF(char *) names; /* hashes; the first one is under way */
	int part;             /* of that one, the next to be sent */
};

/* Whatever these lines name and the folder of the run holds. */
void blobsend_find(
	struct blobsend *b, const char *run_dir, const char *lines, size_t len);
struct blobsend_part {
	const char *sha256; /* until blobsend_passed */
	int part, parts;
	struct str bytes; /* released by the caller */
};
/* False: there is nothing to be sent. What cannot be read is left out: the record that names
 * it is sent all the same. */
bool blobsend_next(struct blobsend *b, const char *run_dir, struct blobsend_part *out);
void blobsend_passed(struct blobsend *b, const struct blobsend_part *p);
void blobsend_reset(struct blobsend *b); /* and released */

/* Calls for each hash that stands alone between quotes in these lines, but for `prev`. */
typedef void blobsend_name_fn(void *ctx, const char hex[DIGEST_HEX + 1]);
void blobsend_names(const char *lines, size_t len, blobsend_name_fn *fn, void *ctx);

#endif
