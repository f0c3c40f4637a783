#include <string.h>

#include "app/auditing.h"
#include "app/consoleinner.h"
#include "base/mem.h"
#include "view/view_audit.h"

enum { LOOK_MS = 1000, SLICE_MS = 4, REST_MS = 200 };

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
	int read;          /* run whose record is held below; NONE */
	int waits;         /* run that is marked, until the mark has rested */
	struct mono since; /* when it was marked */
	struct loop_timer *rest;
	struct wall read_for; /* the check by which it was last read anew */
	struct mono looked;   /* when verdicts were last held against their files */
	int look_row;         /* of the list, where the next look goes on */
	struct auditing_record record;
	char *runs_filter, *events_filter;
	enum console_screen from;
};

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
	loop_timer_free(a->rest);
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

/* The mark stays with its run while that is shown, else it goes to the first that is. */
static void
mark_shown(struct console_audit *a)
{
	const struct ints *shown = &a->runs_shown;

	for (size_t i = 0; i < shown->list.len; i++)
		if (shown->list.at[i] == a->state.runs.id)
			return;
	a->state.runs.id = SCROLL_NOTHING;
	if (shown->list.len)
		scroll_select(&a->state.runs, shown->list.at[0]);
}

/* To be drawn anew: a verdict came or is no longer, and a filter may be for it. The run whose
 * record is open stays marked. */
static void
anew(void *ctx)
{
	struct console_audit *a = ctx;

	show_runs(a);
	if (!a->state.record)
		mark_shown(a);
	a->c->dirty = true;
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
				.title = r->title ? r->title
						  : "(its record was not read)",
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

/* Has it been verified since it was read, and were there other lines then? */
static bool
outdated(struct console_audit *a, int id)
{
	const struct audit_check *k = a->runs.at[id].check;
	struct audit_scene s = {.hashes = (const char *const *)a->record.hashes.list.at,
		.events_len = a->record.events.list.len};

	if ((k->verdict != AUDIT_OK && k->verdict != AUDIT_BAD) ||
		k->at.ms == a->read_for.ms || view_audit_same(&s, k))
		return false;
	a->read_for = k->at;
	return true;
}

/* A mark on its way through the list reads nothing: a record may be large. */
static bool
rests(struct console_audit *a, int id)
{
	struct mono now = clock_mono();

	if (id != a->waits) {
		a->waits = id;
		a->since = now;
		loop_timer_start(a->rest, REST_MS, 0);
	}
	return now.ms - a->since.ms >= REST_MS;
}

/* The record of the marked run; read once while it stays marked and is the one verified;
 * at once when it is opened. */
static void
need_record(struct console_audit *a, bool at_once)
{
	int id = a->state.runs.id;
	bool is = id >= 0 && (size_t)id < a->runs.len;

	if (id == a->read && (!is || !outdated(a, id)))
		return;
	if (id != a->read)
		a->state.facts.top = 0;
	forget_record(a);
	if (!is || (!at_once && !a->state.record && !rests(a, id)))
		return;
	a->read = id;
	if (!str_eq(a->runs.at[id].state, "pruned"))
		auditing_read(
			a->library.runs.list.at[id].dir, a->c->o->project, &a->record);
	need_owed(a, a->runs.at[id].id);
	show_events(a);
}

/* The run of a row in sight; -1 is the marked one. NONE: there is none. */
static int
run_at(const struct console_audit *a, int row)
{
	size_t at = (size_t)(a->state.runs.top + row);
	int id = row < 0                      ? a->state.runs.id
		: at < a->runs_shown.list.len ? a->runs_shown.list.at[at]
					      : NONE;

	return id >= 0 && (size_t)id < a->runs.len ? id : NONE;
}

/* A verdict ends with the files that it is about: each second the marked one is looked at,
 * then those in sight, under a filter all, as many as fit a slice. */
static void
look_again(struct console_audit *a)
{
	struct mono now = clock_mono();
	int rows = a->runs_filter ? (int)a->runs.len : a->state.runs.height;
	bool changed = false;

	if (now.ms - a->looked.ms < LOOK_MS)
		return;
	a->looked = now;
	for (int n = -1; n < rows && clock_mono().ms - now.ms <= SLICE_MS; n++) {
		int id = n < 0           ? run_at(a, -1)
			: a->runs_filter ? a->look_row % rows
					 : run_at(a, a->look_row % rows);

		a->look_row = n < 0 ? a->look_row : (a->look_row + 1) % rows;
		if (id == NONE || a->runs.at[id].check->verdict == AUDIT_NOT_YET)
			continue;
		if (auditing_of(
			    a->checks, a->runs.at[id].id, a->library.runs.list.at[id].dir)
				->verdict == AUDIT_NOT_YET)
			changed = true;
	}
	if (changed)
		anew(a);
}

/* The marked one, those in sight from the top, and under a filter all others. */
static void
check_next(struct console_audit *a)
{
	for (int n = -1; n < a->state.runs.height && !auditing_busy(a->checks); n++) {
		int id = run_at(a, n);

		if (id != NONE)
			auditing_start(a->checks, a->runs.at[id].id,
				a->library.runs.list.at[id].dir);
	}
	for (size_t i = 0; a->runs_filter && i < a->runs.len && !auditing_busy(a->checks);
		i++)
		auditing_start(
			a->checks, a->runs.at[i].id, a->library.runs.list.at[i].dir);
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
		a->waits = NONE;
		a->rest = loop_timer_new(c->o->loop, anew, a);
		a->checks = auditing_new(c->o->loop, anew, a);
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
		.stops_at = a->record.stops_at,
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
	look_again(a);
	need_record(a, false);
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
	struct audit_scene scene = scene_of(a);
	int at = NONE;

	for (size_t i = 0; i < shown->list.len; i++)
		if (shown->list.at[i] == a->state.lines.id)
			at = (int)i;
	for (int i = at + by; a->state.record && i >= 0 && i < (int)shown->list.len;
		i += by)
		if (view_audit_is_bad(&scene, a->runs.at[a->state.runs.id].check,
			    (size_t)shown->list.at[i])) {
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

static void
replay_marked(struct console_audit *a)
{
	int id = a->state.runs.id;
	struct err e = ERR_INIT;

	if (id < 0)
		console_say(a->c, SCENE_INFO, "no run is marked");
	else if (!console_replay_open(a->c, a->library.runs.list.at[id].dir, &e))
		console_fault(a->c, &e);
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
		else if (!a->state.record) {
			need_record(a, true);
			open_record(a);
		} else
			a->state.pane = AUDIT_SIDE;
		return true;
	case ACTION_AUDIT_VERIFY:
		verify_marked(a);
		return true;
	case ACTION_AUDIT_REPLAY:
		replay_marked(a);
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
		mark_shown(a);
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
		anew(a);
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
