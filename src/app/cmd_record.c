/* Subcommands about records: report, verify, note. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "app/bundle.h"
#include "app/cmd.h"
#include "app/mirroring.h"
#include "app/onlooker.h"
#include "app/outside.h"
#include "app/practice.h"
#include "app/storeheads.h"
#include "app/tombstone.h"
#include "audit/report.h"
#include "audit/vouch.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/stamp.h"

/* ---- report -------------------------------------------------------------------------------- */

static bool
report_format(const struct args *a, enum report_format *out, struct err *e)
{
	static const char *const names[] = {[REPORT_TEXT] = "text",
		[REPORT_MD] = "md",
		[REPORT_JSON] = "json",
		[REPORT_HTML] = "html"};
	const char *want = args_has(a, OPT_JSON) ? "json" : a->opt[OPT_FORMAT];

	*out = REPORT_TEXT;
	for (size_t i = 0; want && i < sizeof names / sizeof names[0]; i++)
		if (strcmp(names[i], want) == 0) {
			*out = (enum report_format)i;
			return true;
		}
	return !want ||
		err_set(e, ERR_INPUT, "report --format: text, md, json or html, not %s",
			want);
}

static enum exit_code
report_run(struct cmd *c, const char *dir, enum report_format format)
{
	enum exit_code code = EXIT_CODE_OK;
	struct verify_report v;
	struct vouch_report s;
	struct report_check check = {0};
	struct err e = ERR_INIT;
	struct str out = STR_INIT;
	struct run *run;

	if (!vouch_record(c->loop, dir, &(struct verify_opts){0}, NULL, &v, &s, &e))
		return cmd_fail(c, &e);
	check = (struct report_check){true, v.ok && s.ok, v.head, v.what};
	if (!check.ok)
		code = EXIT_CODE_RECORD;
	run = cmd_fold(c, dir, &code);
	if (run) {
		report_write(run, format, &check, &out);
		if (!args_has(c->args, OPT_OUTPUT))
			(format == REPORT_JSON || format == REPORT_HTML
					? cmd_print_raw
					: cmd_print)(&out);
		else if (!file_replace(
				 c->args->opt[OPT_OUTPUT], out.buf, out.len, 0644, &e))
			code = cmd_fail(c, &e);
		run_free(run);
	}
	str_release(&out);
	vouch_release(&s);
	verify_release(&v);
	return code;
}

void
cmd_print_report(struct cmd *c, const char *dir)
{
	report_run(c, dir, REPORT_TEXT);
}

enum exit_code
cmd_report(struct cmd *c)
{
	enum exit_code code = EXIT_CODE_OK;
	enum report_format format;
	struct err e = ERR_INIT;
	char *dir;

	if (!report_format(c->args, &format, &e))
		return cmd_fail(c, &e);
	dir = cmd_run_dir(c, c->args->words.list.at[0], &code);
	if (dir)
		code = cmd_project_of_run(c, dir) ? report_run(c, dir, format)
						  : EXIT_CODE_LOAD;
	mem_free(dir);
	return code;
}

/* ---- verify -------------------------------------------------------------------------------- */

static void
verify_text(const char *name, const struct verify_report *v, const struct vouch_report *s,
	struct str *out)
{
	if (v->ok && s->ok)
		str_addf(out, "%s: OK, %lld records, head %s\n", name,
			(long long)v->records, v->head);
	else if (!v->ok)
		str_addf(out, "%s: BAD, %s\n", name, v->what);
	else
		str_addf(out, "%s: BAD, a signature does not hold\n", name);
	if (v->mode && !str_eq(v->mode, "live"))
		str_addf(out, "  %s: nothing in this record was done really\n", v->mode);
	for (size_t i = 0; i < s->rows.len; i++) {
		const struct vouch_row *row = &s->rows.at[i];

		str_addf(out, "  signature of %s as %s (record %lld): %s%s", row->signer,
			row->role, (long long)row->seq,
			row->ok ? "holds" : "DOES NOT HOLD: ", row->why);
		if (row->voided >= 0)
			str_addf(out, ", VOID since record %lld: %s",
				(long long)row->voided, row->void_why);
		str_addc(out, '\n');
	}
	if (!v->vouched)
		str_addf(out,
			"  last record not vouched for: no heads beside it and no --head\n");
	else if (v->unvouched > 0)
		str_addf(out, "  the last %lld records are not vouched for\n",
			(long long)v->unvouched);
	if (v->ok && v->records && v->last_signature >= 0)
		str_addf(out, "  %lld records stand after the last signature\n",
			(long long)(v->records - 1 - v->last_signature));
}

