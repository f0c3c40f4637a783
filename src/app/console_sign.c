#include <string.h>

#include "app/consoleinner.h"
#include "base/mem.h"
#include "run/revised.h"
#include "run/second.h"
#include "view/view_sign.h"

/*
 * The sign-off dialog. The statement is frozen again whenever the key, the comment or the
 * record changed; what is signed is always what stands on the screen.
 */

struct keys_made {
	struct sign_scene_key *keys;
	struct sign_scene scene;
};

static void
make(struct console *c, struct console_dialog *d, struct keys_made *m)
{
	const struct sign_keys *keys = session_keys(c->session);
	size_t n = keys ? keys->list.len : 0;

	m->keys = mem_array(n + 1, sizeof *m->keys);
	for (size_t i = 0; i < n; i++) {
		const struct sign_key *k = &keys->list.at[i];

		m->keys[i] = (struct sign_scene_key){
			k->name, k->fingerprint, k->principal, k->from_agent};
	}
	m->scene = (struct sign_scene){.run = session_run(c->session),
		.step = d->step,
		.keys = m->keys,
		.keys_len = n,
		.listing = !keys,
		.statement = d->statement,
		.why = d->why,
		.signing = session_signing(c->session)};
}

static void
freeze(struct console *c, struct console_dialog *d)
{
	struct str text = STR_INIT;
	struct err e = ERR_INIT;
	int key = form_chosen(&d->form, SIGN_KEY);
	const char *comment = form_field_text(&d->form, SIGN_COMMENT);
	int64_t seq = session_run(c->session)->seq;

	if (!session_keys(c->session) || session_signing(c->session))
		return;
	if (d->signed_key == key && d->signed_seq == seq &&
		d->signed_listing == session_keys_listing(c->session) &&
		str_eq(d->signed_comment, comment))
		return;
	if (d->statement &&
		(d->signed_seq != seq ||
			d->signed_listing != session_keys_listing(c->session)))
		/* it says something else now */
		form_item(&d->form, SIGN_LOOKED)->checked = false;
	mem_free(d->statement);
	mem_free(d->why);
	mem_free(d->signed_comment);
	d->statement = d->why = NULL;
	d->signed_key = key;
	d->signed_seq = seq;
	d->signed_listing = session_keys_listing(c->session);
	d->signed_comment = mem_strdup(comment);
	if (session_statement(c->session, d->step, key, comment, &text, &e))
		d->statement = str_take(&text);
	else
		d->why = mem_strdup(e.msg);
	str_release(&text);
}

/* The first key somebody vouches for is the one to begin with. */
static void
mark_allowed(struct console *c, struct console_dialog *d)
{
	const struct sign_keys *keys = session_keys(c->session);

	for (size_t i = 0; i < keys->list.len; i++) {
		if (keys->list.at[i].principal) {
			scroll_select(&form_item(&d->form, SIGN_KEY)->scroll, (int)i);
			return;
		}
	}
}

void
console_sign_open(struct console *c, int step)
{
	struct console_dialog *d = console_dialog_push(c, DIALOG_SIGN);
	struct keys_made m;

	d->step = step;
	d->signed_seq = -1;
	session_list_keys(c->session);
	make(c, d, &m);
	m.scene.listing = true;
	view_sign_open(&d->form, &m.scene, clock_now());
	mem_free(m.keys);
	console_dialog_opened(c, d);
	console_sign_update(c, d);
}

static bool
is_signed(const struct console *c, int step, const struct run_step *rs)
{
	const struct run *r = session_run(c->session);

	return second_needed(r, step, WAY_FORWARD)
		? second_there(r, step, second_leg(r, step), clock_wall()) >= 0
		: run_settled(rs);
}

