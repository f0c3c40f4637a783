#ifndef JOURNAL_BLOB_H
#define JOURNAL_BLOB_H

/*
 * Bytes too large for a line: content-addressed files blobs/<hh>/<sha256> in the run's
 * folder, on disk before the record that names them; and spools, live output on its way to
 * a blob.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/err.h"
#include "base/redacttally.h"
#include "base/str.h"

enum { BLOB_INLINE_MAX = 4096, BLOB_EXCERPT = 1024 };

/* Mode 0400. Putting the same bytes again is no change. */
bool blob_put(const char *run_dir, const void *p, size_t len, char hex[DIGEST_HEX + 1],
	struct err *e) WARN_UNUSED;
/* ERR_RECORD when its bytes do not have that hash. */
bool blob_read(const char *run_dir, const char *hex, size_t limit, struct str *out,
	struct err *e) WARN_UNUSED;
/* Streams it; false when missing or its bytes differ. */
bool blob_check(const char *run_dir, const char *hex, struct err *e) WARN_UNUSED;
/* Into the folder of another record, checked on the way. */
bool blob_copy(const char *from_dir, const char *hex, const char *to_dir,
	struct err *e) WARN_UNUSED;

/* Appended unsynced to blobs/.tmp, counted, hashed; sealed at the end (synced, renamed to
 * its hash). A spool that cannot write says so once and goes on counting: a lost blob never
 * stops step.done. */
struct spool;
struct spool *spool_new(const char *run_dir, const char *name);
/* However short it is, its bytes become a blob and never text in the record. */
void spool_keep(struct spool *s);
void spool_add(struct spool *s, const void *p, size_t len);
/* Its bytes are kept no longer; the rest goes on, as after a disk that failed. */
void spool_lose(struct spool *s, const char *why);
int64_t spool_bytes(const struct spool *s);
/* Whole text so far when short, else its first and last KiB with a line between. */
void spool_excerpt(const struct spool *s, struct str *out);
struct spool_sealed {
	int64_t bytes, lines;
	char hex[DIGEST_HEX + 1];    /* "" when it is not kept as a blob */
	struct str text;             /* whole when <= BLOB_INLINE_MAX, else empty */
	struct str head, tail;       /* first and last KiB when longer */
	struct redacttally redacted; /* what was taken out of them */
	char why[160]; /* why there is no blob although there should be, or "" */
};
/* Blocks on the disk. Ends and frees the spool. */
void spool_seal(struct spool *s, struct spool_sealed *out);
void spool_sealed_release(struct spool_sealed *s);
void spool_free(struct spool *s); /* drops it */

#endif
