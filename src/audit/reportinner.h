#ifndef AUDIT_REPORTINNER_H
#define AUDIT_REPORTINNER_H

/* What the formats of a report share: words and lines from one walk over the fold. */

#include "audit/report.h"
#include "base/str.h"
#include "run/run.h"

/* "ok", "failed", "open" ... */
const char *report_result(const struct run *r);
/* How a step was proven: "auto", a person's name, or "" while it is open. */
const char *report_proof(const struct run_step *s);
/* Its state as a word, and one more where somebody settled it otherwise: "undone". */
const char *report_way_state(const struct leg_run *way);
/* How an attempt ended that another one has followed. */
const char *report_try_state(const struct leg_try *t);
/* Everything measured or said about a step, one line each, behind `indent`. */
void report_step_facts(const struct run *r, const struct run_step *s, const char *indent,
	struct str *out);
/* Evidence of a step, or with NONE of the run. */
void report_attached(const struct run *r, int step, const char *indent, struct str *out);
/* What whoever signs last has read, "#SEQ NUMBER: text" a line. */
void report_exceptions(const struct run *r, struct str *out);
/* "Record: verified, head ..." */
void report_check_line(const struct report_check *c, const char *before, struct str *out);
/* What a `choose` or a question was answered with, or NULL. */
const char *report_chosen(const struct run *r, const struct run_step *s);

/* One object. */
void reportjson_write(const struct run *r, const struct report_check *c, struct str *out);
/* One page that needs nothing else: no script, no font, no picture from elsewhere. */
void reporthtml_write(const struct run *r, const struct report_check *c, struct str *out);

#endif