void
console_sign_update(struct console *c, struct console_dialog *d)
{
	const struct sign_keys *keys = session_keys(c->session);
	const struct run_step *rs = &session_run(c->session)->steps.list.at[d->step];
	struct keys_made m;
	size_t n = keys ? (size_t)session_keys_listing(c->session) : 0;

	if (d->sent && !session_signing(c->session) && is_signed(c, d->step, rs)) {
		d->finished = true;
		console_say(c, SCENE_INFO, "Signed, and in the record.");
		return;
	}
	if (n != d->keys) {
		d->keys = n;
		make(c, d, &m);
		view_sign_keys(&d->form, &m.scene);
		mem_free(m.keys);
		if (keys)
			mark_allowed(c, d);
	}
	freeze(c, d);
	make(c, d, &m);
	view_sign_update(&d->form, &m.scene);
	mem_free(m.keys);
}

bool
console_sign_pressed(struct console *c, struct console_dialog *d, int button)
{
	struct err e = ERR_INIT;
	struct console_dialog *why;

	if (button == SIGN_BACK) {
		console_sign_cancelled(c, d);
		return true;
	}
	if (button == SIGN_DECLINE) {
		why = console_dialog_push(c, DIALOG_DECLINE);
		why->step = d->step;
		view_ask_open(&why->form,
			&(struct ask_words){.title = "Decline to sign",
				.text = "The sign-off stays open; that you declined, and why, is "
					"in the record.",
				.field = "Reason",
				.yes = "Decline"},
			clock_now());
		view_ask_need_text(&why->form);
		console_dialog_opened(c, why);
		return false;
	}
	c->awaiting = true;
	if (session_sign(c->session, d->step, d->signed_key, &e)) {
		d->sent = true;
		console_say(c, SCENE_INFO, "Signing ...");
	} else {
		console_fault(c, &e);
	}
	console_sign_update(c, d);
	return false;
}

void
console_sign_cancelled(struct console *c, struct console_dialog *d)
{
	(void)d;
	session_sign_cancel(c->session);
	console_say(c, SCENE_INFO, "Not signed.");
}

bool
console_sign_declined(struct console *c, struct console_dialog *d, int button)
{
	if (button == ASK_YES)
		session_request(c->session,
			&(struct request){.kind = REQ_DECLINED,
				.step = d->step,
				.role = second_role(session_run(c->session), d->step),
				.reason = form_field_text(&d->form, ASK_TEXT)});
	return true;
}

/* Before anybody signs git tells what changed, and that is on record; who drives asks it. */
bool
console_sign_looks(struct console *c, int step)
{
	const struct run *r = session_run(c->session);
	struct err e = ERR_INIT;

	if (session_onlooking(c->session) ||
		(revised_state(&r->steps.list.at[step]) != REVISED_UNKNOWN &&
			!revised_stale(r, step, clock_wall())) ||
		!gate_allows(r, ACT_START, step, &e))
		return false;
	c->awaiting = true;
	session_request(c->session, &(struct request){.kind = REQ_START, .step = step});
	console_say(c, SCENE_INFO,
		"Looking at what changed: whether anybody signs here hangs on it.");
	return true;
}

/* To the sign-off that waits, if there is one. */
void
console_sign_waiting(struct console *c)
{
	const struct run *r = session_run(c->session);
	int marked = c->run.tree.id;
	struct err e = ERR_INIT;

	if (marked >= 0 && second_needed(r, marked, WAY_FORWARD) &&
		gate_allows(r, ACT_SIGN, marked, &e)) {
		console_sign_open(c, marked);
		return;
	}
	for (size_t i = 0; i < r->steps.list.len; i++) {
		bool looks;

		if (r->steps.list.at[i].step->kind != STEP_SIGNOFF)
			continue;
		looks = console_sign_looks(c, (int)i);
		if (!looks && !gate_allows(r, ACT_SIGN, (int)i, &e))
			continue;
		scroll_select(&c->run.tree, (int)i);
		if (!looks)
			console_sign_open(c, (int)i);
		return;
	}
	console_say(c, SCENE_INFO, "no sign-off waits now");
}
