#include "app/tombstone.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/stamp.h"
#include "base/text.h"

enum { STONE_MAX = 1 << 16 };

static char *
path_of(const char *run_dir)
{
	return file_join(run_dir, "tombstone.json");
}

bool
tombstone_is(const char *run_dir)
{
	char *stone = path_of(run_dir), *book = file_join(run_dir, "journal.jsonl");
	bool is = file_exists(stone) && !file_exists(book);

	mem_free(book);
	mem_free(stone);
	return is;
}

static void
stone_text(const struct tombstone_of *t, struct str *out)
{
	const struct library_run *r = t->run;
	char stamp[STAMP_BYTES];
	struct jsonout j;

	jsonout_init(&j, out);
	jsonout_open(&j);
	jsonout_kstr(&j, "handrail", "tombstone");
	jsonout_kint(&j, "v", 1);
	jsonout_kstr(&j, "run", r->id);
	jsonout_kstr(&j, "runbook", r->runbook);
	jsonout_kstr(&j, "sha256", r->runbook_sha256);
	jsonout_kstr(&j, "title", r->title);
	jsonout_kstr(&j, "who", r->who);
	jsonout_kstr(&j, "opened", stamp_wall(r->opened, stamp));
	jsonout_kstr(&j, "closed", stamp_wall(r->closed, stamp));
	jsonout_kstr(&j, "result", r->state);
	jsonout_kint(&j, "records", t->records);
	jsonout_kstr(&j, "head", t->head);
	jsonout_kstr(&j, "pruned", stamp_wall(t->at, stamp));
	jsonout_kstr(&j, "by", t->by);
	jsonout_kstr(&j, "reason", t->reason);
	jsonout_kstr(&j, "bundle", t->bundle);
	jsonout_kstr(&j, "bundle_sha256", t->bundle_sha256);
	jsonout_close(&j);
	str_addc(out, '\n');
}

/* Heads go before the journal: a journal without heads is a record, heads alone are a loss. */
static bool
remove_record(const char *run_dir, struct err *e)
{
	static const char *const first[] = {"heads", "journal.jsonl"};
	size_t n = 0;
	char **names;
	bool ok = true;

	for (size_t i = 0; i < sizeof first / sizeof *first; i++) {
		char *path = file_join(run_dir, first[i]);

		(void)unlink(path);
		mem_free(path);
		if (!file_sync_dir(run_dir, e))
			return false;
	}
	names = file_names(run_dir, &n, e);
	for (size_t i = 0; ok && names && i < n; i++) {
		char *path = file_join(run_dir, names[i]);

		if (strcmp(names[i], "tombstone.json") != 0)
			ok = file_is_dir(path) ? file_remove_tree(path, e)
					       : unlink(path) == 0 ||
					err_set(e, ERR_IO, "%s cannot be removed", path);
		mem_free(path);
	}
	file_names_free(names);
	return ok && names;
}

bool
tombstone_put(const char *run_dir, const struct tombstone_of *t, struct err *e)
{
	struct str text = STR_INIT;
	char *path = path_of(run_dir);
	bool ok;

	stone_text(t, &text);
	ok = file_replace(path, text.buf, text.len, 0600, e) && remove_record(run_dir, e);
	mem_free(path);
	str_release(&text);
	return ok;
}

static struct json *
read_stone(const char *run_dir, struct err *e)
{
	char *path = path_of(run_dir);
	struct str text = STR_INIT;
	struct json *doc = file_read(path, STONE_MAX, &text, e)
		? json_parse(text.buf, text.len, e)
		: NULL;

	if (doc && !str_eq(json_str(json_root(doc), "handrail", NULL), "tombstone")) {
		json_free(doc);
		doc = NULL;
		err_set(e, ERR_RECORD, "its tombstone is none");
	}
	str_release(&text);
	mem_free(path);
	return doc;
}

static struct wall
time_of(const struct json_node *d, const char *key)
{
	struct wall t = {0};

	return stamp_parse(json_str(d, key, ""), &t) ? t : (struct wall){0};
}

bool
tombstone_fill(const char *run_dir, struct library_run *run, struct err *e)
{
	struct json *doc = read_stone(run_dir, e);
	const struct json_node *d;

	if (!doc)
		return false;
	d = json_root(doc);
	run->runbook = text_harmless_dup(json_str(d, "runbook", "?"));
	run->runbook_sha256 = mem_strdup(json_str(d, "sha256", ""));
	run->title = text_harmless_dup(json_str(d, "title", "?"));
	run->who = text_harmless_dup(json_str(d, "who", "?"));
	run->opened = time_of(d, "opened");
	run->closed = run->last = time_of(d, "closed");
	run->state = mem_strdup("pruned");
	json_free(doc);
	return true;
}

static void
tell_text(const struct json_node *d, bool ok, const char *run_dir, struct str *out)
{
	char *by = text_harmless_dup(json_str(d, "by", "?")),
	     *why = text_harmless_dup(json_str(d, "reason", "?")),
	     *bundle = text_harmless_dup(json_str(d, "bundle", ""));

	str_addf(out, "%s: %s, its %lld records were removed on %s by %s: %s\n",
		file_base(run_dir), ok ? "PRUNED" : "BAD",
		(long long)json_int(d, "records", 0), json_str(d, "pruned", "?"), by,
		why);
	str_addf(out, "  it ended %s; its head was %s\n", json_str(d, "result", "?"),
		json_str(d, "head", "?"));
	if (!ok)
		str_adds(out, "  that is not the head that was given\n");
	if (*bundle)
		str_addf(out, "  it went into %s, sha256 %s\n", bundle,
			json_str(d, "bundle_sha256", "?"));
	mem_free(bundle);
	mem_free(why);
	mem_free(by);
}

static void
tell_json(const struct json_node *d, bool ok, struct jsonout *j)
{
	static const char *const keys[] = {
		"pruned", "by", "reason", "result", "bundle", "bundle_sha256"};

	jsonout_kbool(j, "ok", ok);
	jsonout_kint(j, "records", json_int(d, "records", 0));
	jsonout_kstr(j, "run", json_str(d, "run", "?"));
	jsonout_kstr(j, "head", json_str(d, "head", NULL));
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		jsonout_kstr(j, keys[i], json_str(d, keys[i], NULL));
}

bool
tombstone_tell(const char *run_dir, const char *head, struct jsonout *j, struct str *out)
{
	struct err e = ERR_INIT;
	struct json *doc = read_stone(run_dir, &e);
	const char *blank = head ? strchr(head, ' ') : NULL;
	bool ok = doc &&
		(!head ||
			str_eq(json_str(json_root(doc), "head", NULL),
				blank ? blank + 1 : head));

	if (!doc && j)
		jsonout_kbool(j, "ok", false);
	else if (!doc)
		str_addf(out, "%s: BAD, %s\n", file_base(run_dir), e.msg);
	else if (j)
		tell_json(json_root(doc), ok, j);
	else
		tell_text(json_root(doc), ok, run_dir, out);
	json_free(doc);
	return ok;
}
