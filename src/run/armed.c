#include "run/armed.h"

#include "run/legs.h"
#include "run/timely.h"

static bool
act_runs(const struct run *r)
{
	for (size_t i = 0; i < 2 * r->steps.list.len; i++) {
		const struct run_step *rs = &r->steps.list.at[i / 2];

		for (size_t k = 0; k < rs->legs.list.len; k++) {
			const struct leg_run *lr = &rs->legs.list.at[k].way[i % 2];

			if (!lr->look && legs_active(lr))
				return true;
		}
	}
	return false;
}

struct armed
armed_of(const struct run *r, struct wall now)
{
	struct armed a = {
		.needed = (r->arming || r->runbook->arming) && r->mode == RUN_LIVE};

	a.until.ms = (r->acted_at.ms > r->armed_at.ms ? r->acted_at : r->armed_at).ms +
		r->armed_for_ms;
	/* what acts there keeps it armed: its end must find somebody who can act */
	a.on = a.needed && r->open && r->armed_for_ms > 0 &&
		(now.ms < a.until.ms || act_runs(r));
	if (!a.on)
		a.until.ms = 0;
	return a;
}

bool
armed_may(const struct run *r, const char *who, struct err *e)
{
	const struct strings *roles = &r->runbook->may_arm, *all = &r->runbook->armers;
	struct str words = STR_INIT;

	if (!roles->list.len || (r->forced_armer && str_eq(r->forced_armer, who)))
		return true;
	for (size_t i = 0; i < all->list.len; i++)
		if (str_eq(all->list.at[i], who))
			return true;
	for (size_t i = 0; i < roles->list.len; i++)
		str_addf(&words, "%s%s", i ? " or " : "", roles->list.at[i]);
	err_set(e, ERR_REFUSED,
		"%s may not arm %s: that wants the role %s (advisory, the rights on the hosts "
		"decide); break-glass with a reason passes it",
		who ? who : "nobody", armed_phrase(r), words.buf);
	str_release(&words);
	return false;
}

bool
armed_now(const struct run *r, struct wall now, struct err *e)
{
	struct armed a = armed_of(r, now);

	if (!a.needed || a.on)
		return true;
	return err_set(e, ERR_REFUSED,
		r->armed_at.ms
			? "the run observes again: %s must be armed before anything acts on it"
			: "the run observes: %s must be armed before anything acts on it",
		armed_phrase(r));
}

bool
armed_allows(const struct run *r, int step, enum way way, struct wall now, struct err *e)
{
	return !timely_binds(r, step, way) || armed_now(r, now, e);
}

const char *
armed_phrase(const struct run *r)
{
	return r->runbook->environment ? r->runbook->environment : "this run";
}
