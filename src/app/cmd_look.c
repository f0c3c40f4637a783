/* Subcommands that only look at runbooks: list, show, lint, schema. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/cmd.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/stamp.h"
#include "load/schema.h"
#include "model/check.h"

enum { LINT_DEPTH = 16 }; /* folders within folders; a link that leads back ends here */

/* ---- list ------------------------------------------------------------------------------- */

static void
list_json(const struct library *lib)
{
	struct str out = STR_INIT;
	struct jsonout j;
	char stamp[STAMP_BYTES];

	cmd_json_begin(&j, &out, "list");
	jsonout_key(&j, "items");
	jsonout_open_array(&j);
	for (size_t i = 0; i < lib->runbooks.list.len; i++) {
		const struct library_runbook *rb = &lib->runbooks.list.at[i];
		const struct library_run *last = rb->last_run == NONE
			? NULL
			: &lib->runs.list.at[rb->last_run];
		jsonout_open(&j);
		jsonout_kstr(&j, "name", rb->name);
		jsonout_kstr(&j, "path", rb->path);
		jsonout_kstr(&j, "group", rb->group);
		jsonout_kstr(&j, "title", rb->summary ? rb->summary->title : NULL);
		jsonout_kstr(&j, "kind",
			rb->summary ? runbook_kind_name(rb->summary->kind) : NULL);
		jsonout_kstr(
			&j, "risk", rb->summary ? risk_name(rb->summary->risk) : NULL);
		jsonout_key(&j, "steps");
		if (rb->summary)
			jsonout_int(&j, rb->summary->steps);
		else
			jsonout_null(&j);
		jsonout_kstr(&j, "fault", rb->fault);
		jsonout_kstr(&j, "last_run", last ? last->id : NULL);
		jsonout_kstr(&j, "last_state", last ? last->state : NULL);
		jsonout_kstr(
			&j, "last_at", last ? stamp_wall(last->opened, stamp) : NULL);
		jsonout_close(&j);
	}
	jsonout_close_array(&j);
	cmd_json_end(&j, &out);
}

static void
list_text(const struct library *lib)
{
	struct str out = STR_INIT;
	const char *group = "";

	for (size_t i = 0; i < lib->runbooks.list.len; i++) {
		const struct library_runbook *rb = &lib->runbooks.list.at[i];
		const struct library_run *last = rb->last_run == NONE
			? NULL
			: &lib->runs.list.at[rb->last_run];
		if (strcmp(group, rb->group) != 0) {
			group = rb->group;
			str_addf(&out, "%s\n", group);
		}
		if (!rb->summary) {
			str_addf(&out, "  %-24s does not load: %s\n", rb->name,
				rb->fault ? rb->fault : "?");
			continue;
		}
		str_addf(&out, "  %-24s %3d steps  %-3s  %-8s %s\n", rb->name,
			rb->summary->steps, risk_mark(rb->summary->risk),
			last ? last->state : "never", rb->summary->title);
	}
	if (!lib->runbooks.list.len) {
		str_adds(&out, "No runbooks. handrail looked in:\n");
		for (size_t i = 0; i < lib->looked.list.len; i++)
			str_addf(&out, "  %s\n", lib->looked.list.at[i]);
		str_adds(&out,
			"handrail demo shows what it does; --runbooks DIR names a folder.\n");
	}
	cmd_print(&out);
	str_release(&out);
}

enum exit_code
cmd_list(struct cmd *c)
{
	struct library lib;

	if (!cmd_project(c, NULL))
		return EXIT_CODE_LOAD;
	cmd_library(c, &lib);
	if (args_has(c->args, OPT_JSON))
		list_json(&lib);
	else
		list_text(&lib);
	return cmd_library_done(&lib);
}

/* ---- show ------------------------------------------------------------------------------- */

