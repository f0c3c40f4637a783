#include "share/lease.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "remote/pace.h"
#include "remote/pgkeep.h"
#include "share/cons.h"
#include "share/storesql.h"

enum {
	ANSWER_MS = 10 * 1000,
	BEAT_MS = 10 * 1000,
	LAPSE_MS = 30 * 1000, /* as in store.sql */
	DOUBT_MS = 2000,
	FIRST_WAIT_MS = 1000,
	LAST_WAIT_MS = 30 * 1000,
	LEASES = 2, /* version of the store that has them */
	NAME_MAX_BYTES = 400,
};

static const char driver_sql[] =
	"select epoch, con, who from handrail.driver where run = $1";
static const char take_sql[] = "insert into handrail.lease (run, epoch, con, who) "
			       "values ($1, $2::bigint, $3, $4)";
static const char keep_sql[] = "update handrail.lease set until = until "
			       "where run = $1 and epoch = $2::bigint and con = $3 "
			       "returning epoch";
static const char leave_sql[] = "update handrail.lease set left_at = until "
				"where run = $1 and epoch = $2::bigint and con = $3";
struct lease {
	struct lease_opts o;
	char *service, *run, *con, *who, *cons;
	char epoch[24];
	struct pgkeep *pg; /* NULL: waiting for another try, or none is wanted */
	struct loop_timer *again, *beat, *doubt;
	enum lease_how how;
	bool listening; /* version and channel are settled */
	bool check, keep, leave, left;
	struct mono held, asked; /* asked: when what is under way was sent */
	bool doubted;            /* somebody waits to hear that it is held */
	bool woken; /* it went down while nobody here looked: asked once more */
	int tries;
	char why[320];
	char *by_who, *by_con;
	int64_t by_epoch;
};

static void next(struct lease *l);

static void
become(struct lease *l, enum lease_how how, const char *why)
{
	bool same = l->how == how && strcmp(l->why, why) == 0;

	l->how = how;
	snprintf(l->why, sizeof l->why, "%s", why);
	if (!same && l->o.on_state)
		l->o.on_state(l->o.ctx);
}

/* Whoever waits for an answer has one: the store says nothing now. */
static void
hang_up(struct lease *l)
{
	pgkeep_free(l->pg);
	l->pg = NULL;
	l->listening = false;
	l->doubted = false;
	loop_timer_stop(l->beat);
	loop_timer_stop(l->doubt);
}

/* No answer came in time because this process slept: that says nothing of the store. */
static void
wake(struct lease *l, const char *why)
{
	hang_up(l);
	l->woken = l->doubted = true;
	loop_timer_start(l->doubt, DOUBT_MS, 0);
	loop_timer_start(l->again, 0, 0);
	become(l, LEASE_DOWN, why);
}

static void
try_later(struct lease *l, const char *why)
{
	int64_t wait = FIRST_WAIT_MS, now = clock_mono().ms;

	if (l->how == LEASE_HELD && now - l->held.ms >= pace_ms(LAPSE_MS)) {
		wake(l, why);
		return;
	}
	if (l->woken) { /* the doubt ends it */
		pgkeep_free(l->pg);
		l->pg = NULL;
		l->listening = false;
		loop_timer_start(l->again, pace_ms(FIRST_WAIT_MS), 0);
		return;
	}
	hang_up(l);
	for (int i = 0; i < l->tries && wait < LAST_WAIT_MS; i++)
		wait *= 2;
	if (wait > LAST_WAIT_MS)
		wait = LAST_WAIT_MS;
	l->tries++;
	loop_timer_start(l->again, pace_ms(wait / 2 + now % (wait / 2 + 1)), 0);
	become(l, LEASE_DOWN, why);
}

static void
lost_to(struct lease *l, const char *who, const char *con, int64_t epoch)
{
	hang_up(l);
	mem_free(l->by_who);
	mem_free(l->by_con);
	l->by_who = text_harmless_dup(who);
	l->by_con = text_harmless_dup(con);
	l->by_epoch = epoch;
	become(l, LEASE_LOST, "");
}

static void
is_held(struct lease *l)
{
	bool waited_for;

	l->tries = 0;
	/* The answer may have waited for us as long as this process slept. */
	l->held = l->asked;
	waited_for = l->doubted && clock_mono().ms - l->held.ms < pace_ms(LAPSE_MS);
	loop_timer_start(l->beat, pace_ms(BEAT_MS), 0);
	become(l, LEASE_HELD, "");
	next(l);
	if (waited_for) {
		l->doubted = l->woken = false;
		loop_timer_stop(l->doubt);
		if (l->o.on_state)
			l->o.on_state(l->o.ctx);
	}
}

