#include "remote/doorman.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/vec.h"
#include "remote/pace.h"

enum {
	/* sshd's MaxStartups is 10:30:100 where nobody set it: from the tenth on it turns
	 * some away. */
	DOOR_MAX = 8,
	/* A door that turned somebody away may have other guests too. */
	CROWDED_MS = 10 * 1000,
	/* A login takes a fraction of it: one that is still at it waits for a host that is
	 * silent, and must not keep the others out. Its door still counts it. */
	SLOW_MS = 2 * 1000,
	LOOK_AGAIN_MS = 500,
};

/* At once, over all doors. */
static const int limits[DOORMAN_KINDS] = {
	[DOORMAN_LOOK] =
		4, /* short processes here: more only compete for the processors */
	[DOORMAN_LOGIN] = 24, /* most of a login is waiting for the host; of these, a host
			     * whose name or address is dead waits longest */
	[DOORMAN_SYSTEM] = 12, /* each computes 60 ms here for its key exchange */
};

struct doorman_door {
	char *name;
	int limit;
	struct mono until;
};

struct doorman {
	struct loop_timer *soon;
	struct doorman_pass *first, *last; /* waiting and inside, in order of coming */
	VEC_OF(struct doorman_door) crowded;
};

static void
unlink_pass(struct doorman *g, struct doorman_pass *p)
{
	if (p->prev)
		p->prev->next = p->next;
	else
		g->first = p->next;
	if (p->next)
		p->next->prev = p->prev;
	else
		g->last = p->prev;
	p->prev = p->next = NULL;
}

static int
door_limit(struct doorman *g, const char *name)
{
	for (size_t i = 0; i < g->crowded.len; i++) {
		struct doorman_door *d = &g->crowded.at[i];

		if (strcmp(d->name, name) != 0)
			continue;
		if (clock_mono().ms < d->until.ms)
			return d->limit;
		mem_free(d->name);
		vec_remove(&g->crowded, i);
		break;
	}
	return DOOR_MAX;
}

/* Inside at this door, whatever by; not those that look at nothing but this machine. */
static int
count_at(const struct doorman *g, const char *door)
{
	int n = 0;

	for (const struct doorman_pass *p = g->first; p; p = p->next)
		n += p->inside && p->kind != DOORMAN_LOOK && strcmp(p->door, door) == 0;
	return n;
}

static int
count_busy(const struct doorman *g, enum doorman_kind kind)
{
	int64_t slow = clock_mono().ms - pace_ms(SLOW_MS);
	int n = 0;

	for (const struct doorman_pass *p = g->first; p; p = p->next)
		n += p->inside && p->kind == kind && p->since.ms > slow;
	return n;
}

static bool
may_enter(struct doorman *g, const struct doorman_pass *p)
{
	if (count_busy(g, p->kind) >= limits[p->kind])
		return false;
	return p->kind == DOORMAN_LOOK || count_at(g, p->door) < door_limit(g, p->door);
}

static void
let_in(void *ctx)
{
	struct doorman *g = ctx;
	struct doorman_pass *p = g->first;
	bool waits = false;

	while (p && (p->inside || !may_enter(g, p))) {
		waits = waits || !p->inside;
		p = p->next;
	}
	if (!p) {
		if (waits)
			loop_timer_start(g->soon, pace_ms(LOOK_AGAIN_MS), 0);
		return;
	}
	/* One a turn: each starts a process here, and keys are read between two. */
	loop_timer_start(g->soon, 0, 0);
	p->inside = true;
	p->since = clock_mono();
	p->fn(p->ctx); /* may change the list */
}

struct doorman *
doorman_new(struct loop *l)
{
	struct doorman *g = mem_alloc(sizeof *g);

	g->soon = loop_timer_new(l, let_in, g);
	return g;
}

void
doorman_free(struct doorman *g)
{
	if (!g)
		return;
	for (size_t i = 0; i < g->crowded.len; i++)
		mem_free(g->crowded.at[i].name);
	vec_free(&g->crowded);
	loop_timer_free(g->soon);
	mem_free(g);
}

void
doorman_enter(struct doorman *g, struct doorman_pass *p, enum doorman_kind kind,
	const char *door, void (*fn)(void *ctx), void *ctx)
{
	*p = (struct doorman_pass){
		.doorman = g,
		.prev = g->last,
		.kind = kind,
		.door = mem_strdup(door),
		.fn = fn,
		.ctx = ctx,
	};
	if (g->last)
		g->last->next = p;
	else
		g->first = p;
	g->last = p;
	loop_timer_start(g->soon, 0, 0);
}

void
doorman_leave(struct doorman_pass *p)
{
	struct doorman *g = p->doorman;

	if (!g)
		return;
	unlink_pass(g, p);
	mem_free(p->door);
	*p = (struct doorman_pass){0};
	loop_timer_start(g->soon, 0, 0);
}

void
doorman_crowded(const struct doorman_pass *p)
{
	struct doorman *g = p->doorman;
	struct doorman_door *d = NULL;
	int inside;

	if (!g)
		return;
	inside = count_at(g, p->door);
	door_limit(g, p->door); /* forgets what is over */
	for (size_t i = 0; i < g->crowded.len && !d; i++) {
		if (strcmp(g->crowded.at[i].name, p->door) == 0)
			d = &g->crowded.at[i];
	}
	if (!d) {
		d = vec_add(&g->crowded);
		*d = (struct doorman_door){
			.name = mem_strdup(p->door), .limit = DOOR_MAX};
	}
	/* Half of those who were there, and at last one at a time. */
	if (inside / 2 < d->limit)
		d->limit = inside > 1 ? inside / 2 : 1;
	d->until.ms = clock_mono().ms + CROWDED_MS;
}

bool
doorman_waits(const struct doorman_pass *p)
{
	return p->doorman && !p->inside;
}
