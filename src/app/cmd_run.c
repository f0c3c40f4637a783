/* run and resume: the console where there is a person and a screen, else the line mode. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/cmd.h"
#include "app/cmdinput.h"
#include "app/console.h"
#include "app/dryrun.h"
#include "app/junit.h"
#include "app/plain.h"
#include "app/practice.h"
#include "app/trust.h"
#include "app/tty.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/stamp.h"
#include "load/load.h"
#include "model/check.h"
#include "model/parts.h"

static bool
wants_screen(const struct args *a)
{
	return !tty_plain(a) && !args_has(a, OPT_JSON) && !args_has(a, OPT_ANSWERS) &&
		!args_has(a, OPT_ROLLBACK) && isatty(STDOUT_FILENO) && tty_is_person();
}

/* Steps this version cannot carry out are said before anything starts. */
static bool
within_reach(const struct cmd *c, const struct runbook *rb)
{
	struct diags d = {0};
	bool ok;

	check_reach(rb, &d);
	ok = !d.errors;
	if (!ok)
		cmd_complain(c, &d);
	diags_release(&d);
	return ok;
}

/* Hosts that exist only inside an environment have no machines before one is chosen. */
static bool
hosts_known(const struct cmd *c, const struct runbook *rb, struct err *e)
{
	struct str names = STR_INIT;
	bool ok = true;

	for (size_t i = 0; ok && i < rb->steps.list.len; i++) {
		int host = rb->steps.list.at[i].host;
		if (host == NONE || rb->hosts.list.at[host].target_count)
			continue;
		for (size_t k = 0; c->project && k < c->project->environments.list.len;
			k++)
			str_addf(&names, "%s%s", k ? ", " : "",
				c->project->environments.list.at[k].name);
		ok = err_set(e, ERR_INPUT,
			"step %s runs on %s, which depends on the environment: --env %s",
			rb->steps.list.at[i].number, rb->hosts.list.at[host].name,
			names.len ? names.buf : "NAME");
	}
	str_release(&names);
	return ok;
}

/* Everything the file says is checked before anything runs: a file that is not there is 3,
 * an answer that does not fit is 2. */
static bool
load_answers_of(struct cmd *c, const struct runbook *rb, struct answers **out,
	enum exit_code *code)
{
	const char *path = c->args->opt[OPT_ANSWERS];
	struct diags d = {0};
	struct err e = ERR_INIT;

	*out = NULL;
	if (!path)
		return true;
	*out = load_answers(path, rb, &d);
	if (!*out) {
		cmd_complain(c, &d);
		*code = file_exists(path) ? EXIT_CODE_USAGE : EXIT_CODE_LOAD;
	} else if (!cmdinput_answers(*out, rb, &e)) {
		*code = cmd_fail(c, &e);
		answers_free(*out);
		*out = NULL;
	}
	diags_release(&d);
	return *out != NULL;
}

static bool
time_limit(const struct args *a, int64_t *ms, struct err *e)
{
	const char *text = a->opt[OPT_TIMEOUT];

	*ms = 0;
	return !text || stamp_parse_duration(text, ms) ||
		err_set(e, ERR_INPUT, "--timeout %s is not a duration (30s, 10m, 2h)",
			text);
}

/* Of the command line: for a run that is taken up inputs alone. */
struct given {
	struct pairs inputs;
	struct strings limit;
};

static void
say_brief(const struct runbook *rb)
{
	struct str out = STR_INIT;

	practice_brief(rb, &out);
	cmd_print(&out);
	str_release(&out);
}

/* How it went; with --json standard output belongs to the record. */
static bool
say_practice(struct cmd *c, const char *run_dir, struct err *e)
{
	struct str out = STR_INIT;
	bool ok = practice_close(c, run_dir, &out, e);

	if (args_has(c->args, OPT_JSON))
		fwrite(out.buf, 1, out.len, stderr);
	else
		cmd_print(&out);
	str_release(&out);
	return ok;
}

/* Of all that were open in a console. */
static bool
say_practices(struct cmd *c, const struct strings *dirs, struct err *e)
{
	bool ok = true;

	for (size_t i = 0; i < dirs->list.len; i++)
		ok = say_practice(c, dirs->list.at[i], e) && ok;
	return ok;
}