/* An answer that is an error. HR004: somebody else may have it; who, that is asked. */
static void
refused(struct lease *l, const struct pgkeep_answer *a)
{
	const char *cure = storesql_cure(a->state);

	if (strcmp(a->state, "HR004") == 0) {
		l->check = true;
		next(l);
	} else {
		try_later(l, cure ? cure : a->why);
	}
}

/* ---- the lease --------------------------------------------------------------------------- */

static void
taken(void *ctx, const struct pgkeep_answer *a)
{
	if (a->ok)
		is_held(ctx);
	else
		refused(ctx, a);
}

static void
kept(void *ctx, const struct pgkeep_answer *a)
{
	struct lease *l = ctx;

	if (!a->ok)
		refused(l, a);
	else if (a->rows)
		is_held(l);
	else { /* the store was emptied, or put back to what it was */
		l->check = true;
		next(l);
	}
}

static void
take(struct lease *l)
{
	const struct pgkeep_value values[] = {{l->run, strlen(l->run), false},
		{l->epoch, strlen(l->epoch), false}, {l->con, strlen(l->con), false},
		{l->who, strlen(l->who), false}};

	l->asked = clock_mono();
	pgkeep_ask(l->pg, take_sql, values, 4, taken, l);
}

static void
keep(struct lease *l, const char *sql, pgkeep_fn *fn)
{
	const struct pgkeep_value values[] = {{l->run, strlen(l->run), false},
		{l->epoch, strlen(l->epoch), false}, {l->con, strlen(l->con), false}};

	l->asked = clock_mono();
	pgkeep_ask(l->pg, sql, values, 3, fn, l);
}

static void
driver_came(void *ctx, const struct pgkeep_answer *a)
{
	struct lease *l = ctx;
	const char *con = a->rows ? pgkeep_cell(a->of, 0, 1) : "";
	const char *who = a->rows ? pgkeep_cell(a->of, 0, 2) : "";
	int64_t epoch = 0;

	if (!a->ok)
		refused(l, a);
	else if (a->rows &&
		(!pgkeep_number(pgkeep_cell(a->of, 0, 0), &epoch) || !con || !who))
		try_later(l, PGKEEP_ODD);
	/* what its holder wrote is here, too; else the run goes on elsewhere */
	else if (!epoch || (epoch < l->o.epoch && cons_has(l->cons, con)))
		take(l);
	else if (epoch == l->o.epoch && strcmp(con, l->con) == 0)
		keep(l, keep_sql, kept);
	else
		lost_to(l, who, con, epoch);
}

static void
left(void *ctx, const struct pgkeep_answer *a)
{
	struct lease *l = ctx;

	(void)a; /* nobody waits for it */
	l->left = true;
}

/* ---- one question at a time --------------------------------------------------------------- */

static void
driver_ask(struct lease *l)
{
	pgkeep_ask(l->pg, driver_sql,
		&(struct pgkeep_value){l->run, strlen(l->run), false}, 1, driver_came, l);
}

static void
next(struct lease *l)
{
	if (!l->pg || !l->listening || l->left || !pgkeep_is_free(l->pg))
		return;
	if (l->check) {
		l->check = l->keep = false;
		driver_ask(l);
	} else if (l->leave && l->how == LEASE_HELD) {
		l->leave = false;
		keep(l, leave_sql, left);
	} else if (l->keep) {
		l->keep = false;
		keep(l, keep_sql, kept);
	}
}

static void
beat(void *ctx)
{
	struct lease *l = ctx;

	l->keep = true;
	next(l);
}

static void
heard(void *ctx, const char *payload)
{
	struct lease *l = ctx;
	const char *run = strchr(payload, ' ');

	if (strncmp(payload, "lease ", 6) != 0 || !run || strcmp(run + 1, l->run) != 0)
		return;
	/* inside the connection's own work: in the next turn */
	l->check = true;
	loop_timer_start(l->again, 0, 0);
}

/* ---- the connection ------------------------------------------------------------------------ */

static void
listens(void *ctx, const struct pgkeep_answer *a)
{
	struct lease *l = ctx;

	if (!a->ok) {
		refused(l, a);
		return;
	}
	l->listening = l->check = true;
	next(l);
}

