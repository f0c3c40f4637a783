#ifndef LOAD_IMPORT_H
#define LOAD_IMPORT_H

/*
 * A Markdown page as a draft of a runbook: `handrail import FILE.md`. Headings become
 * sections; task items, numbered items and code blocks become steps a person does; what a
 * page says about owner, dates, contacts, sign-offs and placeholders goes where a runbook
 * has it. Nothing that is imported runs: commands stand in the text of `do` steps, marked
 * with `$ `, until an author promotes them (promote.h). Every line of the page is
 * accounted for: kept, guessed, or lost with a reason. Reads memory, writes memory.
 */

#include "base/err.h"
#include "base/str.h"
#include "base/vec.h"

enum { IMPORT_BYTES_MAX = 16 * 1024 * 1024 };

#define IMPORT_HOWS(X) \
	X(KEPT, "kept") \
	X(GUESSED, "guessed") \
	X(LOST, "lost")

enum import_how {
#define X(id, name) IMPORT_##id,
	IMPORT_HOWS(X)
#undef X
};

struct import_line {
	enum import_how how;
	char *what; /* what became of it; NULL: a blank line, which is kept */
};

/* What a person should look at, beside the lines. */
struct import_note {
	int line;
	char *text;
};

struct import {
	char *name; /* of the page, without its folder */
	struct str yaml;
	VEC_OF(struct import_line) lines; /* [0] is line 1 */
	VEC_OF(struct import_note) notes;
	int kept, guessed, lost; /* their sum is lines.len */
	int steps;
};

/* ERR_LIMIT for a page too large or nested too deep. `out` is to be released in any case. */
bool import_page(const char *name, const char *text, size_t len, struct import *out,
	struct err *e) WARN_UNUSED;
void import_release(struct import *im);
const char *import_how_name(enum import_how how);

#endif
