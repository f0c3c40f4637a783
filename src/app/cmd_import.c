/* The subcommand import: a page to a draft, and a reviewed draft to a runbook that acts. */

#include <stdio.h>
#include <string.h>

#include "app/cmd.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "load/import.h"
#include "load/importconflict.h"
#include "load/importreport.h"
#include "load/promote.h"

/* ---- where the YAML goes --------------------------------------------------------------- */

/* "deploy.md" -> "deploy.yaml" */
static char *
yaml_name(const char *path)
{
	const char *base = file_base(path), *dot = strrchr(base, '.');
	size_t len = dot && dot > base ? (size_t)(dot - base) : strlen(base);

	return mem_printf("%.*s.yaml", (int)len, base);
}

/* One word of the command line. Nothing is written before all of them are read. */
struct job {
	const char *path;
	char *target; /* NULL: standard output */
	struct str text;
	struct import im;
	struct promote p;
};

static char *
target_of(const struct cmd *c, const char *path)
{
	const char *out = c->args->opt[OPT_OUTPUT];
	size_t len = out ? strlen(out) : 0;
	char *name, *target;

	if (!out)
		return NULL;
	if (c->args->words.list.len == 1 && !file_is_dir(out) && out[len - 1] != '/')
		return mem_strdup(out);
	name = yaml_name(path);
	target = file_join(out, name);
	mem_free(name);
	return target;
}

static bool
is_yaml_name(const char *path)
{
	const char *dot = strrchr(path, '.');

	return dot && (str_eq(dot, ".yaml") || str_eq(dot, ".yml"));
}

static bool
may_go(const struct cmd *c, struct err *e)
{
	const char *out = c->args->opt[OPT_OUTPUT];
	bool several = c->args->words.list.len > 1;

	if (several && !out)
		return err_set(e, ERR_INPUT,
			"a file holds one runbook: name a folder for several, -o DIR");
	if (out && !*out)
		return err_set(e, ERR_INPUT, "-o: an empty name");
	if (several && file_exists(out) && !file_is_dir(out))
		return err_set(e, ERR_INPUT, "-o: %s is no folder", out);
	if (several && is_yaml_name(out) && !file_is_dir(out))
		return err_set(e, ERR_INPUT,
			"-o: %s is the name of one runbook; name a folder for several, "
			"or end it in / if it is one",
			out);
	return true;
}

/* What an author has worked on is not written over, and no page by another. */
static bool
targets_are_free(const struct job *jobs, size_t n, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		if (!jobs[i].target)
			continue;
		if (file_exists(jobs[i].target))
			return err_set(e, ERR_REFUSED,
				"%s is there already: remove it, or name another place with -o",
				jobs[i].target);
		for (size_t k = 0; k < i; k++)
			if (str_eq(jobs[i].target, jobs[k].target))
				return err_set(e, ERR_INPUT,
					"%s and %s would both be %s: rename one, or import "
					"them into two folders",
					jobs[k].path, jobs[i].path, jobs[i].target);
	}
	return true;
}

static bool
put(const struct str *yaml, const char *target, struct err *e)
{
	char *dir;
	bool ok;

	if (!target) {
		cmd_print_raw(yaml);
		return true;
	}
	dir = file_dir(target);
	ok = file_mkdirs(dir, 0755, e) &&
		file_replace(target, yaml->buf, yaml->len, 0644, e);
	mem_free(dir);
	return ok;
}

/* ---- pages ------------------------------------------------------------------------------- */

static void
say(const struct str *out)
{
	struct str clean = STR_INIT;

	text_harmless(&clean, out->buf, out->len, TEXT_KEEP_LF);
	fwrite(clean.buf, 1, clean.len, stderr);
	str_release(&clean);
}

/* One object for all pages; what they say differently is told of several alone. */
static void
report(const struct cmd *c, const struct job *jobs, size_t n)
{
	const char *const *names = c->args->words.list.at;
	struct importreport_pages pages = {.names = names, .n = n};
	const struct import **im = mem_array(n, sizeof *im);
	struct thresholds all = {0};
	struct str out = STR_INIT;
	struct jsonout j;

	for (size_t i = 0; i < n; i++) {
		im[i] = &jobs[i].im;
		if (n > 1)
			importconflict_scan(jobs[i].text.buf, jobs[i].text.len, i, &all);
	}
	pages.at = im;
	if (args_has(c->args, OPT_JSON)) {
		cmd_json_begin(&j, &out, "import");
		importreport_json(&pages, &j);
		if (n > 1)
			importconflict_json(&all, names, &j);
		jsonout_close(&j);
		str_addc(&out, '\n');
	} else {
		for (size_t i = 0; i < n; i++)
			importreport_text(im[i], &out);
		importconflict_text(&all, names, &out);
	}
	say(&out);
	threshold_release(&all);
	str_release(&out);
	mem_free(im);
}

