#ifndef APP_CMD_H
#define APP_CMD_H

/*
 * What every subcommand gets and may use: parsed arguments, the loop, the project found
 * for them, and helpers that print errors the same way everywhere.
 */

#include "app/args.h"
#include "app/library.h"
#include "app/session.h"
#include "base/jsonout.h"

struct cmd {
	const struct args *args;
	struct loop *loop;
	struct project *project; /* NULL: none found */
	char *runs_dir;          /* NULL: the default */
};

/* One function per row of COMMANDS. */
#define X(name, fn, usage, summary) enum exit_code cmd_##fn(struct cmd *c);
COMMANDS(X)
#undef X

/* "handrail: what" and, from the kind, what to do; returns the exit code for it. */
enum exit_code cmd_fail(const struct err *e);
/* Complaints to standard error; returns the exit code for errors (3) or warnings (0). */
enum exit_code cmd_complain(struct diags *d);
/* The project of --project, or found upward from `near` (NULL: here). False: it does not
 * load, complaints were printed. */
bool cmd_project(struct cmd *c, const char *near);
/* --env, or the only environment of the project, or NULL. */
const char *cmd_environment(const struct cmd *c);
void cmd_library(const struct cmd *c, struct library *out);
/* Word -> loaded runbook; complaints and the exit code are given. */
struct runbook *cmd_load(struct cmd *c, const char *word, enum exit_code *code);
/* Word -> folder of a run (suffix, id, or a path). Caller frees. NULL: told, *code. */
char *cmd_run_dir(struct cmd *c, const char *word, enum exit_code *code);
void cmd_print(const struct str *s);
/* {"handrail": name, "v": 1, ... up to the caller; cmd_json_end prints it. */
void cmd_json_begin(struct jsonout *j, struct str *out, const char *name);
void cmd_json_end(struct jsonout *j, struct str *out);
/* Fold of a record, with its own runbook. NULL: told, *code. */
struct run *cmd_fold(struct cmd *c, const char *run_dir, enum exit_code *code);

#endif
