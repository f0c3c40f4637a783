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

/* NULL: standard output. */
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

/* What an author has worked on is not written over. */
static bool
put(const struct str *yaml, const char *target, struct err *e)
{
	char *dir;
	bool ok;

	if (!target) {
		cmd_print_raw(yaml);
		return true;
	}
	if (file_exists(target))
		return err_set(e, ERR_REFUSED,
			"%s is there already: remove it, or name another place with -o",
			target);
	dir = file_dir(target);
	ok = file_mkdirs(dir, 0755, e) &&
		file_replace(target, yaml->buf, yaml->len, 0644, e);
	mem_free(dir);
	return ok;
}

static bool
may_go(const struct cmd *c, struct err *e)
{
	const char *out = c->args->opt[OPT_OUTPUT];

	if (c->args->words.list.len > 1 && !out)
		return err_set(e, ERR_INPUT,
			"a file holds one runbook: name a folder for several, -o DIR");
	if (out && !*out)
		return err_set(e, ERR_INPUT, "-o: an empty name");
	if (c->args->words.list.len > 1 && file_exists(out) && !file_is_dir(out))
		return err_set(e, ERR_INPUT, "-o: %s is no folder", out);
	return true;
}

/* ---- one page -------------------------------------------------------------------------- */

static void
report(const struct cmd *c, const struct import *im)
{
	struct str out = STR_INIT, clean = STR_INIT;
	struct jsonout j;

	if (args_has(c->args, OPT_JSON)) {
		cmd_json_begin(&j, &out, "import");
		importreport_json(im, &j);
		jsonout_close(&j);
		str_addc(&out, '\n');
		fwrite(out.buf, 1, out.len, stderr);
	} else {
		importreport_text(im, &out);
		text_harmless(&clean, out.buf, out.len, TEXT_KEEP_LF);
		fwrite(clean.buf, 1, clean.len, stderr);
	}
	str_release(&clean);
	str_release(&out);
}

/* What several pages say differently; nothing is said of a single one. */
static void
report_conflicts(const struct cmd *c, const struct thresholds *all)
{
	const char *const *names = c->args->words.list.at;
	struct str out = STR_INIT, clean = STR_INIT;
	struct jsonout j;

	if (args_has(c->args, OPT_JSON)) {
		cmd_json_begin(&j, &out, "import");
		importconflict_json(all, names, &j);
		jsonout_close(&j);
		str_addc(&out, '\n');
	} else {
		importconflict_text(all, names, &out);
	}
	text_harmless(&clean, out.buf, out.len, TEXT_KEEP_LF);
	fwrite(clean.buf, 1, clean.len, stderr);
	str_release(&clean);
	str_release(&out);
}

static bool
import_file(const struct cmd *c, size_t page, struct thresholds *all, struct err *e)
{
	const char *path = c->args->words.list.at[page];
	char *target = target_of(c, path);
	struct str text = STR_INIT;
	struct import im = {0};
	bool ok = file_read(path, IMPORT_BYTES_MAX, &text, e);

	if (ok) {
		ok = import_page(file_base(path), text.buf, text.len, &im, e) &&
			put(&im.yaml, target, e);
		if (ok)
			report(c, &im);
		if (ok && c->args->words.list.len > 1)
			importconflict_scan(text.buf, text.len, page, all);
		import_release(&im);
	}
	str_release(&text);
	mem_free(target);
	return ok;
}

/* ---- one draft ------------------------------------------------------------------------- */

static void
promote_report(const struct cmd *c, const char *path, const struct promote *p)
{
	struct str out = STR_INIT, clean = STR_INIT;
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
	text_harmless(&clean, out.buf, out.len, TEXT_KEEP_LF);
	fwrite(clean.buf, 1, clean.len, stderr);
	str_release(&clean);
	str_release(&out);
}

static bool
promote_file(const struct cmd *c, const char *path, struct diags *d, struct err *e)
{
	char *target = target_of(c, path);
	struct str text = STR_INIT;
	struct promote p = {.yaml = STR_INIT};
	bool ok = file_read(path, IMPORT_BYTES_MAX, &text, e);

	if (ok && !promote_text(path, text.buf, text.len, &p, d))
		ok = err_set(e, ERR_PARSE, "%s is no runbook that loads", path);
	if (ok && put(&p.yaml, target, e))
		promote_report(c, path, &p);
	else
		ok = false;
	promote_release(&p);
	str_release(&text);
	mem_free(target);
	return ok;
}

enum exit_code
cmd_import(struct cmd *c)
{
	bool promote = args_has(c->args, OPT_PROMOTE);
	struct thresholds all = {0};
	enum exit_code code = EXIT_CODE_OK;
	struct err e = ERR_INIT;
	struct diags d = {0};

	if (!may_go(c, &e))
		return cmd_fail(c, &e);
	for (size_t i = 0; i < c->args->words.list.len && code == EXIT_CODE_OK; i++) {
		const char *path = c->args->words.list.at[i];

		if (promote ? promote_file(c, path, &d, &e) : import_file(c, i, &all, &e))
			continue;
		code = d.errors ? cmd_complain(c, &d) : cmd_fail(c, &e);
	}
	if (code == EXIT_CODE_OK && !promote && c->args->words.list.len > 1)
		report_conflicts(c, &all);
	threshold_release(&all);
	diags_release(&d);
	return code;
}