/* "handrail: 1" before anything but comments: somebody forgot --promote. */
static bool
is_runbook(const struct job *job)
{
	const char *s = job->text.buf;

	if (is_yaml_name(job->path))
		return true;
	while (*s == '#' || *s == '\n')
		s += strcspn(s, "\n") + (s[strcspn(s, "\n")] == '\n');
	return str_starts(s, "handrail: 1");
}

static bool
read_page(struct job *job, struct err *e)
{
	if (is_runbook(job))
		return err_set(e, ERR_INPUT,
			"%s is a runbook, not a page; did you mean --promote?",
			job->path);
	return import_page(
		file_base(job->path), job->text.buf, job->text.len, &job->im, e);
}

/* ---- drafts ------------------------------------------------------------------------------ */

static void
promote_report(const struct cmd *c, const char *path, const struct promote *p)
{
	struct str out = STR_INIT;
	struct jsonout j;

	cmd_json_begin(&j, &out, "import");
	jsonout_kstr(&j, "file", path);
	jsonout_kint(&j, "promoted", p->promoted);
	jsonout_kint(&j, "left", p->left);
	jsonout_key(&j, "items");
	jsonout_open_array(&j);
	for (size_t i = 0; i < p->items.len; i++) {
		jsonout_open(&j);
		jsonout_kint(&j, "line", p->items.at[i].line);
		jsonout_kstr(&j, "what", p->items.at[i].what);
		jsonout_kstr(&j, "how", p->items.at[i].left ? "left" : "promoted");
		jsonout_close(&j);
	}
	jsonout_close_array(&j);
	jsonout_close(&j);
	str_addc(&out, '\n');
	if (!args_has(c->args, OPT_JSON)) {
		str_reset(&out);
		for (size_t i = 0; i < p->items.len; i++)
			str_addf(&out, "%s:%d: %s: %s\n", path, p->items.at[i].line,
				p->items.at[i].left ? "left as it is" : "promoted",
				p->items.at[i].what);
		str_addf(&out, "%s: %d promoted, %d left as they are\n", path,
			p->promoted, p->left);
	}
	say(&out);
	str_release(&out);
}

static bool
read_draft(struct job *job, struct diags *d, struct err *e)
{
	return promote_text(job->path, job->text.buf, job->text.len, &job->p, d) ||
		err_set(e, ERR_PARSE, "%s is no runbook that loads", job->path);
}

/* ---- all of them --------------------------------------------------------------------------- */

static bool
write_all(const struct cmd *c, const struct job *jobs, size_t n, struct err *e)
{
	bool promote = args_has(c->args, OPT_PROMOTE);

	for (size_t i = 0; i < n; i++) {
		if (!put(promote ? &jobs[i].p.yaml : &jobs[i].im.yaml, jobs[i].target, e))
			return false;
		if (promote)
			promote_report(c, jobs[i].path, &jobs[i].p);
	}
	if (!promote)
		report(c, jobs, n);
	return true;
}

static bool
import_all(const struct cmd *c, struct job *jobs, struct diags *d, struct err *e)
{
	size_t n = c->args->words.list.len;
	bool promote = args_has(c->args, OPT_PROMOTE);

	for (size_t i = 0; i < n; i++) {
		jobs[i].path = c->args->words.list.at[i];
		jobs[i].target = target_of(c, jobs[i].path);
	}
	if (!targets_are_free(jobs, n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		struct job *job = &jobs[i];

		if (!file_read(job->path, IMPORT_BYTES_MAX, &job->text, e) ||
			!(promote ? read_draft(job, d, e) : read_page(job, e)))
			return false;
	}
	return write_all(c, jobs, n, e);
}

static void
release_all(struct job *jobs, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		import_release(&jobs[i].im);
		promote_release(&jobs[i].p);
		str_release(&jobs[i].text);
		mem_free(jobs[i].target);
	}
	mem_free(jobs);
}

enum exit_code
cmd_import(struct cmd *c)
{
	size_t n = c->args->words.list.len;
	enum exit_code code = EXIT_CODE_OK;
	struct err e = ERR_INIT;
	struct diags d = {0};
	struct job *jobs;

	if (c->args->opt[OPT_OUTPUT] && !cmd_may_write(c, &code))
		return code;
	if (!may_go(c, &e))
		return cmd_fail(c, &e);
	jobs = mem_array(n, sizeof *jobs);
	for (size_t i = 0; i < n; i++)
		jobs[i] = (struct job){.text = STR_INIT, .p = {.yaml = STR_INIT}};
	if (!import_all(c, jobs, &d, &e))
		code = d.errors ? cmd_complain(c, &d) : cmd_fail(c, &e);
	release_all(jobs, n);
	diags_release(&d);
	return code;
}
