#include "remote/pgkeep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libpq-fe.h>

#include "base/bug.h"
#include "base/mem.h"
#include "base/text.h"
#include "remote/pgdial.h"

struct pgkeep {
	struct loop *loop;
	struct pgkeep_calls calls;
	struct pgdial *dial;
	struct loop_timer *deadline;
	int64_t timeout_ms;
	pgkeep_fn *fn; /* NULL: nothing is asked */
	void *ctx;
	PGresult *last; /* of what is asked */
	bool down, freed, unsent;
	int depth; /* of calls; freed inside one it goes after the outermost */
};

struct pgkeep_rows {
	const PGresult *r;
};

static const char no_answer[] = "the server answers without an answer";

static void
destroy(struct pgkeep *k)
{
	PQclear(k->last);
	pgdial_free(k->dial);
	loop_timer_free(k->deadline);
	mem_free(k);
}

static void
leave(struct pgkeep *k)
{
	if (--k->depth == 0 && k->freed)
		destroy(k);
}

static void
go_down(struct pgkeep *k, const char *raw)
{
	struct str safe = STR_INIT;
	size_t len = strlen(raw);
	char *line;

	if (k->down || k->freed)
		return;
	k->down = true;
	k->fn = NULL;
	if (k->dial)
		pgdial_rest(k->dial);
	loop_timer_stop(k->deadline);
	while (len > 0 && (unsigned char)raw[len - 1] <= ' ')
		len--;
	line = str_flatten(mem_strndup(raw, len));
	text_harmless(&safe, line, len, TEXT_ONE_LINE);
	mem_free(line);
	k->depth++;
	k->calls.on_down(k->calls.ctx, safe.buf);
	leave(k);
	str_release(&safe);
}

/* ---- answers ---------------------------------------------------------------------------- */

const char *
pgkeep_cell(const struct pgkeep_rows *r, int row, int column)
{
	if (row >= PQntuples(r->r) || column >= PQnfields(r->r))
		return NULL;
	return PQgetisnull(r->r, row, column) ? NULL : PQgetvalue(r->r, row, column);
}

bool
pgkeep_number(const char *cell, int64_t *out)
{
	enum { DIGITS_MAX = 18 };
	size_t digits = cell ? strspn(cell, "0123456789") : 0;

	*out = -1;
	if (!digits || digits > DIGITS_MAX || cell[digits])
		return false;
	*out = strtoll(cell, NULL, 10);
	return true;
}

static void
answer(struct pgkeep *k)
{
	PGresult *r = k->last;
	ExecStatusType st = PQresultStatus(r);
	const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
	const char *said = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
	struct pgkeep_answer a = {.ok = st == PGRES_TUPLES_OK || st == PGRES_COMMAND_OK};
	struct pgkeep_rows rows = {r};
	struct str safe = STR_INIT;
	pgkeep_fn *fn = k->fn;

	a.rows = a.ok ? PQntuples(r) : 0;
	a.columns = a.ok ? PQnfields(r) : 0;
	a.of = &rows;
	if (!a.ok) {
		snprintf(a.state, sizeof a.state, "%s", state ? state : "");
		said = said ? said : PQresultErrorMessage(r);
		text_harmless(&safe, said, strlen(said), TEXT_ONE_LINE);
	}
	a.why = safe.buf;
	k->last = NULL;
	k->fn = NULL;
	loop_timer_stop(k->deadline);
	fn(k->ctx, &a);
	PQclear(r);
	str_release(&safe);
}

/* PQgetResult would give it again and again, waiting for us to copy. */
static bool
wants_copy(const PGresult *r)
{
	ExecStatusType st = PQresultStatus(r);

	return st == PGRES_COPY_IN || st == PGRES_COPY_OUT || st == PGRES_COPY_BOTH;
}

static void
read_answers(struct pgkeep *k)
{
	PGconn *pg = pgdial_pg(k->dial);
	PGnotify *n;

	if (!PQconsumeInput(pg)) {
		go_down(k, PQerrorMessage(pg));
		return;
	}
	while ((n = PQnotifies(pg))) {
		if (k->calls.on_notify && !k->freed && !k->down)
			k->calls.on_notify(k->calls.ctx, n->extra);
		PQfreemem(n);
	}
	while (k->fn && !k->freed && !PQisBusy(pg)) {
		PGresult *r = PQgetResult(pg);

		if (r && wants_copy(r)) {
			PQclear(r);
			go_down(k, "the server wants to copy, which nobody asked for");
		} else if (r) {
			/* An error stays, whatever follows it. */
			ExecStatusType was = k->last ? PQresultStatus(k->last)
						     : PGRES_COMMAND_OK;

			if (was == PGRES_FATAL_ERROR) {
				PQclear(r);
			} else {
				PQclear(k->last);
				k->last = r;
			}
		} else if (PQstatus(pg) == CONNECTION_BAD) {
			go_down(k,
				k->last ? PQresultErrorMessage(k->last)
					: PQerrorMessage(pg));
		} else if (k->last) {
			answer(k);
		} else {
			go_down(k, no_answer);
		}
	}
	if (!k->freed && !k->down && PQstatus(pg) == CONNECTION_BAD)
		go_down(k, PQerrorMessage(pg));
}

