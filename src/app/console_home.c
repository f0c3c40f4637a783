#include <string.h>

#include "app/consoleinner.h"
#include "base/file.h"
#include "base/map.h"
#include "base/mem.h"
#include "journal/journal.h"
#include "load/load.h"

enum { COLLEAGUES_MS = 5000 };

/* Home: the library as rows, the preview of the marked runbook, problems of a broken one. */

static const char *
result_word(const struct library_run *r)
{
	static const struct {
		const char *state, *word;
	} words[] = {
		{"ok", "OK"},
		{"failed", "FAIL"},
		{"stopped", "STOP"},
		{"open", "RUN"},
		{"running", "RUN"},
		{"bad", "BAD"},
	};

	for (size_t i = 0; r && i < sizeof words / sizeof *words; i++)
		if (str_eq(r->state, words[i].state))
			return words[i].word;
	return r ? "?" : "never";
}

static bool passes(const struct console *c, const char *const *texts, size_t n);

static void
fill_runbooks(struct console *c)
{
	for (size_t i = 0; i < c->library.runbooks.list.len; i++) {
		const struct library_runbook *rb = &c->library.runbooks.list.at[i];
		const struct library_run *last = rb->last_run == NONE
			? NULL
			: &c->library.runs.list.at[rb->last_run];
		struct home_runbook row = {.group = rb->group,
			.path = rb->path,
			.title = rb->summary ? rb->summary->title : rb->name,
			.steps = rb->summary ? rb->summary->steps : -1,
			.risk = rb->summary ? rb->summary->risk : RISK_NONE,
			.last = result_word(last),
			.fault = rb->summary ? NULL : rb->fault};

		if (last) {
			row.last_at = last->opened;
			row.who = last->who;
		}
		if (!rb->summary && !row.fault)
			row.fault = "does not load";
		if (passes(c,
			    (const char *const[]){
				    row.title, row.group, row.last, rb->path},
			    4))
			vec_push(&c->home_rows, row);
	}
}

static bool
open_here(const struct console *c, const struct library_run *r)
{
	return c->session && str_eq(session_run(c->session)->id, r->id);
}

/* What its driver says of it; NULL: nobody drives it, or does not say. */
static const struct colleague *
card_of(const struct console *c, const char *run)
{
	const struct colleagues *all = c->colleagues ? colleagues_list(c->colleagues)
						     : NULL;

	for (size_t i = 0; all && i < all->list.len; i++)
		if (str_eq(all->list.at[i].card.run, run))
			return &all->list.at[i];
	return NULL;
}

static bool
passes(const struct console *c, const char *const *texts, size_t n)
{
	bool any = !c->home_filter;

	for (size_t i = 0; i < n && !any; i++)
		any = texts[i] && form_row_matches(texts[i], c->home_filter);
	return any;
}

static void
add_run(struct console *c, int index, const struct home_run *row)
{
	const char *const texts[] = {
		row->id, row->title, row->state, row->who, row->needs, row->account};

	if (!passes(c, texts, sizeof texts / sizeof *texts))
		return;
	vec_push(&c->open_runs.list, index);
	vec_push(&c->home_runs, *row);
}

static void
add_card(struct home_run *row, const struct colleague *is)
{
	if (!is->answered)
		return;
	row->state = is->card.state;
	row->step = *is->card.step ? is->card.step : NULL;
	row->who = is->card.who;
	row->needs = *is->card.needs ? is->card.needs : NULL;
	row->since = is->since;
}

