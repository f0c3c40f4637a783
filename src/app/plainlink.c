#include "app/plainlink.h"

#include "base/stamp.h"
#include "remote/pace.h"
#include "run/legs.h"

/* A connection that breaks is back within seconds or takes as long as somebody needs to mend
 * it: no pipeline waits for that. */
enum { SOON_MS = 3000, PATIENCE_MS = 5 * 60 * 1000 };

static void
tell_lost(struct plainlink_host *h, const struct link_status *st, struct plainsay *say)
{
	if (!h->lost)
		h->since = clock_mono();
	h->lost = true;
	h->told = st->state;
	plainsay_line(say, "Connection: %s.%s", st->words,
		st->state == LINK_FAILED ? " Jobs on it go on; nothing is known of them."
					 : "");
}

static void
tell_back(struct plainlink_host *h, const char *id, struct plainsay *say)
{
	char away[STAMP_BYTES];

	h->lost = false;
	plainsay_line(say, "Connection: %s is back after %s.", id,
		stamp_duration(clock_mono().ms - h->since.ms, away));
}

/* The first connection, when somebody waits for it: soon is within the time in which a
 * person begins to wonder. */
static void
tell_way(struct plainlink_host *h, const struct link_status *st, struct plainsay *say)
{
	char waited[STAMP_BYTES];
	int64_t ms;

	if (h->was_live || !st->wanted ||
		(st->state != LINK_RESOLVING && st->state != LINK_CONNECTING)) {
		h->way.ms = 0;
		h->told_way = false;
		return;
	}
	if (!h->way.ms)
		h->way = clock_mono();
	ms = clock_mono().ms - h->way.ms;
	if (h->told_way || ms < SOON_MS)
		return;
	h->told_way = true;
	plainsay_line(say, "Connection: %s, no answer for %s so far.", st->words,
		stamp_duration(ms / 1000 * 1000, waited));
}

/* A job of ours is there that is followed; offline: that this console has not heard of yet. */
static bool
has_job(const struct session *s, int target, bool offline)
{
	const struct run *r = session_run(s);
	struct job_follow f;

	for (size_t i = 0; i < r->steps.list.len; i++)
		for (size_t k = 0; k < r->steps.list.at[i].legs.list.len; k++)
			for (int w = WAY_FORWARD; w <= WAY_BACK; w++)
				if (run_leg_target(r, (int)i, (int)k, (enum way)w) ==
						target &&
					session_follow(
						s, (int)i, (int)k, (enum way)w, &f) &&
					(f.offline || !offline))
					return true;
	return false;
}

static void
tell_host(struct plainlink_host *h, struct session *s, int target, struct plainsay *say)
{
	const char *id = session_runbook(s)->targets.list.at[target].id;
	struct link_status st;

	session_link_status(s, target, &st);
	tell_way(h, &st, say);
	if (st.state == LINK_FAILED && !h->was_live)
		h->was_live = has_job(s, target, true);
	if (st.state == LINK_READY) {
		if (h->lost)
			tell_back(h, id, say);
		h->was_live = true;
	} else if (h->was_live && (st.state == LINK_LOST || st.state == LINK_FAILED) &&
		(!h->lost || (st.state == LINK_FAILED && h->told != LINK_FAILED))) {
		tell_lost(h, &st, say);
	}
}

static bool
told_orphan(struct plainlink *p, const struct plainlink_leg *leg)
{
	for (size_t i = 0; i < p->orphans.len; i++) {
		const struct plainlink_leg *o = &p->orphans.at[i];

		if (o->step == leg->step && o->leg == leg->leg && o->way == leg->way &&
			o->attempt == leg->attempt)
			return true;
	}
	vec_push(&p->orphans, *leg);
	return false;
}

static void
tell_orphans(struct plainlink *p, struct session *s, int step, struct plainsay *say)
{
	const struct run_step *rs = &session_run(s)->steps.list.at[step];

	for (size_t i = 0; i < rs->legs.list.len; i++)
		for (int w = WAY_FORWARD; w <= WAY_BACK; w++) {
			const struct leg *l = &rs->legs.list.at[i];
			struct plainlink_leg leg = {
				step, (int)i, l->way[w].attempt, (enum way)w};
			struct job_follow f;

			if (session_follow(s, step, (int)i, (enum way)w, &f) &&
				f.state == JOB_ORPHAN && !told_orphan(p, &leg))
				plainsay_line(say, "Warning: %s: %s.", l->host,
					jobstate_means(f.state));
		}
}

