#ifndef BASE_TAR_H
#define BASE_TAR_H

/*
 * Headers of a tar file (POSIX ustar) as we write them, and no others: plain files that belong
 * to nobody. The same entries give the same bytes. Data is padded with zeros to whole blocks,
 * and two blocks of zeros are the end.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

enum { TAR_BLOCK = 512, TAR_NAME = 256 };

struct tar_entry {
	char name[TAR_NAME]; /* relative, parts divided by single slashes */
	int64_t size;        /* bytes, below 8 GiB */
	int64_t mtime;       /* seconds since 1970 */
	bool runs;           /* mode 0755 instead of 0644 */
};

/* ERR_LIMIT: a name or a size that does not fit. */
bool tar_header(
	const struct tar_entry *t, char block[TAR_BLOCK], struct err *e) WARN_UNUSED;
/* ERR_PARSE: it is not what tar_header writes, or its name is not one that may be made: absolute,
 * with a part that is empty, . or .., or with a control character. */
bool tar_parse(
	const char block[TAR_BLOCK], struct tar_entry *out, struct err *e) WARN_UNUSED;
bool tar_is_end(const char block[TAR_BLOCK]);
/* Zeros behind so many bytes of data. */
int64_t tar_padding(int64_t size);

#endif
