#ifndef LOAD_MEND_H
#define LOAD_MEND_H

/*
 * Applies the cures of a text (load/cure.h, load/layout.h) and proves that it is the
 * better for it: loaded again it has fewer complaints, and every step that had none says
 * and does byte for byte what it did. What cannot be proved is left out. For
 * `handrail lint --fix`. Knows no files of its own; calls are resolved as load.h does.
 *
 * A second time nothing changes. All that is not in a cure keeps its bytes.
 */

#include "load/load.h"

struct mend {
	struct str text;    /* the mended one */
	struct diags fixed; /* complaints that are gone, `fix.done` says how */
	size_t left_out;    /* cures that would not have made it better */
};

enum mend_what { MEND_RUNBOOK, MEND_PROJECT };

/* True when something was mended. Release it either way. */
bool mend_text(struct mend *m, enum mend_what what, const char *path,
	const struct str *text, const struct load_opts *o);
void mend_release(struct mend *m);

#endif
