#include <string.h>

#include "app/spine.h"
#include "audit/keyfile.h"
#include "base/jsonout.h"
#include "base/mem.h"
#include "base/stamp.h"
#include "run/authority.h"

/*
 * With a roster, who opens the run, takes it over or breaks the glass signs that, with the key
 * that the roster gives this name. One act after the other; where there is no such key, or it
 * does not sign, that is what the record says: nothing waits for it but line mode and the end
 * of this process.
 */

struct act {
	int64_t of;
	const char *act; /* constant */
};

struct authorizing {
	struct session *s;
	struct {
		VEC_OF(struct act) list;
	} acts; /* [0] is under way */
	bool on;
	struct loop_timer *later; /* what called back is freed in a turn of its own */
	struct sign *lister, *signer, *checker;
	struct sign_keys keys;
	int key;
	char *stmt, *sig, *time;
};

static void
forget(struct authorizing *a)
{
	sign_free(a->lister);
	sign_free(a->signer);
	sign_free(a->checker);
	a->lister = a->signer = a->checker = NULL;
	sign_keys_release(&a->keys);
	memset(&a->keys, 0, sizeof a->keys);
	mem_free(a->stmt);
	mem_free(a->sig);
	mem_free(a->time);
	a->stmt = a->sig = a->time = NULL;
}

/* With a signature, or with the reason why there is none. */
static void
tell(struct authorizing *a, const char *why)
{
	struct session *s = a->s;
	const struct act act = a->acts.list.at[0];
	struct str data = STR_INIT;
	struct jsonout j;

	jsonout_init(&j, &data);
	jsonout_open(&j);
	jsonout_kint(&j, "of", act.of);
	jsonout_kstr(&j, "act", act.act);
	if (why) {
		jsonout_kstr(&j, "why", why);
	} else {
		jsonout_kstr(&j, "stmt", a->stmt);
		jsonout_kstr(&j, "sig", a->sig);
		jsonout_kstr(&j, "key", a->keys.list.at[a->key].fingerprint);
	}
	jsonout_close(&j);
	session_request(s,
		&(struct request){
			.kind = REQ_AUTHORITY, .who = s->who, .data = data.buf});
	str_release(&data);
	vec_remove(&a->acts.list, 0);
}

static void
over(struct authorizing *a, const char *why)
{
	tell(a, why);
	loop_timer_start(a->later, 0, 0);
}

static void
checked(void *ctx, const struct sign_end *end)
{
	over(ctx, end->ok ? NULL : end->why);
}

static void
signed_it(void *ctx, const struct sign_end *end)
{
	struct authorizing *a = ctx;
	struct err e = ERR_INIT;

	if (!end->ok) {
		over(a, end->why);
		return;
	}
	a->sig = mem_strdup(end->sig);
	a->checker = sign_check(a->s->loop, a->s->allowed_signers, a->s->who, a->stmt,
		a->sig, a->time, checked, a, &e);
	if (!a->checker)
		over(a, e.msg);
}

static void
prompt(void *ctx, const char *text, bool notice)
{
	struct authorizing *a = ctx;
	struct asked *q;

	if (notice) {
		if (a->s->calls.on_notice)
			a->s->calls.on_notice(a->s->calls.ctx, text);
		return;
	}
	q = mem_alloc(sizeof *q);
	q->kind = ASKED_AUTHORITY;
	q->from = mem_printf("who %s", authority_words(a->acts.list.at[0].act));
	q->text = mem_strdup(text);
	asking_add(a->s, q);
}

void
authorizing_answer(struct session *s, const char *text)
{
	if (s->authorizing && s->authorizing->signer)
		sign_answer(s->authorizing->signer, text);
}

/* The key that the roster gives this name, by whatever of its names. */
static int
own_key(const struct authorizing *a)
{
	for (size_t i = 0; i < a->keys.list.len; i++) {
		struct str names = STR_INIT;
		struct err no = ERR_INIT;
		bool ours = keyfile_all_principals(
			&a->keys.list.at[i], a->s->allowed_signers, &names, &no);
		char *want = mem_printf("\n%s\n", a->s->who);
		char *all = mem_printf("\n%s", names.buf ? names.buf : "");

		ours = str_eq(a->keys.list.at[i].principal, a->s->who) ||
			(ours && strstr(all, want));
		mem_free(want);
		mem_free(all);
		str_release(&names);
		if (ours)
			return (int)i;
	}
	return NONE;
}

static bool
begin(struct authorizing *a, struct err *e)
{
	const struct act *act = &a->acts.list.at[0];
	struct statement_by by = {.signer = a->s->who};
	struct str text = STR_INIT;
	char stamp[STAMP_BYTES];

	a->key = own_key(a);
	if (a->key == NONE)
		return err_set(e, ERR_REFUSED, "no key of that name is here");
	by.key = a->keys.list.at[a->key].fingerprint;
	by.time = clock_wall();
	by.time.ms -= by.time.ms % 1000;
	if (!authority_statement(a->s->run, act->of, act->act, &by, &text, e)) {
		str_release(&text);
		return false;
	}
	a->stmt = str_take(&text);
	a->time = mem_strdup(stamp_wall_sec(by.time, stamp));
	a->signer = sign_start(
		a->s->loop, &a->keys.list.at[a->key], a->stmt, prompt, signed_it, a, e);
	return a->signer != NULL;
}

static void
keys_came(void *ctx, const struct sign_keys *keys, const struct err *failed)
{
	struct authorizing *a = ctx;
	struct err e = ERR_INIT;

	(void)failed;
	sign_keys_copy(&a->keys, keys);
	if (!begin(a, &e))
		over(a, e.msg);
}

static void
next(void *ctx)
{
	struct authorizing *a = ctx;

	forget(a);
	a->on = false;
	if (!a->acts.list.len)
		return;
	a->on = true;
	if (!keyfile_lists(a->s->allowed_signers, a->s->who)) {
		over(a, "that name is not in the roster");
		return;
	}
	a->lister = sign_list_keys(
		a->s->loop, a->s->allowed_signers, a->s->key, keys_came, a);
}

void
authorizing_event(struct session *s, const struct event *ev)
{
	const char *act = authority_act(ev->type);
	bool open = false;

	for (size_t i = 0; act && i < s->run->exceptions.list.len; i++)
		open |= s->run->exceptions.list.at[i].seq == ev->seq &&
			s->run->exceptions.list.at[i].unsigned_act;
	if (!open || s->onlooking || !str_eq(ev->who, s->who))
		return;
	if (!s->authorizing) {
		s->authorizing = mem_alloc(sizeof *s->authorizing);
		s->authorizing->s = s;
		s->authorizing->later = loop_timer_new(s->loop, next, s->authorizing);
	}
	vec_push(&s->authorizing->acts.list, (struct act){ev->seq, act});
	s->authorizing_due = true;
}

/* What is signed covers the whole group of records. */
void
authorizing_batch(struct session *s)
{
	if (s->authorizing_due && !s->authorizing->on)
		next(s->authorizing);
	s->authorizing_due = false;
}

bool
authorizing_busy(const struct session *s)
{
	return s->authorizing && s->authorizing->acts.list.len;
}

void
authorizing_release(struct session *s)
{
	if (!s->authorizing)
		return;
	forget(s->authorizing);
	loop_timer_free(s->authorizing->later);
	vec_free(&s->authorizing->acts.list);
	mem_free(s->authorizing);
	s->authorizing = NULL;
}
