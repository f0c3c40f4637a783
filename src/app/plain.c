#include "app/plain.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/cmdinput.h"
#include "app/library.h"
#include "app/owing.h"
#include "app/plainarm.h"
#include "app/plainask.h"
#include "app/plainback.h"
#include "app/plaininput.h"
#include "app/plainlink.h"
#include "app/plainsay.h"
#include "app/tty.h"
#include "base/mem.h"
#include "base/stamp.h"
#include "model/review.h"
#include "remote/twins.h"

enum { HEARTBEAT_MS = 30000, RUN_DIGITS = 6 };

struct plain {
	const struct plain_opts o;
	struct plainsay say;
	struct plainlink link;
	struct plainback back;
	struct twins *twins;
	struct session *s;
	struct loop_signal *on_int, *on_term;
	int stopped_by; /* signal, or 0 */
	struct mono began, heard;
	int64_t began_seq; /* of the record */
	int told_step;     /* announced last; NONE */
	struct mono told_at;
	struct wall began_at;
	int again; /* step that is tried once more, because nothing of it ever ran; NONE */
	int tried_step;     /* asked of the engine and not yet settled; NONE */
	int64_t tried_seq;  /* of the record then */
	struct err refused; /* last refusal since tried */
	bool was_refused, late_cancel, closing, moved, told_end;
	struct str changed; /* said of inputs of the command line, a line each */
	enum exit_code code;
	bool over;
};

/* ---- hearing ------------------------------------------------------------------------------ */

static void
heard_output(void *ctx, int step, int leg, enum way way, const char *b, size_t len)
{
	struct plain *p = ctx;

	(void)way;
	p->heard = clock_mono();
	plainsay_output(&p->say, step, leg, b, len);
}

static void
heard_message(void *ctx, const struct err *e)
{
	struct plain *p = ctx;

	p->refused = *e;
	p->was_refused = true;
	plainsay_line(&p->say, "Refused: %s%s", e->msg, plainsay_stop(e->msg));
}

static void
heard_event(void *ctx, const struct event *ev, const char *line, size_t len)
{
	struct plain *p = ctx;

	p->heard = clock_mono();
	if (p->o.json) {
		fwrite(line, 1, len, stdout);
		fputc('\n', stdout);
		fflush(stdout);
	}
	if (p->s && !str_eq(ev->who, session_who(p->s)))
		plainsay_people(&p->say, ev);
	plainsay_event(&p->say, ev);
}

static void
heard_prompt(void *ctx, const struct session_prompt *q)
{
	struct plain *p = ctx;
	struct str line = STR_INIT;
	char *ask = mem_printf("%s: %s ", q->from, q->text);

	if (tty_is_person() && tty_ask(ask, q->echo ? TTY_SHOWN : TTY_HIDDEN, &line))
		session_answer(p->s, line.buf);
	else
		session_answer(p->s, NULL);
	mem_wipe(line.buf, line.len);
	str_release(&line);
	mem_free(ask);
}

static void
heard_change(void *ctx)
{
	struct plain *p = ctx;

	if (p->s)
		plainlink_tell(&p->link, p->s, &p->say);
}

struct session_calls
plain_calls(struct plain *p)
{
	return (struct session_calls){.on_change = heard_change,
		.on_message = heard_message,
		.on_event = heard_event,
		.on_output = heard_output,
		.on_prompt = heard_prompt,
		.ctx = p};
}

static void
announce(struct plain *p, int i)
{
	if (p->told_step == i)
		return;
	p->told_step = i;
	p->told_at = clock_mono();
	p->told_end = false;
	plainsay_step(&p->say, session_runbook(p->s), i);
}

/* How the step that was announced last went, once it is settled. */
static void
announce_end(struct plain *p)
{
	const struct run *r = session_run(p->s);
	char took[STAMP_BYTES];
	const struct run_step *rs;

	if (p->told_step == NONE || p->told_end)
		return;
	rs = &r->steps.list.at[p->told_step];
	if (!run_settled(rs))
		return;
	p->told_end = true;
	plainsay_line(&p->say, "Step %s %s after %s.", rs->step->number,
		run_step_word(r, p->told_step),
		stamp_duration(clock_mono().ms - p->told_at.ms, took));
}

/* ---- ending ---------------------------------------------------------------------------------- */

static void
stop_with(struct plain *p, enum exit_code code)
{
	p->over = true;
	p->code = code;
}

static void
leave_open(struct plain *p, enum exit_code code, const char *why)
{
	char *word = library_word(p->o.cmd->runs_dir, session_dir(p->s), RUN_DIGITS);

	plainsay_line(&p->say, "The run stays open: %s", why);
	if (!p->o.passing)
		plainback_farewell(&p->say, session_run(p->s), word);
	mem_free(word);
	stop_with(p, code);
}

