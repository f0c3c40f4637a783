#include "run/timely.h"

#include <string.h>

enum { MINUTE_MS = 60000, HOUR_M = 60, DAY_M = 24 * HOUR_M };

bool
timely_binds(const struct run *r, int step, enum way way)
{
	const struct step *s = r->steps.list.at[step].step;

	if (way == WAY_BACK)
		return true;
	return run_leg_risk(r, step, way) != RISK_NONE &&
		(s->kind == STEP_RUN || s->kind == STEP_SQL || s->kind == STEP_HTTP ||
			s->kind == STEP_COPY);
}

struct timely
timely_of(const struct run *r, struct wall now)
{
	const struct windows *w = &r->runbook->windows;
	struct timely t = {0};
	struct window_state then;

	if (!window_any(w) || r->mode != RUN_LIVE || r->owing.run)
		return t;
	t.state = window_at(w, now);
	t.shut = !t.state.open;
	if (!t.shut || !r->forced_at.ms)
		return t;
	/* the same stretch: it has not been open since, and no freeze has begun */
	then = window_at(w, r->forced_at);
	t.forced = !then.open && (!then.change.ms || now.ms < then.change.ms) &&
		(!t.state.frozen || then.frozen == t.state.frozen);
	return t;
}

bool
timely_release(const struct run *r)
{
	enum runbook_kind kind = r->runbook->kind;

	return r->mode == RUN_LIVE && !r->owing.run && window_any(&r->runbook->windows) &&
		(kind == RUNBOOK_DEPLOY || kind == RUNBOOK_MIGRATION);
}

static void
add_span(struct str *out, int64_t ms)
{
	int64_t m = (ms + MINUTE_MS - 1) / MINUTE_MS;

	if (m >= DAY_M)
		str_addf(out, "%lld d ", (long long)(m / DAY_M));
	if (m >= HOUR_M)
		str_addf(out, "%lld h ", (long long)(m / HOUR_M % 24));
	str_addf(out, "%lld m", (long long)(m % HOUR_M));
}

/* On the clock there, and in UTC where that is another one. */
static void
add_time(struct str *out, const struct zone *z, struct wall t)
{
	char there[ZONE_TEXT_BYTES], utc[ZONE_TEXT_BYTES];
	size_t day = strlen("Mon 2026-11-30 ");

	zone_text(z, t, there);
	zone_text(NULL, t, utc);
	str_adds(out, there);
	if (z) /* the day only where it is another one */
		str_addf(out, " (%s)", strncmp(there, utc, day) == 0 ? utc + day : utc);
}

void
timely_words(const struct windows *w, const char *environment, struct wall now,
	struct str *out)
{
	struct window_state st = window_at(w, now);

	if (!window_any(w) || (st.open && !st.change.ms))
		return;
	if (!environment)
		environment = "this environment";
	if (st.open)
		str_addf(out, "the change window of %s", environment);
	else if (st.frozen)
		str_addf(out, "%s is frozen%s%s", environment,
			st.frozen->why ? " for " : "",
			st.frozen->why ? st.frozen->why : "");
	else
		str_addf(out, "outside of the change window of %s", environment);
	if (st.change.ms) {
		str_adds(out, st.open ? " shuts in " : ": opens in ");
		add_span(out, st.change.ms - now.ms);
		str_adds(out, ", ");
		add_time(out, st.zone, st.change);
	}
	str_adds(out, "; now ");
	add_time(out, st.zone, now);
}

bool
timely_now(const struct run *r, struct wall now, struct err *e)
{
	struct timely t = timely_of(r, now);
	struct str words = STR_INIT;

	if (!t.shut || t.forced)
		return true;
	timely_words(&r->runbook->windows, r->runbook->environment, now, &words);
	err_set(e, ERR_REFUSED, "%s; break-glass with a reason passes it", words.buf);
	str_release(&words);
	return false;
}

bool
timely_allows(const struct run *r, int step, enum way way, struct wall now, struct err *e)
{
	return !timely_binds(r, step, way) || timely_now(r, now, e);
}
