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

/* "handrail: what" and, from the kind, what to do, on standard error; with --json also an
 * object with `errors` on standard output. Returns the exit code for it. */
enum exit_code cmd_fail(const struct cmd *c, const struct err *e);
/* The same for a run that could not be opened to write: tells busy (75) and a record that
 * cannot be written (74) apart. */
enum exit_code cmd_fail_run(
	const struct cmd *c, const char *run_dir, const struct err *e);
/* Complaints to standard error, and with --json as `errors` on standard output; returns the
 * exit code for errors (3) or warnings (0). */
enum exit_code cmd_complain(const struct cmd *c, struct diags *d);
/* `errors` of contracts: id, file, line, col, message, reason, help. */
void cmd_json_errors(struct jsonout *j, const struct diags *d);
/* --readonly: told, EXIT_CODE_REFUSED in *code, and false. */
bool cmd_may_write(const struct cmd *c, enum exit_code *code);
/* The project of --project, or found upward from `near` (NULL: here). False: it does not
 * load, complaints were printed. */
bool cmd_project(struct cmd *c, const char *near);
/* --env, or the only environment of the project, or NULL. */
const char *cmd_environment(const struct cmd *c);
/* The path cmd_project would load, or NULL. Caller frees. */
char *cmd_project_path(const struct cmd *c, const char *near);
/* The project a run was opened with, when --project and this place name none. */
bool cmd_project_of_run(struct cmd *c, const char *run_dir);
void cmd_library(const struct cmd *c, struct library *out);
/* The runs alone, without what is owed: as quick as the index. */
void cmd_library_runs(const struct cmd *c, struct library *out);
/* Releases it; a bad record (6) or a folder of runs that cannot be read (3) is told. */
enum exit_code cmd_library_done(struct library *lib);
/* Word -> loaded runbook; complaints and the exit code are given. */
struct runbook *cmd_load(struct cmd *c, const char *word, enum exit_code *code);
/* The same, played by its scenario (app/practice.h); from then on runs are those of
 * practice. */
struct runbook *cmd_load_practice(struct cmd *c, const char *word, enum exit_code *code);
/* Word -> folder of a run (suffix, id, or a path). Caller frees. NULL: told, *code. */
char *cmd_run_dir(struct cmd *c, const char *word, enum exit_code *code);
/* What of the runs here is not in their stores yet, as far as it can be sent now and within
 * that time; the rest goes with the next one. */
void cmd_store_catch_up(struct cmd *c, int64_t ms);
/* Text for people, made harmless. */
void cmd_print(const struct str *s);
/* Bytes for programs. */
void cmd_print_raw(const struct str *s);
/* {"handrail": name, "v": 1, ... up to the caller; cmd_json_end prints it. */
void cmd_json_begin(struct jsonout *j, struct str *out, const char *name);
void cmd_json_end(struct jsonout *j, struct str *out);
/* Fold of a record, with its own runbook. NULL: told, *code. */
/* The account of a run as text on standard output. */
void cmd_print_report(struct cmd *c, const char *dir);
struct run *cmd_fold(struct cmd *c, const char *run_dir, enum exit_code *code);
/* Takes up this run, on the screen or in lines. */
enum exit_code cmd_resume_dir(struct cmd *c, const char *dir, const char *typed);
/* The same of one that goes on, or went, on another machine, as the store has it; `force`: also
 * from a console that has not ended. False: the store does not say that there is one. */
bool cmd_take_elsewhere(
	struct cmd *c, const char *word, bool force, enum exit_code *code);
/* Turns the loop until the session has nothing under way. False: what went wrong is told,
 * *code; `refused` is what on_message brought, ERR_NONE without. */
bool cmd_settle(struct cmd *c, struct session *s, const struct err *refused,
	enum exit_code *code);

#endif
