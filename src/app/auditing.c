#include "app/auditing.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "app/spine.h"
#include "base/file.h"
#include "base/json.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/text.h"
#include "journal/scan.h"
#include "load/load.h"
#include "model/diag.h"

enum { ANSWER_MAX = 4 << 20, CHECK_MS = 10 * 60 * 1000, KEY_BYTES = 96 };

/* ---- a record ------------------------------------------------------------------------------ */

static int64_t
masked(const struct json_node *data)
{
	const struct json_node *list = json_get(data, "redacted");
	int64_t n = 0;

	for (size_t i = 0; json_type_of(list) == JSON_OBJECT && i < json_len(list); i++)
		n += json_int(list, json_key_at(list, i), 0);
	return n +
		(json_type_of(list) == JSON_BOOL && json_bool(data, "redacted", false));
}

static void
sum_up(struct audit_sums *s, const struct event *ev)
{
	struct err e = ERR_INIT;
	struct json *doc;

	s->anchors += ev->type == EVENT_ANCHOR;
	s->jumps += ev->type == EVENT_CLOCK_JUMP;
	s->notes += ev->type == EVENT_NOTE;
	s->evidence += ev->type == EVENT_ATTACH;
	if (ev->type != EVENT_STEP_OUTPUT && ev->type != EVENT_STEP_DONE &&
		ev->type != EVENT_ATTACH)
		return;
	doc = json_parse(ev->data, strlen(ev->data), &e);
	s->redacted += masked(json_root(doc));
	s->redacted += masked(json_get(json_root(doc), "output"));
	json_free(doc);
}

static bool
take_line(
	void *ctx, const struct line *l, const char *bytes, size_t len, const char *hash)
{
	struct auditing_record *r = ctx;
	struct event *ev = line_event(l);

	(void)bytes;
	(void)len;
	if (!ev)
		return false;
	vec_push(&r->events.list, ev);
	vec_push(&r->hashes.list, mem_strdup(hash));
	sum_up(&r->sums, ev);
	return true;
}

/* The project that it was opened with, if that is there; else the one at hand. */
static struct project *
project_of(const struct auditing_record *r)
{
	struct err e = ERR_INIT;
	const struct event *first = r->events.list.at[0];
	struct json *doc = json_parse(first->data, strlen(first->data), &e);
	const char *path = json_str(json_get(json_root(doc), "config"), "path", "");
	struct project *p = NULL;
	struct diags d = {0};

	if (*path == '/' && file_exists(path))
		p = load_project(path, &d);
	diags_release(&d);
	json_free(doc);
	return p;
}

struct run *
auditing_fold(const struct auditing_record *r, size_t count)
{
	struct run *run;

	if (!r->runbook)
		return NULL;
	run = run_new(r->runbook);
	for (size_t i = 0; i < count && i < r->events.list.len; i++) {
		run_apply(run, r->events.list.at[i]);
		run_head(run, r->hashes.list.at[i]);
	}
	return run;
}

static bool
may_be_read(const char *path, struct err *e)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return err_sys(e, errno, "%s", path);
	return st.st_size <= AUDITING_BYTES_MAX ||
		err_set(e, ERR_LIMIT,
			"the record is larger than a screen shows (%d MiB): handrail report "
			"has it whole",
			AUDITING_BYTES_MAX >> 20);
}

void
auditing_read(const char *dir, const struct project *project, struct auditing_record *out)
{
	char *path = file_join(dir, "journal.jsonl");
	struct project *own = NULL;
	struct scan_result scan = {0};
	struct err e = ERR_INIT;

	*out = (struct auditing_record){0};
	if (may_be_read(path, &e) && scan_journal(path, take_line, out, &scan, &e)) {
		if (!out->events.list.len)
			err_set(&e, ERR_RECORD, "it holds no record");
		else
			own = project_of(out);
		if (out->events.list.len)
			out->runbook = outfit_runbook(dir, own ? own : project, &e);
		out->run = auditing_fold(out, out->events.list.len);
	}
	if (!out->run)
		out->run_fault = text_harmless_dup(e.msg);
	else
		out->sums.exceptions = out->run->exceptions.list.len;
	project_free(own);
	mem_free(path);
}

void
auditing_release(struct auditing_record *r)
{
	for (size_t i = 0; i < r->events.list.len; i++)
		event_free(r->events.list.at[i]);
	for (size_t i = 0; i < r->hashes.list.len; i++)
		mem_free(r->hashes.list.at[i]);
	vec_free(&r->events.list);
	vec_free(&r->hashes.list);
	run_free(r->run);
	runbook_unref(r->runbook);
	mem_free(r->run_fault);
	*r = (struct auditing_record){0};
}

/* ---- what verification says ------------------------------------------------------------------ */

struct check_of {
	struct audit_check check;
	char key[KEY_BYTES]; /* of the files it is about */
};

struct auditing {
	struct loop *loop;
	void (*told)(void *ctx);
	void *ctx;
	struct map checks; /* id -> struct check_of * */
	struct loop_child *child;
	struct check_of *of; /* that the child looks at */
	char key[KEY_BYTES]; /* of it, when it began */
	struct str answer, errors;
	bool too_long;
};

struct auditing *
auditing_new(struct loop *l, void (*told)(void *ctx), void *ctx)
{
	struct auditing *a = mem_alloc(sizeof *a);

	a->loop = l;
	a->told = told;
	a->ctx = ctx;
	map_init(&a->checks);
	str_init(&a->answer);
	str_init(&a->errors);
	return a;
}

void
auditing_free(struct auditing *a)
{
	if (!a)
		return;
	if (a->child)
		loop_child_free(a->child);
	for (size_t i = 0; i < a->checks.len; i++) {
		struct check_of *k = a->checks.at[i].value;

		audit_check_release(&k->check);
		mem_free(k);
	}
	map_release(&a->checks);
	str_release(&a->answer);
	str_release(&a->errors);
	mem_free(a);
}

