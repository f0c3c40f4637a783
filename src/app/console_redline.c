#include "app/consoleinner.h"
#include "base/mem.h"
#include "run/redline.h"

/* A command that is edited for this run. */

static const struct run *
run_of(const struct console *c)
{
	return session_run(c->session);
}

static void
edit_line(struct console *c, int step, int line)
{
	struct console_dialog *d = console_dialog_push(c, DIALOG_REDLINE);

	d->step = step;
	d->item = line;
	view_ask_redline(&d->form, run_of(c), step, (size_t)line, clock_now());
	console_dialog_opened(c, d);
}

void
console_redline(struct console *c, int step)
{
	struct str second = STR_INIT;
	struct console_dialog *d;
	struct err e = ERR_INIT;

	if (step < 0) {
		console_say(c, SCENE_INFO, "no step is marked");
	} else if (!redline_may(run_of(c), step, &e)) {
		console_say(c, SCENE_WARNING, "%s", e.msg);
	} else if (!redline_line(run_leg_text(run_of(c), step, LEG_ALL, WAY_FORWARD), 1,
			   &second)) {
		edit_line(c, step, 0);
	} else {
		d = console_dialog_push(c, DIALOG_REDLINE_LINES);
		d->step = step;
		view_ask_redline_lines(&d->form, run_of(c), step, clock_now());
		console_dialog_opened(c, d);
	}
	str_release(&second);
}

bool
console_redline_line(struct console *c, struct console_dialog *d, int button)
{
	int line = form_chosen(&d->form, ASK_LIST);

	if (button == ASK_YES && line != FORM_NO_ID)
		edit_line(c, d->step, line);
	return true;
}

void
console_redline_update(struct console *c, struct console_dialog *d)
{
	struct err e = ERR_INIT;

	/* somebody has begun it meanwhile */
	d->finished = !redline_may(run_of(c), d->step, &e);
	view_ask_redline_update(&d->form, run_of(c), d->step, (size_t)d->item);
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
