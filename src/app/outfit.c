#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/machine.h"
#include "app/spine.h"
#include "audit/keyfile.h"
#include "base/file.h"
#include "base/json.h"
#include "base/jsonout.h"
#include "base/mem.h"
#include "base/stamp.h"
#include "base/text.h"
#include "config.h"
#include "load/load.h"
#include "model/review.h"
#include "run/revised.h"

enum { SIGNERS_MAX = 4 << 20, RUNBOOK_MAX = 16 << 20 };

static const char *const run_mode_names[] = {
	[RUN_LIVE] = "live", [RUN_DRY] = "dry", [RUN_PRACTICE] = "practice"};

/* The operator's name: claimed, not proven, until something is signed. */
char *
outfit_who(void)
{
	const char *claimed = getenv("HANDRAIL_OPERATOR");
	char *user, *host, *who;

	if (claimed && *claimed)
		return text_harmless_dup(claimed);
	user = machine_user();
	host = machine_host();
	who = mem_printf("%s@%s", user, host);
	mem_free(user);
	mem_free(host);
	return who;
}

char *
outfit_con(void)
{
	char hex[9], *host = machine_host(), *con;

	digest_random_hex(4, hex);
	con = mem_printf("%s/%d/%s", host, machine_pid(), hex);
	mem_free(host);
	return con;
}

/* Every text the run is pinned to goes into the record's folder. */
static bool
keep_sources(struct session *s, struct err *e)
{
	char hex[DIGEST_HEX + 1];

	for (size_t i = 0; i < s->runbook->sources.list.len; i++) {
		const struct source *src = &s->runbook->sources.list.at[i];
		if (!blob_put(s->dir, src->text, src->len, hex, e))
			return false;
	}
	return true;
}

/* Who runs it need not be able to sign; whoever signs is told so. */
static void
write_unlisted(const struct session *s, struct jsonout *j)
{
	if (s->allowed_signers && !keyfile_lists(s->allowed_signers, s->who))
		jsonout_kbool(j, "unlisted", true);
}

/* The signers' file as it stands now is the one that counts for this run. A file that is
 * named and cannot be read stops the run: sign-offs could not be checked. */
static bool
keep_signers(struct session *s, char hex[DIGEST_HEX + 1], struct err *e)
{
	struct str text = STR_INIT;
	bool ok;

	hex[0] = '\0';
	if (!s->allowed_signers)
		return true;
	ok = file_read(s->allowed_signers, SIGNERS_MAX, &text, e) &&
		blob_put(s->dir, text.buf, text.len, hex, e);
	if (ok) {
		mem_free(s->allowed_signers);
		s->allowed_signers = mem_printf("%s/blobs/%.2s/%s", s->dir, hex, hex);
	}
	str_release(&text);
	return ok || err_ctx(e, "allowed signers");
}

static void
write_runbook(const struct runbook *rb, struct jsonout *j)
{
	jsonout_key(j, "runbook");
	jsonout_open(j);
	jsonout_kstr(j, "name", rb->name);
	jsonout_kstr(j, "path", rb->path);
	jsonout_kstr(j, "sha256", rb->sources.list.at[0].sha256);
	jsonout_kstr(j, "title", rb->title);
	if (rb->sources.list.len > 1) {
		jsonout_key(j, "calls");
		jsonout_open_array(j);
		for (size_t i = 1; i < rb->sources.list.len; i++) {
			jsonout_open(j);
			jsonout_kstr(j, "path", rb->sources.list.at[i].path);
			jsonout_kstr(j, "sha256", rb->sources.list.at[i].sha256);
			jsonout_close(j);
		}
		jsonout_close_array(j);
	}
	jsonout_close(j);
}

