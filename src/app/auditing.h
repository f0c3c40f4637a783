#ifndef APP_AUDITING_H
#define APP_AUDITING_H

/*
 * What the audit screen and the replay show of a record: its events as they stand in the file,
 * their fold, and what `handrail verify` says of it. Verification is a child process of its
 * own, so that nothing waits for it; one at a time.
 */

#include "loop/loop.h"
#include "model/project.h"
#include "run/run.h"
#include "view/view_audit.h"

enum { AUDITING_BYTES_MAX = 32 << 20 }; /* of a journal that is read for a screen */

struct auditing_record {
	struct {
		VEC_OF(struct event *) list;
	} events; /* up to the first line that does not hold */
	struct {
		VEC_OF(char *) list;
	} hashes;                /* of their lines */
	struct runbook *runbook; /* of the record; NULL: run_fault */
	struct run *run;         /* fold of all of them; NULL: run_fault says why */
	char *run_fault;
	struct audit_sums sums;
};
/* Never fails: what cannot be read is told by run_fault. `project`: the one at hand, for a
 * record that was opened with none or with this one. */
void auditing_read(
	const char *dir, const struct project *project, struct auditing_record *out);
void auditing_release(struct auditing_record *r);
/* A fold of the first `count` events; NULL when there is no runbook. The caller frees. */
struct run *auditing_fold(const struct auditing_record *r, size_t count);

struct auditing; /* checks of many runs, kept by id */
/* `told` is called when a check has come in. */
struct auditing *auditing_new(struct loop *l, void (*told)(void *ctx), void *ctx);
void auditing_free(struct auditing *a);
/* What is known of that run as its files are now; valid until it is asked for again. */
const struct audit_check *auditing_of(
	struct auditing *a, const char *id, const char *dir);
/* Begins to check it, when it is not and no other check goes on. */
void auditing_start(struct auditing *a, const char *id, const char *dir);
void auditing_forget(struct auditing *a, const char *id); /* to be checked anew */
bool auditing_busy(const struct auditing *a);

#endif