static void
show_json(const struct runbook *rb)
{
	struct str out = STR_INIT;
	struct jsonout j;

	cmd_json_begin(&j, &out, "show");
	jsonout_kstr(&j, "title", rb->title);
	jsonout_kstr(&j, "sha256", rb->sources.list.at[0].sha256);
	jsonout_key(&j, "items");
	jsonout_open_array(&j);
	for (size_t i = 0; i < rb->steps.list.len; i++) {
		const struct step *s = &rb->steps.list.at[i];
		jsonout_open(&j);
		jsonout_kstr(&j, "id", s->id);
		jsonout_kstr(&j, "number", s->number);
		jsonout_kstr(&j, "kind", step_kind_name(s->kind));
		jsonout_kstr(&j, "title", s->title);
		jsonout_kstr(
			&j, "risk", s->kind == STEP_RUN ? risk_name(s->risk) : "none");
		jsonout_kstr(&j, "section",
			s->section == NONE ? NULL : rb->steps.list.at[s->section].title);
		jsonout_kint(&j, "source_line", s->line);
		jsonout_kstr(&j, "source_kind", NULL);
		jsonout_close(&j);
	}
	jsonout_close_array(&j);
	cmd_json_end(&j, &out);
}

static void
show_command(const char *text, struct str *out)
{
	for (const char *line = text; line && *line;) {
		size_t len = strcspn(line, "\n");
		str_addf(out, "          $ %.*s\n", (int)len, line);
		line += len + (line[len] == '\n');
	}
}

static void
show_expect(const char *name, const struct expect *x, struct str *out)
{
	if (!x)
		return;
	str_addf(out, "          %s ", name);
	expect_text(x, out);
	str_addc(out, '\n');
}

static void
show_way_back(const struct step *s, struct str *out)
{
	if (s->undo.text)
		str_addf(out, "          undo   %.*s\n", (int)strcspn(s->undo.text, "\n"),
			s->undo.text);
	if (s->irreversible)
		str_addf(out, "          no way back: %s\n", s->irreversible);
}

/* What is looked at, chosen or asked for. */
static void
show_particulars(const struct runbook *rb, const struct step *s, struct str *out)
{
	for (size_t i = 0; i < s->probes.list.len; i++) {
		const struct probe *p = &rb->probes.list.at[s->probes.list.at[i]];
		show_expect(p->name, p->expect, out);
	}
	for (size_t i = 0; i < s->options.list.len; i++)
		str_addf(out, "          ( ) %s%s%s\n", s->options.list.at[i].label,
			s->options.list.at[i].says ? ": " : "",
			s->options.list.at[i].says ? s->options.list.at[i].says : "");
	if (s->kind == STEP_ASK)
		str_addf(out, "          asks for %s\n",
			rb->inputs.list.at[s->input].name);
	if (s->kind == STEP_SIGNOFF)
		str_addf(out, "          sign-off by %s: %s\n", s->role,
			s->says ? s->says : "");
}

static void
show_step(const struct runbook *rb, const struct step *s, struct str *out)
{
	const char *host = s->host == NONE ? "this machine"
					   : rb->hosts.list.at[s->host].name;

	if (s->kind == STEP_SECTION) {
		str_addf(out, "\n%s  %s\n", s->number, s->title);
		return;
	}
	str_addf(out, "[ ] %-5s %s", s->number, s->title);
	if (s->kind == STEP_RUN)
		str_addf(out, "   %s on %s", risk_mark(s->risk), host);
	str_addc(out, '\n');
	if (s->kind == STEP_RUN)
		show_command(s->text, out);
	show_expect("expect", s->expect, out);
	if (s->confirm)
		str_addf(out, "          confirm: %s\n", s->confirm);
	show_particulars(rb, s, out);
	show_way_back(s, out);
}

static void
show_text(const struct runbook *rb)
{
	struct str out = STR_INIT;

	str_addf(&out, "%s\n", rb->title);
	if (rb->why)
		str_addf(&out, "%s\n", rb->why);
	for (size_t i = 0; i < rb->steps.list.len; i++)
		show_step(rb, &rb->steps.list.at[i], &out);
	cmd_print(&out);
	str_release(&out);
}

enum exit_code
cmd_show(struct cmd *c)
{
	enum exit_code code = EXIT_CODE_OK;
	const char *format = c->args->opt[OPT_FORMAT];
	struct err e = ERR_INIT;
	struct runbook *rb;

	if (format && !str_eq(format, "text") && !str_eq(format, "json")) {
		err_set(&e, ERR_INPUT, "show --format: text or json, not %s", format);
		return cmd_fail(c, &e);
	}
	rb = cmd_load(c, c->args->words.list.at[0], &code);
	if (!rb)
		return code;
	if (args_has(c->args, OPT_JSON) || str_eq(format, "json"))
		show_json(rb);
	else
		show_text(rb);
	runbook_unref(rb);
	return EXIT_CODE_OK;
}

