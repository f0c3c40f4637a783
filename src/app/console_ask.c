#include <stdio.h>
#include <string.h>

#include "app/consoleinner.h"
#include "base/mem.h"
#include "base/text.h"
#include "run/correct.h"
#include "view/steptext.h"
#include "run/legs.h"
#include "run/revised.h"
#include "run/undo.h"
#include "view/view_back.h"
#include "view/view_confirm.h"

enum { LOOK_EVERY_MS = 60 * 1000 };

/* What each dialog shows when the state changes, and asks of the engine when it is done. */

static void
ask_engine(struct console *c, struct request q)
{
	session_request(c->session, &q);
	c->run.moved = false;
}

static const struct run *
run_of(const struct console *c)
{
	return session_run(c->session);
}

/* ---- confirm --------------------------------------------------------------------------- */

static struct confirm_scene
confirm_scene_of(const struct console *c, const struct console_dialog *d)
{
	const struct runbook *rb = session_runbook(c->session);

	return (struct confirm_scene){.run = run_of(c),
		.step = d->step,
		.leg = d->leg,
		.way = d->way,
		.badge = rb->badge ? rb->badge : rb->environment};
}

/* Of a copy: what stands at both ends, as far as that is known. */
static bool
is_copy(const struct console *c, const struct console_dialog *d)
{
	return run_of(c)->runbook->steps.list.at[d->step].kind == STEP_COPY &&
		d->way == WAY_FORWARD;
}

static int
leg_of(const struct console *c, const struct console_dialog *d)
{
	return d->leg != LEG_ALL ? d->leg : legs_first(run_of(c), d->step, d->way);
}

static void
confirm_draw(struct console *c, struct console_dialog *d,
	void (*draw)(struct form *f, const struct confirm_scene *s, struct now now))
{
	struct confirm_scene s = confirm_scene_of(c, d);
	struct str source = STR_INIT, target = STR_INIT;
	int leg = leg_of(c, d);

	if (is_copy(c, d) && leg != NONE &&
		session_copy_words(c->session, d->step, leg, &source, &target)) {
		s.source = source.buf;
		s.target = target.buf;
	}
	draw(&d->form, &s, clock_now());
	str_release(&source);
	str_release(&target);
}

/* What must be good before is looked at while the words are read, and now and then again. */
static void
look_before(struct console *c, struct console_dialog *d)
{
	struct mono now = clock_mono();

	if (d->way != WAY_FORWARD ||
		(!run_of(c)->steps.list.at[d->step].step->before.list.len &&
			!revised_any_stale(run_of(c), clock_wall())) ||
		(d->looked.ms && now.ms - d->looked.ms < LOOK_EVERY_MS))
		return;
	d->looked = now;
	session_request(c->session, &(struct request){.kind = REQ_LOOK, .step = d->step});
}

void
console_ask_fresh(struct console *c)
{
	struct console_dialog *d = console_dialog_top(c);

	if (!d || d->kind != DIALOG_CONFIRM || !session_idle(c->session))
		return;
	look_before(c, d);
	confirm_draw(c, d, view_confirm_update);
}

void
console_ask_confirm(struct console *c, int step, int leg, enum way way)
{
	struct console_dialog *d = console_dialog_push(c, DIALOG_CONFIRM);

	d->step = step;
	d->leg = leg;
	d->way = way;
	if (is_copy(c, d) && leg_of(c, d) != NONE)
		session_copy_look(c->session, step, leg_of(c, d));
	look_before(c, d);
	confirm_draw(c, d, view_confirm_open);
	console_say(
		c, SCENE_INFO, "Nothing has run. What was typed before was thrown away.");
	console_dialog_opened(c, d);
}

static void
confirm_update(struct console *c, struct console_dialog *d)
{
	confirm_draw(c, d, view_confirm_update);
}

static bool
confirm_pressed(struct console *c, struct console_dialog *d, int button)
{
	struct now now = clock_now();
	bool typed = form_item(&d->form, CONFIRM_PHRASE) != NULL;

	if (button == CONFIRM_SECOND) {
		console_sign_open(c, d->step);
		return false;
	}
	if (button == CONFIRM_RUN) {
		c->awaiting = true;
		ask_engine(c,
			(struct request){.kind = REQ_START,
				.step = d->step,
				.leg = d->leg,
				.way = d->way,
				.typed = typed ? form_field_text(&d->form, CONFIRM_PHRASE)
					       : NULL,
				.shown_ms = now.mono.ms - d->form.opened.ms});
		console_say_no_more(c); /* what runs is said there now */
		/* the way back was the list below this dialog; what runs is of interest now */
		if (d->way == WAY_BACK) {
			scroll_select(&c->run.tree, d->step);
			c->run.moved = true;
		}
	} else {
		console_say(c, SCENE_INFO, "Cancelled: nothing has run.");
	}
	return true;
}

