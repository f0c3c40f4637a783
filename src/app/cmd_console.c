/* The console, and the demo that opens it on a stage of its own. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/cmd.h"
#include "app/cmdinput.h"
#include "app/console.h"
#include "app/demo.h"
#include "app/plain.h"
#include "app/tty.h"
#include "base/mem.h"
#include "load/load.h"

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

/* The tour without a screen: what a pipeline or a screen reader gets. */
static enum exit_code
demo_plain(struct cmd *c, struct demo *d, struct runbook *rb)
{
	struct diags diags = {0};
	struct answers *answers = tty_is_person()
		? NULL
		: load_answers(demo_answers(d), rb, &diags);
	struct plain *p = plain_new(&(struct plain_opts){.cmd = c,
		.answers = answers,
		.farewell = "This was the tour: its folder goes away with it."});
	struct session_opts so = {.loop = c->loop,
		.runbook = rb,
		.project = c->project,
		.runs_dir = c->runs_dir,
		.key = demo_key(d),
		.calls = plain_calls(p)};
	struct err e = ERR_INIT;
	struct session *s = session_open(&so, &e);
	enum exit_code code;

	if (s) {
		plain_begin(p, s);
		code = cmdinput_give(s, demo_inputs(d), &e) ? plain_walk(p)
							    : cmd_fail(c, &e);
		session_free(s);
	} else {
		code = cmd_fail(c, &e);
	}
	plain_free(p);
	answers_free(answers);
	if (diags.errors)
		cmd_complain(c, &diags);
	diags_release(&diags);
	return code;
}

static enum exit_code
demo_on_stage(struct cmd *c, struct demo *d)
{
	struct args args = *c->args;
	const struct args *before = c->args;
	enum exit_code code = EXIT_CODE_OK;
	struct runbook *rb;

	args.opt[OPT_PROJECT] = demo_project(d);
	args.opt[OPT_KEY] = demo_key(d);
	/* The tour alone: runbooks of this folder are real. */
	memset(&args.runbooks, 0, sizeof args.runbooks);
	vec_push(&args.runbooks.list, demo_dir(d));
	c->args = &args;
	c->runs_dir = mem_strdup(demo_runs(d));
	rb = cmd_load(c, demo_runbook(d), &code);
	if (rb && tty_plain(&args))
		code = demo_plain(c, d, rb);
	else if (rb)
		code = console_run(&(struct console_opts){
			.loop = c->loop,
			.args = &args,
			.project = c->project,
			.runs_dir = c->runs_dir,
			.runbook = demo_runbook(d),
			.inputs = demo_inputs(d),
			.passing = true,
			.hello =
				"The tour: nothing real is touched. Enter starts; ? shows the keys.",
		});
	if (rb)
		runbook_unref(rb);
	vec_free(&args.runbooks.list);
	c->args = before;
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
	d = demo_new(c->loop, &e);
	if (!d)
		return cmd_fail(c, &e);
	/* What is trusted on the tour and what its jobs leave goes with its folder. */
	unsetenv("HANDRAIL_STATE_DIR");
	setenv("XDG_STATE_HOME", demo_dir(d), 1);
	code = demo_on_stage(c, d);
	demo_free(d);
	return code;
}
