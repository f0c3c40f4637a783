/* due: what is owed after runs; closes, postpones or releases one of it. */

#include <stdio.h>
#include <string.h>

#include "app/cmd.h"
#include "app/duelist.h"
#include "app/owing.h"
#include "app/watched.h"
#include "base/mem.h"
#include "base/stamp.h"

/* ---- the list ------------------------------------------------------------------------------ */

static void
due_json(const struct duelist *d, struct wall now)
{
	struct str out = STR_INIT;
	struct wall last = watched_last();
	struct jsonout j;
	char stamp[STAMP_BYTES];

	cmd_json_begin(&j, &out, "due");
	jsonout_key(&j, "items");
	jsonout_open_array(&j);
	for (size_t i = 0; i < d->list.len; i++) {
		const struct duelist_item *item = &d->list.at[i];
		const struct owed *o = item->owed;

		jsonout_open(&j);
		jsonout_kstr(&j, "id", o ? item->id : NULL);
		jsonout_kstr(&j, "kind", duelist_word(item->kind));
		jsonout_kstr(&j, "title", item->title);
		jsonout_kstr(&j, "runbook", item->runbook);
		jsonout_kstr(&j, "environment", item->environment);
		jsonout_kstr(&j, "run", o ? o->run : NULL);
		jsonout_kstr(&j, "due", stamp_wall(item->due, stamp));
		jsonout_kint(
			&j, "late_ms", now.ms > item->due.ms ? now.ms - item->due.ms : 0);
		jsonout_kbool(&j, "is_due", item->due.ms <= now.ms);
		jsonout_kstr(&j, "role", item->role);
		jsonout_kstr(&j, "every", item->every);
		jsonout_key(&j, "check");
		jsonout_open_array(&j);
		for (size_t k = 0; o && k < o->checks.list.len; k++)
			jsonout_str(&j, o->checks.list.at[k]);
		jsonout_close_array(&j);
		jsonout_kstr(&j, "closer", o ? o->closer : NULL);
		jsonout_close(&j);
	}
	jsonout_close_array(&j);
	jsonout_kstr(&j, "last_tick", last.ms ? stamp_wall(last, stamp) : NULL);
	jsonout_kbool(&j, "watched", last.ms && now.ms - last.ms < WATCHED_FRESH_MS);
	cmd_json_end(&j, &out);
}

static void
due_line(const struct duelist_item *item, struct wall now, struct str *out)
{
	bool late = item->due.ms <= now.ms;
	char span[STAMP_BYTES], stamp[STAMP_BYTES];

	stamp_duration(late ? now.ms - item->due.ms : item->due.ms - now.ms, span);
	str_addf(out, "%-12s %s  %s %-7s %s",
		item->owed ? item->id : duelist_word(item->kind),
		stamp_wall_sec(item->due, stamp), late ? "LATE" : "in  ", span,
		item->title);
	if (item->every)
		str_addf(out, ", every %s", item->every);
	if (item->role)
		str_addf(out, ", by %s", item->role);
	if (item->environment)
		str_addf(out, ", %s", item->environment);
	if (item->probes)
		str_addf(out, ", %s",
			item->bad ? "its probe was not good when asked last"
				  : "a probe settles it");
	if (item->kind == DUELIST_DRILL)
		str_addf(out, ": handrail run --practice %s", item->runbook);
	else if (!item->owed)
		str_addf(out, ": %s was to be read again", item->runbook);
	str_addc(out, '\n');
}

static void
due_text(const struct duelist *d, struct wall now)
{
	struct str out = STR_INIT;

	for (size_t i = 0; i < d->list.len; i++)
		due_line(&d->list.at[i], now, &out);
	if (!d->list.len)
		str_adds(&out, "Nothing is owed here.\n");
	watched_words(watched_last(), now, &out);
	str_addc(&out, '\n');
	cmd_print(&out);
	str_release(&out);
}

static enum exit_code
due_list(const struct cmd *c, const struct library *lib)
{
	struct duelist d = {0};
	struct wall now = clock_wall();
	size_t due;

	duelist_make(lib, &d);
	due = duelist_due(&d, now);
	if (args_has(c->args, OPT_JSON))
		due_json(&d, now);
	else
		due_text(&d, now);
	duelist_release(&d);
	return due ? EXIT_CODE_NO : EXIT_CODE_OK;
}

/* ---- one of it ------------------------------------------------------------------------------ */

struct due_cmd {
	struct cmd *c;
	struct err refused;
};

static void
due_refused(void *ctx, const struct err *e)
{
	struct due_cmd *dc = ctx;

	dc->refused = *e;
}

