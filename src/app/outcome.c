#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/jobspec.h"
#include "app/spine.h"
#include "base/jsonout.h"
#include "base/mem.h"
#include "base/text.h"

/*
 * Effects become commands and looks; what they tell becomes requests again. Nothing here
 * decides anything: an outcome is a request like any other and may find that it is stale.
 */

/* ---- what is under way ------------------------------------------------------------------ */

static void
doing_free(struct doing *d)
{
	job_free(d->job);
	look_free(d->look);
	sqldoing_free(d->sql);
	webdoing_free(d->web);
	copydoing_free(d->copy);
	watchdoing_free(d->watch);
	playdoing_free(d->play);
	spool_free(d->spool);
	str_release(&d->output);
	if (d->as_password)
		mem_wipe_free(d->as_password, strlen(d->as_password));
	mem_free(d);
}

/* Freed in a later turn, because this may be one of its own callbacks. */
void
outcome_forget(struct doing *d)
{
	d->ended = true;
	loop_timer_start(d->s->sweep, 0, 0);
}

/* Its outcome is in the record: then the host's copy may go. */
static bool
doing_durable(const struct doing *d)
{
	const struct leg *leg = &d->s->run->steps.list.at[d->step].legs.list.at[d->leg];
	const struct leg_run *way = &leg->way[d->way];

	return way->attempt != d->attempt ||
		(way->state != LEG_INTENDED && way->state != LEG_RUNNING &&
			way->state != LEG_CANCELLING);
}

void
outcome_sweep(void *ctx)
{
	struct session *s = ctx;

	for (size_t i = 0; i < s->doings.list.len;) {
		struct doing *d = s->doings.list.at[i];
		if (!d->ended || (d->clean && !doing_durable(d)) || stopping_listens(d)) {
			i++;
			continue;
		}
		if (d->clean)
			job_clean(d->job, JOB_CLEAN_ALL);
		vec_remove(&s->doings.list, i);
		doing_free(d);
	}
}

static struct doing *
doing_find(struct session *s, const struct effect *fx)
{
	for (size_t i = 0; i < s->doings.list.len; i++) {
		struct doing *d = s->doings.list.at[i];
		if (!d->ended && d->step == fx->step && d->leg == fx->leg &&
			d->way == fx->way && d->attempt == fx->attempt)
			return d;
	}
	return NULL;
}

struct leg *
outcome_leg(const struct doing *d)
{
	return &d->s->run->steps.list.at[d->step].legs.list.at[d->leg];
}

struct request
outcome_request(const struct doing *d, enum request_kind kind)
{
	return (struct request){.kind = kind,
		.step = d->step,
		.leg = d->leg,
		.attempt = d->attempt,
		.way = d->way};
}

/* A job taken up again has run since the record says so, not since this console looks. */
static int64_t
doing_took(const struct doing *d)
{
	const struct leg_run *lr = &outcome_leg(d)->way[d->way];
	struct wall started = lr->started.ms ? lr->started : lr->intended;
	int64_t took = clock_mono().ms - d->began.ms;

	if (d->resumed && started.ms)
		took = clock_wall().ms - started.ms;
	return took > 0 ? took : 0;
}

/* ---- outcomes --------------------------------------------------------------------------------- */

static void
doing_ended(struct doing *d, int exit, const char *why, const struct str *err,
	enum facts_whole whole)
{
	struct request q = outcome_request(d, REQ_ENDED);
	struct queued *c;

	q.exit = exit;
	q.reason = why && *why ? why : NULL;
	q.took_ms = doing_took(d);
	c = spine_queued(&q);
	c->has_facts = true;
	facts_add_number(&c->facts, EXPECT_TIME, (double)q.took_ms);
	if (d->bytes > (int64_t)d->output.len)
		whole = FACTS_CUT;
	facts_add_answer(&c->facts, EXPECT_OUTPUT, d->output.buf, d->output.len, whole);
	if (err) {
		facts_add_text(
			&c->facts, EXPECT_STDOUT, NULL, d->output.buf, d->output.len);
		facts_add_text(&c->facts, EXPECT_STDERR, NULL, err->buf, err->len);
	}
	c->spool = d->spool;
	d->spool = NULL;
	spine_queue(d->s, c);
}

void
outcome_lost(struct doing *d, enum request_kind kind, const char *state, const char *why)
{
	struct request q = outcome_request(d, kind);

	q.text = state;
	q.reason = why;
	session_request(d->s, &q);
}

