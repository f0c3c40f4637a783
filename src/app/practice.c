#include "app/practice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/spine.h"
#include "base/disk.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/stamp.h"
#include "load/load.h"

enum { SIGN_MS = 20000, SIGN_BYTES = 65536, DRILL_BYTES = 65536 };
#define DRILL_NAMESPACE "handrail-drill-v1"

/* ---- which scenario -------------------------------------------------------------------------- */

static char *
beside(const char *runbook)
{
	char *dir = file_dir(runbook), *folder = file_join(dir, "scenarios"),
	     *path = file_join(folder, file_base(runbook));

	mem_free(dir);
	mem_free(folder);
	return path;
}

char *
practice_scenario_of(const char *runbook)
{
	char *path = beside(runbook);

	if (file_exists(path))
		return path;
	mem_free(path);
	return NULL;
}

char *
practice_scenario(const char *runbook, const char *given, struct err *e)
{
	char *path = given ? mem_strdup(given) : beside(runbook);

	if (file_exists(path))
		return path;
	err_set(e, ERR_INPUT,
		given ? "there is no scenario %s"
		      : "there is no scenario %s; --scenario names another",
		path);
	mem_free(path);
	return NULL;
}

/* ---- where ------------------------------------------------------------------------------------- */

static char *
folder(const char *name, struct err *e)
{
	char *state = file_xdg(FILE_XDG_STATE), *dir = file_join(state, name);

	if (!file_mkdirs(dir, 0700, e) || !disk_private_dir(dir, e)) {
		mem_free(dir);
		dir = NULL;
	}
	mem_free(state);
	return dir;
}

char *
practice_runs_dir(struct err *e)
{
	return folder("practice", e);
}

bool
practice_holds(const char *runs_dir)
{
	char *state = file_xdg(FILE_XDG_STATE), *dir = file_join(state, "practice"),
	     *there = realpath(dir, NULL), *here = realpath(runs_dir, NULL);
	bool is = there && here && str_eq(there, here);

	free(here);
	free(there);
	mem_free(dir);
	mem_free(state);
	return is;
}

static bool
take_mode(void *ctx, const struct event *ev, const char *hash)
{
	bool *is = ctx;
	struct err ignored = ERR_INIT;
	struct json *doc = json_parse(ev->data, strlen(ev->data), &ignored);

	(void)hash;
	*is = ev->type == EVENT_RUN_OPEN &&
		str_eq(json_str(json_root(doc), "mode", ""), run_mode_name(RUN_PRACTICE));
	json_free(doc);
	return false;
}

bool
practice_is(const char *run_dir)
{
	struct err ignored = ERR_INIT;
	bool is = false;

	return journal_read(run_dir, take_mode, &is, &ignored) && is;
}

/* ---- words -------------------------------------------------------------------------------------- */

void
practice_brief(const struct runbook *rb, struct str *out)
{
	const struct scenario *s = rb->scenario;
	char limit[STAMP_BYTES];

	str_addf(out, "Practice: %s\n", s->title);
	if (s->why) {
		str_adds(out, s->why);
		if (!str_ends(out, "\n"))
			str_addc(out, '\n');
	}
	str_adds(out, "Nothing is real here and nothing can be broken.");
	if (s->within_ms)
		str_addf(out, " Who knows it takes %s.",
			stamp_duration(s->within_ms, limit));
	if (s->hints.list.len)
		str_adds(out, " Hints are counted.");
	str_addc(out, '\n');
}

/* ---- the drill ------------------------------------------------------------------------------------ */

static void
write_drill(const struct run *r, const struct drill *d, struct str *out)
{
	const struct runbook *rb = r->runbook;
	char at[STAMP_BYTES], *real = realpath(rb->path, NULL);
	struct jsonout j;

	jsonout_init(&j, out);
	jsonout_open(&j);
	jsonout_kint(&j, "drill", 1);
	jsonout_kstr(&j, "run", r->id);
	jsonout_kstr(&j, "who", r->opened_by);
	jsonout_kstr(&j, "at", stamp_wall(r->last_at, at));
	jsonout_kstr(&j, "runbook", real ? real : rb->path);
	jsonout_kstr(&j, "name", rb->name);
	jsonout_kstr(&j, "sha256", rb->sources.list.at[0].sha256);
	jsonout_kstr(&j, "scenario", rb->scenario->source.sha256);
	jsonout_kbool(&j, "solved", d->solved);
	jsonout_kint(&j, "took_ms", d->took_ms);
	jsonout_kint(&j, "hints", d->hints);
	jsonout_kint(&j, "wrong_turns", d->wrong);
	jsonout_kint(&j, "every_ms", rb->scenario->every_ms);
	jsonout_kstr(&j, "head", r->head);
	jsonout_close(&j);
	str_addc(out, '\n');
	free(real);
}

