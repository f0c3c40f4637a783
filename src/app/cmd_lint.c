/* lint: every complaint of runbooks and handrail.yaml, and the ones it can mend itself. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/cmd.h"
#include "base/file.h"
#include "base/mem.h"
#include "load/complaints.h"
#include "load/layout.h"
#include "load/mend.h"
#include "load/ydoc.h"

enum { LINT_DEPTH = 16 }; /* folders within folders; a link that leads back ends here */

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

/* One call of lint. */
struct lint {
	struct cmd *c;
	struct diags d;     /* what is wrong, after mending */
	struct diags fixed; /* --fix: what was mended */
	size_t files, left_out;
	bool fix;
	enum exit_code code; /* what could not be looked at or written */
};

/* Of no line: the whole of a file or folder could not be had. */
static void
fault(struct lint *l, enum complaint c, const struct err *e)
{
	const struct complaint_row *row = complaints_row(c);

	diag_add(&l->d, DIAG_ERROR, row->id, (struct spot){0}, row->reason, NULL, "%s",
		e->msg);
	l->code = args_exit_for(e);
}

/* ---- one file ------------------------------------------------------------------------------- */

/* Its text may be put in its place: nobody has forbidden it, nobody was faster. */
static bool
still_ours(const char *path, const struct str *was, struct stat *st, struct err *e)
{
	struct str now = STR_INIT;
	bool same;

	if (stat(path, st) != 0)
		return err_sys(e, errno, "%s", path);
	if (!(st->st_mode & 0222) || access(path, W_OK) != 0)
		return err_set(e, ERR_REFUSED,
			"%s is read-only: nothing was mended in it", path);
	if (!file_read(path, YDOC_BYTES_MAX, &now, e))
		return false;
	same = now.len == was->len && memcmp(now.buf, was->buf, now.len) == 0;
	str_release(&now);
	return same ||
		err_set(e, ERR_STATE, "%s was changed meanwhile: lint again", path);
}

/* A link stays a link: what it leads to is replaced. */
static bool
write_mended(
	const char *path, const struct str *was, const struct str *text, struct err *e)
{
	char *real = realpath(path, NULL);
	struct stat st;
	bool ok;

	if (!real)
		return err_sys(e, errno, "%s", path);
	ok = still_ours(real, was, &st, e) &&
		file_replace(real, text->buf, text->len, st.st_mode & 07777, e);
	free(real);
	return ok;
}

static void
mend_file(struct lint *l, const char *path, const struct str *text)
{
	struct load_opts o = {
		.project = l->c->project, .environment = cmd_environment(l->c)};
	enum mend_what what = str_eq(file_base(path), "handrail.yaml") ? MEND_PROJECT
								       : MEND_RUNBOOK;
	struct err e = ERR_INIT;
	struct mend m;
	bool mended = mend_text(&m, what, path, text, &o);

	if (mended && !write_mended(path, text, &m.text, &e))
		fault(l, C_WRITE, &e);
	for (size_t i = 0; mended && e.kind == ERR_NONE && i < m.fixed.list.len; i++)
		diag_copy(&l->fixed, &m.fixed.list.at[i]);
	l->left_out += m.left_out;
	mend_release(&m);
}

/* Mends it first, if that was asked for. */
static void
prepare(struct lint *l, const char *path)
{
	struct str text = STR_INIT;
	struct err e = ERR_INIT;

	l->files++;
	if (file_read(path, YDOC_BYTES_MAX, &text, &e) && l->fix) {
		mend_file(l, path, &text);
		str_reset(&text);
		if (!file_read(path, YDOC_BYTES_MAX, &text, &e))
			str_reset(&text);
	}
	/* One that can't be read is told by its loader. A blank too many changes nothing of a
	 * run: only who asks for it hears of it. */
	if (e.kind == ERR_NONE && args_has(l->c->args, OPT_STRICT))
		layout_check(path, text.buf, text.len, &l->d);
	str_release(&text);
}

/* A scenario is held against the runbook that it stands beside. */
static void
lint_scenario(struct lint *l, const char *path)
{
	struct scenario *s = load_scenario(path, &l->d);
	char *folder = file_dir(path), *up = file_dir(folder),
	     *runbook = file_join(up, file_base(path));
	struct diags quiet = {0};
	struct runbook *rb = NULL;

	if (s && str_eq(file_base(folder), "scenarios") && file_exists(runbook))
		rb = load_runbook(runbook,
			&(struct load_opts){.project = l->c->project, .scenario = path},
			&quiet);
	if (rb)
		load_scenario_check(s, rb, &l->d);
	else
		for (size_t i = 0; i < quiet.list.len; i++)
			if (quiet.list.at[i].level == DIAG_ERROR)
				diag_copy(&l->d, &quiet.list.at[i]);
	diags_release(&quiet);
	runbook_unref(rb);
	scenario_unref(s);
	mem_free(runbook);
	mem_free(up);
	mem_free(folder);
}