static void
version_came(void *ctx, const struct pgkeep_answer *a)
{
	struct lease *l = ctx;
	int64_t version, speaks;

	if (!a->ok) {
		refused(l, a);
	} else if (!a->rows || !pgkeep_cell(a->of, 0, 0)) {
		try_later(l, "the store is empty: handrail store init");
	} else if (!pgkeep_number(pgkeep_cell(a->of, 0, 0), &version) ||
		!pgkeep_number(pgkeep_cell(a->of, 0, 1), &speaks)) {
		try_later(l, PGKEEP_ODD);
	} else if (speaks > storesql_version()) {
		try_later(l, "the store wants a newer handrail");
	} else if (version < LEASES) {
		hang_up(l);
		become(l, LEASE_NONE,
			"the store is older than this handrail and knows no drivers: "
			"handrail store upgrade");
	} else {
		pgkeep_script(l->pg, "listen handrail", listens, l);
	}
}

static void
went_up(void *ctx)
{
	struct lease *l = ctx;

	pgkeep_ask(l->pg, STORESQL_VERSION, NULL, 0, version_came, l);
}

static void
went_down(void *ctx, const char *why)
{
	try_later(ctx, why);
}

static void
dial(void *ctx)
{
	struct lease *l = ctx;
	struct err e = ERR_INIT;

	if (l->how == LEASE_LOST)
		return;
	if (l->pg) { /* something was heard */
		next(l);
		return;
	}
	l->pg = pgkeep_start(&(struct pgkeep_opts){.loop = l->o.loop,
				     .http = l->o.http,
				     .service = l->service,
				     .timeout_ms = pace_ms(ANSWER_MS)},
		&(struct pgkeep_calls){went_up, went_down, l, heard}, &e);
	if (!l->pg)
		try_later(l, e.msg);
}

static void
doubted_enough(void *ctx)
{
	struct lease *l = ctx;

	l->woken = false;
	l->held = clock_mono(); /* asked as long as anybody waits for it */
	try_later(l, "no answer to whether this run is still driven here");
	if (l->o.on_state)
		l->o.on_state(l->o.ctx);
}

/* ---- from outside ------------------------------------------------------------------------- */

struct lease *
lease_new(const struct lease_opts *o)
{
	struct lease *l = mem_alloc(sizeof *l);

	l->o = *o;
	l->service = mem_strdup(o->service);
	l->run = mem_strdup(o->run);
	l->con = mem_strdup(o->con);
	l->cons = mem_strdup(o->cons);
	l->who = mem_printf("%.*s", NAME_MAX_BYTES / 4, o->who);
	snprintf(l->epoch, sizeof l->epoch, "%lld", (long long)o->epoch);
	l->again = loop_timer_new(o->loop, dial, l);
	l->beat = loop_timer_new(o->loop, beat, l);
	l->doubt = loop_timer_new(o->loop, doubted_enough, l);
	loop_timer_start(l->again, 0, 0);
	return l;
}

void
lease_state(const struct lease *l, struct lease_state *out)
{
	*out = (struct lease_state){.how = l->how,
		.why = l->why,
		.who = l->by_who,
		.con = l->by_con,
		.epoch = l->by_epoch,
		.held = l->held};
}

bool
lease_in_doubt(struct lease *l)
{
	if (l->woken)
		return true;
	if (l->how != LEASE_HELD || clock_mono().ms - l->held.ms < pace_ms(LAPSE_MS))
		return false;
	if (!l->doubted) {
		l->doubted = true;
		loop_timer_start(l->doubt, DOUBT_MS, 0);
		l->check = true;
		next(l);
	}
	return l->how == LEASE_HELD;
}

void
lease_leave(struct lease *l)
{
	l->leave = l->pg && (l->how == LEASE_HELD || l->how == LEASE_ASKING);
	loop_timer_stop(l->beat);
	next(l);
}

bool
lease_busy(const struct lease *l)
{
	return (l->how == LEASE_HELD || l->how == LEASE_ASKING) && l->pg && !l->left &&
		(l->leave || !pgkeep_is_free(l->pg));
}

void
lease_free(struct lease *l)
{
	if (!l)
		return;
	hang_up(l);
	loop_timer_free(l->again);
	loop_timer_free(l->beat);
	loop_timer_free(l->doubt);
	mem_free(l->service);
	mem_free(l->run);
	mem_free(l->con);
	mem_free(l->cons);
	mem_free(l->who);
	mem_free(l->by_who);
	mem_free(l->by_con);
	mem_free(l);
}
