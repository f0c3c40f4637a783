#ifndef LOAD_LOAD_H
#define LOAD_LOAD_H

/*
 * Text to model: the doors of this folder. Every complaint goes to `diags` with
 * file:line:col, all at once; the result is NULL when there was an error. Reads files
 * through base/file; contacts nothing else.
 */

#include "model/answers.h"
#include "model/bindings.h"
#include "model/diag.h"
#include "model/project.h"
#include "model/runbook.h"
#include "model/scenario.h"
#include "model/settings.h"
#include "model/theme.h"

struct load_opts {
	const struct project *project; /* or NULL */
	const char *environment;       /* or NULL: none chosen */
	/* Texts of called files that stand for the files on disk (of a record), by path; NULL:
	 * it is no record's. */
	const struct source *kept;
	size_t kept_len;
	/* Only what closes this obligation of it (model/duty.h); NULL: all of it. */
	const char *duty;
	/* Its file: every host is played by it, in an environment called practice. NULL: the
	 * hosts are real. */
	const char *scenario;
};

/* A runbook with its calls resolved (relative to the file, then the project's folders),
 * hosts, inputs and probes of the environment merged in. */
struct runbook *load_runbook(
	const char *path, const struct load_opts *o, struct diags *d);
/* Same from memory, for tests and import; calls are resolved relative to `path`. */
struct runbook *load_runbook_text(const char *path, const char *text, size_t len,
	const struct load_opts *o, struct diags *d);
/* What could be read of it in spite of errors, never NULL: to be compared, not to be used.
 * A step without complaint is whole. */
struct runbook *load_draft_text(const char *path, const char *text, size_t len,
	const struct load_opts *o, struct diags *d);
struct project *load_project(const char *path, struct diags *d);
/* From memory: its text is kept, and the file is not asked again. */
struct project *load_project_text(
	const char *path, const char *text, size_t len, struct diags *d);
/* What a file says that it is, by its first key; a runbook where it says nothing else. */
enum load_what { LOAD_RUNBOOK, LOAD_SCENARIO, LOAD_TESTS };
enum load_what load_what(const char *path);
/* A scenario (handrail-scenario(5)), held by one reference. */
struct scenario *load_scenario(const char *path, struct diags *d);
struct scenario *load_scenario_text(
	const char *path, const char *text, size_t len, struct diags *d);
/* Tests of a runbook: its cases as they stand, and their answers once a runbook is loaded. */
struct load_case {
	char *name, *scenario; /* path, resolved */
	char *end, *at;
	struct pairs outcomes;
	int solved, wrong; /* NONE: not said */
	int line;
};
struct load_tests {
	char *path, *runbook; /* runbook: the file it tests */
	struct {
		VEC_OF(struct load_case) list;
	} cases;
	struct ydoc *doc;
};
struct load_tests *load_tests(const char *path, struct diags *d);
void load_tests_free(struct load_tests *t);
struct answers *load_case_answers(
	const struct load_tests *t, size_t i, const struct runbook *rb, struct diags *d);
/* Steps, probes and logs that it names are those of this runbook. */
void load_scenario_check(
	const struct scenario *s, const struct runbook *rb, struct diags *d);
/* What of handrail.yaml others need to load a runbook of that environment (NULL: of none): no
 * notify, no store, nothing of other environments but their names, no headers of probes.
 * False: the text is none. */
bool load_share(const char *path, const char *text, size_t len, const char *environment,
	struct str *out) WARN_UNUSED;
/* handrail.yaml in `dir` or above; NULL when there is none. Caller frees. */
char *load_find_project(const char *dir);
/* Also checks every id and answer against the runbook. */
struct answers *load_answers(const char *path, const struct runbook *rb, struct diags *d);
/* Title, kind, risk and step count for a list, without resolving calls or hosts. NULL
 * and a diagnostic when the file is no runbook. */
struct load_summary {
	char *path, *title;
	enum runbook_kind kind;
	enum risk risk;
	int steps;
	struct strings tags, aliases;
	struct wall
		review_due; /* last reviewed, and how often: 0 where it does not say */
};
struct load_summary *load_summary(const char *path, struct diags *d);
void load_summary_free(struct load_summary *s);
/* keys.yaml, not yet checked against the actions. */
struct bindings *load_keys(const char *path, struct diags *d);
/* config.yaml of the operator; false: nothing of it is taken, all is as built in. */
bool load_settings(const char *path, struct settings *out, struct diags *d);
/* A theme; what the file leaves out is taken from `base` (NULL: from nothing). */
struct theme *load_theme_text(
	const struct source *src, const struct theme *base, struct diags *d);

#endif
