#include "run/decide_leg.h"

#include <string.h>

#include "base/mem.h"
#include "run/decide_outcome.h"
#include "run/decide_probe.h"
#include "run/gate.h"
#include "run/legs.h"
#include "run/second.h"

/* ---- start ---------------------------------------------------------------------------- */

static const char *
hostkey_of(const struct decide_ctx *c, int target)
{
	return c->q->hostkeys && target != NONE ? c->q->hostkeys[target] : NULL;
}

static const char *
target_name(const struct decide_ctx *c, int target)
{
	return target == NONE ? "local" : c->r->runbook->targets.list.at[target].id;
}

/* Who was given what stands before the intent, in its group: names, never values. */
static bool
secrets_used(struct decide_ctx *c, int step, int leg, enum way way, struct err *e)
{
	const struct runbook *rb = c->r->runbook;
	const struct leg *l = &c->r->steps.list.at[step].legs.list.at[leg];

	for (size_t i = 0; i < rb->inputs.list.len; i++) {
		const struct input *in = &rb->inputs.list.at[i];
		struct decide_data d;
		char *full;

		if (!run_leg_uses_secret(c->r, step, way, (int)i))
			continue;
		full = runbook_full_name(rb, in->scope, in->name);
		decide_emit_begin(&d);
		decide_emit_leg(&d, l, way, 0);
		jsonout_kstr(&d.j, "name", full);
		mem_free(full);
		if (!decide_emit_event(c, EVENT_SECRET_USED, step, &d, e))
			return false;
	}
	return true;
}

static bool
intent(struct decide_ctx *c, int step, int leg, enum way way, bool goes_on, struct err *e)
{
	const struct run_step *rs = &c->r->steps.list.at[step];
	const struct leg *l = &rs->legs.list.at[leg];
	const char *text = run_leg_text(c->r, step, leg, way);
	bool look = way == WAY_FORWARD && run_leg_risk(c->r, step, way) == RISK_NONE;
	int target = run_leg_target(c->r, step, leg, way);
	int attempt = l->way[way].attempt + 1;
	char *job = legs_job(rs, leg, way, attempt);
	char sha256[DIGEST_HEX + 1];
	struct decide_data d;

	digest_hex(text, strlen(text), sha256);
	decide_emit_begin(&d);
	decide_emit_leg(&d, l, way, attempt);
	if (target !=
		l->target) /* an undo may run elsewhere; `host` stays the leg's name */
		jsonout_kstr(&d.j, "on", target_name(c, target));
	jsonout_kstr(&d.j, "job", job);
	mem_free(job);
	if (look)
		jsonout_kbool(&d.j, "look", true);
	jsonout_kstr(&d.j, "text", text);
	jsonout_kstr(&d.j, "sha256", sha256);
	decide_emit_maybe(&d, "hostkey", hostkey_of(c, target));
	if (goes_on)
		jsonout_kbool(&d.j, "goes_on", true);
	if (second_needed(c->r, step, way)) /* tried again by itself: the same start */
		jsonout_kint(&d.j, "second",
			l->way[way].state == LEG_RETRY
				? l->way[way].second
				: second_there(c->r, step, leg, c->now.wall));
	if (second_needed(c->r, step, way)) {
		second_digest(c->r, step, sha256);
		jsonout_kstr(&d.j, "values", sha256);
	}
	if (!secrets_used(c, step, leg, way, e)) {
		decide_emit_drop(&d);
		return false;
	}
	if (!decide_emit_event(c, EVENT_STEP_INTENT, step, &d, e))
		return false;
	decide_emit_effect(c,
		&(struct effect){.kind = look ? EFFECT_LOOK : EFFECT_JOB,
			.step = step,
			.leg = leg,
			.attempt = attempt,
			.way = way,
			.probe = NONE});
	return true;
}

static bool
phrase_is(const struct decide_ctx *c, const char *host, bool *same, struct err *e)
{
	char *phrase = run_phrase_for(c->r, c->q->step, c->q->way, host, e);

	if (!phrase)
		return false;
	*same = str_eq(phrase, c->q->typed);
	mem_free(phrase);
	return true;
}

/* Hard and severe steps ask for words, byte for byte. A host of the file that is one
 * machine may be called by its name there. */
static bool
phrase_typed(const struct decide_ctx *c, int leg, struct err *e)
{
	int target = run_leg_target(c->r, c->q->step, leg, c->q->way);
	const char *host = target_name(c, target);
	char *phrase;
	bool same;

	if (run_leg_risk(c->r, c->q->step, c->q->way) < RISK_HARD)
		return true;
	if (!phrase_is(c, host, &same, e))
		return false;
	if (!same && target != NONE) {
		const struct runbook *rb = c->r->runbook;
		const struct host *h = &rb->hosts.list
						.at[rb->targets.list.at[target].host];

		if (h->target_count == 1 && !phrase_is(c, h->name, &same, e))
			return false;
	}
	if (same)
		return true;
	phrase = run_phrase_for(c->r, c->q->step, c->q->way, host, e);
	err_set(e, ERR_REFUSED, "%s: \"%s\" must be typed; nothing has run",
		c->q->typed ? "those are not the words" : "this wants to be confirmed",
		phrase ? phrase : "");
	mem_free(phrase);
	return false;
}

