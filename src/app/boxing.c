#include "app/boxing.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "probe/hostscript.h"
#include "remote/engine.h"
#include "remote/job.h"

enum {
	LIST_MS = 2000,              /* the engine's list */
	USE_MS = 5000,               /* what they use */
	WHOLE_MS = 5000,             /* everything, where there is no engine to ask */
	WHOLE_SELDOM_MS = 60 * 1000, /* ... where there is */
	WHOLE_MIN_MS = 1000,         /* however much happens there */
	UNWATCHED_MS = 60 * 1000,
	COMPOSE_MS = 120 * 1000,
	ENGINE_AGAIN_MS = 30 * 1000,
	SECOND_LOOK_MS = 1000, /* cpu is the difference of two */
	SILENT_MIN_MS = 5000,
	SILENT_MAX_MS = 30 * 1000,
	STAGGER_MS = 37,
	ONCE_MS = 100,
	LOOK_MS = 15 * 1000,
	ANSWER_MAX = 8 * 1024 * 1024,
	COMPOSE_LOOK_MS = 30 * 1000,
};

static const char list_path[] = "/containers/json?all=1";

enum look_kind { LOOK_WHOLE, LOOK_USE };

struct boxing_group {
	struct boxing_host *h;
	const struct container_group *spec;
	size_t index;
	struct look *look;
	int64_t due_ms;
};

struct boxing_host {
	struct boxing *g;
	size_t index;
	int target;
	struct link *link;
	struct look *look;
	enum look_kind kind;
	struct engine *engine;
	struct loop_timer *timer;
	int64_t whole_due_ms, use_due_ms, engine_due_ms; /* of the loop's clock */
	int64_t whole_began_ms, back_off_ms;
	unsigned wholes;        /* that came */
	bool over, fails, away; /* the last whole look failed; its link is away */
	struct {
		VEC_OF(struct boxing_group *) list;
	} groups;
};

struct boxing {
	struct boxing_opts o;
	struct runbook *runbook;
	struct boxes *boxes;
	enum boxing_pace pace;
	struct {
		VEC_OF(struct boxing_host *) list;
	} hosts;
};

static void plan(struct boxing_host *h);

static void
changed(struct boxing_host *h)
{
	if (h->g->o.changed)
		h->g->o.changed(h->g->o.ctx);
}

/* Something is not as it was. A host whose look fails is not asked the more for it. */
static void
want_whole(struct boxing_host *h)
{
	int64_t soon = h->whole_began_ms + WHOLE_MIN_MS;

	if (!h->back_off_ms && h->whole_due_ms > soon)
		h->whole_due_ms = soon;
}

/* ---- the engine ---- */

static void
on_answer(void *ctx, const char *body, size_t len, int64_t took_ms)
{
	struct boxing_host *h = ctx;
	struct boxread_look l;
	struct err e = ERR_INIT;

	(void)took_ms;
	if (h->fails) /* what it says of those it names is no answer without the rest */
		return;
	if (!boxread_list(body, len, &l, &e)) {
		/* Not believed; the script is to say. */
		want_whole(h);
		plan(h);
		return;
	}
	if (boxes_take_list(h->g->boxes, h->index, &l, clock_now()))
		want_whole(h);
	boxes_promise(
		h->g->boxes, h->index, h->g->pace == BOXING_WATCHED ? 0 : UNWATCHED_MS);
	boxread_release(&l);
	changed(h);
	plan(h);
}

static void
on_event(void *ctx, const char *line, size_t len)
{
	struct boxing_host *h = ctx;
	struct boxread_event ev;
	struct err e = ERR_INIT;

	if (!boxread_event(line, len, &ev, &e) || !ev.counts)
		return;
	boxes_take_event(h->g->boxes, h->index, &ev);
	want_whole(h);
	changed(h);
	plan(h);
}

static void
on_down(void *ctx, bool lost, const char *why)
{
	struct boxing_host *h = ctx;
	struct now now = clock_now();

	engine_free(h->engine);
	h->engine = NULL;
	h->engine_due_ms = now.mono.ms + ENGINE_AGAIN_MS;
	want_whole(h); /* which tells what is wrong */
	if (lost)
		boxes_tell(h->g->boxes, h->index, BOXES_SILENT, why, now);
	changed(h);
	plan(h);
}

static void
open_engine(struct boxing_host *h, const struct boxread_look *l)
{
	struct engine_calls calls = {on_answer, on_event, on_down, h};

	if (h->engine || h->g->o.once || strcmp(l->engine, "docker") != 0 ||
		clock_mono().ms < h->engine_due_ms || link_is_narrow(h->link) ||
		h->g->pace != BOXING_WATCHED)
		return;
	h->engine = engine_new(h->link, &calls);
	engine_hear(h->engine, l->host_now.ms / 1000);
}

