#include "app/cmd.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/practice.h"
#include "app/spine.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"

/* A reader that went away (`| head`) is no fault; a full disk is, and main sees it. */
void
cmd_print_raw(const struct str *s)
{
	if (fwrite(s->buf, 1, s->len, stdout) != s->len || fflush(stdout) != 0) {
		if (errno == EPIPE)
			clearerr(stdout);
		else
			fprintf(stderr, "handrail: standard output: %s\n",
				strerror(errno));
	}
}

void
cmd_print(const struct str *s)
{
	struct str clean = STR_INIT;

	text_harmless(&clean, s->buf, s->len, TEXT_KEEP_LF);
	cmd_print_raw(&clean);
	str_release(&clean);
}

/* ---- faults -------------------------------------------------------------------------------- */

/* What a person does about each kind; kinds without a row need no hint. */
static const char *const hints[] = {
	[ERR_PARSE] = "handrail lint names every complaint with its place",
	[ERR_NET] = "handrail doctor --host NAME tries the connection alone",
	[ERR_AUTH] = "handrail doctor --host NAME shows keys and known hosts",
	[ERR_RECORD] = "copy the record before anything else; do not edit it",
	[ERR_RECORD + 1] = NULL,
};

/* run and resume have journal lines on standard output and nothing else. */
static bool
answers_json(const struct cmd *c)
{
	return args_has(c->args, OPT_JSON) && !str_eq(c->args->command, "run") &&
		!str_eq(c->args->command, "resume");
}

/* Standard output of import is the runbook: its object, and with it nothing else, goes to
 * standard error. */
static bool
reports_aside(const struct cmd *c)
{
	return answers_json(c) && str_eq(c->args->command, "import");
}

void
cmd_json_errors(struct jsonout *j, const struct diags *d)
{
	jsonout_key(j, "errors");
	jsonout_open_array(j);
	for (size_t i = 0; i < d->list.len; i++) {
		const struct diag *f = &d->list.at[i];
		jsonout_open(j);
		jsonout_kstr(j, "id", f->id);
		jsonout_kstr(j, "level", f->level == DIAG_ERROR ? "error" : "warning");
		jsonout_kstr(j, "file", f->file);
		jsonout_kint(j, "line", f->line);
		jsonout_kint(j, "col", f->col);
		jsonout_kstr(j, "message", f->msg);
		jsonout_kstr(j, "reason", f->reason);
		jsonout_kstr(j, "help", f->help);
		jsonout_close(j);
	}
	jsonout_close_array(j);
}

static void
print_errors(const struct cmd *c, const struct diags *d)
{
	struct str out = STR_INIT;
	struct jsonout j;

	if (!answers_json(c))
		return;
	cmd_json_begin(&j, &out, c->args->command);
	cmd_json_errors(&j, d);
	if (!reports_aside(c)) {
		cmd_json_end(&j, &out);
		return;
	}
	jsonout_close(&j);
	str_addc(&out, '\n');
	fwrite(out.buf, 1, out.len, stderr);
	str_release(&out);
}

enum exit_code
cmd_fail(const struct cmd *c, const struct err *e)
{
	char *shown = text_harmless_dup(e->msg);
	struct diag row = {
		.level = DIAG_ERROR, .msg = shown, .help = (char *)hints[e->kind]};
	struct diags d = {0};

	if (!reports_aside(c)) {
		fprintf(stderr, "handrail: %s\n", shown);
		if (hints[e->kind])
			fprintf(stderr, "help: %s\n", hints[e->kind]);
	}
	vec_push(&d.list, row);
	print_errors(c, &d);
	vec_free(&d.list);
	mem_free(shown);
	return args_exit_for(e);
}

enum exit_code
cmd_fail_run(const struct cmd *c, const char *run_dir, const struct err *e)
{
	enum exit_code code = cmd_fail(c, e);
	char con[256];

	if (e->kind == ERR_STATE && run_dir && journal_is_busy(run_dir, con, sizeof con))
		return EXIT_CODE_BUSY;
	return e->kind == ERR_IO ? EXIT_CODE_NOT_WRITTEN : code;
}

bool
cmd_may_write(const struct cmd *c, enum exit_code *code)
{
	struct err e = ERR_INIT;

	if (!args_has(c->args, OPT_READONLY))
		return true;
	err_set(&e, ERR_REFUSED, "--readonly: %s changes something", c->args->command);
	*code = cmd_fail(c, &e);
	return false;
}

enum exit_code
cmd_complain(const struct cmd *c, struct diags *d)
{
	struct str out = STR_INIT, clean = STR_INIT;

	diags_sort(d);
	diags_print(d, &out);
	text_harmless(&clean, out.buf, out.len, TEXT_KEEP_LF);
	if (!reports_aside(c))
		fwrite(clean.buf, 1, clean.len, stderr);
	str_release(&clean);
	str_release(&out);
	if (!d->errors)
		return EXIT_CODE_OK;
	print_errors(c, d);
	return EXIT_CODE_LOAD;
}

