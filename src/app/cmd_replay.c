/* Subcommand replay: a recorded run step by step, on the screen or as lines. */

#include <unistd.h>

#include "app/cmd.h"
#include "app/console.h"
#include "app/replaying.h"
#include "app/tty.h"
#include "base/mem.h"

static enum exit_code
replay_lines(struct cmd *c, const char *dir)
{
	struct err e = ERR_INIT;
	struct replaying *r = replaying_open(dir, c->project, &e);
	struct str out = STR_INIT;

	if (!r)
		return cmd_fail(c, &e);
	str_addf(&out, "REPLAY of run %s: %s, %zu records, nothing runs\n",
		replaying_run(r)->id, replaying_run(r)->runbook->title, replaying_len(r));
	for (size_t i = 0; i < replaying_len(r); i++) {
		replaying_line(replaying_event(r, i), &out);
		str_addc(&out, '\n');
	}
	cmd_print(&out);
	str_release(&out);
	replaying_free(r);
	return EXIT_CODE_OK;
}

enum exit_code
cmd_replay(struct cmd *c)
{
	enum exit_code code = EXIT_CODE_OK;
	char *dir = cmd_run_dir(c, c->args->words.list.at[0], &code);

	if (!dir)
		return code;
	if (!cmd_project_of_run(c, dir))
		code = EXIT_CODE_LOAD;
	else if (!tty_plain(c->args) && isatty(STDOUT_FILENO) && tty_is_person())
		code = console_run(&(struct console_opts){.loop = c->loop,
			.args = c->args,
			.project = c->project,
			.runs_dir = c->runs_dir,
			.replay = dir});
	else
		code = replay_lines(c, dir);
	mem_free(dir);
	return code;
}
