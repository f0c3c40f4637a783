#include "run/run.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "model/subst.h"
#include "run/added.h"
#include "run/back.h"
#include "run/inputs.h"
#include "run/legs.h"
#include "run/progress.h"
#include "run/revised.h"

enum { SOAK_EVERY_MS = 10 * 1000 };

/* ---- names ---------------------------------------------------------------------------- */

static const struct {
	const char *name, *box;
} states[STEP_STATE_COUNT] = {
#define X(id, words, mark) [STEP_IS_##id] = {.name = words, .box = mark},
	STEP_STATES(X)
#undef X
};

const char *
run_mode_name(enum run_mode m)
{
	static const char *const names[] = {
		[RUN_LIVE] = "live", [RUN_DRY] = "dry", [RUN_PRACTICE] = "practice"};

	return names[m];
}

const char *
run_step_state_name(enum step_state s)
{
	return states[s].name;
}

const char *
run_step_state_box(enum step_state s)
{
	return states[s].box;
}

const char *
run_leg_state_name(enum leg_state s)
{
	static const char *const names[] = {
		[LEG_TODO] = "to do",
		[LEG_INTENDED] = "starting",
		[LEG_RUNNING] = "running",
		[LEG_CANCELLING] = "stopping",
		[LEG_OK] = "ok",
		[LEG_WARN] = "warn",
		[LEG_FAILED] = "failed",
		[LEG_RETRY] = "tries again",
		[LEG_UNKNOWN] = "unknown",
		[LEG_SKIPPED] = "left out",
	};

	return names[s];
}

/* ---- life ----------------------------------------------------------------------------- */

static bool
has_conditions(const struct runbook *rb)
{
	for (size_t i = 0; i < rb->steps.list.len; i++) {
		const struct step *s = &rb->steps.list.at[i];

		if (s->when.list.len || s->kind == STEP_CHOOSE ||
			s->on_failure == ON_FAILURE_GOTO)
			return true;
	}
	return rb->rollback_first != NONE;
}

struct run *
run_new(struct runbook *rb)
{
	struct run *r = mem_alloc(sizeof *r);

	r->runbook = runbook_ref(rb);
	r->input_seq = -1;
	r->seq = r->signed_seq = r->input_seq = -1;
	r->conditional = has_conditions(rb);
	r->revises = revised_has(rb);
	memset(r->head, '0', DIGEST_HEX);
	map_init(&r->values);
	map_init(&r->set_by);
	map_init(&r->set_at);
	map_init(&r->by_id);
	map_init(&r->last_mark);
	map_init(&r->letters);
	map_init(&r->down);
	/* what another fold of the same record added comes with its event */
	for (size_t i = 0; i < rb->steps.list.len && !rb->steps.list.at[i].added; i++) {
		struct run_step *rs = vec_add(&r->steps.list);

		rs->step = &rb->steps.list.at[i];
		rs->option = rs->second.leg = NONE;
		rs->seq = rs->marked_seq = -1;
		if (step_kind_has_legs(rs->step->kind))
			legs_make(rb, rs);
		map_put(&r->by_id, rs->step->id, (void *)(intptr_t)(i + 1));
	}
	progress_derive(r);
	return r;
}

static void
strings_release(struct strings *s)
{
	for (size_t i = 0; i < s->list.len; i++)
		mem_free(s->list.at[i]);
	vec_free(&s->list);
}

static void
step_release(struct run_step *rs)
{
	legs_release(rs);
	revised_release(rs);
	for (size_t i = 0; i < rs->readings.list.len; i++) {
		struct reading *g = &rs->readings.list.at[i];

		mem_free(g->field);
		mem_free(g->value);
		mem_free(g->unit);
		mem_free(g->want);
		mem_free(g->message);
		mem_free(g->before);
		mem_free(g->worst);
	}
	vec_free(&rs->readings.list);
	mem_free(rs->second.who);
	mem_free(rs->redline);
	for (size_t i = 0; i < rs->signatures.list.len; i++) {
		mem_free(rs->signatures.list.at[i].who);
		mem_free(rs->signatures.list.at[i].key);
		mem_free(rs->signatures.list.at[i].why);
	}
	vec_free(&rs->signatures.list);
	strings_release(&rs->signers);
	strings_release(&rs->keys);
	mem_free(rs->again);
	mem_free(rs->who);
	mem_free(rs->evidence);
	mem_free(rs->reason);
	mem_free(rs->note);
}

static void
map_free_texts(struct map *m)
{
	for (size_t i = 0; i < m->len; i++)
		mem_free(m->at[i].value);
	map_release(m);
}

