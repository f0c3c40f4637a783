#include "remote/pgconn.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <libpq-fe.h>

#include "base/mem.h"
#include "base/text.h"
#include "model/sqltext.h"
#include "remote/pgcancel.h"
#include "remote/pgsettings.h"
#include "remote/reach.h"
#include "remote/relay.h"

enum { DEFAULT_PORT = 5432, CELL_MAX = 1024 * 1024 };

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
	struct pairs settings;
	struct reach *reach;
	struct relay *relay;
	struct reach_spec where; /* host is ours */
	struct pgcancel_far *far;
	bool expected; /* the relay knows who comes */
	PGconn *pg;
	struct loop_fd *watch;
	struct loop_timer *soon;
	bool connected;
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
	if (c->watch)
		loop_fd_free(c->watch);
	PQfinish(c->pg);
	pgcancel_far_free(c->far);
	mem_free((char *)c->where.host);
	relay_free(c->relay);
	reach_free(c->reach);
	loop_timer_free(c->soon);
	for (size_t i = 0; i < c->settings.list.len; i++) {
		struct pair *p = &c->settings.list.at[i];

		mem_free(p->key);
		mem_wipe_free(p->value, strlen(p->value));
	}
	vec_free(&c->settings.list);
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
	if (c->watch)
		loop_fd_free(c->watch);
	c->watch = NULL;
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
	return PQsendQueryParams(c->pg, text, 0, NULL, NULL, NULL, NULL, 0);
}

