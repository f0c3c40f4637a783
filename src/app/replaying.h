#ifndef APP_REPLAYING_H
#define APP_REPLAYING_H

/*
 * A run as it was after any of its records: the fold of so many of them, what commands had
 * printed by then, and the lines of its history. From the record alone; reaches nothing.
 */

#include "app/auditing.h"
#include "view/ring.h"

struct replaying;

/* NULL: it cannot be replayed, and why. */
struct replaying *replaying_open(
	const char *dir, const struct project *project, struct err *e) WARN_UNUSED;
void replaying_free(struct replaying *r);

size_t replaying_len(const struct replaying *r); /* records */
size_t replaying_at(const struct replaying *r);  /* so many are applied; 1 at least */
/* To that many, from 1 to replaying_len. */
void replaying_go(struct replaying *r, size_t at);
const struct run *replaying_run(const struct replaying *r);
const struct ring *replaying_output(const struct replaying *r);
const struct strings *replaying_history(const struct replaying *r);
const struct event *replaying_event(const struct replaying *r, size_t i); /* from 0 */
/* After or before the record at which it stands: of that step, or that tells of a failure.
 * 0: there is none. */
size_t replaying_find_step(const struct replaying *r, const char *step); /* its first */
size_t replaying_find_bad(const struct replaying *r, int by);
/* "13:20:15Z #12  anna  - scan skipped: ..." */
void replaying_line(const struct event *ev, struct str *out);

#endif
