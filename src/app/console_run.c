#include <stdio.h>
#include <string.h>

#include "app/consoleinner.h"
#include "app/onlooker.h"
#include "app/owing.h"
#include "base/mem.h"
#include "base/text.h"
#include "run/armed.h"
#include "run/gate.h"
#include "run/inputs.h"
#include "run/revised.h"
#include "run/second.h"
#include "run/timely.h"
#include "view/steptext.h"

/* The run view: its scene from the session, and what each key asks of the engine. */

/* ---- the scene ------------------------------------------------------------------------- */

struct made {
	struct run_scene scene;
	const char **links;
	struct link_status *status;
	struct reading *live; /* by probe; its words are the session's */
	struct console_follows follows;
};

static bool
link_worth_saying(const struct link_status *ls)
{
	return ls->state != LINK_IDLE && ls->state != LINK_READY &&
		ls->state != LINK_CLOSED;
}

static bool
is_broken(const struct link_status *ls)
{
	return ls->state == LINK_LOST || ls->state == LINK_FAILED;
}

static void
live_readings(struct console *c, struct made *m)
{
	const struct runbook *rb = session_runbook(c->session);
	struct now now = clock_now();

	m->live = mem_array(rb->probes.list.len + 1, sizeof *m->live);
	for (size_t i = 0; i < rb->probes.list.len; i++) {
		const struct session_reading *r = session_reading(c->session, (int)i);

		m->live[i].probe = NONE;
		if (!r)
			continue;
		m->live[i] = (struct reading){.probe = (int)i,
			.verdict = r->verdict,
			.value = (char *)(uintptr_t)r->value,
			.message = r->message[0] ? (char *)(uintptr_t)r->message : NULL,
			.at = {now.wall.ms - (now.mono.ms - r->at.ms)}};
	}
}

static void
make(struct console *c, struct made *m)
{
	const struct runbook *rb = session_runbook(c->session);

	memset(m, 0, sizeof *m);
	m->links = mem_array(rb->targets.list.len + 1, sizeof *m->links);
	m->status = mem_array(rb->targets.list.len + 1, sizeof *m->status);
	for (size_t i = 0; i < rb->targets.list.len; i++) {
		session_link_status(c->session, (int)i, &m->status[i]);
		if (link_worth_saying(&m->status[i]))
			m->links[i] = m->status[i].words;
		m->scene.broken |= is_broken(&m->status[i]);
	}
	live_readings(c, m);
	console_follow_soaks(c, m->live);
	console_follow_legs(c, &m->follows);
	m->scene = (struct run_scene){.run = session_run(c->session),
		.live = m->live,
		.output = &c->ring,
		.links = m->links,
		.follows = m->follows.list.at,
		.follows_len = m->follows.list.len,
		.dir = session_dir(c->session),
		.history = (const char *const *)c->history.list.at,
		.history_len = c->history.list.len,
		.broken = m->scene.broken,
		.signing = session_signing(c->session)};
}

static void
unmake(struct made *m)
{
	mem_free(m->live);
	vec_free(&m->follows.list);
	mem_free(m->links);
	mem_free(m->status);
}

void
console_run_draw(struct console *c, const struct scene *sc)
{
	struct made m;

	make(c, &m);
	view_run_draw(sc, &m.scene, &c->run, &c->frame);
	unmake(&m);
}

void
console_run_can(struct console *c, const struct scene *sc, struct keymap_can *can)
{
	struct made m;

	make(c, &m);
	view_run_can(sc, &m.scene, &c->run, can);
	unmake(&m);
}

static bool
goes_back(const struct run_step *rs)
{
	const struct leg_run *lr = view_run_active_leg(rs);

	for (size_t i = 0; i < rs->legs.list.len; i++)
		if (lr == &rs->legs.list.at[i].way[WAY_BACK])
			return true;
	return false;
}

bool
console_run_words(struct console *c, struct str *out)
{
	const struct run *r = session_run(c->session);
	struct wall now = clock_wall();

	if (!run_busy(r))
		return false;
	for (size_t i = 0; i < r->steps.list.len; i++) {
		struct str timer = STR_INIT;

		if (run_step_state(r, (int)i) == STEP_IS_RUNNING &&
			r->steps.list.at[i].step->kind != STEP_SECTION &&
			r->steps.list.at[i].step->kind != STEP_CALL &&
			view_run_timer(r, (int)i, now, &timer))
			str_addf(out, "%s%s %s %s", out->len ? ", " : "",
				r->steps.list.at[i].step->number,
				console_follow_lost(c, (int)i)
					? "was running when last heard,"
					: goes_back(&r->steps.list.at[i])
					? "is being taken back,"
					: "is running",
				timer.buf);
		str_release(&timer);
	}
	if (!out->len)
		str_adds(out, "something is running");
	str_adds(out, ". ");
	keymap_first_text(&c->keys, ACTION_STOP, c->frame.ascii, out);
	str_adds(out, " asks before it stops anything.");
	return true;
}

