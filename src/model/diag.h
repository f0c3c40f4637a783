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

struct diag {
	enum diag_level level;
	const char *id; /* static, "E-KEY-001" or "W-SH-003" */
	char *file;
	int line, col; /* 1-based; 0 when the whole file is meant */
	char *msg;     /* what */
	char *reason;  /* why it matters, or NULL */
	char *help;    /* what to write instead, or NULL */
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

/* reason and help may be NULL and are copied. */
void diag_add(struct diags *d, enum diag_level level, const char *id, struct spot at,
	const char *reason, const char *help, const char *fmt, ...)
	__attribute__((format(printf, 7, 8)));
void diags_release(struct diags *d);
/* By file, line, column; stable. */
void diags_sort(struct diags *d);
void diags_print(const struct diags *d, struct str *out);

#endif
