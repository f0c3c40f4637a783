#include "app/watchinginner.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "model/past.h"
#include "model/probewhat.h"
#include "remote/fleet.h"
#include "remote/http.h"

/* TICK: links are asked how they are, and readings go to disk. HEARD: a connection says
 * nothing for longer than its own pulse: not good news any more. BACK: it was away, and that
 * it stays now is to be seen soon. */
enum {
	TICK_MS = 1000,
	FLUSH_TICKS = 5,
	WAIT_LEAST_MS = 20,
	HEARD_MS = 20000,
	BACK_MS = 2000
};

/* ---- values ------------------------------------------------------------------------------ */

const char *
watching_value(void *ctx, const char *full_name)
{
	struct watching *w = ctx;

	return w->o.lookup ? w->o.lookup(w->o.ctx, full_name)
			   : givens_value(w->o.givens, full_name);
}

static void
add_given(void *ctx, const char *name, const char *value)
{
	struct watching_env *env = ctx;

	vec_push(
		&env->list, (struct job_env){mem_strdup(name), mem_strdup(value), false});
}

static void
env_of(struct watching *w, int scope, struct watching_env *out)
{
	if (w->o.env)
		w->o.env(w->o.ctx, scope, out);
	else
		givens_each(w->o.givens, scope, add_given, out);
}

static void
env_release(struct watching_env *env)
{
	for (size_t i = 0; i < env->list.len; i++) {
		char *value = (char *)(uintptr_t)env->list.at[i].value;

		mem_free((char *)(uintptr_t)env->list.at[i].name);
		mem_wipe_free(value, strlen(value));
	}
	vec_free(&env->list);
}

struct named {
	struct watching *w;
	int scope;
	const char *missing;
};

static void
is_known(void *ctx, const char *name)
{
	struct named *n = ctx;
	char *full = runbook_full_name(n->w->o.runbook, n->scope, name);

	if (!watching_value(n->w, full) && !n->missing)
		n->missing = mem_strdup(name);
	mem_free(full);
}

/* Every input that its texts name has a value, also one that the environment gives; before
 * that there is nothing to look at: false. A burst is load, a draft unread: only a step
 * looks at them. */
static bool
may_look(struct watching *w, int item)
{
	const struct probe *p = &w->o.runbook->probes.list.at[item];
	struct named n = {w, p->scope, NULL};
	char why[120];
	bool known;

	if (p->kind == PROBE_BURST || p->draft) {
		board_off(w->board, item,
			p->draft ? "a draft: only a step looks at it"
				 : "load: only a step looks at it");
		return true;
	}
	probewhat_names(w->o.runbook, p, is_known, &n);
	if (n.missing)
		snprintf(why, sizeof why, "%.80s has no value yet", n.missing);
	board_off(w->board, item, n.missing ? why : NULL);
	known = !n.missing;
	mem_free((char *)(uintptr_t)n.missing);
	return known;
}

/* ---- connections -------------------------------------------------------------------------- */

/* A login that was refused is not tried again by itself: some hosts ban who does that. */
static bool
wants_person(const struct link_status *st)
{
	switch (st->fault) {
	case LINK_FAULT_REFUSED:
	case LINK_FAULT_UNREACHABLE:
	case LINK_FAULT_NO_SUCH_HOST:
	case LINK_FAULT_BUSY:
	case LINK_FAULT_TIMEOUT:
	case LINK_FAULT_CRASHED:
	case LINK_FAULT_NONE:
		return false;
	case LINK_FAULT_KEY_UNKNOWN:
	case LINK_FAULT_KEY_CHANGED:
	case LINK_FAULT_KEY_REVOKED:
	case LINK_FAULT_NO_KEY:
	case LINK_FAULT_TICKET:
	case LINK_FAULT_DENIED:
	case LINK_FAULT_PASSPHRASE:
	case LINK_FAULT_ANSWER:
	case LINK_FAULT_PROTOCOL:
	case LINK_FAULT_CANCELLED:
	case LINK_FAULT_INTERNAL:
	case LINK_FAULT_COUNT:
		break;
	}
	return true;
}

