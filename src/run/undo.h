#ifndef RUN_UNDO_H
#define RUN_UNDO_H

/* The way back as it stands now: what really ran, newest first. Pure. */

#include "run/run.h"

enum undo_kind {
	UNDO_REVERSIBLE,
	UNDO_IRREVERSIBLE,
	UNDO_UNDONE,
	UNDO_UNKNOWN /* outcome unknown */
};

struct undo_row {
	int step, leg;
	enum undo_kind kind;
	const char *host;
	const char *text; /* command, or why it is irreversible (borrowed) */
	struct wall ran_at;
};

struct undo_plan {
	VEC_OF(struct undo_row) rows;
};

void undo_plan(const struct run *r, struct undo_plan *out);
void undo_plan_release(struct undo_plan *p);

#endif
