/* Requests to the host about a job, and what their replies mean. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "remote/jobinner.h"
#include "remote/pace.h"

enum {
	WAIT_S = 10,                    /* a status waits so long for news */
	NARROW_WAIT_S = 1,              /* while others wait for its channel */
	GRACE_S = 10,                   /* of kill_after */
	REPLY_TIMEOUT_MS = 45 * 1000,   /* silence of one request */
	LAUNCH_PATIENCE_MS = 30 * 1000, /* then we make "never started" a fact */
	SOON_MS = 250,
	RETRY_MAX_MS = 30 * 1000,
	UNSENT_MAX_MS = 2 * 1000,
	UNHEARD_MAX = 3, /* requests that ended without an answer */
	STDERR_MAX = 400,
	EXIT_MAX = 255,
	KILLED_FROM = 128, /* 128 + signal: how shells and sshd tell of it */
};

void
job_stop_asking(struct job *j)
{
	link_exec_free(j->exec);
	j->exec = NULL;
	loop_timer_stop(j->deadline);
	if (!j->asking)
		return;
	j->asking = false;
	hr1_release(&j->request);
	hr1_reply_release(&j->reply);
	str_release(&j->sentence);
	str_release(&j->err);
}

/* ---- asking ---- */

void
job_ask_in(struct job *j, int64_t ms)
{
	loop_timer_start(j->again, ms, 0);
}

void
job_add_name(const struct job *j, struct hr1_request *q)
{
	char step[HR1_NAME_MAX + 1], host[HR1_NAME_MAX + 1];

	hr1_name(j->step, step);
	hr1_name(j->host, host);
	hr1_param(q, "HR1_RUN", j->run);
	hr1_param(q, "HR1_JOB_DIR", j->job_dir);
	hr1_param(q, "HR1_STEP", step);
	hr1_param(q, "HR1_HOST", host);
	hr1_param_int(q, "HR1_ATTEMPT", j->attempt);
}

static void
fill_start(const struct job *j, struct hr1_request *q)
{
	char anchor[100];

	snprintf(anchor, sizeof anchor, "%lld %s", (long long)j->seq,
		j->head ? j->head : "");
	hr1_param_int(q, "HR1_EPOCH", j->epoch);
	hr1_param(q, "HR1_CON", j->con);
	hr1_param(q, "HR1_ANCHOR", anchor);
	hr1_param(q, "HR1_SH", "/bin/sh");
	hr1_param(q, "HR1_INTERP", j->shell);
	hr1_param(q, "HR1_DIR", j->dir);
	hr1_param_int(q, "HR1_TTY", j->tty);
	hr1_param_int(q, "HR1_ONCE", j->once);
	hr1_param_int(q, "HR1_KILL_AFTER", (j->kill_after_ms + 999) / 1000);
	hr1_param_int(q, "HR1_GRACE", GRACE_S);
	hr1_set_spec(q, j->text);
	str_reserve(&q->env, j->values.env.len + 1);
	str_add(&q->env, j->values.env.buf, j->values.env.len);
}

static void
fill_status(const struct job *j, struct hr1_request *q)
{
	bool known = !j->cancel_again &&
		(j->state == JOB_RUNNING || j->state == JOB_ORPHAN ||
			j->state == JOB_STARTING || j->state == JOB_LAUNCHING);

	hr1_param_int(q, "HR1_OFFSET", j->offset);
	hr1_param_int(q, "HR1_BLOCK", j->offset / HR1_BLOCK_BYTES);
	hr1_param_int(q, "HR1_COUNT", HR1_BLOCKS);
	hr1_param_int(q, "HR1_WAIT",
		!known                            ? 0
			: link_is_narrow(j->link) ? NARROW_WAIT_S
						  : WAIT_S);
	hr1_param(q, "HR1_KNOWN", known ? jobstate_name(j->state) : "");
}

/* The exec for a script, with the password in front where sudo wants one. */
struct link_exec *
job_send_script(struct job *j, const struct hr1_request *q, enum hr1_script script,
	const struct link_exec_calls *calls)
{
	struct str command = STR_INIT, input = STR_INIT;
	struct link_exec *x = NULL;
	struct err e = ERR_INIT;
	enum hr1_sudo sudo = j->as && j->as_password ? HR1_PASSWORD : HR1_NO_PASSWORD;

	/* Room for all of it at once: no copies of secrets are left behind. */
	str_reserve(&input, 64 * 1024 + q->params.len + q->spec.len + q->env.len);
	if (sudo == HR1_PASSWORD)
		hr1_add_password(&input, j->as_password);
	hr1_build(q, script, &input);
	if (hr1_command(j->as, sudo, &command, &e))
		x = link_exec_keep(j->link, command.buf, input.buf, input.len, calls);
	mem_wipe(input.buf, input.len);
	str_release(&input);
	str_release(&command);
	return x;
}

