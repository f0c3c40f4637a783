#include "remote/pgcancel.h"

#include <libpq-fe.h>

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
