#include "journal/verify.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "journal/blob.h"
#include "journal/examine.h"
#include "journal/heads.h"
#include "journal/acts.h"
#include "journal/gates.h"
#include "journal/seconds.h"

/* Hashes of this many newest records are at hand when a sign-off comes: consoles append a
 * handful while somebody signs. What covers an older record costs a second pass. */
enum { RECENT = VERIFY_RECENT, SIGNERS_MAX = 4 << 20, SEQ_DIGITS = 9 };

struct verifying {
	struct verify_report *out;
	const struct verify_opts *o;
	struct heads *heads, *held; /* held: or NULL */
	char *dir;                  /* of the record */
	char *journal;              /* its file */
	bool has_blobs;             /* a folder blobs/ stands beside the journal */
	bool group_open;
	const char *given; /* hash of --head, or NULL */
	int64_t given_seq; /* its seq when it says one, else -1 */
	int64_t given_at;  /* where it was seen; -1 */
	char (*recent)[DIGEST_HEX + 1];
	struct seconds seconds;
	struct gates gates;
	struct acts acts;
};

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
	return s && strlen(s) == DIGEST_HEX &&
		strspn(s, "0123456789abcdef") == DIGEST_HEX;
}

/* A seq as heads and statements spell it; -1 when it is none. `end` stands behind it. */
static int64_t
take_seq(const char *s, const char **end)
{
	int64_t n = 0;
	size_t len = strspn(s, "0123456789");

	if (!len || len > SEQ_DIGITS || (s[0] == '0' && len > 1))
		return -1;
	for (size_t i = 0; i < len; i++)
		n = n * 10 + (s[i] - '0');
	*end = s + len;
	return n;
}

/* ---- blobs and the opening record -------------------------------------------------------- */

/* Every text named "blob", at any depth, is the hash of a blob. */
static bool
check_blobs_in(struct verifying *v, const struct json_node *n, struct err *e)
{
	size_t len = json_len(n);

	for (size_t i = 0; i < len; i++) {
		const struct json_node *child = json_value_at(n, i);
		const char *key = json_type_of(n) == JSON_OBJECT ? json_key_at(n, i) : "";

		if (json_type_of(child) == JSON_STRING && strcmp(key, "blob") == 0) {
			const char *hex = json_text(child);
			if (!is_hex64(hex))
				return err_set(
					e, ERR_RECORD, "names a blob that is no hash");
			if (!blob_check(v->dir, hex, e))
				return false;
		} else if (json_len(child) && !check_blobs_in(v, child, e)) {
			return false;
		}
	}
	return true;
}

/* The move of a record follows what was on the old disk for certain, and nothing else. */
static bool
check_move(const struct line *l, struct err *e)
{
	struct json *doc;
	const struct json_node *root;
	bool ok;

	if (!line_is(l, EVENT_JOURNAL_RELOCATED))
		return true;
	doc = json_parse(l->data.at, l->data.len, e);
	if (!doc)
		return false;
	root = json_root(doc);
	ok = json_int(root, "durable_seq", -1) == l->seq - 1 ||
		err_set(e, ERR_RECORD,
			"the record moved, and not after what was durable before");
	ok = ok &&
		(*json_str(root, "old_path", "") ||
			err_set(e, ERR_RECORD,
				"the record moved, and does not say from where"));
	json_free(doc);
	return ok;
}

/* What somebody else was seen to hold is still there: the record that it names. */
static bool
check_anchor(struct verifying *v, const struct line *l, struct err *e)
{
	struct json *doc;
	const struct json_node *root;
	int64_t seq;
	bool ok;

	if (!line_is(l, EVENT_ANCHOR))
		return true;
	doc = json_parse(l->data.at, l->data.len, e);
	if (!doc)
		return false;
	root = json_root(doc);
	seq = json_int(root, "seq", -1);
	ok = (seq >= 0 && seq < l->seq && l->seq - seq < RECENT) ||
		err_set(e, ERR_RECORD,
			"the anchor names no record among the %d before it", RECENT - 1);
	ok = ok &&
		(str_eq(json_str(root, "head", ""), v->recent[seq % RECENT]) ||
			err_set(e, ERR_RECORD,
				"the anchor is of another record %lld than the one here",
				(long long)seq));
	json_free(doc);
	return ok;
}

