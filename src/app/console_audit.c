#include <string.h>

#include "app/auditing.h"
#include "app/consoleinner.h"
#include "base/mem.h"
#include "view/auditwords.h"
#include "view/view_audit.h"

/* The audit screen: all runs, what verification says of them, and their records. What is in
 * sight is verified by itself, one run after the other. */

struct console_audit {
	struct console *c;
	struct auditing *checks;
	struct library library; /* runs alone, and what is owed */
	struct duelist dues;
	VEC_OF(struct audit_run) runs;
	VEC_OF(struct audit_owed) owed; /* of the marked run */
	struct ints runs_shown, events_shown;
	struct audit_state state;
	int read; /* run whose record is held below; NONE */
	struct auditing_record record;
	char *runs_filter, *events_filter;
	enum console_screen from;
};

static void
check_came(void *ctx)
{
	struct console_audit *a = ctx;

	a->c->dirty = true;
}

static void
forget_record(struct console_audit *a)
{
	auditing_release(&a->record);
	vec_free(&a->owed);
	vec_free(&a->events_shown.list);
	a->read = NONE;
}

static void
forget_runs(struct console_audit *a)
{
	forget_record(a);
	vec_free(&a->runs);
	vec_free(&a->runs_shown.list);
	duelist_release(&a->dues);
	library_release(&a->library);
}

void
console_audit_release(struct console *c)
{
	struct console_audit *a = c->audit;

	if (!a)
		return;
	auditing_free(a->checks);
	forget_runs(a);
	view_audit_release(&a->state);
	mem_free(a->runs_filter);
	mem_free(a->events_filter);
	mem_free(a);
	c->audit = NULL;
}

/* ---- rows ---------------------------------------------------------------------------------- */

static bool
matches(const char *filter, void (*text)(const void *of, struct str *out), const void *of)
{
	struct str line = STR_INIT;
	bool is;

	if (!filter)
		return true;
	text(of, &line);
	is = form_row_matches(line.buf, filter);
	str_release(&line);
	return is;
}

static void
run_text(const void *of, struct str *out)
{
	view_audit_run_text(of, out);
}

static void
event_text(const void *of, struct str *out)
{
	view_audit_event_text(of, out);
}

static void
show_runs(struct console_audit *a)
{
	a->runs_shown.list.len = 0;
	for (size_t i = 0; i < a->runs.len; i++)
		if (matches(a->runs_filter, run_text, &a->runs.at[i]))
			vec_push(&a->runs_shown.list, (int)i);
}

static void
show_events(struct console_audit *a)
{
	a->events_shown.list.len = 0;
	for (size_t i = 0; i < a->record.events.list.len; i++)
		if (matches(a->events_filter, event_text, a->record.events.list.at[i]))
			vec_push(&a->events_shown.list, (int)i);
}

static void
fill(struct console_audit *a)
{
	char *marked = a->state.runs.id >= 0 && (size_t)a->state.runs.id < a->runs.len
		? mem_strdup(a->runs.at[a->state.runs.id].id)
		: NULL;

	forget_runs(a);
	library_scan(&(struct library_opts){.runs_dir = a->c->o->runs_dir,
			     .project = a->c->o->project,
			     .only_records = true},
		&a->library);
	duelist_make(&a->library, &a->dues);
	a->state.runs.id = SCROLL_NOTHING;
	for (size_t i = 0; i < a->library.runs.list.len; i++) {
		const struct library_run *r = &a->library.runs.list.at[i];

		if (marked && str_eq(marked, r->id))
			a->state.runs.id = (int)i;
		vec_push(&a->runs,
			(struct audit_run){.id = r->id,
				.title = r->title ? r->title : "(its record is bad)",
				.state = r->state,
				.who = r->who,
				.opened = r->opened,
				.closed = r->closed,
				.check = auditing_of(a->checks, r->id, r->dir),
				.open_in = r->busy ? r->busy_con : NULL});
	}
	show_runs(a);
	mem_free(marked);
}

static void
need_owed(struct console_audit *a, const char *run)
{
	for (size_t i = 0; i < a->dues.list.len; i++) {
		const struct duelist_item *item = &a->dues.list.at[i];

		if (item->owed && str_eq(item->owed->run, run))
			vec_push(&a->owed,
				(struct audit_owed){
					item->id, item->title, item->role, item->due});
	}
}

/* The record of the marked run; read once, while it stays marked. */
static void
need_record(struct console_audit *a)
{
	int id = a->state.runs.id;

	if (id == a->read)
		return;
	forget_record(a);
	a->state.facts.top = 0;
	a->read = id;
	if (id < 0 || (size_t)id >= a->runs.len)
		return;
	if (!str_eq(a->runs.at[id].state, "pruned"))
		auditing_read(
			a->library.runs.list.at[id].dir, a->c->o->project, &a->record);
	need_owed(a, a->runs.at[id].id);
	show_events(a);
}

