#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/spine.h"
#include "base/mem.h"
#include "model/sqltext.h"
#include "remote/pgconn.h"

/*
 * The transaction of an sql step. It is committed only when the record says which one it
 * is, so a lost reply is no riddle: the server is asked what became of that transaction, by
 * this console or by the next one. A server that forgot it is asked by the step's own
 * `verify:`; after that a person settles it.
 */

enum {
	BEGIN_MS = 30 * 1000, /* until it has begun, or a look has ended */
	GRACE_MS = 10 * 1000,
	ASK_MS = 10 * 1000, /* for one answer */
	ASK_AGAIN_MS = 1000,
	ASK_TIMES = 20
};

enum phase {
	PHASE_BEGIN, /* connecting; a look to its end */
	PHASE_ACT,
	PHASE_CANCEL,
	PHASE_PAUSE, /* before the server is asked what became of it */
	PHASE_ASK
};

struct sqldoing {
	struct doing *d;
	struct pgconn *pg;
	struct loop_timer *later; /* the end of the phase */
	enum phase phase;
	char *xid, *server;
	int asked;
	bool look;
	struct facts facts; /* of the transaction, while its commit is in doubt */
};

void
sqldoing_free(struct sqldoing *q)
{
	if (!q)
		return;
	pgconn_free(q->pg);
	loop_timer_free(q->later);
	facts_release(&q->facts);
	mem_free(q->xid);
	mem_free(q->server);
	mem_free(q);
}

static const struct step *
step_of(const struct sqldoing *q)
{
	return &q->d->s->runbook->steps.list.at[q->d->step];
}

/* As the runbook has it, or as it was edited for this run. */
static const char *
text_of(const struct sqldoing *q)
{
	return run_leg_text(q->d->s->run, q->d->step, q->d->leg, q->d->way);
}

static struct link *
link_of(const struct sqldoing *q)
{
	struct session *s = q->d->s;
	struct link *l = fleet_link(
		s->fleet, run_leg_target(s->run, q->d->step, q->d->leg, q->d->way));

	return link_is_local(l) ? NULL : l;
}

/* What a server said is not shown with a secret in it. */
static char *
clean(const struct sqldoing *q, const char *text)
{
	struct str out = STR_INIT;

	redact_text(q->d->s->redact, text, strlen(text), &out);
	return str_take(&out);
}

static void
say(struct sqldoing *q, enum request_kind kind, const char *state, const char *why)
{
	char *safe = clean(q, why);

	outcome_lost(q->d, kind, state, safe);
	mem_free(safe);
}

static void
over(struct sqldoing *q, enum request_kind kind, const char *why)
{
	loop_timer_stop(q->later);
	say(q, kind, kind == REQ_LOST ? jobstate_name(JOB_UNANSWERED) : NULL, why);
	outcome_forget(q->d);
}

/* ---- what came of it ---------------------------------------------------------------------- */

static void
add_table(struct str *out, const struct strings *cells, size_t columns, size_t from)
{
	for (size_t i = from; i < cells->list.len; i++) {
		str_adds(out, cells->list.at[i]);
		str_addc(out, (i + 1) % columns ? '\t' : '\n');
	}
}

/* Rows as text for people, and the first of them as facts. */
static void
take_rows(struct sqldoing *q, const struct pgconn_end *end)
{
	size_t columns = end->columns->list.len;
	struct str table = STR_INIT, safe = STR_INIT;
	char count[32];

	if (columns) {
		add_table(&table, end->columns, columns, 0);
		add_table(&table, end->cells, columns, 0);
	}
	if (end->count >= 0)
		str_addf(&table, "(%lld row%s)\n", (long long)end->count,
			end->count == 1 ? "" : "s");
	redact_text(q->d->s->redact, table.buf, table.len, &safe);
	printing_output(q->d, safe.buf, safe.len);
	for (size_t i = 0; i < columns && end->cells->list.len; i++) {
		char *cell = clean(q, end->cells->list.at[i]);

		if (i == 0) {
			facts_add_answer(
				&q->facts, EXPECT_REPLY, cell, strlen(cell), FACTS_WHOLE);
			facts_add_text(
				&q->facts, EXPECT_OUTPUT, NULL, cell, strlen(cell));
		}
		facts_add_text(&q->facts, EXPECT_ROW, end->columns->list.at[i], cell,
			strlen(cell));
		mem_free(cell);
	}
	if (!end->cells->list.len && columns) {
		facts_add_text(&q->facts, EXPECT_VALUE, NULL, "", 0);
		facts_add_text(&q->facts, EXPECT_ROW, NULL, "", 0);
	} else if (!columns && end->count >= 0) {
		snprintf(count, sizeof count, "%lld", (long long)end->count);
		facts_add_answer(
			&q->facts, EXPECT_REPLY, count, strlen(count), FACTS_WHOLE);
	}
	if (end->count >= 0)
		facts_add_number(&q->facts, EXPECT_COUNT, (double)end->count);
	str_release(&table);
	str_release(&safe);
}

