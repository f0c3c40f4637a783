#include <string.h>

#include "app/cmd.h"
#include "app/consoleinner.h"
#include "app/elsewhere.h"
#include "app/onlooker.h"
#include "app/outside.h"
#include "base/mem.h"
#include "run/drive.h"
#include "view/view_hand.h"

/* Two consoles at one run: looking on, offering, taking. What turns the loop happens between
 * two of its turns, in console_hand_turn. */

enum { RELEASE_MS = 10000, SHORT_ID = 4, TAKE_TRIES = 5 };

static const struct run *
run_of(const struct console *c)
{
	return session_run(c->session);
}

static void
offer(struct console *c)
{
	struct console_dialog *d;
	struct str names = STR_INIT;
	struct err e = ERR_INIT;

	if (!gate_allows(run_of(c), ACT_OFFER, NONE, &e)) {
		console_say(c, SCENE_WARNING, "%s", e.msg);
		return;
	}
	d = console_dialog_push(c, DIALOG_OFFER);
	session_onlookers(c->session, &names);
	view_hand_offer(&d->form, run_of(c), names.buf, clock_now());
	console_dialog_opened(c, d);
	str_release(&names);
}

bool
console_hand_offer_pressed(struct console *c, struct console_dialog *d, int button)
{
	const char *to = form_item(&d->form, HAND_TO) ? form_field_text(&d->form, HAND_TO)
						      : "";
	struct err e = ERR_INIT;

	if (button == HAND_YES && !session_offer(c->session, *to ? to : NULL, &e))
		console_fault(c, &e);
	else if (button == HAND_BACK)
		session_request(
			c->session, &(struct request){.kind = REQ_OFFER, .step = NONE});
	return true;
}

/* The same of a run at another machine. */
static void
take_far(struct console *c, struct onlooker *o)
{
	const struct run *r = run_of(c);
	bool nobody = onlooker_has_left(o);
	struct str words = STR_INIT;
	struct console_dialog *d;
	struct err e = ERR_INIT;

	if (r->closed) {
		console_say(c, SCENE_INFO, "the run is closed");
	} else if (nobody && drive_may_take(r, session_who(c->session), NULL, &e)) {
		c->hand = CONSOLE_TAKE;
	} else if (!nobody && onlooker_state(o) == ONLOOKER_LIVE &&
		drive_may_accept(r, session_who(c->session), &e)) {
		d = console_dialog_push(c, DIALOG_ACCEPT);
		view_hand_accept(&d->form, r, clock_now());
		console_dialog_opened(c, d);
	} else {
		d = console_dialog_push(c, DIALOG_TAKE);
		onlooker_words(o, &words);
		if (nobody)
			view_hand_force(&d->form, r, NULL, clock_now());
		else
			view_hand_force_far(&d->form, r, words.buf, clock_now());
		console_dialog_opened(c, d);
		str_release(&words);
	}
}

/* The offer is for us, or nobody asked for anything else. */
static void
accept_or_force(struct console *c)
{
	struct onlooker *o = session_onlooker(c->session);
	const char *dir = onlooker_dir(o);
	struct str holder = STR_INIT;
	struct console_dialog *d;
	struct err e = ERR_INIT;

	if (onlooker_is_far(o)) {
		take_far(c, o);
	} else if (!dir) {
		console_say(c, SCENE_WARNING,
			"the record is another account's: who goes on logs in as that one, "
			"and there: handrail take-over %s",
			run_of(c)->id + ULID_LEN - SHORT_ID);
	} else if (run_of(c)->closed) {
		console_say(c, SCENE_INFO, "the run is closed");
	} else if (!outside_holder(dir, &holder)) {
		if (drive_may_take(run_of(c), session_who(c->session), NULL, &e)) {
			c->hand = CONSOLE_TAKE;
		} else {
			d = console_dialog_push(c, DIALOG_TAKE);
			view_hand_force(&d->form, run_of(c), NULL, clock_now());
			console_dialog_opened(c, d);
		}
	} else if (onlooker_state(o) == ONLOOKER_LIVE &&
		drive_may_accept(run_of(c), session_who(c->session), &e)) {
		d = console_dialog_push(c, DIALOG_ACCEPT);
		view_hand_accept(&d->form, run_of(c), clock_now());
		console_dialog_opened(c, d);
	} else {
		d = console_dialog_push(c, DIALOG_TAKE);
		view_hand_force(&d->form, run_of(c), holder.buf, clock_now());
		console_dialog_opened(c, d);
	}
	str_release(&holder);
}

bool
console_hand_accept_pressed(struct console *c, struct console_dialog *d, int button)
{
	(void)d;
	if (button != HAND_YES)
		return true;
	c->hand = CONSOLE_WAIT_RELEASE;
	session_request(c->session, &(struct request){.kind = REQ_YIELD, .step = NONE});
	return true;
}