static void
write_machine(struct jsonout *j)
{
	char *host = machine_host(), *user = machine_user(), *boot = machine_boot_id(),
	     *id = machine_id();

	jsonout_kstr(j, "host", host);
	jsonout_kstr(j, "user", user);
	jsonout_kint(j, "uid", machine_uid());
	jsonout_kstr(j, "boot_id", boot);
	jsonout_kstr(j, "machine", id);
	mem_free(host);
	mem_free(user);
	mem_free(boot);
	mem_free(id);
}

static void
write_tool(struct jsonout *j)
{
	jsonout_key(j, "tool");
	jsonout_open(j);
	jsonout_kstr(j, "version", PACKAGE_VERSION);
	jsonout_close(j);
}

static void
write_redaction(const struct runbook *rb, struct jsonout *j)
{
	jsonout_key(j, "redaction");
	jsonout_open(j);
	jsonout_key(j, "names");
	jsonout_open_array(j);
	for (size_t i = 0; i < rb->inputs.list.len; i++)
		if (rb->inputs.list.at[i].from != SECRET_NOT)
			jsonout_str(j, rb->inputs.list.at[i].name);
	jsonout_close_array(j);
	jsonout_close(j);
}

/* What this run is there to close. */
static void
write_parent(const struct owed *o, struct jsonout *j)
{
	char stamp[STAMP_BYTES];

	jsonout_key(j, "parent");
	if (!o) {
		jsonout_null(j);
		return;
	}
	jsonout_open(j);
	jsonout_kstr(j, "run", o->run);
	jsonout_kint(j, "seq", o->seq);
	jsonout_kstr(j, "duty", o->duty);
	jsonout_kstr(j, "root", o->root);
	jsonout_kstr(j, "due", stamp_wall(o->due, stamp));
	if (o->first.ms)
		jsonout_kstr(j, "first", stamp_wall(o->first, stamp));
	jsonout_close(j);
}

static void
write_steps(const struct runbook *rb, const char *key, bool (*is)(const struct step *s),
	struct jsonout *j)
{
	bool any = false;

	for (size_t i = 0; i < rb->steps.list.len; i++) {
		if (!is(&rb->steps.list.at[i]))
			continue;
		if (!any) {
			jsonout_key(j, key);
			jsonout_open_array(j);
		}
		any = true;
		jsonout_str(j, rb->steps.list.at[i].id);
	}
	if (any)
		jsonout_close_array(j);
}

static bool
is_for_two(const struct step *s)
{
	return s->two_person;
}

static bool
is_by_change(const struct step *s)
{
	return revised_probe(s) != NONE;
}

/* What holds people up in this run, whatever the files say later: that it is armed before it
 * acts, which steps two people do, which sign-offs hang on what changed, and that who opens it,
 * takes it over or breaks the glass signs that. */
static void
write_rules(const struct session *s, struct jsonout *j)
{
	const struct runbook *rb = s->runbook;

	if (rb->arming)
		jsonout_kbool(j, "arming", true);
	write_steps(rb, "two_person", is_for_two, j);
	write_steps(rb, "changed", is_by_change, j);
	if (s->allowed_signers && s->mode == RUN_LIVE)
		jsonout_kbool(j, "authority", true);
}

bool
outfit_open(
	struct session *s, const struct session_opts *o, struct str *data, struct err *e)
{
	const struct runbook *rb = s->runbook;
	char nonce[33], signers[DIGEST_HEX + 1], day[STAMP_BYTES];
	struct jsonout j;

