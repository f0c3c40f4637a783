/* export: a run as one file that verifies elsewhere. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "app/bundle.h"
#include "app/cmd.h"
#include "app/exporting.h"
#include "audit/vouch.h"
#include "base/file.h"
#include "base/mem.h"

/* Written aside, so that what has the name is whole. */
static bool
write_file(const struct bundle_what *w, const char *path, struct err *e)
{
	char *aside = mem_printf("%s.%ld.part", path, (long)getpid()),
	     *dir = file_dir(path);
	int fd = open(aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	bool ok = fd >= 0 || err_sys(e, errno, "%s", path);

	ok = ok && bundle_write(w, fd, e) &&
		(fsync(fd) == 0 || err_sys(e, errno, "%s", path));
	if (fd >= 0)
		close(fd);
	ok = ok && (rename(aside, path) == 0 || err_sys(e, errno, "%s", path)) &&
		file_sync_dir(dir, e);
	if (!ok && fd >= 0)
		unlink(aside);
	mem_free(dir);
	mem_free(aside);
	return ok;
}

static bool
write_out(const struct bundle_what *w, const char *path, struct err *e)
{
	if (path)
		return write_file(w, path, e);
	if (isatty(STDOUT_FILENO))
		return err_set(e, ERR_INPUT,
			"a bundle is no text for a terminal: name a file with -o FILE");
	return bundle_write(w, STDOUT_FILENO, e);
}

static bool
is_good(const struct verify_report *v, const struct vouch_report *s, struct err *e)
{
	for (size_t i = 0; i < s->rows.len; i++)
		if (v->ok && !s->rows.at[i].ok)
			return err_set(e, ERR_RECORD, "the record is bad: line %lld: %s",
				(long long)s->rows.at[i].seq + 1, s->rows.at[i].why);
	return v->ok || err_set(e, ERR_RECORD, "the record is bad: %s", v->what);
}

static bool
fold_and_write(struct cmd *c, const char *path, struct bundle_what *w, struct err *e)
{
	enum exit_code code = EXIT_CODE_OK;
	struct run *run = cmd_fold(c, w->run_dir, &code);
	bool ok = run || err_set(e, ERR_PARSE, "its runbook does not load");

	w->run = run;
	if (ok && run->seq + 1 != w->records)
		ok = err_set(e, ERR_BUSY, "the run went on meanwhile: export it again");
	ok = ok && write_out(w, path, e);
	run_free(run);
	return ok;
}

bool
exporting_run(struct cmd *c, const char *dir, const char *path, struct err *e)
{
	struct verify_report v;
	struct vouch_report s;
	struct report_check check;
	struct bundle_what w = {.run_dir = dir, .check = &check};
	bool ok;

	if (!cmd_project_of_run(c, dir))
		return err_set(
			e, ERR_PARSE, "the handrail.yaml of its run does not load");
	if (!vouch_record(c->loop, dir, &(struct verify_opts){0}, NULL, &v, &s, e))
		return false;
	check = (struct report_check){true, true, v.head, v.what};
	w.records = v.records;
	w.signers = v.allowed_signers;
	ok = is_good(&v, &s, e) && fold_and_write(c, path, &w, e);
	vouch_release(&s);
	verify_release(&v);
	return ok;
}

enum exit_code
cmd_export(struct cmd *c)
{
	enum exit_code code = EXIT_CODE_OK;
	char *dir = cmd_run_dir(c, c->args->words.list.at[0], &code);
	struct err e = ERR_INIT;

	if (dir && !exporting_run(c, dir, c->args->opt[OPT_OUTPUT], &e))
		code = cmd_fail(c, &e);
	mem_free(dir);
	return code;
}
