/* learn: a runbook explained; the screen where there is one, else all of it as lines. This
 * command makes no connection and has nothing that could. */

#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "app/cmd.h"
#include "app/console.h"
#include "app/learning.h"
#include "app/practice.h"
#include "app/scenedraft.h"
#include "app/tty.h"
#include "base/mem.h"
#include "base/stamp.h"
#include "load/load.h"
#include "view/view_learn.h"

enum { LINE_COLS = 90 };

/* ---- one runbook, in lines --------------------------------------------------------------------- */

static void
print_steps(struct learning *l)
{
	const struct runbook *rb = learning_runbook(l);
	struct str out = STR_INIT;

	str_addf(&out, "Learn: %s. Nothing runs and nothing is recorded.\n\n", rb->title);
	for (size_t i = 0; i < rb->steps.list.len; i++) {
		struct learn_scene s = {.runbook = rb, .shown = INT_MAX};
		struct page p;

		s.example = learning_example(l, (int)i, &s.source);
		page_init(&p, LINE_COLS);
		view_learn_page(&s, (int)i, &p);
		page_print(&p, &out);
		str_addc(&out, '\n');
		page_release(&p);
		learning_see(l, (int)i);
	}
	str_addf(&out, "Next: handrail run --practice %s\n", rb->name);
	cmd_print(&out);
	str_release(&out);
}

static void
print_json(struct learning *l)
{
	const struct runbook *rb = learning_runbook(l);
	struct str out = STR_INIT;
	struct jsonout j;

	cmd_json_begin(&j, &out, "learn");
	jsonout_kstr(&j, "runbook", rb->path);
	jsonout_key(&j, "items");
	jsonout_open_array(&j);
	for (size_t i = 0; i < rb->steps.list.len; i++) {
		const struct step *s = &rb->steps.list.at[i];
		const char *source, *example = learning_example(l, (int)i, &source);

		jsonout_open(&j);
		jsonout_kstr(&j, "id", s->id);
		jsonout_kstr(&j, "number", s->number);
		jsonout_kstr(&j, "kind", step_kind_name(s->kind));
		jsonout_kstr(&j, "title", s->title);
		jsonout_kstr(&j, "why", s->why);
		jsonout_kstr(&j, "explain", s->explain);
		jsonout_kstr(&j, "example", example);
		jsonout_kbool(&j, "seen", learning_seen(l)[i]);
		jsonout_close(&j);
	}
	jsonout_close_array(&j);
	cmd_json_end(&j, &out);
}

/* ---- how far one has come ------------------------------------------------------------------------ */

struct row {
	const struct library_runbook *rb;
	int seen, all;
	bool practised; /* there is a scenario */
	const struct practice_drill *last;
};

static bool
row_of(const struct cmd *c, const struct library_runbook *lr,
	const struct practice_drills *drills, struct row *out)
{
	struct diags ignored = {0};
	struct runbook *rb = load_runbook(lr->path,
		&(struct load_opts){
			.project = c->project, .environment = cmd_environment(c)},
		&ignored);
	char *scenario;

	if (rb) {
		struct learning *l = learning_new(rb);
		struct learn_scene s = {.runbook = rb, .seen = learning_seen(l)};

		view_learn_count(&s, &out->seen, &out->all);
		learning_free(l);
	}
	scenario = practice_scenario_of(lr->path);
	out->rb = lr;
	out->practised = scenario != NULL;
	out->last = practice_last(drills, lr->path);
	mem_free(scenario);
	diags_release(&ignored);
	runbook_unref(rb);
	return out->all > 0;
}

static void
print_row(const struct row *r, struct str *out)
{
	char at[STAMP_BYTES];
	struct str drill = STR_INIT;

	str_addf(out, "%-28s %3d of %3d seen  ", r->rb->name, r->seen, r->all);
	if (r->last) {
		drill_words(&r->last->drill, &drill);
		str_addf(out, "%.10s %s", stamp_wall(r->last->at, at), drill.buf);
	} else {
		str_adds(out, r->practised ? "never practised" : "-");
	}
	str_addc(out, '\n');
	str_release(&drill);
}

