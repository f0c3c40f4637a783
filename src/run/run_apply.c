#include <string.h>

#include "base/mem.h"
#include "base/stamp.h"
#include "run/added.h"
#include "run/armed.h"
#include "run/authority.h"
#include "run/fold.h"
#include "run/legs.h"
#include "run/progress.h"
#include "run/revised.h"
#include "run/run.h"
#include "run/second.h"
#include "run/timely.h"

/* ---- about the run -------------------------------------------------------------------- */

static struct wall
time_of(const struct json_node *d, const char *key)
{
	struct wall t = {0};

	return stamp_parse(json_str(d, key, ""), &t) ? t : (struct wall){0};
}

static void
owing_opened(struct fold *f, const struct json_node *parent)
{
	struct run_owing *o = &f->r->owing;

	if (!json_str(parent, "duty", NULL))
		return;
	fold_set(&o->run, json_str(parent, "run", ""));
	fold_set(&o->duty, json_str(parent, "duty", NULL));
	fold_set(&o->root, json_str(parent, "root", o->run));
	o->seq = json_int(parent, "seq", -1);
	o->due = time_of(parent, "due");
	o->first = time_of(parent, "first");
}

/* Whoever runs it acts under a name that no key vouches for: a signer is told, once. */
static void
runner_unlisted(struct fold *f)
{
	const struct run *r = f->r;
	char *text;
	bool told = false;

	if (!json_bool(f->d, "unlisted", false))
		return;
	text = mem_printf("%s runs it and is not in the roster of signers", f->ev->who);
	for (size_t i = 0; i < r->exceptions.list.len; i++)
		told = told || str_eq(r->exceptions.list.at[i].text, text);
	if (!told)
		fold_exception(f, "%s", text);
	mem_free(text);
}

static void
run_opened(struct fold *f)
{
	struct run *r = f->r;
	const struct json_node *rb = json_get(f->d, "runbook");
	const char *mode = json_str(f->d, "mode", "live");

	memcpy(r->id, f->ev->run, sizeof r->id);
	r->open = true;
	r->opened_at = f->ev->t;
	for (int m = RUN_LIVE; m <= RUN_PRACTICE; m++)
		if (strcmp(run_mode_name((enum run_mode)m), mode) == 0)
			r->mode = (enum run_mode)m;
	fold_set(&r->opened_by, f->ev->who);
	fold_driver(f);
	fold_set(&r->name, json_str(rb, "name", r->runbook->name));
	fold_set(&r->sha256, json_str(rb, "sha256", NULL));
	fold_set(&r->environment, json_str(f->d, "environment", NULL));
	r->arming = json_bool(f->d, "arming", false);
	r->authority = json_bool(f->d, "authority", false);
	owing_opened(f, json_get(f->d, "parent"));
	fold_back_limit(f, json_get(f->d, "limit"));
	fold_runner(f);
	runner_unlisted(f);
	if (json_str(f->d, "overdue", NULL))
		fold_exception(f, "the runbook was to be read again by %s",
			json_str(f->d, "overdue", ""));
}

/* What a secret was stays with the console that had it. */
static bool
has_secret(const struct run *r, int step)
{
	for (size_t i = 0; i < r->runbook->inputs.list.len; i++)
		if (run_leg_uses_secret(r, step, WAY_FORWARD, (int)i))
			return true;
	return false;
}

/* Nothing that acts goes on by itself. */
static void
stand_all(struct fold *f, const char *why)
{
	for (size_t i = 0; i < f->r->steps.list.len; i++) {
		struct run_step *rs = &f->r->steps.list.at[i];
		bool watching = rs->going && rs->step->kind == STEP_WATCH;

		fold_stand(rs, why);
		rs->going = watching; /* it changes nothing */
	}
	f->r->back.going = false;
}

static void
run_resumed(struct fold *f)
{
	for (size_t i = 0; i < f->r->steps.list.len; i++) {
		struct run_step *rs = &f->r->steps.list.at[i];

		/* what must be good before an act is looked at by who acts */
		for (size_t k = 0;
			step_kind_acts(rs->step->kind) && k < rs->readings.list.len; k++)
			rs->readings.list.at[k].seq = -1;
		if ((rs->second.who && second_is_person(rs->second.who, f->ev->who)) ||
			has_secret(f->r, (int)i))
			rs->second.leg = NONE; /* one person is not two */
	}
	stand_all(f, "the console ended before it tried again");
	f->r->armed_for_ms = 0; /* whoever takes it up observes first */
	fold_driver(f);
	runner_unlisted(f);
	/* what another console saw is not what this one sees */
	while (f->r->down.len)
		map_remove(&f->r->down, f->r->down.at[0].key);
}

