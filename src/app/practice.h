#ifndef APP_PRACTICE_H
#define APP_PRACTICE_H

/*
 * Practice runs from the outside: which scenario plays a runbook, where such runs and the
 * drills that they were are kept, and what is said at their end. They have a folder of their
 * own beside that of runs, so that nothing of them counts as done.
 */

#include "app/cmd.h"
#include "run/drill.h"

/* The scenario of --scenario, or scenarios/NAME.yaml beside the runbook. NULL: ERR_INPUT says
 * what was looked for. Caller frees. */
char *practice_scenario(
	const char *runbook, const char *given, struct err *e) WARN_UNUSED;
/* The same where none was given, without a word: NULL when there is none. */
char *practice_scenario_of(const char *runbook);
char *practice_runs_dir(struct err *e) WARN_UNUSED;
/* This folder of runs is that one. */
bool practice_holds(const char *runs_dir);
/* A record says of itself that it is of a practice run. One that cannot be read: false. */
bool practice_is(const char *run_dir);
/* At the beginning: what has happened, and what is known. */
void practice_brief(const struct runbook *rb, struct str *out);
/* At the end: how it went; once it was solved it is kept as a drill, signed with --key. */
bool practice_close(
	struct cmd *c, const char *run_dir, struct str *out, struct err *e) WARN_UNUSED;

/* Drills that were kept, oldest first. */
struct practice_drill {
	char *runbook; /* path as the record has it */
	char *name, *who, *run;
	struct wall at;
	struct drill drill;
	int64_t every_ms; /* how long it holds; 0: for ever */
	bool is_signed;
};
struct practice_drills {
	VEC_OF(struct practice_drill) list;
};
void practice_drills(struct practice_drills *out);
void practice_drills_release(struct practice_drills *d);
/* The last one of that runbook that was solved, or NULL. */
const struct practice_drill *practice_last(
	const struct practice_drills *d, const char *runbook);

#endif