static bool
sign(struct cmd *c, const char *path, struct err *e)
{
	const char *const argv[] = {"ssh-keygen", "-q", "-Y", "sign", "-f",
		c->args->opt[OPT_KEY], "-n", DRILL_NAMESPACE, path, NULL};
	struct loop_capture got;

	if (!loop_child_capture(c->loop,
		    &(struct loop_child_opts){
			    .argv = argv, .timeout_ms = SIGN_MS, .pass_fd = -1},
		    SIGN_BYTES, &got, e))
		return false;
	if (got.end.exit != 0)
		err_set(e, ERR_AUTH, "the drill is not signed: %.300s", got.err.buf);
	loop_capture_release(&got);
	return e->kind == ERR_NONE;
}

static bool
keep(struct cmd *c, const struct run *r, const struct drill *d, struct str *out,
	struct err *e)
{
	char *dir = folder("drills", e), *name, *path, *old;
	struct str text = STR_INIT;
	bool ok;

	if (!dir)
		return false;
	name = mem_printf("%s.json", r->id);
	path = file_join(dir, name);
	write_drill(r, d, &text);
	/* a signature of what stood there before is one of nothing */
	old = mem_printf("%s.sig", path);
	if (file_exists(old))
		remove(old);
	mem_free(old);
	ok = file_replace(path, text.buf, text.len, 0600, e);
	if (ok && args_has(c->args, OPT_KEY))
		ok = sign(c, path, e);
	if (ok)
		str_addf(out, "Kept as a drill%s: %s\n",
			args_has(c->args, OPT_KEY) ? ", signed" : "", path);
	str_release(&text);
	mem_free(path);
	mem_free(name);
	mem_free(dir);
	return ok;
}

bool
practice_close(struct cmd *c, const char *run_dir, struct str *out, struct err *e)
{
	enum exit_code code = EXIT_CODE_OK;
	struct run *r = cmd_fold(c, run_dir, &code);
	struct drill d;
	bool ok = true;

	if (!r)
		return err_set(e, ERR_RECORD, "the record of the practice run is gone");
	drill_count(r, &d);
	str_adds(out, "Practice: ");
	drill_words(&d, out);
	str_adds(out, ".\n");
	if (d.solved && r->runbook->scenario)
		ok = keep(c, r, &d, out, e);
	run_free(r);
	return ok;
}

/* ---- drills that were --------------------------------------------------------------------------------- */

static bool
read_drill(const char *path, struct practice_drill *out)
{
	struct str text = STR_INIT;
	struct err ignored = ERR_INIT;
	struct json *doc = NULL;
	const struct json_node *n;
	bool ok;

	if (file_read(path, DRILL_BYTES, &text, &ignored))
		doc = json_parse(text.buf, text.len, &ignored);
	n = json_root(doc);
	ok = json_int(n, "drill", 0) == 1 && stamp_parse(json_str(n, "at", ""), &out->at);
	if (ok) {
		char *sig = mem_printf("%s.sig", path);

		out->runbook = mem_strdup(json_str(n, "runbook", ""));
		out->name = mem_strdup(json_str(n, "name", ""));
		out->who = mem_strdup(json_str(n, "who", ""));
		out->run = mem_strdup(json_str(n, "run", ""));
		out->drill = (struct drill){.solved = json_bool(n, "solved", false),
			.took_ms = json_int(n, "took_ms", 0),
			.hints = (int)json_int(n, "hints", 0),
			.wrong = (int)json_int(n, "wrong_turns", 0)};
		out->every_ms = json_int(n, "every_ms", 0);
		out->is_signed = file_exists(sig);
		mem_free(sig);
	}
	json_free(doc);
	str_release(&text);
	return ok;
}

/* Names are those of runs, which are in the order of time. */
void
practice_drills(struct practice_drills *out)
{
	char *state = file_xdg(FILE_XDG_STATE), *dir = file_join(state, "drills");
	struct err ignored = ERR_INIT;
	size_t count = 0;
	char **names = file_exists(dir) ? file_names(dir, &count, &ignored) : NULL;

	*out = (struct practice_drills){0};
	for (size_t i = 0; names && i < count; i++) {
		char *path = file_join(dir, names[i]);
		struct practice_drill d = {0};
		const char *dot = strrchr(names[i], '.');

		if (dot && str_eq(dot, ".json") && read_drill(path, &d))
			vec_push(&out->list, d);
		mem_free(path);
	}
	file_names_free(names);
	mem_free(dir);
	mem_free(state);
}

void
practice_drills_release(struct practice_drills *d)
{
	for (size_t i = 0; i < d->list.len; i++) {
		mem_free(d->list.at[i].runbook);
		mem_free(d->list.at[i].name);
		mem_free(d->list.at[i].who);
		mem_free(d->list.at[i].run);
	}
	vec_free(&d->list);
}

const struct practice_drill *
practice_last(const struct practice_drills *d, const char *runbook)
{
	for (size_t i = d->list.len; i-- > 0;)
		if (d->list.at[i].drill.solved && str_eq(d->list.at[i].runbook, runbook))
			return &d->list.at[i];
	return NULL;
}