static bool
check_blobs(struct verifying *v, const struct line *l, struct err *e)
{
	static const char mark[] = "\"blob\":\"";
	struct json *doc;
	bool ok;

	if (v->o->skip_blobs || !v->has_blobs ||
		!memmem(l->data.at, l->data.len, mark, sizeof mark - 1))
		return true;
	doc = json_parse(l->data.at, l->data.len, e);
	if (!doc)
		return false;
	ok = check_blobs_in(v, json_root(doc), e);
	json_free(doc);
	return ok;
}

/* The roster of signers stands beside an exported journal, or is a blob. */
static bool
check_roster(struct verifying *v, const struct json_node *root, struct err *e)
{
	const char *hex = json_str(json_get(root, "allowed_signers"), "sha256", "");
	char *beside;
	struct str text = STR_INIT;
	char real[DIGEST_HEX + 1];
	bool ok = true;

	if (!*hex)
		return true;
	if (!is_hex64(hex))
		return err_set(e, ERR_RECORD, "names an allowed_signers that is no hash");
	memcpy(v->out->allowed_signers, hex, DIGEST_HEX + 1);
	beside = file_join(v->dir, "allowed_signers");
	if (file_exists(beside)) {
		ok = file_read(beside, SIGNERS_MAX, &text, e);
		digest_hex(text.buf, text.len, real);
		if (ok && strcmp(real, hex) != 0)
			ok = err_set(e, ERR_RECORD,
				"allowed_signers is not the file that run.open names");
	} else if (v->has_blobs && !v->o->skip_blobs) {
		ok = blob_check(v->dir, hex, e);
	}
	str_release(&text);
	mem_free(beside);
	return ok;
}

/* run.open names the runbook and the files it calls by hash; their bytes are kept. */
static bool
check_open(struct verifying *v, const struct line *l, struct err *e)
{
	struct json *doc;
	const struct json_node *rb, *calls;
	bool ok;

	if (l->seq != 0)
		return true;
	doc = json_parse(l->data.at, l->data.len, e);
	if (!doc)
		return false;
	rb = json_get(json_root(doc), "runbook");
	v->out->mode = mem_strdup(json_str(json_root(doc), "mode", "live"));
	v->out->runbook = mem_printf(
		"%s sha256:%s", json_str(rb, "name", "-"), json_str(rb, "sha256", "-"));
	ok = check_roster(v, json_root(doc), e);
	if (ok && v->has_blobs && !v->o->skip_blobs) {
		calls = json_get(rb, "calls");
		ok = blob_check(v->dir, json_str(rb, "sha256", "?"), e);
		for (size_t i = 0; ok && i < json_len(calls); i++)
			ok = blob_check(
				v->dir, json_str(json_at(calls, i), "sha256", "?"), e);
	}
	json_free(doc);
	return ok;
}

/* ---- sign-offs ------------------------------------------------------------------------------ */

static int64_t
covered_seq(const char *stmt, int64_t own_seq)
{
	const char *line = strstr(stmt, "\nseq: "), *end = NULL;
	int64_t seq = line ? take_seq(line + 6, &end) : -1;

	return seq >= 0 && *end == '\n' && seq < own_seq ? seq : -1;
}

static bool
keep_signature(struct verifying *v, const struct line *l, struct err *e)
{
	struct json *doc;
	const struct json_node *root;
	struct verify_signature *s;
	struct event *ev;

	if (!line_is(l, EVENT_SIGNOFF) && !line_is(l, EVENT_AUTHORITY))
		return true;
	doc = json_parse(l->data.at, l->data.len, e);
	if (!doc)
		return false;
	root = json_root(doc);
	if (line_is(l, EVENT_AUTHORITY) && !json_get(root, "sig")) {
		json_free(doc); /* it says why there is none */
		return true;
	}
	ev = line_event(l);
	s = vec_add(&v->out->signatures);
	s->seq = ev->seq;
	s->of = -1;
	if (line_is(l, EVENT_AUTHORITY))
		s->of = json_int(root, "of", ev->seq);
	else
		v->out->last_signature = ev->seq;
	s->t = ev->t;
	s->step = mem_strdup(ev->step ? ev->step : "");
	s->role = mem_strdup(json_str(root, s->of < 0 ? "role" : "act", ""));
	s->stmt = mem_strdup(json_str(root, "stmt", ""));
	s->sig = mem_strdup(json_str(root, "sig", ""));
	s->key = mem_strdup(json_str(root, "key", ""));
	s->who = mem_strdup(ev->who);
	s->voided = -1;
	s->covers = covered_seq(s->stmt, ev->seq);
	if (s->covers >= 0 && ev->seq - s->covers < RECENT)
		s->head = mem_strdup(v->recent[s->covers % RECENT]);
	event_free(ev);
	json_free(doc);
	return true;
}