void
console_hand_take_update(struct console *c, struct console_dialog *d)
{
	view_hand_force_update(&d->form, run_of(c));
}

bool
console_hand_take_pressed(struct console *c, struct console_dialog *d, int button)
{
	(void)d;
	if (button == HAND_YES)
		c->hand = CONSOLE_FORCE;
	else
		console_say(c, SCENE_INFO, "Cancelled: nobody was ended.");
	return true;
}

void
console_hand_do(struct console *c)
{
	if (session_onlooking(c->session))
		accept_or_force(c);
	else
		offer(c);
}

/* ---- between two turns ------------------------------------------------------------------- */

bool
console_hand_look_on(struct console *c, struct onlooker *take)
{
	console_session_onlook(c, take);
	console_say(c, SCENE_INFO,
		"You look on. {run.hold} holds the run, {run.note} adds a note%s",
		onlooker_dir(take) || onlooker_is_far(take) ? ", {run.hand} takes over."
							    : ".");
	return true;
}

void
console_hand_look_on_dir(struct console *c, const char *dir)
{
	mem_free(c->hand_dir);
	c->hand_dir = mem_strdup(dir);
	c->hand = CONSOLE_LOOK_ON;
}

void
console_hand_look_on_far(struct console *c, const char *id)
{
	mem_free(c->hand_dir);
	c->hand_dir = mem_strdup(id);
	c->hand = CONSOLE_LOOK_ON_FAR;
}

/* Of ours, by its folder; of a colleague, by the socket of its console. */
static bool
look_on_now(struct console *c, const char *dir, enum console_hand what, struct err *e)
{
	struct onlooker *o = what == CONSOLE_LOOK_ON
		? onlooker_new(c->o->loop, dir, file_base(dir), c->o->project, e)
		: onlooker_new(c->o->loop, NULL, dir, NULL, e);

	return o && console_hand_look_on(c, o);
}

static void
take_up(struct console *c, const char *dir, const char *typed)
{
	struct err e = ERR_INIT;

	if (console_session_take(c, dir, typed, &e)) {
		console_say(c, SCENE_WARNING,
			"You drive the run now. Nothing goes on by itself: {run.act} acts.");
		return;
	}
	console_fault(c, &e);
	console_home_open(c);
}

static void
force(struct console *c, const char *dir)
{
	struct onlooker *o = session_onlooker(c->session);
	struct err e = ERR_INIT, none = ERR_INIT;
	char *phrase = drive_phrase(run_of(c)); /* it was typed in the dialog */

	if (onlooker_state(o) == ONLOOKER_LIVE && onlooker_taking(o, &none))
		loop_turn(c->o->loop, 50);
	console_say(c, SCENE_WARNING, "The other console is being ended...");
	if (outside_end(c->o->loop, dir, &e))
		take_up(c, dir, phrase);
	else
		console_fault(c, &e);
	mem_free(phrase);
}

/* Fetched, and the lease of it in the store; the folder, or NULL. What another machine wrote
 * meanwhile is fetched, too. */
static char *
fetch_far(struct console *c, const char *run, bool force, struct err *e)
{
	struct cmd cmd = {.args = c->o->args,
		.loop = c->o->loop,
		.project = (struct project *)(uintptr_t)c->o->project,
		.runs_dir = (char *)(uintptr_t)c->o->runs_dir};
	struct elsewhere w;
	struct str unsure = STR_INIT;
	char *dir = NULL, *fetched;
	bool again = elsewhere_find(&cmd, run, NULL, &w, &unsure, e);

	if (!again && e->kind == ERR_NONE)
		err_set(e, ERR_STATE, "the store does not know the run any more");
	if (again && !force && !w.left)
		again = err_set(e, ERR_BUSY, "%s drives the run now", w.who);
	for (int i = 0; i < TAKE_TRIES && again && !dir; i++) {
		*e = ERR_INIT;
		again = false;
		fetched = elsewhere_fetch(&cmd, &w, e);
		if (fetched)
			dir = elsewhere_take(&cmd, &w, fetched, &again, e);
	}
	str_release(&unsure);
	elsewhere_release(&w);
	return dir;
}

static void
take_up_far(struct console *c, bool force)
{
	char *run = mem_strdup(run_of(c)->id);
	char *phrase = force ? drive_phrase(run_of(c)) : NULL; /* it was typed */
	struct err e = ERR_INIT;
	char *dir;

	console_say(c, SCENE_WARNING, "The record is being fetched...");
	dir = fetch_far(c, run, force, &e);
	if (dir)
		take_up(c, dir, phrase);
	else
		console_fault(c, &e);
	mem_free(dir);
	mem_free(phrase);
	mem_free(run);
}