/* Ours first, then what colleagues drive whose records are not here. */
static void
fill_runs(struct console *c)
{
	const struct colleagues *all = c->colleagues ? colleagues_list(c->colleagues)
						     : NULL;
	struct map ours;

	map_init(&ours);
	for (size_t i = 0; i < c->library.runs.list.len; i++) {
		const struct library_run *r = &c->library.runs.list.at[i];
		const struct colleague *is = r->busy ? card_of(c, r->id) : NULL;
		struct home_run row = {.id = r->id,
			.title = r->title    ? r->title
				: r->runbook ? r->runbook
					     : "?",
			.step = r->step,
			.state = result_word(r),
			.who = r->who,
			.since = r->opened,
			.fault = r->fault,
			.here = open_here(c, r),
			.busy = r->busy};

		if (all && all->list.len)
			map_put(&ours, r->id, c);
		if (!str_eq(r->state, "open") && !str_eq(r->state, "running") &&
			!str_eq(r->state, "bad"))
			continue;
		if (r->closes && !r->fault && !open_here(c, r))
			continue; /* it stands among what is due */
		if (is && !row.here)
			add_card(&row, is);
		add_run(c, (int)i, &row);
	}
	for (size_t i = 0; all && i < all->list.len; i++) {
		const struct colleague *is = &all->list.at[i];
		struct home_run row = {.id = is->card.run,
			.title = is->answered ? is->card.title
					      : "(its console does not say)",
			.state = "?",
			.account = is->account,
			.busy = true};

		if (map_has(&ours, is->card.run) ||
			(c->session && str_eq(session_run(c->session)->id, is->card.run)))
			continue;
		add_card(&row, is);
		add_run(c, NONE, &row);
	}
	map_release(&ours);
	if (c->home.runs.id ==
		SCROLL_NOTHING) /* it was empty, or its row went: begin anew */
		c->home.runs.id = 0;
}

static void
forget_rows(struct console *c)
{
	vec_free(&c->home_rows);
	vec_free(&c->home_runs);
	vec_free(&c->open_runs.list);
	console_due_forget(c);
	library_release(&c->library);
	memset(&c->library, 0, sizeof c->library);
}

/* Other consoles have said what they drive: the rows change, the mark stays. */
static void
colleagues_told(void *ctx)
{
	struct console *c = ctx;
	int id = c->home.runs.id;
	char *marked = id >= 0 && (size_t)id < c->home_runs.len
		? mem_strdup(c->home_runs.at[id].id)
		: NULL;

	c->home.runs.id = c->home_runs.len ? SCROLL_NOTHING : 0;
	c->home_runs.len = 0;
	c->open_runs.list.len = 0;
	fill_runs(c);
	for (size_t i = 0; marked && i < c->home_runs.len; i++)
		if (str_eq(marked, c->home_runs.at[i].id))
			c->home.runs.id = (int)i;
	if (c->home.pane == HOME_RUNS && !c->home_runs.len)
		c->home.pane = HOME_RUNBOOKS;
	mem_free(marked);
	c->dirty = true;
}

static void
ask_colleagues(struct console *c)
{
	if (!c->colleagues)
		c->colleagues = colleagues_new(c->o->loop, colleagues_told, c);
	c->asked_colleagues = clock_mono();
	colleagues_look(c->colleagues);
}

void
console_home_tick(struct console *c)
{
	if (c->screen == SCREEN_HOME &&
		clock_mono().ms - c->asked_colleagues.ms >= COLLEAGUES_MS)
		ask_colleagues(c);
}

void
console_home_filter(struct console *c, const char *text)
{
	mem_free(c->home_filter);
	c->home_filter = *text ? mem_strdup(text) : NULL;
	console_home_open(c);
}

/* The selection is a row number here; it is carried over by what the row is. */
void
console_home_open(struct console *c)
{
	const struct args *a = c->o->args;
	const char **folders = mem_array(a->runbooks.list.len + 1, sizeof *folders);
	const char *old = c->home.runbooks.id >= 0 &&
			(size_t)c->home.runbooks.id < c->home_rows.len
		? c->home_rows.at[c->home.runbooks.id].path
		: NULL;
	char *marked = mem_strdup(old);

	for (size_t i = 0; i < a->runbooks.list.len; i++)
		folders[i] = a->runbooks.list.at[i];
	forget_rows(c);
	library_scan(&(struct library_opts){.folders = folders,
			     .project = c->o->project,
			     .runs_dir = c->o->runs_dir},
		&c->library);
	fill_runbooks(c);
	fill_runs(c);
	console_due_fill(c);
	for (size_t i = 0; marked && i < c->home_rows.len; i++)
		if (strcmp(marked, c->home_rows.at[i].path) == 0)
			scroll_select(&c->home.runbooks, (int)i);
	if (!c->home_rows.len && c->home_runs.len)
		c->home.pane = HOME_RUNS;
	if (c->home.pane == HOME_RUNS ? !c->home_runs.len : !c->due_rows.len)
		c->home.pane = HOME_RUNBOOKS;
	c->screen = SCREEN_HOME;
	c->dirty = true;
	ask_colleagues(c);
	mem_free(marked);
	mem_free(folders);
}

