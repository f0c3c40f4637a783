#include <stdio.h>
#include <string.h>

#include "app/consoleinner.h"
#include "app/owing.h"
#include "base/mem.h"

/*
 * What is owed is postponed, or released without being done, from the list on Home: by the
 * small run that would close it, which is opened for that alone and closed at once.
 */

struct console_ending {
	struct session *s;
	struct err refused;
	char title[80], stamp[STAMP_BYTES]; /* stamp "": it is released */
};

static const struct due_row *
marked(const struct console *c)
{
	bool row = c->screen == SCREEN_HOME && c->home.pane == HOME_DUES &&
		c->home.dues.id >= 0 && (size_t)c->home.dues.id < c->due_rows.len;

	return row ? &c->due_rows.at[c->home.dues.id] : NULL;
}

/* What the dialog is about, as far as it is filled in. */
static bool
scene_of(const struct console *c, const struct console_dialog *d, struct ask_end *out,
	char stamp[STAMP_BYTES], struct err *e)
{
	const struct due_row *row = NULL;
	const char *until = form_field_text(&d->form, ASK_TEXT);

	for (size_t i = 0; i < c->due_rows.len && !row; i++)
		if (str_eq(c->due_rows.at[i].id, d->statement))
			row = &c->due_rows.at[i];
	if (!row)
		return false;
	*out = (struct ask_end){.id = row->id,
		.title = row->title,
		.due = row->due,
		.postpone = d->kind == DIALOG_POSTPONE,
		.stamp = stamp};
	if (out->postpone && !duelist_later(until ? until : "", clock_wall(), stamp, e))
		out->why_not = e->msg;
	return true;
}

void
console_end(struct console *c, enum action a)
{
	const struct due_row *row = marked(c);
	char stamp[STAMP_BYTES] = "";
	struct console_dialog *d;
	struct ask_end scene;
	struct err e = ERR_INIT;

	if (console_readonly(c)) {
		console_readonly_say(c, "nothing is recorded");
	} else if (!row) {
		console_say(c, SCENE_INFO, "mark what is owed first: {run.pane}");
	} else if (!row->id) {
		console_say(c, SCENE_INFO,
			"A review is not owed: read the runbook, and set reviewed.last in "
			"the file.");
	} else if (c->ending) {
		console_say(c, SCENE_WARNING, "the one before is being recorded");
	} else {
		d = console_dialog_push(
			c, a == ACTION_HOME_POSTPONE ? DIALOG_POSTPONE : DIALOG_RELEASE);
		d->statement = mem_strdup(row->id);
		if (scene_of(c, d, &scene, stamp, &e))
			view_ask_end(&d->form, &scene, clock_now());
		console_dialog_opened(c, d);
	}
}

void
console_end_update(struct console *c, struct console_dialog *d)
{
	char stamp[STAMP_BYTES] = "";
	struct ask_end scene;
	struct err e = ERR_INIT;

	if (scene_of(c, d, &scene, stamp, &e))
		view_ask_end_update(&d->form, &scene);
	else
		d->finished = true; /* somebody else has ended it meanwhile */
}

static void
on_refused(void *ctx, const struct err *e)
{
	struct console_ending *x = ctx;

	x->refused = *e;
}

/* The run that closes it: opened, or taken up where it is open already. */
static struct session *
session_of(struct console *c, struct console_ending *x, const struct owed *owed,
	struct err *e)
{
	struct session_opts so = {.loop = c->o->loop,
		.project = c->o->project,
		.mode = c->o->mode,
		.runs_dir = c->o->runs_dir,
		.key = c->o->args->opt[OPT_KEY],
		.quiet = true,
		.calls = {.on_message = on_refused, .ctx = x}};
	char *closer = owing_closer(so.runs_dir, owed);
	struct session *s = closer ? session_resume(&so, closer, e)
				   : owing_open(&so, owed, e);

	mem_free(closer);
	return s;
}

static void
end_it(struct console *c, const struct owed *owed, const char *stamp, const char *reason)
{
	const struct request q = {.kind = *stamp ? REQ_POSTPONE : REQ_RELEASE,
		.step = NONE,
		.text = stamp,
		.reason = reason};
	struct console_ending *x;
	struct err e = ERR_INIT;

	if (c->session && str_eq(owed->closer, session_run(c->session)->id)) {
		session_request(c->session, &q); /* it is open here */
		return;
	}
	x = mem_alloc(sizeof *x);
	x->refused = ERR_INIT;
	snprintf(x->title, sizeof x->title, "%s", owed->title);
	snprintf(x->stamp, sizeof x->stamp, "%s", stamp);
	x->s = session_of(c, x, owed, &e);
	if (!x->s) {
		console_fault(c, &e);
		mem_free(x);
		return;
	}
	session_request(x->s, &q);
	c->ending = x;
}

bool
console_end_pressed(struct console *c, struct console_dialog *d, int button)
{
	char stamp[STAMP_BYTES] = "";
	const struct owed *owed;
	struct err e = ERR_INIT;

	if (button != ASK_YES)
		return true;
	owed = duelist_find(&c->library, d->statement, &e);
	if (owed && d->kind == DIALOG_POSTPONE &&
		!duelist_later(
			form_field_text(&d->form, ASK_TEXT), clock_wall(), stamp, &e))
		owed = NULL;
	if (owed)
		end_it(c, owed, stamp, form_field_text(&d->form, ASK_MORE));
	else
		console_fault(c, &e);
	return owed != NULL;
}

/* What it says, once it stands in the record; the list is made anew. */
void
console_end_turn(struct console *c)
{
	struct console_ending *x = c->ending;
	bool danger = false;
	const char *words;

	if (!x)
		return;
	words = session_journal_words(x->s, &danger);
	if (!session_idle(x->s) && x->refused.kind == ERR_NONE && !danger)
		return;
	if (c->screen == SCREEN_HOME)
		console_home_open(c);
	if (x->refused.kind != ERR_NONE)
		console_fault(c, &x->refused);
	else if (danger)
		console_say(c, SCENE_ERROR, "%s", words);
	else if (*x->stamp)
		console_say(c, SCENE_INFO, "Owed later, at %s: %s", x->stamp, x->title);
	else
		console_say(c, SCENE_INFO, "No longer owed: %s", x->title);
	console_end_release(c);
}

void
console_end_release(struct console *c)
{
	if (!c->ending)
		return;
	session_free(c->ending->s);
	mem_free(c->ending);
	c->ending = NULL;
}
