#ifndef PROBE_WORDS_H
#define PROBE_WORDS_H

/*
 * A list of the runbook back from its one text: words between blanks, with the quotes that
 * the loader wrote around those that need them (str_add_shell_quoted). Expands nothing.
 */

#include <stdbool.h>

#include "base/err.h"
#include "model/runbook.h"

/* False with ERR_INPUT where a quote does not end. Free with words_release. */
bool words_split(const char *text, struct strings *out, struct err *e) WARN_UNUSED;
void words_release(struct strings *w); /* wipes: a word may be a value */

#endif