/* The probes of a check that looks again, and what each said last. */
static const struct session_reading *
looked(const struct session *s, const struct run_step *rs, size_t n)
{
	const struct session_reading *g;

	if (rs->step->kind != STEP_CHECK || rs->own != STEP_IS_RUNNING)
		return NULL;
	g = session_reading(s, rs->step->probes.list.at[n]);
	/* since it began */
	return g && clock_mono().ms - g->at.ms <= clock_wall().ms - rs->entered_at.ms
		? g
		: NULL;
}

static bool
is_bad(enum verdict v)
{
	return v != VERDICT_OK && v != VERDICT_WARN;
}

static bool
told_check(struct plainlink *p, const struct plainlink_check *c)
{
	for (size_t i = 0; i < p->bad.len; i++)
		if (p->bad.at[i].step == c->step && p->bad.at[i].probe == c->probe &&
			p->bad.at[i].entered_seq == c->entered_seq)
			return true;
	vec_push(&p->bad, *c);
	return false;
}

static void
tell_check(struct plainlink *p, struct session *s, int step, struct plainsay *say)
{
	const struct run *r = session_run(s);
	const struct run_step *rs = &r->steps.list.at[step];
	const struct session_reading *g;
	char until[STAMP_BYTES];

	for (size_t n = 0; n < rs->step->probes.list.len; n++) {
		struct plainlink_check c = {
			step, rs->step->probes.list.at[n], rs->entered_seq};

		g = looked(s, rs, n);
		if (!g || !is_bad(g->verdict) || clock_wall().ms >= rs->until.ms ||
			told_check(p, &c))
			continue;
		plainsay_line(say, "Probe %s: %s, %s%s It is looked at again until %s.",
			r->runbook->probes.list.at[c.probe].name,
			verdict_name(g->verdict), g->message, plainsay_stop(g->message),
			stamp_clock(rs->until, until));
	}
}

bool
plainlink_looks(const struct session *s, struct str *out)
{
	const struct run *r = session_run(s);
	char gone[STAMP_BYTES], whole[STAMP_BYTES];
	const struct session_reading *g;

	for (size_t i = 0; i < r->steps.list.len; i++) {
		const struct run_step *rs = &r->steps.list.at[i];
		const char *sep = ": ";

		if (rs->step->kind != STEP_CHECK || rs->own != STEP_IS_RUNNING)
			continue;
		str_addf(out, "%sStill looking, %s of %s", out->len ? " " : "",
			stamp_duration(
				(clock_wall().ms - rs->entered_at.ms) / 1000 * 1000,
				gone),
			stamp_duration(rs->step->within_ms, whole));
		for (size_t n = 0; n < rs->step->probes.list.len; n++) {
			g = looked(s, rs, n);
			if (!g || !is_bad(g->verdict))
				continue;
			str_addf(out, "%s%s %s, %s", sep,
				r->runbook->probes.list.at[rs->step->probes.list.at[n]]
					.name,
				verdict_name(g->verdict), g->message);
			sep = "; ";
		}
		str_addc(out, '.');
	}
	return out->len > 0;
}

void
plainlink_tell(struct plainlink *p, struct session *s, struct plainsay *say)
{
	const struct run *r = session_run(s);
	size_t targets = session_runbook(s)->targets.list.len;

	while (p->hosts.len < targets)
		vec_push(&p->hosts, (struct plainlink_host){0});
	for (size_t i = 0; i < targets; i++)
		tell_host(&p->hosts.at[i], s, (int)i, say);
	for (size_t i = 0; i < r->steps.list.len; i++)
		if (r->steps.list.at[i].state == STEP_IS_RUNNING) {
			tell_orphans(p, s, (int)i, say);
			tell_check(p, s, (int)i, say);
		}
}

bool
plainlink_lost(const struct plainlink *p, struct session *s, struct str *out)
{
	struct link_status st;

	for (size_t i = 0; i < p->hosts.len; i++) {
		if (!p->hosts.at[i].lost)
			continue;
		session_link_status(s, (int)i, &st);
		str_addf(out, "%s%s", out->len ? "; " : "", st.words);
	}
	return out->len > 0;
}

bool
plainlink_stuck(const struct plainlink *p, struct session *s, struct str *out)
{
	struct link_status st;
	int64_t silent;

	for (size_t i = 0; i < p->hosts.len; i++) {
		/* a check ends at its own time, whatever its host does */
		if (!p->hosts.at[i].lost ||
			(!legs_wait_for(session_run(s), (int)i) &&
				!has_job(s, (int)i, false)))
			continue;
		session_link_status(s, (int)i, &st);
		if (st.state == LINK_FAILED) {
			str_adds(out, st.words);
			return true;
		}
		silent = clock_mono().ms - p->hosts.at[i].since.ms;
		if (!st.wanted || silent < pace_ms(PATIENCE_MS))
			continue;
		str_addf(out, "%s. What runs there goes on, and a resume asks for it",
			st.words);
		return true;
	}
	return false;
}