static void
run_armed(struct fold *f)
{
	if (!json_int(f->d, "for_ms", 0))
		stand_all(f, "the run observes again: it was not tried again");
	f->r->armed_at = f->ev->t;
	f->r->armed_for_ms = json_int(f->d, "for_ms", 0);
}

static void
run_closed(struct fold *f)
{
	f->r->open = false;
	f->r->closed = true;
	f->r->closed_at = f->ev->t;
	fold_set(&f->r->result, json_str(f->d, "result", NULL));
}

static void
run_held(struct fold *f)
{
	f->r->held = true;
	fold_set(&f->r->held_by, f->ev->who);
	fold_set(&f->r->hold_reason, json_str(f->d, "reason", NULL));
}

static void
run_goes(struct fold *f)
{
	f->r->held = false;
	fold_set(&f->r->hold_reason, NULL);
	fold_set(&f->r->held_by, NULL);
}

static void
noted(struct fold *f)
{
	struct noted *n = vec_add(&f->r->notes.list);

	n->seq = f->ev->seq;
	n->at = f->ev->t;
	n->who = mem_strdup(f->ev->who);
	n->text = mem_strdup(json_str(f->d, "text", ""));
	n->step = f->step;
	n->of = json_int(f->d, "of", -1);
	n->drill = mem_strdup(json_str(f->d, "drill", NULL));
	if (n->of >= 0)
		fold_exception(
			f, "record %lld was corrected: %s", (long long)n->of, n->text);
}

static void
attached(struct fold *f)
{
	struct attached *a = vec_add(&f->r->attached.list);

	*a = (struct attached){.seq = f->ev->seq,
		.at = f->ev->t,
		.who = mem_strdup(f->ev->who),
		.kind = mem_strdup(json_str(f->d, "kind", "?")),
		.name = mem_strdup(json_str(f->d, "name", "?")),
		.host = mem_strdup(json_str(f->d, "host", NULL)),
		.blob = mem_strdup(json_str(f->d, "blob", "")),
		.text = mem_strdup(json_str(f->d, "text", "")),
		.offset = json_int(f->d, "offset", -1),
		.lines = json_int(f->d, "lines", 0),
		.bytes = json_int(f->d, "bytes", 0),
		.redacted = json_get(f->d, "redacted") != NULL,
		.step = f->step};
}

/* Waivers, edited commands, gates passed by force: a signer must see them. */
static void
rule_bent(struct fold *f)
{
	const char *what = json_str(
		f->d, "what", json_str(f->d, "gate", json_str(f->d, "new", f->ev->step)));

	fold_exception(f, "%s%s%s%s%s", f->ev->type_name, what ? " " : "",
		what ? what : "", json_str(f->d, "reason", NULL) ? ": " : "",
		json_str(f->d, "reason", ""));
}

static void
forced(struct fold *f)
{
	const char *gate = json_str(f->d, "gate", NULL);

	if (str_eq(gate, TIMELY_GATE))
		f->r->forced_at = f->ev->t;
	if (str_eq(gate, ARMED_GATE))
		fold_set(&f->r->forced_armer, f->ev->who);
	if (str_eq(gate, SECOND_GATE) && f->rs) {
		fold_second(f, true);
		f->r->forced_second = true;
	}
	if (str_eq(gate, ADDED_GATE) && f->rs)
		f->rs->forced = f->r->forced_turn = true;
	rule_bent(f);
}

/* ---- the states ----------------------------------------------------------------------- */

static bool
any_bad(const struct run_step *rs)
{
	for (size_t i = 0; i < rs->readings.list.len; i++) {
		const struct reading *g = &rs->readings.list.at[i];

		if (g->seq >= 0 &&
			(g->verdict == VERDICT_FAIL || g->verdict == VERDICT_UNKNOWN))
			return true;
	}
	return false;
}

static enum step_state
bad_state(const struct run_step *rs)
{
	return rs->step->on_failure == ON_FAILURE_ASK ? STEP_IS_NEEDS_PERSON
						      : STEP_IS_FAILED;
}

static enum step_state
check_state(const struct run_step *rs)
{
	size_t heard = 0;

	if (!rs->entered && !rs->stopped)
		return STEP_IS_TODO;
	for (size_t i = 0; i < rs->readings.list.len; i++)
		heard += rs->readings.list.at[i].seq >= 0;
	if (!rs->stopped && heard < rs->step->probes.list.len)
		return STEP_IS_RUNNING;
	return rs->stopped || any_bad(rs) ? bad_state(rs) : STEP_IS_DONE;
}