static void
confirm_cancelled(struct console *c, struct console_dialog *d)
{
	(void)d;
	console_say(c, SCENE_INFO, "Cancelled: nothing has run.");
}

/* ---- words of a person ----------------------------------------------------------------- */

void
console_ask_words(struct console *c, struct console_dialog *d, const struct ask_words *w)
{
	view_ask_open(&d->form, w, clock_now());
	console_dialog_opened(c, d);
}

char *
console_ask_title(const struct console *c, int step)
{
	char *title = steptext_title(run_of(c), step);
	char *both = mem_printf(
		"%s  %s", run_of(c)->runbook->steps.list.at[step].number, title);

	mem_free(title);
	return both;
}

static void
need_text_update(struct console *c, struct console_dialog *d)
{
	(void)c;
	view_ask_need_text(&d->form);
}

void
console_ask_skip(struct console *c, int step)
{
	struct console_dialog *d = console_dialog_push(c, DIALOG_SKIP);

	d->step = step;
	view_ask_skip(&d->form, run_of(c), step, clock_now());
	console_dialog_opened(c, d);
}

static bool
skip_pressed(struct console *c, struct console_dialog *d, int button)
{
	const char *why = form_field_text(&d->form, ASK_TEXT);
	int row = form_chosen(&d->form, ASK_LIST);
	int leg = view_ask_skip_leg(run_of(c), d->step, row);

	if (button != ASK_YES)
		return true;
	if (leg != NONE)
		ask_engine(c,
			(struct request){.kind = REQ_LEAVE,
				.step = d->step,
				.leg = leg,
				.reason = why});
	else if (row == SKIP_SKIP)
		ask_engine(c,
			(struct request){
				.kind = REQ_SKIP, .step = d->step, .reason = why});
	else
		ask_engine(c,
			(struct request){.kind = REQ_TICK,
				.step = d->step,
				.reason = why,
				.tick = row == SKIP_NA ? TICK_NA : TICK_BY_HAND});
	return true;
}

void
console_ask_failed(struct console *c, int step)
{
	struct console_dialog *d = console_dialog_push(c, DIALOG_FAILED);
	char *title = console_ask_title(c, step);

	d->step = step;
	console_ask_words(c, d,
		&(struct ask_words){.title = "Mark the step failed",
			.text = title,
			.field = "Reason",
			.yes = "Mark it failed"});
	view_ask_need_text(&d->form);
	mem_free(title);
}

static bool
failed_pressed(struct console *c, struct console_dialog *d, int button)
{
	if (button == ASK_YES)
		ask_engine(c,
			(struct request){.kind = REQ_TICK,
				.step = d->step,
				.tick = TICK_FAILED,
				.reason = form_field_text(&d->form, ASK_TEXT)});
	return true;
}

void
console_ask_tick(struct console *c, int step)
{
	static const char *const wants[] = {
		[EVIDENCE_NOTHING] = "",
		[EVIDENCE_TEXT] = "What shows that it is done? It stands in the record.",
		[EVIDENCE_LINK] = "A link that shows it is done: https://...",
		[EVIDENCE_VALUE] = "The value you measured.",
		[EVIDENCE_FILE] = "The path of a file that shows it is done.",
	};
	struct console_dialog *d = console_dialog_push(c, DIALOG_TICK);
	char *title = console_ask_title(c, step);

	d->step = step;
	console_ask_words(c, d,
		&(struct ask_words){.title = "Tick with evidence",
			.text = title,
			.more = wants[run_of(c)->runbook->steps.list.at[step].evidence],
			.field = "Evidence",
			.yes = "Tick it"});
	view_ask_need_text(&d->form);
	mem_free(title);
}

