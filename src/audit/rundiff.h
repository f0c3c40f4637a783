#ifndef AUDIT_RUNDIFF_H
#define AUDIT_RUNDIFF_H

/*
 * What differed between two runs, from their folds: the runbook's text, environment, inputs,
 * and by each step's id what became of it, who did it, what was measured, which values came out.
 * How long things took stands beside it and is no difference of its own. Pure.
 */

#include "base/jsonout.h"
#include "base/str.h"
#include "run/run.h"

struct rundiff_row {
	char *what;         /* "result", "exit on web1", ... */
	char *left, *right; /* NULL: that run has none */
	bool time;          /* how long it took: told, not counted */
};
struct rundiff_step {
	char *id, *title;
	VEC_OF(struct rundiff_row) rows; /* only what differs, and times */
	size_t differing;                /* of these, without times */
	bool only_left, only_right;
};
struct rundiff {
	const struct run *left, *right;
	VEC_OF(struct rundiff_row) rows;   /* about the run */
	VEC_OF(struct rundiff_step) steps; /* that differ or took another time */
	char *text;                        /* "- old\n+ new\n" of the runbooks; "" */
	size_t same;                       /* steps without a difference */
	bool differs;
};

void rundiff_make(const struct run *left, const struct run *right, struct rundiff *out);
void rundiff_release(struct rundiff *d);
void rundiff_text(const struct rundiff *d, struct str *out);
void rundiff_json(
	const struct rundiff *d, struct jsonout *j); /* members of an open object */

#endif