/* Each case with the runbook in its scenario. */
static void
lint_tests(struct lint *l, const char *path)
{
	struct load_tests *t = load_tests(path, &l->d);

	for (size_t i = 0; t && i < t->cases.list.len; i++) {
		struct runbook *rb = load_runbook(t->runbook,
			&(struct load_opts){.project = l->c->project,
				.scenario = t->cases.list.at[i].scenario},
			&l->d);

		if (rb)
			answers_free(load_case_answers(t, i, rb, &l->d));
		runbook_unref(rb);
	}
	load_tests_free(t);
}

static void
lint_practice(struct lint *l, const char *path, enum load_what what)
{
	if (what == LOAD_SCENARIO)
		lint_scenario(l, path);
	else
		lint_tests(l, path);
}

static void
lint_file(struct lint *l, const char *path)
{
	struct cmd *c = l->c;
	struct load_opts o = {.project = c->project, .environment = cmd_environment(c)};
	bool project = str_eq(file_base(path), "handrail.yaml");
	enum load_what what;

	/* Our project has told its faults already. */
	if (project && c->project && same_file(path, c->project->path))
		return;
	what = load_what(path);
	if (what != LOAD_RUNBOOK && !project) {
		l->files++;
		lint_practice(l, path, what);
		return;
	}
	prepare(l, path);
	if (project)
		project_free(load_project(path, &l->d));
	else
		runbook_unref(load_runbook(path, &o, &l->d));
}

static void lint_path(struct lint *l, const char *path, int depth);

static void
lint_folder(struct lint *l, const char *path, int depth)
{
	struct err e = ERR_INIT;
	size_t count = 0;
	char **names;

	names = file_names(path, &count, &e);
	if (!names)
		fault(l, C_READ, &e);
	for (size_t i = 0; names && i < count; i++) {
		char *sub = file_join(path, names[i]);
		if (names[i][0] != '.' && file_is_dir(sub)) {
			if (depth < LINT_DEPTH)
				lint_path(l, sub, depth + 1);
		} else if (is_yaml(names[i])) {
			lint_file(l, sub);
		}
		mem_free(sub);
	}
	file_names_free(names);
}

/* A folder with a handrail.yaml of its own is held against that one, as it is when its
 * runbooks are run. */
static void
lint_path(struct lint *l, const char *path, int depth)
{
	struct project *outer = l->c->project;
	char *own = file_join(path, "handrail.yaml");
	bool swaps = file_is_dir(path) && !l->c->args->opt[OPT_PROJECT] &&
		file_exists(own) && !(outer && same_file(own, outer->path));

	if (swaps) {
		prepare(l, own);
		l->c->project = load_project(own, &l->d);
	}
	if (!file_is_dir(path))
		lint_file(l, path);
	else if (!swaps || l->c->project)
		lint_folder(l, path, depth);
	if (swaps) {
		project_free(l->c->project);
		l->c->project = outer;
	}
	mem_free(own);
}

/* ---- what it says --------------------------------------------------------------------------- */

static void
json_fixed(struct jsonout *j, const struct diags *fixed)
{
	jsonout_key(j, "fixed");
	jsonout_open_array(j);
	for (size_t i = 0; i < fixed->list.len; i++) {
		const struct diag *f = &fixed->list.at[i];

		jsonout_open(j);
		jsonout_kstr(j, "id", f->id);
		jsonout_kstr(j, "file", f->file);
		jsonout_kint(j, "line", f->line);
		jsonout_kint(j, "col", f->col);
		jsonout_kstr(j, "message", f->fix.done);
		jsonout_close(j);
	}
	jsonout_close_array(j);
}

static void
lint_json(const struct lint *l)
{
	struct str out = STR_INIT;
	struct jsonout j;

	cmd_json_begin(&j, &out, "lint");
	cmd_json_errors(&j, &l->d);
	if (l->fix)
		json_fixed(&j, &l->fixed);
	cmd_json_end(&j, &out);
}

