#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "remote/hr1.h"
#include "remote/job.h"
#include "remote/lookpass.h"
#include "remote/simrun.h"
#include "remote/sudo.h"

enum {
	DEFAULT_TIMEOUT_MS = 30 * 1000,
	SLACK_MS = 10 * 1000, /* the host ends it itself; this is for a host that hangs */
	ASKING_MS = 1000,     /* how often a wait for a person or a login is looked at */
	DEFAULT_LIMIT = 1024 * 1024,
	ENDLESS_S = 30 * 24 * 3600, /* of one that is followed, on its host */
	STOPPED_MS = 10 * 1000,     /* until a host that was asked has ended it */
};

/* The beginning of a stream, or all of it, handed on; without secrets. */
struct look_stream {
	struct str head;
	struct redact_stream *redact;
	size_t limit;
	bool cut; /* there was more */
	void (*on_out)(void *ctx, const char *p, size_t len);
	void *ctx;
};

struct look {
	struct link *link;
	look_fn *fn;
	void *ctx;
	struct hr1_request request;
	struct link_exec *exec;
	struct simrun *sim;
	struct loop_timer *deadline;
	int64_t timeout_ms;
	struct look_stream out, err;
	bool followed, stopping;
	struct lookpass pass; /* tells the trailer from what the command wrote */
	int depth;
	bool freed, ended;
};

/* ---- streams ---- */

static void
stream_init(struct look_stream *s, const struct redact *r, size_t limit)
{
	s->head = STR_INIT;
	s->redact = r ? redact_stream_new(r) : NULL;
	s->limit = limit;
}

static void
stream_release(struct look_stream *s)
{
	str_release(&s->head);
	redact_stream_free(s->redact);
}

static void
keep(struct look_stream *s, const char *p, size_t len)
{
	size_t room = s->limit + 1 -
		s->head.len; /* one more for a line end not its own */

	if (s->on_out) {
		if (len)
			s->on_out(s->ctx, p, len);
		return;
	}
	str_add(&s->head, p, len < room ? len : room);
	s->cut = s->cut || len > room;
}

static void
stream_feed(struct look_stream *s, const char *p, size_t len)
{
	struct str clean = STR_INIT;

	if (!s->redact) {
		keep(s, p, len);
		return;
	}
	redact_feed(s->redact, p, len, &clean);
	keep(s, clean.buf, clean.len);
	str_release(&clean);
}

static void
stream_end(struct look_stream *s)
{
	struct str clean = STR_INIT;

	if (!s->redact)
		return;
	redact_end(s->redact, &clean);
	keep(s, clean.buf, clean.len);
	str_release(&clean);
}

static void
stream_limit(struct look_stream *s)
{
	s->cut = s->cut || s->head.len > s->limit;
	if (s->head.len > s->limit)
		str_cut(&s->head, s->limit);
}

/* Secrets are taken out of what the command wrote, never out of the trailer. */
static void
body_out(void *ctx, const char *p, size_t len)
{
	struct look *k = ctx;

	stream_feed(&k->out, p, len);
}

/* Nothing comes any more. The line end before the trailer is not of the command. */
static void
streams_end(struct look *k)
{
	struct str *out = &k->out.head;

	lookpass_end(&k->pass);
	stream_end(&k->out);
	stream_end(&k->err);
	if (k->pass.joined && !k->out.cut && str_ends(out, "\n"))
		str_cut(out, out->len - 1);
	stream_limit(&k->out);
	stream_limit(&k->err);
}

/* ---- the end ---- */

static void
destroy(struct look *k)
{
	lookpass_release(&k->pass);
	hr1_release(&k->request);
	stream_release(&k->out);
	stream_release(&k->err);
	mem_free(k);
}

/* Around whatever calls the owner, who may free the look in it. */
static void
enter(struct look *k)
{
	k->depth++;
}

static void
leave(struct look *k)
{
	if (--k->depth == 0 && k->freed)
		destroy(k);
}

static void
finish(struct look *k, struct look_end *end)
{
	if (k->ended || k->freed)
		return;
	k->ended = true;
	loop_timer_stop(k->deadline);
	end->out = k->out.head;
	end->err = k->err.head;
	end->cut = !k->followed && (k->out.cut || k->err.cut);
	enter(k);
	k->fn(k->ctx, end);
	leave(k);
}