/* The marked one, then those in sight from the top. */
static void
check_next(struct console_audit *a)
{
	const struct scroll *s = &a->state.runs;

	if (auditing_busy(a->checks))
		return;
	for (int n = -1; n < s->height; n++) {
		size_t row = (size_t)(s->top + n);
		int id = n < 0                         ? s->id
			: row < a->runs_shown.list.len ? a->runs_shown.list.at[row]
						       : NONE;

		if (id < 0 || (size_t)id >= a->runs.len ||
			a->runs.at[id].check->verdict != AUDIT_NOT_YET)
			continue;
		auditing_start(
			a->checks, a->runs.at[id].id, a->library.runs.list.at[id].dir);
		if (auditing_busy(a->checks))
			return;
	}
}

/* ---- the screen ---------------------------------------------------------------------------- */

void
console_audit_open(struct console *c)
{
	struct console_audit *a = c->audit;

	if (!a) {
		a = c->audit = mem_alloc(sizeof *a);
		a->c = c;
		a->read = NONE;
		a->state.runs.id = SCROLL_NOTHING;
		a->checks = auditing_new(c->o->loop, check_came, a);
	}
	if (c->screen != SCREEN_AUDIT) {
		a->from = c->screen;
		a->state.record = false;
		a->state.pane = AUDIT_LIST;
		a->state.lines.id = SCROLL_NOTHING;
		fill(a);
	}
	c->screen = SCREEN_AUDIT;
	c->dirty = true;
}

static struct audit_scene
scene_of(const struct console_audit *a)
{
	return (struct audit_scene){.runs = a->runs.at,
		.runs_len = a->runs.len,
		.runs_shown = &a->runs_shown,
		.owed = a->owed.at,
		.owed_len = a->owed.len,
		.run = a->record.run,
		.run_fault = a->record.run_fault,
		.events = (const struct event *const *)a->record.events.list.at,
		.hashes = (const char *const *)a->record.hashes.list.at,
		.events_len = a->record.events.list.len,
		.events_shown = &a->events_shown,
		.sums = a->record.sums,
		.filter = a->state.record ? a->events_filter : a->runs_filter};
}

void
console_audit_draw(struct console *c, const struct scene *sc)
{
	struct console_audit *a = c->audit;
	struct audit_scene s;

	if (a->state.runs.id == SCROLL_NOTHING && a->runs_shown.list.len)
		a->state.runs.id = a->runs_shown.list.at[0];
	need_record(a);
	s = scene_of(a);
	if (a->state.record && a->state.lines.id == SCROLL_NOTHING &&
		a->events_shown.list.len)
		a->state.lines.id = a->events_shown.list.at[0];
	view_audit_draw(sc, &s, &a->state, &c->frame);
	check_next(a);
}

void
console_audit_can(struct console *c, const struct scene *sc, struct keymap_can *can)
{
	struct audit_scene s = scene_of(c->audit);

	view_audit_can(sc, &s, &c->audit->state, can);
}

/* The line at which a record goes wrong, if it does; else its last one. */
static void
open_record(struct console_audit *a)
{
	const struct audit_check *k = a->runs.at[a->state.runs.id].check;
	int last = (int)a->record.events.list.len - 1;

	if (k->verdict == AUDIT_PRUNED) {
		console_say(a->c, SCENE_INFO,
			"It was pruned: only its tombstone is left (handrail verify).");
		return;
	}
	a->state.record = true;
	a->state.pane = AUDIT_LIST;
	a->state.lines = (struct scroll){.id = SCROLL_NOTHING};
	a->state.event.top = 0;
	scroll_select(&a->state.lines,
		k->fault_line > 0 && k->fault_line - 1 <= last ? (int)k->fault_line - 1
							       : last);
	if (a->record.run_fault && last < 0)
		console_say(a->c, SCENE_WARNING, "%s", a->record.run_fault);
	else if (k->verdict == AUDIT_BAD && k->what)
		console_say(a->c, SCENE_ERROR, "%s", k->what);
}

static void
next_bad(struct console_audit *a, int by)
{
	const struct ints *shown = &a->events_shown;
	int at = NONE;

	for (size_t i = 0; i < shown->list.len; i++)
		if (shown->list.at[i] == a->state.lines.id)
			at = (int)i;
	for (int i = at + by; a->state.record && i >= 0 && i < (int)shown->list.len;
		i += by)
		if (auditwords_is_bad(a->record.events.list.at[shown->list.at[i]])) {
			scroll_select(&a->state.lines, shown->list.at[i]);
			a->state.event.top = 0;
			return;
		}
	console_say(a->c, SCENE_INFO, "%s",
		!a->state.record ? "open a record first"
			: by > 0 ? "nothing went wrong after this"
				 : "nothing went wrong before this");
}

