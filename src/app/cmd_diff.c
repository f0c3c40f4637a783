/* diff: what differed between two runs. */

#include "app/cmd.h"
#include "audit/rundiff.h"
#include "base/mem.h"

/* Each with its own project: two runs need not be of one. */
static struct run *
fold_of(struct cmd *c, const char *word, enum exit_code *code)
{
	char *dir = cmd_run_dir(c, word, code);
	struct run *run = NULL;

	if (dir && !cmd_project_of_run(c, dir))
		*code = EXIT_CODE_LOAD;
	else if (dir)
		run = cmd_fold(c, dir, code);
	mem_free(dir);
	return run;
}

static void
tell(const struct cmd *c, const struct rundiff *d)
{
	struct str out = STR_INIT;
	struct jsonout j;

	if (args_has(c->args, OPT_JSON)) {
		cmd_json_begin(&j, &out, "diff");
		rundiff_json(d, &j);
		cmd_json_end(&j, &out);
		return;
	}
	rundiff_text(d, &out);
	cmd_print(&out);
	str_release(&out);
}

enum exit_code
cmd_diff(struct cmd *c)
{
	enum exit_code code = EXIT_CODE_OK;
	struct run *left = fold_of(c, c->args->words.list.at[0], &code),
		   *right = left ? fold_of(c, c->args->words.list.at[1], &code) : NULL;
	struct rundiff d;

	if (left && right) {
		rundiff_make(left, right, &d);
		tell(c, &d);
		code = d.differs ? EXIT_CODE_NO : EXIT_CODE_OK;
		rundiff_release(&d);
	}
	run_free(left);
	run_free(right);
	return code;
}
