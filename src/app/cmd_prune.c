/* prune: old records go, and leave a tombstone that says so. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/cmd.h"
#include "app/exporting.h"
#include "app/tombstone.h"
#include "app/tty.h"
#include "audit/vouch.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/stamp.h"

struct pruning {
	struct cmd *c;
	struct library lib;
	int64_t older_ms; /* -1: whatever its age */
	long keep;        /* so many of each runbook stay; -1: none for that reason */
	bool *goes;       /* by run */
	size_t count;
	char *reason;
};

static bool
is_closed(const struct library_run *r)
{
	return r->closed.ms && !r->busy && !r->fault && !str_eq(r->state, "pruned");
}

static bool
is_owed(const struct library *lib, const char *run)
{
	for (size_t i = 0; i < lib->owed.owed.list.len; i++)
		if (lib->owed.owed.list.at[i].state == OWED_OPEN &&
			strcmp(lib->owed.owed.list.at[i].run, run) == 0)
			return true;
	return false;
}

/* The record that closes what another one owes stays as long as that one does: without it the
 * other would be owed again. */
static bool
closes_what_stays(const struct pruning *p, const struct library_run *r)
{
	for (size_t i = 0; r->closes_of && i < p->lib.runs.list.len; i++)
		if (strcmp(p->lib.runs.list.at[i].id, r->closes_of) == 0)
			return !p->goes[i] &&
				!str_eq(p->lib.runs.list.at[i].state, "pruned");
	return false;
}

static bool
is_kept(const struct pruning *p, size_t run)
{
	const struct library_run *r = &p->lib.runs.list.at[run];
	long newer = 0;

	for (size_t i = 0; p->keep >= 0 && i < run; i++)
		newer += str_eq(p->lib.runs.list.at[i].runbook, r->runbook) &&
			is_closed(&p->lib.runs.list.at[i]);
	return p->keep >= 0 && newer < p->keep;
}

/* Oldest first: what a run closes is older than it. */
static void
choose(struct pruning *p)
{
	struct wall now = clock_wall();

	p->goes = mem_array(p->lib.runs.list.len + 1, sizeof *p->goes);
	for (size_t i = p->lib.runs.list.len; i-- > 0;) {
		const struct library_run *r = &p->lib.runs.list.at[i];

		p->goes[i] = is_closed(r) && now.ms - r->closed.ms >= p->older_ms &&
			!is_kept(p, i) && !is_owed(&p->lib, r->id) &&
			!closes_what_stays(p, r);
		p->count += p->goes[i];
	}
}

static void
tell(const struct pruning *p)
{
	struct str out = STR_INIT;
	char stamp[STAMP_BYTES];
	struct jsonout j;
	bool json = args_has(p->c->args, OPT_JSON);

	if (json) {
		cmd_json_begin(&j, &out, "prune");
		jsonout_key(&j, "items");
		jsonout_open_array(&j);
	}
	for (size_t i = 0; i < p->lib.runs.list.len; i++) {
		const struct library_run *r = &p->lib.runs.list.at[i];

		if (!p->goes[i])
			continue;
		stamp_wall_sec(r->closed, stamp);
		if (json) {
			jsonout_open(&j);
			jsonout_kstr(&j, "run", r->id);
			jsonout_kstr(&j, "title", r->title);
			jsonout_kstr(&j, "state", r->state);
			jsonout_kstr(&j, "closed", stamp);
			jsonout_close(&j);
		} else {
			str_addf(&out, "%s  closed %s  %-8s %s\n", r->id, stamp, r->state,
				r->title ? r->title : "?");
		}
	}
	if (json) {
		jsonout_close_array(&j);
		cmd_json_end(&j, &out);
		return;
	}
	str_addf(&out,
		p->count ? "%zu record%s would be removed.\n"
			 : "Nothing is to be removed.\n",
		p->count, p->count == 1 ? "" : "s");
	cmd_print(&out);
	str_release(&out);
}

static bool
agreed(const struct pruning *p, struct err *e)
{
	struct str line = STR_INIT;
	bool yes;

	if (args_has(p->c->args, OPT_YES))
		return true;
	if (!tty_is_person())
		return err_set(e, ERR_REFUSED,
			"nothing was removed: nobody is here to ask; --yes does it");
	yes = tty_ask("Type  prune  to remove them: ", TTY_SHOWN, &line) &&
		str_eq(line.buf, "prune");
	str_release(&line);
	return yes || err_set(e, ERR_CANCELLED, "nothing was removed");
}

