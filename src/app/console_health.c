#include <string.h>

#include "app/consoleinner.h"
#include "base/mem.h"
#include "load/load.h"
#include "view/healthwords.h"

/* The board on the screen and in the strip: that of the open run, else of what was trusted
 * and chosen last; and what keys do there. */

enum { USES_MOST = 200 };

/* ---- which board ---- */

const struct board *
console_health_board(const struct console *c)
{
	if (c->session && session_onlooking(c->session))
		return NULL; /* its driver looks at hosts and probes, not we */
	if (c->session)
		return session_board(c->session);
	return c->health.own ? watching_board(c->health.own) : NULL;
}

const struct runbook *
console_health_runbook(const struct console *c)
{
	return c->session ? session_runbook(c->session) : c->health.own_of;
}

static void
forget_uses(struct console_health *h)
{
	for (size_t i = 0; i < h->uses.len; i++) {
		mem_free((char *)(uintptr_t)h->uses.at[i].title);
		mem_free((char *)(uintptr_t)h->uses.at[i].path);
	}
	h->uses.len = 0;
	h->uses_of = NONE;
}

void
console_health_forget(struct console *c)
{
	struct console_health *h = &c->health;

	if (!c->session) { /* they were about the same and on its connections */
		console_logs_release(c);
		console_boxes_release(c);
	}
	watching_free(h->own);
	h->own = NULL;
	givens_free(h->givens);
	h->givens = NULL;
	if (h->own_of)
		runbook_unref(h->own_of);
	h->own_of = NULL;
	h->shown = h->heard = NULL;
	forget_uses(h);
}

void
console_health_release(struct console *c)
{
	console_health_forget(c);
	console_eyes_release(c);
	vec_free(&c->health.down);
	vec_free(&c->health.uses);
	view_health_release(&c->health.state);
}

static void
own_changed(void *ctx, int item, const struct probe_reading *r, bool turned)
{
	struct console *c = ctx;

	(void)item;
	(void)r;
	(void)turned;
	c->dirty = true;
}

static void
own_told(void *ctx, const struct err *e)
{
	console_say(ctx, SCENE_WARNING, "%s", e->msg);
}

void
console_health_watch(struct console *c, struct runbook *rb)
{
	struct console_health *h = &c->health;
	const struct pairs *in = c->o->inputs;
	char *dir;

	if (c->session)
		return; /* its board stays */
	console_health_forget(c);
	dir = readings_default_dir();
	h->own_of = runbook_ref(rb);
	h->givens = givens_new(rb);
	for (size_t i = 0; in && i < in->list.len; i++)
		givens_set(h->givens, in->list.at[i].key, in->list.at[i].value);
	h->own = watching_new(&(struct watching_opts){.loop = c->o->loop,
		.runbook = rb,
		.givens = h->givens,
		.readings_dir = dir,
		.project = c->o->project,
		.changed = own_changed,
		.told = own_told,
		.ctx = c});
	watching_watch(h->own, BOARD_LOOKED_AT);
	mem_free(dir);
}

/* ---- the strip ---- */

void
console_health_strip_release(struct console_strip *st)
{
	for (size_t i = 0; i < st->texts.list.len; i++)
		mem_free(st->texts.list.at[i]);
	vec_free(&st->texts.list);
	vec_free(&st->list);
}

static const char *
keep(struct console_strip *st, char *take)
{
	vec_push(&st->texts.list, take);
	return take;
}

static void
strip_links(struct console *c, struct console_strip *st)
{
	const struct runbook *rb = session_runbook(c->session);

	for (size_t i = 0; i < rb->targets.list.len; i++) {
		const struct target *t = &rb->targets.list.at[i];
		struct link_status ls;
		bool ready, lost;

		if (rb->hosts.list.at[t->host].via == HOST_LOCAL)
			continue;
		session_link_status(c->session, (int)i, &ls);
		if (ls.state == LINK_IDLE)
			continue;
		ready = ls.state == LINK_READY && !ls.silent_ms;
		lost = ls.state == LINK_LOST || ls.state == LINK_FAILED;
		vec_push(&st->list,
			(struct scene_reading){.name = t->id,
				.state = keep(st, mem_strdup(ls.label)),
				.age_ms = ready || ls.heard_ms < 0 ? 0 : ls.heard_ms,
				.health = ready ? VITAL_OK
					: lost  ? VITAL_DOWN
						: VITAL_UNKNOWN});
	}
}