static void
attached_release(struct attached *a)
{
	char *const owned[] = {a->who, a->kind, a->name, a->host, a->blob, a->text};

	for (size_t i = 0; i < sizeof owned / sizeof *owned; i++)
		mem_free(owned[i]);
}

void
run_free(struct run *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->steps.list.len; i++)
		step_release(&r->steps.list.at[i]);
	vec_free(&r->steps.list);
	for (size_t i = 0; i < r->notes.list.len; i++) {
		mem_free(r->notes.list.at[i].who);
		mem_free(r->notes.list.at[i].text);
		mem_free(r->notes.list.at[i].drill);
	}
	vec_free(&r->notes.list);
	for (size_t i = 0; i < r->attached.list.len; i++)
		attached_release(&r->attached.list.at[i]);
	vec_free(&r->attached.list);
	for (size_t i = 0; i < r->exceptions.list.len; i++)
		mem_free(r->exceptions.list.at[i].text);
	vec_free(&r->exceptions.list);
	for (size_t i = 0; i < r->changes.list.len; i++)
		mem_free(r->changes.list.at[i].why);
	vec_free(&r->changes.list);
	strings_release(&r->runners);
	mem_free(r->forced_armer);
	map_free_texts(&r->values);
	map_free_texts(&r->set_by);
	map_release(&r->set_at);
	map_release(&r->by_id);
	map_release(&r->last_mark);
	map_release(&r->letters);
	map_release(&r->down);
	mem_free(r->result);
	mem_free(r->owing.run);
	mem_free(r->owing.duty);
	mem_free(r->owing.root);
	mem_free(r->hold_reason);
	mem_free(r->back.who);
	mem_free(r->back.result);
	mem_free(r->back.why);
	mem_free(r->opened_by);
	mem_free(r->driver);
	mem_free(r->driver_con);
	mem_free(r->held_by);
	mem_free(r->released_to);
	mem_free(r->offer.to);
	mem_free(r->offer.by);
	mem_free(r->offer.summary);
	mem_free(r->name);
	mem_free(r->sha256);
	mem_free(r->environment);
	runbook_unref(r->runbook);
	mem_free(r);
}

void
run_head(struct run *r, const char *hash)
{
	memcpy(r->head, hash, DIGEST_HEX);
	r->head[DIGEST_HEX] = '\0';
}

/* ---- asking --------------------------------------------------------------------------- */

int64_t
run_letter(const struct run *r, const char *id)
{
	return (int64_t)(intptr_t)map_get(&r->letters, id) - 1;
}

int
run_find_step(const struct run *r, const char *id)
{
	return (int)(intptr_t)map_get(&r->by_id, id) - 1;
}

const char *
run_value(const struct run *r, int scope, const char *name)
{
	char *full = runbook_full_name(r->runbook, scope, name);
	const char *value = map_get(&r->values, full);

	mem_free(full);
	return value ? value : pairs_get(&r->runbook->env_inputs, name);
}

const char *
run_step_word(const struct run *r, int step)
{
	const struct run_step *s = &r->steps.list.at[step];
	enum step_state state = run_step_state(r, step);

	if (state == STEP_IS_SKIPPED && s->ticked && s->tick == TICK_NA)
		return "not applicable";
	if (s->step->kind == STEP_WATCH && s->ticked && s->tick != TICK_BY_HAND)
		return state == STEP_IS_DONE      ? "seen"
			: state == STEP_IS_FAILED ? "not seen"
						  : run_step_state_name(state);
	return run_step_state_name(state);
}

bool
run_settled(const struct run_step *s)
{
	return s->state == STEP_IS_DONE || s->state == STEP_IS_SKIPPED ||
		s->state == STEP_IS_NOT_NEEDED;
}

enum step_state
run_step_state(const struct run *r, int step)
{
	const struct run_step *rs = &r->steps.list.at[step];

	return progress_is_heading(rs->step) ? progress_heading(r, step) : rs->state;
}

/* Not settled, and not a failure that led on to another step. */
static bool
asks_for_something(const struct run *r, int i)
{
	const struct run_step *rs = &r->steps.list.at[i];

	if (progress_is_heading(rs->step) || run_settled(rs) || back_left_behind(r, i))
		return false;
	return !progress_led_on(r, i, (int)r->steps.list.len);
}