/* A timeout stops nothing by itself: a person is told, once. */
void
console_run_tell_late(struct console *c)
{
	const struct run *r = session_run(c->session);
	struct wall now = clock_wall();

	for (size_t i = 0; i < r->steps.list.len; i++) {
		if (!run_late(r, (int)i, now))
			continue;
		if (c->late_told != (int)i) {
			console_say(c, SCENE_WARNING,
				"%s is LATE. It goes on until you decide: {run.stop} asks to stop it.",
				r->steps.list.at[i].step->number);
			console_attend(c);
		}
		c->late_told = (int)i;
		return;
	}
	c->late_told = NONE;
}

bool
console_run_find_output(struct console *c, bool forward)
{
	struct made m;
	bool found;

	make(c, &m);
	found = view_run_find_output(&m.scene, &c->run, c->find, forward);
	unmake(&m);
	return found;
}

/* ---- acting ---------------------------------------------------------------------------- */

static const struct run *
run_of(const struct console *c)
{
	return session_run(c->session);
}

static void
ask_engine(struct console *c, struct request q)
{
	session_request(c->session, &q);
}

static bool
step_names(const struct runbook *rb, const struct step *s, const struct input *in)
{
	if (inputs_named(s->text, in->name) || inputs_named(s->undo.text, in->name) ||
		inputs_named(s->confirm, in->name))
		return true;
	for (size_t i = 0; i < s->probes.list.len; i++)
		if (inputs_named(
			    rb->probes.list.at[s->probes.list.at[i]].subject, in->name))
			return true;
	return false;
}

/* An input that the step names anywhere and that is not there: for a secret that means in
 * this console. */
static int
missing_input(const struct console *c, int step)
{
	const struct runbook *rb = session_runbook(c->session);
	const struct step *s = &rb->steps.list.at[step];

	for (size_t i = 0; i < rb->inputs.list.len; i++) {
		const struct input *in = &rb->inputs.list.at[i];

		if (in->scope == s->scope && !session_has_input(c->session, (int)i) &&
			step_names(rb, s, in))
			return (int)i;
	}
	return NONE;
}

/* What the step lacks is asked first; the step is armed when it is there. */
static bool
lacks_input(struct console *c, int step)
{
	int input = run_missing_input(run_of(c), step);

	if (input == NONE)
		input = missing_input(c, step);
	if (input == NONE)
		return false;
	c->arm_after = step;
	console_ask_input(c, input);
	return true;
}

static bool
gate_or_say(struct console *c, enum act act, int step)
{
	struct err e = ERR_INIT;

	if (gate_allows(run_of(c), act, step, &e))
		return true;
	console_say(c, SCENE_WARNING, "%s", e.msg);
	return false;
}

/* The engine looks before it does what was asked for, which is asked for again then. */
static void
say_stale(struct console *c, const char *then)
{
	if (revised_any_stale(run_of(c), clock_wall()))
		console_say(c, SCENE_INFO,
			"Looking once more at what changed: if that still holds, %s.",
			then);
}

void
console_run_arm(struct console *c, int step)
{
	const struct run *r = run_of(c);
	const struct step *s = &r->runbook->steps.list.at[step];

	struct err e = ERR_INIT;

	if (!gate_or_say(c, ACT_START, step) || lacks_input(c, step))
		return;
	if (!timely_allows(r, step, WAY_FORWARD, clock_wall(), &e)) {
		console_say(c, SCENE_WARNING, "%s: {run.force}", e.msg);
		return;
	}
	if (!armed_allows(r, step, WAY_FORWARD, clock_wall(), &e)) {
		console_say(c, SCENE_WARNING, "%s: {run.arm}", e.msg);
		return;
	}
	if (step_kind_acts(s->kind) && run_leg_risk(r, step, WAY_FORWARD) != RISK_NONE) {
		console_ask_confirm(c, step, LEG_ALL, WAY_FORWARD);
		return;
	}
	say_stale(c, "it can start");
	ask_engine(c, (struct request){.kind = REQ_START, .step = step, .leg = LEG_ALL});
	c->run.moved = false;
}