/* SARIF 2.1.0, the parts code hosts read: rule id, level, message, place. */
static void
lint_sarif(const struct lint *l)
{
	const struct diags *d = &l->d;
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
add_count(struct str *out, size_t n, const char *what)
{
	str_addf(out, "%zu %s%s", n, what, n == 1 ? "" : "s");
}

/* Silent when all is well, as scripts want it; a person at a terminal is told. */
static void
lint_text(const struct lint *l)
{
	bool found = l->d.errors || l->d.warnings;
	struct str out = STR_INIT;

	for (size_t i = 0; i < l->fixed.list.len; i++) {
		const struct diag *f = &l->fixed.list.at[i];

		str_addf(&out, "%s:%d:%d: fixed: %s [%s]\n", f->file, f->line, f->col,
			f->fix.done, f->id);
	}
	diags_print(&l->d, &out);
	if (l->fixed.list.len)
		str_addf(&out, "%zu fixed%s", l->fixed.list.len, found ? ", " : "\n");
	if (found) {
		add_count(&out, l->d.errors, "error");
		str_adds(&out, ", ");
		add_count(&out, l->d.warnings, "warning");
		str_addc(&out, '\n');
	}
	cmd_print(&out);
	str_reset(&out);
	if (l->fix && l->left_out) {
		add_count(&out, l->left_out, "fix");
		str_cut(&out, out.len - (l->left_out > 1));
		str_adds(&out, l->left_out > 1 ? "es were" : " was");
		str_adds(&out, " left out: other complaints would follow\n");
	}
	if (!found && isatty(STDERR_FILENO)) {
		add_count(&out, l->files, "file");
		str_adds(&out, " checked, nothing to complain about\n");
	}
	fputs(out.buf, stderr);
	str_release(&out);
}

typedef void lint_print(const struct lint *l);

static bool
lint_format(const struct args *a, lint_print **print, struct err *e)
{
	static const struct {
		const char *name;
		lint_print *print;
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

/* ---- the command ---------------------------------------------------------------------------- */

/* Before anything is looked at. */
static bool
words_exist(const struct args *a, struct err *e)
{
	for (size_t i = 0; i < a->words.list.len; i++)
		if (!file_exists(a->words.list.at[i]))
			return err_set(e, ERR_IO, "%s: no such file or folder",
				a->words.list.at[i]);
	return true;
}

/* Paths of the command line, else the project's folders, else ./runbooks. */
static bool
lint_words(struct lint *l, struct err *e)
{
	const struct args *a = l->c->args;
	const struct project *p = l->c->project;

	for (size_t i = 0; i < a->words.list.len; i++)
		lint_path(l, a->words.list.at[i], 0);
	if (a->words.list.len)
		return l->files || l->d.errors ||
			err_set(e, ERR_INPUT, "nothing to lint: no .yaml or .yml in %s",
				a->words.list.at[0]);
	for (size_t i = 0; p && i < p->runbooks.list.len; i++)
		lint_path(l, p->runbooks.list.at[i], 0);
	if (!p && !file_is_dir("runbooks"))
		return err_set(
			e, ERR_INPUT, "nothing to lint: name a runbook or a folder");
	if (!p)
		lint_path(l, "runbooks", 0);
	return true;
}

/* handrail.yaml first: without it every runbook would be blamed for what it misses. */
static bool
lint_project(struct lint *l)
{
	const struct args *a = l->c->args;
	char *path = cmd_project_path(
		l->c, a->words.list.len ? a->words.list.at[0] : NULL);

	if (path) {
		prepare(l, path);
		l->c->project = load_project(path, &l->d);
	}
	mem_free(path);
	return !path || l->c->project;
}

static enum exit_code
lint_exit(const struct lint *l)
{
	if (l->code != EXIT_CODE_OK)
		return l->code;
	return l->d.errors || l->d.warnings ? EXIT_CODE_NO : EXIT_CODE_OK;
}

enum exit_code
cmd_lint(struct cmd *c)
{
	struct lint l = {.c = c, .fix = args_has(c->args, OPT_FIX)};
	enum exit_code code = EXIT_CODE_OK;
	struct err e = ERR_INIT;
	lint_print *print;

	if (!lint_format(c->args, &print, &e) || !words_exist(c->args, &e))
		return cmd_fail(c, &e);
	if (l.fix && !cmd_may_write(c, &code))
		return code;
	if (lint_project(&l) && !lint_words(&l, &e)) {
		code = cmd_fail(c, &e);
	} else {
		diags_sort(&l.d);
		if (args_has(c->args, OPT_STRICT))
			lint_strictly(&l.d);
		print(&l);
		code = lint_exit(&l);
	}
	diags_release(&l.d);
	diags_release(&l.fixed);
	return code;
}
