#include "live/boxes.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Host clocks are told in whole seconds, and an answer takes a moment. */
enum { CLOCK_SLACK_MS = 2000, USE_MIN_MS = 200 };

struct boxes {
	struct {
		VEC_OF(struct boxes_host *) list;
	} hosts;
	int last_key;
};

static const char *const state_names[BOXES_STATE_COUNT] = {
#define X(id, name) name,
	BOXES_STATES(X)
#undef X
};

const char *
boxes_state_name(enum boxes_state s)
{
	return state_names[s];
}

/* ---- life ---- */

struct boxes *
boxes_new(void)
{
	return mem_alloc(sizeof(struct boxes));
}

static void
forget_services(struct boxes_group *g)
{
	for (size_t i = 0; i < g->services.list.len; i++)
		mem_free(g->services.list.at[i]);
	vec_free(&g->services.list);
}

static void
free_host(struct boxes_host *h)
{
	for (size_t i = 0; i < h->boxes.list.len; i++)
		box_release(&h->boxes.list.at[i]);
	vec_free(&h->boxes.list);
	for (size_t i = 0; i < h->groups.list.len; i++) {
		struct boxes_group *g = &h->groups.list.at[i];

		forget_services(g);
		mem_free(g->project);
		mem_free(g->name);
		mem_free(g->why);
	}
	vec_free(&h->groups.list);
	mem_free(h->name);
	mem_free(h->why);
	mem_free(h);
}

void
boxes_free(struct boxes *bs)
{
	if (!bs)
		return;
	for (size_t i = 0; i < bs->hosts.list.len; i++)
		free_host(bs->hosts.list.at[i]);
	vec_free(&bs->hosts.list);
	mem_free(bs);
}

size_t
boxes_hosts(const struct boxes *bs)
{
	return bs->hosts.list.len;
}

const struct boxes_host *
boxes_host(const struct boxes *bs, size_t host)
{
	return bs->hosts.list.at[host];
}

size_t
boxes_add(struct boxes *bs, const char *name)
{
	struct boxes_host *h = mem_alloc(sizeof *h);

	h->name = mem_strdup(name);
	h->load_centi = h->disk_percent = BOX_NOT_KNOWN;
	vec_push(&bs->hosts.list, h);
	return bs->hosts.list.len - 1;
}

/* ---- what is expected ---- */

size_t
boxes_expect(struct boxes *bs, size_t host, const struct boxes_group *g)
{
	struct boxes_host *h = bs->hosts.list.at[host];
	struct boxes_group *mine = vec_add(&h->groups.list);

	mine->project = mem_strdup(g->project);
	mine->name = mem_strdup(g->name);
	mine->expects = g->expects;
	return h->groups.list.len - 1;
}

void
boxes_expected(
	struct boxes *bs, size_t host, size_t group, const struct boxread_look *services)
{
	struct boxes_group *g = &bs->hosts.list.at[host]->groups.list.at[group];

	forget_services(g);
	for (size_t i = 0; i < services->services.list.len; i++)
		vec_push(&g->services.list, mem_strdup(services->services.list.at[i]));
	g->known = true;
	mem_free(g->why);
	g->why = NULL;
}

void
boxes_expected_not(struct boxes *bs, size_t host, size_t group, const char *why)
{
	struct boxes_group *g = &bs->hosts.list.at[host]->groups.list.at[group];

	g->known = false;
	mem_free(g->why);
	g->why = mem_strdup(why);
}

/* ---- states ---- */

static void
set_state(struct boxes_host *h, enum boxes_state s, const char *why, struct now now)
{
	char *words = mem_strdup(why);

	if (h->state != s || h->since.wall.ms == 0)
		h->since = now;
	h->state = s;
	mem_free(h->why);
	h->why = words;
}

void
boxes_tell(struct boxes *bs, size_t host, enum boxes_state s, const char *why,
	struct now now)
{
	set_state(bs->hosts.list.at[host], s, why, now);
}

static void
answered(struct boxes_host *h, struct now now)
{
	h->answered = now;
	set_state(h, BOXES_LIVE, NULL, now);
}

void
boxes_promise(struct boxes *bs, size_t host, int64_t ms)
{
	bs->hosts.list.at[host]->promised_ms = ms;
}

