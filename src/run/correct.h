#ifndef RUN_CORRECT_H
#define RUN_CORRECT_H

/*
 * What people have said in a run and may find wrong: notes, marks with their evidence or
 * reason, evidence attached. A correction is a note that names the record it is about; what
 * it corrects stays where it is, and whoever signs sees both. Pure.
 */

#include "base/str.h"
#include "base/vec.h"
#include "run/run.h"

struct correct_row {
	int64_t seq; /* of the record */
	int step;    /* NONE: about the run */
};
struct correct_rows {
	VEC_OF(struct correct_row) list; /* the newest first */
};

void correct_list(const struct run *r, struct correct_rows *out);
void correct_release(struct correct_rows *rows);
/* "#12 note of anna: TEXT". False: that record says nothing that can be corrected. */
bool correct_words(const struct run *r, int64_t seq, struct str *out);

#endif
