#include "remote/job.h"

#include <stdio.h>
#include <string.h>

#include "base/dlog.h"
#include "base/mem.h"
#include "base/text.h"
#include "remote/jobinner.h"

enum { CANCEL_AGAIN_MS = 250 };

/* ---- calls to strangers, which may free the job ---- */

static void destroy(struct job *j);

void
job_enter(struct job *j)
{
	j->depth++;
}

/* False: the job is gone. */
bool
job_leave(struct job *j)
{
	if (--j->depth > 0 || !j->freed)
		return !j->freed;
	destroy(j);
	return false;
}

bool
job_say_output(struct job *j, const char *p, size_t len)
{
	if (len == 0 || !j->calls.on_output)
		return true;
	job_enter(j);
	j->calls.on_output(j->calls.ctx, p, len);
	return job_leave(j);
}

bool
job_say_update(struct job *j)
{
	struct job_update u = {.state = j->state, .pid = j->reply.pid};

	if (!j->calls.on_update)
		return true;
	snprintf(u.boot_id, sizeof u.boot_id, "%s", j->reply.boot);
	if (!j->shell && strcmp(j->reply.shell, "sh") == 0)
		snprintf(u.warning, sizeof u.warning,
			"no bash on %s: run by sh -eu, a failure inside a pipeline is not seen",
			j->host);
	job_enter(j);
	j->calls.on_update(j->calls.ctx, &u);
	return job_leave(j);
}

static bool
flush_redacted(struct job *j)
{
	struct str rest = STR_INIT;
	bool alive;

	if (!j->redact)
		return true;
	redact_end(j->redact, &rest);
	alive = job_say_output(j, rest.buf, rest.len);
	str_release(&rest);
	return alive;
}

/* The one end. `why` may be NULL. */
void
job_finish(struct job *j, enum job_state state, int exit, const char *why)
{
	struct job_end end = {
		.state = state,
		.exit = exit,
		.out_bytes = j->offset,
		.wants_password = j->wants_password,
	};
	struct str safe = STR_INIT;

	if (why)
		text_harmless(&safe, why, hr1_said_len(why, strlen(why)), TEXT_ONE_LINE);
	snprintf(end.why, sizeof end.why, "%s", safe.buf);
	str_release(&safe);
	j->phase = PHASE_OVER;
	j->state = state;
	j->offline = false;
	loop_timer_stop(j->again);
	dlog("job", "%s.%s.%d: %s %d", j->step, j->host, j->attempt, jobstate_name(state),
		exit);
	if (!flush_redacted(j))
		return;
	job_stop_asking(j);
	job_enter(j);
	if (j->calls.on_end)
		j->calls.on_end(j->calls.ctx, &end);
	job_leave(j);
}

bool
job_take_output(struct job *j, const char *p, size_t len)
{
	struct str clean = STR_INIT;
	size_t drop = (int64_t)len < j->skip ? len : (size_t)j->skip;
	bool alive;

	j->got += (int64_t)len;
	j->skip -= (int64_t)drop;
	p += drop;
	len -= drop;
	j->offset += (int64_t)len;
	if (!j->redact)
		return job_say_output(j, p, len);
	redact_feed(j->redact, p, len, &clean);
	alive = job_say_output(j, clean.buf, clean.len);
	str_release(&clean);
	return alive;
}

/* ---- a simulated target ---- */

static void
sim_output(void *ctx, const char *p, size_t len)
{
	struct job *j = ctx;

	job_take_output(j, p, len);
}

static void
sim_started(void *ctx)
{
	struct job *j = ctx;

	j->state = JOB_RUNNING;
	hr1_init(&j->request);
	hr1_reply_init(&j->reply, &j->request);
	j->asking = true;
	job_say_update(j);
}

static void
sim_end(void *ctx, const struct simrun_end *end)
{
	struct job *j = ctx;

	if (end->ran)
		job_finish(j, JOB_DONE, end->exit, NULL);
	else
		job_finish(j, JOB_REFUSED, -1, end->why);
}