void
outcome_measured(struct doing *d, int exit, struct facts *take, const char *why)
{
	struct request q = outcome_request(d, REQ_ENDED);
	struct queued *c;

	q.exit = exit;
	q.reason = why;
	q.took_ms = doing_took(d);
	c = spine_queued(&q);
	c->has_facts = true;
	c->facts = *take;
	*take = (struct facts){0};
	facts_add_number(&c->facts, EXPECT_TIME, (double)q.took_ms);
	c->spool = d->spool;
	c->offset = d->spool_from;
	d->spool = NULL;
	spine_queue(d->s, c);
	outcome_forget(d);
}

static void
job_updated(void *ctx, const struct job_update *u)
{
	struct doing *d = ctx;
	struct request q = outcome_request(d, REQ_STARTED);

	if (u->state != JOB_RUNNING && u->state != JOB_DONE && u->state != JOB_ORPHAN)
		return;
	q.pid = u->pid;
	q.boot_id = u->boot_id;
	q.warning = u->warning[0] ? u->warning : NULL;
	session_request(d->s, &q);
}

static bool start_job(struct doing *d, bool resume);
static bool start_itself(struct doing *d, enum effect_kind how);
static bool start_look(struct doing *d);

void
outcome_sudo_ask(struct doing *d)
{
	struct asked *a = mem_alloc(sizeof *a);
	const struct step *st = &d->s->runbook->steps.list.at[d->step];

	a->kind = ASKED_SUDO;
	a->from = mem_strdup(outcome_leg(d)->host);
	a->text = mem_printf("sudo password for %s on %s (to become %s): ", st->as,
		outcome_leg(d)->host, st->as);
	a->doing = d;
	asking_add(d->s, a);
}

/* Nothing ran, or (taken up again) nobody can look: the record says which. */
static void
doing_given_up(struct doing *d, const char *why)
{
	if (d->resumed)
		outcome_lost(d, REQ_LOST, jobstate_name(JOB_UNKNOWN), why);
	else
		outcome_lost(d, REQ_NOT_STARTED, NULL, why);
	outcome_forget(d);
}

void
outcome_spool(struct doing *d)
{
	char *name = mem_printf(
		"%d-%d-%d-%d-%d", d->step, d->leg, d->attempt, (int)d->way, d->pieces++);

	d->spool_from = d->bytes;
	d->spool = spool_new(d->s->dir, name);
	mem_free(name);
}

/* It is followed from its first byte again; what the host has called running is asked for,
 * not started. */
static void
doing_afresh(struct doing *d)
{
	d->resumed |= outcome_leg(d)->way[d->way].started.ms != 0;
	spool_free(d->spool);
	d->bytes = d->told_bytes = 0;
	outcome_spool(d);
	str_reset(&d->output);
}

void
outcome_sudo_answer(struct session *s, struct doing *d, const char *password)
{
	bool look = d->look != NULL, own = d->watch || d->copy;

	(void)s;
	if (d->as_password)
		mem_wipe_free(d->as_password, strlen(d->as_password));
	d->as_password = mem_strdup(password);
	job_free(d->job);
	look_free(d->look);
	d->job = NULL;
	d->look = NULL;
	if (!own)
		doing_afresh(d);
	if (!password)
		doing_given_up(d, "sudo's password was not given");
	else if (outcome_leg(d)->way[d->way].state == LEG_CANCELLING && !d->resumed)
		doing_given_up(d, "cancelled before sudo's password was given");
	else if (d->watch         ? !watchdoing_again(d->watch)
			: d->copy ? !copydoing_again(d->copy)
			: look    ? !start_look(d)
				  : !start_job(d, d->resumed))
		outcome_forget(d);
}

static void
job_ended(void *ctx, const struct job_end *end)
{
	struct doing *d = ctx;

	if (end->wants_password) {
		outcome_sudo_ask(d);
		return;
	}
	switch (end->state) {
	case JOB_DONE:
		d->clean = true;
		doing_ended(d, end->exit, end->why, NULL, FACTS_WHOLE);
		break;
	case JOB_REFUSED:
		refusing_start(d, end->why);
		break;
	case JOB_FENCED:
		refusing_fence(d, end->why);
		break;
	case JOB_ABORTED:
		outcome_lost(d, REQ_NOT_STARTED, NULL, end->why);
		break;
	case JOB_ABSENT: /* it was there and is not any more */
	case JOB_LAUNCHING:
	case JOB_STARTING:
	case JOB_RUNNING:
	case JOB_ORPHAN:
	case JOB_LOST_REBOOT:
	case JOB_LOST_KILLED:
	case JOB_ELSEWHERE:
	case JOB_UNANSWERED:
	case JOB_UNKNOWN:
	case JOB_STATE_COUNT:
		outcome_lost(d, REQ_LOST, jobstate_name(end->state), end->why);
		break;
	}
	outcome_forget(d);
}

