#ifndef MODEL_PANE_H
#define MODEL_PANE_H

/*
 * What a pane of a `watch` step runs, as shell text: a log of the runbook is followed, and
 * a command is run as it was written. `watch CMD` draws a screen that nobody could read
 * later: it becomes a loop that prints what CMD says whenever that has changed. Values named
 * in a log (${tag}) stay variables of the shell. Pure.
 */

#include "model/runbook.h"

/* Caller frees; NULL: the log has nothing to follow. */
char *pane_of_log(const struct log_source *log);
char *pane_of_text(const char *text);

#endif
