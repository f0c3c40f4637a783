#include "app/inboxing.h"

#include <string.h>

#include "app/mirroring.h"
#include "app/spine.h"
#include "audit/armour.h"
#include "base/jsonout.h"
#include "base/mem.h"
#include "base/stamp.h"
#include "base/text.h"
#include "run/drive.h"
#include "run/gate.h"
#include "run/statement.h"
#include "share/inbox.h"
#include "share/letter.h"

enum { SKEW_MS = 5 * 60 * 1000, ID_BYTES = LETTER_ID + 1 };

struct inboxing {
	struct inbox *b;
	struct letter l; /* that is being dealt with */
	char id[ID_BYTES];
	char *via, *who; /* of it */
	struct sign *check;
};

static void
answer(struct session *s, int64_t seq, const char *why)
{
	inbox_answer(s->inboxing->b, seq, why);
}

static void
refuse(struct session *s, const struct err *e)
{
	answer(s, -1, e->msg);
}

void
inboxing_refused(struct session *s, const struct err *e)
{
	if (s->inboxing)
		refuse(s, e);
}

void
inboxing_written(struct session *s, const struct err *e)
{
	int64_t seq = run_letter(s->run, s->inboxing ? s->inboxing->id : "");

	if (!s->inboxing)
		return;
	if (e)
		refuse(s, e);
	else
		answer(s, seq, seq < 0 ? "there was nothing to record" : NULL);
}

/* ---- signatures ----------------------------------------------------------------------------- */

struct as_it_was {
	struct run *r;
	int64_t until;
};

static bool
fold_line(void *ctx, const struct event *ev, const char *hash)
{
	struct as_it_was *w = ctx;

	if (ev->seq > w->until)
		return false;
	run_apply(w->r, ev);
	run_head(w->r, hash);
	return true;
}

/* Caller frees. */
static struct run *
run_at(struct session *s, int64_t seq, struct err *e)
{
	struct runbook *rb = outfit_runbook(s->dir, s->project, e);
	struct as_it_was w = {rb ? run_new(rb) : NULL, seq};

	runbook_unref(rb);
	if (w.r && !journal_read(s->dir, fold_line, &w, e)) {
		run_free(w.r);
		return NULL;
	}
	return w.r;
}

/* Up to what only the signer knows. */
static size_t
before_time(const char *stmt)
{
	const char *at = strstr(stmt, "\ntime: ");

	return at ? (size_t)(at - stmt) : strlen(stmt);
}

static bool
time_is_sound(const struct run *r, const char *stmt, struct err *e)
{
	const char *at = strstr(stmt, "\ntime: ");
	const char *end = at ? strchr(at + 1, '\n') : NULL;
	char stamp[STAMP_BYTES] = "";
	struct wall t = {0}, now = clock_wall();

	if (end && (size_t)(end - at) - strlen("\ntime: ") < sizeof stamp)
		memcpy(stamp, at + strlen("\ntime: "),
			(size_t)(end - at) - strlen("\ntime: "));
	if (!stamp_parse(stamp, &t))
		return err_set(e, ERR_REFUSED, "the statement has no time");
	return (t.ms >= r->last_at.ms - SKEW_MS && t.ms <= now.ms + SKEW_MS) ||
		err_set(e, ERR_REFUSED,
			"the statement says %s, which is not between the record that it "
			"covers and now: are the clocks right?",
			stamp);
}

bool
inboxing_statement_is(
	struct session *s, const char *stmt, const struct stated *said, struct err *e)
{
	struct statement_by by = {.decision = DECISION_APPROVE,
		.signer = said->signer,
		.key = said->key,
		.comment = "",
		.time = clock_wall()};
	int step = run_find_step(s->run, said->step);
	struct str ours = STR_INIT, clean = STR_INIT;
	struct run *old = NULL;
	const struct run *r = s->run;
	bool ok = true;

	if (said->seq > s->run->seq || said->seq < 0 || step == NONE)
		return err_set(e, ERR_REFUSED,
			"the statement is about a record that is not there");
	if (said->seq != s->run->seq)
		r = old = run_at(s, said->seq, e);
	redact_text(s->redact, stmt, strlen(stmt), &clean);
	if (!r)
		ok = false;
	else if (!str_eq(clean.buf, stmt))
		ok = err_set(e, ERR_REFUSED, "the statement holds a secret of the run");
	ok = ok && statement_write(r, step, &by, &ours, e) &&
		(before_time(ours.buf) == before_time(stmt) ||
			err_set(e, ERR_REFUSED,
				"the statement is another one than this record makes"));
	if (ok && memcmp(ours.buf, stmt, before_time(stmt)) != 0)
		ok = err_set(e, ERR_REFUSED,
			"the statement is another one than this record makes");
	ok = ok && time_is_sound(r, stmt, e);
	run_free(old);
	str_release(&ours);
	str_release(&clean);
	return ok;
}

