#include "run/decide_back.h"

#include <string.h>

#include "base/mem.h"
#include "run/armed.h"
#include "run/back.h"
#include "run/decide_leg.h"
#include "run/gate.h"
#include "run/legs.h"
#include "run/timely.h"

/* What was on the screen when the words were typed; a line of the record has an end. */
enum { PLAN_ROOM = 24 * 1024 };

static const char *const hows[] = {[BACK_UNDO] = "undo", [BACK_STEPS] = "steps"};

/* The jobs that are to be taken back, newest first: "<step>.<host>.<attempt>". */
static void
add_plan(const struct decide_ctx *c, const struct undo_plan *plan, struct decide_data *d)
{
	size_t start = d->s.len;

	jsonout_key(&d->j, "plan");
	jsonout_open_array(&d->j);
	for (size_t i = 0; i < plan->rows.len && d->s.len - start < PLAN_ROOM; i++) {
		const struct undo_row *u = &plan->rows.at[i];

		if (u->kind == UNDO_REVERSIBLE || u->kind == UNDO_FAILED)
			jsonout_str(&d->j,
				c->r->steps.list.at[u->step]
					.legs.list.at[u->leg]
					.way[WAY_FORWARD]
					.job);
	}
	jsonout_close_array(&d->j);
}

static bool
typed_right(const struct decide_ctx *c, enum back_how *how, struct err *e)
{
	char *phrase;

	if (back_typed(c->r, c->q->typed, how))
		return true;
	phrase = back_phrase(c->r, BACK_UNDO);
	err_set(e, ERR_REFUSED, "%s: \"%s\" must be typed; nothing is taken back",
		c->q->typed ? "those are not the words"
			    : "leading the run back wants to be confirmed",
		phrase);
	mem_free(phrase);
	return false;
}

/* Something there is to take back; looked at newest first when it is begun, too: what is
 * unknown stops the walk, not its beginning. */
static bool
something_to_do(const struct decide_ctx *c, const struct undo_counts *n,
	enum back_how how, struct err *e)
{
	if (how == BACK_STEPS)
		return back_has_steps(c->r) ||
			err_set(e, ERR_INPUT,
				"the runbook has no steps of its own for the way back");
	if (n->undo || n->unknown)
		return true;
	return err_set(e, ERR_STATE, "%s",
		n->stays ? "nothing of what ran can be undone"
			 : "there is nothing to take back");
}

bool
decide_back_open(struct decide_ctx *c, struct err *e)
{
	enum back_how how = BACK_UNDO;
	struct undo_plan plan = {0};
	struct undo_counts n;
	struct decide_data d;
	bool ok;

	if (!gate_allows(c->r, ACT_BACK_ALL, NONE, e) || !typed_right(c, &how, e))
		return false;
	if (c->r->back.state == BACK_ON && c->r->back.how != how)
		return err_set(e, ERR_STATE, "the run is being led back %s already",
			how == BACK_UNDO ? "by its steps" : "newest first");
	if (!timely_now(c->r, c->now.wall, e) || !armed_now(c->r, c->now.wall, e))
		return false;
	undo_plan(c->r, &plan);
	n = undo_count(&plan);
	if (!something_to_do(c, &n, how, e)) {
		undo_plan_release(&plan);
		return false;
	}
	decide_emit_begin(&d);
	jsonout_kstr(&d.j, "how", hows[how]);
	jsonout_kstr(&d.j, "typed", c->q->typed);
	jsonout_kint(&d.j, "shown_ms", c->q->shown_ms);
	jsonout_kint(&d.j, "undo", n.undo);
	jsonout_kint(&d.j, "stays", n.stays + n.left);
	jsonout_kint(&d.j, "unknown", n.unknown);
	if (how == BACK_UNDO)
		add_plan(c, &plan, &d);
	ok = decide_emit_event(c, EVENT_ROLLBACK_OPEN, NONE, &d, e);
	undo_plan_release(&plan);
	return ok;
}

static bool
close_with(struct decide_ctx *c, const char *result, const char *why, struct err *e)
{
	struct undo_plan plan;
	struct undo_counts n;
	struct decide_data d;

	undo_plan(c->r, &plan);
	n = undo_count(&plan);
	undo_plan_release(&plan);
	decide_emit_begin(&d);
	jsonout_kstr(&d.j, "result",
		result                     ? result
			: n.undone < n.all ? "partly"
					   : "done");
	jsonout_kint(&d.j, "stays", n.all - n.undone);
	decide_emit_maybe(&d, "why", why);
	return decide_emit_event(c, EVENT_ROLLBACK_CLOSE, NONE, &d, e);
}

bool
decide_back_end(struct decide_ctx *c, struct err *e)
{
	if (!gate_allows(c->r, ACT_BACK_END, NONE, e))
		return false;
	if (!decide_emit_said(c->q->reason))
		return err_set(e, ERR_INPUT,
			"half of a way back is neither here nor there: say why it ends");
	return close_with(c, "stopped", c->q->reason, e);
}

bool
decide_back_closed(struct decide_ctx *c, const char *result, struct err *e)
{
	if (!back_by_steps(c->r))
		return true;
	return close_with(c, str_eq(result, "rolled-back") ? "done" : "stopped", NULL, e);
}

bool
decide_back_go_on(struct decide_ctx *c, struct err *e)
{
	struct undo_row row;

	switch (back_next(c->r, &row)) {
	case UNDO_NEXT_NOTHING:
		return close_with(c, NULL, NULL, e);
	case UNDO_NEXT_ROW:
		return decide_leg_take_back(c, row.step, row.leg, e);
	case UNDO_NEXT_PHRASE:
	case UNDO_NEXT_BLOCKED:
		break;
	}
	return true;
}

bool
decide_back_leave(struct decide_ctx *c, struct err *e)
{
	const struct run_step *rs = &c->r->steps.list.at[c->q->step];
	const struct leg *leg;
	struct decide_data d;

	if (!gate_allows(
		    c->r, c->q->way == WAY_BACK ? ACT_BACK : ACT_LEAVE, c->q->step, e))
		return false;
	if (c->q->leg < 0 || (size_t)c->q->leg >= rs->legs.list.len)
		return err_set(e, ERR_INPUT, "it has no such host");
	leg = &rs->legs.list.at[c->q->leg];
	if (!legs_may_begin(rs, c->q->leg, c->q->way))
		return err_set(e, ERR_STATE, "on %s it is %s", leg->host,
			run_leg_state_name(leg->way[c->q->way].state));
	if (!decide_emit_said(c->q->reason))
		return err_set(e, ERR_INPUT, "leaving %s out wants a reason", leg->host);
	decide_emit_begin(&d);
	decide_emit_leg(&d, leg, c->q->way, 0);
	jsonout_kstr(&d.j, "reason", c->q->reason);
	return decide_emit_event(c, EVENT_STEP_SKIP, c->q->step, &d, e);
}