static bool
send_statement(struct pgconn *c)
{
	const struct pg_statement *a = c->act.list.len ? &c->act.list.at[c->at] : NULL;
	const struct strings *params = a ? &a->params : &c->params;

	free_strings(&c->columns);
	free_strings(&c->cells);
	return PQsendQueryParams(c->pg, a ? a->text : c->sql, (int)params->list.len, NULL,
		       (const char *const *)params->list.at, NULL, NULL, 0) &&
		PQsetSingleRowMode(c->pg);
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
		return PQsendQueryParams(c->pg,
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
	if (!PQconsumeInput(c->pg)) {
		fail(c, false, PQerrorMessage(c->pg));
		return;
	}
	while (!c->ended && c->step != PG_WAIT && !PQisBusy(c->pg)) {
		PGresult *r = PQgetResult(c->pg);
		bool more;

		if (!r) {
			c->step = next_step(c);
			if (c->step == PG_DONE) {
				struct pgconn_end end = {.ok = true};

				finish(c, &end);
				return;
			}
			if (c->step != PG_WAIT && !send_step(c)) {
				fail(c, false, PQerrorMessage(c->pg));
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

static void step(struct pgconn *c);

static void
pg_ready(void *ctx, int ready)
{
	(void)ready; /* an error shows in the call that meets it */
	step(ctx);
}

/* libpq may have another socket under the same number now: watch it anew each time. */
static void
watch(struct pgconn *c, int what)
{
	if (c->watch)
		loop_fd_free(c->watch);
	c->watch = NULL;
	if (PQsocket(c->pg) < 0)
		return;
	c->watch = loop_fd_new(c->loop, PQsocket(c->pg), pg_ready, c);
	if (c->watch)
		loop_fd_want(c->watch, what);
}

/* Our own connection to the relay, and nobody else's. */
static void
tell_relay(struct pgconn *c)
{
	struct sockaddr_in a;
	socklen_t len = sizeof a;

	if (!c->relay || c->expected || PQsocket(c->pg) < 0 ||
		getsockname(PQsocket(c->pg), (struct sockaddr *)&a, &len) < 0 ||
		a.sin_port == 0)
		return;
	c->expected = true;
	relay_expect(c->relay, ntohs(a.sin_port));
}

static void
connect_step(struct pgconn *c)
{
	if (c->watch)
		loop_fd_free(c->watch);
	c->watch = NULL;
	switch (PQconnectPoll(c->pg)) {
	case PGRES_POLLING_READING:
		watch(c, LOOP_READ);
		break;
	case PGRES_POLLING_WRITING:
		watch(c, LOOP_WRITE);
		break;
	case PGRES_POLLING_OK:
		c->connected = true;
		PQsetnonblocking(c->pg, 1);
		if (send_step(c))
			watch(c, LOOP_READ | LOOP_WRITE);
		else
			fail(c, false, PQerrorMessage(c->pg));
		return;
	case PGRES_POLLING_FAILED:
	case PGRES_POLLING_ACTIVE:
		fail(c, false, PQerrorMessage(c->pg));
		return;
	}
	tell_relay(c);
}

static void
step(struct pgconn *c)
{
	int left = 0;

	c->depth++;
	if (!c->connected) {
		connect_step(c);
	} else {
		PQflush(c->pg);
		read_results(c);
		left = c->ended ? 0 : PQflush(c->pg);
		if (!c->ended && c->watch)
			loop_fd_want(c->watch, LOOP_READ | (left > 0 ? LOOP_WRITE : 0));
	}
	leave(c);
}

/* ---- connecting ---- */

static void
drop_notice(void *ctx, const PGresult *r)
{
	(void)ctx, (void)r;
}

static void
connect_now(struct pgconn *c)
{
	VEC_OF(const char *) keys = {0}, values = {0};

	for (size_t i = 0; i < c->settings.list.len; i++) {
		vec_push(&keys, c->settings.list.at[i].key);
		vec_push(&values, c->settings.list.at[i].value);
	}
	vec_push(&keys, NULL);
	vec_push(&values, NULL);
	/* 0: a name of a database is never read as a connection string. */
	c->pg = PQconnectStartParams(keys.at, values.at, 0);
	vec_free(&keys);
	vec_free(&values);
	if (!c->pg || PQstatus(c->pg) == CONNECTION_BAD) {
		fail(c, true, c->pg ? PQerrorMessage(c->pg) : "out of memory");
		return;
	}
	PQsetNoticeReceiver(c->pg, drop_notice, NULL);
	watch(c, LOOP_WRITE);
	tell_relay(c);
}

static void
begin(void *ctx)
{
	connect_now(ctx);
}

static void
reached(void *ctx, const struct reach_end *end)
{
	struct pgconn *c = ctx;
	struct err e = ERR_INIT;
	char port[16];
	int number;

	if (end->state != REACH_OPEN) {
		fail(c, end->state == REACH_UNKNOWN, end->why);
		return;
	}
	if (*end->address) { /* it answers there: libpq makes its own connection */
		close(end->fd);
		pgsettings_set(&c->settings, "hostaddr", end->address);
	} else {
		c->relay = relay_new(c->loop, end->fd, &number, &e);
		if (!c->relay) {
			fail(c, true, e.msg);
			return;
		}
		snprintf(port, sizeof port, "%d", number);
		pgsettings_set(&c->settings, "hostaddr", "127.0.0.1");
		pgsettings_set(&c->settings, "port", port);
	}
	connect_now(c);
}

static bool
start(struct pgconn *c, const struct pgconn_opts *o, struct err *e)
{
	struct reach_spec s = {
		.http = o->http, .through = o->through, .timeout_ms = o->timeout_ms};
	const char *host, *port;

	if (!pgsettings_read(&c->settings, o, e))
		return false;
	host = pairs_get(&c->settings, "host");
	if (!host && (host = getenv("PGHOST")))
		pgsettings_set(&c->settings, "host", host);
	host = pairs_get(&c->settings, "host") ? pairs_get(&c->settings, "host") : "";
	port = pairs_get(&c->settings, "port") ? pairs_get(&c->settings, "port") : "";
	if (strchr(host, ',') || strchr(port, ','))
		return err_set(
			e, ERR_INPUT, "name one host: a probe looks at one server");
	pgsettings_safe(&c->settings, o, host);
	if (*host == '/' || !*host ||
		(pairs_get(&c->settings, "hostaddr") && !o->through)) {
		if (o->through)
			return err_set(e, ERR_INPUT,
				"through: wants a host name in the connection string");
		loop_timer_start(c->soon, 0, 0);
		return true;
	}
	s.port = *port ? (int)strtol(port, NULL, 10) : DEFAULT_PORT;
	if (s.port < 1 || s.port > 65535)
		return err_set(e, ERR_INPUT,
			"the connection string has no port from 1 to 65535");
	s.host = mem_strdup(pairs_get(&c->settings, "host"));
	c->where = s;
	c->reach = reach_start(&c->where, reached, c, e);
	return c->reach != NULL;
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
	c->soon = loop_timer_new(o->loop, begin, c);
	snprintf(c->limit, sizeof c->limit, "%lld",
		(long long)(o->timeout_ms > 0 ? o->timeout_ms : 10 * 1000));
	for (size_t i = 0; o->params && i < o->params->list.len; i++)
		vec_push(&c->params.list, mem_strdup(o->params->list.at[i]));
	if (start(c, o, e))
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
		fail(c, false, PQerrorMessage(c->pg));
	} else if (c->watch) {
		loop_fd_want(c->watch, LOOP_READ | LOOP_WRITE);
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
	if (!c->connected || c->step == PG_WAIT) {
		fail(c, false, "cancelled before it was committed");
		return true;
	}
	if (!c->relay)
		pgcancel_start(c->loop, c->pg);
	else if (!c->far)
		c->far = pgcancel_through(c->loop, c->pg, c->relay, &c->where);
	return true;
}
