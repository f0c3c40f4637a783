#include "app/session.h"

#include <stdio.h>
#include <string.h>

#include "app/spine.h"
#include "base/bug.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/ulid.h"
#include "load/load.h"
#include "run/gate.h"

enum { DISK_RETRY_MS = 2000, CLOCK_JUMP_MS = 2000 };

void
spine_changed(struct session *s)
{
	if (s->calls.on_change)
		s->calls.on_change(s->calls.ctx);
}

void
spine_message(struct session *s, const struct err *e)
{
	if (s->calls.on_message)
		s->calls.on_message(s->calls.ctx, e);
}

/* ---- the queue ----------------------------------------------------------------------- */

struct queued *
spine_queued(const struct request *q)
{
	struct queued *c = mem_alloc(sizeof *c);

	c->q = *q;
	c->q.name = c->name = mem_strdup(q->name);
	c->q.text = c->text = mem_strdup(q->text);
	c->q.evidence = c->evidence = mem_strdup(q->evidence);
	c->q.reason = c->reason = mem_strdup(q->reason);
	c->q.typed = c->typed = mem_strdup(q->typed);
	c->q.role = c->role = mem_strdup(q->role);
	c->q.data = c->data = mem_strdup(q->data);
	c->q.who = c->who = mem_strdup(q->who);
	c->q.account = c->account = mem_strdup(q->account);
	c->q.via = c->via = mem_strdup(q->via);
	c->q.boot_id = c->boot_id = mem_strdup(q->boot_id);
	c->q.warning = c->warning = mem_strdup(q->warning);
	c->q.facts = NULL;
	return c;
}

static void
queued_free(struct queued *c)
{
	if (!c)
		return;
	char *const owned[] = {c->name, c->text, c->evidence, c->reason, c->typed,
		c->role, c->data, c->who, c->boot_id, c->warning, c->account, c->via};
	for (size_t i = 0; i < sizeof owned / sizeof owned[0]; i++)
		mem_free(owned[i]);
	facts_release(&c->facts);
	spool_free(c->spool);
	mem_free(c);
}

void
spine_queue(struct session *s, struct queued *take)
{
	if (take->has_facts)
		take->q.facts = &take->facts;
	vec_push(&s->queue.list, take);
	spine_pump(s);
}

void
spine_queue_first(struct session *s, struct queued *take)
{
	vec_push(&s->queue.list, take);
	for (size_t i = s->queue.list.len - 1; i > 0; i--)
		s->queue.list.at[i] = s->queue.list.at[i - 1];
	s->queue.list.at[0] = take;
}

void
spine_requeue(struct session *s)
{
	if (s->batch) {
		journal_done(s->journal, s->batch, false);
		journal_batch_free(s->batch);
		s->batch = NULL;
	}
	if (s->current)
		spine_queue_first(s, s->current);
	s->current = NULL;
	vec_free(&s->effects.list);
}

/* What a person wrote may hold a secret that the person has just given. */
static void
redact_words(const struct session *s, char **text, const char **in_request)
{
	struct str clean = STR_INIT;

	if (!*text)
		return;
	redact_text(s->redact, *text, strlen(*text), &clean);
	mem_free(*text);
	*in_request = *text = str_take(&clean);
}

void
session_request(struct session *s, const struct request *q)
{
	struct queued *c;

	if (s->onlooking) {
		onlooking_request(s, q);
		return;
	}
	c = spine_queued(q);
	if (q->kind != REQ_REDLINE) /* what runs is what was written */
		redact_words(s, &c->text, &c->q.text);
	redact_words(s, &c->evidence, &c->q.evidence);
	redact_words(s, &c->reason, &c->q.reason);
	spine_queue(s, c);
}

/* ---- write, apply, publish ------------------------------------------------------------- */

static void
write_work(void *ctx)
{
	struct session *s = ctx;

	if (s->current && s->current->spool) {
		spool_seal(s->current->spool, &s->current->sealed);
		s->current->spool = NULL;
	}
	if (s->batch)
		s->wrote = journal_commit(s->journal, s->batch, &s->write_err);
}

