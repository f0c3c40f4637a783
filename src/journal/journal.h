#ifndef JOURNAL_JOURNAL_H
#define JOURNAL_JOURNAL_H

/*
 * The book of one run: append-only lines, each naming the hash of the one before. Format:
 * handrail-journal(5). Who drives holds the lock.
 *
 * Writing is split so that the disk may be slow while the screen is not: journal_batch_new
 * fills the envelopes and makes the lines (loop thread), journal_commit writes and syncs
 * (any one thread, strictly in order, one batch at a time), journal_done takes the result
 * back (loop thread). An event is a fact, and may be applied, only after a commit that
 * said true.
 *
 * Promises: one batch is one write and one sync of the journal, then one line in `heads`;
 * after a failed sync the book is poisoned and never synced again; a short write or a full
 * disk is cut back and may be tried again with the same batch; blobs are on disk before the
 * record that names them.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"
#include "event/event.h"

enum { JOURNAL_RESERVE = 64 * 1024 };

struct journal;
struct journal_batch;

struct journal_who {
	const char *con;     /* host/pid/8 hex */
	const char *who;     /* principal of the driver */
	const char *process; /* "pid start boot", for whoever has to end it; or NULL */
};

/* A folder of runs: $XDG_STATE_HOME/handrail/runs. Makes it 0700; refuses a symlink, a
 * foreign owner and parents others may write to. Caller frees. */
char *journal_runs_dir(struct err *e) WARN_UNUSED;

/* New book in runs_dir/<id>, locked, with room reserved. Nothing is visible under its name
 * before the first commit (run.open) succeeded. */
struct journal *journal_create(const char *runs_dir, const char *id,
	const struct journal_who *who, struct err *e) WARN_UNUSED;
/* Existing book, to go on writing: takes the lock (ERR_STATE "busy: ..." when somebody has
 * it), files a torn tail away, appends journal.recovered on the next commit, and replays.
 * ERR_RECORD when the book is bad: then it may only be read. A replay that says false
 * is ERR_STATE. */
typedef bool journal_replay_fn(void *ctx, const struct event *ev, const char *hash);
struct journal *journal_open(const char *run_dir, const struct journal_who *who,
	journal_replay_fn *fn, void *ctx, struct err *e) WARN_UNUSED;
/* Reading without the lock; stops quietly before a torn or unfinished tail. */
bool journal_read(
	const char *run_dir, journal_replay_fn *fn, void *ctx, struct err *e) WARN_UNUSED;
void journal_free(struct journal *j); /* gives the lock back */

const char *journal_run(const struct journal *j);
const char *journal_dir(const struct journal *j);
int64_t journal_seq(const struct journal *j);      /* last durable; -1: none */
const char *journal_head(const struct journal *j); /* its hash; 64 zeros before */
bool journal_poisoned(const struct journal *j);
int64_t journal_epoch(const struct journal *j);
/* From the next batch on; the highest of the record after journal_open. */
void journal_set_epoch(struct journal *j, int64_t epoch);
/* Says whether somebody holds the lock of a run folder, and who (con id). */
bool journal_is_busy(const char *run_dir, char *con, size_t len);
/* The same with all that the lock says. Strings are the caller's, "" when it does not say. */
struct journal_holder {
	char *con, *who;
	int64_t pid; /* 0: not known */
	char *start; /* of that process, as the system counts */
	char *boot;  /* of the machine */
};
bool journal_holder(const char *run_dir, struct journal_holder *out);
void journal_holder_release(struct journal_holder *h);
/* Does the record still stand where it stood, and the lock that we hold with it? ERR_BUSY when
 * not: somebody else has taken the run. */
bool journal_is_ours(const struct journal *j, struct err *e) WARN_UNUSED;
int64_t journal_bytes(const struct journal *j); /* durable */

/* who NULL: the driver. Takes the events (their envelope is filled in); NULL: they are
 * gone and nothing was written. ERR_LIMIT: the event named makes a line longer than
 * EVENT_LINE_MAX (what is large belongs into a blob first); ERR_STATE: a group with two
 * intents; ERR_IO: poisoned. */
struct journal_batch *journal_batch_new(struct journal *j, struct events *take,
	struct now now, const char *who, struct err *e) WARN_UNUSED;
bool journal_commit(
	struct journal *j, struct journal_batch *b, struct err *e) WARN_UNUSED;
/* The batch's events with their envelopes, in order, and the hash of each line; valid
 * until journal_batch_free. */
void journal_done(struct journal *j, struct journal_batch *b, bool committed);
size_t journal_batch_len(const struct journal_batch *b);
const struct event *journal_batch_event(const struct journal_batch *b, size_t i);
const char *journal_batch_hash(const struct journal_batch *b, size_t i);
const char *journal_batch_line(
	const struct journal_batch *b, size_t i, size_t *len); /* no LF */
void journal_batch_free(struct journal_batch *b);

/* Room for the ending of a step before it starts; ERR_IO: then it must not start. */
bool journal_reserve(struct journal *j, size_t bytes, struct err *e) WARN_UNUSED;

#endif