/* A command or a probe proves itself: nobody says that it is done, or that it failed. */
static bool
is_by_hand(struct console *c, int step)
{
	const struct step *s = &run_of(c)->runbook->steps.list.at[step];

	if (s->kind == STEP_DO || view_run_was_watched(run_of(c), step))
		return true;
	console_say(c, SCENE_INFO,
		s->kind == STEP_WATCH
			? "%s: nobody has looked at it yet: {run.act} opens it"
			: "%s is not ticked by hand; {run.skip} has the ways round it",
		s->number);
	return false;
}

static void
tick(struct console *c, int step)
{
	const struct step *s = &run_of(c)->runbook->steps.list.at[step];

	if (!is_by_hand(c, step) || !gate_or_say(c, ACT_TICK, step))
		return;
	if (s->evidence != EVIDENCE_NOTHING) {
		console_ask_tick(c, step);
		return;
	}
	ask_engine(
		c, (struct request){.kind = REQ_TICK, .step = step, .tick = TICK_DONE});
	c->run.moved = false;
}

static void
act_on_step(struct console *c, int step)
{
	struct err e = ERR_INIT;

	if (gate_allows(run_of(c), ACT_RESOLVE, step, &e)) {
		console_ask_resolve(c, step);
		return;
	}
	switch (run_of(c)->runbook->steps.list.at[step].kind) {
	case STEP_RUN:
	case STEP_SQL:
	case STEP_HTTP:
	case STEP_COPY:
	case STEP_CHECK:
	case STEP_SOAK:
	case STEP_WATCH:
	case STEP_WAIT:
	case STEP_SCHEDULE:
		console_run_arm(c, step);
		break;
	case STEP_NOTIFY:
		(run_of(c)->runbook->notifies ? console_run_arm : tick)(c, step);
		break;
	case STEP_DO:
		tick(c, step);
		break;
	case STEP_CHOOSE:
		if (gate_or_say(c, ACT_CHOOSE, step))
			console_ask_choose(c, step);
		break;
	case STEP_ASK:
		if (gate_or_say(c, ACT_ANSWER, step))
			console_ask_input(
				c, run_of(c)->runbook->steps.list.at[step].input);
		break;
	case STEP_SIGNOFF:
		if (console_sign_looks(c, step))
			break;
		if (gate_or_say(c, ACT_SIGN, step))
			console_sign_open(c, step);
		break;
	default:
		console_say(c, SCENE_INFO, "this is a heading: mark one of its steps");
	}
}

static void
act(struct console *c)
{
	const struct run *r = run_of(c);
	struct err e = ERR_INIT;
	int step = c->run.tree.id;

	if (console_boxes_return(c)) {
		console_say(c, SCENE_INFO, "Back in run %s, which waited.",
			run_of(c)->id + ULID_LEN - 4);
	} else if (r->closed) {
		console_home_open(c);
		console_say(c, SCENE_INFO, "Run %s is closed. {screen.run} shows it.",
			r->id + ULID_LEN - 4);
	} else if (console_readonly(c)) {
		console_readonly_say(c, "nothing is done");
	} else if (!r->open) {
		console_say(c, SCENE_INFO, "the record is being opened");
	} else if (gate_allows(r, ACT_CLOSE, NONE, &e)) {
		say_stale(c, "the run can be closed");
		owing_close(c->session, c->o->runs_dir);
	} else if (step == SCROLL_NOTHING) {
		console_say(c, SCENE_INFO, "no step is marked");
	} else {
		act_on_step(c, step);
	}
}

static void
hint(struct console *c)
{
	const char *says = console_readonly(c) ? NULL
					       : session_hint(c->session, c->run.tree.id);

	console_say(c, SCENE_INFO, "%s",
		says ? says
			: session_practises(c->session)
			? "there is no other hint here"
			: "hints are given in practice only");
}

static void
hold(struct console *c)
{
	if (run_of(c)->held)
		ask_engine(c, (struct request){.kind = REQ_GO, .step = NONE});
	else if (gate_or_say(c, ACT_HOLD, NONE))
		console_ask_hold(c);
}

static void
recheck(struct console *c, int step)
{
	if (session_reconnect(c->session))
		console_say(c, SCENE_INFO, "Connecting again now.");
	else if (!step_kind_looks(run_of(c)->runbook->steps.list.at[step].kind))
		console_say(c, SCENE_INFO, "this step has no checks");
	else if (gate_or_say(c, ACT_START, step))
		console_ask_confirm(c, step, LEG_ALL, WAY_FORWARD);
}

