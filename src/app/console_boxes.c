#include <stdio.h>
#include <string.h>

#include "app/boxing.h"
#include "app/consoleinner.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/pattern.h"
#include "view/view_boxes.h"

/* The containers of the open run's hosts. They are only looked at here: what is done to one
 * is a run of its own, made as a runbook whose plan page comes first. */

struct console_boxes {
	struct console *c;
	struct boxing *boxing;
	struct view_boxes_state state;
	struct pattern *filter;
	char *filter_text;
	int marked; /* the row as it was drawn last */
	bool back;  /* from an act: its container is to be marked again */
};

/* ---- life ---- */

static void
on_changed(void *ctx)
{
	struct console_boxes *g = ctx;

	if (g->c->screen == SCREEN_BOXES && !g->state.paused)
		g->c->dirty = true;
}

static struct console_boxes *
begin(struct console *c)
{
	struct console_boxes *g = mem_alloc(sizeof *g);

	g->c = c;
	g->marked = g->state.list.id = g->state.below.id = SCROLL_NOTHING;
	g->boxing = boxing_new(&(struct boxing_opts){.loop = c->o->loop,
		.runbook = console_health_runbook(c),
		.fleet = console_eyes_fleet(c),
		.redact = console_eyes_redact(c),
		.changed = on_changed,
		.ctx = g});
	return g;
}

void
console_boxes_begin(struct console *c)
{
	/* What restarts from here on is counted, also before anybody looks. */
	if (!c->session || c->boxes ||
		session_runbook(c->session)->containers.list.len == 0)
		return;
	c->boxes = begin(c);
	boxing_pace(c->boxes->boxing, BOXING_UNWATCHED);
}

void
console_boxes_release(struct console *c)
{
	struct console_boxes *g = c->boxes;

	if (!g)
		return;
	c->boxes = NULL;
	boxing_free(g->boxing);
	view_boxes_release(&g->state);
	pattern_free(g->filter);
	mem_free(g->filter_text);
	mem_free(g);
}

void
console_boxes_open(struct console *c)
{
	if (!console_health_runbook(c)) {
		console_say(c, SCENE_INFO,
			"no runbook is looked at: choose one that is trusted, or handrail ps HOST");
		return;
	}
	if (!c->boxes)
		c->boxes = begin(c);
	if (c->screen != SCREEN_BOXES)
		c->boxes_from = c->session ? SCREEN_RUN : c->screen;
	c->screen = SCREEN_BOXES;
	console_boxes_tick(c);
}

void
console_boxes_tick(struct console *c)
{
	struct console_boxes *g = c->boxes;

	if (g)
		boxing_pace(g->boxing,
			g->state.paused                     ? BOXING_STILL
				: c->screen == SCREEN_BOXES ? BOXING_WATCHED
							    : BOXING_UNWATCHED);
}

/* ---- the scene ---- */

static struct boxes_scene
scene_of(const struct console_boxes *g)
{
	const struct run *r = g->c->session ? session_run(g->c->session) : NULL;

	return (struct boxes_scene){.boxes = boxing_boxes(g->boxing),
		.filter = g->filter,
		.filter_text = g->filter_text,
		.no_act = !r          ? "no run is open here: an act is a run of its own"
			: run_busy(r) ? "a step runs: its outcome comes first"
				      : NULL};
}

/* The container that something was done to is the marked one again, as soon as its host tells
 * of it and unless a person has moved on. */
static void
mark_acted(struct console *c)
{
	struct console_boxes *g = c->boxes;
	const struct boxes *boxes = boxing_boxes(g->boxing);

	g->back = g->back && g->state.list.id == g->marked;
	for (size_t i = 0; g->back && i < boxes_hosts(boxes); i++) {
		const struct boxes_host *h = boxes_host(boxes, i);

		if (!str_eq(h->name, c->acted_host))
			continue;
		for (size_t k = 0; k < h->boxes.list.len; k++) {
			if (!str_eq(h->boxes.list.at[k].name, c->acted_box))
				continue;
			scroll_select(&g->state.list, h->boxes.list.at[k].key);
			g->back = false;
		}
	}
}

