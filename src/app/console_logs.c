#include <stdio.h>
#include <string.h>

#include "app/consoleinner.h"
#include "app/logging.h"
#include "base/mem.h"
#include "base/pattern.h"
#include "run/gate.h"
#include "view/view_logs.h"

/* The logs of the open run, or of what is looked at without one; and what keys do there. */

enum { FIRST_LINES = 500 }; /* of each log, when it is looked at first */
#define NO_LINE UINT64_MAX

struct console_logs {
	struct console *c;
	struct logging *logging;
	struct query *wanted, *found;
	struct query_terms terms;
	struct pattern *filter, *search;
	char *filter_text, *search_text;
	struct view_logs_state state;
	bool stepping;   /* another slice of an index is due */
	int step;        /* that was selected when it was opened; NONE */
	uint64_t marked; /* where a range begins, or NO_LINE */
};

/* ---- life ---- */

static void
on_changed(void *ctx)
{
	struct console_logs *g = ctx;

	if (g->c->screen == SCREEN_LOGS)
		g->c->dirty = true;
}

static void
on_inserted(void *ctx, uint64_t seq)
{
	struct console_logs *g = ctx;
	const struct logline *l = logstore_at(logs_store(logging_logs(g->logging)), seq);

	query_inserted(g->wanted, seq);
	if (g->found)
		query_inserted(g->found, seq);
	if (g->marked != NO_LINE && seq <= g->marked)
		g->marked++;
	view_logs_inserted(&g->state, seq, query_wants(g->wanted, l) ? l : NULL);
}

static struct console_logs *
begin(struct console *c)
{
	struct console_logs *g = mem_alloc(sizeof *g);
	const struct runbook *rb = console_health_runbook(c);
	struct err e = ERR_INIT;

	g->c = c;
	g->step = NONE;
	g->marked = NO_LINE;
	g->logging = logging_new(&(struct logging_opts){.loop = c->o->loop,
		.runbook = rb,
		.beside = c->session ? session_fleet(c->session) : NULL,
		.redact = console_eyes_redact(c),
		.mode = FOLLOW_ON,
		.lines = FIRST_LINES,
		.changed = on_changed,
		.inserted = on_inserted,
		.ctx = g});
	g->wanted = query_new(logs_store(logging_logs(g->logging)));
	for (size_t i = 0; i < rb->logs.list.len; i++) {
		if (!logging_start(g->logging, i, NULL, &e))
			console_fault(c, &e);
	}
	return g;
}

void
console_logs_release(struct console *c)
{
	struct console_logs *g = c->logs;

	if (!g)
		return;
	c->logs = NULL;
	query_free(g->wanted);
	query_free(g->found);
	logging_free(g->logging);
	pattern_free(g->filter);
	pattern_free(g->search);
	mem_free(g->filter_text);
	mem_free(g->search_text);
	view_logs_release(&g->state);
	mem_free(g);
}

static const struct {
	enum event_type type;
	const char *words;
} told[] = {
	{EVENT_STEP_STARTED, "started"},
	{EVENT_STEP_DONE, "ended"},
	{EVENT_STEP_CANCEL, "cancelled"},
	{EVENT_STEP_UNKNOWN, "outcome unknown"},
	{EVENT_TICK_SET, "ticked"},
};

void
console_logs_event(struct console *c, const struct event *ev)
{
	const struct run *r;
	struct now now = clock_now();
	struct str text = STR_INIT;

	for (size_t i = 0; c->logs && c->session && i < sizeof told / sizeof *told; i++) {
		if (told[i].type != ev->type)
			continue;
		r = session_run(c->session);
		str_addf(&text, "run %s step %s %s", r->id + ULID_LEN - 4,
			ev->step ? ev->step : "?", told[i].words);
		if (ev->who)
			str_addf(&text, " by %s", ev->who);
		logs_say(logging_logs(c->logs->logging), text.buf, &now);
		on_changed(c->logs);
	}
	str_release(&text);
}

/* ---- what is wanted ---- */

static void
ask_again(struct console_logs *g)
{
	struct query_terms both = g->terms;

	query_set(g->wanted, &g->terms);
	query_free(g->found);
	g->found = NULL;
	if (!g->search)
		return;
	both.patterns[1] = g->search;
	g->found = query_new(logs_store(logging_logs(g->logging)));
	query_set(g->found, &both);
}

