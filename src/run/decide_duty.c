#include "run/decide_duty.h"

#include <string.h>

#include "base/mem.h"
#include "base/stamp.h"
#include "base/text.h"
#include "model/duty.h"
#include "model/probewhat.h"
#include "run/added.h"
#include "run/armed.h"
#include "run/gate.h"
#include "run/inputs.h"
#include "run/second.h"
#include "run/timely.h"

enum { REASON_BYTES = 8192, REVIEW_MS = 24 * 60 * 60 * 1000 };

struct opening {
	const struct duty *duty;
	const char *name;
	struct wall due, first;
	int step;
};

struct naming {
	const char *name;
	bool found;
};

static void
is_it(void *ctx, const char *name)
{
	struct naming *n = ctx;

	n->found |= strcmp(n->name, name) == 0;
}

static bool
names(const struct runbook *rb, const struct duty *duty, const struct input *in)
{
	struct naming n = {.name = in->name};

	for (size_t i = 0; i < duty->probes.list.len && !n.found; i++) {
		const struct probe *p = &rb->probes.list.at[duty->probes.list.at[i]];

		if (p->scope != in->scope)
			continue;
		probewhat_names(rb, p, is_it, &n);
		n.found |= inputs_named(p->subject, in->name);
	}
	return n.found;
}

/* What its probes look at, as far as inputs say: "domain=example.com". A newer version is
 * about the same thing as the one before. */
static void
about(const struct run *r, const struct duty *duty, struct str *out)
{
	const struct runbook *rb = r->runbook;

	for (size_t i = 0; i < rb->inputs.list.len; i++) {
		const struct input *in = &rb->inputs.list.at[i];
		const char *value = run_value(r, in->scope, in->name);

		if (value && in->type != INPUT_VERSION && in->from == SECRET_NOT &&
			names(rb, duty, in))
			str_addf(out, "%s%s=%s", out->len ? ", " : "", in->name, value);
	}
}

static bool
open_one(struct decide_ctx *c, const struct opening *o, struct err *e)
{
	const struct runbook *rb = c->r->runbook;
	struct decide_data d;
	struct str what = STR_INIT;
	struct err no_value = ERR_INIT;
	const struct step *s = o->step == NONE ? NULL : &rb->steps.list.at[o->step];
	char *title = run_expand(c->r, s, o->duty->title, NULL, &no_value);

	about(c->r, o->duty, &what);
	decide_emit_begin(&d);
	jsonout_kstr(&d.j, "title", title ? title : o->duty->title);
	mem_free(title);
	decide_emit_time(&d, "due", o->due);
	decide_emit_maybe(&d, "role", o->duty->role);
	jsonout_kstr(&d.j, "duty", o->name);
	if (recur_is_set(&o->duty->every)) {
		decide_emit_time(&d, "first", o->first);
		decide_emit_maybe(&d, "every", o->duty->every_text);
	}
	if (o->duty->probes.list.len) {
		jsonout_key(&d.j, "check");
		jsonout_open_array(&d.j);
		for (size_t i = 0; i < o->duty->probes.list.len; i++)
			jsonout_str(&d.j,
				rb->probes.list.at[o->duty->probes.list.at[i]].name);
		jsonout_close_array(&d.j);
	}
	decide_emit_maybe(&d, "about", what.len ? what.buf : NULL);
	str_release(&what);
	return decide_emit_event(c, EVENT_OBLIGATION_OPEN, o->step, &d, e);
}

bool
decide_duty_schedule(struct decide_ctx *c, struct err *e)
{
	const struct step *s = &c->r->runbook->steps.list.at[c->q->step];
	struct decide_data d;

	for (size_t i = 0; i < s->duties.list.len; i++) {
		struct opening o = {.duty = &s->duties.list.at[i], .step = c->q->step};
		char *name = duty_name(s, i);
		bool ok;

		o.name = name;
		o.due = o.first = recur_add(&o.duty->due, c->now.wall, 1);
		ok = open_one(c, &o, e);
		mem_free(name);
		if (!ok)
			return false;
	}
	decide_emit_begin(&d);
	jsonout_key(&d.j, "exit");
	jsonout_null(&d.j);
	jsonout_kint(&d.j, "took_ms", 0);
	jsonout_kstr(&d.j, "verdict", verdict_name(VERDICT_OK));
	return decide_emit_event(c, EVENT_STEP_DONE, c->q->step, &d, e);
}

/* ---- the run that closes one ------------------------------------------------------------- */