static void
verify_fault(int64_t line, const char *what, struct jsonout *j)
{
	jsonout_key(j, "fault");
	jsonout_open(j);
	jsonout_kint(j, "line", line);
	jsonout_kstr(j, "what", what);
	jsonout_close(j);
}

static void
verify_item(
	const struct verify_report *v, const struct vouch_report *s, struct jsonout *j)
{
	const struct vouch_row *bad = NULL;

	jsonout_kbool(j, "ok", v->ok && s->ok);
	jsonout_kint(j, "records", v->records);
	jsonout_kstr(j, "run", v->run);
	jsonout_kstr(j, "mode", v->mode);
	jsonout_kstr(j, "head", v->head);
	jsonout_key(j, "signatures");
	jsonout_open_array(j);
	for (size_t i = 0; i < s->rows.len; i++) {
		jsonout_open(j);
		jsonout_kint(j, "seq", s->rows.at[i].seq);
		jsonout_kstr(j, "role", s->rows.at[i].role);
		jsonout_kstr(j, "signer", s->rows.at[i].signer);
		jsonout_kbool(j, "ok", s->rows.at[i].ok);
		jsonout_kstr(j, "why", s->rows.at[i].ok ? NULL : s->rows.at[i].why);
		jsonout_key(j, "void");
		if (s->rows.at[i].voided >= 0) {
			jsonout_open(j);
			jsonout_kint(j, "seq", s->rows.at[i].voided);
			jsonout_kstr(j, "reason", s->rows.at[i].void_why);
			jsonout_close(j);
		} else {
			jsonout_null(j);
		}
		jsonout_close(j);
		if (!s->rows.at[i].ok && !bad)
			bad = &s->rows.at[i];
	}
	jsonout_close_array(j);
	jsonout_kint(j, "unvouched", v->unvouched);
	if (!v->ok)
		verify_fault(v->fault_line, v->what, j);
	else if (bad)
		verify_fault(bad->seq + 1, bad->why, j);
	else
		jsonout_kstr(j, "fault", NULL);
}

/* A record of which nothing can be said but why. */
static void
verify_unread(const char *path, const char *what, struct jsonout *j)
{
	jsonout_kbool(j, "ok", false);
	jsonout_kint(j, "records", 0);
	jsonout_kstr(j, "run", file_base(path));
	jsonout_kstr(j, "head", NULL);
	jsonout_key(j, "signatures");
	jsonout_open_array(j);
	jsonout_close_array(j);
	jsonout_kint(j, "unvouched", 0);
	verify_fault(0, what, j);
}

struct verifying_all {
	struct cmd *c;
	struct storing *store; /* --store, else NULL */
	struct str out;
	struct jsonout *j; /* NULL: text */
	bool as_item;      /* of a list */
	bool denied;       /* the one at hand is there and cannot be read */
	enum exit_code code;
};

/* A bad record outweighs one that cannot be read, that outweighs none. */
static void
verify_worse(struct verifying_all *all, enum exit_code code)
{
	if (code > all->code)
		all->code = code;
}

/* Of a run that is listed the journal may be gone: that is a bad record, not a missing file.
 * What is there and cannot be read (EACCES, EIO) is not said to be bad. */
static enum exit_code
unread_code(struct verifying_all *all, const char *path, const struct err *e)
{
	all->denied = e->kind == ERR_IO && e->sys && e->sys != ENOENT &&
		e->sys != ENOTDIR;
	if (all->denied)
		return EXIT_CODE_LOAD;
	return all->as_item || file_is_dir(path) ? EXIT_CODE_RECORD : EXIT_CODE_LOAD;
}

static void
verify_told(struct verifying_all *all, const char *path, const struct verify_report *v,
	const struct vouch_report *s, const struct storeheads *held, const char *unread)
{
	struct str text = STR_INIT;

	if (all->j) {
		if (all->as_item)
			jsonout_open(all->j);
		if (unread)
			verify_unread(path, unread, all->j);
		else
			verify_item(v, s, all->j);
		if (held && all->store)
			jsonout_kint(all->j, "stored", held->records);
		if (all->as_item)
			jsonout_close(all->j);
		return;
	}
	if (unread)
		str_addf(&text, "%s: %s, %s\n", file_base(path),
			all->denied ? "NOT READ" : "BAD", unread);
	else
		verify_text(file_base(path), v, s, &text);
	if (held && all->store && v->ok)
		str_addf(&text, "  the store holds %lld of its %lld records\n",
			(long long)held->records, (long long)v->records);
	str_add(&all->out, text.buf, text.len);
	str_release(&text);
}

