#include "share/storelink.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "remote/pace.h"
#include "share/storesql.h"

enum {
	ANSWER_MS = 10 * 1000,
	FIRST_WAIT_MS = 1000,
	LAST_WAIT_MS = 30 * 1000,
	SAID_MOST = 8, /* heard in one turn; whoever asks now and then misses nothing */
	WORD_BYTES = 16,
	RUN_BYTES = 32,
};

struct said {
	char word[WORD_BYTES], run[RUN_BYTES];
};

struct storelink {
	struct storelink_opts o;
	char *service;
	struct pgkeep *pg; /* NULL: waiting for another try */
	struct loop_timer *again, *tell;
	bool up, told; /* told: on_down was called */
	int tries, version;
	struct mono since; /* it is not up */
	char why[320];
	struct said said[SAID_MOST];
	int said_len;
};

static void
later(struct storelink *l, const char *why)
{
	int64_t wait = FIRST_WAIT_MS, now = clock_mono().ms;
	bool news = l->up || !l->told || strcmp(l->why, why) != 0;

	pgkeep_free(l->pg);
	l->pg = NULL;
	if (l->up)
		l->since = clock_mono();
	l->up = false;
	for (int i = 0; i < l->tries && wait < LAST_WAIT_MS; i++)
		wait *= 2;
	if (wait > LAST_WAIT_MS)
		wait = LAST_WAIT_MS;
	l->tries++;
	loop_timer_start(l->again, pace_ms(wait / 2 + now % (wait / 2 + 1)), 0);
	snprintf(l->why, sizeof l->why, "%s", why);
	l->told = true;
	if (news && l->o.on_down)
		l->o.on_down(l->o.ctx);
}

void
storelink_again(struct storelink *l, const struct pgkeep_answer *a)
{
	const char *cure = a->ok ? PGKEEP_ODD : storesql_cure(a->state);

	later(l, cure ? cure : a->why);
}

static void
listens(void *ctx, const struct pgkeep_answer *a)
{
	struct storelink *l = ctx;

	if (!a->ok) {
		storelink_again(l, a);
		return;
	}
	l->up = true;
	l->told = false;
	l->tries = 0;
	l->why[0] = '\0';
	l->o.on_up(l->o.ctx);
}

static void
version_came(void *ctx, const struct pgkeep_answer *a)
{
	struct storelink *l = ctx;
	int64_t version, speaks;
	char why[160];

	if (!a->ok) {
		storelink_again(l, a);
	} else if (!a->rows || !pgkeep_cell(a->of, 0, 0)) {
		later(l, "the store is empty: handrail store init");
	} else if (!pgkeep_number(pgkeep_cell(a->of, 0, 0), &version) ||
		!pgkeep_number(pgkeep_cell(a->of, 0, 1), &speaks)) {
		later(l, PGKEEP_ODD);
	} else if (speaks > storesql_version()) {
		later(l, "the store wants a newer handrail");
	} else if (version < l->o.needs) {
		l->version = (int)version;
		snprintf(why, sizeof why,
			"the store has version %d, and this wants version %d: handrail "
			"store upgrade",
			l->version, l->o.needs);
		later(l, why);
	} else {
		l->version = (int)version;
		pgkeep_script(l->pg, "listen handrail", listens, l);
	}
}

static void
went_up(void *ctx)
{
	struct storelink *l = ctx;

	pgkeep_ask(l->pg, STORESQL_VERSION, NULL, 0, version_came, l);
}

static void
went_down(void *ctx, const char *why)
{
	later(ctx, why);
}

/* Inside the connection's own work nothing may be asked: it is told in the next turn. */
static void
heard(void *ctx, const char *payload)
{
	struct storelink *l = ctx;
	const char *run = strchr(payload, ' ');
	struct said *s;

	if (!run || l->said_len == SAID_MOST || run - payload >= WORD_BYTES ||
		strlen(run + 1) >= RUN_BYTES)
		return;
	s = &l->said[l->said_len++];
	snprintf(s->word, sizeof s->word, "%.*s", (int)(run - payload), payload);
	snprintf(s->run, sizeof s->run, "%s", run + 1);
	loop_timer_start(l->tell, 0, 0);
}

static void
tell(void *ctx)
{
	struct storelink *l = ctx;
	struct said all[SAID_MOST];
	int n = l->said_len;

	memcpy(all, l->said, sizeof all);
	l->said_len = 0;
	for (int i = 0; i < n && l->up && l->o.on_said; i++)
		l->o.on_said(l->o.ctx, all[i].word, all[i].run);
}

static void
dial(void *ctx)
{
	struct storelink *l = ctx;
	struct err e = ERR_INIT;

	l->pg = pgkeep_start(&(struct pgkeep_opts){.loop = l->o.loop,
				     .http = l->o.http,
				     .service = l->service,
				     .timeout_ms = pace_ms(ANSWER_MS)},
		&(struct pgkeep_calls){went_up, went_down, l, heard}, &e);
	if (!l->pg)
		later(l, e.msg);
}

struct storelink *
storelink_new(const struct storelink_opts *o)
{
	struct storelink *l = mem_alloc(sizeof *l);

	l->o = *o;
	l->service = mem_strdup(o->service);
	l->since = clock_mono();
	l->again = loop_timer_new(o->loop, dial, l);
	l->tell = loop_timer_new(o->loop, tell, l);
	loop_timer_start(l->again, 0, 0);
	return l;
}

void
storelink_free(struct storelink *l)
{
	if (!l)
		return;
	pgkeep_free(l->pg);
	loop_timer_free(l->again);
	loop_timer_free(l->tell);
	mem_free(l->service);
	mem_free(l);
}

bool
storelink_is_up(const struct storelink *l)
{
	return l->up;
}

bool
storelink_is_free(const struct storelink *l)
{
	return l->up && pgkeep_is_free(l->pg);
}

int
storelink_version(const struct storelink *l)
{
	return l->version;
}

const char *
storelink_why(const struct storelink *l)
{
	return l->why;
}

struct mono
storelink_since(const struct storelink *l)
{
	return l->since;
}

void
storelink_ask(struct storelink *l, const char *sql, const struct pgkeep_value *values,
	int count, pgkeep_fn *fn, void *ctx)
{
	pgkeep_ask(l->pg, sql, values, count, fn, ctx);
}