static void
start_sim(struct job *j, const struct job_spec *spec)
{
	struct simrun_calls calls = {
		.on_start = sim_started,
		.on_out = sim_output,
		.on_err = sim_output, /* a job's streams are one */
		.on_end = sim_end,
		.ctx = j,
	};

	j->phase = PHASE_SIM;
	j->sim = simrun_start(j->link,
		&(struct simrun_command){j->text, spec->env, spec->env_len}, &calls);
}

/* ---- cancel ---- */

static void
tell_cancel(struct job *j, const char *reply)
{
	void (*told)(void *, const char *) = j->cancel_told;

	/* Asked again later: then there is more to tell. */
	if (!j->cancel_again)
		j->cancel_told = NULL;
	if (!told)
		return;
	job_enter(j);
	told(j->cancel_ctx, reply);
	job_leave(j);
}

static void
stop_cancel(struct job *j)
{
	link_exec_free(j->cancel_exec);
	j->cancel_exec = NULL;
	if (!j->cancelling)
		return;
	j->cancelling = false;
	hr1_release(&j->cancel_request);
	hr1_reply_release(&j->cancel_reply);
}

static void
cancel_out(void *ctx, const char *p, size_t len)
{
	struct job *j = ctx;
	const char *data;
	size_t n;

	hr1_reply_feed(&j->cancel_reply, p, len, &data, &n);
}

static void
cancel_end(void *ctx, const struct link_exec_end *end)
{
	struct job *j = ctx;
	char reply[220];

	if (j->cancel_reply.seen)
		snprintf(reply, sizeof reply, "%s%s%s", j->cancel_reply.state,
			*j->cancel_reply.arg ? " " : "", j->cancel_reply.arg);
	else
		snprintf(reply, sizeof reply, "unheard: %s", end->why);
	j->cancel_again = !j->cancel_reply.seen ||
		strcmp(j->cancel_reply.state, "absent") == 0 ||
		strcmp(j->cancel_reply.state, "launching") == 0 ||
		strcmp(j->cancel_reply.state, "noroom") == 0 ||
		strcmp(j->cancel_reply.state, "starting") == 0;
	stop_cancel(j);
	/* A status that waits for news would keep the next try waiting too. */
	if (j->cancel_again && j->phase == PHASE_FOLLOW && j->asking && !j->offline) {
		job_stop_asking(j);
		job_ask_in(j, CANCEL_AGAIN_MS);
	}
	tell_cancel(j, reply);
}

void
job_cancel(struct job *j, int64_t grace_ms, void (*told)(void *ctx, const char *reply),
	void *ctx)
{
	struct link_exec_calls calls = {
		.on_out = cancel_out, .on_end = cancel_end, .ctx = j};

	stop_cancel(j);
	j->cancel_told = told;
	j->cancel_ctx = ctx;
	if (j->sim) {
		simrun_cancel(j->sim);
		tell_cancel(j, "terminated");
		return;
	}
	if (!job_was_sent(j)) {
		job_stop_asking(j);
		sudo_free(j->sudo);
		j->sudo = NULL;
		j->phase = PHASE_CALLED_OFF;
		job_ask_in(j, 0);
		tell_cancel(j, "cancelled-before-start");
		return;
	}
	j->cancel_grace_ms = grace_ms;
	j->cancelling = true;
	hr1_init(&j->cancel_request);
	hr1_reply_init(&j->cancel_reply, &j->cancel_request);
	job_add_name(j, &j->cancel_request);
	hr1_param_int(&j->cancel_request, "HR1_GRACE", (grace_ms + 999) / 1000);
	j->cancel_exec = job_send_script(j, &j->cancel_request, HR1_CANCEL, &calls);
}

