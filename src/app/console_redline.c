#include "app/consoleinner.h"
#include "base/mem.h"
#include "model/acttext.h"
#include "run/added.h"
#include "run/redline.h"

/* What a step does, edited for this run. */

static const struct run *
run_of(const struct console *c)
{
	return session_run(c->session);
}

static void
edit_part(struct console *c, int step, int part)
{
	struct console_dialog *d = console_dialog_push(c, DIALOG_REDLINE);

	d->step = step;
	d->item = part;
	view_ask_redline(&d->form, run_of(c), step, (size_t)part, clock_now());
	console_dialog_opened(c, d);
}

/* Of one line and nothing else? */
static bool
is_one_line(const struct run *r, int step)
{
	struct acttext_part second;

	return r->runbook->steps.list.at[step].kind == STEP_RUN &&
		acttext_part(STEP_RUN, run_leg_text(r, step, LEG_ALL, WAY_FORWARD), 1,
			&second) &&
		second.more;
}

void
console_redline(struct console *c, int step)
{
	struct console_dialog *d;
	struct err e = ERR_INIT;

	if (step < 0) {
		console_say(c, SCENE_INFO, "no step is marked");
	} else if (!redline_may(run_of(c), step, &e)) {
		console_say(c, SCENE_WARNING, "%s", e.msg);
	} else if (is_one_line(run_of(c), step)) {
		edit_part(c, step, 0);
	} else {
		d = console_dialog_push(c, DIALOG_REDLINE_LINES);
		d->step = step;
		view_ask_redline_lines(&d->form, run_of(c), step, clock_now());
		console_dialog_opened(c, d);
	}
}

bool
console_redline_line(struct console *c, struct console_dialog *d, int button)
{
	int part = form_chosen(&d->form, ASK_LIST);

	if (button == ASK_YES && part != FORM_NO_ID)
		edit_part(c, d->step, part);
	return true;
}

void
console_redline_update(struct console *c, struct console_dialog *d)
{
	struct err e = ERR_INIT;
	char *text;

	/* somebody has begun it meanwhile */
	d->finished = !redline_may(run_of(c), d->step, &e);
	view_ask_redline_update(&d->form, run_of(c), d->step, (size_t)d->item);
	text = view_ask_redline_text(&d->form, run_of(c), d->step, (size_t)d->item);
	if (!session_as_written(c->session, text, &e))
		form_button_off(&d->form, ASK_YES, e.msg);
	mem_free(text);
}

bool
console_redline_pressed(struct console *c, struct console_dialog *d, int button)
{
	char *text;

	if (button != ASK_YES)
		return true;
	text = view_ask_redline_text(&d->form, run_of(c), d->step, (size_t)d->item);
	session_request(c->session,
		&(struct request){.kind = REQ_REDLINE,
			.step = d->step,
			.text = text,
			.reason = form_field_text(&d->form, ASK_MORE)});
	mem_free(text);
	console_say(c, SCENE_WARNING, "Edited for this run; nothing has run.");
	return true;
}

/* ---- a step that is added ------------------------------------------------------------------ */

void
console_added(struct console *c, int after)
{
	struct console_dialog *d;
	struct err e = ERR_INIT;

	if (!added_may(run_of(c), &e)) {
		console_say(c, SCENE_WARNING, "%s", e.msg);
		return;
	}
	d = console_dialog_push(c, DIALOG_ADDED);
	d->step = after;
	view_ask_added(&d->form, run_of(c), after, clock_now());
	console_dialog_opened(c, d);
}

void
console_added_update(struct console *c, struct console_dialog *d)
{
	size_t steps = run_of(c)->steps.list.len;
	struct str data = STR_INIT;
	struct added_words w;
	struct err e = ERR_INIT;

	if (d->sent && steps > (size_t)d->item) {
		d->finished = true;
		console_say(c, SCENE_WARNING,
			"Added to this run; nothing has run. The key {run.next-open} (next open "
			"step) goes to it.");
		return;
	}
	d->finished = !added_may(run_of(c), &e);
	view_ask_added_update(&d->form, run_of(c));
	view_ask_added_words(&d->form, &w);
	added_data(&w, &data);
	if (!session_as_written(c->session, data.buf, &e))
		form_button_off(&d->form, ASK_YES, e.msg);
	str_release(&data);
}

bool
console_added_pressed(struct console *c, struct console_dialog *d, int button)
{
	struct str data = STR_INIT;
	struct added_words w;

	if (button != ASK_YES)
		return true;
	if (d->sent)
		return false;
	d->item = (int)run_of(c)->steps.list.len;
	d->sent = true; /* first: the refusal may come at once */
	view_ask_added_words(&d->form, &w);
	added_data(&w, &data);
	session_request(c->session,
		&(struct request){.kind = REQ_ADD,
			.step = d->step < 0 ? NONE : d->step,
			.data = data.buf,
			.reason = form_field_text(&d->form, ASK_MORE)});
	str_release(&data);
	return false; /* the words stay until the record has taken them */
}