static void
close_engine(struct boxing_host *h)
{
	engine_free(h->engine);
	h->engine = NULL;
}

/* ---- looks ---- */

static void
words_of(const struct look_end *end, char out[320])
{
	snprintf(out, 320, "%s", *end->why ? end->why : "the look did not tell its end");
}

static void
back_off(struct boxing_host *h)
{
	int64_t next = h->back_off_ms ? h->back_off_ms * 2 : SILENT_MIN_MS;

	h->back_off_ms = next < SILENT_MAX_MS ? next : SILENT_MAX_MS;
	h->whole_due_ms = clock_mono().ms + h->back_off_ms;
	h->over = h->fails = true;
}

static void
take_whole(struct boxing_host *h, struct boxread_look *l)
{
	struct now now = clock_now();

	h->back_off_ms = 0;
	h->wholes++;
	if (*l->cannot) {
		close_engine(h);
		boxes_tell(h->g->boxes, h->index, BOXES_CANNOT, l->cannot, now);
		back_off(h);
		return;
	}
	h->fails = false;
	open_engine(h, l);
	boxes_take(h->g->boxes, h->index, l, now);
	boxes_promise(
		h->g->boxes, h->index, h->g->pace == BOXING_WATCHED ? 0 : UNWATCHED_MS);
	h->use_due_ms = now.mono.ms + (h->wholes == 1 ? SECOND_LOOK_MS : USE_MS);
	h->whole_due_ms = now.mono.ms +
		(h->g->pace == BOXING_UNWATCHED ? UNWATCHED_MS
				: h->engine     ? WHOLE_SELDOM_MS
						: WHOLE_MS);
}

static void
take_use(struct boxing_host *h, const struct boxread_look *l)
{
	struct now now = clock_now();

	if (!*l->cannot)
		boxes_take_use(h->g->boxes, h->index, l, now);
	h->use_due_ms = now.mono.ms + USE_MS;
	h->over = true;
}

static void
look_ended(void *ctx, const struct look_end *end)
{
	struct boxing_host *h = ctx;
	struct now now = clock_now();
	struct boxread_look l;
	struct err e = ERR_INIT;
	char why[320];

	if (!end->known) {
		words_of(end, why);
		boxes_tell(h->g->boxes, h->index, BOXES_SILENT, why, now);
		back_off(h);
	} else if (end->cut || !boxread_answer(end->out.buf, end->out.len, &l, &e)) {
		boxes_tell(h->g->boxes, h->index, BOXES_CANNOT,
			end->cut ? "the host's answer is too long" : e.msg, now);
		back_off(h);
	} else {
		if (h->kind == LOOK_WHOLE)
			take_whole(h, &l);
		else
			take_use(h, &l);
		boxread_release(&l);
	}
	look_free(h->look);
	h->look = NULL;
	changed(h);
	plan(h);
}

static void
add_script(enum hostscript which, const char *title, struct str *out)
{
	str_addf(out, "# handrail %s\n", title);
	hostscript_text(which, out);
}

static void
start_look(struct boxing_host *h, enum look_kind kind)
{
	struct str text = STR_INIT, pids = STR_INIT;
	struct job_env env[2];

	add_script(HOSTSCRIPT_BOXES, kind == LOOK_WHOLE ? "boxes: all" : "boxes: use",
		&text);
	if (kind == LOOK_USE)
		boxes_pids(boxes_host(h->g->boxes, h->index), &pids);
	env[0] = (struct job_env){
		"HRP_WANT", kind == LOOK_WHOLE ? " all " : " stats ", false};
	env[1] = (struct job_env){"HRP_PIDS", pids.buf, false};
	h->kind = kind;
	if (kind == LOOK_WHOLE)
		h->whole_began_ms = clock_mono().ms;
	h->look = look_start(h->link,
		&(struct look_spec){.text = text.buf,
			.shell = HOSTSCRIPT_SHELL,
			.env = env,
			.env_len = 2,
			.timeout_ms = LOOK_MS,
			.limit = ANSWER_MAX},
		h->g->o.redact, look_ended, h);
	str_release(&text);
	str_release(&pids);
}

/* ---- what is expected ---- */

static void
compose_ended(void *ctx, const struct look_end *end)
{
	struct boxing_group *k = ctx;
	struct boxing_host *h = k->h;
	struct boxread_look l = {0};
	struct err e = ERR_INIT;
	char why[320] = "";

	if (!end->known)
		words_of(end, why);
	else if (!boxread_answer(end->out.buf, end->out.len, &l, &e))
		snprintf(why, sizeof why, "%s", e.msg);
	else if (*l.cannot || l.services.list.len == 0)
		snprintf(why, sizeof why, "%s",
			*l.cannot ? l.cannot : "compose names no service");
	if (*why)
		boxes_expected_not(h->g->boxes, h->index, k->index, why);
	else
		boxes_expected(h->g->boxes, h->index, k->index, &l);
	boxread_release(&l);
	look_free(k->look);
	k->look = NULL;
	k->due_ms = clock_mono().ms + COMPOSE_MS;
	changed(h);
}

