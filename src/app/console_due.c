#include <string.h>

#include "app/consoleinner.h"
#include "app/watched.h"
#include "base/mem.h"
#include "run/timely.h"

/* What is owed, on Home; and the change window passed by force. */

/* ---- the list --------------------------------------------------------------------------- */

void
console_due_fill(struct console *c)
{
	struct wall now = clock_wall();
	struct str words = STR_INIT;

	duelist_make(&c->library, &c->dues);
	for (size_t i = 0; i < c->dues.list.len; i++) {
		const struct duelist_item *item = &c->dues.list.at[i];

		/* a review is nobody's business before its day */
		if (!item->owed && item->due.ms > now.ms)
			continue;
		vec_push(&c->due_rows,
			(struct due_row){.id = item->owed ? item->id : NULL,
				.title = item->title,
				.runbook = item->runbook,
				.environment = item->environment,
				.role = item->role,
				.every = item->every,
				.due = item->due,
				.probes = item->probes,
				.bad = item->bad,
				.walked = item->owed && item->owed->closer});
	}
	c->is_watched = watched_words(watched_last(), now, &words);
	c->watched = str_take(&words);
}

void
console_due_forget(struct console *c)
{
	vec_free(&c->due_rows);
	duelist_release(&c->dues);
	mem_free(c->watched);
	c->watched = NULL;
}

struct due_scene
console_due_scene(const struct console *c)
{
	return (struct due_scene){.rows = c->due_rows.at,
		.len = c->due_rows.len,
		.watched = c->watched,
		.is_watched = c->is_watched};
}

void
console_due_open(struct console *c)
{
	const struct due_row *row;
	const struct owed *owed;
	struct err e = ERR_INIT;

	if (c->home.dues.id < 0 || (size_t)c->home.dues.id >= c->due_rows.len) {
		console_say(c, SCENE_INFO, "nothing is marked");
		return;
	}
	row = &c->due_rows.at[c->home.dues.id];
	if (!row->id) {
		console_plan_open(c, row->runbook);
		console_say(c, SCENE_INFO,
			"Its review is due: read it, and set reviewed.last in the file.");
		return;
	}
	owed = duelist_find(&c->library, row->id, &e);
	if (!owed)
		console_fault(c, &e);
	else if (console_readonly(c))
		console_say(c, SCENE_WARNING, "read-only: nothing is closed");
	else if (c->session && !session_run(c->session)->closed)
		console_say(c, SCENE_WARNING,
			"run %s is open here: {screen.run} goes to it; one run per console",
			session_run(c->session)->id + ULID_LEN - 4);
	else if (!console_session_owed(c, owed, &e))
		console_fault(c, &e);
}

/* ---- break-glass ------------------------------------------------------------------------- */

void
console_due_force(struct console *c)
{
	const struct run *r = session_run(c->session);
	struct wall now = clock_wall();
	struct timely t = timely_of(r, now);
	struct str words = STR_INIT;
	struct console_dialog *d;

	if (!t.shut || t.forced || r->closed) {
		console_say(c, SCENE_INFO, "there is no shut change window to pass");
		return;
	}
	timely_words(&r->runbook->windows, r->runbook->environment, now, &words);
	d = console_dialog_push(c, DIALOG_FORCE);
	console_ask_words(c, d,
		&(struct ask_words){.title = "Break-glass",
			.text = words.buf,
			.more = "Whoever signs this run sees that it was passed, and a "
				"review of it is owed within a day.",
			.field = "Reason",
			.second = "Ticket, if there is one",
			.yes = "Pass it by force"});
	view_ask_need_text(&d->form);
	str_release(&words);
}

bool
console_due_forced(struct console *c, struct console_dialog *d, int button)
{
	if (button != ASK_YES)
		return true;
	console_say(c, SCENE_WARNING,
		"The change window is passed by force, until it would have opened.");
	session_request(c->session,
		&(struct request){.kind = REQ_BREAKGLASS,
			.step = NONE,
			.name = TIMELY_GATE,
			.reason = form_field_text(&d->form, ASK_TEXT),
			.text = form_field_text(&d->form, ASK_MORE)});
	return true;
}
