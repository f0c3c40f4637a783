/* new: a first runbook to change into one's own. */

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/cmd.h"
#include "app/skeleton.h"
#include "base/file.h"
#include "base/mem.h"

enum { RUNBOOK_MODE = 0666, FOLDER_MODE = 0777 };

/* list and lint find no other names. */
static bool
check_name(const char *path, struct err *e)
{
	const char *base = file_base(path), *dot = strrchr(base, '.');
	enum runbook_kind kind;
	struct err none = ERR_INIT;

	if (str_eq(base, "handrail.yaml"))
		return err_set(e, ERR_INPUT,
			"handrail.yaml is the name of a project's file; call the runbook "
			"otherwise");
	if (dot && dot != base && (str_eq(dot, ".yaml") || str_eq(dot, ".yml")))
		return true;
	if (skeleton_kind(path, &kind, &none))
		return err_set(e, ERR_INPUT,
			"new wants a file; for the kind write: handrail new --kind %s "
			"runbooks/NAME.yaml",
			path);
	return err_set(e, ERR_INPUT,
		"a runbook's name ends in .yaml; did you mean %.*s.yaml?",
		(int)(dot && dot != base ? dot - path : (long)strlen(path)), path);
}

static bool
put(const char *path, const struct str *text, struct err *e)
{
	char *folder = file_dir(path);
	mode_t mask = umask(0);
	bool ok;

	umask(mask);
	ok = file_mkdirs(folder, FOLDER_MODE, e) &&
		file_create(path, text->buf, text->len, RUNBOOK_MODE & ~mask, e);
	mem_free(folder);
	return ok;
}

static void
say_next(const char *path)
{
	struct str out = STR_INIT;

	str_addf(&out,
		"%s is written: change it to what you do, then\n"
		"  handrail lint %s\n"
		"  handrail show %s\n",
		path, path, path);
	cmd_print(&out);
	str_release(&out);
}

/* A line that leads nowhere takes an editor its completion, whatever else it was told. */
static void
drop_dead_schema(struct str *text)
{
	if (access(SKELETON_SCHEMA, R_OK) != 0)
		str_drop(text, strcspn(text->buf, "\n") + 1);
}

enum exit_code
cmd_new(struct cmd *c)
{
	const char *path = c->args->words.list.len ? c->args->words.list.at[0] : NULL;
	const char *word = c->args->opt[OPT_KIND];
	enum runbook_kind kind = RUNBOOK_CHECKLIST;
	enum exit_code code = EXIT_CODE_OK;
	struct str text = STR_INIT;
	struct err e = ERR_INIT;
	bool ok;

	if (path && !cmd_may_write(c, &code))
		return code;
	ok = (!word || skeleton_kind(word, &kind, &e)) &&
		(!path || check_name(path, &e)) &&
		skeleton_write(kind, c->args->opt[OPT_TITLE], clock_wall(), &text, &e);
	if (ok)
		drop_dead_schema(&text);
	if (ok && !path)
		cmd_print_raw(&text);
	else if (ok) {
		ok = put(path, &text, &e);
		if (ok)
			say_next(path);
	}
	str_release(&text);
	return ok ? EXIT_CODE_OK : cmd_fail(c, &e);
}
