#include "remote/epoch.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "remote/hr1.h"

enum { JOBS_BYTES = 64 * 1024 };

struct epoch {
	struct link_exec *exec;
	struct hr1_reply reply;
	struct str jobs;
	epoch_fn *fn;
	void *ctx;
};

static void
on_out(void *ctx, const char *p, size_t len)
{
	struct epoch *m = ctx;
	const char *data;
	size_t n;

	hr1_reply_feed(&m->reply, p, len, &data, &n);
	if (m->jobs.len + n <= JOBS_BYTES)
		str_add(&m->jobs, data, n);
}

/* What the host says is shown: harmless, and in one line. */
static void
why_not(const struct epoch *m, const struct link_exec_end *x, struct str *out)
{
	const char *words = hr1_error_words(m->reply.arg);

	if (strcmp(m->reply.state, "fenced") == 0)
		str_addf(out, "driver %lld has taken this run over",
			(long long)m->reply.by);
	else if (m->reply.seen)
		str_addf(out, "%s", words ? words : m->reply.state);
	else
		text_harmless(out, x->why, strlen(x->why), TEXT_ONE_LINE);
}

static void
on_end(void *ctx, const struct link_exec_end *x)
{
	struct epoch *m = ctx;
	struct str why = STR_INIT;
	struct epoch_end end = {.marked = strcmp(m->reply.state, "fence") == 0,
		.fenced = strcmp(m->reply.state, "fenced") == 0,
		.sent = x->sent,
		.jobs = m->jobs.buf};

	m->exec = NULL;
	if (!end.marked)
		why_not(m, x, &why);
	end.why = why.buf;
	m->fn(m->ctx, &end);
	str_release(&why);
}

struct epoch *
epoch_mark(struct link *l, const struct epoch_spec *s, epoch_fn *fn, void *ctx)
{
	struct link_exec_calls calls = {.on_out = on_out, .on_end = on_end};
	struct str input = STR_INIT, command = STR_INIT;
	struct epoch *m = mem_alloc(sizeof *m);
	struct hr1_request q;
	struct err e = ERR_INIT;
	char *con;

	calls.ctx = m;
	m->fn = fn;
	m->ctx = ctx;
	m->jobs = (struct str)STR_INIT;
	hr1_init(&q);
	hr1_reply_init(&m->reply, &q);
	hr1_param(&q, "HR1_RUN", s->run);
	hr1_param(&q, "HR1_JOB_DIR", s->job_dir);
	hr1_param_int(&q, "HR1_EPOCH", s->epoch);
	con = hr1_con(s->con);
	hr1_param(&q, "HR1_CON", con);
	mem_free(con);
	hr1_build(&q, HR1_FENCE, &input);
	if (hr1_command(s->as, HR1_NO_PASSWORD, &command, &e))
		m->exec = link_exec_start(l, command.buf, input.buf, input.len, &calls);
	hr1_release(&q);
	str_release(&input);
	str_release(&command);
	return m;
}

bool
epoch_asks(const struct epoch *m)
{
	return m->exec != NULL;
}

void
epoch_free(struct epoch *m)
{
	if (!m)
		return;
	link_exec_free(m->exec);
	hr1_reply_release(&m->reply);
	str_release(&m->jobs);
	mem_free(m);
}