void
console_health_strip(struct console *c, struct console_strip *st)
{
	const struct board *b = console_health_board(c);
	struct now now = clock_now();
	size_t n = !b ? 0 : c->session ? board_probes(b) : board_items(b);

	for (size_t i = 0; i < n; i++) {
		struct board_shown s;
		struct str value = STR_INIT;

		board_show(b, (int)i, now, &s);
		if (s.skipped != NONE)
			continue; /* one dead host is one alarm */
		healthwords_strip(&s, now, &value);
		vec_push(&st->list,
			(struct scene_reading){.name = s.name,
				.state = vital_state_name(s.state),
				.value = value.len ? keep(st, str_take(&value)) : NULL,
				.health = s.state});
		str_release(&value);
	}
	if (c->session)
		strip_links(c, st);
}

/* ---- who else names the probe ---- */

static bool
same_probe(const struct probe *a, const struct probe *b)
{
	return a->kind == b->kind && str_eq(a->name, b->name) &&
		str_eq(a->subject, b->subject) && str_eq(a->http.url, b->http.url);
}

static bool
step_names(const struct step *s, int probe)
{
	for (size_t i = 0; i < s->probes.list.len; i++)
		if (s->probes.list.at[i] == probe)
			return true;
	for (size_t i = 0; i < s->before.list.len; i++)
		if (s->before.list.at[i] == probe)
			return true;
	return false;
}

static int
first_step_with(const struct runbook *rb, const struct probe *p)
{
	for (size_t i = 0; i < rb->probes.list.len; i++)
		for (size_t k = 0;
			same_probe(&rb->probes.list.at[i], p) && k < rb->steps.list.len;
			k++)
			if (step_names(&rb->steps.list.at[k], (int)i))
				return (int)k;
	return NONE;
}

static void
steps_here(struct console *c, const struct probe *p)
{
	const struct runbook *rb = console_health_runbook(c);

	for (size_t i = 0; i < rb->probes.list.len; i++)
		for (size_t k = 0; &rb->probes.list.at[i] == p && k < rb->steps.list.len;
			k++) {
			const struct step *s = &rb->steps.list.at[k];

			if (step_names(s, (int)i))
				vec_push(&c->health.uses,
					(struct health_use){
						.title = mem_printf("step %s  %s here",
							s->number, s->title)});
		}
}

static void
other_runbooks(struct console *c, const struct probe *p)
{
	const struct runbook *here = console_health_runbook(c);

	for (size_t i = 0; i < c->library.runbooks.list.len && i < USES_MOST; i++) {
		const char *path = c->library.runbooks.list.at[i].path;
		struct diags d = {0};
		struct runbook *rb;
		int step;

		if (str_eq(path, here->path) || c->library.runbooks.list.at[i].fault)
			continue;
		rb = load_runbook(path,
			&(struct load_opts){.project = c->o->project,
				.environment = c->o->environment},
			&d);
		step = rb ? first_step_with(rb, p) : NONE;
		if (step != NONE)
			vec_push(&c->health.uses,
				(struct health_use){.title = mem_strdup(rb->title),
					.path = mem_strdup(path)});
		if (rb)
			runbook_unref(rb);
		diags_release(&d);
	}
}

static void
need_uses(struct console *c)
{
	struct console_health *h = &c->health;
	struct board_shown s;

	if (!h->state.open || h->uses_of == h->state.item)
		return;
	forget_uses(h);
	h->uses_of = h->state.item;
	board_show(console_health_board(c), h->state.item, clock_now(), &s);
	if (!s.probe)
		return;
	steps_here(c, s.probe);
	other_runbooks(c, s.probe);
}