/* What it is over has changed: the signature is good, and says nothing any more. */
static bool
take_void(struct verifying *v, const struct line *l, struct err *e)
{
	struct verify_signature *s = NULL;
	struct json *doc;
	struct event *ev;
	int64_t of;

	if (!line_is(l, EVENT_SIGNOFF_VOID))
		return true;
	doc = json_parse(l->data.at, l->data.len, e);
	if (!doc)
		return false;
	ev = line_event(l);
	of = json_int(json_root(doc), "of", -1);
	for (size_t i = 0; i < v->out->signatures.len; i++)
		if (v->out->signatures.at[i].seq == of &&
			str_eq(v->out->signatures.at[i].step, ev->step))
			s = &v->out->signatures.at[i];
	if (s && s->voided < 0) {
		s->voided = ev->seq;
		s->void_why = mem_strdup(json_str(json_root(doc), "reason", ""));
	}
	json_free(doc);
	event_free(ev);
	return s ||
		err_set(e, ERR_RECORD,
			"a signature is said to be void that is none of this step");
}

static bool
find_line(
	void *ctx, const struct line *l, const char *bytes, size_t len, const char *hash)
{
	struct verifying *v = ctx;

	(void)bytes;
	(void)len;
	for (size_t i = 0; i < v->out->signatures.len; i++) {
		struct verify_signature *s = &v->out->signatures.at[i];
		if (!s->head && s->covers == l->seq)
			s->head = mem_strdup(hash);
	}
	return l->seq < v->out->last_signature;
}

static bool
find_far_heads(struct verifying *v, struct err *e)
{
	struct scan_result again;
	bool any = false;

	for (size_t i = 0; i < v->out->signatures.len; i++)
		any |= v->out->signatures.at[i].covers >= 0 &&
			!v->out->signatures.at[i].head;
	return !any || scan_journal(v->journal, find_line, v, &again, e);
}

/* ---- the pass -------------------------------------------------------------------------------- */

/* It is the record that whoever this is vouches for, as far as they do. */
static bool
vouched_for(struct verifying *v, struct heads *h, const char *by, int64_t seq,
	const char *hash)
{
	char what[400];

	if (!h || heads_agree(h, seq, hash))
		return true;
	snprintf(what, sizeof what,
		"line %lld: is not the record that %.200s vouches for",
		(long long)seq + 1, by);
	return verify_fault(v, seq + 1, what);
}

static bool
verify_line(
	void *ctx, const struct line *l, const char *bytes, size_t len, const char *hash)
{
	struct verifying *v = ctx;
	struct err e = ERR_INIT;
	char what[400];

	(void)bytes;
	(void)len;
	memcpy(v->recent[l->seq % RECENT], hash, DIGEST_HEX + 1);
	if (!vouched_for(v, v->heads, "heads", l->seq, hash) ||
		!vouched_for(v, v->held, v->o->held_by, l->seq, hash))
		return false;
	if (v->given && strcmp(v->given, hash) == 0 &&
		(v->given_seq < 0 || v->given_seq == l->seq))
		v->given_at = l->seq;
	v->group_open = l->more;
	if (check_open(v, l, &e) && check_move(l, &e) && check_anchor(v, l, &e) &&
		check_blobs(v, l, &e) && seconds_take(&v->seconds, l, &e) &&
		gates_take(&v->gates, l, &e) && acts_take(&v->acts, l, &e) &&
		keep_signature(v, l, &e) && take_void(v, l, &e))
		return true;
	snprintf(what, sizeof what, "line %lld: %.360s", (long long)l->seq + 1, e.msg);
	return verify_fault(v, l->seq + 1, what);
}

