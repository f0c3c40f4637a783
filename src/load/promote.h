#ifndef LOAD_PROMOTE_H
#define LOAD_PROMOTE_H

/*
 * A reviewed import written anew with its commands armed: `handrail import --promote
 * FILE.yaml`. A `do` step with lines marked `$ ` becomes a `run` step; one that never ends a
 * `watch` step; one with a draft of a probe a `check` step. What it takes for granted it
 * writes out: the least risk the commands have, expect: {exit: 0}, a phrase where the risk
 * is hard, and a TBD where the way back belongs, which lint keeps pointing at. Steps whose
 * commands could not run as they stand are left alone, with the reason. All other lines of
 * the file, comments and ids stay as they are.
 */

#include "base/err.h"
#include "base/str.h"
#include "base/vec.h"
#include "model/diag.h"

struct promote_item {
	int line;
	bool left; /* not promoted */
	char *what;
};

struct promote {
	struct str yaml;
	VEC_OF(struct promote_item) items; /* in the order of the file */
	int promoted, left;
};

/* False after complaints in `d`: the file is no runbook. */
bool promote_text(const char *path, const char *text, size_t len, struct promote *out,
	struct diags *d) WARN_UNUSED;
void promote_release(struct promote *p);

#endif