static enum exit_code
walk(struct cmd *c, struct plain_opts *po, const char *run_dir, struct runbook *rb,
	const struct given *given)
{
	struct plain *p = plain_new(po);
	struct session_opts so = {.loop = c->loop,
		.runbook = rb,
		.project = c->project,
		.runs_dir = c->runs_dir,
		.key = c->args->opt[OPT_KEY],
		.relocate = run_dir ? po->relocate : NULL,
		.typed = po->typed,
		.limit = &given->limit,
		.calls = plain_calls(p)};
	struct err e = ERR_INIT;
	struct session *s = run_dir ? session_resume(&so, run_dir, &e)
				    : session_open(&so, &e);
	enum exit_code code;
	bool practises;
	char *ended;

	if (!s) {
		plain_free(p);
		return cmd_fail_run(c, run_dir, &e);
	}
	if (session_practises(s) && !run_dir && !po->json)
		say_brief(session_runbook(s));
	plain_begin(p, s);
	if (plain_inputs(p, &given->inputs, &e))
		code = plain_walk(p);
	else
		code = cmd_fail(c, &e);
	if (args_has(c->args, OPT_JUNIT) &&
		!junit_write(session_run(s), c->args->opt[OPT_JUNIT], &e))
		code = cmd_fail(c, &e);
	ended = mem_strdup(session_dir(s));
	practises = session_practises(s);
	session_free(s);
	plain_free(p);
	if (practises && !say_practice(c, ended, &e))
		code = cmd_fail(c, &e);
	mem_free(ended);
	return code;
}

/* `handrail run FILE` is the operator's act of trust in this content. */
static void
trust_now(struct cmd *c, const struct runbook *rb)
{
	char hash[DIGEST_HEX + 1];
	struct err e = ERR_INIT;

	trust_hash(rb, c->project ? c->project->sha256 : NULL, hash);
	if (!trust_has(hash) && !trust_grant(hash, rb->path, &e))
		cmd_fail(c, &e);
}

static enum exit_code
run_plain(struct cmd *c, struct runbook *rb, const struct given *given)
{
	struct plain_opts po = {.cmd = c,
		.json = args_has(c->args, OPT_JSON),
		.relocate = c->args->opt[OPT_RELOCATE]};
	struct answers *answers = NULL;
	struct err e = ERR_INIT;
	enum exit_code code;

	if (!time_limit(c->args, &po.timeout_ms, &e) || !hosts_known(c, rb, &e))
		return cmd_fail(c, &e);
	if (!within_reach(c, rb))
		return EXIT_CODE_LOAD;
	if (!load_answers_of(c, rb, &answers, &code))
		return code;
	if (!rb->scenario)
		trust_now(c, rb);
	po.answers = answers;
	code = walk(c, &po, NULL, rb, given);
	answers_free(answers);
	return code;
}

/* Only files are read. What would keep a run from starting keeps this from being shown. */
static enum exit_code
run_dry(struct cmd *c)
{
	static const enum option_id alone[] = {
		OPT_PRACTICE, OPT_ANSWERS, OPT_LIMIT, OPT_JUNIT, OPT_RELOCATE, OPT_KEY};
	enum exit_code code = EXIT_CODE_OK;
	struct pairs inputs = {0};
	struct err e = ERR_INIT;
	struct runbook *rb;

	for (size_t i = 0; i < sizeof alone / sizeof *alone; i++)
		if (args_has(c->args, alone[i])) {
			err_set(&e, ERR_INPUT,
				"--dry-run goes with --input, --env and --json alone");
			return cmd_fail(c, &e);
		}
	rb = cmd_load(c, c->args->words.list.at[0], &code);
	if (!rb)
		return code;
	if (!cmdinput_parse(c->args, rb, &inputs, &e) || !hosts_known(c, rb, &e))
		code = cmd_fail(c, &e);
	else if (!within_reach(c, rb))
		code = EXIT_CODE_LOAD;
	else
		code = dryrun_show(c, rb, &inputs);
	cmdinput_release(&inputs);
	runbook_unref(rb);
	return code;
}

enum exit_code
cmd_run(struct cmd *c)
{
	enum exit_code code = EXIT_CODE_OK;
	bool practises = args_has(c->args, OPT_PRACTICE);
	struct strings dirs = {0};
	struct given given = {0};
	struct err e = ERR_INIT;
	struct runbook *rb;

	if (args_has(c->args, OPT_DRY_RUN))
		return run_dry(c);
	if (!cmd_may_write(c, &code))
		return code;
	rb = (practises ? cmd_load_practice : cmd_load)(
		c, c->args->words.list.at[0], &code);
	if (!rb)
		return code;
	if (!cmdinput_parse(c->args, rb, &given.inputs, &e) ||
		!cmdinput_limit(c->args, rb, &given.limit, &e))
		code = cmd_fail(c, &e);
	else if (wants_screen(c->args))
		code = console_run(&(struct console_opts){.loop = c->loop,
			.args = c->args,
			.project = c->project,
			.runs_dir = c->runs_dir,
			.runbook = rb->path,
			.practises = practises,
			.scenario = rb->scenario ? rb->scenario->source.path : NULL,
			.dirs = &dirs,
			.environment = cmd_environment(c),
			.limit = &given.limit,
			.inputs = &given.inputs});
	else
		code = run_plain(c, rb, &given);
	if (practises && !say_practices(c, &dirs, &e))
		code = cmd_fail(c, &e);
	parts_free_strings(&dirs);
	cmdinput_limit_release(&given.limit);
	cmdinput_release(&given.inputs);
	runbook_unref(rb);
	return code;
}

