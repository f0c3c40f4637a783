#ifndef RUN_REDLINE_H
#define RUN_REDLINE_H

/*
 * Redlines: a command that is edited for this run only, line by line, with a reason. Its risk
 * is judged again and never falls: an edited look is a command like any other. The way back
 * stays as the runbook has it. Pure.
 */

#include "base/str.h"
#include "run/run.h"

enum { REDLINE_BYTES = 16 * 1024 };

/* May the command of this step be edited now? ERR_STATE or ERR_INPUT when not. */
bool redline_may(const struct run *r, int step, struct err *e) WARN_UNUSED;
/* Is it a command? ERR_INPUT names what is wrong with it. */
bool redline_fits(const char *text, struct err *e) WARN_UNUSED;
/* What it would be, at least; why (or NULL): the rules of model/danger.h that say so. */
enum risk redline_risk(const struct step *s, const char *text, struct str *why);
/* Line n (from 0) of a command; false: it has fewer. */
bool redline_line(const char *text, size_t n, struct str *out);
/* The command with another line n; an empty one goes. Caller frees. */
char *redline_with(const char *text, size_t n, const char *line);
/* "- old" and "+ new" for the lines that differ, with what is the same left out. */
void redline_diff(const char *old, const char *new, struct str *out);

#endif
