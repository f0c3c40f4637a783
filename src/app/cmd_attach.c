/* Subcommand attach: evidence for an open run from a shell. */

#include <stdio.h>
#include <string.h>

#include "app/attachment.h"
#include "app/cmd.h"
#include "base/mem.h"

static void
attach_refused(void *ctx, const struct err *e)
{
	struct err *refused = ctx;

	*refused = *e;
}

static bool
from_input(const struct redact *secrets, struct attachment *out, struct err *e)
{
	struct str text = STR_INIT;
	char buf[65536];
	size_t n;
	bool ok;

	while (text.len <= ATTACHMENT_MAX && (n = fread(buf, 1, sizeof buf, stdin)) > 0)
		str_add(&text, buf, n);
	ok = attachment_made(&(struct attachment_what){.kind = ATTACHMENT_TEXT,
				     .name = "standard input",
				     .bytes = text.buf,
				     .len = text.len},
		secrets, out, e);
	str_release(&text);
	return ok;
}

static bool
step_named(const struct session *s, const char *word, int *step, struct err *e)
{
	*step = word ? runbook_find_step(session_runbook(s), word) : NONE;
	return !word || *step != NONE ||
		err_set(e, ERR_INPUT, "the run has no step %s", word);
}

static void
tell(const struct session *s, const char *run)
{
	const struct run *r = session_run(s);
	const struct attached *a = r->attached.list.len
		? &r->attached.list.at[r->attached.list.len - 1]
		: NULL;
	struct str out = STR_INIT;

	if (!a)
		return;
	str_addf(&out,
		"Attached to run %s%s%s as record %lld: %s, %lld bytes%s, sha256 %s\n",
		run, a->step == NONE ? "" : ", step ",
		a->step == NONE ? "" : r->steps.list.at[a->step].step->id,
		(long long)a->seq, a->name, (long long)a->bytes,
		a->redacted ? ", secrets taken out" : "", a->blob);
	cmd_print(&out);
	str_release(&out);
}

static enum exit_code
attach_to(struct cmd *c, const char *dir)
{
	enum exit_code code = EXIT_CODE_OK;
	const char *what = c->args->words.list.at[1];
	struct err refused = ERR_INIT, e = ERR_INIT;
	struct attachment a = {STR_INIT, STR_INIT};
	int step;
	struct session *s = session_resume(
		&(struct session_opts){.loop = c->loop,
			.project = c->project,
			.calls = {.on_message = attach_refused, .ctx = &refused},
			.quiet = true},
		dir, &e);

	if (!s)
		return cmd_fail_run(c, dir, &e);
	if (step_named(s, c->args->opt[OPT_STEP], &step, &e) &&
		(strcmp(what, "-") == 0
				? from_input(session_redact(s), &a, &e)
				: attachment_named(what, session_redact(s), &a, &e))) {
		session_attach(s, step, a.data.buf, &a.bytes);
		if (cmd_settle(c, s, &refused, &code))
			tell(s, c->args->words.list.at[0]);
	} else {
		code = cmd_fail(c, &e);
	}
	attachment_release(&a);
	session_free(s);
	return code;
}

enum exit_code
cmd_attach(struct cmd *c)
{
	enum exit_code code = EXIT_CODE_OK;
	char *dir;

	if (!cmd_may_write(c, &code))
		return code;
	dir = cmd_run_dir(c, c->args->words.list.at[0], &code);
	if (!dir)
		return code;
	code = cmd_project_of_run(c, dir) ? attach_to(c, dir) : EXIT_CODE_LOAD;
	mem_free(dir);
	return code;
}
