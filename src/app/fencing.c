#include <string.h>

#include "app/jobspec.h"
#include "app/spine.h"
#include "base/mem.h"
#include "remote/epoch.h"
#include "remote/hr1.h"
#include "run/legs.h"

/*
 * Whoever takes a run up makes itself known to its hosts at once, or when one is first
 * reached: a console that wakes up afterwards is refused there, whatever it still believes.
 * What another one started there and the record does not know holds the run.
 */

struct fencing_one {
	struct session *s;
	int target;      /* NONE: this machine */
	const char *as;  /* of the runbook; NULL: the login user */
	struct epoch *m; /* NULL: not asked now */
	bool over;       /* marked, or there is nothing more to try */
	bool known;      /* the host has our mark */
};

struct fencing {
	VEC_OF(struct fencing_one *) list;
};

static const char *
name_of(const struct fencing_one *f)
{
	return f->target == NONE ? "this machine"
				 : f->s->runbook->targets.list.at[f->target].id;
}

static void
hold(struct fencing_one *f, char *why_take)
{
	session_request(f->s,
		&(struct request){.kind = REQ_HOLD, .step = NONE, .reason = why_take});
	mem_free(why_take); /* the request has a copy */
}

/* "step.host.2", as it is called over there. */
static bool
is_job(const char *job, const char *line, size_t len)
{
	char step[256], host[256], a[HR1_NAME_MAX + 1], b[HR1_NAME_MAX + 1];
	char *there;
	bool same;

	if (!job || !jobspec_parts(job, step, host, sizeof step))
		return false;
	hr1_name(step, a);
	hr1_name(host, b);
	there = mem_printf("%s.%s%s", a, b, strrchr(job, '.'));
	same = strlen(there) == len && memcmp(there, line, len) == 0;
	mem_free(there);
	return same;
}

static bool
is_ours(const struct run *r, const char *line, size_t len)
{
	bool ours = false;

	for (size_t i = 0; i < r->steps.list.len && !ours; i++) {
		const struct run_step *rs = &r->steps.list.at[i];

		for (size_t k = 0; k < 2 * rs->legs.list.len && !ours; k++) {
			int leg = (int)(k / 2);
			enum way way = k % 2 ? WAY_BACK : WAY_FORWARD;
			int tries = rs->legs.list.at[leg].way[way].attempt;

			for (int n = 1; n <= tries && !ours; n++) {
				char *job = legs_job(rs, leg, way, n);

				ours = is_job(job, line, len);
				mem_free(job);
			}
		}
	}
	return ours;
}

static void
compare(struct fencing_one *f, const char *jobs)
{
	for (const char *at = jobs; *at; at += strcspn(at, "\n"), at += *at == '\n') {
		size_t name = strcspn(at, " \n"), line = strcspn(at, "\n");

		if (!name || is_ours(f->s->run, at, name))
			continue;
		hold(f,
			mem_printf(
				"%s has a job that the record here does not know, started "
				"by another console: %.*s",
				name_of(f), (int)(line < 120 ? line : 120), at));
		return;
	}
}

static void
answered(void *ctx, const struct epoch_end *end)
{
	struct fencing_one *f = ctx;
	struct err e = ERR_INIT;

	f->known = f->known || end->marked;
	f->over = end->sent; /* a host that was not reached is asked at first contact */
	if (end->marked)
		compare(f, end->jobs);
	else if (end->fenced && !journal_is_ours(f->s->journal, &e))
		spine_fenced(f->s, end->why);
	else if (end->fenced)
		hold(f,
			mem_printf("%s says that %s: find out who else drives it",
				name_of(f), end->why));
}

static void
ask(struct fencing_one *f)
{
	struct session *s = f->s;

	epoch_free(f->m);
	f->m = epoch_mark(fleet_link(s->fleet, f->target),
		&(struct epoch_spec){.run = s->run->id,
			.job_dir = jobspec_dir(s->runbook, f->target),
			.as = f->as,
			.epoch = journal_epoch(s->journal),
			.con = s->con},
		answered, f);
}

static void
add(struct session *s, int target, const char *as)
{
	struct fencing_one *f;

	for (size_t i = 0; i < s->fencing->list.len; i++)
		if (s->fencing->list.at[i]->target == target &&
			str_eq(s->fencing->list.at[i]->as, as))
			return;
	f = mem_alloc(sizeof *f);
	*f = (struct fencing_one){.s = s, .target = target, .as = as};
	vec_push(&s->fencing->list, f);
	ask(f);
}

/* Hosts where something of the run could start as a job, or an undo. */
static void
add_step(struct session *s, const struct step *st)
{
	const int hosts[] = {st->host, st->undo.text ? st->undo.host : st->host};

	for (size_t k = 0; k < sizeof hosts / sizeof hosts[0]; k++) {
		const struct host *h = hosts[k] == NONE
			? NULL
			: &s->runbook->hosts.list.at[hosts[k]];

		if (!h)
			add(s, NONE, st->as);
		for (int t = 0; h && t < h->target_count; t++)
			add(s, h->first_target + t, st->as);
	}
}

void
fencing_start(struct session *s)
{
	fencing_release(s);
	s->fencing = mem_alloc(sizeof *s->fencing);
	for (size_t i = 0; i < s->runbook->steps.list.len; i++) {
		const struct step *st = &s->runbook->steps.list.at[i];

		if ((st->kind == STEP_RUN && st->risk > RISK_NONE) || st->undo.text)
			add_step(s, st);
	}
}

void
fencing_reached(struct session *s, const struct link *l)
{
	for (size_t i = 0; s->fencing && i < s->fencing->list.len; i++) {
		struct fencing_one *f = s->fencing->list.at[i];
		struct link_status st;

		link_status(l, &st);
		if (!f->over && f->m && st.state == LINK_READY &&
			fleet_link(s->fleet, f->target) == l && !epoch_asks(f->m))
			ask(f);
	}
}

bool
fencing_busy(const struct session *s)
{
	for (size_t i = 0; s->fencing && i < s->fencing->list.len; i++) {
		const struct fencing_one *f = s->fencing->list.at[i];
		struct link_status st;

		link_status(fleet_link(s->fleet, f->target), &st);
		if (!f->over && f->m && epoch_asks(f->m) && st.state <= LINK_READY)
			return true;
	}
	return false;
}

void
fencing_words(const struct session *s, struct str *out)
{
	size_t known = 0, n = s->took_elsewhere && s->fencing ? s->fencing->list.len : 0;

	for (size_t i = 0; i < n; i++)
		known += s->fencing->list.at[i]->known;
	if (known < n)
		str_addf(out, ", %zu of %zu hosts know this driver", known, n);
}

void
fencing_release(struct session *s)
{
	if (!s->fencing)
		return;
	for (size_t i = 0; i < s->fencing->list.len; i++) {
		epoch_free(s->fencing->list.at[i]->m);
		mem_free(s->fencing->list.at[i]);
	}
	vec_free(&s->fencing->list);
	mem_free(s->fencing);
	s->fencing = NULL;
}