/* ---- the preview ----------------------------------------------------------------------- */

static void
forget_preview(struct console *c)
{
	if (c->preview)
		runbook_unref(c->preview);
	c->preview = NULL;
	mem_free(c->preview_path);
	mem_free(c->preview_fault);
	c->preview_path = c->preview_fault = NULL;
}

/* Reading a file is all it does; once per row that was marked. */
static void
need_preview(struct console *c)
{
	const struct home_runbook *row;
	struct diags d = {0};

	if (c->home.runbooks.id < 0 || (size_t)c->home.runbooks.id >= c->home_rows.len)
		return;
	row = &c->home_rows.at[c->home.runbooks.id];
	if (str_eq(c->preview_path, row->path) || row->fault)
		return;
	forget_preview(c);
	c->preview_path = mem_strdup(row->path);
	c->preview = load_runbook(row->path,
		&(struct load_opts){.project = c->o->project,
			.environment = console_home_environment(c)},
		&d);
	if (!c->preview)
		c->preview_fault = mem_strdup(
			d.list.len ? d.list.at[0].msg : "it does not load");
	diags_release(&d);
}

static struct home_scene
scene_of(struct console *c)
{
	return (struct home_scene){.runbooks = c->home_rows.at,
		.runbooks_len = c->home_rows.len,
		.runs = c->home_runs.at,
		.runs_len = c->home_runs.len,
		.due = console_due_scene(c),
		.preview = c->preview,
		.preview_fault = c->preview_fault,
		.looked = (const char *const *)c->library.looked.list.at,
		.looked_len = c->library.looked.list.len,
		.filter = c->home_filter,
		.environments = c->o->project ? c->o->project->environments.list.len : 0};
}

void
console_home_draw(struct console *c, const struct scene *sc)
{
	struct home_scene h;

	need_preview(c);
	h = scene_of(c);
	view_home_draw(sc, &h, &c->home, &c->frame);
}

void
console_home_can(struct console *c, const struct scene *sc, struct keymap_can *can)
{
	struct home_scene h = scene_of(c);

	view_home_can(sc, &h, &c->home, can);
}

/* ---- acting ---------------------------------------------------------------------------- */

/* The list may be older than that somebody left it, as we ourselves just now. */
static bool
is_busy_now(const struct library_run *r)
{
	char con[64];

	return r->busy && journal_is_busy(r->dir, con, sizeof con);
}

static void
resume_marked(struct console *c)
{
	const struct library_run *r;
	struct err e = ERR_INIT;

	if (c->home.runs.id < 0 || (size_t)c->home.runs.id >= c->open_runs.list.len) {
		console_say(c, SCENE_INFO, "no open run is marked");
		return;
	}
	if (c->open_runs.list.at[c->home.runs.id] == NONE) {
		if (console_session_make_room(c, NULL))
			console_hand_look_on_far(c, c->home_runs.at[c->home.runs.id].id);
		return;
	}
	r = &c->library.runs.list.at[c->open_runs.list.at[c->home.runs.id]];
	if (console_readonly(c)) {
		console_say(c, SCENE_WARNING, "read-only: nothing is resumed");
	} else if (open_here(c, r)) {
		c->screen = SCREEN_RUN;
		console_say(c, SCENE_INFO, "This run is open here.");
	} else if (r->fault) {
		console_say(c, SCENE_ERROR, "the record is bad: %s", r->fault);
	} else if (!console_session_make_room(c, NULL)) {
		return;
	} else if (is_busy_now(r)) {
		console_hand_look_on_dir(c, r->dir);
	} else if (!console_session_resume(c, r->dir, &e)) {
		console_fault(c, &e);
	}
}

