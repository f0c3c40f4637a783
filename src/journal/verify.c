#include "journal/verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/disk.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "journal/blob.h"
#include "journal/scan.h"

struct verifying {
	struct verify_report *out;
	const struct verify_opts *o;
	const struct scan_heads *heads;
	char *dir;         /* of the record */
	bool has_blobs;    /* a folder blobs/ stands beside the journal */
	bool group_open;
	int64_t head_seq;  /* of --head, once seen; -1 */
	/* Hashes of the newest records: a statement names the one it covers. */
	char (*recent)[DIGEST_HEX + 1];
};

/* A sign-off may cover a record this far back; consoles append a handful meanwhile. */
enum { RECENT = 1 << 14 };

static bool
verify_fault(struct verifying *v, int64_t line, const char *what)
{
	v->out->ok = false;
	v->out->fault_line = line;
	snprintf(v->out->what, sizeof v->out->what, "%s", what);
	return false;
}

static bool
is_hex64(const char *s)
{
	return s && strlen(s) == DIGEST_HEX && strspn(s, "0123456789abcdef") == DIGEST_HEX;
}

/* Every member named "blob", at any depth, is the hash of a blob. */
static bool
check_blobs_in(struct verifying *v, const struct json_node *n, struct err *e)
{
	size_t len = json_len(n);

	for (size_t i = 0; i < len; i++) {
		const struct json_node *child = json_value_at(n, i);
		const char *key = json_type_of(n) == JSON_OBJECT ? json_key_at(n, i) : "";
		const char *hex = json_text(child);

		if (hex && strcmp(key, "blob") == 0) {
			if (!is_hex64(hex))
				return err_set(e, ERR_RECORD, "names a blob that is no hash");
			if (!blob_check(v->dir, hex, e))
				return false;
		} else if (json_len(child) && !check_blobs_in(v, child, e)) {
			return false;
		}
	}
	return true;
}

static bool
check_blobs(struct verifying *v, const struct event *ev, struct err *e)
{
	struct json *doc;
	bool ok;

	if (v->o->skip_blobs || !v->has_blobs || !strstr(ev->data, "\"blob\":\""))
		return true;
	doc = json_parse(ev->data, strlen(ev->data), e);
	if (!doc)
		return false;
	ok = check_blobs_in(v, json_root(doc), e);
	json_free(doc);
	return ok;
}

/* run.open names the runbook and the allowed signers by hash; their bytes must be kept. */
static bool
check_open(struct verifying *v, const struct event *ev, struct err *e)
{
	struct json *doc = json_parse(ev->data, strlen(ev->data), e);
	const struct json_node *signers;
	const char *hex;
	char *beside;
	struct str text = STR_INIT;
	char real[DIGEST_HEX + 1];
	bool ok = true;

	if (!doc)
		return false;
	signers = json_get(json_root(doc), "allowed_signers");
	hex = json_str(signers, "sha256", "");
	if (is_hex64(hex))
		memcpy(v->out->allowed_signers, hex, DIGEST_HEX + 1);
	beside = file_join(v->dir, "allowed_signers");
	if (is_hex64(hex) && file_exists(beside)) {
		ok = file_read(beside, 1 << 24, &text, e);
		digest_hex(text.buf, text.len, real);
		if (ok && strcmp(real, hex) != 0)
			ok = err_set(e, ERR_RECORD, "allowed_signers is not the file of run.open");
	} else if (is_hex64(hex) && v->has_blobs) {
		ok = blob_check(v->dir, hex, e);
	}
	if (ok && v->has_blobs) {
		const struct json_node *rb = json_get(json_root(doc), "runbook");
		const struct json_node *calls = json_get(rb, "calls");
		ok = blob_check(v->dir, json_str(rb, "sha256", "?"), e);
		for (size_t i = 0; ok && i < json_len(calls); i++)
			ok = blob_check(v->dir, json_str(json_at(calls, i), "sha256", "?"), e);
	}
	str_release(&text);
	mem_free(beside);
	json_free(doc);
	return ok;
}

/* Hash of the record that the statement says it covers; NULL when that is not here. */
static const char *
covered_head(const struct verifying *v, const char *stmt, int64_t own_seq)
{
	const char *line = strstr(stmt, "\nseq: ");
	int64_t seq = line ? strtoll(line + 6, NULL, 10) : -1;

	if (seq < 0 || seq >= own_seq || own_seq - seq >= RECENT)
		return NULL;
	return v->recent[seq % RECENT];
}