enum boxes_state
boxes_state_now(const struct boxes_host *h, struct mono now)
{
	if (h->state == BOXES_LIVE &&
		now.ms - h->answered.mono.ms > BOXES_STALE_MS + h->promised_ms)
		return BOXES_SILENT;
	return h->state;
}

/* ---- one container over time ---- */

static struct box *
find_id(struct boxes_host *h, const char *id)
{
	for (size_t i = 0; i < h->boxes.list.len; i++) {
		if (strcmp(h->boxes.list.at[i].id, id) == 0)
			return &h->boxes.list.at[i];
	}
	return NULL;
}

static void
note_restarts(struct boxes_host *h, const struct box *b, int64_t by, struct mono now)
{
	if (by <= 0)
		return;
	h->restarts[h->restarted++ % BOXES_RESTART_MARKS] = (struct boxes_restart){
		b->key, now, by};
}

/* What was kept of it goes on in the new answer. */
static void
carry_over(struct boxes_host *h, const struct box *old, struct box *b, struct now now)
{
	b->key = old->key;
	b->seen_since = old->seen_since;
	b->restarts_then = old->restarts_then;
	b->used_usec = old->used_usec;
	b->used_at_ms = old->used_at_ms;
	memcpy(b->samples, old->samples, sizeof b->samples);
	b->sampled = old->sampled;
	if (old->whole)
		note_restarts(h, b, b->restarts - old->restarts, now.mono);
	else
		b->restarts_then = b->restarts;
	if (b->pid != old->pid) /* its counters begin again */
		b->used_usec = BOX_NOT_KNOWN;
}

static void
is_new(struct boxes *bs, struct box *b, struct now now)
{
	b->key = ++bs->last_key;
	b->seen_since = now.wall;
	b->restarts_then = b->restarts;
}

static int
by_name(const void *a, const void *b)
{
	const struct box *x = a, *y = b;
	int by = strcmp(x->name, y->name);

	return by ? by : strcmp(x->id, y->id);
}

static void
add_sample(struct box *b, const struct boxread_use *u, int64_t uptime_ms)
{
	struct box_sample s = {BOX_NOT_KNOWN, u->memory_bytes};
	int64_t took = uptime_ms - b->used_at_ms, used = u->cpu_usec - b->used_usec;

	if (b->used_usec != BOX_NOT_KNOWN && took < USE_MIN_MS)
		return;
	if (b->used_usec != BOX_NOT_KNOWN && used >= 0)
		s.cpu_milli = used / took; /* microseconds a millisecond */
	b->used_usec = u->cpu_usec;
	b->used_at_ms = uptime_ms;
	b->samples[b->sampled++ % BOX_SAMPLES] = s;
}

void
boxes_take_use(
	struct boxes *bs, size_t host, const struct boxread_look *l, struct now now)
{
	struct boxes_host *h = bs->hosts.list.at[host];

	(void)now;
	for (size_t i = 0; i < l->uses.list.len; i++) {
		struct box *b = find_id(h, l->uses.list.at[i].id);

		if (b)
			add_sample(b, &l->uses.list.at[i], l->uptime_ms);
	}
}

static void
take_facts(struct boxes_host *h, const struct boxread_look *l, struct now now)
{
	int64_t ahead = l->host_now.ms - now.wall.ms;

	memcpy(h->engine, l->engine, sizeof h->engine);
	memcpy(h->version, l->version, sizeof h->version);
	h->load_centi = l->load_centi;
	h->disk_percent = l->disk_percent;
	h->cpus = l->cpus;
	h->clock_ahead_ms = l->host_now.ms && llabs(ahead) > CLOCK_SLACK_MS ? ahead : 0;
}

void
boxes_take(struct boxes *bs, size_t host, struct boxread_look *l, struct now now)
{
	struct boxes_host *h = bs->hosts.list.at[host];

	for (size_t i = 0; i < l->boxes.list.len; i++) {
		const struct box *old = find_id(h, l->boxes.list.at[i].id);

		if (old)
			carry_over(h, old, &l->boxes.list.at[i], now);
		else
			is_new(bs, &l->boxes.list.at[i], now);
	}
	for (size_t i = 0; i < h->boxes.list.len; i++)
		box_release(&h->boxes.list.at[i]);
	vec_free(&h->boxes.list);
	h->boxes.list.at = l->boxes.list.at;
	h->boxes.list.len = l->boxes.list.len;
	h->boxes.list.cap = l->boxes.list.cap;
	memset(&l->boxes, 0, sizeof l->boxes);
	if (h->boxes.list.len)
		qsort(h->boxes.list.at, h->boxes.list.len, sizeof *h->boxes.list.at,
			by_name);
	take_facts(h, l, now);
	boxes_take_use(bs, host, l, now);
	answered(h, now);
}