/* ---- what a word means ----------------------------------------------------------------------- */

char *
cmd_project_path(const struct cmd *c, const char *near)
{
	const char *given = c->args->opt[OPT_PROJECT];
	char *path = NULL, *dir, *real;

	if (given)
		return file_is_dir(given) ? file_join(given, "handrail.yaml")
					  : mem_strdup(given);
	if (near && file_is_dir(near))
		dir = mem_strdup(near);
	else
		dir = near ? file_dir(near) : mem_strdup(".");
	real = realpath(dir, NULL);
	if (real)
		path = load_find_project(real);
	free(real);
	mem_free(dir);
	return path;
}

bool
cmd_project(struct cmd *c, const char *near)
{
	struct diags d = {0};
	bool ok = true;
	char *path;

	if (c->project)
		return true;
	path = cmd_project_path(c, near);
	if (path) {
		c->project = load_project(path, &d);
		ok = c->project != NULL;
		if (!ok || d.list.len)
			cmd_complain(c, &d);
	}
	diags_release(&d);
	mem_free(path);
	return ok;
}

const char *
cmd_environment(const struct cmd *c)
{
	if (args_has(c->args, OPT_ENV))
		return c->args->opt[OPT_ENV];
	if (c->project && c->project->environments.list.len == 1)
		return c->project->environments.list.at[0].name;
	return NULL;
}

void
cmd_library(const struct cmd *c, struct library *out)
{
	const char **folders = mem_array(c->args->runbooks.list.len + 1, sizeof *folders);

	for (size_t i = 0; i < c->args->runbooks.list.len; i++)
		folders[i] = c->args->runbooks.list.at[i];
	library_scan(&(struct library_opts){.folders = folders,
			     .project = c->project,
			     .runs_dir = c->runs_dir},
		out);
	mem_free(folders);
}

void
cmd_library_runs(const struct cmd *c, struct library *out)
{
	library_scan(&(struct library_opts){.project = c->project,
			     .runs_dir = c->runs_dir,
			     .only_runs = true},
		out);
}

enum exit_code
cmd_library_done(struct library *lib)
{
	enum exit_code code = EXIT_CODE_OK;
	size_t bad = 0;

	for (size_t i = 0; i < lib->runs.list.len; i++)
		bad += str_eq(lib->runs.list.at[i].state, "bad");
	if (lib->fault.kind != ERR_NONE) {
		fprintf(stderr, "handrail: %s\n", lib->fault.msg);
		code = EXIT_CODE_LOAD;
	}
	if (bad) {
		fprintf(stderr,
			"handrail: %zu record%s bad; handrail verify says what is wrong\n",
			bad, bad == 1 ? " is" : "s are");
		code = EXIT_CODE_RECORD;
	}
	library_release(lib);
	return code;
}

struct runbook *
cmd_load(struct cmd *c, const char *word, enum exit_code *code)
{
	struct library lib;
	struct err e = ERR_INIT;
	struct diags d = {0};
	struct runbook *rb = NULL;
	char *path;

	if (!cmd_project(c, file_exists(word) ? word : NULL)) {
		*code = EXIT_CODE_LOAD;
		return NULL;
	}
	cmd_library(c, &lib);
	path = library_find_runbook(&lib, word, &e);
	library_release(&lib);
	if (!path) {
		if (c->args->near)
			err_set(&e, ERR_INPUT,
				"no runbook and no command is called %s; did you mean %s?",
				word, c->args->near);
		*code = cmd_fail(c, &e);
		return NULL;
	}
	rb = load_runbook(path,
		&(struct load_opts){
			.project = c->project, .environment = cmd_environment(c)},
		&d);
	if (!rb)
		*code = cmd_complain(c, &d);
	diags_release(&d);
	mem_free(path);
	return rb;
}

/* A call that is not in its place cannot be half practised. */
struct runbook *
cmd_load_practice(struct cmd *c, const char *word, enum exit_code *code)
{
	struct runbook *rb = cmd_load(c, word, code), *played = NULL;
	struct diags d = {0};
	struct err e = ERR_INIT;
	char *path;

	if (!rb)
		return NULL;
	path = practice_scenario(rb->path, c->args->opt[OPT_SCENARIO], &e);
	if (path)
		played = load_runbook(rb->path,
			&(struct load_opts){.project = c->project, .scenario = path}, &d);
	if (played)
		load_scenario_check(played->scenario, played, &d);
	mem_free(c->runs_dir);
	c->runs_dir = practice_runs_dir(&e);
	if (e.kind != ERR_NONE)
		*code = cmd_fail(c, &e);
	else if (d.errors)
		*code = cmd_complain(c, &d);
	if (e.kind != ERR_NONE || d.errors) {
		runbook_unref(played);
		played = NULL;
	}
	diags_release(&d);
	mem_free(path);
	runbook_unref(rb);
	return played;
}