/* `opens:` of the step names a log: the others are left out. */
static void
open_for_step(struct console_logs *g, int step)
{
	const struct logs *l = logging_logs(g->logging);
	const char *opens = step == NONE || !g->c->session
		? NULL
		: session_runbook(g->c->session)->steps.list.at[step].opens;
	bool named = false;

	g->step = step;
	memset(g->terms.hidden, 0, sizeof g->terms.hidden);
	for (size_t i = 0; i < logs_sources(l); i++)
		named = named || str_eq(logs_source(l, i)->name, opens);
	for (size_t i = 0; named && i < logs_sources(l); i++) {
		if (!str_eq(logs_source(l, i)->name, opens))
			g->terms.hidden[i / 64] |= UINT64_C(1) << i % 64;
	}
	ask_again(g);
}

const char *
console_logs_why_not(const struct console *c)
{
	const struct runbook *rb = console_health_runbook(c);

	if (!rb)
		return "no runbook is looked at: choose one that is trusted and names logs";
	return rb->logs.list.len ? NULL
				 : "what is looked at names no logs (logs: of a runbook)";
}

void
console_logs_open(struct console *c)
{
	const char *why = console_logs_why_not(c);

	if (why) {
		console_say(c, SCENE_INFO, "%s", why);
		return;
	}
	if (!c->logs)
		c->logs = begin(c);
	open_for_step(c->logs,
		!c->session || c->run.tree.id == SCROLL_NOTHING ? NONE : c->run.tree.id);
	if (c->screen != SCREEN_LOGS)
		c->back_to = !c->session || c->screen == SCREEN_HEALTH ? c->screen
								       : SCREEN_RUN;
	c->screen = SCREEN_LOGS;
}

bool
console_logs_of_host(struct console *c, const char *host)
{
	struct console_logs *g;
	const struct logs *l;
	bool any = false;

	console_logs_open(c);
	g = c->logs;
	if (!g || c->screen != SCREEN_LOGS)
		return false;
	l = logging_logs(g->logging);
	for (size_t i = 0; i < logs_sources(l); i++)
		any = any || str_eq(logs_source(l, i)->host, host);
	memset(g->terms.hidden, 0, sizeof g->terms.hidden);
	for (size_t i = 0; any && i < logs_sources(l); i++) {
		if (!str_eq(logs_source(l, i)->host, host))
			g->terms.hidden[i / 64] |= UINT64_C(1) << i % 64;
	}
	ask_again(g);
	return any;
}

bool
console_logs_tail(struct console *c, int target, const char *container, struct err *e)
{
	struct console_logs *g;
	size_t source;

	if (!c->logs)
		c->logs = begin(c);
	g = c->logs;
	if (!logging_tail(g->logging, target, container, &source, e))
		return false;
	memset(g->terms.hidden, 0xff, sizeof g->terms.hidden);
	g->terms.hidden[source / 64] &= ~(UINT64_C(1) << source % 64);
	g->step = NONE;
	ask_again(g);
	view_logs_follow(&g->state);
	c->back_to = SCREEN_BOXES;
	c->screen = SCREEN_LOGS;
	return true;
}

/* Smart case: small letters match both. */
static struct pattern *
compile(const char *text, struct err *e)
{
	bool capital = false;
	char *whole;
	struct pattern *p;

	for (const char *s = text; *s; s++)
		capital = capital || (*s >= 'A' && *s <= 'Z');
	whole = mem_join(capital ? "" : "(?i)", text);
	p = pattern_new(whole, e);
	mem_free(whole);
	return p;
}

bool
console_logs_filter(struct console *c, const char *text, struct err *e)
{
	struct console_logs *g = c->logs;
	struct pattern *p = *text ? compile(text, e) : NULL;

	if (*text && !p)
		return false;
	pattern_free(g->filter);
	mem_free(g->filter_text);
	g->filter = p;
	g->filter_text = *text ? mem_strdup(text) : NULL;
	g->terms.patterns[0] = p;
	ask_again(g);
	return true;
}

const char *
console_logs_filter_text(const struct console *c)
{
	return c->logs->filter_text;
}

static bool
search(struct console_logs *g, const char *text, struct err *e)
{
	struct pattern *p;

	if (str_eq(text, g->search_text))
		return true;
	p = compile(text, e);
	if (!p)
		return false;
	pattern_free(g->search);
	mem_free(g->search_text);
	g->search = p;
	g->search_text = mem_strdup(text);
	ask_again(g);
	return true;
}

/* ---- the scene ---- */

static struct logs_scene
scene_of(struct console_logs *g)
{
	return (struct logs_scene){.logs = logging_logs(g->logging),
		.wanted = g->wanted,
		.found = g->found,
		.level = g->terms.level,
		.filter = g->filter_text,
		.search = g->search_text,
		.none = g->filter_text || g->terms.level != LOGLEVEL_NONE
			? "no line that the filter wants"
			: NULL};
}

