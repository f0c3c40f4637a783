#include "app/fencing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/jobspec.h"
#include "app/spine.h"
#include "base/mem.h"
#include "remote/hostfence.h"

struct fenced_host {
	struct session *s;
	struct hostfence *fence; /* NULL: it has answered */
	const char *as;
	int target;
	bool known; /* it has our mark */
};

struct fencing {
	VEC_OF(struct fenced_host *) hosts;
};

/* ---- what a host says ---------------------------------------------------------------------- */

/* "load.db.2" is attempt 2 of "load.db". */
static int
attempt_of(const char *job, size_t *len)
{
	const char *dot = strrchr(job, '.');

	*len = dot ? (size_t)(dot - job) : strlen(job);
	return dot ? atoi(dot + 1) : 0;
}

static bool
is_of_record(const struct session *s, const char *job)
{
	size_t want, have;
	int attempt = attempt_of(job, &want);

	for (size_t i = 0; i < s->run->steps.list.len; i++) {
		const struct run_step *rs = &s->run->steps.list.at[i];

		for (size_t l = 0; l < rs->legs.list.len; l++)
			for (int w = 0; w < 2; w++) {
				const char *name = rs->legs.list.at[l].way[w].job;

				if (name && attempt_of(name, &have) >= attempt &&
					have == want && memcmp(name, job, want) == 0)
					return true;
			}
	}
	return false;
}

static void
hold(struct session *s, const char *why)
{
	struct err e = ERR_INIT;

	if (s->run->held) {
		err_set(&e, ERR_STATE, "%s", why);
		spine_message(s, &e);
		return;
	}
	session_request(
		s, &(struct request){.kind = REQ_HOLD, .step = NONE, .reason = why});
}

static void
tell_strangers(struct session *s, const char *host, const char *jobs)
{
	struct str names = STR_INIT;
	char job[200], state[64];
	char *why;

	for (const char *at = jobs; *at; at += strcspn(at, "\n"), at += *at == '\n')
		if (sscanf(at, "%199s %63[^\n]", job, state) == 2 &&
			!is_of_record(s, job))
			str_addf(&names, "%s%s (%s)", names.len ? ", " : "", job, state);
	if (names.len) {
		why = mem_printf(
			"%s has jobs of this run that its record does not know: %s. "
			"The console before started them and could not tell; look "
			"there before anything goes on",
			host, names.buf);
		hold(s, why);
		mem_free(why);
	}
	str_release(&names);
}

static void
answered(void *ctx, const struct hostfence_end *end)
{
	struct fenced_host *h = ctx;
	struct session *s = h->s;
	const char *host = s->runbook->targets.list.at[h->target].id;
	struct err e = ERR_INIT;

	switch (end->what) {
	case HOSTFENCE_MADE:
		h->known = true;
		tell_strangers(s, host, end->text);
		break;
	case HOSTFENCE_LATE:
		hold(s, end->text);
		break;
	case HOSTFENCE_UNKNOWN:
		err_set(&e, ERR_NET,
			"%s: whether the console before still starts something there is "
			"not known before the first start from here",
			end->text);
		spine_message(s, &e);
		break;
	}
	hostfence_free(h->fence);
	h->fence = NULL;
	spine_changed(s);
}

/* ---- which hosts --------------------------------------------------------------------------- */

static void
add_host(struct session *s, int target, const char *as)
{
	struct fenced_host *h;

	for (size_t i = 0; i < s->fencing->hosts.len; i++)
		if (s->fencing->hosts.at[i]->target == target &&
			str_eq(s->fencing->hosts.at[i]->as, as))
			return;
	h = mem_alloc(sizeof *h);
	*h = (struct fenced_host){.s = s, .as = as, .target = target};
	vec_push(&s->fencing->hosts, h);
	h->fence = hostfence_start(fleet_link(s->fleet, target),
		&(struct hostfence_spec){.run = s->run->id,
			.con = s->con,
			.as = as,
			.job_dir = jobspec_dir(s->runbook, target),
			.epoch = (int)journal_epoch(s->journal)},
		answered, h);
}

/* What is only looked at starts no job; this machine is another one than theirs. */
void
fencing_start(struct session *s)
{
	const struct runbook *rb = s->runbook;

	s->fencing = mem_alloc(sizeof *s->fencing);
	for (size_t i = 0; i < rb->steps.list.len; i++) {
		const struct step *st = &rb->steps.list.at[i];
		const struct host *h;

		if (st->kind != STEP_RUN || st->risk == RISK_NONE || st->host == NONE)
			continue;
		h = &rb->hosts.list.at[st->host];
		for (int t = 0; t < h->target_count && h->via == HOST_SSH; t++)
			add_host(s, h->first_target + t, st->as);
	}
}

void
fencing_words(const struct session *s, struct str *out)
{
	size_t known = 0, n = s->fencing ? s->fencing->hosts.len : 0;

	for (size_t i = 0; i < n; i++)
		known += s->fencing->hosts.at[i]->known;
	if (known < n)
		str_addf(out, ", %zu of %zu hosts know this driver", known, n);
}

bool
fencing_busy(const struct session *s)
{
	struct link_status st;

	for (size_t i = 0; s->fencing && i < s->fencing->hosts.len; i++) {
		const struct fenced_host *h = s->fencing->hosts.at[i];

		link_status(fleet_link(s->fleet, h->target), &st);
		if (h->fence && st.state != LINK_FAILED && st.state != LINK_LOST &&
			st.state != LINK_ASKING)
			return true;
	}
	return false;
}

void
fencing_release(struct session *s)
{
	if (!s->fencing)
		return;
	for (size_t i = 0; i < s->fencing->hosts.len; i++) {
		hostfence_free(s->fencing->hosts.at[i]->fence);
		mem_free(s->fencing->hosts.at[i]);
	}
	vec_free(&s->fencing->hosts);
	mem_free(s->fencing);
	s->fencing = NULL;
}
