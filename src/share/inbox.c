#include "share/inbox.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "remote/pace.h"
#include "share/hexed.h"
#include "share/storelink.h"

enum {
	LETTERS = 3, /* version of the store that takes them */
	POLL_MS = 5000,
	MOST = 20, /* in so long: each may become a record */
	WINDOW_MS = 10 * 1000,
	WHY_MAX_BYTES = 900,
};

static const char next_sql[] =
	"select i.n, i.id, i.con, i.who, i.kind, encode(i.body, 'hex'), i.sent_by, "
	"session_user, (extract(epoch from i.sent_at) * 1000)::bigint "
	"from handrail.inbox i where i.run = $1 and not exists "
	"(select from handrail.answer a where a.run = i.run and a.n = i.n) "
	"order by i.n limit 1";
static const char answer_sql[] =
	"insert into handrail.answer (run, n, con, seq, why) "
	"values ($1, $2::bigint, $3, nullif($4, '')::bigint, nullif($5, ''))";

struct inbox {
	struct inbox_opts o;
	char *run, *con;
	struct storelink *link;
	struct loop_timer *poll, *turn;
	bool ask;    /* there may be one */
	bool given;  /* one is with whoever drives */
	bool answer; /* and was answered: that is to be told */
	char n[24], seq[24], *why;
	int count; /* since `from` */
	struct mono from;
};

static void next(struct inbox *b);

/* ---- answers ------------------------------------------------------------------------------ */

static void
answer_told(void *ctx, const struct pgkeep_answer *a)
{
	struct inbox *b = ctx;

	/* not our lease yet, or no longer; or it could not be said at all: later */
	if (!a->ok && strcmp(a->state, "23505") != 0) {
		if (strncmp(a->state, "HR", 2) != 0)
			storelink_again(b->link, a);
		return;
	}
	b->given = b->answer = false;
	b->ask = true;
	loop_timer_start(b->turn, 0, 0);
}

static void
tell_answer(struct inbox *b)
{
	const struct pgkeep_value values[] = {{b->run, strlen(b->run), false},
		{b->n, strlen(b->n), false}, {b->con, strlen(b->con), false},
		{b->seq, strlen(b->seq), false}, {b->why, strlen(b->why), false}};

	storelink_ask(b->link, answer_sql, values, 5, answer_told, b);
}

void
inbox_answer(struct inbox *b, int64_t seq, const char *why)
{
	char *safe;
	size_t len;

	if (!b->given || b->answer)
		return;
	b->answer = true;
	b->seq[0] = '\0';
	if (seq >= 0)
		snprintf(b->seq, sizeof b->seq, "%lld", (long long)seq);
	safe = text_harmless_dup(seq >= 0 ? "" : why && *why ? why : "refused");
	len = strlen(safe);
	while (len > WHY_MAX_BYTES)
		len = text_prev(safe, len);
	safe[len] = '\0';
	mem_free(b->why);
	b->why = safe;
	loop_timer_start(b->turn, 0, 0);
}

/* ---- letters ------------------------------------------------------------------------------ */

static void
give(struct inbox *b, const struct pgkeep_answer *a)
{
	struct str body = STR_INIT;
	struct inbox_letter l = {.id = pgkeep_cell(a->of, 0, 1),
		.con = pgkeep_cell(a->of, 0, 2),
		.who = pgkeep_cell(a->of, 0, 3),
		.kind = pgkeep_cell(a->of, 0, 4),
		.login = pgkeep_cell(a->of, 0, 6),
		.own_login = pgkeep_cell(a->of, 0, 7)};
	int64_t n, sent;

	if (!pgkeep_number(pgkeep_cell(a->of, 0, 0), &n) ||
		!pgkeep_number(pgkeep_cell(a->of, 0, 8), &sent) ||
		!hexed_add(&body, pgkeep_cell(a->of, 0, 5)) || !l.id || !l.con ||
		!l.who || !l.kind || !l.login || !l.own_login) {
		storelink_again(b->link, &(struct pgkeep_answer){.ok = true, .why = ""});
		str_release(&body);
		return;
	}
	snprintf(b->n, sizeof b->n, "%lld", (long long)n);
	l.body = body.buf;
	l.len = body.len;
	l.sent.ms = sent;
	b->given = true;
	b->count++;
	b->o.on_letter(b->o.ctx, &l);
	str_release(&body);
}

static void
letter_came(void *ctx, const struct pgkeep_answer *a)
{
	struct inbox *b = ctx;

	if (!a->ok)
		storelink_again(b->link, a);
	else if (a->rows)
		give(b, a);
}

/* Who fills it waits. */
static bool
too_many(struct inbox *b)
{
	int64_t past = clock_mono().ms - b->from.ms;

	if (past > WINDOW_MS) {
		b->from = clock_mono();
		b->count = 0;
	}
	if (b->count < MOST)
		return false;
	loop_timer_start(b->turn, WINDOW_MS - past + 1, 0);
	return true;
}

static void
next(struct inbox *b)
{
	if (!storelink_is_free(b->link))
		return;
	if (b->answer) {
		tell_answer(b);
	} else if (b->ask && !b->given && !too_many(b)) {
		b->ask = false;
		storelink_ask(b->link, next_sql,
			&(struct pgkeep_value){b->run, strlen(b->run), false}, 1,
			letter_came, b);
	}
}

static void
turn(void *ctx)
{
	next(ctx);
}

static void
look(void *ctx)
{
	struct inbox *b = ctx;

	b->ask = true;
	next(b);
}

static void
said(void *ctx, const char *word, const char *run)
{
	struct inbox *b = ctx;

	if (strcmp(word, "inbox") == 0 && strcmp(run, b->run) == 0)
		look(b);
}

struct inbox *
inbox_new(const struct inbox_opts *o)
{
	struct inbox *b = mem_alloc(sizeof *b);

	b->o = *o;
	b->run = mem_strdup(o->run);
	b->con = mem_strdup(o->con);
	b->why = mem_strdup("");
	b->from = clock_mono();
	b->poll = loop_timer_new(o->loop, look, b);
	b->turn = loop_timer_new(o->loop, turn, b);
	b->link = storelink_new(&(struct storelink_opts){.loop = o->loop,
		.http = o->http,
		.service = o->service,
		.needs = LETTERS,
		.on_up = look,
		.on_said = said,
		.ctx = b});
	loop_timer_start(b->poll, pace_ms(POLL_MS), pace_ms(POLL_MS));
	return b;
}

bool
inbox_busy(const struct inbox *b)
{
	return b->answer && storelink_is_up(b->link);
}

void
inbox_free(struct inbox *b)
{
	if (!b)
		return;
	storelink_free(b->link);
	loop_timer_free(b->poll);
	loop_timer_free(b->turn);
	mem_free(b->run);
	mem_free(b->con);
	mem_free(b->why);
	mem_free(b);
}
