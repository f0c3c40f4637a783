#include "app/plainlink.h"

#include "base/stamp.h"

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

static void
tell_host(struct plainlink_host *h, struct session *s, int target, struct plainsay *say)
{
	const char *id = session_runbook(s)->targets.list.at[target].id;
	struct link_status st;

	session_link_status(s, target, &st);
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
		if (r->steps.list.at[i].state == STEP_IS_RUNNING)
			tell_orphans(p, s, (int)i, say);
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

	for (size_t i = 0; i < p->hosts.len; i++) {
		if (!p->hosts.at[i].lost)
			continue;
		session_link_status(s, (int)i, &st);
		if (st.state != LINK_FAILED)
			continue;
		str_adds(out, st.words);
		return true;
	}
	return false;
}

void
plainlink_release(struct plainlink *p)
{
	vec_free(&p->hosts);
	vec_free(&p->orphans);
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