static void
row_json(const struct row *r, struct jsonout *j)
{
	char at[STAMP_BYTES];

	jsonout_open(j);
	jsonout_kstr(j, "name", r->rb->name);
	jsonout_kstr(j, "path", r->rb->path);
	jsonout_kint(j, "seen", r->seen);
	jsonout_kint(j, "steps", r->all);
	jsonout_kbool(j, "scenario", r->practised);
	jsonout_key(j, "drill");
	if (r->last) {
		jsonout_open(j);
		jsonout_kstr(j, "run", r->last->run);
		jsonout_kstr(j, "at", stamp_wall(r->last->at, at));
		jsonout_kint(j, "took_ms", r->last->drill.took_ms);
		jsonout_kint(j, "hints", r->last->drill.hints);
		jsonout_kint(j, "wrong_turns", r->last->drill.wrong);
		jsonout_kbool(j, "signed", r->last->is_signed);
		jsonout_close(j);
	} else {
		jsonout_null(j);
	}
	jsonout_close(j);
}

static enum exit_code
show_progress(struct cmd *c)
{
	struct practice_drills drills;
	struct library lib;
	struct str out = STR_INIT;
	bool json = args_has(c->args, OPT_JSON);
	struct jsonout j;

	if (!cmd_project(c, NULL))
		return EXIT_CODE_LOAD;
	cmd_library(c, &lib);
	practice_drills(&drills);
	if (json) {
		cmd_json_begin(&j, &out, "learn");
		jsonout_key(&j, "items");
		jsonout_open_array(&j);
	}
	for (size_t i = 0; i < lib.runbooks.list.len; i++) {
		struct row r = {0};

		if (!row_of(c, &lib.runbooks.list.at[i], &drills, &r))
			continue;
		if (json)
			row_json(&r, &j);
		else
			print_row(&r, &out);
	}
	if (json) {
		jsonout_close_array(&j);
		cmd_json_end(&j, &out);
	} else {
		cmd_print(&out);
		str_release(&out);
	}
	practice_drills_release(&drills);
	return cmd_library_done(&lib);
}

/* What it redacted stays so; the rest of the care is a person's. */
static enum exit_code
record(struct cmd *c)
{
	enum exit_code code = EXIT_CODE_OK;
	char *dir = cmd_run_dir(c, c->args->opt[OPT_RECORD], &code);
	struct str out = STR_INIT;
	struct err e = ERR_INIT;
	struct run *r;

	if (!dir)
		return code;
	r = cmd_project_of_run(c, dir) ? cmd_fold(c, dir, &code) : NULL;
	if (r && scenedraft_write(r, dir, &out, &e))
		cmd_print_raw(&out);
	else if (r)
		code = cmd_fail(c, &e);
	else if (code == EXIT_CODE_OK)
		code = EXIT_CODE_LOAD;
	run_free(r);
	str_release(&out);
	mem_free(dir);
	return code;
}

enum exit_code
cmd_learn(struct cmd *c)
{
	enum exit_code code = EXIT_CODE_OK;
	struct learning *l;
	struct runbook *rb;

	if (args_has(c->args, OPT_RECORD))
		return record(c);
	if (!c->args->words.list.len)
		return show_progress(c);
	rb = cmd_load(c, c->args->words.list.at[0], &code);
	if (!rb)
		return code;
	if (!args_has(c->args, OPT_JSON) && !tty_plain(c->args) &&
		isatty(STDOUT_FILENO) && tty_is_person()) {
		code = console_run(&(struct console_opts){.loop = c->loop,
			.args = c->args,
			.project = c->project,
			.environment = cmd_environment(c),
			.learn = rb});
	} else {
		l = learning_new(rb);
		if (args_has(c->args, OPT_JSON))
			print_json(l);
		else
			print_steps(l);
		learning_free(l);
	}
	runbook_unref(rb);
	return code;
}
