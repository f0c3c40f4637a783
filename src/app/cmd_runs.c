/* Subcommand runs: the list of them. */

#include "app/cmd.h"
#include "app/practice.h"
#include "base/mem.h"
#include "base/stamp.h"

static bool
is_open(const struct library_run *r)
{
	return str_eq(r->state, "open") || str_eq(r->state, "running");
}

static void
runs_json(const struct library *lib, bool only_open)
{
	struct str out = STR_INIT;
	struct jsonout j;
	char stamp[STAMP_BYTES];

	cmd_json_begin(&j, &out, "runs");
	jsonout_key(&j, "items");
	jsonout_open_array(&j);
	for (size_t i = 0; i < lib->runs.list.len; i++) {
		const struct library_run *r = &lib->runs.list.at[i];
		if (only_open && !is_open(r))
			continue;
		jsonout_open(&j);
		jsonout_kstr(&j, "run", r->id);
		jsonout_kstr(&j, "runbook", r->runbook);
		jsonout_kstr(&j, "sha256", r->runbook_sha256);
		jsonout_kstr(&j, "state", r->state);
		jsonout_kstr(&j, "step", r->step);
		jsonout_kstr(&j, "who", r->who);
		jsonout_kstr(&j, "opened", stamp_wall(r->opened, stamp));
		jsonout_kstr(
			&j, "closed", r->closed.ms ? stamp_wall(r->closed, stamp) : NULL);
		jsonout_kstr(&j, "fault", r->fault);
		jsonout_close(&j);
	}
	jsonout_close_array(&j);
	cmd_json_end(&j, &out);
}

static void
runs_text(const struct library *lib, bool only_open)
{
	struct str out = STR_INIT;
	char stamp[STAMP_BYTES];
	size_t shown = 0;

	for (size_t i = 0; i < lib->runs.list.len; i++) {
		const struct library_run *r = &lib->runs.list.at[i];
		if (only_open && !is_open(r))
			continue;
		shown++;
		str_addf(&out, "%s  %s  %-8s %-40s %s%s%s\n", r->id,
			stamp_wall_sec(r->opened, stamp), r->state,
			r->title ? r->title : "?", r->who ? r->who : "",
			r->busy ? "  open in " : "", r->busy ? r->busy_con : "");
		if (r->fault)
			str_addf(&out, "    %s\n", r->fault);
	}
	if (!shown)
		str_addf(&out, "No %sruns here yet.\n", only_open ? "open " : "");
	cmd_print(&out);
	str_release(&out);
}

enum exit_code
cmd_runs(struct cmd *c)
{
	struct library lib;
	bool only_open = args_has(c->args, OPT_OPEN_ONLY);
	struct err e = ERR_INIT;

	if (args_has(c->args, OPT_PRACTICE)) {
		mem_free(c->runs_dir);
		c->runs_dir = practice_runs_dir(&e);
		if (!c->runs_dir)
			return cmd_fail(c, &e);
	}
	cmd_library_runs(c, &lib);
	if (args_has(c->args, OPT_JSON))
		runs_json(&lib, only_open);
	else
		runs_text(&lib, only_open);
	return cmd_library_done(&lib);
}