void
job_clean(struct job *j, enum job_clean what)
{
	struct str input = STR_INIT, command = STR_INIT;
	struct hr1_request q;
	struct err e = ERR_INIT;
	enum hr1_sudo sudo = j->as && j->as_password ? HR1_PASSWORD : HR1_NO_PASSWORD;

	if (j->sim)
		return;
	hr1_init(&q);
	job_add_name(j, &q);
	hr1_param_int(&q, "HR1_EPOCH", j->epoch);
	hr1_param(&q, "HR1_CON", j->con);
	hr1_param(&q, "HR1_WHAT", what == JOB_CLEAN_OUTPUT ? "out" : "job");
	if (sudo == HR1_PASSWORD)
		hr1_add_password(&input, j->as_password);
	hr1_build(&q, HR1_CLEANUP, &input);
	if (hr1_command(j->as, sudo, &command, &e))
		link_exec_fire(j->link, command.buf, input.buf, input.len);
	mem_wipe(input.buf, input.len);
	str_release(&input);
	str_release(&command);
	hr1_release(&q);
}

/* ---- life ---- */

static struct job *
make(struct link *l, const struct job_spec *s, const struct redact *r,
	const struct job_calls *calls)
{
	struct job *j = mem_alloc(sizeof *j);

	j->link = l;
	j->calls = *calls;
	j->run = mem_strdup(s->run);
	j->step = mem_strdup(s->step);
	j->host = mem_strdup(s->host);
	j->head = mem_strdup(s->head);
	j->con = hr1_con(s->con);
	j->text = mem_strdup(s->text ? s->text : "");
	j->as = mem_strdup(s->as);
	j->as_password = mem_strdup(s->as_password);
	j->dir = mem_strdup(s->dir);
	j->shell = mem_strdup(s->shell);
	j->job_dir = mem_strdup(s->job_dir ? s->job_dir : link_job_dir(l));
	j->attempt = s->attempt;
	j->epoch = s->epoch;
	j->seq = s->seq;
	j->tty = s->tty;
	j->once = s->once;
	j->kill_after_ms = s->kill_after_ms;
	hr1_init(&j->values);
	for (size_t i = 0; i < s->env_len; i++)
		hr1_add_env(&j->values, s->env[i].name, s->env[i].value);
	j->redact = r ? redact_stream_new(r) : NULL;
	j->again = loop_timer_new(link_loop(l), job_ask, j);
	j->deadline = loop_timer_new(link_loop(l), job_deadline_passed, j);
	return j;
}

static void
destroy(struct job *j)
{
	char *texts[] = {j->run, j->step, j->host, j->head, j->con, j->text, j->as,
		j->dir, j->shell, j->job_dir};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		mem_free(texts[i]);
	mem_wipe_free(j->as_password, j->as_password ? strlen(j->as_password) : 0);
	hr1_release(&j->values);
	redact_stream_free(j->redact);
	mem_free(j);
}

static void
begin(struct job *j, enum job_phase phase)
{
	bool try = j->as && j->as_password;

	j->phase = try ? PHASE_SUDO : phase;
	j->after_sudo = phase;
	job_ask_in(j, 0);
}

struct job *
job_start(struct link *l, const struct job_spec *s, const struct redact *r,
	const struct job_calls *calls)
{
	struct job *j = make(l, s, r, calls);

	link_connect(l); /* an act of the operator: a failed link gets its new chance */
	if (link_is_simulated(l)) {
		start_sim(j, s);
		return j;
	}
	begin(j, PHASE_START);
	return j;
}

struct job *
job_resume(struct link *l, const struct job_spec *s, const struct redact *r,
	const struct job_calls *calls)
{
	struct job *j = make(l, s, r, calls);

	link_connect(l);
	begin(j, PHASE_FOLLOW);
	return j;
}

void
job_follow(const struct job *j, struct job_follow *out)
{
	int64_t behind = j->size - j->offset;

	*out = (struct job_follow){
		.state = j->state,
		.offline = j->phase != PHASE_OVER &&
			(j->offline || (j->sent && link_is_away(j->link))),
		.silent_ms = j->heard.ms ? clock_mono().ms - j->heard.ms : -1,
		.behind_bytes = behind > 0 ? behind : 0,
	};
}

void
job_free(struct job *j)
{
	if (!j || j->freed)
		return;
	j->freed = true;
	job_stop_asking(j);
	stop_cancel(j);
	simrun_free(j->sim);
	sudo_free(j->sudo);
	loop_timer_free(j->again);
	loop_timer_free(j->deadline);
	if (j->depth == 0)
		destroy(j);
}