static bool
is_heard(const struct run_step *rs, int probe)
{
	for (size_t i = 0; i < rs->readings.list.len; i++)
		if (rs->readings.list.at[i].probe == probe &&
			rs->readings.list.at[i].seq >= 0)
			return true;
	return false;
}

/* One bad reading is the end of it; done when each probe has held to the end. */
static enum step_state
soak_state(const struct run_step *rs)
{
	const struct ints *lists[] = {&rs->step->probes, &rs->step->aborts};

	if (!rs->entered && !rs->stopped)
		return STEP_IS_TODO;
	if (rs->stopped || any_bad(rs))
		return bad_state(rs);
	for (size_t l = 0; l < sizeof lists / sizeof *lists; l++)
		for (size_t i = 0; i < lists[l]->list.len; i++)
			if (!is_heard(rs, lists[l]->list.at[i]))
				return STEP_IS_RUNNING;
	return STEP_IS_DONE;
}

/* What was expected proves it; otherwise somebody says what was seen. */
static enum step_state
watch_state(const struct run_step *rs, enum step_state legs)
{
	return legs == STEP_IS_DONE && !rs->step->expect ? STEP_IS_NEEDS_PERSON : legs;
}

/* By the step's own events. */
static enum step_state
own_state(const struct run_step *rs)
{
	const struct step *s = rs->step;
	size_t count = s->count > 0 ? (size_t)s->count : 1;
	enum step_state legs = rs->legs.list.len ? legs_state(rs) : STEP_IS_TODO;

	/* A mark does not hide what still runs or what nobody knows. */
	if (legs == STEP_IS_RUNNING || legs == STEP_IS_UNKNOWN)
		return legs;
	if (rs->skipped)
		return STEP_IS_SKIPPED;
	if (rs->ticked)
		return rs->tick == TICK_FAILED ? STEP_IS_FAILED
			: rs->tick == TICK_NA  ? STEP_IS_SKIPPED
					       : STEP_IS_DONE;
	switch (s->kind) {
	case STEP_RUN:
	case STEP_SQL:
	case STEP_HTTP:
	case STEP_COPY:
		return legs;
	case STEP_WATCH:
		return watch_state(rs, legs);
	case STEP_CHECK:
		return check_state(rs);
	case STEP_SOAK:
		return soak_state(rs);
	case STEP_WAIT:
		return rs->answered   ? STEP_IS_DONE
			: rs->entered ? STEP_IS_RUNNING
				      : STEP_IS_TODO;
	case STEP_ASK:
	case STEP_NOTIFY:
	case STEP_SCHEDULE:
		return rs->answered ? STEP_IS_DONE : STEP_IS_TODO;
	case STEP_CHOOSE:
		return rs->option != NONE ? STEP_IS_DONE : STEP_IS_TODO;
	case STEP_SIGNOFF:
		if (revised_state(rs) == REVISED_UNKNOWN) /* whoever has signed */
			return rs->declined ? STEP_IS_NEEDS_PERSON : STEP_IS_TODO;
		return rs->signers.list.len >= count             ? STEP_IS_DONE
			: revised_state(rs) == REVISED_UNCHANGED ? STEP_IS_NOT_NEEDED
			: rs->declined                           ? STEP_IS_NEEDS_PERSON
								 : STEP_IS_TODO;
	default: /* a person ticks; headings are derived; the rest is not reached yet */
		return STEP_IS_TODO;
	}
}

static void
settle(struct fold *f)
{
	struct run_step *rs = f->rs;
	enum step_state was = rs->own;

	rs->own = own_state(rs);
	if (rs->own == was && rs->seq >= 0)
		return;
	rs->seq = f->ev->seq;
	rs->settled_at = rs->own == STEP_IS_DONE || rs->own == STEP_IS_SKIPPED
		? f->ev->t
		: (struct wall){0};
}

/* Values a call hands down, as soon as what they are made of is known. */
static void
calls_resolve(struct run *r)
{
	const struct runbook *rb = r->runbook;

	for (size_t i = 0; i < rb->scopes.list.len; i++) {
		const struct scope *sc = &rb->scopes.list.at[i];

		for (size_t k = 0; sc->parent != NONE && k < sc->with.list.len; k++) {
			struct step from = {.scope = sc->parent, .id = (char *)""};
			struct err e = ERR_INIT;
			char *full = runbook_full_name(
				rb, (int)i, sc->with.list.at[k].key);
			const char *by = map_get(&r->set_by, full);
			char *value = NULL;

			if (!by || strcmp(by, "call") == 0)
				value = run_expand(
					r, &from, sc->with.list.at[k].value, NULL, &e);
			if (value)
				fold_value(r, full, value, "call");
			mem_free(value);
			mem_free(full);
		}
	}
}

