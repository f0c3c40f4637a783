/* watch: a run as it goes, for who does not drive it; and what such a one may ask of the
 * driver from a shell: a hold, to go on, a note. */

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/cmd.h"
#include "app/console.h"
#include "app/onlooker.h"
#include "app/outside.h"
#include "app/plainback.h"
#include "app/plainsay.h"
#include "app/tty.h"
#include "base/mem.h"
#include "base/stamp.h"

enum { RUN_DIGITS = 6, TURN_MS = 250, ANSWER_MS = 10000 };

struct watching_cmd {
	struct cmd *c;
	struct session *s;
	struct plainsay say;
	bool json, begun, refused;
	int signal;
	struct err why; /* of a refusal */
	char *told;     /* state of the driver, as last said */
	/* what was asked of the driver, until it is in the record */
	enum event_type wanted;
	const char *text;
	bool came;
};

/* ---- hearing ------------------------------------------------------------------------------ */

static bool
is_wanted(const struct watching_cmd *w, const struct event *ev)
{
	const struct run *r = session_run(w->s);

	if (!w->begun || ev->type != w->wanted)
		return false;
	return w->wanted != EVENT_NOTE ||
		(r->notes.list.len &&
			str_eq(r->notes.list.at[r->notes.list.len - 1].text, w->text));
}

static void
heard_event(void *ctx, const struct event *ev, const char *line, size_t len)
{
	struct watching_cmd *w = ctx;

	if (w->json) {
		fwrite(line, 1, len, stdout);
		fputc('\n', stdout);
		fflush(stdout);
	} else if (w->begun && w->say.to) {
		plainsay_people(&w->say, ev);
		if (ev->type == EVENT_STEP_INTENT)
			plainsay_step(&w->say, session_runbook(w->s),
				run_find_step(session_run(w->s), ev->step));
		plainsay_event(&w->say, ev);
	}
	w->came |= is_wanted(w, ev);
}

static void
heard_output(void *ctx, int step, int leg, enum way way, const char *b, size_t len)
{
	struct watching_cmd *w = ctx;

	(void)way;
	if (w->say.to && !w->json)
		plainsay_output(&w->say, step, leg, b, len);
}

static void
heard_message(void *ctx, const struct err *e)
{
	struct watching_cmd *w = ctx;

	w->refused = true;
	w->why = *e;
	if (w->say.to)
		plainsay_line(&w->say, "Refused: %s%s", e->msg, plainsay_stop(e->msg));
}

static void
got_signal(void *ctx, int signo)
{
	struct watching_cmd *w = ctx;

	w->signal = signo;
}

/* Who drives, when that is another answer than before. */
static void
say_state(struct watching_cmd *w)
{
	struct str words = STR_INIT, news = STR_INIT;

	onlooker_news(session_onlooker(w->s), &news);
	if (onlooker_state(session_onlooker(w->s)) != ONLOOKER_MOVING &&
		!str_eq(news.buf, w->told)) {
		mem_free(w->told);
		w->told = mem_strdup(news.buf);
		onlooker_words(session_onlooker(w->s), &words);
		plainsay_line(&w->say, "Now: %s.", words.buf);
	}
	str_release(&news);
	str_release(&words);
}

/* ---- in lines ------------------------------------------------------------------------------- */

static struct session_opts
opts_of(struct watching_cmd *w)
{
	return (struct session_opts){.loop = w->c->loop,
		.project = w->c->project,
		.calls = {.on_event = heard_event,
			.on_output = heard_output,
			.on_message = heard_message,
			.ctx = w}};
}

static void
say_where_it_stands(struct watching_cmd *w)
{
	const struct run *r = session_run(w->s);
	struct run_counts n = run_count(r);
	char at[STAMP_BYTES];
	int next = r->closed ? NONE : run_next_open(r, 0);

	plainsay_line(&w->say, "Run %s, %s. %d of %d steps done, %d skipped, %d failed.",
		r->id + ULID_LEN - RUN_DIGITS, r->runbook->title, n.done, n.total,
		n.skipped, n.failed);
	if (!r->closed)
		plainsay_line(&w->say,
			onlooker_state(session_onlooker(w->s)) == ONLOOKER_ALONE
				? "%s drove it last, since %s. You look on."
				: "%s drives it since %s. You look on.",
			r->driver ? r->driver : "?", stamp_clock(r->driven_since, at));
	if (r->held)
		plainsay_line(&w->say, "It is on hold, by %s%s%s.",
			r->held_by ? r->held_by : "?", r->hold_reason ? ": " : "",
			r->hold_reason ? r->hold_reason : "");
	if (r->offer.stands)
		plainsay_line(&w->say, "%s offers it to %s: handrail take-over %s",
			r->offer.by ? r->offer.by : "?",
			r->offer.to ? r->offer.to : "whoever takes it",
			r->id + ULID_LEN - RUN_DIGITS);
	if (next != NONE)
		plainsay_step(&w->say, r->runbook, next);
}

static enum exit_code
end_of(const struct run *r)
{
	return plainback_went_well(r) ? EXIT_CODE_OK : EXIT_CODE_NO;
}

