#include "app/consoleinner.h"
#include "app/former.h"
#include "base/mem.h"
#include "run/armed.h"
#include "run/timely.h"
#include "view/view_back.h"

/* The way back: its list, the words that begin it, what is left out, its end. */

static const struct run *
run_of(const struct console *c)
{
	return session_run(c->session);
}

static void
plan_now(struct console *c, struct undo_plan *out)
{
	undo_plan(run_of(c), out);
	undo_plan_usual(out, run_of(c), c->usual);
}

void
console_back_open(struct console *c)
{
	struct console_dialog *d;

	/* of the runs before this one; those of its own undos are shown in the record */
	if (!c->usual)
		c->usual = former_times(c->o->runs_dir, run_of(c));
	d = console_dialog_push(c, DIALOG_BACK);
	plan_now(c, &d->plan);
	d->signed_seq = run_of(c)->seq;
	view_back_list(&d->form, run_of(c), &d->plan, clock_now());
	console_dialog_opened(c, d);
}

/* The mark goes on to what can be taken back next, once its own row was. */
static int
next_row(const struct undo_plan *before, const struct undo_plan *now, int row)
{
	if (row < 0 || (size_t)row >= before->rows.len || (size_t)row >= now->rows.len ||
		before->rows.at[row].kind == UNDO_UNDONE ||
		now->rows.at[row].kind != UNDO_UNDONE)
		return row;
	for (size_t i = 0; i < now->rows.len; i++)
		if (now->rows.at[i].kind == UNDO_REVERSIBLE)
			return (int)i;
	return row;
}

void
console_back_update(struct console *c, struct console_dialog *d)
{
	if (d->signed_seq !=
		run_of(c)->seq) { /* the plan is of the record as it is now */
		int row = form_chosen(&d->form, BACK_LIST), focus = d->form.focus;
		struct undo_plan now;
		struct form fresh;

		d->signed_seq = run_of(c)->seq;
		plan_now(c, &now);
		row = next_row(&d->plan, &now, row);
		undo_plan_release(&d->plan);
		d->plan = now;
		view_back_list(&fresh, run_of(c), &d->plan, clock_now());
		if (focus < (int)fresh.items.len)
			fresh.focus = focus;
		form_item(&fresh, BACK_LIST)->scroll.id = row;
		form_release(&d->form);
		d->form = fresh;
	}
	view_back_list_update(&d->form, run_of(c), &d->plan);
}

static void
ask_words(struct console *c)
{
	struct console_dialog *d = console_dialog_push(c, DIALOG_BACK_WORDS);

	plan_now(c, &d->plan);
	view_back_words(&d->form, run_of(c), &d->plan, clock_now());
	console_say(c, SCENE_INFO,
		"Nothing is taken back yet. What was typed before was thrown away.");
	console_dialog_opened(c, d);
}

static void
ask_reason(struct console *c, enum console_dialog_kind kind, const struct undo_row *u)
{
	struct console_dialog *d = console_dialog_push(c, kind);
	char *title = u ? console_ask_title(c, u->step) : NULL;
	char *text = u ? mem_printf("%s on %s", title, u->host) : NULL;

	if (u) {
		d->step = u->step;
		d->leg = u->leg;
		d->way = WAY_BACK;
	}
	console_ask_words(c, d,
		&(struct ask_words){
			.title = u ? "Leave it as it is" : "End the way back half way",
			.text = text,
			.more = u
				? "Its undo is not run. It is listed at sign-off and in the report."
				: "What was taken back stays taken back; the run goes on from "
				  "what stands now.",
			.field = "Reason",
			.yes = u ? "Leave it" : "End it"});
	view_ask_need_text(&d->form);
	mem_free(text);
	mem_free(title);
}

/* Before a dialog and its words, not after them. */
static bool
may_act(struct console *c)
{
	struct wall now = clock_wall();
	struct err e = ERR_INIT;

	if (!timely_now(run_of(c), now, &e))
		console_say(c, SCENE_WARNING, "%s: Esc, then {run.force}", e.msg);
	else if (!armed_now(run_of(c), now, &e))
		console_say(c, SCENE_WARNING, "%s: Esc, then {run.arm}", e.msg);
	else
		return true;
	return false;
}

bool
console_back_pressed(struct console *c, struct console_dialog *d, int button)
{
	int row = form_chosen(&d->form, BACK_LIST);
	struct undo_row u = {.step = NONE};

	if (button == BACK_CLOSE)
		return true;
	if (console_readonly(c)) {
		console_readonly_say(c, "nothing is taken back");
		return false;
	}
	if ((button == BACK_ONE || button == BACK_ALL) && !may_act(c))
		return false;
	if (row != FORM_NO_ID && (size_t)row < d->plan.rows.len)
		u = d->plan.rows.at[row];
	if (button == BACK_ONE && u.step != NONE)
		console_ask_confirm(c, u.step, u.leg, WAY_BACK);
	else if (button == BACK_LEAVE && u.step != NONE)
		ask_reason(c, DIALOG_LEAVE, &u);
	else if (button == BACK_ALL)
		ask_words(c);
	else if (button == BACK_END)
		ask_reason(c, DIALOG_BACK_END, NULL);
	return false; /* the list stays below: there may be more to take back */
}

void
console_back_words_update(struct console *c, struct console_dialog *d)
{
	view_back_words_update(&d->form, run_of(c));
}

bool
console_back_words_pressed(struct console *c, struct console_dialog *d, int button)
{
	struct now now = clock_now();

	if (button != BACK_BEGIN) {
		console_say(c, SCENE_INFO, "Cancelled: nothing is taken back.");
		return true;
	}
	c->awaiting = true;
	session_request(c->session,
		&(struct request){.kind = REQ_BACK,
			.step = NONE,
			.typed = form_field_text(&d->form, BACK_WORDS),
			.shown_ms = now.mono.ms - d->form.opened.ms});
	c->run.moved = false; /* the steps follow what is taken back, and are in sight */
	for (size_t i = 0; i < c->dialogs.len; i++)
		if (c->dialogs.at[i]->kind == DIALOG_BACK)
			c->dialogs.at[i]->finished = true;
	console_say_no_more(c);
	return true;
}

void
console_back_words_cancelled(struct console *c, struct console_dialog *d)
{
	(void)d;
	console_say(c, SCENE_INFO, "Cancelled: nothing is taken back.");
}

bool
console_back_end_pressed(struct console *c, struct console_dialog *d, int button)
{
	if (button == ASK_YES)
		session_request(c->session,
			&(struct request){.kind = REQ_BACK_END,
				.step = NONE,
				.reason = form_field_text(&d->form, ASK_TEXT)});
	return true;
}

bool
console_back_leave_pressed(struct console *c, struct console_dialog *d, int button)
{
	if (button == ASK_YES)
		session_request(c->session,
			&(struct request){.kind = REQ_LEAVE,
				.step = d->step,
				.leg = d->leg,
				.way = d->way,
				.reason = form_field_text(&d->form, ASK_TEXT)});
	return true;
}
