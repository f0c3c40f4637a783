#ifndef SHARE_BOOKWALK_H
#define SHARE_BOOKWALK_H

/*
 * Walks a journal file line by line in pieces, so that no call takes long however large the
 * record is. Knows nothing of what a line says, but whether it ends a group: line n is record n. Only lines up to the
 * `last` that the caller names are looked at, because what follows may be half written.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/err.h"
#include "base/str.h"

struct bookwalk {
	int64_t next;       /* the record that begins at `offset` */
	int64_t offset;     /* bytes */
	int64_t last_began; /* offset of record next - 1; -1: none was passed */
	char last_hash[DIGEST_HEX + 1]; /* of it, "" likewise */
};

void bookwalk_begin(struct bookwalk *w, int64_t next, int64_t offset);
/* One piece towards having passed `seq`. False: the file has no such record, or cannot be
 * read (e says which). w->next > seq: it has been passed; else call again. */
bool bookwalk_to(
	struct bookwalk *w, const char *path, int64_t seq, struct err *e) WARN_UNUSED;
/* The next whole lines, at most `most`, none after record `last`, into `out` (emptied
 * first); how many, 0 with e set when there should be one and is none. Does not move. */
int bookwalk_peek(const struct bookwalk *w, const char *path, int64_t last, int most,
	struct str *out, struct err *e);
/* The same, and never a part of what was written together ("more":true): at most `most` lines
 * unless the first group has more. */
int bookwalk_peek_groups(const struct bookwalk *w, const char *path, int64_t last,
	int most, struct str *out, struct err *e);
/* Passes what was peeked at. */
void bookwalk_pass(struct bookwalk *w, const struct str *lines);

#endif
