#ifndef JOURNAL_VERIFY_H
#define JOURNAL_VERIFY_H

/*
 * Checks a record as a third party would: every line canonical, the chain
 * whole, groups complete, heads vouching, blobs as named. Streams; memory does not grow
 * with the record. Signatures are handed to the caller (audit/vouch), because they need a
 * child process. contrib/verify does the same in sh; both must agree on every fixture.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/vec.h"
#include "event/event.h"

struct verify_signature {
	int64_t seq;
	int64_t of; /* of an authority: the record it answers for; -1: it is a sign-off */
	char *step, *role, *stmt, *sig, *key, *who; /* "" where the record has none */
	int64_t covers; /* seq the statement says it covers; -1: none before its own */
	char *head;     /* of that record, NULL: none */
	struct wall t;
	int64_t voided; /* record by which it no longer holds; -1: it does */
	char *void_why;
};

enum { VERIFY_RECENT = 1 << 14 }; /* an anchor names one of so many records, or is bad */

struct verify_report {
	bool ok;
	char run[ULID_LEN + 1];
	int64_t records;
	char head[DIGEST_HEX + 1];
	int64_t unvouched; /* records after the last head that vouches; records when none */
	bool vouched;      /* heads or --head were there */
	int64_t held_last;  /* seq, of the newest head in opts.held; -1 */
	int64_t fault_line; /* 1-based; 0: none */
	char what[400];     /* of the fault */
	bool torn; /* only an unacknowledged tail is bad: a resume files it away */
	char allowed_signers[DIGEST_HEX + 1]; /* of run.open, "" if none */
	char *mode;                           /* of run.open: "live" "dry" "practice" */
	char *runbook; /* of run.open as a statement names it: "name sha256:hex" */
	VEC_OF(struct verify_signature) signatures;
	int64_t last_signature; /* seq; -1 */
};

struct verify_opts {
	const char *head; /* --head: "HASH" or "SEQ HASH" that must occur, or NULL */
	/* A file in the format of `heads` that somebody else vouches with, and who that is in
	 * a sentence ("the store"); or NULL. */
	const char *held, *held_by;
	bool skip_blobs;
};

/* `path` is a run folder or a journal file. False only when it cannot be read at all. */
bool verify_record(const char *path, const struct verify_opts *o,
	struct verify_report *out, struct err *e) WARN_UNUSED;
void verify_release(struct verify_report *r);

#endif