void
console_boxes_draw(struct console *c, const struct scene *sc)
{
	struct boxes_scene bs = scene_of(c->boxes);

	mark_acted(c);
	view_boxes_draw(sc, &bs, &c->boxes->state, &c->frame);
	c->boxes->marked = c->boxes->state.list.id;
}

void
console_boxes_can(struct console *c, const struct scene *sc, struct keymap_can *can)
{
	struct boxes_scene bs = scene_of(c->boxes);

	view_boxes_can(sc, &bs, &c->boxes->state, can);
}

struct scroll *
console_boxes_scroll(const struct console *c)
{
	struct view_boxes_state *st = &c->boxes->state;

	return st->pane == VIEW_BOXES_LIST ? &st->list : &st->below;
}

static const struct box *
marked(const struct console_boxes *g, const struct boxes_host **host)
{
	struct boxes_scene bs = scene_of(g);

	return view_boxes_marked(&bs, &g->state, host);
}

char *
console_boxes_copy(const struct console *c)
{
	const struct boxes_host *h;
	const struct box *b = marked(c->boxes, &h);

	return b ? mem_strdup(b->name) : h ? mem_strdup(h->name) : NULL;
}

/* ---- finding ---- */

/* Small case: small letters match both. */
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
console_boxes_find(struct console *c, bool forward)
{
	struct boxes_scene bs = scene_of(c->boxes);
	struct err e = ERR_INIT;
	struct pattern *p;
	bool found;

	if (!c->find || !*c->find)
		return false;
	p = compile(c->find, &e);
	if (!p) {
		console_fault(c, &e);
		return true;
	}
	found = view_boxes_find(&bs, &c->boxes->state, p, forward);
	pattern_free(p);
	return found;
}

bool
console_boxes_filter(struct console *c, const char *text, struct err *e)
{
	struct console_boxes *g = c->boxes;
	struct pattern *p = *text ? compile(text, e) : NULL;

	if (*text && !p)
		return false;
	pattern_free(g->filter);
	mem_free(g->filter_text);
	g->filter = p;
	g->filter_text = *text ? mem_strdup(text) : NULL;
	return true;
}

const char *
console_boxes_filter_text(const struct console *c)
{
	return c->boxes->filter_text;
}

/* ---- what is done to one ---- */

enum box_act { BOX_RESTART, BOX_STOP, BOX_START, BOX_ACTS };

static const struct {
	const char *verb, *state;
	const char *back; /* the way back: a verb of the engine; NULL: there is none */
} acts[BOX_ACTS] = {
	{"restart", "running", NULL},
	{"stop", "exited", "start"},
	{"start", "running", "stop"},
};
static const char *const act_rows[BOX_ACTS + 1] = {"Restart it", "Stop it", "Start it"};

void
console_boxes_act(struct console *c)
{
	const struct boxes_host *h;
	const struct box *b = marked(c->boxes, &h);
	struct console_dialog *d;
	char *text;

	if (!b)
		return;
	d = console_dialog_push(c, DIALOG_BOX);
	d->step = b->key;
	text = mem_printf("%s on %s", b->name, h->name);
	console_ask_words(c, d,
		&(struct ask_words){.title = "What is to be done to it?",
			.text = text,
			.more = "It becomes a run of its own, which asks for a phrase and is "
				"recorded. Its plan comes first; nothing happens before.",
			.rows = act_rows,
			.yes = "Show the plan",
			.no = "Cancel"});
	mem_free(text);
}

static void
add_quoted(const char *text, struct str *out)
{
	str_addc(out, '\'');
	for (; *text; text++)
		str_addf(out, *text == '\'' ? "''" : "%c", *text);
	str_addc(out, '\'');
}

static void
add_host(const struct runbook *rb, int target, struct str *out)
{
	const struct target *t = &rb->targets.list.at[target];
	const struct host *h = &rb->hosts.list.at[t->host];

	str_adds(out, "hosts:\n  of_container: {");
	if (h->via == HOST_LOCAL) {
		str_adds(out, "local: true");
	} else if (h->via == HOST_SIM) {
		str_adds(out, "sim: ");
		add_quoted(h->sim_file, out);
	} else {
		str_adds(out, "ssh: ");
		add_quoted(t->id, out);
		if (h->transport != HOST_AUTO)
			str_addf(out, ", transport: %s",
				h->transport == HOST_OPENSSH ? "openssh" : "libssh2");
	}
	str_adds(out, "}\n");
}

