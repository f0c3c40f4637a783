#ifndef BASE_REDACTTALLY_H
#define BASE_REDACTTALLY_H

/*
 * Counts what was taken out of bytes (redact.h), by the marks that stand in them, whatever
 * way they took: what a record says of its own bytes is so true for whoever counts again.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/jsonout.h"
#include "base/vec.h"

enum {
	REDACTTALLY_NAME_BYTES = 64, /* a longer name is no mark */
	REDACTTALLY_NAMES = 16,      /* more names count as one, "others" */
};

struct redacttally_row {
	char *name;
	int64_t count;
};

struct redacttally {
	VEC_OF(struct redacttally_row) list; /* in the order in which they came */
	char name[REDACTTALLY_NAME_BYTES];
	size_t matched; /* bytes of a mark that were the last ones so far */
};

/* In pieces of any size; starts zeroed. */
void redacttally_feed(struct redacttally *t, const char *p, size_t len);
/* The member "redacted":{name:count}, or nothing where nothing was taken out. */
void redacttally_write(const struct redacttally *t, struct jsonout *j);
void redacttally_release(struct redacttally *t); /* back to zeroes */

#endif
