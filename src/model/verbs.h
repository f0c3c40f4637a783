#ifndef MODEL_VERBS_H
#define MODEL_VERBS_H

/* What the commands of a shell text do, by their names and options. Part of danger. */

#include "model/dangerlist.h"
#include "model/shellwords.h"
#include "model/verbindex.h"

struct verbs_scan {
	struct danger_hits *out;
	const struct danger_opts *opts;
	const struct verbindex *index;
	int depth;  /* of sh -c and here-documents for shells */
	bool fixed; /* offsets of an inner text: all at `base` */
	size_t base;
};

void verbs_scan(const struct shell_words *w, struct verbs_scan v);

#endif