/* Its bundle, and the hash of that file. */
static bool
keep_copy(struct pruning *p, const struct library_run *r, char **name,
	char hex[DIGEST_HEX + 1], struct err *e)
{
	struct str text = STR_INIT;
	char *path;
	bool ok;

	*name = NULL;
	if (!args_has(p->c->args, OPT_OUTPUT))
		return true;
	*name = mem_printf("handrail-%s.tar", r->id);
	path = file_join(p->c->args->opt[OPT_OUTPUT], *name);
	ok = file_mkdirs(p->c->args->opt[OPT_OUTPUT], 0700, e) &&
		exporting_run(p->c, r->dir, path, e) &&
		file_read(path, (size_t)1 << 33, &text, e);
	if (ok)
		digest_hex(text.buf, text.len, hex);
	str_release(&text);
	mem_free(path);
	return ok;
}

static bool
prune_one(struct pruning *p, const struct library_run *r, struct err *e)
{
	struct verify_report v;
	struct vouch_report s;
	char hex[DIGEST_HEX + 1] = "", *name = NULL;
	const char *who = getenv("HANDRAIL_OPERATOR");
	bool ok;

	if (!vouch_record(p->c->loop, r->dir, &(struct verify_opts){0}, NULL, &v, &s, e))
		return false;
	ok = (v.ok && s.ok) ||
		err_set(e, ERR_RECORD, "run %s is bad: it stays as it is", r->id);
	ok = ok && keep_copy(p, r, &name, hex, e) &&
		tombstone_put(r->dir,
			&(struct tombstone_of){.run = r,
				.head = v.head,
				.records = v.records,
				.by = who && *who ? who : getenv("USER"),
				.reason = p->reason,
				.bundle = name,
				.bundle_sha256 = name ? hex : NULL,
				.at = clock_wall()},
			e);
	mem_free(name);
	vouch_release(&s);
	verify_release(&v);
	return ok;
}

static enum exit_code
prune_all(struct pruning *p)
{
	struct err e = ERR_INIT;
	size_t done = 0;
	bool ok = agreed(p, &e);

	for (size_t i = p->lib.runs.list.len; ok && i-- > 0;) {
		if (!p->goes[i])
			continue;
		ok = prune_one(p, &p->lib.runs.list.at[i], &e);
		done += ok;
	}
	if (done)
		fprintf(stderr, "%zu record%s removed; each left a tombstone.\n", done,
			done == 1 ? " was" : "s were");
	return ok ? EXIT_CODE_OK : cmd_fail(p->c, &e);
}

static bool
limits(struct pruning *p, struct err *e)
{
	const struct args *a = p->c->args;
	const char *older = a->opt[OPT_OLDER_THAN], *keep = a->opt[OPT_KEEP];
	char *end = NULL;

	p->older_ms = p->keep = -1;
	if (!older && !keep)
		return err_set(e, ERR_INPUT,
			"say what may go: --older-than 90d, --keep 10 of each runbook, or both");
	if (older && (!stamp_parse_duration(older, &p->older_ms) || p->older_ms < 0))
		return err_set(
			e, ERR_INPUT, "--older-than %s is no time: 90d, 12h", older);
	if (keep) {
		p->keep = strtol(keep, &end, 10);
		if (end == keep || *end || p->keep < 0 || p->keep > 1000000)
			return err_set(
				e, ERR_INPUT, "--keep %s is no number of runs", keep);
	}
	p->reason = args_has(a, OPT_REASON)
		? mem_strdup(a->opt[OPT_REASON])
		: mem_printf("%s%s%s%s%s", older ? "older than " : "", older ? older : "",
			  older && keep ? ", " : "", keep ? "not among the newest " : "",
			  keep ? keep : "");
	return true;
}

enum exit_code
cmd_prune(struct cmd *c)
{
	enum exit_code code = EXIT_CODE_OK;
	struct pruning p = {.c = c};
	struct err e = ERR_INIT;

	if (!cmd_may_write(c, &code))
		return code;
	if (!limits(&p, &e))
		return cmd_fail(c, &e);
	cmd_library(c, &p.lib);
	choose(&p);
	tell(&p);
	code = p.count ? prune_all(&p) : EXIT_CODE_OK;
	mem_free(p.goes);
	mem_free(p.reason);
	library_release(&p.lib);
	return code;
}