static void
look_ended(void *ctx, const struct look_end *end)
{
	struct doing *d = ctx;

	if (end->wants_password) {
		outcome_sudo_ask(d);
		return;
	}
	if (!end->known) {
		outcome_lost(d, REQ_LOST, "look", end->why);
		outcome_forget(d);
		return;
	}
	printing_output(d, end->out.buf, end->out.len);
	if (end->err.len) {
		/* Shown and kept after stdout; judged apart. */
		size_t judged = d->output.len;
		printing_output(d, end->err.buf, end->err.len);
		str_cut(&d->output, judged);
		d->bytes -= (int64_t)end->err.len;
	}
	doing_ended(d, end->exit, NULL, &end->err, end->cut ? FACTS_CUT : FACTS_WHOLE);
	outcome_forget(d);
}

/* ---- effects ------------------------------------------------------------------------------------ */

/* The job goes on over there; what it printed with the secret must not pass unredacted, so
 * the person is asked again before anything of it is followed. */
static bool
secret_ask(struct doing *d)
{
	const struct session *s = d->s;
	int input = asking_secret_wanted(s, d->step, d->way);
	struct asked *a;

	if (input == NONE)
		return false;
	a = mem_alloc(sizeof *a);
	a->kind = ASKED_SECRET;
	a->from = mem_strdup(s->runbook->inputs.list.at[input].name);
	a->text = mem_printf("step %s runs with this secret; to follow it: ",
		s->runbook->steps.list.at[d->step].number);
	a->doing = d;
	a->input = input;
	asking_add(d->s, a);
	return true;
}

void
outcome_secret_answer(struct session *s, struct doing *d, bool given)
{
	(void)s;
	if (!given)
		doing_given_up(
			d, "its secret was not given, so its output was not followed");
	else if (d->itself ? !start_itself(d, EFFECT_ASK) : !start_job(d, d->resumed))
		outcome_forget(d);
}

static bool
start_job(struct doing *d, bool resume)
{
	struct session *s = d->s;
	int target = run_leg_target(s->run, d->step, d->leg, d->way);
	const struct step *st = &s->runbook->steps.list.at[d->step];
	struct leg *leg = outcome_leg(d);
	struct asking_env env = {0};
	struct err e = ERR_INIT;
	char step[96], host[96], *dir = NULL;
	bool ok;

	if (resume && secret_ask(d))
		return true;
	ok = asking_env(s, st, leg, d->way, &env, &e);

	if (ok && st->dir) {
		dir = run_expand(s->run, st, st->dir, leg->host, &e);
		ok = dir != NULL;
	}
	if (ok && !jobspec_parts(leg->way[d->way].job, step, host, sizeof step))
		ok = err_set(&e, ERR_STATE, "the job has no usable name");
	if (ok) {
		struct job_spec spec = {
			.run = s->run->id,
			.step = step,
			.host = host,
			.attempt = d->attempt,
			.epoch = (int)journal_epoch(s->journal),
			.con = s->con,
			.seq = journal_seq(s->journal),
			.head = journal_head(s->journal),
			.text = run_leg_text(s->run, d->step, d->leg, d->way),
			.as = st->as,
			.as_password = d->as_password,
			.dir = dir,
			.shell = st->shell,
			.job_dir = jobspec_dir(s->runbook, target),
			.tty = st->tty,
			.once = jobspec_once(s->run, d->step, d->way),
			.env = env.list.at,
			.env_len = env.list.len,
			.kill_after_ms = st->kill_after_ms,
		};
		struct job_calls calls = {job_updated, printing_output, job_ended, d};
		struct link *l = fleet_link(s->fleet, target);
		d->job = resume ? job_resume(l, &spec, s->redact, &calls)
				: job_start(l, &spec, s->redact, &calls);
	} else if (resume) {
		outcome_lost(d, REQ_LOST, jobstate_name(JOB_UNKNOWN), e.msg);
	} else {
		outcome_lost(d, REQ_NOT_STARTED, NULL, e.msg);
	}
	mem_free(dir);
	asking_env_release(&env);
	return ok;
}

