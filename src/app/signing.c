#include <stdio.h>
#include <string.h>

#include "app/onlooker.h"
#include "app/spine.h"
#include "audit/keyfile.h"
#include "base/file.h"
#include "base/jsonout.h"
#include "base/mem.h"
#include "base/stamp.h"
#include "base/talk.h"
#include "run/gate.h"
#include "run/second.h"
#include "run/statement.h"

/*
 * Sign-offs: list the keys, freeze the statement that was shown, have ssh-keygen sign and
 * verify it, and only then ask the engine to write the event.
 */

static void
signing_reset(struct session *s)
{
	mem_free(s->signing.stmt);
	mem_free(s->signing.time);
	mem_free(s->signing.sig);
	s->signing = (struct signing){.step = NONE};
}

static void
keys_free(struct session *s)
{
	if (s->keys)
		sign_keys_release(s->keys);
	mem_free(s->keys);
	s->keys = NULL;
}

static bool
same_keys(const struct sign_keys *a, const struct sign_keys *b)
{
	if (!a || a->list.len != b->list.len)
		return false;
	for (size_t i = 0; i < a->list.len; i++) {
		const struct sign_key *x = &a->list.at[i], *y = &b->list.at[i];

		if (!str_eq(x->public_line, y->public_line) ||
			!str_eq(x->path, y->path) ||
			!str_eq(x->principal, y->principal) ||
			x->from_agent != y->from_agent)
			return false;
	}
	return true;
}

/* The same keys again change nothing: who reads a statement goes on reading. */
static void
keys_came(void *ctx, const struct sign_keys *keys, const struct err *e)
{
	struct session *s = ctx;

	if (s->signing_busy || (same_keys(s->keys, keys) && (!e || e->kind == ERR_NONE)))
		return;
	signing_reset(s); /* its key is a place in the list that goes */
	keys_free(s);
	s->keys_listing++;
	s->keys = mem_alloc(sizeof *s->keys);
	sign_keys_copy(s->keys, keys);
	if (e && e->kind != ERR_NONE)
		spine_message(s, e);
	spine_changed(s);
}

void
session_list_keys(struct session *s)
{
	if (s->signing_busy)
		return; /* the key that signs stands in the list we have */
	sign_free(s->lister);
	s->lister = sign_list_keys(s->loop, s->allowed_signers, s->key, keys_came, s);
}

const struct sign_keys *
session_keys(const struct session *s)
{
	return s->keys;
}

int
session_keys_listing(const struct session *s)
{
	return s->keys_listing;
}

static bool
signing_key(struct session *s, int key, struct err *e)
{
	if (!s->allowed_signers)
		return err_set(e, ERR_REFUSED,
			"nobody is allowed to sign: handrail.yaml names no allowed_signers");
	if (!s->keys || key < 0 || (size_t)key >= s->keys->list.len)
		return err_set(e, ERR_INPUT,
			"no key to sign with: ssh-add one, or put it in ~/.ssh");
	if (!s->keys->list.at[key].principal)
		return err_set(e, ERR_REFUSED, "key %s is not in the allowed signers",
			s->keys->list.at[key].fingerprint);
	return true;
}

/* Of a sign-off that who ran it may not give: the roster may give one key several names. */
static bool
ran_nothing(const struct run *r, const char *who, struct err *e)
{
	return !second_ran(r, who) ||
		err_set(e, ERR_REFUSED, "%s ran steps of this run: somebody else signs",
			who);
}

/* The second person is none of those who run it, nor holds a key that is one of theirs; who
 * signs where the runner may not is not, either. */
bool
signing_fits(struct session *s, int step, const struct sign_key *k, struct err *e)
{
	bool second = second_needed(s->run, step, WAY_FORWARD);
	bool (*may)(const struct run *r, const char *who,
		struct err *e) = second ? second_may : ran_nothing;
	struct str names = STR_INIT;
	bool ok;

	if (!second && !s->runbook->steps.list.at[step].not_runner)
		return true;
	ok = may(s->run, k->principal, e);
	ok = ok && keyfile_all_principals(k, s->allowed_signers, &names, e);
	for (char *at = names.buf; ok && *at;) {
		char *end = strchr(at, '\n');

		*end = '\0';
		ok = may(s->run, at, e) || err_ctx(e, "that key is theirs, too");
		at = end + 1;
	}
	str_release(&names);
	return ok;
}

bool
session_statement(struct session *s, int step, int key, const char *comment,
	struct str *out, struct err *e)
{
	struct statement_by by = {.decision = DECISION_APPROVE};
	struct str said = STR_INIT;
	char stamp[STAMP_BYTES];
	bool ok;

