/*
 * What an onlooker signs: the statement that it read, against the record as it stands here.
 * The signature says who it is; the account that it came from stands beside it.
 */

#include <string.h>

#include "app/servinginner.h"
#include "audit/armour.h"
#include "audit/keyfile.h"
#include "audit/stated.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/stamp.h"
#include "journal/scan.h"
#include "run/gate.h"
#include "run/second.h"
#include "run/statement.h"

enum { READ_WITHIN_MS = 30 * 60 * 1000, AHEAD_MS = 60 * 1000 };

struct peer_sign {
	struct talk_sign said;
	struct sign_keys keys; /* the one */
	struct stated stated;
	struct sign *check;
	bool over; /* it has told; freed with the next one, or with the peer */
};

void
serving_sign_release(struct peer *p)
{
	struct peer_sign *ps = p->sign;

	if (!ps)
		return;
	sign_free(ps->check);
	talk_sign_release(&ps->said);
	sign_keys_release(&ps->keys);
	stated_release(&ps->stated);
	mem_free(ps);
	p->sign = NULL;
}

/* ---- the statement against the record ------------------------------------------------------ */

struct finding_head {
	int64_t seq;
	char head[DIGEST_HEX + 1];
};

static bool
find_head(
	void *ctx, const struct line *l, const char *bytes, size_t len, const char *hash)
{
	struct finding_head *f = ctx;

	(void)bytes;
	(void)len;
	if (l->seq != f->seq)
		return true;
	memcpy(f->head, hash, sizeof f->head);
	return false;
}

/* The record that the statement covers is one of ours, and the same. */
static bool
head_holds(struct session *s, const struct stated *st, struct err *e)
{
	struct finding_head f = {.seq = st->seq};
	struct scan_result res;
	char *path;
	bool ok;

	if (st->seq > s->run->seq)
		return err_set(e, ERR_REFUSED, "the statement covers more than there is");
	path = file_join(journal_dir(s->journal), "journal.jsonl");
	ok = scan_journal(path, find_head, &f, &res, e);
	mem_free(path);
	return ok &&
		(strcmp(f.head, st->head) == 0 ||
			err_set(e, ERR_REFUSED, "the statement is about another record"));
}

static bool
time_holds(const struct stated *st, struct wall *at, struct err *e)
{
	int64_t now = clock_wall().ms;

	if (!stamp_parse(st->time, at) || at->ms > now + AHEAD_MS)
		return err_set(e, ERR_REFUSED, "the statement is of a time to come");
	return now - at->ms <= READ_WITHIN_MS ||
		err_set(e, ERR_STATE,
			"the statement is more than half an hour old: read it again");
}

/* Nothing in it is a secret, as far as is known here: it is recorded as it was signed. */
static char *
comment_of(struct session *s, const struct stated *st, struct err *e)
{
	char *object = mem_printf("{\"comment\":%s}", st->comment);
	struct json *doc = json_parse(object, strlen(object), e);
	char *text = mem_strdup(json_str(json_root(doc), "comment", NULL));

	json_free(doc);
	mem_free(object);
	if (text && session_as_written(s, text, e))
		return text;
	mem_free(text);
	return NULL;
}

/* What this console would have shown, with the record that the other one had read. */
static bool
words_hold(struct session *s, int step, const struct peer_sign *ps, struct err *e)
{
	static const char covers[] = "\nevidence: ", signer[] = "\nsigner: ";
	const struct stated *st = &ps->stated;
	struct statement_by by = {
		.decision = DECISION_APPROVE, .signer = st->signer, .key = st->key};
	struct str now = STR_INIT, want = STR_INIT;
	const char *from, *to;
	char *comment = NULL;
	bool ok = time_holds(st, &by.time, e);

	if (ok)
		comment = comment_of(s, st, e);
	by.comment = comment;
	ok = comment && statement_write(s->run, step, &by, &now, e);
	if (ok) {
		from = strstr(now.buf, covers);
		to = strstr(from, signer);
		str_add(&want, now.buf, (size_t)(from - now.buf));
		str_addf(&want, "%s0..%lld\nseq: %lld\nhead: %s%s", covers,
			(long long)st->seq, (long long)st->seq, st->head, to);
		ok = str_eq(want.buf, ps->said.statement) ||
			err_set(e, ERR_STATE,
				"the run went on, and the statement says something else "
				"now: read it again");
	}
	mem_free(comment);
	str_release(&now);
	str_release(&want);
	return ok;
}

/* ---- the key ------------------------------------------------------------------------------- */

