#include <stdio.h>
#include <string.h>

#include "app/spine.h"
#include "base/mem.h"
#include "base/stills.h"

/*
 * A pane of a watch step: a command that may go on for ever, followed on its host until a
 * person has said what was seen of it, its time is over, or what is expected has come. Then
 * it is ended there, and the host says so. What it writes is put away in pieces, so that a
 * console that dies loses the last seconds of it at most, and not more than the record can
 * take. When the connection or the console was away it is begun again, and the gap is named.
 */

enum {
	PIECE_MS = 10 * 1000,
	PIECE_BYTES = 1 << 20,
	KEPT_BYTES = 8
		<< 20, /* of one pane in the record; of what follows the end alone */
	TAIL_BYTES = 64 << 10,
	WINDOW_BYTES = 64 << 10, /* in which what is expected is looked for */
	AGAIN_MS = 1000,
};

struct watchdoing {
	struct doing *d;
	struct look *look;
	struct loop_timer *tick; /* every second: pieces, and a new begin */
	struct stills stills;
	struct redact_stream *redact; /* what escape sequences may have hidden */
	struct str window, tail;
	int64_t left_out;
	struct mono piece_at;
	bool stopping, holds, again;
};

void
watchdoing_free(struct watchdoing *w)
{
	if (!w)
		return;
	look_free(w->look);
	loop_timer_free(w->tick);
	redact_stream_free(w->redact);
	stills_release(&w->stills);
	str_release(&w->window);
	str_release(&w->tail);
	mem_free(w);
}

static const struct step *
step_of(const struct watchdoing *w)
{
	return &w->d->s->runbook->steps.list.at[w->d->step];
}

/* ---- what it writes -------------------------------------------------------------------- */

static void
put_away(struct watchdoing *w)
{
	struct doing *d = w->d;
	struct request q = outcome_request(d, REQ_OUTPUT);
	struct queued *c;

	w->piece_at = clock_mono();
	if (!spool_bytes(d->spool))
		return;
	c = spine_queued(&q);
	c->spool = d->spool;
	c->offset = d->spool_from;
	outcome_spool(d);
	spine_queue(d->s, c);
}

static void
keep(struct watchdoing *w, const char *p, size_t len)
{
	struct doing *d = w->d;
	int64_t room = KEPT_BYTES - d->bytes;
	size_t first = room <= 0 ? 0 : (int64_t)len < room ? len : (size_t)room;

	spool_add(d->spool, p, first);
	d->bytes += (int64_t)first;
	w->left_out += (int64_t)(len - first);
	str_add(&w->tail, p + first, len - first);
	if (w->tail.len > 2 * TAIL_BYTES)
		str_drop(&w->tail, w->tail.len - TAIL_BYTES);
	if (spool_bytes(d->spool) >= PIECE_BYTES)
		put_away(w);
}

/* Does the step expect just this? Then it is over, whatever it writes after. */
static void
judge(struct watchdoing *w)
{
	struct judgement j = {0};
	struct facts facts = {0};

	facts_add_text(&facts, EXPECT_OUTPUT, NULL, w->window.buf, w->window.len);
	expect_judge(step_of(w)->expect, &facts, &j);
	w->holds = j.verdict == VERDICT_OK;
	judgement_release(&j);
	facts_release(&facts);
	if (w->holds && !w->stopping)
		watchdoing_cancel(w);
}

static void
add(struct watchdoing *w, const struct str *text)
{
	if (!text->len)
		return;
	keep(w, text->buf, text->len);
	printing_show(w->d, text->buf, text->len);
	if (!step_of(w)->expect || w->holds)
		return;
	str_add(&w->window, text->buf, text->len);
	if (w->window.len > 2 * WINDOW_BYTES)
		str_drop(&w->window, w->window.len - WINDOW_BYTES);
	judge(w);
}

static void
came(void *ctx, const char *p, size_t len)
{
	struct watchdoing *w = ctx;
	struct str plain = STR_INIT, clean = STR_INIT;

	stills_feed(&w->stills, p, len, &plain);
	redact_feed(w->redact, plain.buf, plain.len, &clean);
	add(w, &clean);
	str_release(&plain);
	str_release(&clean);
}

/* What is held back belongs to what has come so far. */
static void
flush(struct watchdoing *w)
{
	struct str plain = STR_INIT, clean = STR_INIT;

	stills_end(&w->stills, &plain);
	redact_feed(w->redact, plain.buf, plain.len, &clean);
	redact_end(w->redact, &clean);
	add(w, &clean);
	str_release(&plain);
	str_release(&clean);
	redact_stream_free(w->redact);
	w->redact = redact_stream_new(w->d->s->redact);
}

/* A line of ours among those of the command. */
static void
remark(struct watchdoing *w, const char *what, const char *why)
{
	struct str line = STR_INIT, safe = STR_INIT;

	flush(w);
	str_addf(&line, "[handrail: %s%s%s]\n", what, *why ? ": " : "", why);
	redact_text(w->d->s->redact, line.buf, line.len, &safe);
	keep(w, safe.buf, safe.len);
	printing_show(w->d, safe.buf, safe.len);
	str_release(&line);
	str_release(&safe);
}

/* ---- its end --------------------------------------------------------------------------- */