	if (!keep_sources(s, e) || !keep_signers(s, signers, e))
		return false;
	digest_random_hex(16, nonce);
	jsonout_init(&j, data);
	jsonout_open(&j);
	jsonout_kstr(&j, "nonce", nonce);
	write_runbook(rb, &j);
	jsonout_kstr(&j, "environment", rb->environment);
	jsonout_kstr(&j, "mode", run_mode_names[s->mode]);
	write_tool(&j);
	write_machine(&j);
	jsonout_key(&j, "allowed_signers");
	if (signers[0]) {
		jsonout_open(&j);
		jsonout_kstr(&j, "sha256", signers);
		jsonout_close(&j);
	} else {
		jsonout_null(&j);
	}
	if (rb->scenario) {
		jsonout_key(&j, "scenario");
		jsonout_open(&j);
		jsonout_kstr(&j, "path", rb->scenario->source.path);
		jsonout_kstr(&j, "sha256", rb->scenario->source.sha256);
		jsonout_close(&j);
	}
	if (s->project) {
		jsonout_key(&j, "config");
		jsonout_open(&j);
		jsonout_kstr(&j, "path", s->project->path);
		jsonout_kstr(&j, "sha256", s->project->sha256);
		jsonout_close(&j);
	}
	write_redaction(rb, &j);
	write_parent(o->owed, &j);
	if (o->limit && o->limit->list.len) {
		jsonout_key(&j, "limit");
		jsonout_open_array(&j);
		for (size_t i = 0; i < o->limit->list.len; i++)
			jsonout_str(&j, o->limit->list.at[i]);
		jsonout_close_array(&j);
	}
	write_rules(s, &j);
	write_unlisted(s, &j);
	if (review_is_late(rb, clock_wall(), day))
		jsonout_kstr(&j, "overdue", day);
	jsonout_close(&j);
	return true;
}

void
outfit_resume(struct session *s, struct str *data)
{
	char *boot = machine_boot_id(), *id = machine_id();
	struct jsonout j;

	jsonout_init(&j, data);
	jsonout_open(&j);
	jsonout_kstr(&j, "boot_id", boot);
	jsonout_kstr(&j, "machine", id);
	jsonout_kint(&j, "epoch", journal_epoch(s->journal));
	write_tool(&j);
	write_unlisted(s, &j);
	jsonout_close(&j);
	mem_free(boot);
	mem_free(id);
}

void
outfit_adopt(struct session *s, const struct event *open_event)
{
	struct err e = ERR_INIT;
	struct json *doc = json_parse(open_event->data, strlen(open_event->data), &e);
	const char *hex = json_str(
		json_get(json_root(doc), "allowed_signers"), "sha256", NULL);

	mem_free(s->allowed_signers);
	s->allowed_signers = NULL;
	/* Whoever changed that file would say who may sign. */
	if (hex && blob_check(s->dir, hex, &e))
		s->allowed_signers = mem_printf("%s/blobs/%.2s/%s", s->dir, hex, hex);
	else if (hex)
		spine_message(s, &e);
	json_free(doc);
}

/* ---- the runbook of a record -------------------------------------------------------------- */

struct opening_data {
	char *data;
};

static bool
take_first(void *ctx, const struct event *ev, const char *hash)
{
	struct opening_data *o = ctx;

	(void)hash;
	o->data = mem_strdup(ev->data);
	return false;
}

/* Called files as the record keeps them, so that a changed file cannot change the run. */
static bool
kept_sources(const char *run_dir, const struct json_node *rb, struct load_opts *o,
	struct err *e)
{
	const struct json_node *calls = json_get(rb, "calls");
	struct source *kept = mem_array(json_len(calls) + 1, sizeof *kept);

	o->kept = kept;
	for (size_t i = 0; i < json_len(calls); i++) {
		struct str text = STR_INIT;
		const char *hex = json_str(json_at(calls, i), "sha256", "?");
		if (!blob_read(run_dir, hex, RUNBOOK_MAX, &text, e))
			return false;
		kept[i].path = mem_strdup(json_str(json_at(calls, i), "path", ""));
		kept[i].len = text.len;
		kept[i].text = str_take(&text);
		o->kept_len = i + 1;
	}
	return true;
}

static void
kept_release(struct load_opts *o)
{
	struct source *kept = (struct source *)o->kept;

	for (size_t i = 0; i < o->kept_len; i++) {
		mem_free(kept[i].path);
		mem_free(kept[i].text);
	}
	mem_free(kept);
}

struct kept_opts {
	const struct project *project;
	const char *duty; /* NULL: what the record is about */
};

