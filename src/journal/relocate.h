#ifndef JOURNAL_RELOCATE_H
#define JOURNAL_RELOCATE_H

/*
 * The way on when the disk under a record is full, read-only or failing: what was durable is
 * copied into another folder and checked against the head in memory, and the book goes on
 * there. For app/life.c (a record that cannot be opened for writing) and app/moving.c (a
 * live one). It says nothing itself: the caller writes journal.relocated as the next
 * record, and only that gives the new folder its name, so a crash in between leaves the old
 * record as it was. Blobs go along; a blob that the old disk does not give back is a fault,
 * because the record would not verify without it.
 */

#include "journal/journal.h"

/* Moves to runs_dir/<run>, which must not be there. Between a journal_done and the next
 * batch; blocks on both disks, so on the writer's thread. False: nothing has changed. */
bool relocate_book(struct journal *j, const char *runs_dir, struct err *e) WARN_UNUSED;
/* As journal_open, for a folder that cannot be written to: reads it there, goes on in
 * runs_dir. */
struct journal *relocate_open(const char *run_dir, const char *runs_dir,
	const struct journal_who *who, journal_replay_fn *fn, void *ctx,
	struct err *e) WARN_UNUSED;
/* Where a record has gone from this folder, or NULL; caller frees. A disk that takes
 * nothing cannot say it. */
char *relocate_gone_to(const char *run_dir);

#endif