static void
add_lines(const struct strings *list, struct str *out)
{
	for (size_t i = 0; i < list->list.len; i++)
		str_addf(out, "%s%s", i ? "\n" : "", list->list.at[i]);
}

static void
ask_compose(struct boxing_group *k)
{
	const struct container_group *s = k->spec;
	struct str text = STR_INIT, files = STR_INIT, profiles = STR_INIT;

	add_lines(&s->compose, &files);
	add_lines(&s->profiles, &profiles);
	add_script(HOSTSCRIPT_COMPOSE, "compose", &text);
	const struct job_env env[] = {{"HRP_WANT", " ", false},
		{"HRP_DIR", s->dir, false}, {"HRP_FILES", files.buf, false},
		{"HRP_ENV_FILE", s->env_file ? s->env_file : "", false},
		{"HRP_PROFILES", profiles.buf, false}};

	k->look = look_start(k->h->link,
		&(struct look_spec){.text = text.buf,
			.shell = HOSTSCRIPT_SHELL,
			.env = env,
			.env_len = sizeof env / sizeof *env,
			.timeout_ms = COMPOSE_LOOK_MS},
		k->h->g->o.redact, compose_ended, k);
	str_release(&text);
	str_release(&files);
	str_release(&profiles);
}

static void
expect_listed(struct boxing_host *h, size_t group, const struct strings *services)
{
	struct boxread_look l = {0};

	for (size_t i = 0; i < services->list.len; i++)
		vec_push(&l.services.list, mem_strdup(services->list.at[i]));
	boxes_expected(h->g->boxes, h->index, group, &l);
	boxread_release(&l);
}

static void
add_group(struct boxing_host *h, const struct container_group *s)
{
	size_t index = boxes_expect(h->g->boxes, h->index,
		&(struct boxes_group){.project = s->project,
			.name = s->name,
			.expects = s->dir || s->services.list.len});
	struct boxing_group *k;

	if (s->services.list.len)
		expect_listed(h, index, &s->services);
	if (!s->dir)
		return;
	k = mem_alloc(sizeof *k);
	*k = (struct boxing_group){.h = h, .spec = s, .index = index};
	vec_push(&h->groups.list, k);
}

/* ---- when ---- */

/* A host whose connection is away says so at once, whatever is under way; it is looked at at
 * once when it is back. */
static void
mind_link(struct boxing_host *h)
{
	struct link_status s;

	link_status(h->link, &s);
	if (h->away && s.state == LINK_READY)
		h->back_off_ms = h->whole_due_ms = 0;
	h->away = h->away && s.state != LINK_READY;
	if (s.state != LINK_LOST && s.state != LINK_FAILED)
		return;
	h->away = true;
	boxes_tell(h->g->boxes, h->index, BOXES_SILENT, s.words, clock_now());
	changed(h);
}

static void
tick(void *ctx)
{
	struct boxing_host *h = ctx;
	int64_t now = clock_mono().ms;

	if (h->g->pace == BOXING_STILL) {
		close_engine(h);
		plan(h);
		return;
	}
	mind_link(h);
	for (size_t i = 0; i < h->groups.list.len; i++) {
		struct boxing_group *k = h->groups.list.at[i];

		if (!k->look && k->due_ms <= now && h->wholes > 0)
			ask_compose(k);
	}
	if (h->engine && (h->g->pace != BOXING_WATCHED || link_is_narrow(h->link)))
		close_engine(h);
	if (h->look || (h->g->o.once && h->over))
		; /* one at a time */
	else if (h->whole_due_ms <= now)
		start_look(h, LOOK_WHOLE);
	else if (h->use_due_ms <= now && h->wholes > 0 && !h->back_off_ms &&
		h->g->pace == BOXING_WATCHED)
		start_look(h, LOOK_USE);
	if (h->engine)
		engine_ask(h->engine, list_path);
	plan(h);
}

/* The next tick: as soon as something is due, and not while a look is under way. */
static void
plan(struct boxing_host *h)
{
	int64_t now = clock_mono().ms, in = LIST_MS;
	int64_t due = h->whole_due_ms;

	if (h->g->pace == BOXING_WATCHED && h->wholes > 0 && !h->back_off_ms &&
		h->use_due_ms < due)
		due = h->use_due_ms;
	if (h->g->o.once && h->over)
		in = ONCE_MS; /* only what compose says may still be due */
	else if (!h->look && h->g->pace != BOXING_STILL && due - now < in)
		in = due > now ? due - now : 0;
	loop_timer_start(h->timer, in, 0);
}