static void on_out(void *ctx, const char *p, size_t len);
static void on_err(void *ctx, const char *p, size_t len);
static void on_end(void *ctx, const struct link_exec_end *end);

static void
password_tried(void *ctx, enum sudo_verdict verdict, const char *said)
{
	struct job *j = ctx;
	enum job_state refused = j->after_sudo == PHASE_START ? JOB_REFUSED : JOB_UNKNOWN;
	char why[320];

	snprintf(why, sizeof why, "%s: sudo not allowed: %s", j->host, said);
	switch (verdict) {
	case SUDO_FINE:
		j->phase = j->after_sudo;
		job_ask_in(j, 0);
		break;
	case SUDO_WRONG:
		j->wants_password = true;
		job_finish(j, refused, -1, why);
		break;
	case SUDO_REFUSED:
		job_finish(j, refused, -1, why);
		break;
	case SUDO_LOST:
		if (refused == JOB_REFUSED) {
			job_finish(j, refused, -1, said); /* nothing was sent yet */
			break;
		}
		j->offline = true;
		job_ask_in(j, RETRY_MAX_MS);
		break;
	}
}

static void
try_password(struct job *j)
{
	sudo_free(j->sudo);
	j->sudo = sudo_start(j->link, j->as, j->as_password, password_tried, j);
	if (!j->sudo)
		job_finish(j, JOB_REFUSED, -1, "as: is no account name");
}

void
job_ask(void *ctx)
{
	struct job *j = ctx;
	static const enum hr1_script script_of[] = {
		[PHASE_START] = HR1_START,
		[PHASE_FOLLOW] = HR1_STATUS,
		[PHASE_ABORT] = HR1_ABORT,
	};
	struct link_exec_calls calls = {
		.on_out = on_out, .on_err = on_err, .on_end = on_end, .ctx = j};

	job_stop_asking(j);
	if (j->phase == PHASE_CALLED_OFF) {
		job_finish(j, JOB_ABORTED, -1, "cancelled before it was sent");
		return;
	}
	if (j->phase == PHASE_SUDO) {
		try_password(j);
		return;
	}
	j->asking = true;
	j->sentence = STR_INIT;
	j->err = STR_INIT;
	j->skip = j->offset % HR1_BLOCK_BYTES;
	j->got = 0;
	hr1_init(&j->request);
	hr1_reply_init(&j->reply, &j->request);
	job_add_name(j, &j->request);
	if (j->phase == PHASE_START)
		fill_start(j, &j->request);
	else if (j->phase == PHASE_FOLLOW)
		fill_status(j, &j->request);
	j->exec = job_send_script(j, &j->request, script_of[j->phase], &calls);
	if (j->exec)
		loop_timer_start(j->deadline, pace_ms(REPLY_TIMEOUT_MS), 0);
	else
		job_finish(j, JOB_REFUSED, -1, "as: is no account name");
}

bool
job_was_sent(const struct job *j)
{
	bool starts = j->phase == PHASE_START ||
		(j->phase == PHASE_SUDO && j->after_sudo == PHASE_START);

	return !starts || j->sent ||
		(j->phase == PHASE_START && j->exec && link_exec_sent(j->exec));
}

/* Nothing was heard for too long: ask anew, the old request ends over there by itself. */
void
job_deadline_passed(void *ctx)
{
	struct job *j = ctx;

	if (link_is_away(j->link)) { /* it waits for the link, not for the host */
		j->offline = j->sent || j->phase == PHASE_FOLLOW;
		loop_timer_start(j->deadline, pace_ms(REPLY_TIMEOUT_MS), 0);
		return;
	}
	j->sent = job_was_sent(j);
	job_stop_asking(j);
	job_ask_in(j, SOON_MS);
}

/* ---- output ---- */

