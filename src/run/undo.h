#ifndef RUN_UNDO_H
#define RUN_UNDO_H

/* The way back as it stands now: what really ran, newest first. Pure. */

#include "run/run.h"
#include "run/usual.h"

/* id, in a list, what it means */
#define UNDO_KINDS(X) \
	X(REVERSIBLE, "undo", "its undo takes it back") \
	X(FAILED, "undo failed", "its undo was tried and failed; it can be tried again") \
	X(IRREVERSIBLE, "no way back", "it stays as it is") \
	X(RESTORE, "needs restore", "what it destroyed comes back from a backup alone") \
	X(UNDONE, "undone already", "it was taken back") \
	X(LEFT, "left as it is", "a person left it, with a reason") \
	X(RUNNING, "running", "it runs now, or tries again") \
	X(UNKNOWN, "outcome unknown", "nobody knows what became of it: settle that first")

enum undo_kind {
#define X(id, name, help) UNDO_##id,
	UNDO_KINDS(X)
#undef X
		UNDO_KIND_COUNT
};
const char *undo_kind_name(enum undo_kind k);
const char *undo_kind_means(enum undo_kind k);

struct undo_row {
	int step, leg;
	enum undo_kind kind;
	const char *host; /* where it ran */
	const char *on;   /* where the undo would run; without one where it ran */
	const char *text; /* command, or why there is none (borrowed) */
	struct wall ran_at;
	int64_t seq;      /* of its intent: the order of the rows */
	bool broken;      /* it failed, so what it left is what is taken back */
	enum risk risk;   /* of the undo */
	int64_t usual_ms; /* of the undo in former runs, 0: not known; see run/usual.h */
};

struct undo_plan {
	VEC_OF(struct undo_row) rows;
};

struct undo_counts {
	int undo, stays, unknown, undone, left, running, all;
};

void undo_plan(const struct run *r, struct undo_plan *out);
void undo_plan_release(struct undo_plan *p);
/* How long each undo usually takes; NULL: nobody knows. */
void undo_plan_usual(struct undo_plan *p, const struct run *r, const struct usual *u);
struct undo_counts undo_count(const struct undo_plan *p);

enum undo_next_is {
	UNDO_NEXT_NOTHING, /* nothing is left to take back */
	UNDO_NEXT_ROW,
	UNDO_NEXT_PHRASE,  /* the same, and it wants words of its own first */
	UNDO_NEXT_BLOCKED, /* the row runs, or its outcome is unknown */
};
/* The newest thing that is not settled; row: its index, NONE for NOTHING. */
enum undo_next_is undo_next(const struct undo_plan *p, int *row);

#endif
