/* test: walks runbooks in their scenarios, and says in TAP whether they end as their test
 * cases say. Nothing real is reached; the records go with the test. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/cmd.h"
#include "app/cmdinput.h"
#include "app/plain.h"
#include "app/practice.h"
#include "app/tty.h"
#include "base/file.h"
#include "base/mem.h"
#include "load/load.h"
#include "loop/rundir.h"

enum { FOLDER_DEPTH = 8, CASE_MS = 120 * 1000 };

struct testing {
	struct cmd *c;
	char *runs; /* thrown away at the end */
	int count, bad;
	bool fault;   /* something did not load */
	bool stopped; /* by a signal: no more cases */
};

/* ---- one case ---------------------------------------------------------------------------------- */

static const char *
end_word(const struct run *r)
{
	return r->closed ? r->result ? r->result : "?" : "open";
}

static void
differs(struct str *out, const char *what, const char *is, const char *want)
{
	str_addf(out, "%s is %s, not %s\n", what, is, want);
}

/* Words of test cases are those of conditions. */
static const char *
state_word(const struct run *r, int step)
{
	enum step_state s = run_step_state(r, step);

	return s == STEP_IS_NOT_NEEDED      ? "not-needed"
		: s == STEP_IS_TODO         ? "todo"
		: s == STEP_IS_UNKNOWN      ? "unknown"
		: s == STEP_IS_RUNNING      ? "running"
		: s == STEP_IS_NEEDS_PERSON ? "unknown"
					    : run_step_state_name(s);
}

static void
compare(const struct load_case *want, const struct run *r, struct str *out)
{
	struct drill d;

	drill_count(r, &d);
	if (!str_eq(end_word(r), want->end))
		differs(out, "the end", end_word(r), want->end);
	for (size_t i = 0; i < want->outcomes.list.len; i++) {
		const struct pair *p = &want->outcomes.list.at[i];
		int step = run_find_step(r, p->key);

		if (step != NONE && !str_eq(state_word(r, step), p->value))
			differs(out, p->key, state_word(r, step), p->value);
	}
	if (want->at && !r->closed) {
		int next = run_next_open(r, 0);
		const char *at = next == NONE ? "nowhere"
					      : r->runbook->steps.list.at[next].id;

		if (!str_eq(at, want->at))
			differs(out, "the step where it stays open", at, want->at);
	}
	if (want->solved != NONE && d.solved != (want->solved == 1))
		str_addf(out, "the scenario is %ssolved\n", d.solved ? "" : "not ");
	if (want->wrong != NONE && d.wrong != want->wrong)
		str_addf(out, "wrong turns: %d, not %d\n", d.wrong, want->wrong);
}

/* A walk that did not come to its own end says nothing of the runbook. */
static void
judge_walk(struct testing *t, enum exit_code code, int64_t took_ms, struct str *out)
{
	if (took_ms >= CASE_MS)
		str_addf(out, "the walk was stopped after %d s\n", CASE_MS / 1000);
	else if (code == EXIT_CODE_NOT_WRITTEN || code == EXIT_CODE_RECORD)
		str_adds(out, "the record could not be written\n");
	t->stopped = code == EXIT_CODE_STOPPED || code == EXIT_CODE_TERM;
	if (t->stopped)
		str_adds(out, "the walk was stopped by a signal\n");
}

/* What was wrong is added to `out`. */
static void
walk(struct testing *t, struct runbook *rb, const struct answers *a,
	const struct load_case *want, struct str *out)
{
	char *said = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&said, &len);
	struct plain *p = plain_new(&(struct plain_opts){
		.cmd = t->c, .answers = a, .to = to, .timeout_ms = CASE_MS});
	struct err e = ERR_INIT;
	struct session *s = session_open(&(struct session_opts){.loop = t->c->loop,
						 .runbook = rb,
						 .project = t->c->project,
						 .runs_dir = t->runs,
						 .calls = plain_calls(p)},
		&e);

	if (s) {
		struct mono began = clock_mono();
		enum exit_code code;

		plain_begin(p, s);
		code = plain_walk(p);
		judge_walk(t, code, clock_mono().ms - began.ms, out);
		compare(want, session_run(s), out);
		session_free(s);
	} else {
		str_addf(out, "%s\n", e.msg);
	}
	plain_free(p);
	fclose(to);
	if (out->len)
		str_addf(out, "the walk:\n%s", said);
	free(said);
}

static void
add_complaints(struct diags *d, struct str *out)
{
	if (d->errors)
		diags_print(d, out);
}

static void
tell(struct testing *t, const char *name, const char *what, const struct str *wrong)
{
	struct str line = STR_INIT;

	t->count++;
	t->bad += wrong->len > 0;
	str_addf(&line, "%sok %d - %s: %s\n", wrong->len ? "not " : "", t->count, name,
		what);
	for (const char *at = wrong->buf; *at;) {
		size_t len = strcspn(at, "\n");

		str_adds(&line, "# ");
		str_add(&line, at, len);
		str_addc(&line, '\n');
		at += len + (at[len] == '\n');
	}
	cmd_print(&line);
	fflush(stdout);
	str_release(&line);
}

