#ifndef MODEL_DIAG_H
#define MODEL_DIAG_H

/*
 * Complaints about a text a person wrote, all of them at once. Each has an id that
 * `handrail help ID` explains, and carries what, where, why and what to do.
 * Printed as `file:line:col: error: what [E-id]`, then `reason:` and `help:` lines.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "base/vec.h"

enum diag_level { DIAG_WARNING, DIAG_ERROR };

/* The one textual cure of a complaint: these bytes of its file by that text. Found by
 * load/cure.h, applied by load/mend.h. */
struct diag_fix {
	size_t at, len;
	char *text; /* NULL: there is none */
	char *done; /* what will have been done */
};

struct diag {
	enum diag_level level;
	const char *id; /* static, "E-KEY-001" or "W-SH-003" */
	char *file;
	int line, col; /* 1-based; 0 when the whole file is meant */
	char *msg;     /* what */
	char *reason;  /* why it matters, or NULL */
	char *help;    /* what to write instead, or NULL */
	char *written; /* the word complained of and the one that was surely meant; */
	char *meant;   /* NULL: a person has to say */
	struct diag_fix fix;
};

enum { DIAGS_MAX = 200 }; /* more are counted, not kept */

struct diags {
	VEC_OF(struct diag) list;
	size_t errors, warnings; /* all, also those not kept */
};

/* Where a complaint points to. */
struct spot {
	const char *file; /* borrowed */
	int line, col;
};

/* reason and help may be NULL and are copied. Borrowed until the next one; NULL when it is
 * only counted. */
struct diag *diag_add(struct diags *d, enum diag_level level, const char *id,
	struct spot at, const char *reason, const char *help, const char *fmt, ...)
	__attribute__((format(printf, 7, 8)));
/* The word that must stand instead of the written one. `d` may be NULL. */
void diag_means(struct diag *d, const char *written, const char *meant);
/* A copy at the end of another list. */
void diag_copy(struct diags *to, const struct diag *one);
void diags_release(struct diags *d);
/* By file, line, column; stable. */
void diags_sort(struct diags *d);
void diags_print(const struct diags *d, struct str *out);

#endif