static void
on_out(void *ctx, const char *p, size_t len)
{
	struct job *j = ctx;
	const char *data;
	size_t n;

	loop_timer_start(j->deadline, pace_ms(REPLY_TIMEOUT_MS), 0);
	j->offline = false;
	j->heard = clock_mono();
	hr1_reply_feed(&j->reply, p, len, &data, &n);
	if (j->phase == PHASE_FOLLOW && j->reply.seen && j->reply.size > j->size)
		j->size = j->reply.size;
	if (n == 0)
		return;
	if (strcmp(j->reply.state, "error") == 0) {
		if (j->sentence.len + n <= STDERR_MAX)
			str_add(&j->sentence, data, n);
	} else if (j->phase == PHASE_FOLLOW) {
		job_take_output(j, data, n); /* may free j: nothing after */
	}
}

static void
on_err(void *ctx, const char *p, size_t len)
{
	struct job *j = ctx;

	if (j->err.len + len <= STDERR_MAX)
		str_add(&j->err, p, len);
}

/* ---- what a reply means ---- */

static void
refused_by_host(struct job *j, enum job_state state)
{
	const char *words = hr1_error_words(j->reply.arg);
	char why[320];

	snprintf(why, sizeof why, "%s: %s: %s", j->host, words ? words : j->reply.arg,
		j->sentence.buf);
	job_finish(j, state, -1, why);
}

void
job_fenced_words(const char *host, int64_t by, int epoch, char *out, size_t len)
{
	if (by == epoch)
		snprintf(out, len,
			"%s: another console is driver %d there; nothing was run", host,
			epoch);
	else
		snprintf(out, len,
			"%s: driver %lld has taken over, this is driver %d; nothing was "
			"run",
			host, (long long)by, epoch);
}

static void
read_start(struct job *j)
{
	const char *s = j->reply.state;
	char why[200];

	if (strcmp(s, "started") == 0) {
		j->phase = PHASE_FOLLOW;
		j->state = JOB_RUNNING;
		j->there = true;
		if (job_say_update(j))
			job_ask_in(j, 0);
	} else if (strcmp(s, "unconfirmed") == 0 || strcmp(s, "exists") == 0) {
		j->phase = PHASE_FOLLOW;
		j->there = true;
		job_ask_in(j, 0);
	} else if (strcmp(s, "fenced") == 0) {
		job_fenced_words(j->host, j->reply.by, j->epoch, why, sizeof why);
		job_finish(j, JOB_FENCED, -1, why);
	} else if (strcmp(s, "aborted") == 0) {
		job_finish(
			j, JOB_ABORTED, -1, "the start was called off; nothing was run");
	} else {
		/* Only a named refusal says that nothing was started. */
		refused_by_host(j, strcmp(s, "error") == 0 ? JOB_REFUSED : JOB_UNKNOWN);
	}
}

static void
read_abort(struct job *j)
{
	if (strcmp(j->reply.state, "aborted") == 0) {
		job_finish(
			j, JOB_ABORTED, -1, "it did not start in time; nothing was run");
		return;
	}
	if (strcmp(j->reply.state, "error") == 0) {
		refused_by_host(j, JOB_UNKNOWN);
		return;
	}
	j->phase = PHASE_FOLLOW; /* somebody else won: see what it became */
	j->launched.ms = 0;
	job_ask_in(j, SOON_MS);
}

/* Ends what can end; returns false when there is more to wait for. */
static bool
read_final(struct job *j)
{
	bool whole = j->reply.out_gone || j->offset >= j->reply.size;
	char *end;
	long rc;

	if (j->state == JOB_DONE) {
		rc = strtol(j->reply.arg, &end, 10);
		if (!whole)
			return false;
		if (end == j->reply.arg || *end || rc < 0 || rc > EXIT_MAX) {
			job_finish(j, JOB_UNKNOWN, -1,
				"the host calls it done without an exit status");
			return true;
		}
		job_finish(j, JOB_DONE, (int)rc,
			strcmp(j->reply.cancel, "kill_after") == 0
				? "killed by kill_after"
				: *j->reply.cancel ? "cancelled"
						   : NULL);
		return true;
	}
	if (j->state != JOB_ABORTED && !*jobstate_look(j->state))
		return false;
	if (j->state == JOB_ABSENT && !j->there) {
		/* A start that is still on its way would find the name free. */
		j->phase = PHASE_ABORT;
		job_ask_in(j, 0);
		return true;
	}
	if (!whole && j->state != JOB_ABSENT)
		return false;
	job_finish(j, j->state, -1,
		j->state == JOB_LOST_KILLED && j->was_orphan
			? "what watches over it was killed while it ran, then it ended: "
			  "nobody saw its exit status"
			: jobstate_means(j->state));
	return true;
}