static bool
start_look(struct doing *d)
{
	struct session *s = d->s;
	const struct step *st = &s->runbook->steps.list.at[d->step];
	struct leg *leg = outcome_leg(d);
	struct asking_env env = {0};
	struct err e = ERR_INIT;
	char *dir = NULL;
	bool ok = asking_env(s, st, leg, d->way, &env, &e);

	if (ok && st->dir) {
		dir = run_expand(s->run, st, st->dir, leg->host, &e);
		ok = dir != NULL;
	}
	if (ok)
		d->look = look_start(
			fleet_link(s->fleet,
				run_leg_target(s->run, d->step, d->leg, d->way)),
			&(struct look_spec){
				.text = run_leg_text(s->run, d->step, d->leg, d->way),
				.as = st->as,
				.as_password = d->as_password,
				.dir = dir,
				.shell = st->shell,
				.env = env.list.at,
				.env_len = env.list.len,
				.timeout_ms = st->timeout_ms},
			s->redact, look_ended, d);
	else
		outcome_lost(d, REQ_NOT_STARTED, NULL, e.msg);
	mem_free(dir);
	asking_env_release(&env);
	return ok;
}

/* Not a command: this console does it. Where a host is only pretended, its script answers
 * for these too. */
static bool
acts_itself(const struct session *s, const struct effect *fx)
{
	const struct step *st = &s->runbook->steps.list.at[fx->step];

	if (fx->way == WAY_FORWARD && playdoing_plays(s, st->kind))
		return true;
	return fx->way == WAY_FORWARD && st->kind != STEP_RUN &&
		!(st->kind != STEP_WATCH && st->host != NONE &&
			s->runbook->hosts.list.at[st->host].via == HOST_SIM);
}

static bool
start_itself(struct doing *d, enum effect_kind how)
{
	enum step_kind kind = d->s->runbook->steps.list.at[d->step].kind;

	if (playdoing_plays(d->s, kind))
		return playdoing_start(d, how);
	switch (kind) {
	case STEP_SQL:
		return sqldoing_start(d, how);
	case STEP_HTTP:
		return webdoing_start(d, how);
	case STEP_COPY:
		return copydoing_start(d, how);
	case STEP_WATCH:
		return watchdoing_start(d, how);
	default:
		outcome_lost(d, REQ_NOT_STARTED, NULL, "this version cannot do it yet");
		return false;
	}
}

/* To find out what became of it, or to go on, its secrets are needed once more. */
static bool
asks_with_secret(const struct doing *d, enum effect_kind how)
{
	enum step_kind k = d->s->runbook->steps.list.at[d->step].kind;

	if (how != EFFECT_ASK)
		return false;
	return k == STEP_WATCH ||
		(k == STEP_SQL && outcome_leg(d)->way[d->way].boot != NULL);
}

static void
start_doing(struct session *s, const struct effect *fx)
{
	struct doing *d = mem_alloc(sizeof *d);
	bool ok;

	*d = (struct doing){.step = fx->step,
		.leg = fx->leg,
		.attempt = fx->attempt,
		.way = fx->way,
		.s = s,
		.output = STR_INIT};
	d->began = d->told_at = clock_mono();
	outcome_spool(d);
	d->resumed = fx->kind == EFFECT_ASK;
	vec_push(&s->doings.list, d);
	d->itself = acts_itself(s, fx);
	if (d->itself)
		ok = (asks_with_secret(d, fx->kind) && secret_ask(d)) ||
			start_itself(d, fx->kind);
	else if (fx->kind == EFFECT_LOOK)
		ok = start_look(d);
	else
		ok = start_job(d, fx->kind == EFFECT_ASK);
	if (!ok)
		outcome_forget(d);
}

/* ---- the door ------------------------------------------------------------------------------------- */

void
outcome_carry(struct session *s, const struct effect *fx)
{
	struct doing *d;

	switch (fx->kind) {
	case EFFECT_JOB:
	case EFFECT_LOOK:
	case EFFECT_ASK:
		start_doing(s, fx);
		break;
	case EFFECT_CANCEL:
		d = doing_find(s, fx);
		if (d && d->job)
			stopping_cancel(d);
		else if (d && d->sql)
			sqldoing_cancel(d->sql);
		else if (d && d->web)
			webdoing_cancel(d->web);
		else if (d && d->copy)
			copydoing_cancel(d->copy);
		else if (d && d->watch)
			watchdoing_cancel(d->watch);
		else if (d && d->play)
			playdoing_cancel(d->play);
		break;
	case EFFECT_COMMIT:
		d = doing_find(s, fx);
		if (d && d->sql)
			sqldoing_commit(d->sql);
		else if (d && d->copy)
			copydoing_commit(d->copy);
		break;
	case EFFECT_PROBE:
		looking_start(s, fx->step, fx->probe, fx->delay_ms);
		break;
	}
}

void
outcome_release(struct session *s)
{
	for (size_t i = 0; i < s->doings.list.len; i++)
		doing_free(s->doings.list.at[i]);
	vec_free(&s->doings.list);
	copydoing_release(s);
}