static void
open_marked(struct console *c)
{
	if (c->home.pane == HOME_RUNS) {
		resume_marked(c);
		return;
	}
	if (c->home.pane == HOME_DUES) {
		console_due_open(c);
		return;
	}
	if (c->home.runbooks.id < 0 || (size_t)c->home.runbooks.id >= c->home_rows.len)
		console_say(c, SCENE_INFO, "no runbook is marked");
	else
		console_plan_open(c, c->home_rows.at[c->home.runbooks.id].path);
}

static bool
pane_there(const struct console *c, enum home_pane pane)
{
	return pane == HOME_RUNBOOKS ||
		(pane == HOME_DUES ? c->due_rows.len : c->home_runs.len) > 0;
}

/* Runbooks, at 80 columns their preview, what is due, open runs; or from there back. */
static void
step_pane(struct console *c, bool back)
{
	bool covers = scene_size(&c->frame) < SCENE_NORMAL;

	if (c->home.pane == HOME_RUNBOOKS && covers && c->home.preview == back) {
		c->home.preview = !back;
		return;
	}
	c->home.preview = false;
	do
		c->home.pane = back
			? (c->home.pane == HOME_RUNBOOKS ? HOME_RUNS : c->home.pane - 1)
			: (c->home.pane == HOME_RUNS ? HOME_RUNBOOKS : c->home.pane + 1);
	while (!pane_there(c, c->home.pane));
	c->home.preview = back && covers && c->home.pane == HOME_RUNBOOKS;
}

/* ---- the environment ------------------------------------------------------------------- */

const char *
console_home_environment(const struct console *c)
{
	return c->environment ? c->environment : c->o->environment;
}

static void
ask_environment(struct console *c)
{
	struct console_dialog *d;

	if (!c->o->project || !c->o->project->environments.list.len) {
		console_say(c, SCENE_INFO, "no environment: handrail.yaml names none");
		return;
	}
	d = console_dialog_push(c, DIALOG_ENVIRONMENT);
	view_ask_environment(
		&d->form, c->o->project, console_home_environment(c), clock_now());
	console_dialog_opened(c, d);
}

bool
console_home_environment_pressed(struct console *c, struct console_dialog *d, int button)
{
	int row = form_chosen(&d->form, ASK_LIST);

	if (button != ASK_YES || row == FORM_NO_ID)
		return true;
	mem_free(c->environment);
	c->environment = mem_strdup(c->o->project->environments.list.at[row].name);
	forget_preview(c);
	if (!c->session)
		console_health_forget(c); /* its hosts are other ones now */
	console_say(
		c, SCENE_INFO, "Runbooks opened from now on are for %s.", c->environment);
	return true;
}

static void
learn_marked(struct console *c)
{
	int id = c->home.runbooks.id;

	if (c->home.pane != HOME_RUNBOOKS || id < 0 || (size_t)id >= c->home_rows.len)
		console_say(c, SCENE_INFO, "mark a runbook to learn from it");
	else
		console_learn_load(c, c->home_rows.at[id].path);
}

bool
console_home_do(struct console *c, enum action a)
{
	switch (a) {
	case ACTION_HOME_OPEN:
		open_marked(c);
		return true;
	case ACTION_HOME_RESUME:
		if (c->home.pane != HOME_RUNS && c->home_runs.len) {
			c->home.pane = HOME_RUNS;
			c->home.preview = false;
			console_say(c, SCENE_INFO,
				"mark the run to resume, then press {home.resume} or {home.open}");
			if (c->home_runs.len > 1)
				return true;
		}
		resume_marked(c);
		return true;
	case ACTION_LEARN:
		learn_marked(c);
		return true;
	case ACTION_HOME_ENVIRONMENT:
		ask_environment(c);
		return true;
	case ACTION_HOME_FILTER:
		console_ask_filter(c);
		return true;
	case ACTION_HOME_POSTPONE:
	case ACTION_HOME_RELEASE:
		console_end(c, a);
		return true;
	case ACTION_RUN_PANE:
	case ACTION_RUN_PANE_BACK:
		step_pane(c, a == ACTION_RUN_PANE_BACK);
		return true;
	default:
		return false;
	}
}

void
console_home_release(struct console *c)
{
	colleagues_free(c->colleagues);
	forget_rows(c);
	forget_preview(c);
	mem_free(c->home_filter);
	mem_free(c->environment);
	view_home_release(&c->home);
}