static bool
confirm(struct decide_ctx *c, const struct leg *leg, struct err *e)
{
	struct decide_data d;

	decide_emit_begin(&d);
	decide_emit_leg(&d, leg, c->q->way, 0);
	jsonout_kstr(&d.j, "risk", risk_name(run_leg_risk(c->r, c->q->step, c->q->way)));
	decide_emit_maybe(&d, "typed", c->q->typed);
	jsonout_kint(&d.j, "shown_ms", c->q->shown_ms);
	return decide_emit_event(c, EVENT_STEP_CONFIRM, c->q->step, &d, e);
}

/* Whoever left a host out may think better of it, by naming it. */
static bool
left_out(const struct decide_ctx *c, const struct run_step *rs, int leg)
{
	return rs->legs.list.at[leg].way[c->q->way].state == LEG_SKIPPED &&
		(c->q->way == WAY_FORWARD || legs_undoable(rs, leg));
}

static bool
pick_leg(const struct decide_ctx *c, const struct run_step *rs, int *leg, struct err *e)
{
	*leg = c->q->leg == LEG_ALL ? legs_first(c->r, c->q->step, c->q->way) : c->q->leg;
	if (c->q->leg == LEG_ALL && *leg == NONE)
		return err_set(e, ERR_STATE, "nothing of it is left to start");
	if (*leg < 0 || (size_t)*leg >= rs->legs.list.len)
		return err_set(e, ERR_INPUT, "it has no such host");
	if (!legs_may_begin(rs, *leg, c->q->way) && !left_out(c, rs, *leg))
		return err_set(e, ERR_STATE, "on %s it is %s",
			rs->legs.list.at[*leg].host,
			run_leg_state_name(rs->legs.list.at[*leg].way[c->q->way].state));
	return true;
}

bool
decide_leg_start(struct decide_ctx *c, struct err *e)
{
	const struct run_step *rs = &c->r->steps.list.at[c->q->step];
	const struct leg *leg;
	int at, missing;
	bool all;

	if (!pick_leg(c, rs, &at, e))
		return false;
	leg = &rs->legs.list.at[at];
	if (c->q->leg == LEG_ALL && rs->legs.list.len > 1 &&
		run_is_down(c->r, run_leg_target(c->r, c->q->step, at, c->q->way)))
		return err_set(e, ERR_REFUSED,
			"%s is DOWN: leave it out with a reason, wait for it, or start there alone",
			leg->host);
	missing = run_missing_input(c->r, c->q->step);
	if (missing != NONE)
		return err_set(e, ERR_STATE, "the input %s has no value yet",
			c->r->runbook->inputs.list.at[missing].name);
	if (!second_allows(c->r, c->q->step, at, c->q->way, c->now.wall, e))
		return false;
	if (c->q->way == WAY_FORWARD)
		switch (decide_probe_before(c, e)) {
		case DECIDE_PROBE_READY:
			break;
		case DECIDE_PROBE_LOOKING:
			return true;
		case DECIDE_PROBE_REFUSED:
			return false;
		}
	if (!phrase_typed(c, at, e))
		return false;
	if ((run_leg_risk(c->r, c->q->step, WAY_FORWARD) != RISK_NONE ||
		    c->q->way == WAY_BACK) &&
		!confirm(c, leg, e))
		return false;
	all = c->q->leg == LEG_ALL && rs->legs.list.len > 1 &&
		!legs_one_by_one(c->r, c->q->step, c->q->way) &&
		!second_needed(c->r, c->q->step, WAY_FORWARD);
	return intent(c, c->q->step, at, c->q->way, all, e);
}

bool
decide_leg_go_on(struct decide_ctx *c, int step, int leg, struct err *e)
{
	const struct run_step *rs = &c->r->steps.list.at[step];

	return intent(c, step, leg, rs->going_way, rs->going, e);
}

bool
decide_leg_take_back(struct decide_ctx *c, int step, int leg, struct err *e)
{
	return intent(c, step, leg, WAY_BACK, false, e);
}

/* ---- outcomes ------------------------------------------------------------------------- */

/* The leg an outcome is about, when it is the attempt under way (or one whose outcome is
 * unknown so far). NULL: stale, of another host, or heard before; it changes nothing. */