static void
verify_pruned(struct verifying_all *all, const char *path)
{
	const char *head = all->c->args->opt[OPT_HEAD];

	if (all->as_item)
		jsonout_open(all->j);
	if (!tombstone_tell(
		    path, head && file_exists(head) ? NULL : head, all->j, &all->out))
		verify_worse(all, EXIT_CODE_RECORD);
	if (all->as_item)
		jsonout_close(all->j);
}

/* `called`: what it is named in the answer. */
static void
verify_one(struct verifying_all *all, const char *path, const char *called)
{
	const struct args *a = all->c->args;
	struct verify_opts o = {.head = a->opt[OPT_HEAD]};
	struct verify_report v = {0};
	struct vouch_report s = {0};
	struct storeheads held = {0};
	struct err e = ERR_INIT;

	all->denied = false;
	if (tombstone_is(path)) {
		verify_pruned(all, path);
		return;
	}
	if (o.head && file_exists(o.head)) {
		o.held = o.held_by = o.head;
		o.head = NULL;
	}
	if (all->store) {
		if (!storeheads_fetch(all->store, path, &held, &e)) {
			verify_worse(all,
				e.kind == ERR_RECORD ? EXIT_CODE_RECORD
						     : args_exit_for(&e));
			verify_told(all, called, NULL, NULL, NULL, e.msg);
			return;
		}
		o.held = held.path;
		o.held_by = "the store";
	}
	if (!vouch_record(all->c->loop, path, &o, a->opt[OPT_SIGNERS], &v, &s, &e)) {
		verify_worse(all, unread_code(all, called, &e));
		verify_told(all, called, NULL, NULL, NULL, e.msg);
		storeheads_release(&held);
		return;
	}
	if (v.ok && (held.fault[0] || (o.held && v.held_last < 0))) {
		v.ok = false;
		snprintf(v.what, sizeof v.what, held.fault[0] ? "%s" : "%s names no head",
			held.fault[0] ? held.fault : o.held_by);
	}
	if (!v.ok || !s.ok)
		verify_worse(all, EXIT_CODE_RECORD);
	verify_told(all, called, &v, &s, &held, NULL);
	storeheads_release(&held);
	vouch_release(&s);
	verify_release(&v);
}

static void
verify_bundle(struct verifying_all *all, const char *path)
{
	struct bundle b;
	struct err e = ERR_INIT;

	if (bundle_open(path, &b, &e)) {
		verify_one(all, b.record, path);
		if (!all->j)
			str_adds(&all->out,
				"  its README, verify and report.* were not checked: only the record proves anything\n");
	} else {
		verify_worse(
			all, e.kind == ERR_RECORD ? EXIT_CODE_RECORD : args_exit_for(&e));
		verify_told(all, path, NULL, NULL, NULL, e.msg);
	}
	bundle_close(&b);
}

static void
verify_all(struct verifying_all *all)
{
	struct library lib;

	cmd_library_runs(all->c, &lib);
	if (all->j) {
		jsonout_key(all->j, "items");
		jsonout_open_array(all->j);
		all->as_item = true;
	}
	for (size_t i = 0; i < lib.runs.list.len; i++)
		verify_one(all, lib.runs.list.at[i].dir, lib.runs.list.at[i].dir);
	if (all->j)
		jsonout_close_array(all->j);
	else if (!lib.runs.list.len)
		str_adds(&all->out, "No runs here yet.\n");
	if (lib.fault.kind != ERR_NONE) {
		fprintf(stderr, "handrail: %s\n", lib.fault.msg);
		verify_worse(all, EXIT_CODE_LOAD);
	}
	if (all->j)
		jsonout_kbool(all->j, "ok", all->code == EXIT_CODE_OK);
	library_release(&lib);
}

static bool
verify_store(struct verifying_all *all, struct err *e)
{
	const char *service;

	if (args_has(all->c->args, OPT_HEAD))
		return err_set(e, ERR_INPUT, "verify: --head or --store, not both");
	if (!cmd_project(all->c, NULL))
		return err_set(e, ERR_PARSE, "handrail.yaml says which store");
	service = mirroring_service_for(
		all->c->project, all->c->args->opt[OPT_SERVICE], e);
	all->store = service ? storing_open(all->c->loop, service, e) : NULL;
	return all->store != NULL;
}

