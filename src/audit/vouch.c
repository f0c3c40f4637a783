#include "audit/vouch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/keyfile.h"
#include "audit/sign.h"
#include "base/b64.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/wire.h"

static const char armour_begin[] = "-----BEGIN SSH SIGNATURE-----\n";
static const char armour_end[] = "\n-----END SSH SIGNATURE-----\n";

char *
vouch_field(const char *statement, const char *name)
{
	size_t len = strlen(name);

	for (const char *line = statement; *line;) {
		size_t n = strcspn(line, "\n");
		if (n > len + 2 && strncmp(line, name, len) == 0 && line[len] == ':' &&
			line[len + 1] == ' ')
			return mem_strndup(line + len + 2, n - len - 2);
		line += n + (line[n] == '\n');
	}
	return NULL;
}

/* Fingerprint of the key inside an armoured signature (PROTOCOL.sshsig of OpenSSH: magic,
 * u32 version, string public key). */
static char *
signature_key(const char *sig)
{
	struct str text = STR_INIT, raw = STR_INIT, again = STR_INIT;
	const char *end = strstr(sig, armour_end);
	struct wire_cursor c;
	char *fingerprint = NULL;
	size_t len = 0;

	if (!str_starts(sig, armour_begin) || !end)
		return NULL;
	for (const char *p = sig + sizeof armour_begin - 1; p < end; p++)
		if (*p != '\n')
			str_addc(&text, *p);
	if (b64_decode(&raw, text.buf, text.len) && raw.len > 10 &&
		memcmp(raw.buf, "SSHSIG", 6) == 0) {
		c = (struct wire_cursor){raw.buf + 6, raw.len - 6, false};
		if (wire_get_u32(&c) == 1) {
			const char *key = wire_get_bytes(&c, &len);
			if (key && !c.bad) {
				b64_encode(&again, key, len);
				fingerprint = keyfile_fingerprint(again.buf, again.len);
			}
		}
	}
	str_release(&text);
	str_release(&raw);
	str_release(&again);
	return fingerprint;
}

static bool
field_is(const char *stmt, const char *name, const char *want, char *why, size_t len)
{
	char *got = vouch_field(stmt, name);
	bool ok = got && want && strcmp(got, want) == 0;

	if (!ok)
		snprintf(why, len, "the statement says %s: %.60s, the record says %.70s",
			name, got ? got : "(nothing)", want ? want : "(nothing)");
	mem_free(got);
	return ok;
}

/* Everything a statement says that the record can answer, before any cryptography. */
static bool
statement_holds(const struct verify_report *v, const struct verify_signature *s,
	struct vouch_row *row)
{
	char *key = signature_key(s->sig);
	bool ok;

	if (!str_starts(s->stmt, "handrail sign-off v1\n")) {
		snprintf(row->why, sizeof row->why, "this is no sign-off statement");
		mem_free(key);
		return false;
	}
	if (!s->head) {
		snprintf(row->why, sizeof row->why, "the record it covers is not near");
		mem_free(key);
		return false;
	}
	ok = field_is(s->stmt, "run", v->run, row->why, sizeof row->why) &&
		field_is(s->stmt, "head", s->head, row->why, sizeof row->why) &&
		field_is(s->stmt, "role", s->role, row->why, sizeof row->why) &&
		field_is(s->stmt, "signer", s->who, row->why, sizeof row->why) &&
		field_is(s->stmt, "key", s->key, row->why, sizeof row->why) &&
		field_is(s->stmt, "key", key, row->why, sizeof row->why);
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

static bool
signature_holds(struct loop *l, const char *signers, const struct verify_signature *s,
	struct vouch_row *row)
{
	struct waiting w = {0};
	struct err e = ERR_INIT;
	char *time = vouch_field(s->stmt, "time");
	struct sign *check = time ? sign_check(l, signers, s->who, s->stmt, s->sig, time,
					    check_told, &w, &e)
				  : NULL;

	while (check && !w.done)
		loop_turn(l, 1000);
	if (!check)
		snprintf(row->why, sizeof row->why, "%.230s",
			time ? e.msg : "the statement has no time");
	else if (!w.ok)
		snprintf(row->why, sizeof row->why,
			"ssh-keygen refuses the signature: %.180s", w.why);
	sign_free(check);
	mem_free(time);
	return check && w.ok;
}

/* The signers' file: given, kept as a blob, or (an exported record) beside the journal. */
static char *
signers_path(const char *path, const struct verify_report *v, const char *given)
{
	char *dir = file_is_dir(path) ? mem_strdup(path) : file_dir(path);
	char *blob = mem_printf(
		"%s/blobs/%.2s/%s", dir, v->allowed_signers, v->allowed_signers);
	char *beside = file_join(dir, "allowed_signers"), *use = NULL;

	if (given)
		use = mem_strdup(given);
	else if (v->allowed_signers[0] && file_exists(blob))
		use = mem_strdup(blob);
	else if (v->allowed_signers[0] && file_exists(beside))
		use = mem_strdup(beside);
	mem_free(beside);
	mem_free(blob);
	mem_free(dir);
	return use;
}

bool
vouch_record(struct loop *l, const char *path, const struct verify_opts *o,
	const char *allowed_signers, struct verify_report *v, struct vouch_report *out,
	struct err *e)
{
	char *signers;

	memset(out, 0, sizeof *out);
	out->ok = true;
	if (!verify_record(path, o, v, e))
		return false;
	signers = signers_path(path, v, allowed_signers);
	for (size_t i = 0; i < v->signatures.len; i++) {
		const struct verify_signature *s = &v->signatures.at[i];
		struct vouch_row *row = vec_add(&out->rows);
		row->seq = s->seq;
		row->role = mem_strdup(s->role);
		row->signer = mem_strdup(s->who);
		if (!signers)
			snprintf(row->why, sizeof row->why,
				"no allowed signers are kept with the record");
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
	}
	vec_free(&s->rows);
}