static bool
keep_signature(struct verifying *v, const struct event *ev, struct err *e)
{
	struct json *doc = json_parse(ev->data, strlen(ev->data), e);
	const struct json_node *root;
	struct verify_signature *s;

	if (!doc)
		return false;
	root = json_root(doc);
	s = vec_add(&v->out->signatures);
	s->seq = ev->seq;
	s->t = ev->t;
	s->role = mem_strdup(json_str(root, "role", ""));
	s->stmt = mem_strdup(json_str(root, "stmt", ""));
	s->sig = mem_strdup(json_str(root, "sig", ""));
	s->key = mem_strdup(json_str(root, "key", ""));
	s->who = mem_strdup(ev->who);
	s->head = mem_strdup(covered_head(v, s->stmt, ev->seq));
	v->out->last_signature = ev->seq;
	json_free(doc);
	return true;
}

static bool
verify_line(void *ctx, const struct event *ev, const char *line, size_t len, const char *hash)
{
	struct verifying *v = ctx;
	const char *said = scan_heads_of(v->heads, ev->seq);
	struct err e = ERR_INIT;
	char what[400];

	(void)line;
	(void)len;
	memcpy(v->recent[ev->seq % RECENT], hash, DIGEST_HEX + 1);
	if (said && strcmp(said, hash) != 0) {
		snprintf(what, sizeof what, "line %lld: is not the record that heads vouches for",
			 (long long)ev->seq + 1);
		return verify_fault(v, ev->seq + 1, what);
	}
	if (v->o->head && strcmp(v->o->head, hash) == 0)
		v->head_seq = ev->seq;
	v->group_open = ev->more;
	if ((ev->type == EVENT_RUN_OPEN && !check_open(v, ev, &e)) || !check_blobs(v, ev, &e) ||
	    (ev->type == EVENT_SIGNOFF && !keep_signature(v, ev, &e))) {
		snprintf(what, sizeof what, "line %lld: %.360s", (long long)ev->seq + 1, e.msg);
		return verify_fault(v, ev->seq + 1, what);
	}
	return true;
}

/* What the pass over the lines cannot say: the end, and who vouches for it. */
static void
verify_ending(struct verifying *v, const struct scan_result *s)
{
	struct verify_report *out = v->out;
	int64_t last = out->records - 1, vouched_to = v->heads->last_seq;
	char what[400];

	out->vouched = vouched_to >= 0 || v->o->head;
	if (s->fault_line) {
		out->torn = !s->later_lines && vouched_to <= s->group_seq && !v->o->head;
		snprintf(what, sizeof what, "%.300s%s", s->what,
			 out->torn ? " (a torn tail nobody acknowledged: resume files it away)" : "");
		verify_fault(v, s->fault_line, what);
	} else if (out->records == 0) {
		verify_fault(v, 1, "there is no record");
	} else if (vouched_to > last) {
		snprintf(what, sizeof what, "the file ends at record %lld, heads vouches for %lld",
			 (long long)last, (long long)vouched_to);
		verify_fault(v, last + 2, what);
	} else if (v->group_open) {
		verify_fault(v, last + 1, "the last group of records is not complete");
	} else if (v->o->head && v->head_seq < 0) {
		verify_fault(v, last + 1, "the head given does not occur in this record");
	}
	if (v->head_seq > vouched_to)
		vouched_to = v->head_seq;
	out->unvouched = last - vouched_to;
}

bool
verify_record(const char *path, const struct verify_opts *o, struct verify_report *out,
	      struct err *e)
{
	struct verifying v = {.out = out, .o = o, .head_seq = -1};
	struct scan_heads heads;
	struct scan_result s;
	char *journal, *heads_path, *blobs;
	bool ok;

	*out = (struct verify_report){.ok = true, .last_signature = -1};
	if (file_is_dir(path)) {
		v.dir = mem_strdup(path);
		journal = file_join(path, "journal.jsonl");
	} else {
		v.dir = file_dir(path);
		journal = mem_strdup(path);
	}
	heads_path = file_join(v.dir, "heads");
	blobs = file_join(v.dir, "blobs");
	v.has_blobs = file_is_dir(blobs);
	v.recent = mem_array(RECENT, sizeof *v.recent);
	ok = scan_heads_read(heads_path, &heads, e);
	if (ok) {
		v.heads = &heads;
		ok = scan_journal(journal, verify_line, &v, &s, e);
		if (ok) {
			out->records = s.records;
			memcpy(out->head, s.head, sizeof out->head);
			memcpy(out->run, s.run, sizeof out->run);
			if (out->ok)
				verify_ending(&v, &s);
		}
		scan_heads_release(&heads);
	}
	mem_free(v.recent);
	mem_free(blobs);
	mem_free(heads_path);
	mem_free(journal);
	mem_free(v.dir);
	return ok;
}

void
verify_release(struct verify_report *r)
{
	for (size_t i = 0; i < r->signatures.len; i++) {
		struct verify_signature *s = &r->signatures.at[i];
		mem_free(s->role);
		mem_free(s->stmt);
		mem_free(s->sig);
		mem_free(s->key);
		mem_free(s->who);
		mem_free(s->head);
	}
	vec_free(&r->signatures);
}