static enum exit_code
look_on(struct watching_cmd *w)
{
	const struct run *r = session_run(w->s);
	enum exit_code code = EXIT_CODE_OK;
	struct loop_signal *on_int, *on_term;
	struct err e = ERR_INIT;

	if (!w->json)
		say_where_it_stands(w);
	on_int = loop_signal_new(w->c->loop, SIGINT, got_signal, w);
	on_term = loop_signal_new(w->c->loop, SIGTERM, got_signal, w);
	while (!r->closed && !w->signal && !ferror(stdout)) {
		enum onlooker_state st = onlooker_state(session_onlooker(w->s));

		if (st == ONLOOKER_BROKEN)
			break;
		if (!w->json)
			say_state(w);
		loop_turn(w->c->loop, TURN_MS);
	}
	loop_signal_free(on_int);
	loop_signal_free(on_term);
	if (r->closed && !w->json)
		plainsay_closed(&w->say, r,
			session_dir(w->s) ? session_dir(w->s)
				: onlooker_is_far(session_onlooker(w->s))
				? "on another machine, and in the store"
				: "with another account",
			session_head(w->s));
	if (r->closed) {
		code = end_of(r);
	} else if (w->signal) {
		code = w->signal == SIGINT ? EXIT_CODE_INT : EXIT_CODE_TERM;
	} else if (!ferror(stdout)) {
		struct str words = STR_INIT;

		onlooker_words(session_onlooker(w->s), &words);
		err_set(&e, ERR_RECORD, "%s", words.buf);
		str_release(&words);
		code = cmd_fail(w->c, &e);
	}
	return code;
}

static bool
wants_screen(const struct args *a)
{
	return !tty_plain(a) && !args_has(a, OPT_JSON) && isatty(STDOUT_FILENO) &&
		tty_is_person();
}

static enum exit_code
ask_for(struct watching_cmd *w, enum event_type wanted, const struct request *q)
{
	struct mono began = clock_mono();
	struct err e = ERR_INIT;

	w->wanted = wanted;
	w->text = q->text;
	w->came = w->refused = false;
	session_request(w->s, q);
	if (onlooker_is_far(session_onlooker(w->s)))
		return outside_settle(w->c, w->s, &w->why, &e) ? EXIT_CODE_OK
							       : cmd_fail(w->c, &e);
	while (!w->came && !w->refused && clock_mono().ms - began.ms < ANSWER_MS)
		loop_turn(w->c->loop, TURN_MS);
	if (w->came)
		return EXIT_CODE_OK;
	if (!w->refused)
		err_set(&e, ERR_TIMEOUT,
			"the console that drives the run does not answer");
	return cmd_fail(w->c, w->refused ? &w->why : &e);
}

static enum exit_code
watch_plain(struct cmd *c, struct onlooker *take, bool act)
{
	struct watching_cmd w = {.c = c, .json = args_has(c->args, OPT_JSON)};
	struct session_opts so = opts_of(&w);
	const char *reason = c->args->opt[OPT_HOLD];
	enum exit_code code = EXIT_CODE_OK;

	w.json &= !act;
	w.say.to = act ? NULL : stdout;
	w.say.run = NULL;
	w.s = session_onlook(&so, take);
	w.say.run = session_run(w.s);
	session_begin_onlooking(w.s);
	w.begun = true;
	if (act && reason)
		code = ask_for(&w, EVENT_RUN_HOLD,
			&(struct request){
				.kind = REQ_HOLD, .step = NONE, .reason = reason});
	else if (act)
		code = ask_for(&w, EVENT_RUN_GO,
			&(struct request){.kind = REQ_GO, .step = NONE});
	else
		code = look_on(&w);
	plainsay_release(&w.say);
	mem_free(w.told);
	session_free(w.s);
	return code;
}

enum exit_code
cmd_watch(struct cmd *c)
{
	bool act = args_has(c->args, OPT_HOLD) || args_has(c->args, OPT_GO);
	enum exit_code code = EXIT_CODE_OK;
	struct err e = ERR_INIT;
	struct onlooker *o;

	if (act && !cmd_may_write(c, &code))
		return code;
	o = outside_find(c, c->args->words.list.at[0], &e);
	if (!o)
		return cmd_fail(c, &e);
	if (act || !wants_screen(c->args))
		return watch_plain(c, o, act);
	return console_run(&(struct console_opts){.loop = c->loop,
		.args = c->args,
		.project = c->project,
		.runs_dir = c->runs_dir,
		.onlooker = o,
		.environment = cmd_environment(c)});
}

enum exit_code
outside_note(struct cmd *c, struct onlooker *take, const char *text)
{
	struct watching_cmd w = {.c = c};
	struct session_opts so = opts_of(&w);
	enum exit_code code;
	char *line = str_flatten(mem_strdup(text)); /* as the driver takes it */

	w.s = session_onlook(&so, take);
	w.say.run = session_run(w.s);
	session_begin_onlooking(w.s);
	w.begun = true;
	code = ask_for(&w, EVENT_NOTE,
		&(struct request){.kind = REQ_NOTE, .step = NONE, .text = line});
	session_free(w.s);
	mem_free(line);
	return code;
}

enum exit_code
outside_offer(struct cmd *c, struct onlooker *take, const char *to)
{
	struct watching_cmd w = {.c = c};
	struct session_opts so = opts_of(&w);
	enum exit_code code;

	w.s = session_onlook(&so, take);
	w.say.run = session_run(w.s);
	session_begin_onlooking(w.s);
	w.begun = true;
	code = ask_for(&w, EVENT_DRIVER_OFFER,
		&(struct request){.kind = REQ_OFFER, .step = NONE, .name = to});
	if (code == EXIT_CODE_OK) {
		w.say.to = stdout;
		plainsay_line(&w.say, "Run %s is offered to %s:\n%s",
			session_run(w.s)->id + ULID_LEN - RUN_DIGITS,
			to ? to : "whoever takes it", session_run(w.s)->offer.summary);
		plainsay_line(&w.say, "It is taken with: handrail take-over %s",
			session_run(w.s)->id + ULID_LEN - RUN_DIGITS);
	}
	plainsay_release(&w.say);
	session_free(w.s);
	return code;
}