static void
step_again(void *ctx)
{
	struct console *c = ctx;

	if (!c->logs)
		return;
	c->logs->stepping = false;
	c->dirty = true;
}

static struct logs_scene
look(struct console_logs *g)
{
	struct now now = clock_now();
	bool more;

	logs_settled(logging_logs(g->logging), &now);
	more = query_step(g->wanted);
	if (g->found)
		more = query_step(g->found) || more;
	if (more && !g->stepping) {
		g->stepping = true;
		loop_defer(g->c->o->loop, step_again, g->c);
	}
	return scene_of(g);
}

static struct logs_scene
scene_for(struct console *c, const struct scene *sc, struct err *e)
{
	struct logs_scene ls = look(c->logs);

	if (sc->readonly)
		ls.no_note = "read-only: nothing is recorded";
	else if (!c->session)
		ls.no_note = "no run is open here";
	else if (!gate_allows(session_run(c->session), ACT_NOTE, NONE, e))
		ls.no_note = e->msg;
	return ls;
}

void
console_logs_draw(struct console *c, const struct scene *sc)
{
	struct err e = ERR_INIT;
	struct logs_scene ls = scene_for(c, sc, &e);

	view_logs_draw(sc, &ls, &c->logs->state, &c->frame);
}

void
console_logs_can(struct console *c, const struct scene *sc, struct keymap_can *can)
{
	struct err e = ERR_INIT;
	struct logs_scene ls = scene_for(c, sc, &e);

	view_logs_can(sc, &ls, can);
}

bool
console_logs_find(struct console *c, bool forward)
{
	struct err e = ERR_INIT;
	struct logs_scene ls;

	if (!c->find || !*c->find)
		return false;
	if (!search(c->logs, c->find, &e)) {
		console_fault(c, &e);
		return true;
	}
	while (query_step(c->logs->found))
		;
	ls = look(c->logs);
	return view_logs_jump_found(
		&ls, &c->logs->state, forward ? LOGS_FORWARD : LOGS_BACK);
}

/* ---- evidence ---- */

/* False, and said: the line is a sentence of ours. */
static bool
mark_one(struct console_logs *g, uint64_t seq)
{
	struct logs *l = logging_logs(g->logging);

	if (logstore_at(logs_store(l), seq)->flags & LOGLINE_NOTE) {
		console_say(g->c, SCENE_INFO,
			"this line is of handrail, not of a log: it is no evidence");
		return false;
	}
	logs_mark(l, seq);
	return true;
}

static void
take_evidence(struct console_logs *g, const struct logs_scene *ls)
{
	const struct run *r = g->c->session ? session_run(g->c->session) : NULL;
	struct logs *l = logging_logs(g->logging);
	struct err e = ERR_INIT;
	uint64_t line;
	size_t n;

	if (!r || console_readonly(g->c) || !gate_allows(r, ACT_NOTE, NONE, &e)) {
		console_say(g->c, SCENE_WARNING, "%s",
			r ? "nothing can be added now" : "no run is open here");
		return;
	}
	n = console_evidence_send(g->c, l, g->step);
	if (n == 0 && view_logs_selected(ls, &g->state, &line) && mark_one(g, line))
		n = console_evidence_send(g->c, l, g->step);
	if (n > 0)
		console_say(g->c, SCENE_INFO, "%zu line%s into the record%s%s", n,
			n == 1 ? " goes" : "s go", g->step == NONE ? "" : " of step ",
			g->step == NONE ? "" : r->steps.list.at[g->step].step->number);
}

/* ---- keys ---- */

static void
next_level(struct console_logs *g)
{
	static const enum loglevel after[LOGLEVEL_COUNT] = {
		[LOGLEVEL_NONE] = LOGLEVEL_INFO,
		[LOGLEVEL_INFO] = LOGLEVEL_WARN,
		[LOGLEVEL_WARN] = LOGLEVEL_ERROR,
	};

	g->terms.level = after[g->terms.level];
	ask_again(g);
}

static const struct {
	enum action action;
	enum logs_move move;
} moves[] = {
	{ACTION_UP, LOGS_UP},
	{ACTION_UP_VI, LOGS_UP},
	{ACTION_DOWN, LOGS_DOWN},
	{ACTION_DOWN_VI, LOGS_DOWN},
	{ACTION_HALF_UP, LOGS_HALF_UP},
	{ACTION_HALF_DOWN, LOGS_HALF_DOWN},
	{ACTION_PAGE_UP, LOGS_PAGE_UP},
	{ACTION_PAGE_DOWN, LOGS_PAGE_DOWN},
	{ACTION_FIRST, LOGS_FIRST},
	{ACTION_LAST, LOGS_LAST},
};