static void
apply_batch(struct session *s)
{
	size_t len;

	for (size_t i = 0; i < journal_batch_len(s->batch); i++) {
		const struct event *ev = journal_batch_event(s->batch, i);
		run_apply(s->run, ev);
		run_head(s->run, journal_batch_hash(s->batch, i));
		/* The operator has trusted the content: what its probes say now is the
		 * "before" of every later reading. */
		s->look_around |= ev->type == EVENT_RUN_OPEN ||
			ev->type == EVENT_RUN_RESUME || ev->type == EVENT_INPUT_SET;
		s->new_values |= ev->type == EVENT_STEP_DONE; /* it may have saved some */
		s->let_go |= ev->type == EVENT_DRIVER_RELEASE;
		s->fence_due |= ev->type == EVENT_RUN_RESUME;
		if (ev->type == EVENT_PROBE_MUTE)
			turning_muted(s);
		asking_event(s, ev);
		notifying_event(s, ev);
		anchoring_event(s, ev);
		authorizing_event(s, ev);
		practising_event(s, ev);
		if (ev->type == EVENT_RUN_CLOSE)
			spine_redlines(s);
		if (s->calls.on_event) {
			const char *line = journal_batch_line(s->batch, i, &len);
			s->calls.on_event(s->calls.ctx, ev, line, len);
		}
	}
	serving_event(s);
	mirroring_event(s);
	leasing_event(s);
	inboxing_event(s);
	anchoring_batch(s);
	authorizing_batch(s);
}

static void
forget_current(struct session *s)
{
	queued_free(s->current);
	s->current = NULL;
	journal_batch_free(s->batch);
	s->batch = NULL;
}

static void
carry_out(struct session *s)
{
	struct effects fx = s->effects;

	memset(&s->effects, 0, sizeof s->effects);
	for (size_t i = 0; i < fx.list.len; i++)
		outcome_carry(s, &fx.list.at[i]);
	vec_free(&fx.list);
}

static void
set_deadline(struct session *s)
{
	struct wall at = run_deadline(s->run), now = clock_wall();

	if (!at.ms || s->quiet || s->parting || s->let_go || journal_poisoned(s->journal))
		loop_timer_stop(s->deadline);
	else
		loop_timer_start(s->deadline, at.ms > now.ms ? at.ms - now.ms : 0, 0);
}

static void decide_current(struct session *s);

static void
write_done(void *ctx)
{
	struct session *s = ctx;

	s->writing = false;
	if (!s->batch) { /* only a spool was sealed */
		printing_sealed(s, s->current);
		decide_current(s);
		return;
	}
	if (!s->wrote && !journal_poisoned(s->journal)) {
		s->stalled = true; /* no room: the same batch again, soon */
		loop_timer_start(s->retry, DISK_RETRY_MS, 0);
		spine_changed(s);
		return;
	}
	s->stalled = false;
	if (!s->wrote && s->write_err.kind == ERR_BUSY) {
		spine_fenced(s, s->write_err.msg);
	} else if (!s->wrote) {
		spine_message(s, &s->write_err);
		if (moving_keeps(s->current)) {
			spine_requeue(s);
			spine_changed(s);
			spine_pump(s);
			return;
		}
	}
	journal_done(s->journal, s->batch, s->wrote);
	if (s->wrote) {
		apply_batch(s);
		notifying_states(s);
	}
	if (s->current->q.via)
		inboxing_written(s, s->wrote ? NULL : &s->write_err);
	forget_current(s);
	if (s->wrote)
		carry_out(s);
	if (s->fence_due && s->wrote)
		fencing_start(s);
	if (s->look_around || s->new_values)
		asking_zones(s);
	if (s->look_around)
		session_look_around(s);
	else if (s->new_values)
		watching_inputs(s->watching);
	s->look_around = s->new_values = s->fence_due = false;
	loop_timer_start(s->sweep, 0, 0);
	vec_free(&s->effects.list);
	set_deadline(s);
	spine_changed(s);
	spine_pump(s);
}

static void
write_start(struct session *s)
{
	s->writing = true;
	s->wrote = false;
	s->write_err = ERR_INIT;
	loop_work_start(s->loop, write_work, write_done, s);
}

static void
write_again(void *ctx)
{
	write_start(ctx);
}

