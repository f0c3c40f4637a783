#include "remote/pgconn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libpq-fe.h>

#include "base/mem.h"
#include "base/text.h"
#include "model/sqltext.h"
#include "remote/pgcancel.h"
#include "remote/pgdial.h"

enum { CELL_MAX = 1024 * 1024 };

/* What is sent, one after the other; WAIT: nothing is, until the caller agrees. */
enum pg_step { PG_BEGIN, PG_LIMIT, PG_MARK, PG_QUERY, PG_WAIT, PG_COMMIT, PG_DONE };

struct pg_statement {
	char *text;
	struct strings params;
};

struct pgconn {
	struct loop *loop;
	pgconn_fn *fn;
	void *ctx;
	struct pgdial *dial;
	struct pgcancel_far *far;
	enum pg_step step;
	char *sql, limit[24];
	struct strings params, columns, cells;
	struct {
		VEC_OF(struct pg_statement) list;
	} act;     /* empty: sql alone */
	size_t at; /* of act, the one that is sent */
	bool read_only, may_commit, cancelled;
	int64_t count;
	void (*on_begun)(void *ctx, const struct pgconn_begun *b);
	bool ended, freed;
	int depth; /* of calls; freed inside one it goes after the outermost */
};

static void
free_strings(struct strings *s)
{
	for (size_t i = 0; i < s->list.len; i++)
		mem_wipe_free(s->list.at[i], strlen(s->list.at[i]));
	vec_free(&s->list);
}

static void
destroy(struct pgconn *c)
{
	pgcancel_far_free(c->far);
	pgdial_free(c->dial);
	free_strings(&c->params);
	free_strings(&c->columns);
	free_strings(&c->cells);
	for (size_t i = 0; i < c->act.list.len; i++) {
		free_strings(&c->act.list.at[i].params);
		mem_free(c->act.list.at[i].text);
	}
	vec_free(&c->act.list);
	mem_free(c->sql);
	mem_free(c);
}

/* ---- the end ---- */

static void
leave(struct pgconn *c)
{
	if (--c->depth == 0 && c->freed)
		destroy(c);
}

static void
finish(struct pgconn *c, struct pgconn_end *end)
{
	if (c->ended)
		return;
	c->ended = true;
	pgdial_rest(c->dial);
	end->count = c->count;
	end->columns = &c->columns;
	end->cells = &c->cells;
	c->depth++;
	c->fn(c->ctx, end);
	leave(c);
}

static void
fail(struct pgconn *c, bool unsure, const char *raw)
{
	struct str safe = STR_INIT;
	struct pgconn_end end = {.unsure = unsure, .lost = c->step >= PG_COMMIT};
	size_t len = strlen(raw);

	while (len > 0 && (unsigned char)raw[len - 1] <= ' ')
		len--;
	text_harmless(&safe, raw, len, TEXT_ONE_LINE);
	end.why = safe.buf;
	finish(c, &end);
	str_release(&safe);
}

/* ---- asking ---- */

/* Before anything is written, so that its number is known and stays the same. The number of
 * a transaction means something on its own server alone. */
static const char mark[] = "select pg_backend_pid(), txid_current(), " PGCONN_SERVER;

static bool
send_text(struct pgconn *c, const char *text)
{
	return PQsendQueryParams(pgdial_pg(c->dial), text, 0, NULL, NULL, NULL, NULL, 0);
}

static bool
send_statement(struct pgconn *c)
{
	const struct pg_statement *a = c->act.list.len ? &c->act.list.at[c->at] : NULL;
	const struct strings *params = a ? &a->params : &c->params;

	free_strings(&c->columns);
	free_strings(&c->cells);
	return PQsendQueryParams(pgdial_pg(c->dial), a ? a->text : c->sql,
		       (int)params->list.len, NULL, (const char *const *)params->list.at,
		       NULL, NULL, 0) &&
		PQsetSingleRowMode(pgdial_pg(c->dial));
}

static bool
send_step(struct pgconn *c)
{
	const char *limit[] = {c->limit};

	switch (c->step) {
	case PG_BEGIN:
		return send_text(c,
			c->act.list.len && !c->read_only ? "begin" : "begin read only");
	case PG_LIMIT:
		return PQsendQueryParams(pgdial_pg(c->dial),
			"select set_config('statement_timeout', $1, true)", 1, NULL,
			limit, NULL, NULL, 0);
	case PG_MARK:
		return send_text(c, mark);
	case PG_QUERY:
		return send_statement(c);
	case PG_COMMIT:
		return send_text(c, "commit");
	case PG_WAIT:
	case PG_DONE:
		break;
	}
	return true;
}