static bool
key_holds(struct session *s, struct peer_sign *ps, struct err *e)
{
	const struct sign_key *k;
	char *of_sig = armour_fingerprint(ps->said.sig);
	bool ok;

	keyfile_add_lines(&ps->keys, ps->said.key, NULL);
	if (ps->keys.list.len != 1) {
		mem_free(of_sig);
		return err_set(e, ERR_REFUSED, "that is no public key");
	}
	k = &ps->keys.list.at[0];
	ok = keyfile_find_principals(&ps->keys, s->allowed_signers, e);
	if (ok && !k->principal)
		ok = err_set(e, ERR_REFUSED, "key %s is not in the allowed signers",
			k->fingerprint);
	if (ok &&
		(!str_eq(of_sig, k->fingerprint) ||
			!str_eq(ps->stated.key, k->fingerprint) ||
			!str_eq(ps->stated.signer, k->principal)))
		ok = err_set(e, ERR_REFUSED,
			"the statement, the signature and the key are not of one person");
	mem_free(of_sig);
	return ok;
}

/* ---- asked for ------------------------------------------------------------------------------ */

/* The engine's own answer, before anything is queued: whoever asks hears of it. */
static bool
would_do(struct session *s, const struct request *q, struct err *e)
{
	struct events out = {0};
	struct effects fx = {0};
	bool ok = decide(s->run, q, clock_now(), &out, &fx, e);

	events_release(&out);
	vec_free(&fx.list);
	return ok;
}

static int
step_named(struct session *s, const char *id, struct err *e)
{
	int step = run_find_step(s->run, id);

	if (step == NONE)
		err_set(e, ERR_INPUT, "the run has no such step");
	return step != NONE && gate_allows(s->run, ACT_SIGN, step, e) ? step : NONE;
}

/* All but what ssh-keygen has to say. */
static bool
may_be_signed(struct session *s, int step, const struct peer_sign *ps, struct err *e)
{
	return words_hold(s, step, ps, e) &&
		signing_fits(s, step, &ps->keys.list.at[0], e);
}

static void
record(struct peer *p, int step, struct err *e)
{
	const struct peer_sign *ps = p->sign;
	const struct sign_key *k = &ps->keys.list.at[0];
	struct str data = STR_INIT;
	struct request q = {.kind = REQ_SIGNED,
		.step = step,
		.who = k->principal,
		.account = p->who.user,
		.role = second_role(p->s->run, step)};

	signing_data(q.role, k, ps->said.statement, ps->said.sig, &data);
	q.data = data.buf;
	if (would_do(p->s, &q, e))
		session_request(p->s, &q);
	str_release(&data);
}

static void
checked(void *ctx, const struct sign_end *end)
{
	struct peer *p = ctx;
	struct err e = ERR_INIT;
	int step = step_named(p->s, p->sign->said.step, &e);

	p->sign->over = true;
	if (!end->ok)
		err_set(&e, ERR_REFUSED, "not signed: %s", end->why);
	else if (step != NONE && may_be_signed(p->s, step, p->sign, &e))
		record(p, step, &e);
	if (e.kind != ERR_NONE)
		serving_refuse(p, e.msg);
}

static bool
check(struct peer *p, struct err *e)
{
	struct session *s = p->s;
	struct peer_sign *ps = p->sign;
	int step = step_named(s, ps->said.step, e);

	if (step == NONE)
		return false;
	if (!s->allowed_signers)
		return err_set(e, ERR_REFUSED,
			"nobody is allowed to sign: handrail.yaml names no allowed_signers");
	if (!stated_parse(ps->said.statement, &ps->stated, e))
		return false;
	if (!key_holds(s, ps, e) || !head_holds(s, &ps->stated, e) ||
		!may_be_signed(s, step, ps, e))
		return false;
	ps->check = sign_check(s->loop, s->allowed_signers, ps->stated.signer,
		ps->said.statement, ps->said.sig, ps->stated.time, checked, p, e);
	return ps->check != NULL;
}

void
serving_sign(struct peer *p, const struct talk_frame *f)
{
	struct err e = ERR_INIT;
	struct talk_sign said;

	if (!talk_read_sign(f, &said)) {
		serving_lose(p);
		return;
	}
	if (p->sign && p->sign->check && !p->sign->over) {
		talk_sign_release(&said);
		serving_refuse(p, "the signature before is still being checked");
		return;
	}
	serving_sign_release(p);
	p->sign = mem_alloc(sizeof *p->sign);
	p->sign->said = said;
	if (check(p, &e))
		return;
	serving_refuse(p, e.msg);
	serving_sign_release(p);
}

void
serving_decline(struct peer *p, const struct talk_frame *f)
{
	struct err e = ERR_INIT;
	struct request q = {.kind = REQ_DECLINED, .who = p->name, .account = p->who.user};
	char *id, *reason;

	if (!talk_read_note(f, &id, &reason)) {
		serving_lose(p);
		return;
	}
	q.step = step_named(p->s, id, &e);
	q.reason = str_flatten(reason);
	q.role = q.step == NONE ? NULL : second_role(p->s->run, q.step);
	if (q.step == NONE || !would_do(p->s, &q, &e))
		serving_refuse(p, e.msg);
	else
		session_request(p->s, &q);
	mem_free(id);
	mem_free(reason);
}