void
plainlink_release(struct plainlink *p)
{
	vec_free(&p->hosts);
	vec_free(&p->orphans);
	vec_free(&p->bad);
}

bool
plainlink_soaks(const struct session *s, struct str *out)
{
	const struct run *r = session_run(s);
	struct session_soak soak;
	char gone[STAMP_BYTES], whole[STAMP_BYTES];

	for (size_t i = 0; i < r->steps.list.len; i++) {
		const struct run_step *rs = &r->steps.list.at[i];
		int64_t ms = clock_wall().ms - rs->entered_at.ms;
		const char *sep = ": ";

		if (rs->step->kind != STEP_SOAK || rs->own != STEP_IS_RUNNING)
			continue;
		str_addf(out, "%sSoaking, %s of %s", out->len ? " " : "",
			stamp_duration(ms > 0 ? ms / 1000 * 1000 : 0, gone),
			stamp_duration(rs->step->for_ms, whole));
		for (size_t p = 0; p < r->runbook->probes.list.len; p++) {
			if (!session_soak(s, (int)i, (int)p, &soak))
				continue;
			str_addf(out, "%s%s %d looks, worst %s", sep,
				r->runbook->probes.list.at[p].name, soak.looks,
				soak.worst);
			sep = "; ";
		}
		str_addc(out, '.');
	}
	return out->len > 0;
}

bool
plainlink_unreached(const struct session *s)
{
	const struct run *r = session_run(s);
	struct link_status st;
	bool unreached = false;

	for (size_t i = 0; i < r->steps.list.len; i++)
		for (size_t k = 0; k < r->steps.list.at[i].legs.list.len; k++) {
			const struct leg *l = &r->steps.list.at[i].legs.list.at[k];
			if (!l->way[WAY_FORWARD].attempt)
				continue;
			if (!l->way[WAY_FORWARD].nothing_ran)
				return false;
			session_link_status(s, l->target, &st);
			unreached = unreached || st.state == LINK_FAILED ||
				st.state == LINK_LOST;
		}
	return unreached;
}

bool
plainlink_asks_again(const struct session *s, int step)
{
	const struct run_step *rs = &session_run(s)->steps.list.at[step];
	struct job_follow f;

	for (size_t i = 0; i < rs->legs.list.len; i++)
		for (int w = WAY_FORWARD; w <= WAY_BACK; w++)
			if (session_follow(s, step, (int)i, (enum way)w, &f) &&
				!f.offline)
				return true;
	return false;
}

/* Stops every leg that is under way; the walk goes on and tells how that went. */
void
plainlink_stop_all(struct session *s)
{
	const struct run *r = session_run(s);

	for (size_t i = 0; i < r->steps.list.len; i++)
		if (r->steps.list.at[i].own == STEP_IS_RUNNING)
			session_request(s,
				&(struct request){.kind = REQ_CANCEL,
					.step = (int)i,
					.leg = LEG_ALL,
					.reason = "stopped by the operator"});
}

bool
plainlink_cancel_late(struct session *s, struct plainsay *say)
{
	const struct run *r = session_run(s);
	struct wall now = clock_wall();

	for (size_t i = 0; i < r->steps.list.len; i++) {
		const struct run_step *rs = &r->steps.list.at[i];

		for (size_t k = 0; k < rs->legs.list.len; k++) {
			const struct leg_run *w = &rs->legs.list.at[k].way[WAY_FORWARD];
			struct wall from = w->started;

			if (rs->step->kind == STEP_HTTP) /* nobody says that it began */
				from = w->intended;
			if ((w->state != LEG_RUNNING && w->state != LEG_INTENDED) ||
				!from.ms || !rs->step->timeout_ms ||
				now.ms < from.ms + rs->step->timeout_ms)
				continue;
			plainsay_line(say,
				"Step %s is LATE on %s and nobody is here to ask: stopping it.",
				rs->step->number, rs->legs.list.at[k].host);
			session_request(s,
				&(struct request){.kind = REQ_CANCEL,
					.step = (int)i,
					.leg = (int)k,
					.reason = "late, nobody to ask"});
			return true;
		}
	}
	return false;
}

bool
plainlink_runs(const struct session *s)
{
	const struct run *r = session_run(s);

	for (size_t i = 0; i < r->steps.list.len; i++)
		if (r->steps.list.at[i].own == STEP_IS_RUNNING)
			return true;
	return run_busy(r);
}