	if (s->signing_busy)
		return err_set(e, ERR_STATE, "a signature is being made");
	if (s->onlooking && !onlooker_there(s->onlooker, e))
		return false;
	signing_reset(s);
	if (!signing_key(s, key, e) || !gate_allows(s->run, ACT_SIGN, step, e) ||
		!signing_fits(s, step, &s->keys->list.at[key], e))
		return false;
	by.signer = s->keys->list.at[key].principal;
	by.key = s->keys->list.at[key].fingerprint;
	by.time = clock_wall();
	by.time.ms -= by.time.ms % 1000;
	if (comment)
		redact_text(s->redact, comment, strlen(comment), &said);
	by.comment = said.buf;
	ok = statement_write(s->run, step, &by, out, e);
	str_release(&said);
	if (!ok)
		return false;
	s->signing.step = step;
	s->signing.key = key;
	s->signing.stmt = mem_strdup(out->buf);
	s->signing.time = mem_strdup(stamp_wall_sec(by.time, stamp));
	return true;
}

static void
signing_failed(struct session *s, const char *why)
{
	struct err e = ERR_INIT;

	err_set(&e, ERR_REFUSED, "not signed: %s", why);
	signing_reset(s);
	spine_message(s, &e);
	spine_changed(s);
}

void
signing_data(const char *role, const struct sign_key *k, const char *statement,
	const char *sig, struct str *out)
{
	struct jsonout j;

	jsonout_init(&j, out);
	jsonout_open(&j);
	jsonout_kstr(&j, "role", role);
	jsonout_kstr(&j, "stmt", statement);
	jsonout_kstr(&j, "sig", sig);
	jsonout_kstr(&j, "key", k->fingerprint);
	jsonout_close(&j);
}

static void
signing_record(struct session *s, const struct sign_key *key)
{
	const char *role = second_role(s->run, s->signing.step);
	struct str data = STR_INIT;

	signing_data(role, key, s->signing.stmt, s->signing.sig, &data);
	session_request(s,
		&(struct request){.kind = REQ_SIGNED,
			.who = key->principal,
			.step = s->signing.step,
			.role = role,
			.data = data.buf});
	str_release(&data);
}

/* Whoever looks on asks the driver, who checks it anew and writes it. */
static void
signing_write(struct session *s)
{
	const struct sign_key *key = &s->keys->list.at[s->signing.key];
	struct err e = ERR_INIT;

	if (!s->onlooking || onlooker_is_far(s->onlooker))
		signing_record(s, key);
	else if (!onlooker_sign(s->onlooker,
			 &(struct talk_sign){
				 s->runbook->steps.list.at[s->signing.step].id,
				 key->public_line, s->signing.stmt, s->signing.sig},
			 &e))
		spine_message(s, &e);
	signing_reset(s);
}

static void
checked(void *ctx, const struct sign_end *end)
{
	struct session *s = ctx;

	s->signing_busy = false;
	if (end->ok)
		signing_write(s);
	else
		signing_failed(s, end->why);
	spine_changed(s);
}

static void
signed_by_key(void *ctx, const struct sign_end *end)
{
	struct session *s = ctx;
	const struct sign_key *key = &s->keys->list.at[s->signing.key];
	struct err e = ERR_INIT;

	s->signing_busy = false;
	if (!end->ok) {
		signing_failed(s, end->why);
		return;
	}
	s->signing.sig = mem_strdup(end->sig);
	sign_free(s->checker);
	s->checker = sign_check(s->loop, s->allowed_signers, key->principal,
		s->signing.stmt, s->signing.sig, s->signing.time, checked, s, &e);
	if (s->checker)
		s->signing_busy = true;
	else
		signing_failed(s, e.msg);
}

static void
signing_prompt(void *ctx, const char *text, bool notice)
{
	struct session *s = ctx;
	struct asked *a;

	if (notice) {
		if (s->calls.on_notice)
			s->calls.on_notice(s->calls.ctx, text);
		return;
	}
	a = mem_alloc(sizeof *a);
	a->kind = ASKED_SIGN;
	a->from = mem_strdup("sign-off");
	a->text = mem_strdup(text);
	asking_add(s, a);
}

void
signing_prompt_answer(struct session *s, const char *text)
{
	if (s->signer)
		sign_answer(s->signer, text);
}

bool
session_sign(struct session *s, int step, int key, struct err *e)
{
	if (s->signing_busy)
		return err_set(e, ERR_STATE, "a signature is being made");
	if (!s->signing.stmt || s->signing.step != step || s->signing.key != key)
		return err_set(
			e, ERR_STATE, "read the statement first: it is what you sign");
	sign_free(s->signer);
	s->signer = sign_start(s->loop, &s->keys->list.at[key], s->signing.stmt,
		signing_prompt, signed_by_key, s, e);
	s->signing_busy = s->signer != NULL;
	return s->signer != NULL;
}

bool
session_signing(const struct session *s)
{
	return s->signing_busy;
}

void
session_sign_cancel(struct session *s)
{
	sign_free(s->signer);
	sign_free(s->checker);
	s->signer = s->checker = NULL;
	s->signing_busy = false;
	signing_reset(s);
}

void
signing_release(struct session *s)
{
	session_sign_cancel(s);
	sign_free(s->lister);
	keys_free(s);
}