static void
close_begin(struct decide_ctx *c, struct decide_data *d, const char *as)
{
	decide_emit_begin(d);
	jsonout_kint(&d->j, "of", c->r->owing.seq);
	jsonout_kstr(&d->j, "run", c->r->owing.run);
	jsonout_kstr(&d->j, "as", as);
}

/* What the steps have brought: words of a person, readings, signatures. */
static void
add_evidence(struct decide_ctx *c, struct decide_data *d)
{
	jsonout_key(&d->j, "evidence");
	jsonout_open_array(&d->j);
	for (size_t i = 0; i < c->r->steps.list.len; i++) {
		const struct run_step *rs = &c->r->steps.list.at[i];

		if (decide_emit_said(rs->evidence) && decide_emit_fits(d))
			jsonout_str(&d->j, rs->evidence);
		for (size_t k = 0; k < rs->readings.list.len; k++) {
			const struct reading *g = &rs->readings.list.at[k];
			char *text = mem_printf("%s %s: %s",
				c->r->runbook->probes.list.at[g->probe].name,
				verdict_name(g->verdict), g->message ? g->message : "");

			if (decide_emit_fits(d))
				jsonout_str(&d->j, text);
			mem_free(text);
		}
		for (size_t k = 0; k < rs->signers.list.len; k++)
			jsonout_str(&d->j, rs->signers.list.at[k]);
	}
	jsonout_close_array(&d->j);
}

static const char *
reason_of_skip(const struct run *r)
{
	for (size_t i = 0; i < r->steps.list.len; i++)
		if (r->steps.list.at[i].state == STEP_IS_SKIPPED)
			return r->steps.list.at[i].reason;
	return NULL;
}

bool
decide_duty_closed(struct decide_ctx *c, struct err *e)
{
	const struct run_owing *owing = &c->r->owing;
	const struct duty *duty = c->r->runbook->duty;
	const char *skipped = reason_of_skip(c->r);
	struct decide_data d;
	struct opening next = {.duty = duty,
		.name = owing->duty,
		.first = owing->first.ms ? owing->first : owing->due,
		.step = NONE};
	struct wall after = owing->due;

	if (!owing->run || !duty)
		return true;
	close_begin(c, &d, skipped ? "waived" : "done");
	add_evidence(c, &d);
	decide_emit_maybe(&d, "reason", skipped);
	if (!decide_emit_event(c, EVENT_OBLIGATION_CLOSE, NONE, &d, e))
		return false;
	if (!recur_is_set(&duty->every))
		return true;
	if (after.ms < c->now.wall.ms)
		after = c->now.wall;
	next.due = recur_next(&duty->every, next.first, after);
	return open_one(c, &next, e);
}

static bool
may_settle(const struct decide_ctx *c, struct err *e)
{
	if (!gate_allows(c->r, ACT_NOTE, NONE, e))
		return false;
	if (!c->r->owing.run || !c->r->runbook->duty)
		return err_set(e, ERR_STATE, "this run closes nothing that is owed");
	if (!decide_emit_said(c->q->reason))
		return err_set(e, ERR_INPUT, "a reason is needed");
	if (strlen(c->q->reason) > REASON_BYTES ||
		!text_valid_utf8(c->q->reason, strlen(c->q->reason)))
		return err_set(e, ERR_INPUT, "the reason is too long or not valid text");
	if (run_busy(c->r))
		return err_set(e, ERR_STATE, "something is still running");
	return true;
}

/* The run that would have closed it is over without having done so. */
static bool
end_run(struct decide_ctx *c, struct err *e)
{
	struct decide_data d;

	decide_emit_begin(&d);
	jsonout_kstr(&d.j, "result", "stopped");
	return decide_emit_event(c, EVENT_RUN_CLOSE, NONE, &d, e);
}

bool
decide_duty_postpone(struct decide_ctx *c, struct err *e)
{
	const struct run_owing *owing = &c->r->owing;
	struct opening later = {.duty = c->r->runbook->duty,
		.name = owing->duty,
		.first = owing->first,
		.step = NONE};
	struct decide_data d;

	if (!may_settle(c, e))
		return false;
	if (!c->q->text || !stamp_parse(c->q->text, &later.due) ||
		later.due.ms <= c->now.wall.ms)
		return err_set(e, ERR_INPUT, "it is postponed to a time to come");
	close_begin(c, &d, "postponed");
	jsonout_kstr(&d.j, "reason", c->q->reason);
	return decide_emit_event(c, EVENT_OBLIGATION_CLOSE, NONE, &d, e) &&
		open_one(c, &later, e) && end_run(c, e);
}

