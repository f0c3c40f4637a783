#include "audit/vouch.h"

#include <stdio.h>
#include <string.h>

#include "audit/armour.h"
#include "audit/sign.h"
#include "audit/stated.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/stamp.h"

enum { SIGNERS_MAX = 4 << 20 };

static bool
same(const char *name, const char *said, const char *is, struct vouch_row *row)
{
	if (said && is && strcmp(said, is) == 0)
		return true;
	snprintf(row->why, sizeof row->why,
		"the statement says %s: %.60s, the record says %.70s", name,
		said ? said : "(nothing)", is ? is : "(nothing)");
	return false;
}

static bool
other_record(struct vouch_row *row)
{
	snprintf(row->why, sizeof row->why,
		"the statement answers for another record than it says");
	return false;
}

/* Everything a statement says that the record can answer, before any cryptography. */
static bool
statement_holds(const struct verify_report *v, const struct verify_signature *s,
	struct vouch_row *row)
{
	char *key = armour_fingerprint(s->sig);
	struct stated said;
	struct err e = ERR_INIT;
	bool ok = s->of < 0 ? stated_parse(s->stmt, &said, &e)
			    : stated_parse_authority(s->stmt, &said, &e);

	if (!ok)
		snprintf(row->why, sizeof row->why, "%.230s", e.msg);
	else if (!s->head)
		snprintf(row->why, sizeof row->why,
			"the statement covers record %lld, which is not before it",
			(long long)said.seq);
	ok = ok && s->head && same("run", said.run, v->run, row) &&
		same("mode", said.mode ? said.mode : "live", v->mode, row) &&
		same("runbook", said.runbook, v->runbook, row) &&
		(s->of >= 0 || same("step", said.step, s->step, row)) &&
		(s->of < 0 || said.record == s->of || other_record(row)) &&
		same("head", said.head, s->head, row) &&
		same("role", said.role, s->role, row) &&
		same("signer", said.signer, s->who, row) &&
		same("key", said.key, s->key, row) && same("key", said.key, key, row);
	stated_release(&said);
	mem_free(key);
	return ok;
}

struct waiting {
	bool done, ok;
	char why[320];
};

static void
check_told(void *ctx, const struct sign_end *end)
{
	struct waiting *w = ctx;

	w->done = true;
	w->ok = end->ok;
	memcpy(w->why, end->why, sizeof w->why);
}

/* At the time of the record: a key may have expired since. */
static bool
signature_holds(struct loop *l, const char *signers, const struct verify_signature *s,
	struct vouch_row *row)
{
	struct waiting w = {0};
	struct err e = ERR_INIT;
	char time[STAMP_BYTES];
	struct sign *check = sign_check(l, signers, s->who, s->stmt, s->sig,
		stamp_wall_sec(s->t, time), check_told, &w, &e);

	while (check && !w.done)
		loop_turn(l, 1000);
	if (!check)
		snprintf(row->why, sizeof row->why, "%.230s", e.msg);
	else if (!w.ok)
		snprintf(row->why, sizeof row->why,
			"ssh-keygen refuses the signature: %.180s", w.why);
	sign_free(check);
	return check && w.ok;
}

/* The roster of signers: given, beside an exported journal, or kept as a blob. It must be
 * the one that run.open names, if it names one. */
static char *
signers_path(
	const char *path, const struct verify_report *v, const char *given, struct err *e)
{
	char *dir = file_is_dir(path) ? mem_strdup(path) : file_dir(path);
	char *beside = file_join(dir, "allowed_signers"), hex[DIGEST_HEX + 1];
	char *blob = mem_printf(
		"%s/blobs/%.2s/%s", dir, v->allowed_signers, v->allowed_signers);
	const char *use = given                              ? given
		: file_exists(beside)                        ? beside
		: v->allowed_signers[0] && file_exists(blob) ? blob
							     : NULL;
	struct str text = STR_INIT;
	char *out = NULL;

	if (!use) {
		err_set(e, ERR_RECORD, "no allowed signers are kept with the record");
	} else if (file_read(use, SIGNERS_MAX, &text, e)) {
		digest_hex(text.buf, text.len, hex);
		if (v->allowed_signers[0] && strcmp(hex, v->allowed_signers) != 0)
			err_set(e, ERR_RECORD,
				"%s is not the file of signers that run.open names", use);
		else
			out = mem_strdup(use);
	}
	str_release(&text);
	mem_free(blob);
	mem_free(beside);
	mem_free(dir);
	return out;
}

bool
vouch_record(struct loop *l, const char *path, const struct verify_opts *o,
	const char *allowed_signers, struct verify_report *v, struct vouch_report *out,
	struct err *e)
{
	struct err why = ERR_INIT;
	char *signers;

	memset(out, 0, sizeof *out);
	out->ok = true;
	if (!verify_record(path, o, v, e))
		return false;
	signers = signers_path(path, v, allowed_signers, &why);
	if (!signers && v->ok &&
		(allowed_signers || (v->allowed_signers[0] && v->signatures.len))) {
		v->ok = false;
		v->fault_line = 1;
		snprintf(v->what, sizeof v->what, "line 1: %.380s", why.msg);
	}
	for (size_t i = 0; i < v->signatures.len; i++) {
		const struct verify_signature *s = &v->signatures.at[i];
		struct vouch_row *row = vec_add(&out->rows);
		row->seq = s->seq;
		row->role = mem_strdup(s->role);
		row->signer = mem_strdup(s->who);
		row->voided = s->voided;
		row->void_why = mem_strdup(s->void_why);
		if (!signers)
			snprintf(row->why, sizeof row->why, "%.230s", why.msg);
		else
			row->ok = statement_holds(v, s, row) &&
				signature_holds(l, signers, s, row);
		if (!row->ok)
			out->ok = false;
	}
	mem_free(signers);
	return true;
}

void
vouch_release(struct vouch_report *s)
{
	for (size_t i = 0; i < s->rows.len; i++) {
		mem_free(s->rows.at[i].role);
		mem_free(s->rows.at[i].signer);
		mem_free(s->rows.at[i].void_why);
	}
	vec_free(&s->rows);
}
