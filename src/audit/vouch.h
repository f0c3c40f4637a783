#ifndef AUDIT_VOUCH_H
#define AUDIT_VOUCH_H

/*
 * What a signature in a record says, against the record: the statement's lines, its head,
 * seq, run, signer and key; then ssh-keygen's exit code. Used by verify and before a
 * sign-off is written.
 */

#include "base/err.h"
#include "journal/verify.h"
#include "loop/loop.h"

struct vouch_row {
	int64_t seq;
	char *role, *signer;
	bool ok;
	char why[240];
	int64_t voided; /* record by which it no longer holds; -1: it does */
	char *void_why;
};
struct vouch_report {
	VEC_OF(struct vouch_row) rows;
	bool ok;
};

/* Whole record: chain, blobs and signatures; turns the loop until done. allowed_signers
 * NULL: the file beside the journal or the blob; in any case it must be the one that
 * run.open names. The record is good when both reports say ok. */
bool vouch_record(struct loop *l, const char *path, const struct verify_opts *o,
	const char *allowed_signers, struct verify_report *v, struct vouch_report *s,
	struct err *e) WARN_UNUSED;
void vouch_release(struct vouch_report *s);

#endif