/* What comes after this step has been answered. */
static enum pg_step
next_step(struct pgconn *c)
{
	bool writes = c->act.list.len && !c->read_only;

	switch (c->step) {
	case PG_BEGIN:
		return writes ? PG_MARK : c->act.list.len ? PG_QUERY : PG_LIMIT;
	case PG_LIMIT:
	case PG_MARK:
		return PG_QUERY;
	case PG_QUERY:
		if (c->at + 1 < c->act.list.len) {
			c->at++;
			return PG_QUERY;
		}
		return !writes ? PG_DONE : c->may_commit ? PG_COMMIT : PG_WAIT;
	case PG_WAIT:
		return PG_COMMIT;
	case PG_COMMIT:
	case PG_DONE:
		break;
	}
	return PG_DONE;
}

static void
tell_begun(struct pgconn *c, const PGresult *r)
{
	struct pgconn_begun b = {.pid = strtoll(PQgetvalue(r, 0, 0), NULL, 10),
		.xid = PQgetvalue(r, 0, 1),
		.server = PQgetvalue(r, 0, 2)};

	if (c->on_begun)
		c->on_begun(c->ctx, &b);
}

static void
keep_rows(struct pgconn *c, const PGresult *r)
{
	int columns = PQnfields(r);

	if (columns > 0 && c->act.list.len &&
		c->cells.list.len / (size_t)columns >= PGCONN_ROWS_MAX)
		return; /* counted, not kept */

	if (c->columns.list.len == 0)
		for (int i = 0; i < columns; i++)
			vec_push(&c->columns.list, mem_strdup(PQfname(r, i)));
	for (int row = 0; row < PQntuples(r); row++)
		for (int i = 0; i < columns; i++) {
			size_t len = (size_t)PQgetlength(r, row, i);

			vec_push(&c->cells.list,
				mem_strndup(PQgetvalue(r, row, i),
					len < CELL_MAX ? len : CELL_MAX));
		}
}

/* One result; false when that was the end. */
static bool
take_result(struct pgconn *c, PGresult *r)
{
	const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
	size_t columns = c->columns.list.len ? c->columns.list.len : 1;
	const char *severity;

	switch (PQresultStatus(r)) {
	case PGRES_SINGLE_TUPLE:
	case PGRES_TUPLES_OK:
		if (c->step == PG_QUERY)
			keep_rows(c, r);
		if (c->step == PG_MARK && PQntuples(r) == 1)
			tell_begun(c, r);
		if (c->step == PG_QUERY && *PQcmdTuples(r))
			c->count = strtoll(PQcmdTuples(r), NULL, 10);
		if (c->cells.list.len / columns > PGCONN_ROWS_MAX) {
			fail(c, true, "more than 1000 rows");
			return false;
		}
		return true;
	case PGRES_COMMAND_OK:
		if (c->step == PG_QUERY)
			c->count = *PQcmdTuples(r) ? strtoll(PQcmdTuples(r), NULL, 10)
						   : -1;
		/* A transaction that has failed says "rollback" to a commit. */
		if (c->step != PG_COMMIT || strcmp(PQcmdStatus(r), "COMMIT") == 0)
			return true;
		c->step = PG_WAIT; /* known: not committed */
		fail(c, false, "the server has rolled it back");
		return false;
	default:
		severity = PQresultErrorField(r, PG_DIAG_SEVERITY_NONLOCALIZED);
		/* An error is the server's answer to the commit; that it goes away is none. */
		if (c->step == PG_COMMIT && severity && strcmp(severity, "ERROR") == 0)
			c->step = PG_WAIT;
		if (state && strcmp(state, "25006") == 0)
			fail(c, true, "the query would write; a probe only reads");
		else
			fail(c, false, PQresultErrorMessage(r));
		return false;
	}
}