/* It may have grown since it was read; it is the next one to be checked. */
static void
verify_marked(struct console_audit *a)
{
	int id = a->state.runs.id;

	if (id < 0) {
		console_say(a->c, SCENE_INFO, "no run is marked");
		return;
	}
	auditing_forget(a->checks, a->runs.at[id].id);
	a->read = NONE - 1;
	console_say(a->c, SCENE_INFO, "Verifying %s.", a->runs.at[id].id + ULID_LEN - 4);
}

bool
console_audit_do(struct console *c, enum action action)
{
	struct console_audit *a = c->audit;

	c->dirty = true;
	switch (action) {
	case ACTION_AUDIT_OPEN:
		if (a->state.runs.id < 0)
			console_say(c, SCENE_INFO, "no run is marked");
		else if (!a->state.record)
			open_record(a);
		else
			a->state.pane = AUDIT_SIDE;
		return true;
	case ACTION_AUDIT_VERIFY:
		verify_marked(a);
		return true;
	case ACTION_AUDIT_FILTER:
		console_ask_filter(c);
		return true;
	case ACTION_AUDIT_BAD:
		next_bad(a, 1);
		return true;
	case ACTION_AUDIT_BAD_BACK:
		next_bad(a, -1);
		return true;
	case ACTION_RUN_PANE:
	case ACTION_RUN_PANE_BACK:
	case ACTION_LEFT:
	case ACTION_RIGHT:
		a->state.pane = a->state.pane == AUDIT_LIST ? AUDIT_SIDE : AUDIT_LIST;
		return true;
	default:
		return false;
	}
}

struct scroll *
console_audit_scroll(const struct console *c)
{
	struct scroll *s = view_audit_scroll(&c->audit->state);

	if (s == &c->audit->state.lines)
		c->audit->state.event.top = 0;
	return s;
}

/* Out of a pane, a filter, the record, the screen. */
void
console_audit_back(struct console *c, enum action action)
{
	struct console_audit *a = c->audit;
	char **filter = a->state.record ? &a->events_filter : &a->runs_filter;

	if (a->state.pane == AUDIT_SIDE) {
		a->state.pane = AUDIT_LIST;
	} else if (action == ACTION_ESCAPE && *filter) {
		(void)console_audit_filter(c, "");
	} else if (a->state.record) {
		a->state.record = false;
		a->state.lines.id = SCROLL_NOTHING;
	} else {
		c->screen = a->from == SCREEN_AUDIT ? SCREEN_HOME : a->from;
		if (c->screen == SCREEN_HOME)
			console_home_open(c);
	}
}

const char *
console_audit_filter_text(const struct console *c)
{
	const struct console_audit *a = c->audit;

	return a->state.record ? a->events_filter : a->runs_filter;
}

bool
console_audit_filter(struct console *c, const char *text)
{
	struct console_audit *a = c->audit;
	char **filter = a->state.record ? &a->events_filter : &a->runs_filter;

	mem_free(*filter);
	*filter = *text ? mem_strdup(text) : NULL;
	if (a->state.record)
		show_events(a);
	else
		show_runs(a);
	return true;
}

/* The marked line of the record as it stands, else the id of the run. */
char *
console_audit_copy(const struct console *c)
{
	const struct console_audit *a = c->audit;
	struct err e = ERR_INIT;
	struct str line = STR_INIT;
	int id = a->state.lines.id;

	if (a->state.record && id >= 0 && (size_t)id < a->record.events.list.len) {
		if (event_line(a->record.events.list.at[id], &line, &e))
			return str_take(&line);
		str_release(&line);
	}
	return a->state.runs.id >= 0 && (size_t)a->state.runs.id < a->runs.len
		? mem_strdup(a->runs.at[a->state.runs.id].id)
		: NULL;
}

struct finding {
	const struct console_audit *a;
	const char *text;
};

static bool
row_has(const void *ctx, int id)
{
	const struct finding *f = ctx;

	return f->a->state.record
		? matches(f->text, event_text, f->a->record.events.list.at[id])
		: matches(f->text, run_text, &f->a->runs.at[id]);
}

bool
console_audit_find(struct console *c, bool forward)
{
	struct console_audit *a = c->audit;
	struct finding f = {a, c->find};

	a->state.pane = AUDIT_LIST;
	return c->find && *c->find &&
		scroll_search(view_audit_scroll(&a->state), forward, row_has, &f);
}

const char *
console_audit_run(const struct console *c)
{
	const struct console_audit *a = c->audit;

	return a->state.record && a->state.runs.id >= 0
		? a->runs.at[a->state.runs.id].id + ULID_LEN - 4
		: NULL;
}