static void
tell_stopped(struct watchdoing *w, const struct look_end *end)
{
	struct request q = outcome_request(w->d, REQ_STOPPED);
	char *reply = end->gone ? mem_strdup("ended")
				: mem_printf("unheard: %s", end->why);

	q.text = reply;
	session_request(w->d->s, &q);
	mem_free(reply);
}

static void
over(struct watchdoing *w, int exit)
{
	struct doing *d = w->d;
	struct facts facts = {0};
	struct str note = STR_INIT;

	loop_timer_stop(w->tick);
	if (w->left_out) {
		str_addf(&note, "\n[handrail: %lld bytes are left out here]\n",
			(long long)(w->left_out - (int64_t)w->tail.len));
		str_add(&note, w->tail.buf, w->tail.len);
		spool_add(d->spool, note.buf, note.len);
		d->bytes += (int64_t)note.len;
		str_release(&note);
	}
	if (!spool_bytes(d->spool) && d->spool_from) { /* the pieces are all of it */
		spool_free(d->spool);
		d->spool = NULL;
	}
	facts_add_text(&facts, EXPECT_OUTPUT, NULL, w->window.buf, w->window.len);
	outcome_measured(d, exit, &facts, NULL);
}

static void
given_up(struct watchdoing *w, const char *why)
{
	struct str safe = STR_INIT;

	flush(w);
	put_away(w);
	loop_timer_stop(w->tick);
	redact_text(w->d->s->redact, why, strlen(why), &safe);
	outcome_lost(w->d, REQ_NOT_STARTED, NULL, safe.buf);
	outcome_forget(w->d);
	str_release(&safe);
}

static struct link *
link_of(const struct watchdoing *w)
{
	struct session *s = w->d->s;

	return fleet_link(
		s->fleet, run_leg_target(s->run, w->d->step, w->d->leg, w->d->way));
}

static void
ended(void *ctx, const struct look_end *end)
{
	struct watchdoing *w = ctx;
	struct link_status st;

	flush(w);
	if (end->wants_password && !w->stopping) {
		outcome_sudo_ask(w->d);
		return;
	}
	if (w->stopping) {
		if (!end->gone)
			remark(w, "its host has not said that it ended", end->why);
		tell_stopped(w, end);
		over(w, -1);
		return;
	}
	link_status(link_of(w), &st);
	if (end->known) {
		over(w, end->exit);
	} else if (end->lost && st.state != LINK_FAILED) {
		remark(w, "the connection is away; what is written meanwhile is not seen",
			"");
		w->again = true;
	} else {
		given_up(w, end->why);
	}
}

static void
turn(void *ctx)
{
	struct watchdoing *w = ctx;

	if (w->again && !w->stopping) {
		w->again = false;
		if (!watchdoing_again(w))
			outcome_forget(w->d);
		return;
	}
	if (clock_mono().ms - w->piece_at.ms >= PIECE_MS)
		put_away(w);
}

/* ---- its begin ------------------------------------------------------------------------- */

bool
watchdoing_again(struct watchdoing *w)
{
	struct doing *d = w->d;
	struct session *s = d->s;
	const struct step *st = step_of(w);
	const struct leg *leg = outcome_leg(d);
	const char *text = run_leg_text(s->run, d->step, d->leg, d->way);
	struct asking_env env = {0};
	struct err e = ERR_INIT;
	char *dir = NULL, *merged = NULL;
	bool ok;

	if (w->stopping) { /* ended while somebody was asked for a password */
		over(w, -1);
		return true;
	}
	ok = asking_env(s, st, leg, d->way, &env, &e);
	if (ok && st->dir) {
		dir = run_expand(s->run, st, st->dir, leg->host, &e);
		ok = dir != NULL;
	}
	look_free(w->look);
	w->look = NULL;
	if (ok) {
		if (!link_is_simulated(link_of(w)))
			merged = mem_printf("exec 2>&1\n%s", text);
		w->look = look_start(link_of(w),
			&(struct look_spec){.text = merged ? merged : text,
				.as = st->as,
				.as_password = d->as_password,
				.dir = dir,
				.shell = st->shell,
				.env = env.list.at,
				.env_len = env.list.len,
				.on_out = came},
			s->redact, ended, w);
	} else {
		given_up(w, e.msg);
	}
	mem_free(merged);
	mem_free(dir);
	asking_env_release(&env);
	return ok;
}

bool
watchdoing_start(struct doing *d, enum effect_kind how)
{
	struct watchdoing *w = mem_alloc(sizeof *w);
	const struct leg_run *lr = &outcome_leg(d)->way[d->way];

	w->d = d;
	w->window = w->tail = STR_INIT;
	stills_init(&w->stills);
	w->redact = redact_stream_new(d->s->redact);
	w->tick = loop_timer_new(d->s->loop, turn, w);
	w->piece_at = clock_mono();
	d->watch = w;
	loop_timer_start(w->tick, AGAIN_MS, AGAIN_MS);
	if (how == EFFECT_ASK) {
		d->bytes = d->spool_from = lr->bytes;
		remark(w, "the console was away; what was written meanwhile was not seen",
			"");
	}
	return watchdoing_again(w);
}

void
watchdoing_cancel(struct watchdoing *w)
{
	if (w->stopping || w->d->ended)
		return;
	w->stopping = true;
	if (w->look && !w->again)
		look_stop(w->look);
	else
		over(w, -1);
}