static const struct leg *
leg_in_question(const struct decide_ctx *c)
{
	const struct run_step *rs = &c->r->steps.list.at[c->q->step];
	const struct leg_run *lr;

	if (c->q->leg < 0 || (size_t)c->q->leg >= rs->legs.list.len)
		return NULL;
	lr = &rs->legs.list.at[c->q->leg].way[c->q->way];
	if (c->q->attempt < 1 || lr->attempt != c->q->attempt || lr->judged)
		return NULL;
	if (!legs_active(lr) && lr->state != LEG_UNKNOWN)
		return NULL;
	return &rs->legs.list.at[c->q->leg];
}

/* All of it stays or nothing does: begun is not yet done. */
static bool
is_transaction(const struct decide_ctx *c)
{
	enum step_kind k = c->r->steps.list.at[c->q->step].step->kind;

	return c->q->way == WAY_FORWARD && (k == STEP_SQL || k == STEP_COPY);
}

bool
decide_leg_started(struct decide_ctx *c, struct err *e)
{
	const struct leg *leg = leg_in_question(c);
	const struct leg_run *lr;
	struct decide_data d;

	if (!leg)
		return true;
	lr = &leg->way[c->q->way];
	if (lr->state == LEG_RUNNING || (lr->state == LEG_CANCELLING && lr->started.ms))
		return true;
	decide_emit_begin(&d);
	decide_emit_leg(&d, leg, c->q->way, lr->attempt);
	jsonout_kint(&d.j, "pid", c->q->pid);
	decide_emit_maybe(&d, "boot_id", c->q->boot_id);
	if (!lr->hostkey)
		decide_emit_maybe(&d, "hostkey",
			hostkey_of(c,
				run_leg_target(c->r, c->q->step, c->q->leg, c->q->way)));
	decide_emit_maybe(&d, "warning", c->q->warning);
	if (is_transaction(c) && lr->state == LEG_INTENDED)
		decide_emit_effect(c,
			&(struct effect){.kind = EFFECT_COMMIT,
				.step = c->q->step,
				.leg = c->q->leg,
				.attempt = c->q->attempt,
				.way = c->q->way,
				.probe = NONE});
	return decide_emit_event(c, EVENT_STEP_STARTED, c->q->step, &d, e);
}

bool
decide_leg_output(struct decide_ctx *c, struct err *e)
{
	static const char *const ours[] = {"host", "each", "attempt", "way", NULL};
	const struct leg *leg = leg_in_question(c);
	struct json *doc;
	int64_t offset;
	struct decide_data d;

	if (!leg || !c->q->data || !legs_active(&leg->way[c->q->way]))
		return true;
	doc = json_parse(c->q->data, strlen(c->q->data), e);
	if (!doc)
		return err_ctx(e, "data of a request");
	offset = json_int(json_root(doc), "offset", -1);
	json_free(doc);
	if (offset >= 0 && offset < leg->way[c->q->way].bytes)
		return true; /* these bytes are in the record already */
	decide_emit_begin(&d);
	decide_emit_leg(&d, leg, c->q->way, c->q->attempt);
	if (!decide_emit_members(&d, c->q->data, ours, e)) {
		decide_emit_drop(&d);
		return false;
	}
	return decide_emit_event(c, EVENT_STEP_OUTPUT, c->q->step, &d, e);
}

bool
decide_leg_ended(struct decide_ctx *c, struct err *e)
{
	const struct leg *leg = leg_in_question(c);

	return !leg || decide_outcome_ended(c, leg, e);
}

bool
decide_leg_not_started(struct decide_ctx *c, struct err *e)
{
	const struct leg *leg = leg_in_question(c);

	/* What the host has called running did start: nobody knows what became of it. */
	if (leg && leg->way[c->q->way].started.ms && !is_transaction(c))
		return decide_leg_lost(c, e);
	return !leg || decide_outcome_never(c, leg, e);
}

bool
decide_leg_lost(struct decide_ctx *c, struct err *e)
{
	const struct leg *leg = leg_in_question(c);
	const struct leg_run *lr;
	struct decide_data d;

	if (!leg || !legs_active(&leg->way[c->q->way]))
		return true;
	lr = &leg->way[c->q->way];
	if (lr->look) /* it changed nothing: a failed look, not a mystery */
		return decide_outcome_never(c, leg, e);
	decide_emit_begin(&d);
	decide_emit_leg(&d, leg, c->q->way, lr->attempt);
	jsonout_kstr(&d.j, "state", c->q->text ? c->q->text : "unknown");
	decide_emit_maybe(&d, "why", c->q->reason);
	return decide_emit_event(c, EVENT_STEP_UNKNOWN, c->q->step, &d, e);
}