static void
close_run(struct plain *p)
{
	const struct run *r = session_run(p->s);

	if (r->closed) {
		plainsay_closed(&p->say, r, session_dir(p->s), session_head(p->s));
		stop_with(p, plainback_went_well(r) ? EXIT_CODE_OK : EXIT_CODE_NO);
	} else if (p->closing && p->tried_seq == session_durable_seq(p->s)) {
		leave_open(p, EXIT_CODE_NO, "it could not be closed");
	} else {
		p->closing = true;
		p->tried_seq = session_durable_seq(p->s);
		owing_close(p->s, p->o.cmd->runs_dir);
	}
}

/* ---- walking ----------------------------------------------------------------------------------- */

/* The same step again and nothing new in the record: the engine said no. */
static bool
nothing_came_of_it(struct plain *p, int step)
{
	if (p->tried_step != step || p->tried_seq != session_durable_seq(p->s))
		return false;
	if (p->was_refused && tty_is_person())
		return false; /* who typed it has read why, and is asked again */
	plainsay_flush(&p->say, NONE);
	leave_open(p, EXIT_CODE_REFUSED,
		p->was_refused ? p->refused.msg : "nothing more can happen");
	return true;
}

static void
ask_engine(struct plain *p, int step, const struct request *q)
{
	struct err e = ERR_INIT;

	p->tried_step = step;
	p->tried_seq = session_durable_seq(p->s);
	p->was_refused = false;
	if (plainarm_before(p->s, &p->o, q, &e))
		session_request(p->s, q);
	else
		heard_message(p, &e);
}

static void
step_failed(struct plain *p, int i)
{
	const struct run_step *rs = &session_run(p->s)->steps.list.at[i];
	enum exit_code code = p->late_cancel ? EXIT_CODE_TIMEOUT
		: plainlink_unreached(p->s)  ? EXIT_CODE_CONNECT
					     : EXIT_CODE_NO;

	plainsay_failed(&p->say, rs, p->began_seq);
	plainback_show(&p->back, &p->say, p->o.cmd->runs_dir, session_run(p->s));
	leave_open(p, code, "a step failed");
}

static void
give_input(struct plain *p, int step, const struct plainask_request *a)
{
	const struct input *in = &session_runbook(p->s)->inputs.list.at[a->input];
	struct err e = ERR_INIT;

	p->tried_step = step;
	p->tried_seq = session_durable_seq(p->s);
	p->was_refused = false;
	if (session_input(p->s, a->input, a->value, &e)) {
		plainsay_input(&p->say, a->input, a->value); /* it is not recorded yet */
		if (in->from != SECRET_NOT)
			p->tried_step = NONE; /* given, but no fact of the record */
		return;
	}
	heard_message(p, &e);
	if (!tty_is_person())
		leave_open(p, EXIT_CODE_USAGE, "an input does not fit");
}

/* Ordered by a console that ended before its host heard of it: nobody has to find out what
 * it did, because it did nothing, so a resume orders it once more. */
static bool
never_began(struct plain *p, int i)
{
	const struct run_step *rs = &session_run(p->s)->steps.list.at[i];

	if (p->began_seq < 0 || p->again == i)
		return false;
	for (size_t k = 0; k < rs->legs.list.len; k++) {
		const struct leg_run *w = &rs->legs.list.at[k].way[WAY_FORWARD];

		if (w->state == LEG_FAILED &&
			(!w->nothing_ran || w->intended.ms >= p->began_at.ms))
			return false;
	}
	p->again = i;
	return rs->legs.list.len > 0;
}

static void
heartbeat(struct plain *p)
{
	struct mono now = clock_mono();
	struct str lost = STR_INIT;
	char text[STAMP_BYTES];

	plainlink_tell(&p->link, p->s, &p->say);
	if (now.ms - p->heard.ms < HEARTBEAT_MS)
		return;
	p->heard = now;
	if (plainlink_soaks(p->s, &lost) || plainlink_looks(p->s, &lost))
		plainsay_line(&p->say, "%s", lost.buf);
	else if (plainlink_lost(&p->link, p->s, &lost))
		plainsay_line(&p->say, "Still waiting, %s: %s.",
			stamp_duration(now.ms - p->began.ms, text), lost.buf);
	else
		plainsay_line(&p->say, "Still running, %s.",
			stamp_duration(now.ms - p->began.ms, text));
	str_release(&lost);
}

static void
change_input(struct plain *p, int step)
{
	struct plainask_request a = {0};
	struct err e = ERR_INIT;

	switch (plaininput_change(p->s, &a, &e)) {
	case PLAINASK_INPUT:
		give_input(p, step, &a);
		break;
	case PLAINASK_MISSING:
		heard_message(p, &e);
		break;
	default: /* also at the end of what is typed: the choice is asked for again */
		plainsay_line(&p->say, "Nothing was changed.");
	}
	plainask_release(&a);
}