/* The run we drove is somebody else's: from here on we look on. */
static void
let_go(struct console *c)
{
	char *dir = mem_strdup(session_dir(c->session));
	char *to = mem_strdup(run_of(c)->released_to);
	bool fenced = session_is_fenced(c->session);
	char *why = fenced ? mem_strdup(c->message) : NULL;
	struct err e = ERR_INIT;

	console_dialog_close_all(c);
	console_session_close(c);
	c->screen = SCREEN_HOME;
	console_session_sweep(c); /* its lock is free now */
	if (look_on_now(c, dir, CONSOLE_LOOK_ON, &e) && fenced)
		console_say(c, SCENE_ERROR, "%s", why ? why : "no longer the driver");
	else if (c->session)
		console_say(c, SCENE_WARNING, "The run is %s's now. You look on.",
			to ? to : "somebody else");
	else
		console_fault(c, &e);
	if (!c->session)
		console_home_open(c);
	mem_free(why);
	mem_free(to);
	mem_free(dir);
}

void
console_hand_turn(struct console *c)
{
	enum console_hand what = c->hand;
	const struct run *r = c->session ? run_of(c) : NULL;
	struct err e = ERR_INIT;
	bool far;
	char *dir;

	if (what == CONSOLE_LOOK_ON || what == CONSOLE_LOOK_ON_FAR) {
		c->hand = CONSOLE_NO_HAND;
		if (!look_on_now(c, c->hand_dir, what, &e))
			console_fault(c, &e);
		return;
	}
	if (!r)
		return;
	if (!session_onlooking(c->session)) {
		if (session_has_let_go(c->session))
			let_go(c);
		return;
	}
	if (what == CONSOLE_NO_HAND || (what == CONSOLE_WAIT_RELEASE && !r->released))
		return;
	far = onlooker_is_far(session_onlooker(c->session));
	if (far && what == CONSOLE_WAIT_RELEASE &&
		!onlooker_has_left(session_onlooker(c->session)))
		return;
	c->hand = CONSOLE_NO_HAND;
	if (far) {
		take_up_far(c, what == CONSOLE_FORCE);
		return;
	}
	dir = mem_strdup(session_dir(c->session));
	if (what == CONSOLE_FORCE)
		force(c, dir);
	else if (what == CONSOLE_WAIT_RELEASE &&
		!drive_may_take(r, session_who(c->session), NULL, &e))
		console_fault(c, &e); /* somebody else was quicker */
	else if (what == CONSOLE_TAKE ||
		outside_wait_free(c->o->loop, dir, RELEASE_MS, &e))
		take_up(c, dir, NULL);
	else
		console_fault(c, &e);
	mem_free(dir);
}

/* What another one did is told aloud: a hold, a note, an offer. */
void
console_hand_tell(struct console *c, const struct event *ev)
{
	const struct run *r = run_of(c);
	bool me = str_eq(ev->who, session_who(c->session)) &&
		!session_onlooking(c->session);
	bool mine = r->offer.stands &&
		(!r->offer.to || str_eq(r->offer.to, session_who(c->session)));

	if (ev->type == EVENT_DRIVER_OFFER && r->offer.stands &&
		session_onlooking(c->session) && mine)
		console_say(c, SCENE_WARNING,
			"%s offers you the run: {run.hand} shows what stands", ev->who);
	else if (ev->type == EVENT_DRIVER_OFFER)
		console_say(c, SCENE_INFO, "%s",
			!r->offer.stands ? "The run is no longer offered."
					 : "The run is offered. You drive it until it is "
					   "taken.");
	else if (ev->type == EVENT_DRIVER_TAKE && session_onlooking(c->session))
		console_say(c, SCENE_WARNING, "%s drives the run now.", ev->who);
	else if (me && ev->type == EVENT_RUN_GO)
		console_say(c, SCENE_INFO, "The run goes on.");
	else if (me)
		return;
	else if (ev->type == EVENT_RUN_HOLD)
		console_say(c, SCENE_WARNING, "%s HOLDS the run%s%s", ev->who,
			r->hold_reason ? ": " : "", r->hold_reason ? r->hold_reason : "");
	else if (ev->type == EVENT_RUN_GO)
		console_say(c, SCENE_INFO, "%s lets the run go on.", ev->who);
	else if (ev->type == EVENT_NOTE && r->notes.list.len)
		console_say(c, SCENE_INFO, "Note by %s: %s", ev->who,
			r->notes.list.at[r->notes.list.len - 1].text);
	else
		return;
	if (ev->type != EVENT_NOTE)
		console_attend(c);
}
