#include <string.h>

#include "app/consoleinner.h"
#include "app/watched.h"
#include "base/mem.h"

/* What is owed, on Home. */

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
		if (c->home_filter && !form_row_matches(item->title, c->home_filter) &&
			!form_row_matches(item->id, c->home_filter))
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
				.drill = item->kind == DUELIST_DRILL,
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
		bool drill = row->drill; /* the row goes with the list */

		console_plan_open(c, row->runbook);
		console_say(c, SCENE_INFO,
			drill ? "It was practised too long ago: handrail run --practice"
			      : "Its review is due: read it, and set reviewed.last in "
				"the file.");
		return;
	}
	owed = duelist_find(&c->library, row->id, &e);
	if (!owed)
		console_fault(c, &e);
	else if (console_readonly(c))
		console_say(c, SCENE_WARNING, "read-only: nothing is closed");
	else if (console_session_make_room(c, NULL) && !console_session_owed(c, owed, &e))
		console_fault(c, &e);
}
