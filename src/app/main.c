/* Chooses a subcommand, nothing else. */

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "app/cmd.h"
#include "app/themes.h"
#include "base/dlog.h"
#include "base/mem.h"
#include "base/text.h"
#include "loop/askpass.h"
#include "remote/fleet.h"
#include "ui/palette.h"

static const struct {
	const char *name;
	enum exit_code (*fn)(struct cmd *c);
} commands[] = {
#define X(name, fn, usage, summary) {name, cmd_##fn},
	COMMANDS(X)
#undef X
};

/* Secrets live in this process: no core file, no ptrace by our own other programs. */
static void
keep_to_ourselves(void)
{
	const char *test = getenv("HANDRAIL_TEST_LIMITS");

	if (test && strcmp(test, "0") == 0)
		return;
#if !defined(__SANITIZE_ADDRESS__)
	setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
	prctl(PR_SET_DUMPABLE, 0);
#endif
}

enum { SETTLE_MS = 3000 };

static enum exit_code
run_command(struct args *args)
{
	struct cmd c = {.args = args, .loop = loop_new()};
	enum exit_code code = EXIT_CODE_INTERNAL;

	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
		if (strcmp(commands[i].name, args->command) == 0)
			code = commands[i].fn(&c);
	loop_settle(c.loop, SETTLE_MS); /* sessions that were left inside a callback */
	project_free(c.project);
	mem_free(c.runs_dir);
	loop_free(c.loop);
	return code;
}

/* --theme and --color are checked by every command, also by those that draw nothing; but
 * `handrail theme` must work to mend a theme that does not load. */
static bool
drawable(const struct args *a, struct err *e)
{
	struct theme *t = palette_valid(a->opt[OPT_COLOR], e) ? themes_choose(a, e)
							      : NULL;
	bool mends = strcmp(a->command, "theme") == 0 && !args_has(a, OPT_THEME);
	bool ok = t || (mends && e->kind != ERR_NONE);

	theme_free(t);
	return ok;
}

int
main(int argc, char **argv)
{
	struct args args;
	struct err e = ERR_INIT;
	enum exit_code code;

	if (askpass_wanted())
		return askpass_main(argc, argv);
	keep_to_ourselves();
	setlocale(LC_CTYPE, "");
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	if (!args_parse(argc, argv, &args, &e) || !drawable(&args, &e)) {
		char *shown = text_harmless_dup(e.msg);
		fprintf(stderr,
			"handrail: %s\nhelp: handrail help lists commands and options\n",
			shown);
		mem_free(shown);
		args_release(&args);
		return EXIT_CODE_USAGE;
	}
	if (args_has(&args, OPT_HELP)) {
		struct str out = STR_INIT;
		args_help(
			strcmp(args.command, "console") == 0 ? NULL : args.command, &out);
		cmd_print(&out);
		str_release(&out);
		args_release(&args);
		return EXIT_CODE_OK;
	}
	if (args_has(&args, OPT_VERSION))
		args.command = "version";
	const char *debug = args.opt[OPT_DEBUG] ? args.opt[OPT_DEBUG]
						: getenv("HANDRAIL_DEBUG");
	if (debug && *debug && !dlog_open(debug, &e))
		fprintf(stderr, "handrail: no debug log: %s\n", e.msg);
	fleet_prepare(argv[0]);
	code = run_command(&args);
	if (ferror(stdout) && code == EXIT_CODE_OK)
		code = EXIT_CODE_LOAD; /* what was asked for is not there */
	dlog_close();
	args_release(&args);
	return code;
}