/* Hosts, windows and inputs are those of the project it was opened with. Another one, while
 * that is still there, may call other machines by the same names. */
static bool
is_of_project(const struct json_node *data, const struct project *p, struct err *e)
{
	const struct json_node *config = json_get(data, "config");
	const char *path = json_str(config, "path", "");

	if (!p || str_eq(path, p->path) || *path != '/' || !file_exists(path) ||
		str_eq(json_str(config, "sha256", ""), p->sha256))
		return true;
	return err_set(e, ERR_REFUSED,
		"the run was opened with %s, not with %s: --project %s takes it up", path,
		p->path, path);
}

static struct runbook *
load_kept(const char *run_dir, const struct json_node *data, const struct kept_opts *k,
	struct err *e)
{
	const struct json_node *rb = json_get(data, "runbook");
	struct load_opts o = {.project = k->project,
		.environment = json_str(data, "environment", NULL),
		.scenario = json_str(json_get(data, "scenario"), "path", NULL),
		.duty = k->duty ? k->duty
				: json_str(json_get(data, "parent"), "duty", NULL)};
	struct runbook *runbook = NULL;
	struct diags d = {0};
	struct str text = STR_INIT;

	if (is_of_project(data, k->project, e) && kept_sources(run_dir, rb, &o, e) &&
		blob_read(run_dir, json_str(rb, "sha256", "?"), RUNBOOK_MAX, &text, e)) {
		runbook = load_runbook_text(
			json_str(rb, "path", "runbook.yaml"), text.buf, text.len, &o, &d);
		if (!runbook)
			err_set(e, ERR_PARSE,
				"the runbook of the record does not load here: %s",
				d.list.len ? d.list.at[0].msg : "?");
	}
	diags_release(&d);
	kept_release(&o);
	str_release(&text);
	return runbook;
}

static struct runbook *
runbook_of(const char *run_dir, const struct kept_opts *k, struct err *e)
{
	struct opening_data o = {0};
	struct runbook *rb = NULL;
	struct json *doc = NULL;

	if (journal_read(run_dir, take_first, &o, e)) {
		if (o.data)
			doc = json_parse(o.data, strlen(o.data), e);
		else
			err_set(e, ERR_RECORD, "%s holds no record", run_dir);
	}
	if (doc)
		rb = load_kept(run_dir, json_root(doc), k, e);
	json_free(doc);
	mem_free(o.data);
	return rb;
}

struct runbook *
outfit_runbook(const char *run_dir, const struct project *p, struct err *e)
{
	return runbook_of(run_dir, &(struct kept_opts){.project = p}, e);
}

struct runbook *
outfit_duty(const char *run_dir, const struct project *p, const char *duty, struct err *e)
{
	return runbook_of(run_dir, &(struct kept_opts){p, duty}, e);
}

/* ---- the files on the disk ---------------------------------------------------------------- */

static bool
is_as_it_was(const struct source *src, bool *gone)
{
	struct str text = STR_INIT;
	struct err e = ERR_INIT;
	bool same;

	*gone = !file_exists(src->path);
	same = !*gone && file_read(src->path, RUNBOOK_MAX, &text, &e) &&
		text.len == src->len && memcmp(text.buf, src->text, src->len) == 0;
	str_release(&text);
	return same;
}

/* Where a record has only a name, it may be another file that has it here. */
bool
session_changed_since(const struct session *s, struct str *out)
{
	bool gone, any = false;

	for (size_t i = 0; i < s->runbook->sources.list.len; i++) {
		const struct source *src = &s->runbook->sources.list.at[i];

		if ((src->path[0] != '/' && !s->begun_here) || is_as_it_was(src, &gone))
			continue;
		str_addf(out, "%s%s %s", any ? ", " : "", file_base(src->path),
			gone ? "is gone" : "is another text by now");
		any = true;
	}
	if (any)
		str_adds(out, ": the run goes on with what it began with");
	return any;
}