/* ---- lint ------------------------------------------------------------------------------- */

static bool
is_yaml(const char *name)
{
	const char *dot = strrchr(name, '.');

	return name[0] != '.' && dot && (str_eq(dot, ".yaml") || str_eq(dot, ".yml"));
}

static bool
same_file(const char *a, const char *b)
{
	char *x = realpath(a, NULL), *y = realpath(b, NULL);
	bool same = x && y && strcmp(x, y) == 0;

	free(x);
	free(y);
	return same;
}

static void
lint_file(struct cmd *c, const char *path, struct diags *d)
{
	struct load_opts o = {.project = c->project, .environment = cmd_environment(c)};

	if (!str_eq(file_base(path), "handrail.yaml"))
		runbook_unref(load_runbook(path, &o, d));
	else if (!c->project || !same_file(path, c->project->path))
		project_free(
			load_project(path, d)); /* ours has told its faults already */
}

static void
lint_path(struct cmd *c, const char *path, int depth, struct diags *d)
{
	struct err e = ERR_INIT;
	size_t count = 0;
	char **names;

	if (!file_is_dir(path)) {
		lint_file(c, path, d);
		return;
	}
	names = file_names(path, &count, &e);
	for (size_t i = 0; names && i < count; i++) {
		char *sub = file_join(path, names[i]);
		if (names[i][0] != '.' && file_is_dir(sub)) {
			if (depth < LINT_DEPTH)
				lint_path(c, sub, depth + 1, d);
		} else if (is_yaml(names[i])) {
			lint_file(c, sub, d);
		}
		mem_free(sub);
	}
	file_names_free(names);
}

static void
lint_json(const struct diags *d)
{
	struct str out = STR_INIT;
	struct jsonout j;

	cmd_json_begin(&j, &out, "lint");
	cmd_json_errors(&j, d);
	cmd_json_end(&j, &out);
}