static const struct {
	enum action action;
	enum logs_way way;
	enum loglevel level;
} jumps[] = {
	{ACTION_LOGS_ERROR, LOGS_FORWARD, LOGLEVEL_ERROR},
	{ACTION_LOGS_ERROR_BACK, LOGS_BACK, LOGLEVEL_ERROR},
	{ACTION_LOGS_WARN, LOGS_FORWARD, LOGLEVEL_WARN},
	{ACTION_LOGS_WARN_BACK, LOGS_BACK, LOGLEVEL_WARN},
};

static bool
move_or_jump(struct console_logs *g, const struct logs_scene *ls, enum action a)
{
	for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
		if (moves[i].action == a) {
			view_logs_move(ls, &g->state, moves[i].move);
			return true;
		}
	}
	for (size_t i = 0; i < sizeof jumps / sizeof *jumps; i++) {
		if (jumps[i].action != a)
			continue;
		if (!view_logs_jump_level(ls, &g->state, jumps[i].way, jumps[i].level))
			console_say(g->c, SCENE_INFO, "no more of that kind this way");
		return true;
	}
	return false;
}

static void
mark(struct console_logs *g, const struct logs_scene *ls)
{
	uint64_t line;

	view_logs_pause(ls, &g->state);
	if (view_logs_selected(ls, &g->state, &line) && mark_one(g, line))
		g->marked = logstore_at(logs_store(logging_logs(g->logging)), line)
					->flags &
				LOGLINE_MARKED
			? line
			: NO_LINE;
}

/* All that is shown from the line marked last up to this one. */
static void
mark_range(struct console_logs *g, const struct logs_scene *ls)
{
	struct logs *l = logging_logs(g->logging);
	uint64_t line, from = g->marked;

	view_logs_pause(ls, &g->state);
	if (!view_logs_selected(ls, &g->state, &line))
		return;
	if (from == NO_LINE || from < logstore_first(logs_store(l))) {
		console_say(g->c, SCENE_INFO, "m marks where it begins, then M here");
		return;
	}
	if (line < from) {
		uint64_t other = line;

		line = from;
		from = other;
	}
	for (size_t i = query_rank(g->wanted, from); i < query_rank(g->wanted, line + 1);
		i++) {
		uint64_t seq = query_at(g->wanted, i);

		if (!(logstore_at(logs_store(l), seq)->flags &
			    (LOGLINE_MARKED | LOGLINE_NOTE)))
			logs_mark(l, seq);
	}
	g->marked = NO_LINE;
}

char *
console_logs_copy(const struct console *c)
{
	struct console_logs *g = c->logs;
	struct logs_scene ls = look(g);
	const struct logstore *store = logs_store(logging_logs(g->logging));
	const struct logline *l;
	uint64_t line;

	if (!view_logs_selected(&ls, &g->state, &line))
		return NULL;
	l = logstore_at(store, line);
	return mem_strndup(logstore_text(store, l), l->len);
}

bool
console_logs_do(struct console *c, enum action a)
{
	struct console_logs *g = c->logs;
	struct logs_scene ls = look(g);

	if (move_or_jump(g, &ls, a))
		return true;
	switch (a) {
	case ACTION_LOGS_PAUSE:
		if (g->state.paused)
			view_logs_follow(&g->state);
		else
			view_logs_pause(&ls, &g->state);
		return true;
	case ACTION_LEFT:
	case ACTION_RIGHT:
		view_logs_sideways(
			&g->state, a == ACTION_LEFT ? LOGS_BACK : LOGS_FORWARD);
		return true;
	case ACTION_LOGS_FILTER:
		console_ask_filter(c);
		return true;
	case ACTION_LOGS_LEVEL:
		next_level(g);
		return true;
	case ACTION_LOGS_FOLD:
		if (!view_logs_fold(&ls, &g->state))
			console_say(c, SCENE_INFO, "this line has no trace to unfold");
		return true;
	case ACTION_LOGS_MARK:
		mark(g, &ls);
		return true;
	case ACTION_LOGS_MARK_TO:
		mark_range(g, &ls);
		return true;
	case ACTION_LOGS_EVIDENCE:
		take_evidence(g, &ls);
		return true;
	default:
		return false;
	}
}
