#ifndef VIEW_STEPTEXT_H
#define VIEW_STEPTEXT_H

/* What a step says about itself, as lines: for the plan page, the detail pane and the
 * dialogs, so that the same command never looks different in two places. */

#include "model/runbook.h"
#include "run/run.h"
#include "view/page.h"

/* Title, command, expectation, way back: without a run. */
void steptext_plan(const struct runbook *rb, const struct step *s, struct page *p);
/* "db (ni-db1)", "web1, web2", "this machine". */
void steptext_where(const struct runbook *rb, int host, struct str *out);
/* When a wait ends that names a moment: there and in UTC, from now or from when it began. False:
 * it names none, or none that is known yet. */
bool steptext_until(const struct run *r, int step, struct wall now, struct str *out);
/* The way back of a step in one sentence or its command; false: it says nothing. */
bool steptext_undo(const struct runbook *rb, const struct step *s, struct str *out);
/* One line per input or saved value that the text names: "dump = /var/…". */
void steptext_values(
	const struct run *r, const struct step *s, const char *text, struct str *out);
/* What a step of a kind that acts sends: "Command", "Request", ... */
bool steptext_is_shell(enum step_kind k); /* its text is a command */
const char *steptext_act_label(enum step_kind k);
/* What ends a watch. */
const char *steptext_watch_ends(const struct step *s);
/* Of a soak: ", for 30m, a look every 10s". Nothing for other steps. */
void steptext_soak(const struct step *s, struct str *out);
/* Does the shell text name the variable, as $name or ${name}? */
enum style steptext_risk_style(enum risk r);
enum style steptext_state_style(enum step_state s);
/* A text of a step with its values filled in, or as written. Caller frees. */
char *steptext_filled(const struct run *r, int step, const char *text);
char *steptext_title(const struct run *r, int step);

#endif