static bool
tick_pressed(struct console *c, struct console_dialog *d, int button)
{
	if (button != ASK_YES)
		return true;
	if (d->sent)
		return false;
	form_caption(&d->form, NULL);
	d->sent = true; /* first: the refusal may come at once */
	ask_engine(c,
		(struct request){.kind = REQ_TICK,
			.step = d->step,
			.tick = TICK_DONE,
			.evidence = form_field_text(&d->form, ASK_TEXT)});
	return false;
}

/* The words stay in the field until the record has taken them. */
static void
tick_update(struct console *c, struct console_dialog *d)
{
	view_ask_need_text(&d->form);
	d->finished = d->sent && run_settled(&run_of(c)->steps.list.at[d->step]);
}

void
console_ask_note(struct console *c, int step)
{
	struct console_dialog *d = console_dialog_push(c, DIALOG_NOTE);

	d->step = step;
	view_ask_note(
		&d->form, run_of(c), step == SCROLL_NOTHING ? NONE : step, clock_now());
	console_dialog_opened(c, d);
}

static bool
note_pressed(struct console *c, struct console_dialog *d, int button)
{
	int64_t of = view_ask_note_of(&d->form);
	struct str words = STR_INIT;
	bool there = of < 0 || correct_words(run_of(c), of, &words);
	char name[32];

	str_release(&words);
	if (button != ASK_YES)
		return true;
	if (!there) { /* a mark that was taken back meanwhile */
		console_say(c, SCENE_WARNING,
			"record #%lld says nothing any more that can be corrected",
			(long long)of);
		return false;
	}
	snprintf(name, sizeof name, "%lld", (long long)of);
	console_say(c, SCENE_INFO, "The note goes into the record.");
	session_request(c->session,
		&(struct request){.kind = REQ_NOTE,
			.step = d->step,
			.name = of < 0 ? NULL : name,
			.text = form_field_text(&d->form, ASK_TEXT)});
	return true;
}

void
console_ask_hold(struct console *c)
{
	struct console_dialog *d = console_dialog_push(c, DIALOG_HOLD);

	console_ask_words(c, d,
		&(struct ask_words){.title = "Hold the run",
			.text = "Nothing new starts until somebody goes on. What runs goes on.",
			.field = "Reason",
			.yes = "Hold"});
	view_ask_need_text(&d->form);
}

/* What ran and could be led back stands there for good then. */
void
console_ask_end(struct console *c)
{
	const struct run *r = session_run(c->session);
	struct console_dialog *d = console_dialog_push(c, DIALOG_END);
	struct undo_plan plan;
	struct str left = STR_INIT;

	undo_plan(r, &plan);
	if (plan.rows.len) {
		view_back_sum(&plan, &left);
		str_adds(&left,
			". A closed run is not led back any more: Cancel, then b.");
	} else {
		str_adds(&left, "Nothing has run that would have to be taken back.");
	}
	undo_plan_release(&plan);
	console_ask_words(c, d,
		&(struct ask_words){.title = "End the run here, unfinished?",
			.text = "It is closed as stopped, and nobody takes it up again.",
			.more = left.buf,
			.field = "Reason",
			.yes = "End it"});
	view_ask_need_text(&d->form);
	str_release(&left);
}

static bool
end_pressed(struct console *c, struct console_dialog *d, int button)
{
	if (button == ASK_YES)
		session_request(c->session,
			&(struct request){.kind = REQ_CLOSE,
				.step = NONE,
				.text = "stop",
				.reason = form_field_text(&d->form, ASK_TEXT)});
	return true;
}

static bool
hold_pressed(struct console *c, struct console_dialog *d, int button)
{
	if (button == ASK_YES)
		session_request(c->session,
			&(struct request){.kind = REQ_HOLD,
				.step = NONE,
				.reason = form_field_text(&d->form, ASK_TEXT)});
	return true;
}

void
console_ask_resolve(struct console *c, int step)
{
	struct console_dialog *d = console_dialog_push(c, DIALOG_RESOLVE);

	d->step = step;
	d->leg = view_ask_unknown_leg(run_of(c), step, &d->way);
	view_ask_resolve(&d->form, run_of(c), step, d->leg, clock_now());
	console_dialog_opened(c, d);
}

static bool
resolve_pressed(struct console *c, struct console_dialog *d, int button)
{
	if (button == ASK_YES)
		ask_engine(c,
			(struct request){.kind = REQ_RESOLVE,
				.step = d->step,
				.leg = d->leg,
				.way = d->way,
				.as = (enum resolve_as)form_chosen(&d->form, ASK_LIST),
				.evidence = form_field_text(&d->form, ASK_TEXT)});
	return true;
}