/* The run to resume: the one named, or the only open one. */
static char *
resume_dir(struct cmd *c, enum exit_code *code)
{
	const struct library_run *only = NULL;
	struct library lib;
	struct err e = ERR_INIT;
	size_t open = 0;
	char *dir = NULL;

	if (c->args->words.list.len == 1)
		return cmd_run_dir(c, c->args->words.list.at[0], code);
	cmd_library(c, &lib);
	for (size_t i = 0; i < lib.runs.list.len; i++) {
		const struct library_run *r = &lib.runs.list.at[i];
		if (!str_eq(r->state, "open") && !str_eq(r->state, "running"))
			continue;
		open++;
		only = r;
	}
	if (open == 1)
		dir = mem_strdup(only->dir);
	else if (open)
		err_set(&e, ERR_INPUT,
			"%zu runs are open: name one (handrail runs --open)", open);
	else
		err_set(&e, ERR_INPUT, "no run is open here");
	library_release(&lib);
	if (!dir)
		*code = cmd_fail(c, &e);
	return dir;
}

static enum exit_code
resume_plain(struct cmd *c, const char *dir, const char *typed, const struct given *given)
{
	struct plain_opts po = {.cmd = c,
		.typed = typed,
		.json = args_has(c->args, OPT_JSON),
		.relocate = c->args->opt[OPT_RELOCATE],
		.back = c->args->opt[OPT_ROLLBACK]};
	enum exit_code code = EXIT_CODE_OK;
	struct answers *answers = NULL;
	struct err e = ERR_INIT;
	struct run *run;

	if (!time_limit(c->args, &po.timeout_ms, &e))
		return cmd_fail(c, &e);
	if (args_has(c->args, OPT_ANSWERS)) {
		run = cmd_fold(c, dir, &code);
		if (!run)
			return code;
		bool ok = load_answers_of(c, run->runbook, &answers, &code);
		run_free(run);
		if (!ok)
			return code;
	}
	po.answers = answers;
	code = walk(c, &po, dir, NULL, given);
	answers_free(answers);
	return code;
}

/* Other values of its inputs; they are checked against the copy of its runbook. */
static bool
inputs_of_run(struct cmd *c, const char *dir, struct given *out, enum exit_code *code)
{
	struct err e = ERR_INIT;
	struct run *run;
	bool ok;

	if (!c->args->inputs.list.len)
		return true;
	run = cmd_fold(c, dir, code);
	if (!run)
		return false;
	ok = cmdinput_parse(c->args, run->runbook, &out->inputs, &e);
	run_free(run);
	if (!ok)
		*code = cmd_fail(c, &e);
	return ok;
}

enum exit_code
cmd_resume_dir(struct cmd *c, const char *dir, const char *typed)
{
	enum exit_code code = EXIT_CODE_OK;
	bool practises = practice_is(dir);
	struct strings dirs = {0};
	struct given given = {0};
	struct err e = ERR_INIT;

	if (!cmd_project_of_run(c, dir))
		return EXIT_CODE_LOAD;
	/* The runs beside it are those of practice: none of them is real. */
	if (practises && !c->runs_dir) {
		c->runs_dir = practice_runs_dir(&e);
		if (!c->runs_dir)
			return cmd_fail(c, &e);
	}
	if (!inputs_of_run(c, dir, &given, &code))
		code = code ? code : EXIT_CODE_LOAD;
	else if (!wants_screen(c->args))
		code = resume_plain(c, dir, typed, &given);
	else
		code = console_run(&(struct console_opts){.loop = c->loop,
			.args = c->args,
			.project = c->project,
			.runs_dir = c->runs_dir,
			.run_dir = dir,
			.typed = typed,
			.practises = practises,
			.dirs = &dirs,
			.inputs = &given.inputs,
			.environment = cmd_environment(c)});
	if (practises && !say_practices(c, &dirs, &e))
		code = cmd_fail(c, &e);
	parts_free_strings(&dirs);
	cmdinput_release(&given.inputs);
	return code;
}

enum exit_code
cmd_resume(struct cmd *c)
{
	enum exit_code code = EXIT_CODE_OK;
	char *dir;

	if (!cmd_may_write(c, &code))
		return code;
	if (c->args->words.list.len == 1 &&
		cmd_take_elsewhere(c, c->args->words.list.at[0], false, &code))
		return code;
	dir = resume_dir(c, &code);
	if (!dir)
		return code;
	code = cmd_resume_dir(c, dir, NULL);
	mem_free(dir);
	return code;
}