bool
decide_duty_release(struct decide_ctx *c, struct err *e)
{
	struct decide_data d;

	if (!may_settle(c, e))
		return false;
	close_begin(c, &d, "released");
	jsonout_kstr(&d.j, "reason", c->q->reason);
	return decide_emit_event(c, EVENT_OBLIGATION_CLOSE, NONE, &d, e) && end_run(c, e);
}

/* ---- break-glass ------------------------------------------------------------------------- */

static bool
leave_review(struct decide_ctx *c, const char *title, struct err *e)
{
	char *text = mem_strdup(title);
	const struct duty review = {.title = text};
	const struct opening o = {.duty = &review,
		.name = DUTY_REVIEW,
		.due = {c->now.wall.ms + REVIEW_MS},
		.step = NONE};
	bool ok = open_one(c, &o, e);

	mem_free(text);
	return ok;
}

static bool
window_shut(const struct decide_ctx *c, struct err *e)
{
	struct timely t = timely_of(c->r, c->now.wall);

	return (t.shut && !t.forced) ||
		err_set(e, ERR_STATE, "%s: there is nothing to pass by force",
			t.shut ? "the change window was passed already"
			       : "no change window is shut");
}

static bool
may_not_arm(const struct decide_ctx *c, struct err *e)
{
	struct err no = ERR_INIT;

	if (!armed_of(c->r, c->now.wall).needed)
		return err_set(e, ERR_STATE, "this run need not be armed: it can act");
	return !armed_may(c->r, decide_emit_who(c), &no) ||
		err_set(e, ERR_STATE, "%s may arm it: there is nothing to pass by force",
			decide_emit_who(c));
}

static bool
one_is_not_enough(const struct decide_ctx *c, struct err *e)
{
	int step = c->q->step;
	struct err no = ERR_INIT;

	if (step < 0 || (size_t)step >= c->r->steps.list.len ||
		!second_needed(c->r, step, WAY_FORWARD))
		return err_set(e, ERR_STATE, "that step wants no second person");
	return gate_allows(c->r, ACT_START, step, e) &&
		(!second_allows(c->r, step, second_leg(c->r, step), WAY_FORWARD,
			 c->now.wall, &no) ||
			err_set(e, ERR_STATE, "somebody has confirmed it already"));
}

static bool
not_its_turn(const struct decide_ctx *c, struct err *e)
{
	int step = c->q->step;
	struct err no = ERR_INIT;

	if (step >= 0 && (size_t)step < c->r->steps.list.len &&
		!run_settled(&c->r->steps.list.at[step]) && !added_turn(c->r, step, &no))
		return true;
	return err_set(e, ERR_STATE, "that is no added step that waits for its turn");
}

static const struct {
	const char *name, *review;
	bool (*shut)(const struct decide_ctx *c, struct err *e);
} gates[] = {
	{TIMELY_GATE, DUTY_REVIEW_TITLE, window_shut},
	{ARMED_GATE, DUTY_REVIEW_ARMED, may_not_arm},
	{SECOND_GATE, DUTY_REVIEW_SECOND, one_is_not_enough},
	{ADDED_GATE, DUTY_REVIEW_ADDED, not_its_turn},
};

static bool
gate_is_shut(const struct decide_ctx *c, const char **review, struct err *e)
{
	for (size_t i = 0; i < sizeof gates / sizeof *gates; i++)
		if (str_eq(gates[i].name, c->q->name)) {
			*review = gates[i].review;
			return gates[i].shut(c, e);
		}
	return err_set(e, ERR_INPUT, "there is no gate %s to pass by force",
		c->q->name ? c->q->name : "");
}

bool
decide_duty_force(struct decide_ctx *c, struct err *e)
{
	const char *review = NULL;
	struct decide_data d;

	if (!gate_allows(c->r, ACT_NOTE, NONE, e) || !gate_is_shut(c, &review, e))
		return false;
	if (!decide_emit_said(c->q->reason) || strlen(c->q->reason) > REASON_BYTES ||
		!text_valid_utf8(c->q->reason, strlen(c->q->reason)))
		return err_set(
			e, ERR_INPUT, "a reason is needed, in a few lines of valid text");
	decide_emit_begin(&d);
	jsonout_kstr(&d.j, "gate", c->q->name);
	jsonout_kstr(&d.j, "reason", c->q->reason);
	if (decide_emit_said(c->q->text))
		jsonout_kstr(&d.j, "ticket", c->q->text);
	return decide_emit_event(c, EVENT_BREAKGLASS,
		       str_eq(c->q->name, SECOND_GATE) || str_eq(c->q->name, ADDED_GATE)
			       ? c->q->step
			       : NONE,
		       &d, e) &&
		leave_review(c, review, e);
}