static void
run_case(struct testing *t, const struct load_tests *tests, size_t i)
{
	const struct load_case *want = &tests->cases.list.at[i];
	struct diags d = {0};
	struct str wrong = STR_INIT;
	struct err e = ERR_INIT;
	struct answers *a = NULL;
	struct runbook *rb = load_runbook(tests->runbook,
		&(struct load_opts){.project = t->c->project, .scenario = want->scenario},
		&d);

	if (rb && rb->scenario)
		load_scenario_check(rb->scenario, rb, &d);
	if (rb && !d.errors)
		a = load_case_answers(tests, i, rb, &d);
	if (d.errors)
		add_complaints(&d, &wrong);
	else if (!cmdinput_answers(a, rb, &e))
		str_addf(&wrong, "%s\n", e.msg);
	else
		walk(t, rb, a, want, &wrong);
	tell(t, rb ? rb->name : file_base(tests->runbook), want->name, &wrong);
	answers_free(a);
	runbook_unref(rb);
	diags_release(&d);
	str_release(&wrong);
}

/* ---- which ---------------------------------------------------------------------------------------- */

static void
run_file(struct testing *t, const char *path)
{
	struct diags d = {0};
	struct load_tests *tests = load_tests(path, &d);
	struct project *outer = t->c->project;
	char *dir = file_dir(path), *own = load_find_project(dir);

	if (own && !args_has(t->c->args, OPT_PROJECT) &&
		!(outer && str_eq(outer->path, own)))
		t->c->project = load_project(own, &d);
	if (d.errors) {
		t->fault = true;
		cmd_complain(t->c, &d);
	} else {
		for (size_t i = 0; i < tests->cases.list.len && !t->stopped; i++)
			run_case(t, tests, i);
	}
	if (t->c->project != outer) {
		project_free(t->c->project);
		t->c->project = outer;
	}
	load_tests_free(tests);
	diags_release(&d);
	mem_free(own);
	mem_free(dir);
}

static bool
is_yaml(const char *name)
{
	const char *dot = strrchr(name, '.');

	return name[0] != '.' && dot && (str_eq(dot, ".yaml") || str_eq(dot, ".yml"));
}

/* Whatever lies in a folder `tests` is one: a first key that is misspelt is no way out. */
static void
run_folder(struct testing *t, const char *dir, int depth)
{
	struct err e = ERR_INIT;
	size_t count = 0;
	char **names = file_names(dir, &count, &e);
	bool all = str_eq(file_base(dir), "tests");

	if (!names) {
		t->fault = true;
		cmd_fail(t->c, &e);
	}
	for (size_t i = 0; names && i < count && !t->stopped; i++) {
		char *path = file_join(dir, names[i]);

		if (file_is_dir(path) && names[i][0] != '.' && depth < FOLDER_DEPTH)
			run_folder(t, path, depth + 1);
		else if (is_yaml(names[i]) && (all || load_what(path) == LOAD_TESTS))
			run_file(t, path);
		mem_free(path);
	}
	file_names_free(names);
}

/* A runbook stands for the tests beside it. */
static bool
run_word(struct testing *t, const char *word, struct err *e)
{
	char *dir, *folder, *path;
	bool there;

	if (!file_exists(word))
		return err_set(e, ERR_IO, "%s: no such file or folder", word);
	if (file_is_dir(word)) {
		run_folder(t, word, 0);
		return true;
	}
	if (load_what(word) == LOAD_TESTS) {
		run_file(t, word);
		return true;
	}
	dir = file_dir(word);
	folder = file_join(dir, "tests");
	path = file_join(folder, file_base(word));
	there = file_exists(path);
	if (there)
		run_file(t, path);
	else
		err_set(e, ERR_INPUT, "%s has no tests: there is no %s", word, path);
	mem_free(path);
	mem_free(folder);
	mem_free(dir);
	return there;
}

static bool
run_words(struct testing *t, struct err *e)
{
	const struct args *a = t->c->args;

	for (size_t i = 0; i < a->words.list.len; i++)
		if (!run_word(t, a->words.list.at[i], e))
			return false;
	if (a->words.list.len)
		return true;
	for (size_t i = 0; t->c->project && i < t->c->project->runbooks.list.len; i++)
		run_folder(t, t->c->project->runbooks.list.at[i], 0);
	if (!t->c->project)
		run_folder(t, ".", 0);
	return true;
}

enum exit_code
cmd_test(struct cmd *c)
{
	struct testing t = {.c = c};
	struct err e = ERR_INIT;
	bool ok;

	if (!cmd_project(c, NULL))
		return EXIT_CODE_LOAD;
	/* A case answers for itself: nobody at the keyboard helps it. */
	if (!tty_alone(&e))
		return cmd_fail(c, &e);
	t.runs = rundir_new(&e);
	if (!t.runs)
		return cmd_fail(c, &e);
	ok = run_words(&t, &e);
	printf("1..%d\n", t.count);
	loop_settle(c->loop, 3000);
	rundir_free(t.runs);
	if (ok && !t.count && !t.fault)
		ok = err_set(&e, ERR_INPUT,
			"there are no test cases: those of NAME.yaml lie in tests/NAME.yaml");
	if (!ok)
		return cmd_fail(c, &e);
	return t.stopped  ? EXIT_CODE_STOPPED
		: t.fault ? EXIT_CODE_LOAD
		: t.bad   ? EXIT_CODE_NO
			  : EXIT_CODE_OK;
}
