#include <string.h>

#include "app/consoleinner.h"
#include "base/mem.h"
#include "base/stamp.h"
#include "run/inputs.h"

/* Inputs: asked for one after the other, and changed within the run. */

static const struct run *
run_of(const struct console *c)
{
	return session_run(c->session);
}

/* What is known of an input while it is asked for. */
struct asked_input {
	struct ask_input scene;
	struct str ran, decides, from;
};

static void
last_time(struct console *c, const char *full, struct asked_input *out)
{
	char at[STAMP_BYTES];

	if (!c->former_read)
		former_values(c->o->runs_dir, run_of(c), &c->former);
	c->former_read = true;
	out->scene.given = pairs_get(&c->former.values, full);
	if (!out->scene.given)
		return;
	str_addf(&out->from, "run %s of %.10s", c->former.run + ULID_LEN - 4,
		stamp_wall(c->former.at, at));
	out->scene.from = out->from.buf;
}

static void
asked_input_of(struct console *c, int input, struct asked_input *out)
{
	static const enum ask_choices states[] = {
		[CHOICES_NONE] = ASK_NO_CHOICES,
		[CHOICES_LOOKING] = ASK_LOOKING,
		[CHOICES_READY] = ASK_READY,
		[CHOICES_FAILED] = ASK_FAILED,
	};
	const struct session_choices *ch = session_choices(c->session, input);
	const struct runbook *rb = session_runbook(c->session);
	const struct input *in = &rb->inputs.list.at[input];

	*out = (struct asked_input){
		.ran = STR_INIT, .decides = STR_INIT, .from = STR_INIT};
	inputs_ran_with(run_of(c), input, &out->ran);
	inputs_decides(run_of(c), input, &out->decides);
	out->scene = (struct ask_input){.runbook = rb,
		.input = input,
		.state = states[ch->state],
		.lines = (const char *const *)ch->lines,
		.count = ch->count,
		.why = ch->why,
		.ran = out->ran.buf,
		.decides = out->decides.buf};
	if (in->from == SECRET_NOT) {
		char *full = runbook_full_name(rb, in->scope, in->name);

		out->scene.given = run_value(run_of(c), in->scope, in->name);
		if (!out->scene.given)
			last_time(c, full, out);
		mem_free(full);
	}
	for (size_t i = 0; i < rb->inputs.list.len; i++) {
		bool there = session_has_input(c->session, (int)i);

		out->scene.of += 1;
		out->scene.nth += there;
	}
	out->scene.nth += 1;
}

static void
asked_input_release(struct asked_input *a)
{
	str_release(&a->ran);
	str_release(&a->decides);
	str_release(&a->from);
}

void
console_ask_input(struct console *c, int input)
{
	struct console_dialog *d;
	struct asked_input in;

	if (session_input_comes(c->session, input)) {
		console_say(c, SCENE_INFO, "its value is being recorded");
		return;
	}
	d = console_dialog_push(c, DIALOG_INPUT);
	d->input = input;
	d->item = session_has_input(c->session, input) ? input : NONE;
	session_ask_choices(c->session, input);
	asked_input_of(c, input, &in);
	if (d->item != NONE)
		in.scene.of = 0; /* changed, not asked for in turn */
	view_ask_input(&d->form, &in.scene, clock_now());
	asked_input_release(&in);
	console_dialog_opened(c, d);
}

void
console_input_update(struct console *c, struct console_dialog *d)
{
	struct asked_input in;

	/* somebody else has given it meanwhile */
	if (d->item == NONE && session_has_input(c->session, d->input)) {
		d->finished = true;
		return;
	}
	/* typed keys change no choice */
	if (session_choices(c->session, d->input)->count == d->keys &&
		session_choices(c->session, d->input)->state ==
			(enum session_choices_state)d->leg)
		return;
	d->keys = session_choices(c->session, d->input)->count;
	d->leg = (int)session_choices(c->session, d->input)->state;
	asked_input_of(c, d->input, &in);
	view_ask_input_choices(&d->form, &in.scene);
	asked_input_release(&in);
}

bool
console_input_pressed(struct console *c, struct console_dialog *d, int button)
{
	const struct input *in = &session_runbook(c->session)->inputs.list.at[d->input];
	struct str value = STR_INIT, changed = STR_INIT;
	struct err e = ERR_INIT;
	bool ok;

	if (button != ASK_YES) {
		c->chaining = false;
		c->arm_after = NONE;
		console_say(c, SCENE_INFO, "Not set: a step that needs it asks again.");
		return true;
	}
	view_ask_input_value(&d->form, in, &value);
	inputs_changed(run_of(c), d->input, value.buf, &changed);
	ok = value.len && session_input(c->session, d->input, value.buf, &e);
	if (!value.len)
		console_say(c, SCENE_WARNING, "it is empty");
	else if (!ok)
		console_fault(c, &e);
	else if (changed.len)
		console_say(c, SCENE_WARNING, "%s", changed.buf);
	str_release(&changed);
	if (value.cap)
		mem_wipe(value.buf, value.cap);
	str_release(&value);
	return ok;
}

void
console_input_cancelled(struct console *c, struct console_dialog *d)
{
	console_input_pressed(c, d, ASK_NO);
}

/* Called whenever something changed: asks the next input once the last one is in the
 * record, then arms the step that wanted them. */
void
console_ask_chain(struct console *c)
{
	int input;

	if (c->dialogs.len || c->screen != SCREEN_RUN || !run_of(c)->open ||
		!session_idle(c->session))
		return;
	if (c->chaining) {
		input = console_session_wants(c);
		if (input != NONE) {
			console_ask_input(c, input);
			return;
		}
		c->chaining = false;
	}
	if (c->arm_after != NONE) {
		int step = c->arm_after;

		c->arm_after = NONE;
		console_run_arm(c, step);
	}
}

/* ---- changed within the run -------------------------------------------------------------- */

void
console_inputs(struct console *c)
{
	struct console_dialog *d;

	if (run_of(c)->closed || view_ask_inputs_at(run_of(c), 0) == NONE) {
		console_say(c, SCENE_INFO, "%s",
			run_of(c)->closed ? "the run is closed"
					  : "the runbook has no inputs");
		return;
	}
	d = console_dialog_push(c, DIALOG_INPUTS);
	view_ask_inputs(&d->form, run_of(c), clock_now());
	console_dialog_opened(c, d);
}

bool
console_inputs_pressed(struct console *c, struct console_dialog *d, int button)
{
	int row = form_chosen(&d->form, ASK_LIST);
	int input = row == FORM_NO_ID ? NONE : view_ask_inputs_at(run_of(c), row);
	struct err e = ERR_INIT;

	if (button != ASK_YES || input == NONE)
		return true;
	if (!inputs_may_change(run_of(c), input, &e)) {
		console_fault(c, &e);
		return false;
	}
	console_ask_input(c, input);
	return true;
}