/* ---- the scene ---- */

static const char *
why_no_logs(const struct console *c, const struct board_shown *s)
{
	const char *why = console_logs_why_not(c);

	if (why)
		return why;
	return s->host ? NULL : "this probe stands on no host";
}

static struct health_scene
scene_of(struct console *c)
{
	struct console_health *h = &c->health;
	const struct runbook *rb = console_health_runbook(c);
	struct health_scene hs = {.board = console_health_board(c),
		.none = "no probe is looked at: choose a runbook that is trusted and has some",
		.no_mute = console_readonly(c) ? "read-only: nothing is recorded" : NULL};
	struct board_shown s;

	if (hs.board != h->shown) {
		view_health_release(&h->state);
		forget_uses(h);
		h->shown = hs.board;
	}
	if (!hs.board)
		return hs;
	hs.links = &rb->links;
	if (h->state.item == NONE || (size_t)h->state.item >= board_items(hs.board))
		return hs;
	need_uses(c);
	hs.uses = h->uses.at;
	hs.uses_len = h->uses.len;
	board_show(hs.board, h->state.item, clock_now(), &s);
	hs.no_logs = why_no_logs(c, &s);
	hs.no_check = !s.probe ? "a connection is looked at by itself"
		: s.under_way  ? "it is being looked at"
			       : NULL;
	if (!s.probe)
		hs.no_mute = "only probes can be muted";
	return hs;
}

void
console_health_open(struct console *c)
{
	if (c->screen == SCREEN_HEALTH)
		return;
	/* from the logs it goes back to the run: they go back to here */
	c->health.from = c->screen != SCREEN_LOGS ? c->screen
		: c->session                      ? SCREEN_RUN
						  : SCREEN_HOME;
	c->screen = SCREEN_HEALTH;
}

void
console_health_draw(struct console *c, const struct scene *sc)
{
	struct health_scene hs = scene_of(c);

	view_health_draw(sc, &hs, &c->health.state, &c->frame);
}

void
console_health_can(struct console *c, const struct scene *sc, struct keymap_can *can)
{
	struct health_scene hs = scene_of(c);

	view_health_can(sc, &hs, &c->health.state, can);
}

bool
console_health_back(struct console *c)
{
	bool open = c->health.state.open;

	c->health.state.open = false;
	return open;
}

bool
console_health_find(struct console *c, bool forward)
{
	struct health_scene hs = scene_of(c);

	return c->find && *c->find &&
		view_health_find(&hs, &c->health.state, c->find,
			forward ? HEALTH_FORWARD : HEALTH_BACK);
}

char *
console_health_copy(const struct console *c)
{
	const struct board *b = console_health_board(c);
	struct board_shown s;

	if (!b || c->health.state.item == NONE ||
		(size_t)c->health.state.item >= board_items(b))
		return NULL;
	board_show(b, c->health.state.item, clock_now(), &s);
	return mem_printf("%s %s: %s", s.name, vital_state_name(s.state), s.message);
}

/* ---- keys ---- */

static const struct {
	enum action action;
	enum health_move move;
} moves[] = {
	{ACTION_UP, HEALTH_UP},
	{ACTION_UP_VI, HEALTH_UP},
	{ACTION_DOWN, HEALTH_DOWN},
	{ACTION_DOWN_VI, HEALTH_DOWN},
	{ACTION_LEFT, HEALTH_LEFT},
	{ACTION_RIGHT, HEALTH_RIGHT},
	{ACTION_HALF_UP, HEALTH_HALF_UP},
	{ACTION_HALF_DOWN, HEALTH_HALF_DOWN},
	{ACTION_PAGE_UP, HEALTH_PAGE_UP},
	{ACTION_PAGE_DOWN, HEALTH_PAGE_DOWN},
	{ACTION_FIRST, HEALTH_FIRST},
	{ACTION_LAST, HEALTH_LAST},
};

