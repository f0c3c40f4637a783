#include "app/cmd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/spine.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"

void
cmd_print(const struct str *s)
{
	fwrite(s->buf, 1, s->len, stdout);
	fflush(stdout);
}

/* What a person does about each kind; kinds without a row need no hint. */
static const char *const hints[] = {
	[ERR_PARSE] = "handrail lint names every complaint with its place",
	[ERR_NET] = "handrail doctor --host NAME tries the connection alone",
	[ERR_AUTH] = "handrail doctor --host NAME shows keys and known hosts",
	[ERR_RECORD] = "copy the record before anything else; do not edit it",
	[ERR_RECORD + 1] = NULL,
};

enum exit_code
cmd_fail(const struct err *e)
{
	char *shown = text_harmless_dup(e->msg);

	fprintf(stderr, "handrail: %s\n", shown);
	if (hints[e->kind])
		fprintf(stderr, "help: %s\n", hints[e->kind]);
	mem_free(shown);
	return args_exit_for(e);
}

enum exit_code
cmd_complain(struct diags *d)
{
	struct str out = STR_INIT;

	diags_sort(d);
	diags_print(d, &out);
	fwrite(out.buf, 1, out.len, stderr);
	str_release(&out);
	return d->errors ? EXIT_CODE_LOAD : EXIT_CODE_OK;
}

bool
cmd_project(struct cmd *c, const char *near)
{
	const char *given = c->args->opt[OPT_PROJECT];
	char *path = NULL, *dir = NULL;
	struct diags d = {0};
	bool ok = true;

	if (c->project)
		return true;
	if (given) {
		path = file_is_dir(given) ? file_join(given, "handrail.yaml")
					  : mem_strdup(given);
	} else {
		dir = near ? file_dir(near) : mem_strdup(".");
		char *real = realpath(dir, NULL);
		path = real ? load_find_project(real) : NULL;
		free(real);
	}
	if (path) {
		c->project = load_project(path, &d);
		ok = c->project != NULL;
		if (!ok || d.list.len)
			cmd_complain(&d);
	}
	diags_release(&d);
	mem_free(dir);
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
		*code = cmd_fail(&e);
		return NULL;
	}
	rb = load_runbook(path,
		&(struct load_opts){
			.project = c->project, .environment = cmd_environment(c)},
		&d);
	if (!rb)
		*code = cmd_complain(&d);
	diags_release(&d);
	mem_free(path);
	return rb;
}

char *
cmd_run_dir(struct cmd *c, const char *word, enum exit_code *code)
{
	struct library lib;
	struct err e = ERR_INIT;
	const struct library_run *run;
	char *dir = NULL;

	if (strchr(word, '/') || file_exists(word)) {
		if (file_exists(word))
			return mem_strdup(word);
		err_set(&e, ERR_IO, "%s: no such file", word);
		*code = cmd_fail(&e);
		return NULL;
	}
	cmd_library(c, &lib);
	run = library_find_run(&lib, word, &e);
	if (run)
		dir = mem_strdup(run->dir);
	else
		*code = cmd_fail(&e);
	library_release(&lib);
	return dir;
}

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
	cmd_print(out);
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
		*code = cmd_fail(&e);
	return run;
}