static enum board_link
link_is(const struct link_status *st)
{
	switch (st->state) {
	case LINK_READY:
		return BOARD_LINK_UP;
	case LINK_ASKING:
		return BOARD_LINK_ASKS;
	case LINK_LOST:
		return BOARD_LINK_DOWN;
	case LINK_FAILED:
		return wants_person(st) ? BOARD_LINK_ASKS : BOARD_LINK_DOWN;
	case LINK_RESOLVING:
	case LINK_CONNECTING:
		return BOARD_LINK_TRYING;
	case LINK_IDLE:
	case LINK_CLOSED:
		break;
	}
	return BOARD_LINK_UNTRIED;
}

/* Something new: another state, another failed try, or good news that has grown old. */
static bool
worth_telling(const struct watching_link *was, const struct link_status *st, bool is_ok)
{
	int64_t every_ms = is_ok ? HEARD_MS : BACK_MS;

	if (st->state == LINK_READY && was->state == LINK_READY)
		return clock_mono().ms - was->told.ms >= every_ms &&
			st->heard_ms <= every_ms && !st->silent_ms;
	return st->state != was->state || st->attempts > was->attempts;
}

static void
tell_link(struct watching *w, int target)
{
	struct watching_link *was = &w->links[target];
	struct link_status st;
	int item = board_host(w->board, target);
	bool turned;

	link_status(fleet_link(w->o.fleet, target), &st);
	if (!worth_telling(was, &st,
		    item == NONE ||
			    vital_judged(board_vital(w->board, item)) == VITAL_OK))
		return;
	/* From lost to trying again nothing is known that was not known before. */
	*was = (struct watching_link){st.state, st.attempts, clock_mono()};
	turned = board_link(w->board, target, link_is(&st), st.words, clock_now());
	if (item == NONE)
		return;
	if (w->readings && (st.state == LINK_READY || turned))
		readings_add(w->readings, item, board_vital(w->board, item), turned);
	if (w->o.changed)
		w->o.changed(w->o.ctx, item, NULL, turned);
}

void
watching_links(struct watching *w)
{
	for (size_t i = 0; i < w->o.runbook->targets.list.len; i++)
		if (board_host(w->board, (int)i) != NONE)
			tell_link(w, (int)i);
	loop_timer_start(w->next, 0, 0);
}

static void
link_changed(void *ctx, struct link *l)
{
	(void)l;
	watching_links(ctx);
}

static void
link_prompts(void *ctx, struct link *l, const struct link_prompt *p)
{
	struct watching *w = ctx;

	w->o.prompt(w->o.ctx, l, p);
}

/* The connection was there and said something while the probe was silent, so the silence is
 * the probe's own; else it says nothing about it. */
static bool
machine_is_silent(const struct watching *w, const struct probe *p, int64_t took_ms)
{
	const int hosts[] = {p->host, p->through};

	for (size_t i = 0; i < 2; i++) {
		const struct host *h;
		struct link_status st;

		if (hosts[i] == NONE)
			continue;
		h = &w->o.runbook->hosts.list.at[hosts[i]];
		for (int k = 0; k < h->target_count && h->via == HOST_SSH; k++) {
			link_status(fleet_link(w->o.fleet, h->first_target + k), &st);
			if (st.state != LINK_READY || st.heard_ms >= took_ms)
				return true;
		}
	}
	return false;
}

/* ---- looks ------------------------------------------------------------------------------- */

static enum vital_answer
answer_of(const struct watching *w, const struct probe_reading *r)
{
	if (r->answer == PROBE_NOT_ASKED)
		return VITAL_UNSURE;
	if (r->verdict == VERDICT_OK)
		return VITAL_GOOD;
	if (r->verdict == VERDICT_WARN)
		return VITAL_GOOD_WARN;
	if (r->answer == PROBE_SILENT)
		return machine_is_silent(w, r->probe, r->took_ms) ? VITAL_UNSURE
								  : VITAL_SILENT;
	return r->verdict == VERDICT_FAIL ? VITAL_BAD : VITAL_UNSURE;
}