/* The answer of the host to a cancel; what became of the job is another fact. */
bool
decide_leg_stopped(struct decide_ctx *c, struct err *e)
{
	const struct run_step *rs = &c->r->steps.list.at[c->q->step];
	const struct leg *leg;
	struct decide_data d;

	if (c->q->leg < 0 || (size_t)c->q->leg >= rs->legs.list.len)
		return true;
	leg = &rs->legs.list.at[c->q->leg];
	if (leg->way[c->q->way].attempt != c->q->attempt || !c->q->text)
		return true;
	decide_emit_begin(&d);
	decide_emit_leg(&d, leg, c->q->way, c->q->attempt);
	jsonout_kstr(&d.j, "reply", c->q->text);
	return decide_emit_event(c, EVENT_STEP_CANCEL, c->q->step, &d, e);
}

/* ---- people --------------------------------------------------------------------------- */

bool
decide_leg_stop(
	struct decide_ctx *c, const struct effect *which, const char *why, struct err *e)
{
	const struct leg *leg = &c->r->steps.list.at[which->step]
					 .legs.list.at[which->leg];
	const struct leg_run *lr = &leg->way[which->way];
	struct effect fx = *which;
	struct decide_data d;

	fx.kind = EFFECT_CANCEL;
	fx.attempt = lr->attempt;
	/* Asked twice: the host may not have heard the first time, the record has. */
	if (legs_active(lr))
		decide_emit_effect(c, &fx);
	if (lr->state == LEG_CANCELLING)
		return true;
	decide_emit_begin(&d);
	decide_emit_leg(&d, leg, which->way, lr->attempt);
	jsonout_kstr(&d.j, "why", why);
	return decide_emit_event(c, EVENT_STEP_CANCEL, which->step, &d, e);
}

/* Stops a check, a wait, or a START that would lead on to further hosts. */
static bool
stop_step(struct decide_ctx *c, const char *why, struct err *e)
{
	struct decide_data d;

	decide_emit_begin(&d);
	jsonout_kstr(&d.j, "why", why);
	return decide_emit_event(c, EVENT_STEP_CANCEL, c->q->step, &d, e);
}

bool
decide_leg_cancel(struct decide_ctx *c, struct err *e)
{
	const struct run_step *rs = &c->r->steps.list.at[c->q->step];
	const char *why = decide_emit_said(c->q->reason) ? c->q->reason : "asked to stop";
	bool found = false;

	if (!gate_allows(c->r, ACT_CANCEL, c->q->step, e))
		return false;
	for (size_t i = 0; i < rs->legs.list.len; i++)
		for (int w = WAY_FORWARD; w <= WAY_BACK; w++) {
			const struct leg_run *lr = &rs->legs.list.at[i].way[w];
			struct effect which = {.step = c->q->step,
				.leg = (int)i,
				.way = (enum way)w,
				.probe = NONE};

			if (c->q->leg != LEG_ALL && c->q->leg != (int)i)
				continue;
			if (!legs_active(lr) && lr->state != LEG_RETRY)
				continue;
			found = true;
			if (!decide_leg_stop(c, &which, why, e))
				return false;
		}
	if (found)
		return true;
	if (c->q->leg != LEG_ALL && rs->legs.list.len)
		return err_set(e, ERR_STATE, "nothing is running there");
	return stop_step(c, why, e);
}

static bool
resolve_one(struct decide_ctx *c, const struct leg *leg, enum way way, struct err *e)
{
	static const char *const words[] = {
		[RESOLVE_DONE] = "done",
		[RESOLVE_FAILED] = "failed",
		[RESOLVE_NOTHING_RAN] = "nothing-ran",
	};
	struct decide_data d;

	decide_emit_begin(&d);
	decide_emit_leg(&d, leg, way, leg->way[way].attempt);
	jsonout_kstr(&d.j, "as", words[c->q->as]);
	jsonout_kstr(&d.j, "evidence", c->q->evidence);
	return decide_emit_event(c, EVENT_STEP_RESOLVE, c->q->step, &d, e);
}

bool
decide_leg_resolve(struct decide_ctx *c, struct err *e)
{
	const struct run_step *rs = &c->r->steps.list.at[c->q->step];
	bool found = false;

	if (!gate_allows(c->r, ACT_RESOLVE, c->q->step, e))
		return false;
	if (!decide_emit_said(c->q->evidence))
		return err_set(e, ERR_INPUT,
			"an unknown outcome is settled by what was seen: say what");
	for (size_t i = 0; i < rs->legs.list.len; i++)
		for (int w = WAY_FORWARD; w <= WAY_BACK; w++) {
			const struct leg *leg = &rs->legs.list.at[i];

			if (leg->way[w].state != LEG_UNKNOWN ||
				(c->q->leg != LEG_ALL && c->q->leg != (int)i))
				continue;
			found = true;
			if (!resolve_one(c, leg, (enum way)w, e))
				return false;
		}
	return found || err_set(e, ERR_STATE, "the outcome there is not unknown");
}