bool
auditing_busy(const struct auditing *a)
{
	return a->child != NULL;
}

/* What of the files a check is about: another size or time, another record. */
static void
key_of(const char *dir, char out[KEY_BYTES])
{
	static const char *const names[] = {"journal.jsonl", "heads", "tombstone.json"};
	size_t len = 0;

	out[0] = '\0';
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char *path = file_join(dir, names[i]);
		struct stat st;

		if (lstat(path, &st) == 0 && len + 60 < KEY_BYTES)
			len += (size_t)snprintf(out + len, KEY_BYTES - len,
				"%zu:%lld.%lld;", i, (long long)st.st_size,
				(long long)st.st_mtim.tv_sec * 1000 +
					st.st_mtim.tv_nsec / 1000000);
		mem_free(path);
	}
}

static struct check_of *
slot(struct auditing *a, const char *id)
{
	struct check_of *k = map_get(&a->checks, id);

	if (!k) {
		k = mem_alloc(sizeof *k);
		map_put(&a->checks, id, k);
	}
	return k;
}

const struct audit_check *
auditing_of(struct auditing *a, const char *id, const char *dir)
{
	struct check_of *k = slot(a, id);
	char key[KEY_BYTES];

	if (k->check.verdict != AUDIT_NOT_YET && k->check.verdict != AUDIT_CHECKING) {
		key_of(dir, key);
		if (strcmp(key, k->key) != 0)
			audit_check_release(&k->check);
	}
	return &k->check;
}

static void
take_signatures(const struct json_node *list, struct audit_check *k)
{
	for (size_t i = 0; i < json_len(list); i++) {
		const struct json_node *n = json_at(list, i);

		vec_push(&k->signatures,
			(struct audit_signature){.seq = json_int(n, "seq", -1),
				.role = text_harmless_dup(json_str(n, "role", "?")),
				.signer = text_harmless_dup(json_str(n, "signer", "?")),
				.ok = json_bool(n, "ok", false),
				.why = text_harmless_dup(json_str(n, "why", "")),
				.voided = json_int(json_get(n, "void"), "seq", -1)});
	}
}

/* Only a whole answer counts; unknown is never green. */
static void
take_answer(struct auditing *a, const struct loop_child_end *end, struct audit_check *k)
{
	struct err e = ERR_INIT;
	struct json *doc = a->too_long ? NULL
				       : json_parse(a->answer.buf, a->answer.len, &e);
	const struct json_node *root = json_root(doc), *fault = json_get(root, "fault");
	bool ok = json_bool(root, "ok", false);

	audit_check_release(k);
	k->at = clock_wall();
	if (end->signal || end->timed_out ||
		json_type_of(json_get(root, "ok")) != JSON_BOOL ||
		ok != (end->exit == 0)) {
		k->verdict = AUDIT_UNKNOWN;
		k->what = end->timed_out ? mem_strdup("verify took too long")
			: a->errors.len  ? text_harmless_dup(a->errors.buf)
					 : mem_strdup("verify gave no answer");
	} else if (json_str(root, "pruned", NULL)) {
		k->verdict = ok ? AUDIT_PRUNED : AUDIT_BAD;
	} else {
		k->verdict = ok ? AUDIT_OK : AUDIT_BAD;
		k->records = json_int(root, "records", 0);
		k->unvouched = json_int(root, "unvouched", 0);
		k->head = mem_strdup(json_str(root, "head", NULL));
		k->fault_line = json_int(fault, "line", 0);
		if (!ok)
			k->what = text_harmless_dup(
				json_str(fault, "what", "it does not say why"));
		take_signatures(json_get(root, "signatures"), k);
	}
	json_free(doc);
}

static void
on_out(void *ctx, const char *p, size_t len)
{
	struct auditing *a = ctx;

	if (a->answer.len + len > ANSWER_MAX)
		a->too_long = true;
	else
		str_add(&a->answer, p, len);
}

static void
on_err(void *ctx, const char *p, size_t len)
{
	struct auditing *a = ctx;

	if (a->errors.len < 1000)
		str_add(&a->errors, p, len);
}

static void
on_end(void *ctx, const struct loop_child_end *end)
{
	struct auditing *a = ctx;

	take_answer(a, end, &a->of->check);
	memcpy(a->of->key, a->key, sizeof a->key);
	loop_child_free(a->child);
	a->child = NULL;
	a->told(a->ctx);
}

void
auditing_forget(struct auditing *a, const char *id)
{
	struct check_of *k = slot(a, id);

	if (k->check.verdict != AUDIT_CHECKING)
		audit_check_release(&k->check);
}

void
auditing_start(struct auditing *a, const char *id, const char *dir)
{
	const char *const argv[] = {
		"/proc/self/exe", "verify", "--json", "--plain", dir, NULL};
	struct check_of *k = slot(a, id);
	struct err e = ERR_INIT;

	if (a->child || k->check.verdict != AUDIT_NOT_YET)
		return;
	key_of(dir, a->key);
	str_reset(&a->answer);
	str_reset(&a->errors);
	a->too_long = false;
	a->of = k;
	a->child = loop_child_start(a->loop,
		&(struct loop_child_opts){.argv = argv, .timeout_ms = CHECK_MS},
		&(struct loop_child_calls){on_out, on_err, on_end, a}, &e);
	if (a->child) {
		k->check.verdict = AUDIT_CHECKING;
		return;
	}
	memcpy(k->key, a->key, sizeof a->key);
	k->check.verdict = AUDIT_UNKNOWN;
	k->check.at = clock_wall();
	k->check.what = text_harmless_dup(e.msg);
}