/* "43" and "ms" are two texts, "412 MiB" is one. */
static bool
number_of(const struct probe_reading *r, double *number)
{
	const char *unit;
	char text[80];

	snprintf(text, sizeof text, "%s%s", r->value, r->unit);
	return expect_number(text, number, &unit) ||
		expect_number(r->value, number, &unit);
}

static void
rows_of(const struct probe_reading *r, struct str *out)
{
	str_adds(out, r->each ? r->each : "");
	for (size_t i = 0; !r->each && i < r->judgement.rows.len; i++) {
		const struct judged *row = &r->judgement.rows.at[i];

		str_addf(out, "%s%s: %s, wanted %s: %s", i ? "\n" : "", row->field,
			row->got, row->want, verdict_name(row->verdict));
	}
}

static bool
tell_board(struct watching *w, int item, const struct probe_reading *r)
{
	struct str rows = STR_INIT;
	struct vital_look l = {.answer = answer_of(w, r),
		.field = r->field,
		.value = r->value,
		.unit = r->unit,
		.want = r->want,
		.message = r->message,
		.took_ms = r->took_ms,
		.at = clock_now()};
	bool turned;

	l.has_number = number_of(r, &l.number);
	rows_of(r, &rows);
	l.rows = rows.buf;
	turned = board_heard(w->board, item, &l);
	if (w->readings)
		readings_add(w->readings, item, board_vital(w->board, item), turned);
	str_release(&rows);
	return turned;
}

void
watching_begun(struct watching *w, int item)
{
	board_begun(w->board, item);
}

void
watching_heard(struct watching *w, int item, const struct probe_reading *r)
{
	bool turned = tell_board(w, item, r);

	if (w->o.changed)
		w->o.changed(w->o.ctx, item, r, turned);
	loop_timer_start(w->next, 0, 0);
}

static void
our_look_free(struct watching_look *k)
{
	probe_look_free(k->look);
	env_release(&k->env);
	mem_free(k);
}

/* A look cannot be freed inside its own answer by whoever hears of it. */
static void
sweep(void *ctx)
{
	struct watching *w = ctx;

	for (size_t i = w->looks.list.len; i-- > 0;)
		if (w->looks.list.at[i]->ended) {
			our_look_free(w->looks.list.at[i]);
			vec_remove(&w->looks.list, i);
		}
}

static void
look_came(void *ctx, const struct probe_reading *r)
{
	struct watching_look *k = ctx;

	k->ended = true;
	loop_timer_start(k->w->sweep, 0, 0);
	if (!k->stale) {
		watching_heard(k->w, k->item, r);
		return;
	}
	board_dropped(k->w->board, k->item, clock_now());
	watching_ask(k->w, k->item);
}

static void
look_start_at(struct watching *w, int item)
{
	struct watching_look *k = mem_alloc(sizeof *k);

	*k = (struct watching_look){.w = w, .item = item};
	env_of(w, w->o.runbook->probes.list.at[item].scope, &k->env);
	vec_push(&w->looks.list, k);
	k->look = probe_start(&(struct probe_env){.loop = w->o.loop,
				      .fleet = w->o.fleet,
				      .http = w->o.http,
				      .runbook = w->o.runbook,
				      .redact = w->o.redact,
				      .lookup = watching_value,
				      .lookup_ctx = w,
				      .env = k->env.list.at,
				      .env_len = k->env.list.len,
				      .past = watching_past(w, item)},
		item, look_came, k);
}

static void
look_around(void *ctx)
{
	struct watching *w = ctx;
	struct err told = w->pending;
	int64_t wait;
	int item;

	w->pending = ERR_INIT;
	if (told.kind != ERR_NONE)
		watching_complain(w, &told);
	while ((item = board_next(w->board, clock_now())) != NONE) {
		if (item < (int)board_probes(w->board))
			look_start_at(w, item);
		else
			link_connect(
				fleet_link(w->o.fleet, board_target(w->board, item)));
	}
	wait = board_wait_ms(w->board, clock_now());
	if (wait >= 0)
		loop_timer_start(w->next, wait > WAIT_LEAST_MS ? wait : WAIT_LEAST_MS, 0);
}