static void
fault_with_tail(struct verifying *v, const struct scan_result *s, int64_t vouched,
	int64_t line, const char *what)
{
	struct err ignored = ERR_INIT;
	char text[400];

	v->out->torn = s->group_seq >= 0 && v->given_at <= s->group_seq &&
		examine_is_torn(s, vouched, &ignored);
	snprintf(text, sizeof text, "%.300s%s", what,
		v->out->torn ? " (a torn tail that nobody acknowledged: a resume files "
			       "it away)"
			     : "");
	verify_fault(v, line, text);
}

/* What the pass over the lines cannot say: the end, and who vouches for it. */
static void
verify_ending(struct verifying *v, const struct scan_result *s, int64_t vouched)
{
	struct verify_report *out = v->out;
	int64_t last = out->records - 1;
	int64_t most = vouched > out->held_last ? vouched : out->held_last;
	char what[400];

	out->vouched = vouched >= 0 || v->given_at >= 0 || out->held_last >= 0;
	if (s->fault_line) {
		fault_with_tail(v, s, most, s->fault_line, s->what);
	} else if (out->records == 0) {
		verify_fault(v, 1, "there is no record");
	} else if (most > last) {
		bool ours = vouched == most;

		snprintf(what, sizeof what,
			"the file ends at record %lld, %.200s vouches for %lld",
			(long long)last, ours ? "heads" : v->o->held_by, (long long)most);
		verify_fault(v, last + 2, what);
	} else if (v->o->head && v->given_at < 0) {
		verify_fault(v, last + 1, "the head given does not occur in this record");
	} else if (v->group_open) {
		fault_with_tail(v, s, most, last + 1,
			"the last group of records is not complete");
	}
	if (v->given_at > most)
		most = v->given_at;
	out->unvouched = most < last ? last - most : 0;
}

static bool
verify_pass(struct verifying *v, struct err *e)
{
	struct verify_report *out = v->out;
	struct scan_result s;
	char *heads_path = file_join(v->dir, "heads");

	v->heads = heads_open(heads_path, e);
	mem_free(heads_path);
	if (v->heads && v->o->held && !(v->held = heads_open(v->o->held, e)))
		return false;
	if (!v->heads || !scan_journal(v->journal, verify_line, v, &s, e))
		return false;
	out->records = s.records;
	memcpy(out->head, s.head, sizeof out->head);
	memcpy(out->run, s.run, sizeof out->run);
	if (v->held)
		out->held_last = heads_last(v->held);
	if (out->ok)
		verify_ending(v, &s, heads_last(v->heads));
	return find_far_heads(v, e);
}

bool
verify_record(const char *path, const struct verify_opts *o, struct verify_report *out,
	struct err *e)
{
	struct verifying v = {.out = out, .o = o, .given_seq = -1, .given_at = -1};
	bool is_dir = file_is_dir(path), ok;
	char *blobs;

	*out = (struct verify_report){.ok = true, .last_signature = -1, .held_last = -1};
	v.dir = is_dir ? mem_strdup(path) : file_dir(path);
	v.journal = is_dir ? file_join(path, "journal.jsonl") : mem_strdup(path);
	blobs = file_join(v.dir, "blobs");
	v.has_blobs = file_is_dir(blobs);
	mem_free(blobs);
	if (o->head) {
		const char *end = o->head;
		v.given_seq = take_seq(o->head, &end);
		v.given = v.given_seq >= 0 && *end == ' ' ? end + 1 : o->head;
		if (v.given == o->head)
			v.given_seq = -1;
	}
	v.recent = mem_array(RECENT, sizeof *v.recent);
	ok = verify_pass(&v, e);
	if (!ok)
		verify_release(out);
	heads_free(v.heads);
	heads_free(v.held);
	mem_free(v.recent);
	seconds_release(&v.seconds);
	gates_release(&v.gates);
	acts_release(&v.acts);
	mem_free(v.journal);
	mem_free(v.dir);
	return ok;
}

void
verify_release(struct verify_report *r)
{
	for (size_t i = 0; i < r->signatures.len; i++) {
		struct verify_signature *s = &r->signatures.at[i];
		char *const owned[] = {s->step, s->role, s->stmt, s->sig, s->key, s->who,
			s->head, s->void_why};
		for (size_t n = 0; n < sizeof owned / sizeof owned[0]; n++)
			mem_free(owned[n]);
	}
	vec_free(&r->signatures);
	mem_free(r->runbook);
	r->runbook = NULL;
	mem_free(r->mode);
	r->mode = NULL;
}