enum exit_code
cmd_verify(struct cmd *c)
{
	struct verifying_all all = {.c = c, .out = STR_INIT};
	struct jsonout j;
	struct err e = ERR_INIT;
	bool json = args_has(c->args, OPT_JSON), one = c->args->words.list.len == 1;
	char *dir = NULL;

	if (args_has(c->args, OPT_HEAD) && !one) {
		err_set(&e, ERR_INPUT, "--head belongs to one run: name it");
		return cmd_fail(c, &e);
	}
	if (args_has(c->args, OPT_STORE) && !verify_store(&all, &e))
		return cmd_fail(c, &e);
	if (one && !(dir = cmd_run_dir(c, c->args->words.list.at[0], &all.code))) {
		storing_close(all.store);
		return all.code;
	}
	if (json) {
		cmd_json_begin(&j, &all.out, "verify");
		all.j = &j;
	}
	if (one && bundle_is(dir))
		verify_bundle(&all, dir);
	else if (one)
		verify_one(&all, dir, dir);
	else
		verify_all(&all);
	if (json) {
		cmd_json_end(&j, &all.out);
	} else {
		cmd_print(&all.out);
		str_release(&all.out);
	}
	storing_close(all.store);
	mem_free(dir);
	return all.code;
}

/* ---- note ------------------------------------------------------------------------------------ */

static void
note_refused(void *ctx, const struct err *e)
{
	struct err *refused = ctx;

	*refused = *e;
}

static char *
note_text(const char *word, struct err *e)
{
	struct str text = STR_INIT;
	char buf[4096];
	size_t n;

	if (strcmp(word, "-") != 0)
		return mem_strdup(word);
	while ((n = fread(buf, 1, sizeof buf, stdin)) > 0 && text.len < 32768)
		str_add(&text, buf, n);
	if (text.len >= 32768) {
		str_release(&text);
		err_set(e, ERR_LIMIT, "a note has at most 32 KiB");
		return NULL;
	}
	while (text.len && text.buf[text.len - 1] == '\n')
		str_cut(&text, text.len - 1);
	return str_take(&text);
}

/* Who drives the run writes it down. */
static enum exit_code
note_told(struct cmd *c, const char *dir, const char *text, const struct err *why)
{
	struct err e = ERR_INIT;
	struct onlooker *o = NULL;
	char con[256];

	if (!args_has(c->args, OPT_CORRECTS) && why->kind == ERR_STATE &&
		journal_is_busy(dir, con, sizeof con))
		o = onlooker_new(c->loop, dir, file_base(dir), c->project, &e);
	if (o && onlooker_state(o) == ONLOOKER_LIVE)
		return outside_note(c, o, text);
	onlooker_free(o);
	return cmd_fail_run(c, dir, why);
}

static enum exit_code
note_write(struct cmd *c, const char *dir, const char *text)
{
	enum exit_code code = EXIT_CODE_OK;
	struct err refused = ERR_INIT, e = ERR_INIT;
	struct session *s = session_resume(
		&(struct session_opts){.loop = c->loop,
			.project = c->project,
			.calls = {.on_message = note_refused, .ctx = &refused},
			.quiet = true},
		dir, &e);

	if (!s)
		return note_told(c, dir, text, &e);
	session_request(s,
		&(struct request){.kind = REQ_NOTE,
			.step = NONE,
			.name = c->args->opt[OPT_CORRECTS],
			.text = text});
	(void)cmd_settle(c, s, &refused, &code);
	session_free(s);
	return code;
}

/* Only whoever drives it corrects. */
static enum exit_code
note_outside(struct cmd *c, struct onlooker *take, const char *text)
{
	struct err e = ERR_INIT;

	if (!args_has(c->args, OPT_CORRECTS))
		return outside_note(c, take, text);
	err_set(&e, ERR_REFUSED, "%s drives the run: only that one corrects its record",
		onlooker_driver(take) ? onlooker_driver(take) : "somebody else");
	onlooker_free(take);
	return cmd_fail(c, &e);
}

enum exit_code
cmd_note(struct cmd *c)
{
	enum exit_code code = EXIT_CODE_OK;
	struct err e = ERR_INIT, none = ERR_INIT;
	char *dir, *text;

	if (!cmd_may_write(c, &code))
		return code;
	text = note_text(c->args->words.list.at[1], &e);
	if (!text)
		return cmd_fail(c, &e);
	dir = library_run_dir(c->runs_dir, c->args->words.list.at[0], &none);
	if (!strchr(c->args->words.list.at[0], '/')) {
		struct onlooker *o = dir ? outside_far(c, c->args->words.list.at[0], &e)
					 : outside_find(c, c->args->words.list.at[0], &e);

		if (o || !dir || e.kind != ERR_NONE) {
			code = o ? note_outside(c, o, text) : cmd_fail(c, &e);
			mem_free(text);
			mem_free(dir);
			return code;
		}
	}
	mem_free(dir);
	dir = cmd_run_dir(c, c->args->words.list.at[0], &code);
	if (!dir) {
		mem_free(text);
		return code;
	}
	if (!cmd_project_of_run(c, dir))
		code = EXIT_CODE_LOAD;
	else
		code = note_write(c, dir, text);
	mem_free(text);
	mem_free(dir);
	return code;
}
