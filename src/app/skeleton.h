#ifndef APP_SKELETON_H
#define APP_SKELETON_H

/*
 * A first runbook of each kind, as `handrail new` writes it: short, commented, and clean
 * to lint as it stands. The texts are the files of src/app/skeleton, compiled in. Pure.
 */

#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "model/runbook.h"

/* Where the schema of runbooks is installed; the first line of every text names it for editors. */
#define SKELETON_SCHEMA HR_DATADIR "/schema/runbook-1.json"

/* The kind of a word; ERR_INPUT names them all, or the one that was nearly meant. */
bool skeleton_kind(const char *word, enum runbook_kind *out, struct err *e) WARN_UNUSED;
/* The text; `title` NULL: the example's own. `today` is the day of its review. ERR_INPUT
 * when the title is none: empty, several lines, characters a reader would not see. */
bool skeleton_write(enum runbook_kind kind, const char *title, struct wall today,
	struct str *out, struct err *e) WARN_UNUSED;

#endif
