/* The console, and the demo that opens it on a stage of its own. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/cmd.h"
#include "app/cmdinput.h"
#include "app/console.h"
#include "app/demo.h"
#include "app/plain.h"
#include "app/practice.h"
#include "app/tty.h"
#include "base/mem.h"
#include "load/load.h"
#include "model/parts.h"
#include "run/back.h"

enum exit_code
cmd_console(struct cmd *c)
{
	struct pairs inputs = {0};
	struct runbook *rb = NULL;
	enum exit_code code = EXIT_CODE_OK;
	struct err e = ERR_INIT;
	char *path = NULL;

	/* The plan page and the home screen without a screen. */
	if (tty_plain(c->args))
		return c->args->words.list.len ? cmd_show(c) : cmd_list(c);
	if (c->args->words.list.len == 1) {
		rb = cmd_load(c, c->args->words.list.at[0], &code);
		if (!rb)
			return code;
		path = mem_strdup(rb->path);
		if (!cmdinput_parse(c->args, rb, &inputs, &e))
			code = cmd_fail(c, &e);
		runbook_unref(rb);
	} else if (!cmd_project(c, NULL)) {
		return EXIT_CODE_LOAD;
	}
	if (code == EXIT_CODE_OK)
		code = console_run(&(struct console_opts){.loop = c->loop,
			.args = c->args,
			.project = c->project,
			.runs_dir = c->runs_dir,
			.runbook = path,
			.environment = cmd_environment(c),
			.inputs = &inputs});
	cmdinput_release(&inputs);
	mem_free(path);
	return code;
}

/* One walk in lines: a new one, or the way back of the run in `dir`. Its folder goes to `ended`. */
static enum exit_code
demo_walk(
	struct cmd *c, struct demo *d, struct runbook *rb, const char *dir, char **ended)
{
	struct diags diags = {0};
	struct answers *answers = tty_is_person()
		? NULL
		: load_answers(demo_answers(d), rb, &diags);
	char *words = NULL;
	struct plain_opts po = {.cmd = c, .answers = answers, .passing = true};
	struct err e = ERR_INIT;
	enum exit_code code = EXIT_CODE_OK;
	struct session *s;
	struct plain *p;

	if (dir) {
		struct run *r = cmd_fold(c, dir, &code);

		po.back = words = r ? back_phrase(r, BACK_UNDO) : NULL;
		run_free(r);
	}
	p = plain_new(&po);
	struct session_opts so = {.loop = c->loop,
		.runbook = rb,
		.project = c->project,
		.runs_dir = c->runs_dir,
		.calls = plain_calls(p)};
	s = dir ? session_resume(&so, dir, &e) : session_open(&so, &e);
	if (s) {
		plain_begin(p, s);
		code = plain_walk(p);
		*ended = mem_strdup(session_dir(s));
		session_free(s);
	} else {
		code = cmd_fail(c, &e);
	}
	plain_free(p);
	answers_free(answers);
	diags_release(&diags);
	mem_free(words);
	return code;
}

/* The tour without a screen: what a pipeline or a screen reader gets. Nobody is there to lead
 * it back where nobody walks it. */
static enum exit_code
demo_plain(struct cmd *c, struct demo *d, struct runbook *rb, char **ended)
{
	struct str brief = STR_INIT;
	enum exit_code code;
	char *first = NULL;

	practice_brief(rb, &brief);
	cmd_print(&brief);
	str_release(&brief);
	code = demo_walk(c, d, rb, NULL, &first);
	if (code == EXIT_CODE_NO && !tty_is_person())
		code = demo_walk(c, d, rb, first, ended);
	if (!*ended)
		*ended = first;
	else
		mem_free(first);
	return code;
}

static enum exit_code
demo_screen(struct cmd *c, struct runbook *rb, char **ended)
{
	struct strings dirs = {0};
	enum exit_code code = console_run(&(struct console_opts){.loop = c->loop,
		.args = c->args,
		.project = c->project,
		.runs_dir = c->runs_dir,
		.practises = true,
		.passing = true,
		.dirs = &dirs,
		.guide = rb->scenario});

	if (dirs.list.len)
		*ended = mem_strdup(dirs.list.at[dirs.list.len - 1]);
	parts_free_strings(&dirs);
	return code;
}

/* As somebody would be handed it, and how it went as practice. */
static void
demo_report(struct cmd *c, const char *dir)
{
	enum exit_code code = EXIT_CODE_OK;
	struct str out = STR_INIT;
	struct drill drill;
	struct run *r;

	puts("\nThe report of the tour, as `handrail report RUN` prints that of any run:\n");
	cmd_print_report(c, dir);
	r = cmd_fold(c, dir, &code);
	if (!r)
		return;
	drill_count(r, &drill);
	str_adds(&out, "\nThe tour: ");
	drill_words(&drill, &out);
	str_adds(&out,
		". Its folder and its record are gone.\n"
		"Next: handrail new runbook.yaml makes a first runbook of your own.\n");
	cmd_print(&out);
	str_release(&out);
	run_free(r);
}

static enum exit_code
demo_on_stage(struct cmd *c, struct demo *d)
{
	struct args args = *c->args;
	const struct args *before = c->args;
	enum exit_code code = EXIT_CODE_OK;
	struct runbook *rb;
	char *ended = NULL;

	args.opt[OPT_PROJECT] = demo_project(d);
	args.opt[OPT_ENV] = args.opt[OPT_SCENARIO] = NULL;
	/* The tour alone: runbooks of this folder are real. */
	memset(&args.runbooks, 0, sizeof args.runbooks);
	vec_push(&args.runbooks.list, demo_dir(d));
	c->args = &args;
	rb = cmd_load_practice(c, demo_runbook(d), &code);
	if (rb)
		code = tty_plain(&args) ? demo_plain(c, d, rb, &ended)
					: demo_screen(c, rb, &ended);
	if (rb && ended)
		demo_report(c, ended);
	/* that it went wrong on the way is what the tour is about */
	if (rb && code == EXIT_CODE_NO)
		code = EXIT_CODE_OK;
	runbook_unref(rb);
	vec_free(&args.runbooks.list);
	c->args = before;
	mem_free(ended);
	return code;
}

enum exit_code
cmd_demo(struct cmd *c)
{
	struct err e = ERR_INIT;
	enum exit_code code = EXIT_CODE_OK;
	struct demo *d;

	if (!cmd_may_write(c, &code))
		return code;
	d = demo_new(&e);
	if (!d)
		return cmd_fail(c, &e);
	/* What the tour keeps goes with its folder. */
	unsetenv("HANDRAIL_STATE_DIR");
	setenv("XDG_STATE_HOME", demo_dir(d), 1);
	code = demo_on_stage(c, d);
	demo_free(d);
	return code;
}