static bool
is_named(const struct boxread_look *l, const char *id)
{
	for (size_t i = 0; i < l->boxes.list.len; i++) {
		if (strcmp(l->boxes.list.at[i].id, id) == 0)
			return true;
	}
	return false;
}

bool
boxes_take_list(
	struct boxes *bs, size_t host, const struct boxread_look *l, struct now now)
{
	struct boxes_host *h = bs->hosts.list.at[host];
	bool changed = l->boxes.list.len != h->boxes.list.len;

	for (size_t i = 0; i < l->boxes.list.len; i++) {
		const struct box *said = &l->boxes.list.at[i];
		struct box *b = find_id(h, said->id);

		if (!b || b->state != said->state ||
			(b->state == BOX_RUNNING && b->health != said->health)) {
			changed = true;
		}
		if (b && b->state != said->state) {
			b->state = said->state;
			b->exit = said->exit;
		}
		if (b && said->state == BOX_RUNNING)
			b->health = said->health;
	}
	for (size_t i = 0; i < h->boxes.list.len; i++) {
		if (is_named(l, h->boxes.list.at[i].id))
			continue;
		h->boxes.list.at[i].state = BOX_UNKNOWN;
		changed = true;
	}
	answered(h, now);
	return changed;
}

void
boxes_take_event(struct boxes *bs, size_t host, const struct boxread_event *ev)
{
	struct boxes_host *h = bs->hosts.list.at[host];

	h->events[h->heard++ % BOXES_EVENTS] = *ev;
}

/* ---- questions ---- */

/* * and ? as in a shell. */
static bool
name_fits(const char *pattern, const char *name)
{
	const char *star = NULL, *from = NULL;

	while (*name) {
		if (*pattern == '*') {
			star = pattern++;
			from = name;
		} else if (*pattern == '?' || *pattern == *name) {
			pattern++;
			name++;
		} else if (star) {
			pattern = star + 1;
			name = ++from;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return *pattern == '\0';
}

bool
boxes_in_group(const struct boxes_group *g, const struct box *b)
{
	return (!g->project || str_eq(g->project, b->project)) &&
		(!g->name || name_fits(g->name, b->name));
}

bool
boxes_shown(const struct boxes_host *h, const struct box *b)
{
	for (size_t i = 0; i < h->groups.list.len; i++) {
		if (boxes_in_group(&h->groups.list.at[i], b))
			return true;
	}
	return h->groups.list.len == 0;
}

const struct box *
boxes_find(const struct boxes *bs, int key, const struct boxes_host **host)
{
	for (size_t i = 0; i < bs->hosts.list.len; i++) {
		const struct boxes_host *h = bs->hosts.list.at[i];

		for (size_t k = 0; k < h->boxes.list.len; k++) {
			if (h->boxes.list.at[k].key != key)
				continue;
			if (host)
				*host = h;
			return &h->boxes.list.at[k];
		}
	}
	return NULL;
}

int64_t
boxes_age_ms(const struct boxes_host *h, const struct box *b, struct wall now)
{
	struct wall from = b->state == BOX_EXITED || b->state == BOX_DEAD ? b->finished
									  : b->started;
	int64_t age = now.ms + h->clock_ahead_ms - from.ms;

	if (from.ms == 0)
		return BOX_NOT_KNOWN;
	return age > 0 ? age : 0;
}

int64_t
boxes_restarts_lately(const struct boxes_host *h, const struct box *b, struct mono now)
{
	int64_t n = 0;

	for (size_t i = 0; i < BOXES_RESTART_MARKS && i < h->restarted; i++) {
		const struct boxes_restart *r = &h->restarts[i];

		if (r->key == b->key && now.ms - r->at.ms <= BOXES_RESTART_MS)
			n += r->by;
	}
	return n;
}

void
boxes_pids(const struct boxes_host *h, struct str *out)
{
	for (size_t i = 0; i < h->boxes.list.len; i++) {
		const struct box *b = &h->boxes.list.at[i];

		if (b->pid > 0)
			str_addf(out, "%s%s:%lld", out->len ? " " : "", b->id,
				(long long)b->pid);
	}
}