static void
request_sign(struct session *s, const char *signer)
{
	struct inboxing *g = s->inboxing;
	struct str data = STR_INIT;
	struct jsonout j;

	jsonout_init(&j, &data);
	jsonout_open(&j);
	jsonout_kstr(&j, "role", g->l.role);
	jsonout_kstr(&j, "stmt", g->l.stmt);
	jsonout_kstr(&j, "sig", g->l.sig);
	jsonout_kstr(&j, "key", g->l.key);
	jsonout_close(&j);
	session_request(s,
		&(struct request){.kind = REQ_SIGNED,
			.who = signer,
			.step = run_find_step(s->run, g->l.step),
			.role = g->l.role,
			.data = data.buf,
			.via = g->via});
	str_release(&data);
}

static void
sign_checked(void *ctx, const struct sign_end *end)
{
	struct session *s = ctx;
	struct stated said;
	struct err e = ERR_INIT;
	bool ok = stated_parse(s->inboxing->l.stmt, &said, &e);

	if (!end->ok)
		answer(s, -1, end->why);
	else if (ok)
		request_sign(s, said.signer);
	else
		refuse(s, &e);
	stated_release(&said);
}

/* What makes a key the second one of two persons is asked of the key that signed. */
static bool
key_fits(struct session *s, const struct stated *said, struct err *e)
{
	struct inboxing *g = s->inboxing;
	char *print = armour_fingerprint(g->l.sig);
	struct sign_key key = {
		.public_line = armour_public_line(g->l.sig), .principal = said->signer};
	int step = run_find_step(s->run, g->l.step);
	bool ok = true;

	if (!s->allowed_signers)
		ok = err_set(e, ERR_REFUSED,
			"nobody is allowed to sign: handrail.yaml names no allowed_signers");
	else if (!print || !key.public_line || !str_eq(print, g->l.key) ||
		!str_eq(print, said->key))
		ok = err_set(e, ERR_REFUSED,
			"the signature is by another key than its statement says");
	ok = ok && gate_allows(s->run, ACT_SIGN, step, e) &&
		signing_fits(s, step, &key, e);
	mem_free(key.public_line);
	mem_free(print);
	return ok;
}

static void
ask_sign(struct session *s)
{
	struct inboxing *g = s->inboxing;
	struct stated said;
	struct err e = ERR_INIT;
	char now[STAMP_BYTES];
	bool ok = stated_parse(g->l.stmt, &said, &e);

	if (ok && (!str_eq(said.step, g->l.step) || !str_eq(said.role, g->l.role)))
		ok = err_set(&e, ERR_REFUSED, "the statement is about another step");
	ok = ok && key_fits(s, &said, &e) &&
		inboxing_statement_is(s, g->l.stmt, &said, &e);
	sign_free(g->check);
	/* now: whoever chooses the time could choose one before the key expired */
	g->check = ok ? sign_check(s->loop, s->allowed_signers, said.signer, g->l.stmt,
				g->l.sig, stamp_wall_sec(clock_wall(), now), sign_checked,
				s, &e)
		      : NULL;
	if (!g->check)
		refuse(s, &e);
	stated_release(&said);
}

/* ---- the rest -------------------------------------------------------------------------------- */

static void
ask_note(struct session *s)
{
	struct inboxing *g = s->inboxing;
	struct err e = ERR_INIT;

	if (!gate_allows(s->run, ACT_NOTE, NONE, &e))
		refuse(s, &e);
	else
		session_request(s,
			&(struct request){.kind = REQ_NOTE,
				.step = g->l.step ? run_find_step(s->run, g->l.step)
						  : NONE,
				.who = g->who,
				.text = str_flatten(g->l.text),
				.via = g->via});
}

static void
ask_hold(struct session *s)
{
	struct inboxing *g = s->inboxing;
	struct err e = ERR_INIT;

	if (!gate_allows(s->run, ACT_HOLD, NONE, &e))
		refuse(s, &e);
	else
		session_request(s,
			&(struct request){.kind = REQ_HOLD,
				.step = NONE,
				.who = g->who,
				.reason = g->l.text && *g->l.text ? str_flatten(g->l.text)
								  : NULL,
				.via = g->via});
}