static void
read_status(struct job *j)
{
	enum job_state was = j->state;

	if (jobstate_is_name(j->reply.state)) {
		j->state = jobstate_by_name(j->reply.state);
	} else {
		if (strcmp(j->reply.state, "error") == 0)
			refused_by_host(j, JOB_UNKNOWN);
		else
			job_finish(j, JOB_UNKNOWN, -1,
				"the host gave an answer that makes no sense");
		return;
	}
	j->there |= j->state != JOB_ABSENT && j->state != JOB_ABORTED;
	j->was_orphan |= j->state == JOB_ORPHAN;
	if (read_final(j))
		return;
	if (j->cancel_again && !j->cancelling) {
		j->cancel_again = false;
		job_cancel(j, j->cancel_grace_ms, j->cancel_told, j->cancel_ctx);
	}
	if (j->state != was && (j->state == JOB_RUNNING || j->state == JOB_ORPHAN)) {
		j->launched.ms = 0;
		if (!job_say_update(j))
			return;
	}
	if (j->state == JOB_LAUNCHING && j->launched.ms == 0)
		j->launched = clock_mono();
	if (j->state == JOB_LAUNCHING &&
		clock_mono().ms - j->launched.ms > pace_ms(LAUNCH_PATIENCE_MS)) {
		j->phase = PHASE_ABORT;
		job_ask_in(j, 0);
		return;
	}
	/* More bytes are there: at once. Else the next request waits over there. */
	job_ask_in(j, j->got > 0 || j->state == JOB_RUNNING ? 0 : SOON_MS);
}

static void
read_reply(struct job *j)
{
	j->unheard = j->failures = 0;
	j->offline = false;
	switch (j->phase) {
	case PHASE_START:
		read_start(j);
		break;
	case PHASE_FOLLOW:
		read_status(j);
		break;
	case PHASE_ABORT:
		read_abort(j);
		break;
	case PHASE_SUDO:
	case PHASE_CALLED_OFF:
	case PHASE_SIM:
	case PHASE_OVER:
		break;
	}
}

/* ---- requests that went wrong ---- */

static void
link_went(struct job *j, const struct link_exec_end *end)
{
	int64_t wait = (int64_t)SOON_MS << (j->failures < 7 ? j->failures : 7);

	if (j->phase == PHASE_START && !j->sent) {
		job_finish(j, JOB_REFUSED, -1, end->why);
		return;
	}
	/* Over there it goes on or not: only the host can say. Ask until it does. The link has
	 * a back-off of its own: what never left here need not wait long for it. */
	j->offline = true;
	j->failures++;
	if (!end->sent && wait > UNSENT_MAX_MS)
		wait = UNSENT_MAX_MS;
	job_ask_in(j, pace_ms(wait < RETRY_MAX_MS ? wait : RETRY_MAX_MS));
}

/* The channel worked, the script did not answer. */
static void
no_answer(struct job *j, const struct link_exec_end *end)
{
	const char *said = j->err.len ? j->err.buf : j->reply.said;
	char why[320];

	j->unheard++;
	j->wants_password = j->as && sudo_wants_password(j->err.buf);
	/* Our scripts always exit 0: this was sudo, or no shell. A shell that was killed
	 * may have come far: ask again, the host starts nothing twice. */
	if (j->phase == PHASE_START && j->unheard == 1 && end->exit > 0 &&
		end->exit < KILLED_FROM) {
		snprintf(why, sizeof why, "%s: %s: %s", j->host,
			j->as ? "sudo not allowed" : "no shell", *said ? said : end->why);
		job_finish(j, JOB_REFUSED, -1, why);
		return;
	}
	if (j->unheard >= UNHEARD_MAX || j->wants_password) {
		snprintf(why, sizeof why, "%s does not answer: %s", j->host,
			*said ? said : end->why);
		job_finish(j, JOB_UNKNOWN, -1, why);
		return;
	}
	job_ask_in(j, SOON_MS << j->unheard);
}

static void
on_end(void *ctx, const struct link_exec_end *end)
{
	struct job *j = ctx;

	loop_timer_stop(j->deadline);
	if (end->sent && j->phase == PHASE_START)
		j->sent = true;
	if (j->reply.seen)
		read_reply(j);
	else if (end->lost || (end->exit < 0 && *end->why)) /* or no channel to be had */
		link_went(j, end);
	else
		no_answer(j, end);
}