static void
read_trailer(struct look *k, struct look_end *end)
{
	struct hr1_trailer t;
	const char *words;

	if (!hr1_trailer_find(k->request.token, k->pass.held.buf, k->pass.held.len, &t))
		return;
	if (t.exited) {
		end->known = !t.timed_out;
		end->timed_out = t.timed_out;
		end->exit = t.exit;
		if (t.timed_out)
			snprintf(end->why, sizeof end->why, "%s: not done in %lld s",
				link_target(k->link), (long long)k->timeout_ms / 1000);
		return;
	}
	words = hr1_error_words(t.error);
	snprintf(end->why, sizeof end->why, "%s: %s: %s", link_target(k->link),
		words ? words : t.error, t.sentence);
}

/* What was to be the trailer of one that was followed. A command that was ended from
 * outside, by us as a rule, says so itself. */
static void
read_followed(struct look *k, struct look_end *end)
{
	struct hr1_trailer t;
	const char *words;

	if (!hr1_trailer_find(k->request.token, k->pass.held.buf, k->pass.held.len, &t))
		return;
	if (t.exited) {
		end->known = end->gone = true;
		end->exit = t.exit;
		return;
	}
	words = hr1_error_words(t.error);
	end->gone = true;
	snprintf(end->why, sizeof end->why, "%s: %s: %s", link_target(k->link),
		words ? words : t.error, t.sentence);
}

static void
say_why_unknown(struct look *k, const struct link_exec_end *x, struct look_end *end)
{
	const struct str *said = k->err.head.len ? &k->err.head : &k->out.head;
	struct str safe = STR_INIT;

	text_harmless(
		&safe, said->buf, hr1_said_len(said->buf, said->len), TEXT_ONE_LINE);
	if (x->lost)
		snprintf(end->why, sizeof end->why, "%s", x->why);
	else if (sudo_wants_password(safe.buf))
		end->wants_password = true;
	if (!x->lost)
		snprintf(end->why, sizeof end->why, "%s: no answer from a shell: %s",
			link_target(k->link), *x->why ? x->why : safe.buf);
	str_release(&safe);
}

static void
exec_end(void *ctx, const struct link_exec_end *x)
{
	struct look *k = ctx;
	struct look_end end = {.exit = -1, .took_ms = x->took_ms};

	enter(k);
	streams_end(k);
	end.lost = x->lost;
	if (k->followed)
		read_followed(k, &end);
	else
		read_trailer(k, &end);
	if (!x->sent)
		end.gone = true;
	if (!end.known && !*end.why)
		say_why_unknown(k, x, &end);
	finish(k, &end);
	leave(k);
}

static void
exec_out(void *ctx, const char *p, size_t len)
{
	struct look *k = ctx;

	enter(k);
	lookpass_feed(&k->pass, p, len);
	leave(k);
}

static void
exec_err(void *ctx, const char *p, size_t len)
{
	struct look *k = ctx;

	stream_feed(&k->err, p, len);
}

static void
sim_end(void *ctx, const struct simrun_end *s)
{
	struct look *k = ctx;
	struct look_end end = {
		.known = s->ran, .gone = true, .exit = s->ran ? s->exit : -1};

	end.took_ms = s->took_ms;
	snprintf(end.why, sizeof end.why, "%s", s->why);
	enter(k);
	streams_end(k);
	finish(k, &end);
	leave(k);
}

static void
deadline_passed(void *ctx)
{
	struct look *k = ctx;
	struct look_end end = {.exit = -1, .timed_out = true};
	struct link_status s;

	link_status(k->link, &s);
	if (!k->stopping &&
		(s.state == LINK_RESOLVING || s.state == LINK_CONNECTING ||
			s.state == LINK_ASKING)) { /* these have deadlines of their own */
		loop_timer_start(k->deadline, ASKING_MS, 0);
		return;
	}
	end.gone = k->exec && !link_exec_sent(k->exec);
	link_exec_free(k->exec);
	k->exec = NULL;
	enter(k);
	if (k->stopping)
		snprintf(end.why, sizeof end.why, "%s: %s", link_target(k->link),
			s.state == LINK_READY ? "no word of its end"
					      : "the connection is away");
	else if (s.state == LINK_READY)
		snprintf(end.why, sizeof end.why, "%s: no answer in %lld s",
			link_target(k->link),
			(long long)(k->timeout_ms + SLACK_MS) / 1000);
	else
		snprintf(end.why, sizeof end.why, "%s", s.words);
	streams_end(k);
	finish(k, &end);
	leave(k);
}