static void
ask_go(struct session *s)
{
	struct inboxing *g = s->inboxing;
	struct err e = ERR_INIT;

	if (!gate_allows(s->run, ACT_GO, NONE, &e) || !drive_may_go(s->run, g->who, &e))
		refuse(s, &e);
	else
		session_request(s,
			&(struct request){.kind = REQ_GO,
				.step = NONE,
				.who = g->who,
				.via = g->via});
}

static void
ask_decline(struct session *s)
{
	struct inboxing *g = s->inboxing;
	int step = run_find_step(s->run, g->l.step);
	struct err e = ERR_INIT;

	if (!gate_allows(s->run, ACT_SIGN, step, &e))
		refuse(s, &e);
	else
		session_request(s,
			&(struct request){.kind = REQ_DECLINED,
				.step = step,
				.who = g->who,
				.role = g->l.role,
				.reason = str_flatten(g->l.text),
				.via = g->via});
}

static void
ask_accept(struct session *s)
{
	struct inboxing *g = s->inboxing;
	struct err e = ERR_INIT;

	if (!drive_may_accept(s->run, g->who, &e))
		refuse(s, &e);
	else
		session_request(s,
			&(struct request){.kind = REQ_YIELD,
				.step = NONE,
				.name = g->who,
				.via = g->via});
}

static void (*const asks[LETTER_KINDS])(struct session *s) = {
	[LETTER_NOTE] = ask_note,
	[LETTER_HOLD] = ask_hold,
	[LETTER_GO] = ask_go,
	[LETTER_SIGN] = ask_sign,
	[LETTER_DECLINE] = ask_decline,
	[LETTER_ACCEPT] = ask_accept,
};

/* What the record keeps of where it came from: what the store says, and what the sender
 * claims. */
static char *
via_of(const struct inbox_letter *l)
{
	struct str out = STR_INIT;
	struct jsonout j;
	char stamp[STAMP_BYTES];
	char *con = text_harmless_dup(l->con), *who = text_harmless_dup(l->who);

	jsonout_init(&j, &out);
	jsonout_open(&j);
	jsonout_kstr(&j, "letter", l->id);
	jsonout_kstr(&j, "login", l->login);
	jsonout_kstr(&j, "con", con);
	jsonout_kstr(&j, "claims", who);
	jsonout_kstr(&j, "sent", stamp_wall(l->sent, stamp));
	jsonout_close(&j);
	mem_free(con);
	mem_free(who);
	return str_take(&out);
}

static void
letter_came(void *ctx, const struct inbox_letter *l)
{
	struct session *s = ctx;
	struct inboxing *g = s->inboxing;
	int64_t seq = run_letter(s->run, l->id);
	struct err e = ERR_INIT;

	letter_release(&g->l);
	mem_free(g->via);
	mem_free(g->who);
	g->via = via_of(l);
	g->who = letter_sender(l->login, l->own_login, l->who);
	g->id[0] = '\0';
	if (strlen(l->id) == LETTER_ID)
		memcpy(g->id, l->id, ID_BYTES);
	if (seq >= 0) /* recorded by an earlier console, which could not say so */
		answer(s, seq, NULL);
	else if (!g->id[0])
		answer(s, -1, "the letter has no number");
	else if (s->run->closed || s->let_go)
		answer(s, -1, "the run is closed, or nobody drives it here any more");
	else if (!letter_read(l->kind, l->body, l->len, &g->l, &e))
		refuse(s, &e);
	else
		asks[g->l.kind](s);
}

/* ---- life ---------------------------------------------------------------------------------------- */

/* With the first line, as the lease, which its answers want. */
void
inboxing_event(struct session *s)
{
	const char *service = mirroring_service(s->project);
	struct inboxing *g;

	if (!s->mirroring || s->inboxing || s->parting || s->let_go || s->quiet)
		return;
	g = s->inboxing = mem_alloc(sizeof *g);
	g->l = (struct letter){.kind = LETTER_KINDS};
	g->b = inbox_new(&(struct inbox_opts){.loop = s->loop,
		.http = s->http,
		.service = service,
		.run = journal_run(s->journal),
		.con = s->con,
		.on_letter = letter_came,
		.ctx = s});
}

bool
inboxing_busy(const struct session *s)
{
	return s->inboxing && inbox_busy(s->inboxing->b);
}

void
inboxing_release(struct session *s)
{
	struct inboxing *g = s->inboxing;

	if (!g)
		return;
	inbox_free(g->b);
	sign_free(g->check);
	letter_release(&g->l);
	mem_free(g->via);
	mem_free(g->who);
	mem_free(g);
	s->inboxing = NULL;
}