/* Fingerprints of the hosts that have shown their key, for the record of what starts. */
static void
know_hostkeys(struct session *s)
{
	struct link_status st;

	for (size_t i = 0; i < s->runbook->targets.list.len; i++) {
		link_status(fleet_link(s->fleet, (int)i), &st);
		memcpy(s->hostkeys[i], st.hostkey, sizeof s->hostkeys[i]);
		s->hostkey_list[i] = st.hostkey[0] ? s->hostkeys[i] : NULL;
	}
	s->current->q.hostkeys = s->hostkey_list;
}

void
spine_part(struct session *s)
{
	s->calls = (struct session_calls){0};
	s->parting = true;
	loop_timer_stop(s->deadline);
}

/* The current request meets the rules; either a batch goes to the writer or it is over. */
static void
decide_current(struct session *s)
{
	struct events evs = {0};
	struct err e = ERR_INIT;
	struct now now = clock_now();
	bool ok, from_elsewhere;

	memset(&s->effects, 0, sizeof s->effects);
	know_hostkeys(s);
	ok = asking_as_written(s, &s->current->q, &e) &&
		decide(s->run, &s->current->q, now, &evs, &s->effects, &e);
	if (ok && !spine_room(s, &evs, &e)) {
		ok = s->current->q.kind == REQ_OUTPUT; /* nobody misses that */
		events_release(&evs);
	}
	if (ok && evs.list.len) {
		s->batch = journal_batch_new(
			s->journal, &evs, now, s->current->q.who, &e);
		ok = s->batch != NULL;
	}
	if (s->batch) {
		write_start(s);
		return;
	}
	events_release(&evs);
	from_elsewhere = s->current->q.via != NULL;
	forget_current(s);
	if (ok)
		carry_out(s);
	else if (from_elsewhere)
		inboxing_refused(s, &e);
	else
		spine_message(s, &e);
	vec_free(&s->effects.list);
	set_deadline(s);
	spine_changed(s);
	spine_pump(s);
}

static size_t
first_of_person(const struct session *s)
{
	size_t i = 0;

	while (i < s->queue.list.len && moving_keeps(s->queue.list.at[i]))
		i++;
	return i;
}

static bool
person_waits(const struct session *s)
{
	return first_of_person(s) < s->queue.list.len;
}

static void
refuse_people(struct session *s)
{
	struct err e = ERR_INIT;
	size_t i;

	err_set(&e, ERR_IO,
		"the record has lost its disk: nothing new is recorded, and nothing starts");
	while ((i = first_of_person(s)) < s->queue.list.len) {
		if (s->queue.list.at[i]->via)
			inboxing_refused(s, &e);
		queued_free(s->queue.list.at[i]);
		vec_remove(&s->queue.list, i);
		spine_message(s, &e);
	}
}

/* In order; what onlookers ask for waits while anything of the run's own does. */
static size_t
next_in_turn(const struct session *s)
{
	for (size_t i = 0; i < s->queue.list.len; i++)
		if (!s->queue.list.at[i]->account && !s->queue.list.at[i]->via)
			return i;
	return 0;
}

static void
pump_turn(void *ctx)
{
	struct session *s = ctx;
	size_t next;

	s->pumping = false;
	if (s->writing || s->stalled || s->current || !s->queue.list.len)
		return;
	if (s->let_go) /* somebody else's from here on */
		return;
	if (journal_poisoned(s->journal)) {
		refuse_people(s);
		return;
	}
	if (leasing_doubts(s)) /* it pumps again when it knows */
		return;
	session_mind_clock(s);
	next = next_in_turn(s);
	s->current = s->queue.list.at[next];
	vec_remove(&s->queue.list, next);
	if (s->parting && !request_is_outcome(s->current->q.kind)) {
		forget_current(s);
		spine_pump(s);
	} else if (s->current->spool)
		write_start(s);
	else
		decide_current(s);
}

/* Never decides inside the caller: one request per turn of the loop, in order. */
void
spine_pump(struct session *s)
{
	if (s->pumping || s->writing || s->stalled || s->current || !s->queue.list.len)
		return;
	if (s->onlooking || bidden_busy(s))
		return;
	if (journal_poisoned(s->journal) && !person_waits(s))
		return;
	s->pumping = true;
	loop_timer_start(s->pump, 0, 0);
}

static int64_t
clock_ahead(struct now now)
{
	return now.wall.ms - now.mono.ms;
}