int
run_next_open(const struct run *r, int from)
{
	struct undo_row row;
	int added;

	if (r->back.state == BACK_OVER)
		return NONE;
	if (r->back.state == BACK_ON && r->back.how == BACK_UNDO)
		return back_next(r, &row) == UNDO_NEXT_NOTHING ? NONE : row.step;
	if (back_by_steps(r) && from < r->runbook->rollback_first)
		from = r->runbook->rollback_first;
	/* what was added is wanted now, not at the end */
	added = back_by_steps(r) ? NONE : added_open(r);
	if (added != NONE && from <= added && asks_for_something(r, added))
		return added;
	for (int i = from > 0 ? from : 0; i < (int)r->steps.list.len; i++)
		if (asks_for_something(r, i))
			return i;
	return NONE;
}

struct run_counts
run_count(const struct run *r)
{
	struct run_counts c = {0};

	for (size_t i = 0; i < r->steps.list.len; i++) {
		const struct run_step *rs = &r->steps.list.at[i];

		if (progress_is_heading(rs->step) || rs->state == STEP_IS_NOT_NEEDED)
			continue;
		c.total++;
		c.done += rs->state == STEP_IS_DONE;
		c.failed += rs->state == STEP_IS_FAILED;
		c.skipped += rs->state == STEP_IS_SKIPPED;
		c.running += rs->state == STEP_IS_RUNNING;
		c.unknown += rs->state == STEP_IS_UNKNOWN;
	}
	c.left = c.total - c.done - c.skipped;
	return c;
}

const char *
run_outcome(const struct run *r)
{
	bool failed = false;

	if (r->back.state != BACK_NEVER)
		return back_outcome(r);
	for (size_t i = 0; i < r->steps.list.len; i++) {
		const struct run_step *rs = &r->steps.list.at[i];

		if (progress_is_heading(rs->step) || run_settled(rs) ||
			back_left_behind(r, (int)i))
			continue;
		if (rs->state != STEP_IS_FAILED)
			return NULL;
		failed = true;
	}
	return failed ? "failed" : "ok";
}

bool
run_busy(const struct run *r)
{
	for (size_t i = 0; i < r->steps.list.len; i++) {
		const struct run_step *rs = &r->steps.list.at[i];

		for (size_t k = 0; k < rs->legs.list.len; k++)
			if (legs_active(&rs->legs.list.at[k].way[WAY_FORWARD]) ||
				legs_active(&rs->legs.list.at[k].way[WAY_BACK]))
				return true;
	}
	return false;
}

bool
run_is_down(const struct run *r, int target)
{
	return target != NONE &&
		map_get(&r->down, r->runbook->targets.list.at[target].id) != NULL;
}

/* When the running leg becomes late; 0: never. */
static int64_t
late_at(const struct run_step *rs, const struct leg_run *lr)
{
	if (!rs->step->timeout_ms || !legs_active(lr))
		return 0;
	return (lr->started.ms ? lr->started.ms : lr->intended.ms) + rs->step->timeout_ms;
}

bool
run_late(const struct run *r, int step, struct wall now)
{
	const struct run_step *rs = &r->steps.list.at[step];

	for (size_t k = 0; k < rs->legs.list.len; k++) {
		int64_t at = late_at(rs, &rs->legs.list.at[k].way[WAY_FORWARD]);

		if (at && now.ms >= at)
			return true;
	}
	return false;
}

struct wall
run_late_at(const struct run *r, struct wall now)
{
	struct wall next = {0};

	for (size_t i = 0; i < r->steps.list.len; i++) {
		const struct run_step *rs = &r->steps.list.at[i];

		for (size_t k = 0; k < rs->legs.list.len; k++) {
			int64_t at = late_at(rs, &rs->legs.list.at[k].way[WAY_FORWARD]);

			if (at > now.ms && (!next.ms || at < next.ms))
				next.ms = at;
		}
	}
	return next;
}

int64_t
run_soak_every_ms(const struct step *s)
{
	return s->every_ms > 0 ? s->every_ms : SOAK_EVERY_MS;
}

int
run_soak_looks(const struct step *s)
{
	return (int)(s->for_ms / run_soak_every_ms(s)) + 1;
}

/* ---- texts ---------------------------------------------------------------------------- */

struct names {
	const struct run *r;
	const struct step *step;
	const char *host;
};

static const char *
name_value(const void *ctx, const char *name)
{
	const struct names *n = ctx;
	const struct run *r = n->r;

	/* Ours first: no input or saved value may stand for the host in a phrase. */
	if (strcmp(name, "host") == 0 && n->host)
		return n->host;
	if (strcmp(name, "run") == 0)
		return r->id;
	if (strcmp(name, "step") == 0)
		return n->step ? n->step->id : NULL;
	if (strcmp(name, "env") == 0)
		return r->environment ? r->environment : r->runbook->environment;
	return run_value(r, n->step ? n->step->scope : 0, name);
}