/* ---- start ---- */

static void
send_look(struct look *k, const struct look_spec *s)
{
	struct link_exec_calls calls = {
		.on_out = exec_out, .on_err = exec_err, .on_end = exec_end, .ctx = k};
	struct str command = STR_INIT, input = STR_INIT;
	struct err e = ERR_INIT;
	enum hr1_sudo sudo = s->as && s->as_password ? HR1_PASSWORD : HR1_NO_PASSWORD;

	hr1_param(&k->request, "HR1_SH", "/bin/sh");
	hr1_param(&k->request, "HR1_INTERP", s->shell);
	hr1_param(&k->request, "HR1_DIR", s->dir);
	hr1_param_int(&k->request, "HR1_TIMEOUT",
		k->followed ? ENDLESS_S : (k->timeout_ms + 999) / 1000);
	hr1_set_spec(&k->request, s->text);
	for (size_t i = 0; i < s->env_len; i++)
		hr1_add_env(&k->request, s->env[i].name, s->env[i].value);
	str_reserve(&input, 64 * 1024 + k->request.spec.len + k->request.env.len);
	if (sudo == HR1_PASSWORD)
		hr1_add_password(&input, s->as_password);
	hr1_build(&k->request, HR1_LOOK, &input);
	if (!hr1_command(s->as, sudo, &command, &e)) {
		/* Ends by itself without a trailer; the words are these. */
		str_reset(&command);
		str_adds(&command, "echo 'as: is no account name' >&2");
	}
	k->exec = link_exec_keep(k->link, command.buf, input.buf, input.len, &calls);
	mem_wipe(input.buf, input.len);
	str_release(&input);
	str_release(&command);
}

struct look *
look_start(struct link *l, const struct look_spec *s, const struct redact *r, look_fn *fn,
	void *ctx)
{
	struct look *k = mem_alloc(sizeof *k);
	size_t limit = s->limit ? s->limit : DEFAULT_LIMIT;
	struct simrun_calls sim = {
		.on_out = exec_out, .on_err = exec_err, .on_end = sim_end, .ctx = k};

	k->link = l;
	k->fn = fn;
	k->ctx = ctx;
	k->timeout_ms = s->timeout_ms > 0 ? s->timeout_ms : DEFAULT_TIMEOUT_MS;
	stream_init(&k->out, r, limit);
	stream_init(&k->err, r, limit);
	hr1_init(&k->request);
	k->deadline = loop_timer_new(link_loop(l), deadline_passed, k);
	k->followed = s->on_out != NULL;
	k->pass = (struct lookpass){.token = k->request.token,
		.on_out = body_out,
		.ctx = k,
		.held = STR_INIT};
	k->out.on_out = s->on_out;
	k->out.ctx = ctx;
	if (!k->followed)
		loop_timer_start(k->deadline, k->timeout_ms + SLACK_MS, 0);
	if (link_is_simulated(l))
		k->sim = simrun_start(l, simrun_step(s->env, s->env_len), s->text, &sim);
	else
		send_look(k, s);
	return k;
}

/* Its stdin ends, and with it whatever it runs: the guard in look.sh sees to that. */
void
look_stop(struct look *k)
{
	if (k->ended || k->stopping)
		return;
	k->stopping = true;
	if (k->sim)
		simrun_cancel(k->sim);
	else
		link_exec_eof(k->exec);
	loop_timer_start(
		k->deadline, k->exec && !link_exec_sent(k->exec) ? 0 : STOPPED_MS, 0);
}

void
look_free(struct look *k)
{
	if (!k || k->freed)
		return;
	k->freed = true;
	link_exec_free(k->exec);
	simrun_free(k->sim);
	loop_timer_free(k->deadline);
	if (k->depth == 0)
		destroy(k);
}