/* Small steps are the clock being kept right; they are nobody's business. */
void
session_mind_clock(struct session *s)
{
	struct now now = clock_now();
	int64_t by_ms = clock_ahead(now) - s->clock_ahead_ms;
	struct request q = {.kind = REQ_JUMPED, .step = NONE};
	char *data;

	if ((by_ms < CLOCK_JUMP_MS && by_ms > -CLOCK_JUMP_MS) || !s->run->open ||
		s->quiet || s->let_go || journal_poisoned(s->journal))
		return;
	s->clock_ahead_ms += by_ms;
	data = mem_printf("{\"wall_ms\":%lld,\"mono_ms\":%lld}", (long long)by_ms,
		(long long)now.mono.ms);
	q.data = data;
	spine_queue_first(s, spine_queued(&q));
	mem_free(data);
	spine_pump(s);
}

static void
deadline_came(void *ctx)
{
	session_request(ctx, &(struct request){.kind = REQ_CLOCK, .step = NONE});
}

void
spine_fenced(struct session *s, const char *why)
{
	struct err e = ERR_INIT;

	s->let_go = s->fenced = true;
	err_set(&e, ERR_BUSY,
		"no longer the driver: %s. Nothing more is done or written here", why);
	spine_message(s, &e);
	loop_timer_stop(s->deadline);
	spine_changed(s);
}

void
spine_begin(struct session *s)
{
	s->pump = loop_timer_new(s->loop, pump_turn, s);
	s->sweep = loop_timer_new(s->loop, outcome_sweep, s);
	s->retry = loop_timer_new(s->loop, write_again, s);
	s->deadline = loop_timer_new(s->loop, deadline_came, s);
	s->clock_ahead_ms = clock_ahead(clock_now());
}

void
spine_end(struct session *s)
{
	loop_timer_free(s->pump);
	loop_timer_free(s->retry);
	loop_timer_free(s->sweep);
	loop_timer_free(s->deadline);
	if (s->batch)
		journal_done(s->journal, s->batch, false);
	forget_current(s);
	for (size_t i = 0; i < s->queue.list.len; i++)
		queued_free(s->queue.list.at[i]);
	vec_free(&s->queue.list);
	vec_free(&s->effects.list);
}

/* ---- asking ------------------------------------------------------------------------------ */

bool
session_still(const struct session *s)
{
	if (s->writing || s->pumping || s->current || s->queue.list.len ||
		s->asked.list.len || session_signing(s) || authorizing_busy(s))
		return false;
	for (size_t i = 0; i < s->doings.list.len; i++) {
		const struct doing *d = s->doings.list.at[i];
		if (d->ended ? stopping_listens(d) : d->look != NULL)
			return false;
	}
	return true;
}

const struct run *
session_run(const struct session *s)
{
	return s->run;
}

const struct runbook *
session_runbook(const struct session *s)
{
	return s->runbook;
}

const struct redact *
session_redact(const struct session *s)
{
	return s->redact;
}

const char *
session_who(const struct session *s)
{
	return s->who;
}

const char *
session_dir(const struct session *s)
{
	return s->dir;
}

int64_t
session_durable_seq(const struct session *s)
{
	return s->journal ? journal_seq(s->journal) : s->run->seq;
}

const char *
session_head(const struct session *s)
{
	return s->journal ? journal_head(s->journal) : s->run->head;
}

const char *
session_journal_words(struct session *s, bool *danger)
{
	*danger = true;
	if (s->onlooking)
		onlooking_words(s, danger);
	else if (s->moving.on)
		snprintf(s->words, sizeof s->words, "RECORD IS MOVING to %.200s",
			s->moving.runs_dir);
	else if (journal_poisoned(s->journal) && !s->writing)
		snprintf(s->words, sizeof s->words,
			"RECORD LOST ITS DISK: nothing new can start (%.200s)",
			s->write_err.msg);
	else if (s->stalled)
		snprintf(s->words, sizeof s->words,
			"RECORD CANNOT BE WRITTEN, trying again: %.200s",
			s->write_err.msg);
	else {
		*danger = false;
		if (s->run->open || s->run->closed)
			mirroring_well(s);
		else
			snprintf(s->words, sizeof s->words, "journal is being opened");
	}
	return s->words;
}
