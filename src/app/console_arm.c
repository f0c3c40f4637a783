#include <string.h>

#include "app/consoleinner.h"
#include "run/armed.h"
#include "run/force.h"

/* What stands before an act in production: the run is armed, or a gate is passed by force. */

enum { MINUTE_MS = 60 * 1000 };

static const struct run *
run_of(const struct console *c)
{
	return session_run(c->session);
}

/* ---- arming ------------------------------------------------------------------------------ */

const char *
console_arm_words(const struct console *c, struct str *out)
{
	struct wall now = clock_wall();
	struct armed a = armed_of(run_of(c), now);
	int64_t left = a.until.ms - now.ms;

	if (!a.needed || !run_of(c)->open)
		return NULL;
	if (!a.on)
		str_adds(out, "OBSERVING");
	else if (left > 0)
		str_addf(out, "ARMED %dm", (int)((left + MINUTE_MS - 1) / MINUTE_MS));
	else
		str_adds(out, "ARMED");
	return out->buf;
}

static struct ask_arm
scene_of(const struct console *c)
{
	const struct runbook *rb = session_runbook(c->session);

	return (struct ask_arm){.run = run_of(c),
		.badge = rb->badge ? rb->badge : rb->environment,
		.who = session_who(c->session)};
}

void
console_arm(struct console *c)
{
	struct armed a = armed_of(run_of(c), clock_wall());
	struct ask_arm scene = scene_of(c);

	if (!a.needed) {
		console_say(c, SCENE_INFO,
			"only a run in production is armed; this one can act");
	} else if (a.on) {
		session_request(c->session,
			&(struct request){.kind = REQ_ARM, .step = NONE, .text = "off"});
	} else {
		struct console_dialog *d = console_dialog_push(c, DIALOG_ARM);

		view_ask_arm(&d->form, &scene, clock_now());
		console_dialog_opened(c, d);
	}
}

void
console_arm_update(struct console *c, struct console_dialog *d)
{
	struct ask_arm scene = scene_of(c);

	view_ask_arm_update(&d->form, &scene);
}

bool
console_arm_pressed(struct console *c, struct console_dialog *d, int button)
{
	if (button != ASK_YES) {
		console_say(c, SCENE_INFO, "It observes: nothing acts.");
		return true;
	}
	session_request(c->session,
		&(struct request){.kind = REQ_ARM,
			.step = NONE,
			.typed = form_field_text(&d->form, ASK_TEXT),
			.shown_ms = clock_mono().ms - d->form.opened.ms});
	return true;
}

/* Said when it is on record, and not before. */
void
console_arm_tell(struct console *c, const struct event *ev)
{
	if (ev->type != EVENT_RUN_ARM || session_onlooking(c->session))
		return;
	if (armed_of(run_of(c), clock_wall()).on)
		console_say(c, SCENE_WARNING,
			"ARMED: this run may act in %s. {run.arm} ends that.",
			armed_phrase(run_of(c)));
	else
		console_say(c, SCENE_INFO, "%s",
			run_busy(run_of(c))
				? "It observes again: nothing new starts. What runs goes on; Ctrl-C stops it."
				: "It observes again: nothing acts.");
}

/* ---- break-glass ------------------------------------------------------------------------- */

void
console_force(struct console *c)
{
	struct err words = ERR_INIT;
	const char *gate = force_gate(
		run_of(c), c->run.tree.id, session_who(c->session), clock_wall(), &words);
	struct console_dialog *d;

	if (!gate) {
		console_say(
			c, SCENE_INFO, "no gate is shut that could be passed by force");
		return;
	}
	d = console_dialog_push(c, DIALOG_FORCE);
	d->step = c->run.tree.id;
	console_ask_words(c, d,
		&(struct ask_words){.title = "Break-glass",
			.text = words.msg,
			.more = "Whoever signs this run sees that it was passed, and a "
				"review of it is owed within a day.",
			.field = "Reason",
			.second = "Ticket, if there is one",
			.yes = "Pass it by force"});
	view_ask_need_text(&d->form);
}

bool
console_forced(struct console *c, struct console_dialog *d, int button)
{
	struct err words = ERR_INIT;
	const char *gate = force_gate(
		run_of(c), d->step, session_who(c->session), clock_wall(), &words);

	if (button != ASK_YES || !gate)
		return true;
	console_say(c, SCENE_WARNING, "%s", force_lasts(gate));
	session_request(c->session,
		&(struct request){.kind = REQ_BREAKGLASS,
			.step = d->step,
			.name = gate,
			.reason = form_field_text(&d->form, ASK_TEXT),
			.text = form_field_text(&d->form, ASK_MORE)});
	return true;
}
