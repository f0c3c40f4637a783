#ifndef RUN_REDLINE_H
#define RUN_REDLINE_H

/*
 * Redlines: what a step does, edited for this run only, a piece at a time, with a reason: a
 * command, a statement, a request, the files of a copy. Its risk is judged again and never
 * falls: an edited look is a command like any other. The way back stays as the runbook has
 * it, and so do host, expectation and server of a statement. Pure.
 */

#include "base/str.h"
#include "run/run.h"

enum { REDLINE_BYTES = 16 * 1024 };

/* May the command of this step be edited now? ERR_STATE or ERR_INPUT when not. */
bool redline_may(const struct run *r, int step, struct err *e) WARN_UNUSED;
/* Is it text that a person may have typed? ERR_INPUT when not. */
bool redline_is_text(const char *text, struct err *e) WARN_UNUSED;
/* And could the step do that? ERR_INPUT names what is wrong with it. */
bool redline_fits(
	const struct run *r, int step, const char *text, struct err *e) WARN_UNUSED;
/* What it would be, at least; why (or NULL): what says so, as the rules of model/danger.h. */
enum risk redline_risk(const struct step *s, const char *text, struct str *why);
/* "- old" and "+ new" for the lines that differ, with what is the same left out. */
void redline_diff(const char *old, const char *new, struct str *out);

#endif
