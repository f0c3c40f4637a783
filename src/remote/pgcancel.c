#include "remote/pgcancel.h"

#include <libpq-fe.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"

struct pgcancel {
	PGcancel *cancel;
};

static void
cancel_work(void *ctx)
{
	struct pgcancel *k = ctx;
	char said[256];

	PQcancel(k->cancel, said, sizeof said);
}

static void
cancel_done(void *ctx)
{
	struct pgcancel *k = ctx;

	PQfreeCancel(k->cancel);
	mem_free(k);
}

void
pgcancel_start(struct loop *l, struct pg_conn *pg)
{
	struct pgcancel *k = mem_alloc(sizeof *k);

	k->cancel = PQgetCancel(pg);
	if (k->cancel)
		loop_work_start(l, cancel_work, cancel_done, k);
	else
		mem_free(k);
}

/* ---- through a host -------------------------------------------------------------------- */

struct pgcancel_far {
	const struct reach_spec *where;
	struct reach *reach;
	int fd;
	unsigned char packet[RELAY_CANCEL_BYTES];
};

static void
reached(void *ctx, const struct reach_end *end)
{
	struct pgcancel_far *k = ctx;
	ssize_t sent;

	if (end->state != REACH_OPEN)
		return; /* the query goes on, and its end says so */
	k->fd = end->fd;
	sent = send(k->fd, k->packet, sizeof k->packet, MSG_NOSIGNAL);
	(void)sent; /* so few bytes of a new connection are taken or it is gone */
}

static void
packet_came(void *ctx, const unsigned char packet[RELAY_CANCEL_BYTES])
{
	struct pgcancel_far *k = ctx;
	struct err e = ERR_INIT; /* as above */

	memcpy(k->packet, packet, sizeof k->packet);
	k->reach = reach_start(k->where, reached, k, &e);
}

struct pgcancel_far *
pgcancel_through(struct loop *l, struct pg_conn *pg, struct relay *relay,
	const struct reach_spec *where)
{
	struct pgcancel_far *k = mem_alloc(sizeof *k);

	k->where = where;
	k->fd = -1;
	relay_take_cancel(relay, PQbackendPID(pg), packet_came, k);
	pgcancel_start(l, pg);
	return k;
}

void
pgcancel_far_free(struct pgcancel_far *k)
{
	if (!k)
		return;
	if (k->fd >= 0)
		close(k->fd);
	reach_free(k->reach);
	mem_wipe(k->packet, sizeof k->packet);
	mem_free(k);
}