static void
carry(struct plain *p, int i, enum plainask what, struct plainask_request *a,
	struct err *e)
{
	struct plainask_request words = {0};

	switch (what) {
	case PLAINASK_REQUEST:
		ask_engine(p, i, &a->q);
		break;
	case PLAINASK_INPUT:
		give_input(p, i, a);
		break;
	case PLAINASK_MISSING:
		leave_open(p, e->kind == ERR_STATE ? EXIT_CODE_NO : EXIT_CODE_REFUSED,
			e->msg);
		break;
	case PLAINASK_QUIT:
		loop_turn(
			p->o.cmd->loop, 50); /* was it a signal that ended the prompt? */
		if (!p->stopped_by)
			leave_open(p, EXIT_CODE_STOPPED, "stopped by the operator");
		break;
	case PLAINASK_BACK:
		plainback_show(&p->back, &p->say, p->o.cmd->runs_dir, session_run(p->s));
		carry(p, i, plainback_words(session_run(p->s), &words), &words, e);
		plainask_release(&words);
		break;
	case PLAINASK_CHANGE:
		change_input(p, i);
		break;
	case PLAINASK_NOTHING:
		plainsay_line(&p->say, "Nothing was begun.");
		break;
	}
}

static void
take_step(struct plain *p, int i)
{
	const struct run *r = session_run(p->s);
	enum step_state st = run_step_state(r, i);
	struct plainask_request a = {0};
	struct err e = ERR_INIT;

	announce(p, i);
	if (st == STEP_IS_FAILED && !tty_is_person() && !never_began(p, i)) {
		step_failed(p, i);
		return;
	}
	if (st == STEP_IS_UNKNOWN && plainlink_asks_again(p->s, i)) {
		heartbeat(p);
		return;
	}
	if (st == STEP_IS_UNKNOWN && !tty_is_person()) {
		leave_open(p, EXIT_CODE_REFUSED,
			"an outcome is unknown; a person must resolve it with evidence");
		return;
	}
	if (nothing_came_of_it(p, i))
		return;
	carry(p, i, plainask_for(p->s, p->o.answers, i, &a, &e), &a, &e);
	plainask_release(&a);
}

/* The run goes back: the engine walks by itself and stands still where it must. */
static void
take_back(struct plain *p)
{
	const struct run *r = session_run(p->s);
	int at = run_next_open(r, 0);
	struct plainask_request a = {0};
	struct err e = ERR_INIT;

	if (plainback_goes(&p->back, r)) {
		heartbeat(p);
		return;
	}
	if (nothing_came_of_it(p, at))
		return;
	if (p->back.given)
		plainback_show(&p->back, &p->say, p->o.cmd->runs_dir, r);
	carry(p, at, plainback_next(&p->back, r, p->o.answers, &a, &e), &a, &e);
	plainask_release(&a);
}

/* What only a person can mend is not waited for where there is none; what runs goes on. */
static void
nobody_there(struct plain *p)
{
	struct str words = STR_INIT;

	if (plainlink_stuck(&p->link, p->s, &words))
		leave_open(p, EXIT_CODE_CONNECT, words.buf);
	else if (!p->late_cancel)
		p->late_cancel = plainlink_cancel_late(p->s, &p->say);
	str_release(&words);
}

/* --relocate says where the record may go on; else the run ends here, and the cure is
 * named. */
static bool
record_in_danger(struct plain *p)
{
	struct err e = ERR_INIT;
	bool danger;
	const char *words = session_journal_words(p->s, &danger);
	char *word;

	if (!danger || session_relocating(p->s))
		return danger;
	plainsay_line(&p->say, "%s", words);
	if (p->o.relocate && !p->moved && session_run(p->s)->open) {
		p->moved = true;
		plainsay_line(&p->say, "It goes on in %s.", p->o.relocate);
		if (session_relocate(p->s, p->o.relocate, &e))
			return true;
		heard_message(p, &e);
	}
	stop_with(p, EXIT_CODE_NOT_WRITTEN);
	if (!session_run(p->s)->open && !session_run(p->s)->closed) {
		plainsay_line(&p->say,
			"Nothing was recorded and nothing has run. Begin again with "
			"HANDRAIL_STATE_DIR on another disk.");
		return true;
	}
	word = library_word(p->o.cmd->runs_dir, session_dir(p->s), RUN_DIGITS);
	plainsay_leaving(&p->say);
	plainsay_line(&p->say,
		"Go on in a folder on another disk with: handrail resume --relocate DIR %s",
		word);
	mem_free(word);
	return true;
}