static void
read_results(struct pgconn *c)
{
	if (!PQconsumeInput(pgdial_pg(c->dial))) {
		fail(c, false, PQerrorMessage(pgdial_pg(c->dial)));
		return;
	}
	while (!c->ended && c->step != PG_WAIT && !PQisBusy(pgdial_pg(c->dial))) {
		PGresult *r = PQgetResult(pgdial_pg(c->dial));
		bool more;

		if (!r) {
			c->step = next_step(c);
			if (c->step == PG_DONE) {
				struct pgconn_end end = {.ok = true};

				finish(c, &end);
				return;
			}
			if (c->step != PG_WAIT && !send_step(c)) {
				fail(c, false, PQerrorMessage(pgdial_pg(c->dial)));
				return;
			}
			break;
		}
		more = take_result(c, r);
		PQclear(r);
		if (!more)
			return;
	}
}

/* ---- on the loop ---- */

static void
pg_up(void *ctx)
{
	struct pgconn *c = ctx;

	c->depth++;
	if (!send_step(c))
		fail(c, false, PQerrorMessage(pgdial_pg(c->dial)));
	leave(c);
}

static void
pg_ready(void *ctx)
{
	struct pgconn *c = ctx;
	int left = 0;

	c->depth++;
	PQflush(pgdial_pg(c->dial));
	read_results(c);
	left = c->ended ? 0 : PQflush(pgdial_pg(c->dial));
	if (!c->ended)
		pgdial_want(c->dial, LOOP_READ | (left > 0 ? LOOP_WRITE : 0));
	leave(c);
}

static void
pg_failed(void *ctx, bool unsure, const char *raw)
{
	fail(ctx, unsure, raw);
}

static void
take_statements(struct pgconn *c, const struct sqltext *t)
{
	for (size_t i = 0; t && i < t->list.len; i++) {
		struct pg_statement *a = vec_add(&c->act.list);

		a->text = mem_strdup(t->list.at[i].text);
		for (size_t k = 0; k < t->list.at[i].params.list.len; k++)
			vec_push(&a->params.list,
				mem_strdup(t->list.at[i].params.list.at[k]));
	}
}

struct pgconn *
pgconn_start(const struct pgconn_opts *o, pgconn_fn *fn, void *ctx, struct err *e)
{
	struct pgconn *c = mem_alloc(sizeof *c);

	c->loop = o->loop;
	c->fn = fn;
	c->ctx = ctx;
	c->sql = mem_strdup(o->sql);
	c->count = -1;
	c->read_only = o->read_only;
	c->on_begun = o->on_begun;
	take_statements(c, o->act);
	snprintf(c->limit, sizeof c->limit, "%lld",
		(long long)(o->timeout_ms > 0 ? o->timeout_ms : 10 * 1000));
	for (size_t i = 0; o->params && i < o->params->list.len; i++)
		vec_push(&c->params.list, mem_strdup(o->params->list.at[i]));
	c->dial = pgdial_start(
		o, &(struct pgdial_calls){pg_up, pg_ready, pg_failed, c}, e);
	if (c->dial)
		return c;
	destroy(c);
	return NULL;
}

void
pgconn_free(struct pgconn *c)
{
	if (!c || c->freed)
		return;
	c->ended = c->freed = true;
	if (c->depth == 0)
		destroy(c);
}

/* ---- the transaction of a step ---- */

void
pgconn_commit(struct pgconn *c)
{
	if (c->ended || c->freed || c->cancelled)
		return;
	c->may_commit = true;
	if (c->step != PG_WAIT)
		return;
	c->step = PG_COMMIT;
	c->depth++;
	if (!send_step(c)) {
		c->step = PG_WAIT; /* it has not left */
		fail(c, false, PQerrorMessage(pgdial_pg(c->dial)));
	} else {
		pgdial_want(c->dial, LOOP_READ | LOOP_WRITE);
	}
	leave(c);
}

bool
pgconn_cancel(struct pgconn *c)
{
	if (c->ended || c->step >= PG_COMMIT)
		return false;
	c->cancelled = true; /* and never committed */
	c->may_commit = false;
	if (!pgdial_connected(c->dial) || c->step == PG_WAIT) {
		fail(c, false, "cancelled before it was committed");
		return true;
	}
	if (!pgdial_relay(c->dial))
		pgcancel_start(c->loop, pgdial_pg(c->dial));
	else if (!c->far)
		c->far = pgcancel_through(c->loop, pgdial_pg(c->dial),
			pgdial_relay(c->dial), pgdial_where(c->dial));
	return true;
}