/* The runbook that does it: one act, its way back, and a look whether it came about. */
static void
write_runbook(const struct console_boxes *g, const struct boxes_host *h,
	const struct box *b, enum box_act act, struct str *out)
{
	const struct runbook *rb = session_runbook(g->c->session);
	const char *verb = acts[act].verb, *engine = *h->engine ? h->engine : "docker";
	int target = NONE;
	const char *host = "";

	for (size_t i = 0; i < boxes_hosts(boxing_boxes(g->boxing)); i++) {
		if (boxes_host(boxing_boxes(g->boxing), i) == h)
			target = boxing_target(g->boxing, i);
	}
	str_addf(out, "handrail: 1\ntitle: %s %s on %s\nkind: maintenance\n", verb,
		b->name, h->name);
	str_addf(out, "why: Asked for on the screen of containers in run %s.\n",
		session_run(g->c->session)->id);
	if (target != NONE) {
		add_host(rb, target, out);
		host = "host: of_container";
	}
	str_addf(out,
		"probes:\n  container:\n    container: %s\n    %s\n"
		"    expect: {state: %s}\n",
		b->name, host, acts[act].state);
	str_addf(out,
		"steps:\n  - run: %s %s %s\n    title: %s %s\n    %s\n    risk: hard\n"
		"    confirm: %s %s on ${host}\n    expect: {exit: 0}\n",
		engine, verb, b->name, verb, b->name, host, verb, b->name);
	if (acts[act].back)
		str_addf(out, "    undo: %s %s %s\n", engine, acts[act].back, b->name);
	else
		str_addf(out, "    irreversible: what it was doing is cut off\n");
	str_adds(out,
		"  - check: [container]\n    title: it is as asked for\n    within: 1m\n");
}