struct opened_with {
	char *config;
};

static bool
take_config(void *ctx, const struct event *ev, const char *hash)
{
	struct opened_with *o = ctx;
	struct err e = ERR_INIT;
	struct json *doc = json_parse(ev->data, strlen(ev->data), &e);

	(void)hash;
	o->config = mem_strdup(
		json_str(json_get(json_root(doc), "config"), "path", NULL));
	json_free(doc);
	return false;
}

/* The one it was opened with, wherever somebody stands now: another one may call other
 * machines by the same names. */
bool
cmd_project_of_run(struct cmd *c, const char *run_dir)
{
	struct opened_with o = {0};
	struct err e = ERR_INIT;
	struct diags d = {0};
	bool found;

	if (args_has(c->args, OPT_PROJECT))
		return cmd_project(c, NULL);
	/* A record that cannot be read is told by whoever reads all of it. */
	found = journal_read(run_dir, take_config, &o, &e) && o.config &&
		*o.config == '/' && file_exists(o.config);
	if (found && !(c->project && str_eq(c->project->path, o.config))) {
		project_free(c->project);
		c->project = load_project(o.config, &d);
	}
	diags_release(&d);
	mem_free(o.config);
	return found || cmd_project(c, NULL);
}

/* A run is a folder; its journal stands for it. */
static char *
run_of_path(const char *word)
{
	char *path = mem_strdup(word);
	size_t len = strlen(path);

	while (len > 1 && path[len - 1] == '/')
		path[--len] = '\0';
	if (str_eq(file_base(path), "journal.jsonl") && strchr(path, '/')) {
		char *dir = file_dir(path);
		mem_free(path);
		return dir;
	}
	return path;
}

/* A run of practice is found by its name, too. Where runs are kept stays what it is. */
static char *
practised(const char *word)
{
	struct err ignored = ERR_INIT;
	char *runs = practice_runs_dir(&ignored),
	     *dir = runs ? library_run_dir(runs, word, &ignored) : NULL;

	mem_free(runs);
	return dir;
}

char *
cmd_run_dir(struct cmd *c, const char *word, enum exit_code *code)
{
	struct err e = ERR_INIT;
	char *dir;

	if (file_exists(word))
		return run_of_path(word);
	if (strchr(word, '/')) {
		err_set(&e, ERR_IO, "%s: no such file or folder", word);
		dir = NULL;
	} else {
		dir = library_run_dir(c->runs_dir, word, &e);
		if (!dir && !c->runs_dir)
			dir = practised(word);
	}
	if (!dir)
		*code = cmd_fail(c, &e);
	return dir;
}

/* ---- answers --------------------------------------------------------------------------------- */

void
cmd_json_begin(struct jsonout *j, struct str *out, const char *name)
{
	jsonout_init(j, out);
	jsonout_open(j);
	jsonout_kstr(j, "handrail", name);
	jsonout_kint(j, "v", 1);
}

void
cmd_json_end(struct jsonout *j, struct str *out)
{
	jsonout_close(j);
	str_addc(out, '\n');
	cmd_print_raw(out);
	str_release(out);
}

static bool
fold_event(void *ctx, const struct event *ev, const char *hash)
{
	run_apply(ctx, ev);
	run_head(ctx, hash);
	return true;
}

struct run *
cmd_fold(struct cmd *c, const char *run_dir, enum exit_code *code)
{
	struct err e = ERR_INIT;
	struct runbook *rb = outfit_runbook(run_dir, c->project, &e);
	struct run *run = NULL;

	if (rb) {
		run = run_new(rb);
		runbook_unref(rb);
		if (!journal_read(run_dir, fold_event, run, &e)) {
			run_free(run);
			run = NULL;
		}
	}
	if (!run)
		*code = cmd_fail(c, &e);
	return run;
}

bool
cmd_settle(
	struct cmd *c, struct session *s, const struct err *refused, enum exit_code *code)
{
	struct err e = ERR_INIT;
	bool danger = false;

	while (!session_idle(s) && refused->kind == ERR_NONE && !danger) {
		loop_turn(c->loop, 1000);
		err_set(&e, ERR_IO, "%s", session_journal_words(s, &danger));
	}
	if (danger) {
		cmd_fail(c, &e);
		*code = EXIT_CODE_NOT_WRITTEN;
	} else if (refused->kind != ERR_NONE) {
		*code = cmd_fail_run(c, NULL, refused);
	}
	return !danger && refused->kind == ERR_NONE;
}
