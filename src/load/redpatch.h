#ifndef LOAD_REDPATCH_H
#define LOAD_REDPATCH_H

/*
 * Puts an edited command back into the text of its runbook: the lines that differ, in whatever
 * way they are written there (plain, quoted, in a block); what differs of a request or a copy
 * (model/acttext.h); or a step that was added. What comes out was loaded again and holds that
 * very command; else there is nothing. The file itself is left alone.
 */

#include "base/str.h"
#include "load/load.h"

struct redpatch_edit {
	const char *step;    /* id */
	enum step_kind kind; /* of the texts: a command unless it is said */
	int line;            /* of the step in the text, from 1 */
	const char *old, *new;
};

/* False: it cannot be done safely, and `text` is as it was. */
bool redpatch_apply(struct str *text, const char *path, const struct load_opts *o,
	const struct redpatch_edit *edit);
/* A step that was added: its YAML stands behind that of `after`, in the same list. */
struct redpatch_step {
	const char *after; /* id; NULL: behind the last one */
	const char *title;
	const char *text; /* the command; NULL: a person does it */
	const char *host, *undo, *irreversible, *risk, *confirm; /* NULL: not written */
};
void redpatch_step_text(const struct redpatch_step *s, int indent, struct str *out);
/* False: it cannot be done safely, and `text` is as it was. */
bool redpatch_insert(struct str *text, const char *path, const struct load_opts *o,
	const struct redpatch_step *s);
/* Both as a unified diff, three lines around what differs. Nothing where they are the same. */
void redpatch_diff(
	const char *name, const char *before, const char *after, struct str *out);

#endif