static void
untick(struct console *c, int step)
{
	if (!gate_or_say(c, ACT_UNTICK, step))
		return;
	ask_engine(c, (struct request){.kind = REQ_UNTICK, .step = step});
	console_say(c, SCENE_INFO, "The mark of %s is taken back; the record keeps both.",
		run_of(c)->runbook->steps.list.at[step].number);
}

/* Some of its hosts can be left out, whatever the step as a whole allows. */
static bool
leaves_host_out(const struct run *r, int step)
{
	struct err e = ERR_INIT;

	return gate_allows(r, ACT_LEAVE, step, &e) &&
		view_ask_skip_leg(r, step, SKIP_BY_HAND + 1) != NONE;
}

/* Keys that say something about the marked step; false: another key. */
static bool
do_to_step(struct console *c, enum action a)
{
	int step = c->run.tree.id;
	bool mine = a == ACTION_RUN_TICK || a == ACTION_RUN_SKIP ||
		a == ACTION_RUN_FAILED || a == ACTION_RUN_UNTICK ||
		a == ACTION_RUN_RECHECK;

	if (!mine)
		return false;
	if (console_readonly(c))
		console_readonly_say(c, "nothing is recorded");
	else if (step == SCROLL_NOTHING)
		console_say(c, SCENE_INFO, "no step is marked");
	else if (a == ACTION_RUN_TICK)
		tick(c, step);
	else if (a == ACTION_RUN_SKIP &&
		(leaves_host_out(run_of(c), step) || gate_or_say(c, ACT_SKIP, step)))
		console_ask_skip(c, step);
	else if (a == ACTION_RUN_FAILED && is_by_hand(c, step) &&
		gate_or_say(c, ACT_TICK, step))
		console_ask_failed(c, step);
	else if (a == ACTION_RUN_UNTICK)
		untick(c, step);
	else if (a == ACTION_RUN_RECHECK)
		recheck(c, step);
	return true;
}

/* What an onlooker may ask the driver for. */
static bool
may_from_outside(const struct console *c, enum action a)
{
	return session_onlooking(c->session) && !args_has(c->o->args, OPT_READONLY) &&
		(a == ACTION_RUN_NOTE || a == ACTION_RUN_HOLD || a == ACTION_RUN_SIGN);
}

bool
console_run_do(struct console *c, enum action a)
{
	if (console_panes_do(c, a) || do_to_step(c, a))
		return true;
	switch (a) {
	case ACTION_RUN_ACT:
		act(c);
		return true;
	case ACTION_RUN_BACK:
		console_back_open(c);
		return true;
	case ACTION_LEARN:
		console_learn_open(c, run_of(c)->runbook, c->run.tree.id);
		return true;
	case ACTION_RUN_HINT:
		hint(c);
		return true;
	case ACTION_RUN_HAND:
		if (args_has(c->o->args, OPT_READONLY))
			console_readonly_say(c, "nothing is recorded");
		else
			console_hand_do(c);
		return true;
	case ACTION_RUN_NOTE:
	case ACTION_RUN_SIGN:
	case ACTION_RUN_HOLD:
	case ACTION_RUN_END:
	case ACTION_RUN_FORCE:
	case ACTION_RUN_ARM:
	case ACTION_RUN_INPUTS:
	case ACTION_RUN_EDIT:
	case ACTION_RUN_ADD:
	case ACTION_RUN_RELOCATE:
		if (console_readonly(c) && !may_from_outside(c, a))
			console_readonly_say(c, "nothing is recorded");
		else if (a == ACTION_RUN_NOTE && gate_or_say(c, ACT_NOTE, NONE))
			console_ask_note(c, c->run.tree.id);
		else if (a == ACTION_RUN_SIGN)
			console_sign_waiting(c);
		else if (a == ACTION_RUN_HOLD)
			hold(c);
		else if (a == ACTION_RUN_END && gate_or_say(c, ACT_END, NONE))
			console_ask_end(c);
		else if (a == ACTION_RUN_FORCE)
			console_force(c);
		else if (a == ACTION_RUN_ARM)
			console_arm(c);
		else if (a == ACTION_RUN_INPUTS)
			console_inputs(c);
		else if (a == ACTION_RUN_EDIT)
			console_redline(c, c->run.tree.id);
		else if (a == ACTION_RUN_ADD)
			console_added(c, c->run.tree.id);
		else if (a == ACTION_RUN_RELOCATE)
			console_ask_relocate(c);
		return true;
	default:
		return false;
	}
}