static void
committed(struct sqldoing *q)
{
	struct facts facts = q->facts;
	bool answered = facts.list.len > 0;

	q->facts = (struct facts){0};
	loop_timer_stop(q->later);
	outcome_measured(q->d, 0, &facts,
		answered ? NULL
			 : "it was committed; what it answered went with the console");
}

/* ---- what became of it -------------------------------------------------------------------- */

static void ask(void *ctx);
static bool connect_for(
	struct sqldoing *q, struct pgconn_opts *o, pgconn_fn *fn, struct err *e);

static void
enter(struct sqldoing *q, enum phase phase, int64_t ms)
{
	q->phase = phase;
	loop_timer_start(q->later, ms, 0);
}

static void
ask_again(struct sqldoing *q, const char *why)
{
	if (q->asked >= ASK_TIMES)
		over(q, REQ_LOST, why);
	else
		enter(q, PHASE_PAUSE, ASK_AGAIN_MS);
}

/* Zero is no, any other plain number is yes; "" and words are no numbers. */
static bool
is_number(const char *cell, bool zero)
{
	return *cell && strspn(cell, "+-.0123456789") == strlen(cell) &&
		strpbrk(cell, "0123456789") && (strtod(cell, NULL) == 0) == zero;
}

static bool
is_one_of(const char *cell, const char *const *words)
{
	for (size_t i = 0; words[i]; i++)
		if (strcmp(cell, words[i]) == 0)
			return true;
	return false;
}

/* Only a clear no says that nothing stays: a null, no row or any other word is no answer. */
static void
verified(void *ctx, const struct pgconn_end *end)
{
	static const char *const yes[] = {"t", "true", "yes", NULL};
	static const char *const no[] = {"f", "false", "no", NULL};
	struct sqldoing *q = ctx;
	const char *cell = end->ok && end->cells->list.len ? end->cells->list.at[0] : "";

	if (!end->ok)
		ask_again(q, end->why);
	else if (is_one_of(cell, yes) || is_number(cell, false))
		committed(q);
	else if (is_one_of(cell, no) || is_number(cell, true))
		over(q, REQ_NOT_STARTED, "its verify says that it did not happen");
	else
		over(q, REQ_LOST, "its verify gave no answer");
}

static void
verify(struct sqldoing *q, const char *why)
{
	struct pgconn_opts o = {.sql = step_of(q)->verify_sql};
	struct err e = ERR_INIT;

	if (!o.sql ||
		!str_eq(text_of(q), step_of(q)->text)) /* it asks about another one */
		over(q, REQ_LOST, why);
	else if (!connect_for(q, &o, verified, &e))
		over(q, REQ_LOST, e.msg);
}

/* Empty: too long ago for the server. */
static void
status_came(void *ctx, const struct pgconn_end *end)
{
	struct sqldoing *q = ctx;
	const char *state = end->ok && end->cells->list.len == 2 ? end->cells->list.at[0]
								 : NULL;

	if (!state)
		ask_again(q, end->ok ? "the server gave no answer" : end->why);
	else if (strcmp(end->cells->list.at[1], q->server) != 0)
		verify(q,
			"another server answers now: whether it was committed is not known");
	else if (strcmp(state, "committed") == 0)
		committed(q);
	else if (strcmp(state, "aborted") == 0)
		over(q, REQ_NOT_STARTED, "the server has rolled it back");
	else if (*state)
		ask_again(q, "the server still has the transaction open");
	else
		verify(q, "the server has forgotten the transaction");
}

static void
ask(void *ctx)
{
	struct sqldoing *q = ctx;
	struct strings params = {0};
	struct pgconn_opts o = {.params = &params,
		.sql = "select coalesce(txid_status($1::bigint), ''), " PGCONN_SERVER};
	struct err e = ERR_INIT;

	enter(q, PHASE_ASK, ASK_MS);
	q->asked++;
	vec_push(&params.list, q->xid);
	if (!connect_for(q, &o, status_came, &e))
		over(q, REQ_LOST, e.msg);
	vec_free(&params.list);
}

/* ---- the transaction ---------------------------------------------------------------------- */

static void
begun(void *ctx, const struct pgconn_begun *b)
{
	struct sqldoing *q = ctx;
	struct request r;
	char *mark;

	if (q->phase == PHASE_CANCEL) { /* the cancel found nothing that ran yet */
		pgconn_free(q->pg);
		q->pg = NULL;
		over(q, REQ_NOT_STARTED, "cancelled");
		return;
	}
	loop_timer_stop(q->later);
	q->phase = PHASE_ACT;
	q->xid = mem_strdup(b->xid);
	q->server = mem_strdup(b->server);
	r = outcome_request(q->d, REQ_STARTED);
	mark = mem_printf("xid %s of %s", b->xid, b->server);
	r.pid = b->pid;
	r.boot_id = mark;
	session_request(q->d->s, &r);
	mem_free(mark);
}