static bool
moved(struct console *c, const struct health_scene *hs, enum action a)
{
	for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
		if (moves[i].action != a)
			continue;
		view_health_move(hs, &c->health.state, moves[i].move);
		return true;
	}
	return false;
}

static void
open_details(struct console *c, const struct health_scene *hs)
{
	struct health_state *st = &c->health.state;
	const struct health_use *use = view_health_marked_use(hs, st);

	if (use) {
		char *path = mem_strdup(use->path); /* the list goes with the board */

		console_plan_open(c, path);
		mem_free(path);
		return;
	}
	st->open = true;
	st->detail.top = 0;
	st->detail.id = SCROLL_NOTHING;
}

static void
pause_all(struct console *c, const struct board *b)
{
	bool paused = board_is_watched(b) == BOARD_PAUSED;
	enum board_watched how = paused ? BOARD_LOOKED_AT : BOARD_PAUSED;

	if (c->session)
		session_watched(c->session, how);
	else
		watching_watch(c->health.own, how);
	console_say(c, SCENE_INFO,
		paused ? "Probes are looked at again."
		       : "Paused: nothing is looked at; steps still look at their own.");
}

void
console_health_mute(struct console *c, int item, const struct vital_mute *m)
{
	if (c->session)
		session_mute(c->session, item, m->until, m->reason);
	else if (c->health.own)
		watching_mute(c->health.own, item, m);
}

static void
mute(struct console *c, const struct board *b, int item)
{
	struct board_shown s;

	board_show(b, item, clock_now(), &s);
	if (!vital_muted(board_vital(b, item), clock_now())) {
		console_mute_ask(c, item);
		return;
	}
	console_health_mute(c, item, &(struct vital_mute){{0}, "", "ended by hand"});
	console_say(c, SCENE_INFO, "%s is no longer muted.", s.name);
}

static void
check(struct console *c, int item)
{
	if (c->session)
		session_look(c->session, item);
	else
		watching_ask(c->health.own, item);
}

static void
tail_logs(struct console *c, const struct board *b, int item)
{
	struct board_shown s;

	board_show(b, item, clock_now(), &s);
	if (!console_logs_of_host(c, s.host))
		console_say(
			c, SCENE_INFO, "no log of %s is followed: these are all", s.host);
}

/* What cannot be done now says why instead. */
static bool
refused(struct console *c, const struct health_scene *hs, enum action a)
{
	struct scene sc = {.now = clock_now(), .keys = &c->keys};
	struct keymap_can can = {0};

	view_health_can(&sc, hs, &c->health.state, &can);
	if (!can.not_now[a] || !(keymap_row(a)->places & ON_HEALTH))
		return false;
	console_say(c, SCENE_INFO, "not now: %s", can.why[a]);
	return true;
}

bool
console_health_do(struct console *c, enum action a)
{
	struct health_scene hs = scene_of(c);
	struct health_state *st = &c->health.state;

	st->touched = clock_mono();
	if (!st->open && moved(c, &hs, a))
		return true;
	switch (a) {
	case ACTION_HEALTH_OPEN:
		if (!refused(c, &hs, a))
			open_details(c, &hs);
		return true;
	case ACTION_HEALTH_CHECK:
		if (!refused(c, &hs, a))
			check(c, st->item);
		return true;
	case ACTION_HEALTH_MUTE:
		if (!refused(c, &hs, a))
			mute(c, hs.board, st->item);
		return true;
	case ACTION_HEALTH_LOGS:
		if (!refused(c, &hs, a))
			tail_logs(c, hs.board, st->item);
		return true;
	case ACTION_HEALTH_VIEW:
		if (!refused(c, &hs, a))
			view_health_turn(st, &c->frame);
		return true;
	case ACTION_HEALTH_PAUSE:
		if (!refused(c, &hs, a))
			pause_all(c, hs.board);
		return true;
	default:
		return false;
	}
}
