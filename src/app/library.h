#ifndef APP_LIBRARY_H
#define APP_LIBRARY_H

/*
 * What is there: runbooks found in the folders of the command line, HANDRAIL_RUNBOOKS, the
 * project, ./runbooks, the user's and the shipped ones; and the runs of the state folder.
 */

#include "load/load.h"
#include "run/owed.h"
#include "run/run.h"

struct library_runbook {
	char *path, *name;
	char *group;                  /* folder relative to its root, "" at the top */
	struct load_summary *summary; /* NULL: does not load; see fault */
	char *fault;                  /* first complaint, "file:line:col: ..." */
	int last_run;                 /* index in runs, newest of this runbook; NONE */
};
struct library_run {
	char id[ULID_LEN + 1];
	char *dir;
	char *runbook, *runbook_sha256, *title;
	char *who;
	struct wall opened, closed, last;
	char *state; /* "open", "running", "ok", "failed", "stopped", "bad", "pruned" */
	char *step;  /* id where it stands, or NULL */
	char *closes_of; /* the run whose obligation that is, or NULL; not out of the index */
	bool closes;     /* it is there to close something that is owed */
	bool busy;       /* open in another console */
	char *busy_con;
	char *fault; /* of a bad record */
};
struct library {
	struct {
		VEC_OF(struct library_runbook) list;
	} runbooks;
	struct {
		VEC_OF(struct library_run) list;
	} runs;                /* newest first */
	struct owed_book owed; /* of all of them */
	struct strings looked; /* folders and what was found, for the welcome page */
	struct err fault;      /* the folder of runs cannot be listed; ERR_NONE */
};

struct library_opts {
	const char *const *folders; /* of --runbooks, NULL-terminated or NULL */
	const struct project *project;
	const char *runs_dir;
	bool only_runs;    /* no runbooks, and nothing of what is owed */
	bool only_records; /* no runbooks */
};
/* Does the path that a record keeps mean this file? */
bool library_same_file(const char *recorded, const char *path);
void library_scan(const struct library_opts *o, struct library *out);
void library_release(struct library *l);
/* ULID or unique suffix of at least 4 -> folder, without reading any record; ERR_INPUT none
 * or several. runs_dir NULL: the default. Caller frees. */
char *library_run_dir(
	const char *runs_dir, const char *suffix, struct err *e) WARN_UNUSED;
/* What a run is called on the command line: the last digits of its id, or its folder when it is not
 * among the runs. Caller frees. */
char *library_word(const char *runs_dir, const char *dir, int digits);
/* The hosts and probes of handrail.yaml alone, as a runbook that nobody wrote; NULL: why is
 * in d. */
struct runbook *library_project_runbook(
	const struct project *p, const char *environment, struct diags *d);
/* Path, name or alias of a runbook; NULL and ERR_INPUT with "did you mean". Caller frees. */
char *library_find_runbook(
	const struct library *l, const char *word, struct err *e) WARN_UNUSED;

#endif