static void
ended(void *ctx, const struct pgconn_end *end)
{
	struct sqldoing *q = ctx;

	loop_timer_stop(q->later);
	if (end->ok || end->lost)
		take_rows(q, end);
	if (end->ok)
		committed(q);
	else if (end->lost)
		enter(q, PHASE_PAUSE, 0);
	else
		over(q, REQ_NOT_STARTED,
			q->phase == PHASE_CANCEL ? "cancelled" : end->why);
}

static void
turn(void *ctx)
{
	struct sqldoing *q = ctx;
	enum phase was = q->phase;

	if (was == PHASE_PAUSE) {
		ask(q);
		return;
	}
	pgconn_free(q->pg); /* what is not committed goes with its connection */
	q->pg = NULL;
	if (was == PHASE_CANCEL)
		over(q, REQ_NOT_STARTED, "cancelled");
	else if (was == PHASE_BEGIN)
		over(q, REQ_NOT_STARTED, "the server did not answer in time");
	else if (was == PHASE_ASK)
		ask_again(q, "the server did not say in time what became of it");
}

static const char *
value_of(void *ctx, const char *name)
{
	return asking_named(ctx, name);
}

/* One connection at a time: to act, to ask, to verify. */
static bool
connect_for(struct sqldoing *q, struct pgconn_opts *o, pgconn_fn *fn, struct err *e)
{
	struct session *s = q->d->s;
	const struct step *st = step_of(q);
	struct asking_env env = {0};
	struct asking_names names = {q->d->s, step_of(q), &env, outcome_leg(q->d)->host};
	bool ok = asking_env(s, st, outcome_leg(q->d), q->d->way, &env, e);

	o->loop = s->loop;
	o->http = s->http;
	o->through = link_of(q);
	o->service = st->service;
	if (ok && st->dsn) {
		o->dsn = asking_named(&names, st->dsn);
		ok = o->dsn || err_set(e, ERR_INPUT, "%s has no value yet", st->dsn);
	} else if (ok) {
		ok = o->service ||
			err_set(e, ERR_INPUT, "name the server: service: or dsn:");
	}
	if (ok) {
		pgconn_free(q->pg);
		q->pg = pgconn_start(o, fn, q, e);
		ok = q->pg != NULL;
	}
	asking_env_release(&env);
	return ok;
}

static bool
act(struct sqldoing *q, struct err *e)
{
	struct sqltext text;
	struct asking_env env = {0};
	struct asking_names names = {q->d->s, step_of(q), &env, outcome_leg(q->d)->host};
	struct pgconn_opts o = {.act = &text, .read_only = q->look, .on_begun = begun};
	bool ok = asking_env(q->d->s, step_of(q), outcome_leg(q->d), q->d->way, &env, e);

	if (ok && sqltext_read(text_of(q), value_of, &names, &text, e)) {
		ok = connect_for(q, &o, ended, e);
		sqltext_release(&text);
	} else {
		ok = false;
	}
	asking_env_release(&env);
	return ok;
}

/* The record says which transaction it was; without that it was never committed. */
static bool
taken_up(struct sqldoing *q)
{
	const char *mark = outcome_leg(q->d)->way[q->d->way].boot;
	const char *of = mark ? strstr(mark, " of ") : NULL;

	if (!of || !str_starts(mark, "xid "))
		return false;
	q->xid = mem_strndup(mark + 4, (size_t)(of - mark) - 4);
	q->server = mem_strdup(of + 4);
	return true;
}

bool
sqldoing_start(struct doing *d, enum effect_kind how)
{
	struct sqldoing *q = mem_alloc(sizeof *q);
	struct err e = ERR_INIT;

	q->d = d;
	q->look = how == EFFECT_LOOK;
	q->later = loop_timer_new(d->s->loop, turn, q);
	d->sql = q;
	if (how == EFFECT_ASK) {
		if (taken_up(q))
			enter(q, PHASE_PAUSE, 0);
		else
			over(q, REQ_NOT_STARTED,
				"the console ended before it was committed");
		return true;
	}
	enter(q, PHASE_BEGIN,
		q->look && step_of(q)->timeout_ms > 0 ? step_of(q)->timeout_ms
						      : BEGIN_MS);
	if (!act(q, &e))
		over(q, REQ_NOT_STARTED, e.msg);
	return true;
}

void
sqldoing_commit(struct sqldoing *q)
{
	if (q->pg && q->phase == PHASE_ACT)
		pgconn_commit(q->pg);
}

void
sqldoing_cancel(struct sqldoing *q)
{
	enum phase was = q->phase;

	if (was > PHASE_ACT || !q->pg)
		return;
	enter(q, PHASE_CANCEL, GRACE_MS); /* its end may come from inside */
	if (pgconn_cancel(q->pg))
		return;
	q->phase = was; /* too late: the commit is on its way */
	loop_timer_stop(q->later);
}
