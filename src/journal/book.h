#ifndef JOURNAL_BOOK_H
#define JOURNAL_BOOK_H

/*
 * Inside of struct journal, for journal.c (making, opening), relocate.c (moving) and batch.c
 * (writing) alone.
 * While a batch is in flight the writer thread owns what stands below "the writer's";
 * journal_done hands it back.
 */

#include <stdatomic.h>

#include "base/str.h"
#include "journal/journal.h"

struct journal {
	char run[ULID_LEN + 1];
	char *dir, *path;
	char *con, *who, *process;
	int lock_fd;
	bool made;   /* we made the folder: without a record it goes again */
	int64_t seq; /* last durable */
	int64_t epoch;
	struct mono began; /* `mono` of the envelope counts from here */
	char head[DIGEST_HEX + 1];
	struct digest *digest;
	bool in_flight;          /* a batch was made and not taken back */
	struct event *recovered; /* goes before the next batch */
	atomic_bool poisoned;    /* set by the writer, read by anybody */
	/* the writer's */
	int fd, heads_fd;
	bool temporary;     /* still journal.tmp: the first commit gives it its name */
	int64_t size;       /* durable bytes */
	bool cut_first;     /* a failed write may have left bytes behind */
	int64_t heads_size; /* whole lines in heads */
	struct str owed;    /* lines that heads did not take yet */
	/* after a move */
	char *left;       /* the folder it came from, until that is told there; or NULL */
	int left_lock_fd; /* nobody takes the old folder up while we live */
};

/* journal.c, for relocate.c: its descriptors under the name in j->dir and j->path. */
bool journal_take_lock(struct journal *j, struct err *e) WARN_UNUSED;
bool journal_open_heads(struct journal *j, int64_t good_bytes, struct err *e) WARN_UNUSED;

#endif