void
console_ask_choose(struct console *c, int step)
{
	struct console_dialog *d = console_dialog_push(c, DIALOG_CHOOSE);

	d->step = step;
	view_ask_choose(&d->form, run_of(c), step, clock_now());
	console_dialog_opened(c, d);
}

static bool
choose_pressed(struct console *c, struct console_dialog *d, int button)
{
	int row = form_chosen(&d->form, ASK_LIST);

	if (button == ASK_YES && row != FORM_NO_ID)
		ask_engine(c,
			(struct request){
				.kind = REQ_CHOOSE, .step = d->step, .option = row});
	return true;
}

const struct console_dialog_ops console_ask_ops[DIALOG_KIND_COUNT] = {
	[DIALOG_CONFIRM] = {confirm_update, confirm_pressed, confirm_cancelled},
	[DIALOG_INPUT] = {console_input_update, console_input_pressed,
		console_input_cancelled},
	[DIALOG_REDLINE] = {console_redline_update, console_redline_pressed, NULL},
	[DIALOG_REDLINE_LINES] = {NULL, console_redline_line, NULL},
	[DIALOG_ADDED] = {console_added_update, console_added_pressed, NULL},
	[DIALOG_POSTPONE] = {console_end_update, console_end_pressed, NULL},
	[DIALOG_RELEASE] = {console_end_update, console_end_pressed, NULL},
	[DIALOG_INPUTS] = {NULL, console_inputs_pressed, NULL},
	[DIALOG_SIGN] = {console_sign_update, console_sign_pressed,
		console_sign_cancelled},
	[DIALOG_DECLINE] = {need_text_update, console_sign_declined, NULL},
	[DIALOG_BACK] = {console_back_update, console_back_pressed, NULL},
	[DIALOG_BACK_WORDS] = {console_back_words_update, console_back_words_pressed,
		console_back_words_cancelled},
	[DIALOG_BACK_END] = {need_text_update, console_back_end_pressed, NULL},
	[DIALOG_LEAVE] = {need_text_update, console_back_leave_pressed, NULL},
	[DIALOG_SKIP] = {need_text_update, skip_pressed, NULL},
	[DIALOG_FAILED] = {need_text_update, failed_pressed, NULL},
	[DIALOG_TICK] = {tick_update, tick_pressed, NULL},
	[DIALOG_NOTE] = {need_text_update, note_pressed, NULL},
	[DIALOG_ATTACH] = {need_text_update, console_attach_pressed, NULL},
	[DIALOG_RESOLVE] = {need_text_update, resolve_pressed, NULL},
	[DIALOG_CHOOSE] = {NULL, choose_pressed, NULL},
	[DIALOG_PROMPT] = {NULL, console_talk_prompt_pressed,
		console_talk_prompt_cancelled},
	[DIALOG_HOLD] = {need_text_update, hold_pressed, NULL},
	[DIALOG_END] = {need_text_update, end_pressed, NULL},
	[DIALOG_STOP] = {NULL, console_talk_stop_pressed, NULL},
	[DIALOG_FIND] = {NULL, console_talk_find_pressed, NULL},
	[DIALOG_FILTER] = {NULL, console_talk_filter_pressed, NULL},
	[DIALOG_QUIT] = {NULL, console_talk_quit_pressed, NULL},
	[DIALOG_BOX] = {NULL, console_boxes_act_pressed, NULL},
	[DIALOG_RELOCATE] = {need_text_update, console_talk_relocate_pressed, NULL},
	[DIALOG_MUTE] = {console_mute_update, console_mute_pressed, NULL},
	[DIALOG_EYES] = {NULL, console_eyes_pressed, NULL},
	[DIALOG_ENVIRONMENT] = {NULL, console_home_environment_pressed, NULL},
	[DIALOG_OFFER] = {NULL, console_hand_offer_pressed, NULL},
	[DIALOG_ACCEPT] = {NULL, console_hand_accept_pressed, NULL},
	[DIALOG_TAKE] = {console_hand_take_update, console_hand_take_pressed, NULL},
	[DIALOG_FORCE] = {need_text_update, console_forced, NULL},
	[DIALOG_ARM] = {console_arm_update, console_arm_pressed, NULL},
};
