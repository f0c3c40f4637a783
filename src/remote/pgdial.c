#include "remote/pgdial.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <libpq-fe.h>

#include "base/mem.h"
#include "remote/pgsettings.h"

enum { DEFAULT_PORT = 5432 };

struct pgdial {
	struct loop *loop;
	struct pgdial_calls calls;
	struct pairs settings;
	struct reach *reach;
	struct relay *relay;
	struct reach_spec where; /* host is ours */
	bool expected;           /* the relay knows who comes */
	PGconn *pg;
	struct loop_fd *watch;
	struct loop_timer *soon;
	bool connected;
};

static void
fail(struct pgdial *d, bool unsure, const char *raw)
{
	pgdial_rest(d);
	d->calls.on_fail(d->calls.ctx, unsure, raw);
}

/* ---- on the loop ---- */

static void connect_step(struct pgdial *d);

static void
pg_ready(void *ctx, int ready)
{
	struct pgdial *d = ctx;

	(void)ready; /* an error shows in the call that meets it */
	if (d->connected)
		d->calls.on_ready(d->calls.ctx);
	else
		connect_step(d);
}

/* libpq may have another socket under the same number now: watch it anew each time. */
static void
watch(struct pgdial *d, int what)
{
	if (d->watch)
		loop_fd_free(d->watch);
	d->watch = NULL;
	if (PQsocket(d->pg) < 0)
		return;
	d->watch = loop_fd_new(d->loop, PQsocket(d->pg), pg_ready, d);
	if (d->watch)
		loop_fd_want(d->watch, what);
}

/* Our own connection to the relay, and nobody else's. */
static void
tell_relay(struct pgdial *d)
{
	struct sockaddr_in a;
	socklen_t len = sizeof a;

	if (!d->relay || d->expected || PQsocket(d->pg) < 0 ||
		getsockname(PQsocket(d->pg), (struct sockaddr *)&a, &len) < 0 ||
		a.sin_port == 0)
		return;
	d->expected = true;
	relay_expect(d->relay, ntohs(a.sin_port));
}

static void
connect_step(struct pgdial *d)
{
	if (d->watch)
		loop_fd_free(d->watch);
	d->watch = NULL;
	switch (PQconnectPoll(d->pg)) {
	case PGRES_POLLING_READING:
		watch(d, LOOP_READ);
		break;
	case PGRES_POLLING_WRITING:
		watch(d, LOOP_WRITE);
		break;
	case PGRES_POLLING_OK:
		d->connected = true;
		PQsetnonblocking(d->pg, 1);
		watch(d, LOOP_READ | LOOP_WRITE);
		d->calls.on_up(d->calls.ctx);
		return;
	case PGRES_POLLING_FAILED:
	case PGRES_POLLING_ACTIVE:
		fail(d, false, PQerrorMessage(d->pg));
		return;
	}
	tell_relay(d);
}

/* ---- connecting ---- */

static void
drop_notice(void *ctx, const PGresult *r)
{
	(void)ctx, (void)r;
}

static void
connect_now(struct pgdial *d)
{
	VEC_OF(const char *) keys = {0}, values = {0};

	for (size_t i = 0; i < d->settings.list.len; i++) {
		vec_push(&keys, d->settings.list.at[i].key);
		vec_push(&values, d->settings.list.at[i].value);
	}
	vec_push(&keys, NULL);
	vec_push(&values, NULL);
	/* 0: a name of a database is never read as a connection string. */
	d->pg = PQconnectStartParams(keys.at, values.at, 0);
	vec_free(&keys);
	vec_free(&values);
	if (!d->pg || PQstatus(d->pg) == CONNECTION_BAD) {
		fail(d, true, d->pg ? PQerrorMessage(d->pg) : "out of memory");
		return;
	}
	PQsetNoticeReceiver(d->pg, drop_notice, NULL);
	watch(d, LOOP_WRITE);
	tell_relay(d);
}

static void
begin(void *ctx)
{
	connect_now(ctx);
}

