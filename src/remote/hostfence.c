#include "remote/hostfence.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "remote/hr1.h"
#include "remote/jobinner.h"
#include "remote/pace.h"

enum {
	AGAIN_MS = 2000,
	SILENCE_MS = 45 * 1000,
	JOBS_BYTES = 64 * 1024,
	STDERR_MAX = 400,
	TRIES = 3, /* that a host answers with something else */
};

struct hostfence {
	struct link *link;
	char *run, *con, *as, *job_dir;
	int epoch, odd;
	hostfence_fn *fn;
	void *ctx;
	struct link_exec *exec;
	struct loop_timer *again;
	struct hr1_request request;
	struct hr1_reply reply;
	struct str data, err;
	bool asking;
};

static void
stop_asking(struct hostfence *f)
{
	link_exec_free(f->exec);
	f->exec = NULL;
	if (!f->asking)
		return;
	f->asking = false;
	hr1_release(&f->request);
	hr1_reply_release(&f->reply);
	str_release(&f->data);
	str_release(&f->err);
}

static void
tell(struct hostfence *f, const struct hostfence_end *end)
{
	loop_timer_stop(f->again);
	f->fn(f->ctx, end); /* may free f */
}

static void
on_out(void *ctx, const char *p, size_t len)
{
	struct hostfence *f = ctx;
	const char *data;
	size_t n;

	hr1_reply_feed(&f->reply, p, len, &data, &n);
	if (f->data.len + n <= JOBS_BYTES)
		str_add(&f->data, data, n);
}

static void
on_err(void *ctx, const char *p, size_t len)
{
	struct hostfence *f = ctx;

	if (f->err.len + len <= STDERR_MAX)
		str_add(&f->err, p, len);
}

static void
answered(struct hostfence *f)
{
	const char *words = hr1_error_words(f->reply.arg);
	struct str safe = STR_INIT;
	char why[300];

	if (strcmp(f->reply.state, "fence") == 0) {
		text_harmless(&safe, f->data.buf, f->data.len, TEXT_KEEP_LF);
		tell(f, &(struct hostfence_end){HOSTFENCE_MADE, safe.buf});
	} else if (strcmp(f->reply.state, "fenced") == 0) {
		job_fenced_words(
			link_target(f->link), f->reply.by, f->epoch, why, sizeof why);
		tell(f, &(struct hostfence_end){HOSTFENCE_LATE, why});
	} else {
		snprintf(why, sizeof why, "%s: %s", link_target(f->link),
			words ? words : f->reply.state);
		tell(f, &(struct hostfence_end){HOSTFENCE_UNKNOWN, why});
	}
	str_release(&safe);
}

static void
on_end(void *ctx, const struct link_exec_end *end)
{
	struct hostfence *f = ctx;
	const char *said = f->err.len ? f->err.buf : f->reply.said;
	struct str safe = STR_INIT;
	bool sudo = f->as && f->err.len;

	if (f->reply.seen) {
		answered(f);
		return;
	}
	if (!sudo && (end->lost || end->exit < 0 || f->odd++ < TRIES)) {
		loop_timer_start(f->again, pace_ms(AGAIN_MS), 0);
		return;
	}
	str_addf(&safe, "%s: ", link_target(f->link));
	text_harmless(&safe, *said ? said : end->why, strlen(*said ? said : end->why),
		TEXT_ONE_LINE);
	tell(f, &(struct hostfence_end){HOSTFENCE_UNKNOWN, safe.buf});
	str_release(&safe);
}

static void
ask(void *ctx)
{
	struct hostfence *f = ctx;
	struct str command = STR_INIT, input = STR_INIT;
	struct err e = ERR_INIT;

	stop_asking(f);
	f->asking = true;
	hr1_init(&f->request);
	hr1_reply_init(&f->reply, &f->request);
	f->data = STR_INIT;
	f->err = STR_INIT;
	hr1_param(&f->request, "HR1_RUN", f->run);
	hr1_param(&f->request, "HR1_JOB_DIR", f->job_dir);
	hr1_param_int(&f->request, "HR1_EPOCH", f->epoch);
	hr1_param(&f->request, "HR1_CON", f->con);
	hr1_build(&f->request, HR1_FENCE, &input);
	if (hr1_command(f->as, HR1_NO_PASSWORD, &command, &e)) {
		struct link_exec_calls calls = {
			.on_out = on_out, .on_err = on_err, .on_end = on_end, .ctx = f};

		f->exec = link_exec_keep(
			f->link, command.buf, input.buf, input.len, &calls);
		/* one that is silent is asked anew */
		loop_timer_start(f->again, pace_ms(SILENCE_MS), 0);
	} else {
		tell(f, &(struct hostfence_end){HOSTFENCE_UNKNOWN, e.msg});
	}
	str_release(&command);
	str_release(&input);
}

struct hostfence *
hostfence_start(struct link *l, const struct hostfence_spec *s, hostfence_fn *fn, void *ctx)
{
	struct hostfence *f = mem_alloc(sizeof *f);

	f->link = l;
	f->run = mem_strdup(s->run);
	f->con = hr1_con(s->con);
	f->as = mem_strdup(s->as);
	f->job_dir = mem_strdup(s->job_dir ? s->job_dir : link_job_dir(l));
	f->epoch = s->epoch;
	f->fn = fn;
	f->ctx = ctx;
	f->again = loop_timer_new(link_loop(l), ask, f);
	loop_timer_start(f->again, 0, 0);
	return f;
}

void
hostfence_free(struct hostfence *f)
{
	if (!f)
		return;
	stop_asking(f);
	loop_timer_free(f->again);
	mem_free(f->run);
	mem_free(f->con);
	mem_free(f->as);
	mem_free(f->job_dir);
	mem_free(f);
}