/* The run that closes it: the open one, or a new one. NULL: told, *code. */
static struct session *
due_session(struct due_cmd *dc, const struct owed *owed, enum exit_code *code)
{
	struct session_opts so = {.loop = dc->c->loop,
		.runs_dir = dc->c->runs_dir,
		.key = dc->c->args->opt[OPT_KEY],
		.quiet = true,
		.calls = {.on_message = due_refused, .ctx = dc}};
	char *dir = library_run_dir(dc->c->runs_dir, owed->run, &dc->refused);
	char *closer = owing_closer(dc->c->runs_dir, owed);
	struct session *s = NULL;
	struct err e = dc->refused;

	if (dir && !cmd_project_of_run(dc->c, dir)) {
		*code = EXIT_CODE_LOAD;
	} else if (dir) {
		so.project = dc->c->project;
		s = closer ? session_resume(&so, closer, &e) : owing_open(&so, owed, &e);
		if (!s)
			*code = cmd_fail_run(dc->c, closer ? closer : dir, &e);
	} else {
		*code = cmd_fail(dc->c, &e);
	}
	mem_free(closer);
	mem_free(dir);
	return s;
}

static enum exit_code
due_end(struct cmd *c, const struct owed *owed)
{
	struct due_cmd dc = {.c = c, .refused = ERR_INIT};
	const char *postpone = c->args->opt[OPT_POSTPONE];
	char stamp[STAMP_BYTES] = "";
	enum exit_code code = EXIT_CODE_OK;
	struct err e = ERR_INIT;
	struct session *s;

	if (!args_has(c->args, OPT_REASON) || !c->args->opt[OPT_REASON][0]) {
		err_set(&e, ERR_INPUT, "say why: --reason TEXT");
		return cmd_fail(c, &e);
	}
	if (postpone && !duelist_later(postpone, clock_wall(), stamp, &e))
		return cmd_fail(c, &e);
	s = due_session(&dc, owed, &code);
	if (!s)
		return code;
	session_request(s,
		&(struct request){.kind = postpone ? REQ_POSTPONE : REQ_RELEASE,
			.step = NONE,
			.text = stamp,
			.reason = c->args->opt[OPT_REASON]});
	if (cmd_settle(c, s, &dc.refused, &code))
		fprintf(stderr, "%s: %s %s\n", session_run(s)->id,
			postpone ? "postponed to" : "no longer owed",
			postpone ? stamp : "");
	session_free(s);
	return code;
}

/* Made if need be, and walked as any other run. */
static enum exit_code
due_walk(struct cmd *c, const struct owed *owed)
{
	struct due_cmd dc = {.c = c, .refused = ERR_INIT};
	enum exit_code code = EXIT_CODE_OK;
	struct session *s;
	char *dir = owing_closer(c->runs_dir, owed);

	if (!dir) {
		s = due_session(&dc, owed, &code);
		if (s && cmd_settle(c, s, &dc.refused, &code))
			dir = mem_strdup(session_dir(s));
		session_free(s);
	}
	if (dir)
		code = cmd_resume_dir(c, dir, NULL);
	mem_free(dir);
	return code;
}

static enum exit_code
due_one(struct cmd *c, const struct library *lib)
{
	enum exit_code code = EXIT_CODE_OK;
	struct err e = ERR_INIT;
	const struct owed *owed = duelist_find(lib, c->args->words.list.at[0], &e);

	if (!owed)
		return cmd_fail(c, &e);
	if (!cmd_may_write(c, &code))
		return code;
	if (args_has(c->args, OPT_POSTPONE) || args_has(c->args, OPT_RELEASE))
		return due_end(c, owed);
	return due_walk(c, owed);
}

enum exit_code
cmd_due(struct cmd *c)
{
	enum exit_code code, records;
	struct library lib;
	struct err e = ERR_INIT;

	if (!c->args->words.list.len &&
		(args_has(c->args, OPT_POSTPONE) || args_has(c->args, OPT_RELEASE) ||
			args_has(c->args, OPT_REASON))) {
		err_set(&e, ERR_INPUT, "name what is owed: handrail due RUN.NUMBER ...");
		return cmd_fail(c, &e);
	}
	if (!cmd_project(c, NULL))
		return EXIT_CODE_LOAD;
	cmd_library(c, &lib);
	code = c->args->words.list.len ? due_one(c, &lib) : due_list(c, &lib);
	records = cmd_library_done(&lib);
	return records != EXIT_CODE_OK ? records : code;
}
