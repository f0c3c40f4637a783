#include "live/boardinner.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"

/* ---- who is on it ----------------------------------------------------------------------- */

static bool
has(const struct ints *list, int n)
{
	for (size_t i = 0; i < list->list.len; i++)
		if (list->list.at[i] == n)
			return true;
	return false;
}

static void
add(struct ints *list, int n)
{
	if (n != NONE && !has(list, n))
		vec_push(&list->list, n);
}

/* A limit that can be drawn: one number that the measured value must stay on one side of. */
static void
find_limit(struct board_item *it)
{
	const struct expect *x = it->probe->expect;

	for (size_t i = 0; x && i < x->rules.len; i++) {
		const struct expect_test *t = x->rules.at[i].test;

		if (x->rules.at[i].field == EXPECT_EXIT || t->kind != EXPECT_NUMBER ||
			t->op == EXPECT_EQ || t->op == EXPECT_NE)
			continue;
		it->has_limit = true;
		it->limit = t->number;
		return;
	}
}

static void
add_probe(struct board *b, size_t i)
{
	const struct probe *p = &b->rb->probes.list.at[i];
	struct board_item *it = &b->items[i];
	struct str text = STR_INIT;
	bool said = p->steady > 1 || p->of > 1;

	*it = (struct board_item){.probe = p, .target = NONE, .every_ms = p->every_ms};
	it->vital = vital_new(&(struct vital_rule){.steady = p->steady,
		.of = p->of,
		.k = said ? p->steady : VITAL_K,
		.every_ms = p->every_ms});
	expect_text(p->expect, &text);
	it->expect = str_take(&text);
	find_limit(it);
}

static int
host_item(struct board *b, int target)
{
	struct board_item *it;

	if (b->host_of[target] != NONE)
		return b->host_of[target];
	it = &b->items[b->len];
	*it = (struct board_item){.target = target, .every_ms = BOARD_HOST_EVERY_MS};
	it->expect = mem_strdup("can be logged in to");
	it->vital = vital_new(&(struct vital_rule){.steady = 1,
		.of = 1,
		.k = BOARD_HOST_K,
		.every_ms = BOARD_HOST_EVERY_MS});
	b->host_of[target] = (int)b->len;
	return (int)b->len++;
}

/* This machine and a simulated one have no connection to lose. */
static void
stands_on(struct board *b, struct board_item *it, int host, bool first_only)
{
	const struct host *h;

	if (host == NONE)
		return;
	h = &b->rb->hosts.list.at[host];
	for (int i = 0; i < h->target_count && (i == 0 || !first_only); i++) {
		if (it->target == NONE)
			it->target = h->first_target + i;
		if (h->via == HOST_SSH)
			add(&it->machines, host_item(b, h->first_target + i));
	}
}

static void
needs(struct board *b, struct board_item *it)
{
	const struct probe *p = it->probe;

	for (size_t i = 0; i < p->needs_probes.list.len; i++)
		if (&b->items[p->needs_probes.list.at[i]] != it)
			add(&it->parents, p->needs_probes.list.at[i]);
	for (size_t i = 0; i < p->needs_hosts.list.len; i++) {
		const struct host *h = &b->rb->hosts.list.at[p->needs_hosts.list.at[i]];

		for (int k = 0; k < h->target_count && h->via == HOST_SSH; k++)
			add(&it->parents, host_item(b, h->first_target + k));
	}
}

struct board *
board_new(const struct runbook *rb, struct now now, uint64_t seed)
{
	struct board *b = mem_alloc(sizeof *b);
	size_t targets = rb->targets.list.len;

	b->rb = rb;
	b->seed = seed;
	b->watched = BOARD_PAUSED;
	b->probes = b->len = rb->probes.list.len;
	b->items = mem_array(b->probes + targets + 1, sizeof *b->items);
	b->host_of = mem_array(targets + 1, sizeof *b->host_of);
	for (size_t i = 0; i < targets; i++)
		b->host_of[i] = NONE;
	for (size_t i = 0; i < b->probes; i++)
		add_probe(b, i);
	for (size_t i = 0; i < b->probes; i++) {
		struct board_item *it = &b->items[i];

		stands_on(b, it, it->probe->host, false);
		stands_on(b, it, it->probe->through, true);
		needs(b, it);
	}
	board_stagger(b, now);
	return b;
}

void
board_free(struct board *b)
{
	if (!b)
		return;
	for (size_t i = 0; i < b->len; i++) {
		vital_free(b->items[i].vital);
		mem_free(b->items[i].expect);
		vec_free(&b->items[i].parents.list);
		vec_free(&b->items[i].machines.list);
	}
	mem_free(b->items);
	mem_free(b->host_of);
	mem_free(b);
}

size_t
board_items(const struct board *b)
{
	return b->len;
}

size_t
board_probes(const struct board *b)
{
	return b->probes;
}

const struct vital *
board_vital(const struct board *b, int item)
{
	return b->items[item].vital;
}

struct vital *
board_vital_of(struct board *b, int item)
{
	return b->items[item].vital;
}

int
board_host(const struct board *b, int target)
{
	return b->host_of[target];
}

bool
board_asks(const struct board *b, int item)
{
	const struct board_item *it = &b->items[item];

	if (it->link == BOARD_LINK_ASKS)
		return true;
	for (size_t i = 0; i < it->machines.list.len; i++)
		if (b->items[it->machines.list.at[i]].link == BOARD_LINK_ASKS)
			return true;
	return false;
}