char *
run_expand(const struct run *r, const struct step *s, const char *text, const char *host,
	struct err *e)
{
	struct names names = {.r = r, .step = s, .host = host};
	struct str out = STR_INIT;

	if (subst_expand(text, SUBST_TEXT, name_value, &names, &out, e))
		return str_take(&out);
	str_release(&out);
	return NULL;
}

enum risk
run_leg_risk(const struct run *r, int step, enum way way)
{
	const struct step *s = &r->runbook->steps.list.at[step];

	if (way == WAY_BACK)
		return s->undo.risk;
	return r->steps.list.at[step].redline ? r->steps.list.at[step].redline_risk
					      : s->risk;
}

const char *
run_leg_text(const struct run *r, int step, int leg, enum way way)
{
	const struct step *s = &r->runbook->steps.list.at[step];

	if (way == WAY_BACK)
		return s->undo.text;
	/* Panes are texts of their own. Of other steps the item travels in the environment,
	 * never in the text. */
	for (size_t i = 0; s->kind == STEP_WATCH && leg >= 0 && i < s->panes.list.len;
		i++)
		if (s->panes.list.len == 1 ||
			str_eq(r->steps.list.at[step].legs.list.at[leg].each,
				s->each.list.at[i]))
			return s->panes.list.at[i];
	return r->steps.list.at[step].redline ? r->steps.list.at[step].redline : s->text;
}

int
run_leg_target(const struct run *r, int step, int leg, enum way way)
{
	const struct step *s = &r->runbook->steps.list.at[step];

	if (way == WAY_FORWARD || s->undo.host == s->host)
		return r->steps.list.at[step].legs.list.at[leg].target;
	return s->undo.host == NONE
		? NONE
		: r->runbook->hosts.list.at[s->undo.host].first_target;
}

/* As written, or made up where the runbook says nothing. */
static char *
phrase_text(const struct run *r, int step, enum way way)
{
	const struct step *s = &r->runbook->steps.list.at[step];

	/* edited until it destroys something, it wants its host typed, too */
	if (way == WAY_FORWARD && s->confirm)
		return mem_printf("%s%s", s->confirm,
			run_leg_risk(r, step, way) == RISK_SEVERE &&
					!strstr(s->confirm, "${host}")
				? " on ${host}"
				: "");
	return mem_printf("%s %s%s", way == WAY_BACK ? "undo" : "run", s->id,
		run_leg_risk(r, step, way) == RISK_SEVERE ? " on ${host}" : "");
}

char *
run_phrase_for(
	const struct run *r, int step, enum way way, const char *host, struct err *e)
{
	char *text = phrase_text(r, step, way);
	char *phrase = run_expand(r, &r->runbook->steps.list.at[step], text, host, e);

	mem_free(text);
	return phrase;
}

char *
run_phrase(const struct run *r, int step, int leg, enum way way)
{
	const struct run_step *rs = &r->steps.list.at[step];
	struct err e = ERR_INIT;
	char *phrase;
	int target;

	if (run_leg_risk(r, step, way) < RISK_HARD || !rs->legs.list.len)
		return NULL;
	if (leg == LEG_ALL)
		leg = legs_first(r, step, way);
	if (leg == NONE)
		leg = 0;
	target = run_leg_target(r, step, leg, way);
	phrase = run_phrase_for(r, step, way,
		target == NONE ? "local" : r->runbook->targets.list.at[target].id, &e);
	/* Without its values nobody can type it; START says which one is missing. */
	return phrase ? phrase : phrase_text(r, step, way);
}

bool
run_leg_uses_secret(const struct run *r, int step, enum way way, int input)
{
	const struct step *s = &r->runbook->steps.list.at[step];
	const struct input *in = &r->runbook->inputs.list.at[input];

	if (in->from == SECRET_NOT || in->scope != s->scope)
		return false;
	if (way == WAY_FORWARD && s->dsn && strcmp(s->dsn, in->name) == 0)
		return true;
	return inputs_named(run_leg_text(r, step, LEG_ALL, way), in->name);
}

int
run_missing_input(const struct run *r, int step)
{
	const struct step *s = &r->runbook->steps.list.at[step];

	for (size_t i = 0; i < r->runbook->inputs.list.len; i++) {
		const struct input *in = &r->runbook->inputs.list.at[i];

		if (in->scope != s->scope || in->from != SECRET_NOT)
			continue;
		if ((inputs_named(
			     run_leg_text(r, step, LEG_ALL, WAY_FORWARD), in->name) ||
			    inputs_named(s->dir, in->name)) &&
			!run_value(r, s->scope, in->name))
			return (int)i;
	}
	return NONE;
}