static void
work(struct pgkeep *k)
{
	int left;

	k->depth++;
	PQflush(pgdial_pg(k->dial));
	read_answers(k);
	if (!k->freed && !k->down) {
		left = PQflush(pgdial_pg(k->dial));
		pgdial_want(k->dial, LOOP_READ | (left > 0 ? LOOP_WRITE : 0));
	}
	leave(k);
}

static void
dial_ready(void *ctx)
{
	work(ctx);
}

static void
too_late(void *ctx)
{
	struct pgkeep *k = ctx;
	char why[80];

	snprintf(why, sizeof why, "no answer within %lld s",
		(long long)k->timeout_ms / 1000);
	go_down(k, k->unsent ? PQerrorMessage(pgdial_pg(k->dial)) : why);
}

/* ---- asking ------------------------------------------------------------------------------- */

bool
pgkeep_is_free(const struct pgkeep *k)
{
	return !k->down && !k->fn && pgdial_connected(k->dial);
}

static void
begin(struct pgkeep *k, pgkeep_fn *fn, void *ctx)
{
	BUG_ON(!pgkeep_is_free(k));
	k->fn = fn;
	k->ctx = ctx;
	loop_timer_start(k->deadline, k->timeout_ms, 0);
}

/* What could not be sent is told in the next turn. */
static void
sent(struct pgkeep *k, bool ok)
{
	k->unsent = !ok;
	if (!ok)
		loop_timer_start(k->deadline, 0, 0);
	PQflush(pgdial_pg(k->dial));
	pgdial_want(k->dial, LOOP_READ | LOOP_WRITE);
}

void
pgkeep_ask(struct pgkeep *k, const char *sql, const struct pgkeep_value *values,
	int count, pgkeep_fn *fn, void *ctx)
{
	enum { VALUES_MAX = 8, BYTEA = 17 };
	const char *at[VALUES_MAX];
	int lens[VALUES_MAX], formats[VALUES_MAX];
	Oid types[VALUES_MAX];

	BUG_ON(count > VALUES_MAX);
	begin(k, fn, ctx);
	for (int i = 0; i < count; i++) {
		at[i] = values[i].at;
		lens[i] = (int)values[i].len;
		formats[i] = values[i].bytes;
		types[i] = values[i].bytes ? BYTEA : 0;
	}
	sent(k,
		PQsendQueryParams(
			pgdial_pg(k->dial), sql, count, types, at, lens, formats, 0));
}

void
pgkeep_script(struct pgkeep *k, const char *sql, pgkeep_fn *fn, void *ctx)
{
	begin(k, fn, ctx);
	sent(k, PQsendQuery(pgdial_pg(k->dial), sql));
}

/* ---- made and left ------------------------------------------------------------------------ */

static void
prepared(void *ctx, const struct pgkeep_answer *a)
{
	struct pgkeep *k = ctx;

	if (a->ok && a->rows == 1)
		k->calls.on_up(k->calls.ctx);
	else
		go_down(k, a->ok ? no_answer : a->why);
}

/* Before anything else: what is called without a schema is PostgreSQL's own, whatever stands
 * in public; and a statement ends there before it is given up here. */
static void
dial_up(void *ctx)
{
	static const char sql[] =
		"select pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', false), "
		"pg_catalog.set_config('statement_timeout', $1, false), "
		"pg_catalog.set_config('lock_timeout', $2, false)";
	struct pgkeep *k = ctx;
	char statement[24], lock[24];

	snprintf(statement, sizeof statement, "%lld", (long long)k->timeout_ms * 9 / 10);
	snprintf(lock, sizeof lock, "%lld", (long long)k->timeout_ms * 8 / 10);
	k->depth++;
	pgkeep_ask(k, sql,
		(struct pgkeep_value[]){{statement, strlen(statement), false},
			{lock, strlen(lock), false}},
		2, prepared, k);
	leave(k);
}

static void
dial_failed(void *ctx, bool unsure, const char *raw)
{
	(void)unsure;
	go_down(ctx, raw);
}

struct pgkeep *
pgkeep_start(const struct pgkeep_opts *o, const struct pgkeep_calls *calls, struct err *e)
{
	struct pgkeep *k = mem_alloc(sizeof *k);

	k->loop = o->loop;
	k->calls = *calls;
	k->timeout_ms = o->timeout_ms;
	k->deadline = loop_timer_new(o->loop, too_late, k);
	k->dial = pgdial_start(&(struct pgconn_opts){.loop = o->loop,
				       .http = o->http,
				       .service = o->service,
				       .timeout_ms = o->timeout_ms},
		&(struct pgdial_calls){dial_up, dial_ready, dial_failed, k}, e);
	if (!k->dial) {
		destroy(k);
		return NULL;
	}
	loop_timer_start(k->deadline, o->timeout_ms, 0);
	return k;
}

void
pgkeep_free(struct pgkeep *k)
{
	if (!k || k->freed)
		return;
	k->freed = k->down = true;
	if (k->depth == 0)
		destroy(k);
}
