#include "remote/pgconn.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <libpq-fe.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "remote/pgservice.h"
#include "remote/reach.h"
#include "remote/relay.h"

enum { DEFAULT_PORT = 5432, CELL_MAX = 1024 * 1024 };

/* What is sent, one after the other. */
enum pg_step { STEP_BEGIN, STEP_LIMIT, STEP_QUERY, STEP_DONE };

struct pgconn {
	struct loop *loop;
	pgconn_fn *fn;
	void *ctx;
	struct pairs settings;
	struct reach *reach;
	struct relay *relay;
	bool expected; /* the relay knows who comes */
	PGconn *pg;
	struct loop_fd *watch;
	struct loop_timer *soon;
	bool connected;
	enum pg_step step;
	char *sql, limit[24];
	struct strings params, columns, cells;
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
	struct pgconn_end end = {.unsure = unsure};
	size_t len = strlen(raw);

	while (len > 0 && (unsigned char)raw[len - 1] <= ' ')
		len--;
	text_harmless(&safe, raw, len, TEXT_ONE_LINE);
	end.why = safe.buf;
	finish(c, &end);
	str_release(&safe);
}

/* ---- asking ---- */

static bool
send_step(struct pgconn *c)
{
	const char *limit[] = {c->limit};

	switch (c->step) {
	case STEP_BEGIN:
		return PQsendQueryParams(
			c->pg, "begin read only", 0, NULL, NULL, NULL, NULL, 0);
	case STEP_LIMIT:
		return PQsendQueryParams(c->pg,
			"select set_config('statement_timeout', $1, true)", 1, NULL,
			limit, NULL, NULL, 0);
	case STEP_QUERY:
		return PQsendQueryParams(c->pg, c->sql, (int)c->params.list.len, NULL,
			       (const char *const *)c->params.list.at, NULL, NULL, 0) &&
			PQsetSingleRowMode(c->pg);
	case STEP_DONE:
		break;
	}
	return true;
}

static void
keep_rows(struct pgconn *c, const PGresult *r)
{
	int columns = PQnfields(r);

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

	switch (PQresultStatus(r)) {
	case PGRES_SINGLE_TUPLE:
	case PGRES_TUPLES_OK:
		if (c->step == STEP_QUERY)
			keep_rows(c, r);
		if (c->cells.list.len / columns > PGCONN_ROWS_MAX) {
			fail(c, true, "more than 1000 rows");
			return false;
		}
		return true;
	case PGRES_COMMAND_OK:
		return true;
	default:
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
	while (!c->ended && !PQisBusy(c->pg)) {
		PGresult *r = PQgetResult(c->pg);
		bool more;

		if (!r) {
			if (++c->step == STEP_DONE) {
				struct pgconn_end end = {.ok = true};

				finish(c, &end);
				return;
			}
			if (!send_step(c)) {
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

static const char *
setting(const struct pgconn *c, const char *key)
{
	return pairs_get(&c->settings, key);
}

static void
set(struct pgconn *c, const char *key, const char *value)
{
	for (size_t i = 0; i < c->settings.list.len; i++) {
		struct pair *p = &c->settings.list.at[i];

		if (strcmp(p->key, key) != 0)
			continue;
		mem_wipe_free(p->value, strlen(p->value));
		p->value = mem_strdup(value);
		return;
	}
	vec_push(&c->settings.list,
		(struct pair){.key = mem_strdup(key), .value = mem_strdup(value)});
}

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
		set(c, "hostaddr", end->address);
	} else {
		c->relay = relay_new(c->loop, end->fd, &number, &e);
		if (!c->relay) {
			fail(c, true, e.msg);
			return;
		}
		snprintf(port, sizeof port, "%d", number);
		set(c, "hostaddr", "127.0.0.1");
		set(c, "port", port);
	}
	connect_now(c);
}

/* Everything that a string or service says, and what we add to it. */
static bool
read_settings(struct pgconn *c, const struct pgconn_opts *o, struct err *e)
{
	char *said = NULL;
	PQconninfoOption *all;

	if (!o->dsn)
		return pgservice_read(o->service, &c->settings, e);
	all = PQconninfoParse(o->dsn, &said);
	if (!all)
		err_set(e, ERR_INPUT, "the connection string cannot be read");
	for (PQconninfoOption *i = all; i && i->keyword; i++)
		if (i->val)
			set(c, i->keyword, i->val);
	if (said)
		PQfreemem(said);
	PQconninfoFree(all);
	if (all && setting(c, "service")) {
		struct pairs more = {0};
		bool ok = pgservice_read(setting(c, "service"), &more, e);

		for (size_t i = 0; i < more.list.len; i++) {
			struct pair *p = &more.list.at[i];

			if (!setting(c, p->key))
				set(c, p->key, p->value);
			mem_free(p->key);
			mem_wipe_free(p->value, strlen(p->value));
		}
		vec_free(&more.list);
		return ok;
	}
	return all != NULL;
}

static void
set_safety(struct pgconn *c, const struct pgconn_opts *o, const char *host)
{
	const char *home = getenv("HOME");
	char *own = mem_printf("%s/.postgresql/root.crt", home ? home : "");
	bool local = *host == '/' || !*host || reach_is_loopback(host);

	set(c, "application_name", "handrail");
	set(c, "client_encoding", "UTF8");
	set(c, "gssencmode", "disable");
	if (o->ca)
		set(c, "sslrootcert", o->ca);
	if (o->cert)
		set(c, "sslcert", o->cert);
	if (o->key)
		set(c, "sslkey", o->key);
	if (!setting(c, "sslmode") && (o->ca || !local))
		set(c, "sslmode", "verify-full");
	/* This version of libpq does not know the system's certificates by itself. */
	if (!setting(c, "sslrootcert") && !file_exists(own) && setting(c, "sslmode") &&
		str_starts(setting(c, "sslmode"), "verify"))
		set(c, "sslrootcert", "/etc/ssl/certs/ca-certificates.crt");
	mem_free(own);
}

static bool
start(struct pgconn *c, const struct pgconn_opts *o, struct err *e)
{
	struct reach_spec s = {
		.http = o->http, .through = o->through, .timeout_ms = o->timeout_ms};
	const char *host, *port;
	bool ok;

	if (!read_settings(c, o, e))
		return false;
	host = setting(c, "host");
	if (!host && (host = getenv("PGHOST")))
		set(c, "host", host);
	host = setting(c, "host") ? setting(c, "host") : "";
	port = setting(c, "port") ? setting(c, "port") : "";
	if (strchr(host, ',') || strchr(port, ','))
		return err_set(
			e, ERR_INPUT, "name one host: a probe looks at one server");
	set_safety(c, o, host);
	if (*host == '/' || !*host || (setting(c, "hostaddr") && !o->through)) {
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
	s.host = mem_strdup(setting(c, "host"));
	c->reach = reach_start(&s, reached, c, e);
	ok = c->reach != NULL;
	mem_free((char *)s.host);
	return ok;
}

struct pgconn *
pgconn_start(const struct pgconn_opts *o, pgconn_fn *fn, void *ctx, struct err *e)
{
	struct pgconn *c = mem_alloc(sizeof *c);

	c->loop = o->loop;
	c->fn = fn;
	c->ctx = ctx;
	c->sql = mem_strdup(o->sql);
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