typedef void fold_fn(struct fold *f);

static fold_fn *const table[EVENT_TYPE_COUNT] = {
	[EVENT_RUN_OPEN] = run_opened,
	[EVENT_RUN_RESUME] = run_resumed,
	[EVENT_RUN_CLOSE] = run_closed,
	[EVENT_RUN_HOLD] = run_held,
	[EVENT_RUN_GO] = run_goes,
	[EVENT_RUN_ARM] = run_armed,
	[EVENT_DRIVER_TAKE] = fold_drive_taken,
	[EVENT_DRIVER_OFFER] = fold_drive_offers,
	[EVENT_DRIVER_RELEASE] = fold_drive_released,
	[EVENT_STEP_ENTER] = fold_entered,
	[EVENT_STEP_CONFIRM] = fold_confirm,
	[EVENT_STEP_INTENT] = fold_intent,
	[EVENT_STEP_STARTED] = fold_started,
	[EVENT_STEP_OUTPUT] = fold_output,
	[EVENT_STEP_DONE] = fold_done,
	[EVENT_STEP_CANCEL] = fold_cancel,
	[EVENT_STEP_UNKNOWN] = fold_unknown,
	[EVENT_STEP_RESOLVE] = fold_resolve,
	[EVENT_STEP_SKIP] = fold_skipped,
	[EVENT_ROLLBACK_OPEN] = fold_back_open,
	[EVENT_ROLLBACK_CLOSE] = fold_back_close,
	[EVENT_TICK_SET] = fold_ticked,
	[EVENT_TICK_UNDO] = fold_unticked,
	[EVENT_INPUT_SET] = fold_input_set,
	[EVENT_CHOICE_SET] = fold_chosen,
	[EVENT_PROBE_RESULT] = fold_reading,
	[EVENT_NOTE] = noted,
	[EVENT_ATTACH] = attached,
	[EVENT_SIGNOFF] = fold_signed_off,
	[EVENT_SIGNOFF_VOID] = fold_sign_void,
	[EVENT_DECLINE] = fold_declined,
	[EVENT_WAIVER] = rule_bent,
	[EVENT_REDLINE] = fold_redline,
	[EVENT_BREAKGLASS] = forced,
	[EVENT_CLOCK_JUMP] = fold_jumped,
	[EVENT_AUTHORITY] = authority_fold,
};

/* It may change the state of any step. */
static bool
about_all(enum event_type t)
{
	return t == EVENT_RUN_RESUME || t == EVENT_RUN_OPEN || t == EVENT_ROLLBACK_OPEN ||
		t == EVENT_ROLLBACK_CLOSE;
}

/* What brought it from another machine is not to bring it again. */
static void
note_letter(struct fold *f)
{
	const char *id = json_str(json_get(f->d, "via"), "letter", NULL);

	if (id && !map_get(&f->r->letters, id))
		map_put(&f->r->letters, id, (void *)(intptr_t)(f->ev->seq + 1));
}

void
run_apply(struct run *r, const struct event *ev)
{
	struct fold f = {.r = r, .ev = ev, .step = NONE};
	struct err e = ERR_INIT;
	struct json *data;

	r->seq = ev->seq;
	r->last_at = ev->t;
	r->unfinished_group = ev->more;
	if (!table[ev->type])
		return;
	data = json_parse(ev->data, strlen(ev->data), &e);
	f.d = data ? json_root(data) : NULL;
	if (ev->step)
		f.step = run_find_step(r, ev->step);
	if (f.step != NONE)
		f.rs = &r->steps.list.at[f.step];
	note_letter(&f);
	fold_change(&f);
	table[ev->type](&f);
	authority_fold_act(&f);
	json_free(data);
	if (ev->type == EVENT_STEP_OUTPUT || ev->type == EVENT_NOTE ||
		ev->type == EVENT_ATTACH)
		return;
	calls_resolve(r);
	if (f.rs)
		settle(&f);
	for (size_t i = 0; (r->revises || about_all(ev->type)) && i < r->steps.list.len;
		i++) {
		f.rs = &r->steps.list.at[i];
		if (own_state(f.rs) != f.rs->own)
			settle(&f);
	}
	progress_derive(r);
}