static void
advance(struct plain *p)
{
	const struct run *r = session_run(p->s);
	int next;

	if (p->o.timeout_ms && clock_mono().ms - p->began.ms > p->o.timeout_ms) {
		leave_open(p, EXIT_CODE_TIMEOUT, "the time of --timeout is over");
		return;
	}
	session_mind_clock(p->s);
	if (plainsay_gone(&p->say, p->s)) {
		stop_with(
			p, session_is_fenced(p->s) ? EXIT_CODE_BUSY : EXIT_CODE_STOPPED);
		return;
	}
	if (record_in_danger(p))
		return;
	if (!(p->back.given ? session_still : session_idle)(p->s) || run_busy(r)) {
		if (!tty_is_person())
			nobody_there(p);
		heartbeat(p);
		return;
	}
	if (!r->open && !r->closed) {
		stop_with(p, EXIT_CODE_NOT_WRITTEN);
		return;
	}
	announce_end(p);
	if (r->held && !str_eq(r->held_by, session_who(p->s))) {
		heartbeat(
			p); /* until that one, or somebody at a console, lets it go on */
		return;
	}
	if (plainback_turns(&p->back, r)) {
		take_back(p);
		return;
	}
	/* who came to lead it back never goes on with it */
	if (p->o.back && r->back.state == BACK_NEVER && !r->closed) {
		leave_open(p, EXIT_CODE_REFUSED,
			p->was_refused ? p->refused.msg : "the way back has ended");
		return;
	}
	next = r->closed ? NONE : run_next_open(r, 0);
	if (next == NONE)
		close_run(p);
	else if (run_step_state(r, next) != STEP_IS_RUNNING)
		take_step(p, next);
	else
		heartbeat(p);
}

/* Ctrl-C while something runs: nothing is stopped by reflex. True: the walk goes on. */
static bool
asked_to_stop(struct plain *p)
{
	if (p->stopped_by != SIGINT || !tty_is_person() || !plainlink_runs(p->s) ||
		!plainask_goes_on(p->s))
		return false;
	p->stopped_by = 0;
	return true;
}

static void
got_signal(void *ctx, int signo)
{
	struct plain *p = ctx;

	p->stopped_by = signo;
}

void
plain_begin(struct plain *p, struct session *s)
{
	p->s = s;
	p->say.run = session_run(s);
	p->began = p->heard = clock_mono();
	p->began_at = clock_wall();
	p->began_seq = p->back.since = session_durable_seq(s);
}

bool
plain_inputs(struct plain *p, const struct pairs *inputs, struct err *e)
{
	return cmdinput_change(p->s, inputs, &p->changed, e);
}

enum exit_code
plain_walk(struct plain *p)
{
	struct session *s = p->s;
	const struct runbook *rb = session_runbook(s);
	char day[STAMP_BYTES];

	p->on_int = loop_signal_new(p->o.cmd->loop, SIGINT, got_signal, p);
	p->on_term = loop_signal_new(p->o.cmd->loop, SIGTERM, got_signal, p);
	plainsay_begin(&p->say, p->o.cmd->runs_dir, p->began_seq < 0);
	plainsay_changed(&p->say, s);
	if (review_is_late(rb, clock_wall(), day))
		plainsay_line(&p->say, "This runbook was to be read again by %s.", day);
	if (p->changed.len)
		plainsay_line(&p->say, "%s", p->changed.buf);
	p->twins = twins_of(p->o.cmd->loop, rb, plainsay_twins, &p->say);
	while (!p->over) {
		loop_turn(p->o.cmd->loop, 250);
		if (p->stopped_by && asked_to_stop(p))
			continue;
		if (p->stopped_by)
			plainsay_leaving(&p->say);
		if (p->stopped_by && session_ended_by(p->s))
			plainsay_line(&p->say, "%s has taken the run over.",
				session_ended_by(p->s));
		if (p->stopped_by == SIGINT)
			leave_open(p, EXIT_CODE_STOPPED, "stopped by the operator");
		else if (p->stopped_by)
			leave_open(p, EXIT_CODE_TERM, "ended by SIGTERM");
		else
			advance(p);
	}
	loop_signal_free(p->on_int);
	loop_signal_free(p->on_term);
	plainsay_left(&p->say, s);
	return p->code;
}

struct plain *
plain_new(const struct plain_opts *o)
{
	struct plain *p = mem_alloc(sizeof *p);

	memcpy((void *)&p->o, o, sizeof *o);
	p->told_step = p->tried_step = p->again = NONE;
	p->back.given = o->back;
	p->changed = (struct str)STR_INIT;
	p->say.to = o->to ? o->to : o->json ? stderr : stdout;
	return p;
}

void
plain_free(struct plain *p)
{
	plainsay_release(&p->say);
	str_release(&p->changed);
	plainlink_release(&p->link);
	plainback_release(&p->back);
	twins_free(p->twins);
	mem_free(p);
}