static bool
good_name(const char *name)
{
	return *name &&
		strspn(name,
			"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			"0123456789_.-") == strlen(name) &&
		*name != '-' && *name != '.';
}

/* Kept until the next of the same name; the record has a copy of its own. */
static char *
keep_runbook(const char *name, const struct str *text, struct err *e)
{
	char *state = file_xdg(FILE_XDG_STATE), *dir = file_join(state, "actions"),
	     *path = file_join(dir, name);
	bool ok = file_mkdirs(dir, 0700, e) &&
		file_replace(path, text->buf, text->len, 0600, e);

	mem_free(state);
	mem_free(dir);
	if (ok)
		return path;
	mem_free(path);
	return NULL;
}

bool
console_boxes_act_pressed(struct console *c, struct console_dialog *d, int button)
{
	int act = form_chosen(&d->form, ASK_LIST);
	const struct boxes_host *h;
	const struct box *b;
	struct str text = STR_INIT;
	struct err e = ERR_INIT;
	char *name, *path;

	if (button != ASK_YES || act == FORM_NO_ID || !c->boxes)
		return true;
	b = boxes_find(boxing_boxes(c->boxes->boxing), d->step, &h);
	if (!b || !good_name(b->name)) {
		console_say(c, SCENE_WARNING,
			b ? "a container of that name is left alone"
			  : "the container is not there any more");
		return true;
	}
	mem_free(c->acted_box);
	mem_free(c->acted_host);
	c->acted_box = mem_strdup(b->name);
	c->acted_host = mem_strdup(h->name);
	write_runbook(c->boxes, h, b, (enum box_act)act, &text);
	name = mem_printf("%s-%s.yaml", acts[act].verb, b->name);
	path = keep_runbook(name, &text, &e);
	if (path)
		/* its windows bind here too, whatever Home says meanwhile */
		console_plan_open_in(c, path, session_runbook(c->session)->environment);
	else
		console_fault(c, &e);
	mem_free(c->acting);
	c->acting = path;
	mem_free(name);
	str_release(&text);
	return true;
}

bool
console_boxes_is_act(const struct console *c)
{
	return c->acting && c->plan && str_eq(c->plan->path, c->acting);
}

bool
console_boxes_aside(struct console *c)
{
	if (!console_boxes_is_act(c) || run_busy(session_run(c->session)))
		return false;
	mem_free(c->aside);
	c->aside = mem_strdup(session_dir(c->session));
	return true;
}

bool
console_boxes_return(struct console *c)
{
	struct err e = ERR_INIT;
	char *dir = c->aside;

	if (!dir || !c->session || !session_run(c->session)->closed)
		return false;
	c->aside = NULL;
	if (console_session_resume(c, dir, &e)) {
		console_boxes_open(c);
		c->boxes->back = c->acted_box;
	} else {
		console_fault(c, &e);
	}
	mem_free(dir);
	return c->session != NULL;
}

/* ---- keys ---- */

static void
tail(struct console_boxes *g)
{
	const struct boxes_host *h;
	const struct box *b = marked(g, &h);
	struct err e = ERR_INIT;

	for (size_t i = 0; b && i < boxes_hosts(boxing_boxes(g->boxing)); i++) {
		if (boxes_host(boxing_boxes(g->boxing), i) != h)
			continue;
		if (!console_logs_tail(g->c, boxing_target(g->boxing, i), b->name, &e))
			console_fault(g->c, &e);
		return;
	}
	console_say(g->c, SCENE_INFO, "no container is marked");
}

static void
pause(struct console_boxes *g)
{
	g->state.paused = !g->state.paused;
	g->state.then = clock_now();
	console_boxes_tick(g->c);
}

static void
inspect(struct console_boxes *g)
{
	struct boxes_scene bs = scene_of(g);
	const struct boxes_host *h;

	if (!marked(g, &h)) {
		view_boxes_fold(&bs, &g->state);
		return;
	}
	g->state.inspect = !g->state.inspect;
	g->state.pane = VIEW_BOXES_LIST;
	g->state.below.top = 0;
}

static void
act(struct console *c)
{
	struct keymap_can can = {0};

	console_can(c, &can);
	if (can.not_now[ACTION_BOXES_ACT])
		console_say(c, SCENE_WARNING, "not now: %s", can.why[ACTION_BOXES_ACT]);
	else
		console_boxes_act(c);
}

bool
console_boxes_do(struct console *c, enum action a)
{
	struct console_boxes *g = c->boxes;
	struct boxes_scene bs = scene_of(g);

	switch (a) {
	case ACTION_BOXES_INSPECT:
		inspect(g);
		return true;
	case ACTION_BOXES_TAIL:
		tail(g);
		return true;
	case ACTION_BOXES_ACT:
		act(c);
		return true;
	case ACTION_BOXES_SORT:
		g->state.sort = (g->state.sort + 1) % VIEW_BOXES_SORT_COUNT;
		return true;
	case ACTION_BOXES_FILTER:
		console_ask_filter(c);
		return true;
	case ACTION_BOXES_PAUSE:
		pause(g);
		return true;
	case ACTION_BOXES_AGAIN:
		boxing_again(g->boxing);
		console_say(c, SCENE_INFO, "all hosts are looked at again");
		return true;
	case ACTION_LEFT:
	case ACTION_RIGHT:
		view_boxes_fold(&bs, &g->state);
		return true;
	case ACTION_RUN_PANE:
	case ACTION_RUN_PANE_BACK:
		g->state.pane = g->state.pane == VIEW_BOXES_LIST ? VIEW_BOXES_BELOW
								 : VIEW_BOXES_LIST;
		return true;
	default:
		return false;
	}
}

bool
console_boxes_escape(struct console *c)
{
	struct view_boxes_state *st = &c->boxes->state;
	struct err e = ERR_INIT;

	if (st->inspect || st->pane != VIEW_BOXES_LIST) {
		st->inspect = false;
		st->pane = VIEW_BOXES_LIST;
		return true;
	}
	return c->boxes->filter && console_boxes_filter(c, "", &e);
}