static void
tick(void *ctx)
{
	struct watching *w = ctx;

	watching_links(w);
	if (++w->ticks % FLUSH_TICKS == 0)
		watching_flush(w);
}

/* ---- life -------------------------------------------------------------------------------- */

static void
equip(struct watching *w)
{
	if (w->o.fleet)
		return;
	w->own_fleet = w->o.fleet = fleet_new(&(struct fleet_opts){.loop = w->o.loop,
		.runbook = w->o.runbook,
		.calls = {.on_state = link_changed,
			.on_prompt = w->o.prompt ? link_prompts : NULL,
			.ctx = w}});
	w->own_http = w->o.http = http_new(w->o.loop);
	if (!w->o.redact)
		w->o.redact = givens_redact(w->o.givens);
}

struct watching *
watching_new(const struct watching_opts *o)
{
	struct watching *w = mem_alloc(sizeof *w);
	struct now now = clock_now();

	w->o = *o;
	runbook_ref(w->o.runbook);
	w->links = mem_array(o->runbook->targets.list.len + 1, sizeof *w->links);
	w->pasts = mem_array(o->runbook->probes.list.len + 1, sizeof *w->pasts);
	w->board = board_new(o->runbook, now, (uint64_t)now.mono.ms);
	w->what = mem_array(board_items(w->board) + 1, sizeof *w->what);
	w->next = loop_timer_new(o->loop, look_around, w);
	w->tick = loop_timer_new(o->loop, tick, w);
	w->sweep = loop_timer_new(o->loop, sweep, w);
	equip(w);
	watching_keep(w);
	for (size_t i = board_probes(w->board); i < board_items(w->board); i++)
		watching_identify(w, (int)i);
	watching_inputs(w);
	loop_timer_start(w->tick, TICK_MS, TICK_MS);
	return w;
}

void
watching_free(struct watching *w)
{
	if (!w)
		return;
	loop_timer_free(w->next);
	loop_timer_free(w->tick);
	loop_timer_free(w->sweep);
	for (size_t i = 0; i < w->looks.list.len; i++)
		our_look_free(w->looks.list.at[i]);
	vec_free(&w->looks.list);
	watching_flush(w);
	readings_free(w->readings);
	http_free(w->own_http);
	fleet_free(w->own_fleet);
	for (size_t i = 0; i < board_items(w->board); i++)
		mem_free(w->what[i]);
	mem_free(w->what);
	board_free(w->board);
	for (size_t i = 0; i < w->o.runbook->probes.list.len; i++)
		past_free(w->pasts[i]);
	mem_free(w->pasts);
	runbook_unref(w->o.runbook);
	mem_free(w->links);
	mem_free(w);
}

struct board *
watching_board(struct watching *w)
{
	return w->board;
}

void
watching_watch(struct watching *w, enum board_watched how)
{
	board_watched(w->board, how, clock_now());
	loop_timer_start(w->next, 0, 0);
}

void
watching_ask(struct watching *w, int item)
{
	for (size_t i = 0; i < board_items(w->board); i++)
		if (item == NONE || item == (int)i)
			board_ask(w->board, (int)i);
	loop_timer_start(w->next, 0, 0);
}

void
watching_inputs(struct watching *w)
{
	for (size_t i = 0; i < board_probes(w->board); i++)
		if (may_look(w, (int)i))
			watching_identify(w, (int)i);
	loop_timer_start(w->next, 0, 0);
}

void
watching_mute(struct watching *w, int item, const struct vital_mute *m)
{
	board_mute(w->board, item, m);
	if (w->readings)
		readings_mute(w->readings, item, m);
	if (w->o.changed)
		w->o.changed(w->o.ctx, item, NULL, false);
}

struct past *
watching_past(struct watching *w, int probe)
{
	if (!w->pasts[probe])
		w->pasts[probe] = past_new();
	return w->pasts[probe];
}

struct fleet *
watching_fleet(struct watching *w)
{
	return w->o.fleet;
}

bool
watching_looks(const struct watching *w)
{
	for (size_t i = 0; i < w->looks.list.len; i++)
		if (!w->looks.list.at[i]->ended)
			return true;
	return false;
}