void
board_hosts_of(const struct board *b, int item, bool *marked)
{
	const struct board_item *it = &b->items[item];

	for (size_t i = 0; i < it->machines.list.len; i++)
		marked[it->machines.list.at[i]] = true;
	for (size_t i = 0; i < it->parents.list.len; i++)
		if (!b->items[it->parents.list.at[i]].probe)
			marked[it->parents.list.at[i]] = true;
}

int
board_target(const struct board *b, int item)
{
	return b->items[item].target;
}

/* A probe of the environment has the same name in every runbook; one of a runbook is its
 * own, also where another has the same name. */
bool
board_identity(const struct board *b, int item, const struct probewhat *v,
	struct str *name, struct str *what)
{
	const struct board_item *it = &b->items[item];
	char sha[DIGEST_HEX + 1];
	bool whole;

	if (!it->probe) {
		str_addf(name, "host:%s", b->rb->targets.list.at[it->target].id);
		str_adds(what, "host");
		return true;
	}
	if (!it->probe->shared)
		str_addf(name, "%s:%s", b->rb->name ? b->rb->name : "",
			b->rb->scopes.list.len
				? b->rb->scopes.list.at[it->probe->scope].prefix
				: "");
	str_adds(name, it->probe->name);
	whole = probewhat_digest(b->rb, it->probe, v, sha);
	str_add(what, sha, 16);
	return whole;
}

void
board_forget(struct board *b, int item)
{
	vital_forget(b->items[item].vital);
}

/* ---- who is dead ------------------------------------------------------------------------- */

static bool
is_dead(const struct board *b, int item)
{
	const struct board_item *it = &b->items[item];
	enum vital_state s = vital_judged(it->vital);

	if (!it->probe) /* while it tries again nothing on it can be looked at */
		return it->link != BOARD_LINK_UP && (s == VITAL_DOWN || s == VITAL_FAIL);
	return s == VITAL_DOWN;
}

static int
dead_machine(const struct board *b, const struct board_item *it)
{
	int dead = NONE;

	for (size_t i = 0; i < it->machines.list.len; i++) {
		if (!is_dead(b, it->machines.list.at[i]))
			return NONE;
		if (dead == NONE)
			dead = it->machines.list.at[i];
	}
	return dead;
}

/* The one to blame stands at the end of the chain; a ring of needs blames nobody. */
int
board_dead_parent(const struct board *b, int item)
{
	int found = NONE;

	for (size_t steps = 0; steps <= b->len; steps++) {
		const struct board_item *it = &b->items[item];
		int dead = dead_machine(b, it);

		for (size_t i = 0; i < it->parents.list.len && dead == NONE; i++) {
			int parent = it->parents.list.at[i];

			if (is_dead(b, parent) ||
				dead_machine(b, &b->items[parent]) != NONE)
				dead = parent;
		}
		if (dead == NONE)
			return found;
		found = item = dead;
	}
	return NONE;
}

bool
board_waits(const struct board *b, int item)
{
	const struct board_item *it = &b->items[item];

	for (size_t i = 0; i < it->machines.list.len; i++)
		if (b->items[it->machines.list.at[i]].link == BOARD_LINK_UP)
			return false;
	return it->machines.list.len > 0;
}

/* ---- what is heard ----------------------------------------------------------------------- */

void
board_off(struct board *b, int item, const char *why)
{
	struct board_item *it = &b->items[item];

	snprintf(it->off, sizeof it->off, "%s", why ? why : "");
	vital_off(it->vital, why != NULL);
}

void
board_mute(struct board *b, int item, const struct vital_mute *m)
{
	vital_mute(b->items[item].vital, m);
}

void
board_begun(struct board *b, int item)
{
	b->items[item].under_way++;
}

void
board_dropped(struct board *b, int item, struct now now)
{
	struct board_item *it = &b->items[item];

	if (it->under_way > 0)
		it->under_way--;
	board_plan(b, it, now);
}

/* One of its machines is dead: that there is no answer says nothing about the probe. */
static bool
some_machine_dead(const struct board *b, const struct board_item *it)
{
	for (size_t i = 0; i < it->machines.list.len; i++)
		if (is_dead(b, it->machines.list.at[i]))
			return true;
	return false;
}

bool
board_heard(struct board *b, int item, const struct vital_look *l)
{
	struct board_item *it = &b->items[item];
	struct vital_look look = *l;
	bool turned;

	if (it->under_way > 0)
		it->under_way--;
	if (look.answer == VITAL_SILENT && some_machine_dead(b, it))
		look.answer = VITAL_UNSURE;
	turned = vital_heard(it->vital, &look);
	board_plan(b, it, l->at);
	return turned;
}

/* A host whose connection stays up is good news at each turn; one that is lost, or could not
 * be made, is one bad look for every try. */
bool
board_link(
	struct board *b, int target, enum board_link l, const char *words, struct now now)
{
	int item = b->host_of[target];
	struct vital_look look = {.message = words, .at = now};
	struct board_item *it;
	enum board_link was;

	if (item == NONE)
		return false;
	it = &b->items[item];
	was = it->link;
	it->link = l;
	if (l == BOARD_LINK_UNTRIED || l == BOARD_LINK_TRYING) {
		if (!vital_last(it->vital)) /* else why it failed is worth more */
			snprintf(it->words, sizeof it->words, "%s", words ? words : "");
		return false;
	}
	snprintf(it->words, sizeof it->words, "%s", words ? words : "");
	if (l == was && l == BOARD_LINK_ASKS)
		return false;
	it->under_way = 0;
	look.answer = l == BOARD_LINK_UP ? VITAL_GOOD
		: l == BOARD_LINK_DOWN   ? VITAL_SILENT
					 : VITAL_UNSURE;
	return board_heard(b, item, &look);
}
