/* Subcommands that only look at runbooks: list, show, schema. */

#include <stdio.h>
#include <string.h>

#include "app/cmd.h"
#include "app/showmd.h"
#include "base/mem.h"
#include "base/stamp.h"
#include "load/schema.h"
#include "model/check.h"

/* ---- list ------------------------------------------------------------------------------- */

/* Does it owe something by now: its review, or what one of its runs has left? */
static bool
owes(const struct library *lib, size_t runbook, struct wall now)
{
	const struct library_runbook *rb = &lib->runbooks.list.at[runbook];

	if (rb->summary && rb->summary->review_due.ms &&
		rb->summary->review_due.ms <= now.ms)
		return true;
	for (size_t i = 0; i < lib->owed.owed.list.len; i++) {
		const struct owed *o = &lib->owed.owed.list.at[i];

		if (o->state == OWED_OPEN && o->due.ms <= now.ms &&
			library_same_file(o->runbook, rb->path))
			return true;
	}
	return false;
}

static void
list_json(const struct library *lib, bool only_due)
{
	struct wall now = clock_wall();
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
		bool due = owes(lib, i, now);

		if (only_due && !due)
			continue;
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
		jsonout_kbool(&j, "due", due);
		jsonout_close(&j);
	}
	jsonout_close_array(&j);
	cmd_json_end(&j, &out);
}

static void
list_text(const struct library *lib, bool only_due)
{
	struct wall now = clock_wall();
	size_t shown = 0;
	struct str out = STR_INIT;
	const char *group = "";

	for (size_t i = 0; i < lib->runbooks.list.len; i++) {
		const struct library_runbook *rb = &lib->runbooks.list.at[i];
		const struct library_run *last = rb->last_run == NONE
			? NULL
			: &lib->runs.list.at[rb->last_run];
		bool due = owes(lib, i, now);

		if (only_due && !due)
			continue;
		shown++;
		if (strcmp(group, rb->group) != 0) {
			group = rb->group;
			str_addf(&out, "%s\n", group);
		}
		if (!rb->summary) {
			str_addf(&out, "  %-24s does not load: %s\n", rb->name,
				rb->fault ? rb->fault : "?");
			continue;
		}
		str_addf(&out, "  %-24s %3d steps  %-3s  %-8s %s%s\n", rb->name,
			rb->summary->steps, risk_mark(rb->summary->risk),
			last ? last->state : "never", rb->summary->title,
			due ? "  (due: see handrail due)" : "");
	}
	if (!shown && only_due && lib->runbooks.list.len)
		str_adds(&out, "No runbook here owes anything now.\n");
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
		list_json(&lib, args_has(c->args, OPT_DUE_ONLY));
	else
		list_text(&lib, args_has(c->args, OPT_DUE_ONLY));
	return cmd_library_done(&lib);
}

/* ---- show ------------------------------------------------------------------------------- */

/* Of the page a step was imported from, as far as programs are promised one. */
static const char *
source_kind(const struct step *s)
{
	static const char *const promised[] = {
		"task", "ordered", "fence", "heading", NULL};

	for (size_t i = 0; s->source_kind && promised[i]; i++)
		if (str_eq(s->source_kind, promised[i]))
			return promised[i];
	return NULL;
}

/* Of the page where the runbook was imported; else of its own file. */
static void
add_source_line(struct jsonout *j, const struct runbook *rb, const struct step *s)
{
	if (s->source_line || !rb->source_sha256) {
		jsonout_kint(j, "source_line", s->source_line ? s->source_line : s->line);
		return;
	}
	jsonout_key(j, "source_line");
	jsonout_null(j);
}

static void
show_json(const struct runbook *rb)
{
	struct str out = STR_INIT;
	struct jsonout j;

	cmd_json_begin(&j, &out, "show");
	jsonout_kstr(&j, "title", rb->title);
	jsonout_kstr(&j, "sha256", rb->sources.list.at[0].sha256);
	jsonout_kstr(&j, "source_file", rb->source_file);
	jsonout_kstr(&j, "source_sha256", rb->source_sha256);
	jsonout_key(&j, "items");
	jsonout_open_array(&j);
	for (size_t i = 0; i < rb->steps.list.len; i++) {
		const struct step *s = &rb->steps.list.at[i];
		jsonout_open(&j);
		jsonout_kstr(&j, "id", s->id);
		jsonout_kstr(&j, "number", s->number);
		jsonout_kstr(&j, "kind", step_kind_name(s->kind));
		jsonout_kstr(&j, "title", s->title);
		jsonout_kstr(&j, "risk",
			step_kind_acts(s->kind) ? risk_name(s->risk) : "none");
		jsonout_kstr(&j, "section",
			s->section == NONE ? NULL : rb->steps.list.at[s->section].title);
		add_source_line(&j, rb, s);
		jsonout_kstr(&j, "source_kind", source_kind(s));
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

/* Lines of a text under its title, each set in. */
static void
show_lines(const char *text, const char *head, struct str *out)
{
	for (const char *line = text; line && *line;) {
		size_t len = strcspn(line, "\n");

		str_addf(out, "          %s%.*s\n", line == text ? head : "", (int)len,
			line);
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
		show_lines(s->why, "", out);
		return;
	}
	str_addf(out, "[ ] %-5s %s", s->number, s->title);
	if (step_kind_has_legs(s->kind))
		str_addf(out, "   %s on %s", risk_mark(s->risk), host);
	str_addc(out, '\n');
	if (step_kind_has_legs(s->kind) && s->text)
		show_command(s->text, out);
	else if (s->kind == STEP_DO && !str_eq(s->text, s->title))
		show_lines(s->text, "", out);
	show_lines(s->why, "why: ", out);
	show_lines(s->explain, "", out);
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

static void
show_md(const struct runbook *rb)
{
	struct str out = STR_INIT;

	showmd_write(rb, &out);
	/* Tabs of a command stay tabs; no value holds another control character. */
	cmd_print_raw(&out);
	str_release(&out);
}

enum { SHOW_WAYS = 3 };

enum exit_code
cmd_show(struct cmd *c)
{
	static const struct {
		const char *name;
		void (*print)(const struct runbook *);
	} ways[SHOW_WAYS] = {{"text", show_text}, {"md", show_md}, {"json", show_json}};
	size_t way = 0;
	enum exit_code code = EXIT_CODE_OK;
	const char *format = c->args->opt[OPT_FORMAT];
	struct err e = ERR_INIT;
	struct runbook *rb;

	if (args_has(c->args, OPT_JSON))
		format = "json";
	while (format && way < SHOW_WAYS && !str_eq(ways[way].name, format))
		way++;
	if (way == SHOW_WAYS) {
		err_set(&e, ERR_INPUT, "show --format: text, md or json, not %s", format);
		return cmd_fail(c, &e);
	}
	rb = cmd_load(c, c->args->words.list.at[0], &code);
	if (!rb)
		return code;
	ways[way].print(rb);
	runbook_unref(rb);
	return EXIT_CODE_OK;
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
			"schema: runbook, config, answers, theme, keys, settings, scenario or test, not "
			"%s",
			which);
		return cmd_fail(c, &e);
	}
	schema_write(schema, &out);
	cmd_print_raw(&out);
	str_release(&out);
	return EXIT_CODE_OK;
}