/* SARIF 2.1.0, the parts code hosts read: rule id, level, message, place. */
static void
lint_sarif(const struct diags *d)
{
	struct str out = STR_INIT;
	struct jsonout j;

	jsonout_init(&j, &out);
	jsonout_open(&j);
	jsonout_kstr(&j, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
	jsonout_kstr(&j, "version", "2.1.0");
	jsonout_key(&j, "runs");
	jsonout_open_array(&j);
	jsonout_open(&j);
	jsonout_key(&j, "tool");
	jsonout_raw(&j, "{\"driver\":{\"name\":\"handrail lint\"}}");
	jsonout_key(&j, "results");
	jsonout_open_array(&j);
	for (size_t i = 0; i < d->list.len; i++) {
		const struct diag *f = &d->list.at[i];
		jsonout_open(&j);
		jsonout_kstr(&j, "ruleId", f->id);
		jsonout_kstr(&j, "level", f->level == DIAG_ERROR ? "error" : "warning");
		jsonout_key(&j, "message");
		jsonout_open(&j);
		jsonout_kstr(&j, "text", f->msg);
		jsonout_close(&j);
		jsonout_key(&j, "locations");
		jsonout_open_array(&j);
		jsonout_open(&j);
		jsonout_key(&j, "physicalLocation");
		jsonout_open(&j);
		jsonout_key(&j, "artifactLocation");
		jsonout_open(&j);
		jsonout_kstr(&j, "uri", f->file);
		jsonout_close(&j);
		jsonout_key(&j, "region");
		jsonout_open(&j);
		jsonout_kint(&j, "startLine", f->line > 0 ? f->line : 1);
		jsonout_kint(&j, "startColumn", f->col > 0 ? f->col : 1);
		jsonout_close(&j);
		jsonout_close(&j);
		jsonout_close(&j);
		jsonout_close_array(&j);
		jsonout_close(&j);
	}
	jsonout_close_array(&j);
	jsonout_close(&j);
	jsonout_close_array(&j);
	jsonout_close(&j);
	str_addc(&out, '\n');
	cmd_print_raw(&out);
	str_release(&out);
}

static void
lint_text(const struct diags *d)
{
	struct str out = STR_INIT;

	diags_print(d, &out);
	if (d->errors || d->warnings)
		str_addf(&out, "%zu error%s, %zu warning%s\n", d->errors,
			d->errors == 1 ? "" : "s", d->warnings,
			d->warnings == 1 ? "" : "s");
	cmd_print(&out);
	str_release(&out);
}

static bool
lint_format(const struct args *a, void (**print)(const struct diags *), struct err *e)
{
	static const struct {
		const char *name;
		void (*print)(const struct diags *);
	} formats[] = {{"text", lint_text}, {"json", lint_json}, {"sarif", lint_sarif}};
	const char *want = args_has(a, OPT_JSON) ? "json" : a->opt[OPT_FORMAT];

	*print = lint_text;
	for (size_t i = 0; want && i < sizeof formats / sizeof formats[0]; i++)
		if (strcmp(formats[i].name, want) == 0) {
			*print = formats[i].print;
			return true;
		}
	return !want ||
		err_set(e, ERR_INPUT, "lint --format: text, json or sarif, not %s", want);
}

/* --strict: a warning is an error. */
static void
lint_strictly(struct diags *d)
{
	for (size_t i = 0; i < d->list.len; i++)
		d->list.at[i].level = DIAG_ERROR;
	d->errors += d->warnings;
	d->warnings = 0;
}

/* Paths of the command line, else the project's folders, else ./runbooks. */
static bool
lint_words(struct cmd *c, struct diags *d, struct err *e)
{
	for (size_t i = 0; i < c->args->words.list.len; i++) {
		const char *path = c->args->words.list.at[i];
		if (!file_exists(path))
			return err_set(e, ERR_IO, "%s: no such file or folder", path);
		lint_path(c, path, 0, d);
	}
	if (c->args->words.list.len)
		return true;
	for (size_t i = 0; c->project && i < c->project->runbooks.list.len; i++)
		lint_path(c, c->project->runbooks.list.at[i], 0, d);
	if (!c->project && !file_is_dir("runbooks"))
		return err_set(
			e, ERR_INPUT, "nothing to lint: name a runbook or a folder");
	if (!c->project)
		lint_path(c, "runbooks", 0, d);
	return true;
}

enum exit_code
cmd_lint(struct cmd *c)
{
	const char *near = c->args->words.list.len ? c->args->words.list.at[0] : NULL;
	void (*print)(const struct diags *);
	enum exit_code code = EXIT_CODE_OK;
	struct err e = ERR_INIT;
	struct diags d = {0};
	char *path;

	if (!lint_format(c->args, &print, &e))
		return cmd_fail(c, &e);
	path = cmd_project_path(c, near);
	if (path)
		c->project = load_project(path, &d);
	/* Without its project every runbook would be blamed for what it misses. */
	if (path && !c->project)
		code = EXIT_CODE_NO;
	else if (!lint_words(c, &d, &e))
		code = cmd_fail(c, &e);
	if (code == EXIT_CODE_OK || code == EXIT_CODE_NO) {
		diags_sort(&d);
		if (args_has(c->args, OPT_STRICT))
			lint_strictly(&d);
		print(&d);
		code = d.errors || d.warnings ? EXIT_CODE_NO : EXIT_CODE_OK;
	}
	diags_release(&d);
	mem_free(path);
	return code;
}

/* ---- schema ------------------------------------------------------------------------------ */

enum exit_code
cmd_schema(struct cmd *c)
{
	const char *which = c->args->words.list.len ? c->args->words.list.at[0]
						    : "runbook";
	enum schema_which schema;
	struct str out = STR_INIT;
	struct err e = ERR_INIT;

	if (!schema_parse(which, &schema)) {
		err_set(&e, ERR_INPUT,
			"schema: runbook, config, answers, theme or keys, not %s", which);
		return cmd_fail(c, &e);
	}
	schema_write(schema, &out);
	cmd_print_raw(&out);
	str_release(&out);
	return EXIT_CODE_OK;
}
