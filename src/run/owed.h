#ifndef RUN_OWED_H
#define RUN_OWED_H

/*
 * What is owed, over many records: a fold over their run.open, obligation.open and
 * obligation.close events and nothing else, so that it is the same however often and in which
 * order the records are read. An obligation is named by the record and the number of the
 * event that opened it; the run that closes it is another record. Pure.
 */

#include "event/event.h"
#include "model/runbook.h"

enum owed_state {
	OWED_OPEN,
	OWED_CLOSED, /* done, waived, postponed or released: `as` says which */
	OWED_REPLACED, /* it comes again, and a newer run of the same runbook left it anew */
};

struct owed {
	char run[ULID_LEN + 1], root[ULID_LEN + 1]; /* root: whose step it came from */
	int64_t seq;
	char *title, *role, *duty, *every; /* role and every may be NULL */
	char *runbook, *sha256;            /* path as it was given, and hash */
	char *environment, *config;        /* config: path of handrail.yaml; NULL, both */
	char *about; /* what its probes look at, as inputs say; or NULL */
	struct strings checks;
	struct wall opened, due, first;
	enum owed_state state;
	char *as, *reason; /* of the end; NULL */
	char *closer;      /* id of an open run that is there to close it; or NULL */
	bool tried;        /* that run has a reading that was not good, or a mark */
};

struct owed_book {
	struct {
		VEC_OF(struct owed) list; /* by due time, once settled */
	} owed;
	struct {
		VEC_OF(struct owed_end) list;
	} ends;
	struct {
		VEC_OF(struct owed_run) list;
	} runs;
};

/* Each event of a record, in order. */
void owed_apply(struct owed_book *b, const struct event *ev);
/* When all were read: ends meet their beginnings. */
void owed_settle(struct owed_book *b);
void owed_release(struct owed_book *b);

/* How many are open and due at this time. */
size_t owed_count_due(const struct owed_book *b, struct wall now);

#endif