static void
reached(void *ctx, const struct reach_end *end)
{
	struct pgdial *d = ctx;
	struct err e = ERR_INIT;
	char port[16];
	int number;

	if (end->state != REACH_OPEN) {
		fail(d, end->state == REACH_UNKNOWN, end->why);
		return;
	}
	if (*end->address) { /* it answers there: libpq makes its own connection */
		close(end->fd);
		pgsettings_set(&d->settings, "hostaddr", end->address);
	} else {
		d->relay = relay_new(d->loop, end->fd, &number, &e);
		if (!d->relay) {
			fail(d, true, e.msg);
			return;
		}
		snprintf(port, sizeof port, "%d", number);
		pgsettings_set(&d->settings, "hostaddr", "127.0.0.1");
		pgsettings_set(&d->settings, "port", port);
	}
	connect_now(d);
}

static bool
start(struct pgdial *d, const struct pgconn_opts *o, struct err *e)
{
	struct reach_spec s = {
		.http = o->http, .through = o->through, .timeout_ms = o->timeout_ms};
	const char *host, *port, *addr;

	if (!pgsettings_read(&d->settings, o, e))
		return false;
	host = pairs_get(&d->settings, "host");
	if (!host && (host = getenv("PGHOST")))
		pgsettings_set(&d->settings, "host", host);
	host = pairs_get(&d->settings, "host") ? pairs_get(&d->settings, "host") : "";
	port = pairs_get(&d->settings, "port") ? pairs_get(&d->settings, "port") : "";
	addr = pairs_get(&d->settings, "hostaddr");
	if (!addr && !o->through && (addr = getenv("PGHOSTADDR")) && *addr)
		pgsettings_set(&d->settings, "hostaddr", addr);
	if (strchr(host, ',') || strchr(port, ',') || (addr && strchr(addr, ',')))
		return err_set(e, ERR_INPUT, "name one host: one server is spoken with");
	pgsettings_safe(&d->settings, o, host);
	if (*host == '/' || !*host ||
		(pairs_get(&d->settings, "hostaddr") && !o->through)) {
		if (o->through)
			return err_set(e, ERR_INPUT,
				"through: wants a host name in the connection string");
		loop_timer_start(d->soon, 0, 0);
		return true;
	}
	s.port = *port ? (int)strtol(port, NULL, 10) : DEFAULT_PORT;
	if (s.port < 1 || s.port > 65535)
		return err_set(e, ERR_INPUT,
			"the connection string has no port from 1 to 65535");
	s.host = mem_strdup(pairs_get(&d->settings, "host"));
	d->where = s;
	d->reach = reach_start(&d->where, reached, d, e);
	return d->reach != NULL;
}

struct pgdial *
pgdial_start(const struct pgconn_opts *o, const struct pgdial_calls *calls, struct err *e)
{
	struct pgdial *d = mem_alloc(sizeof *d);

	d->loop = o->loop;
	d->calls = *calls;
	d->soon = loop_timer_new(o->loop, begin, d);
	if (start(d, o, e))
		return d;
	pgdial_free(d);
	return NULL;
}

struct pg_conn *
pgdial_pg(const struct pgdial *d)
{
	return d->pg;
}

bool
pgdial_connected(const struct pgdial *d)
{
	return d->connected;
}

void
pgdial_want(struct pgdial *d, int ready)
{
	if (d->watch)
		loop_fd_want(d->watch, ready);
}

void
pgdial_rest(struct pgdial *d)
{
	if (d->watch)
		loop_fd_free(d->watch);
	d->watch = NULL;
}

struct relay *
pgdial_relay(const struct pgdial *d)
{
	return d->relay;
}

const struct reach_spec *
pgdial_where(const struct pgdial *d)
{
	return &d->where;
}

void
pgdial_free(struct pgdial *d)
{
	if (!d)
		return;
	pgdial_rest(d);
	PQfinish(d->pg);
	mem_free((char *)d->where.host);
	relay_free(d->relay);
	reach_free(d->reach);
	loop_timer_free(d->soon);
	for (size_t i = 0; i < d->settings.list.len; i++) {
		struct pair *p = &d->settings.list.at[i];

		mem_free(p->key);
		mem_wipe_free(p->value, strlen(p->value));
	}
	vec_free(&d->settings.list);
	mem_free(d);
}