/* ---- life ---- */

static void
add_host(struct boxing *g, int target)
{
	struct boxing_host *h = mem_alloc(sizeof *h);
	const struct host *in = target == NONE
		? NULL
		: &g->runbook->hosts.list.at[g->runbook->targets.list.at[target].host];

	h->g = g;
	h->target = target;
	h->link = fleet_link(g->o.fleet, target);
	h->index = boxes_add(g->boxes, link_target(h->link));
	h->timer = loop_timer_new(g->o.loop, tick, h);
	for (size_t i = 0; i < g->runbook->containers.list.len; i++) {
		const struct container_group *s = &g->runbook->containers.list.at[i];
		bool here = s->host == NONE ? target == NONE
					    : in == &g->runbook->hosts.list.at[s->host];

		if (here)
			add_group(h, s);
	}
	loop_timer_start(h->timer, STAGGER_MS * (int64_t)g->hosts.list.len, 0);
	vec_push(&g->hosts.list, h);
}

static bool
has_groups(const struct runbook *rb, int host)
{
	for (size_t i = 0; i < rb->containers.list.len; i++)
		if (rb->containers.list.at[i].host == host)
			return true;
	return false;
}

/* The hosts that have groups; where none is named, all of them. */
static void
add_hosts(struct boxing *g)
{
	const struct runbook *rb = g->runbook;
	bool all = rb->containers.list.len == 0;

	if (has_groups(rb, NONE) || (all && rb->hosts.list.len == 0))
		add_host(g, NONE);
	for (size_t i = 0; i < rb->targets.list.len; i++)
		if (all || has_groups(rb, rb->targets.list.at[i].host))
			add_host(g, (int)i);
}

struct boxing *
boxing_new(const struct boxing_opts *o)
{
	struct boxing *g = mem_alloc(sizeof *g);

	g->o = *o;
	g->runbook = runbook_ref((struct runbook *)o->runbook);
	g->boxes = boxes_new();
	add_hosts(g);
	return g;
}

static void
free_host(struct boxing_host *h)
{
	engine_free(h->engine);
	look_free(h->look);
	for (size_t i = 0; i < h->groups.list.len; i++) {
		look_free(h->groups.list.at[i]->look);
		mem_free(h->groups.list.at[i]);
	}
	vec_free(&h->groups.list);
	loop_timer_free(h->timer);
	mem_free(h);
}

void
boxing_free(struct boxing *g)
{
	if (!g)
		return;
	for (size_t i = 0; i < g->hosts.list.len; i++)
		free_host(g->hosts.list.at[i]);
	vec_free(&g->hosts.list);
	boxes_free(g->boxes);
	runbook_unref(g->runbook);
	mem_free(g);
}

const struct boxes *
boxing_boxes(const struct boxing *g)
{
	return g->boxes;
}

void
boxing_again(struct boxing *g)
{
	for (size_t i = 0; i < g->hosts.list.len; i++) {
		struct boxing_host *h = g->hosts.list.at[i];
		struct link_status s;

		h->whole_due_ms = 0;
		h->back_off_ms = 0;
		for (size_t k = 0; k < h->groups.list.len; k++)
			h->groups.list.at[k]->due_ms = 0;
		link_status(h->link, &s);
		if (s.state == LINK_LOST || s.state == LINK_FAILED)
			link_connect(h->link);
		plan(h);
	}
}

void
boxing_pace(struct boxing *g, enum boxing_pace pace)
{
	if (g->pace == pace)
		return;
	g->pace = pace;
	for (size_t i = 0; pace == BOXING_WATCHED && i < g->hosts.list.len; i++) {
		struct boxing_host *h = g->hosts.list.at[i];

		if (!h->back_off_ms)
			h->whole_due_ms = 0;
		plan(h);
	}
}

bool
boxing_over(const struct boxing *g)
{
	for (size_t i = 0; i < g->hosts.list.len; i++) {
		const struct boxing_host *h = g->hosts.list.at[i];

		if (!h->over || h->look)
			return false;
		for (size_t k = 0; k < h->groups.list.len && h->wholes > 0; k++)
			if (h->groups.list.at[k]->look || !h->groups.list.at[k]->due_ms)
				return false;
	}
	return true;
}

int
boxing_target(const struct boxing *g, size_t host)
{
	return g->hosts.list.at[host]->target;
}

const char *
boxing_way(const struct boxing *g, size_t host)
{
	return g->hosts.list.at[host]->engine ? "engine" : "commands";
}
