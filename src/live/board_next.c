#include "live/boardinner.h"

/* Who is looked at when. Nothing here knows what a look is. */

enum {
	SPREAD_MS = 8,   /* between the first looks: a program for each, maybe */
	TARGET_MOST = 2, /* looks on one machine: its channels are for steps as well */
	LOCAL_MOST = 16, /* looks that stand on no machine */
	JITTER_PERCENT = 10,
	ASIDE_TIMES = 3,
	BACK_OFF_MOST = 8,           /* times its interval */
	BACK_OFF_MS = 5 * 60 * 1000, /* and no longer than this, unless its interval is */
	HOST_FIRST_MS = 5000,        /* until a lost connection is tried again */
};

/* splitmix64 */
static uint64_t
draw(struct board *b)
{
	uint64_t z = b->seed += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/* Between 90 and 110 percent of it. */
static int64_t
jitter(struct board *b, int64_t ms)
{
	int64_t wide = ms * JITTER_PERCENT / 50;

	return wide > 0 ? ms - wide / 2 + (int64_t)(draw(b) % (uint64_t)wide) : ms;
}

static int64_t
back_off(int64_t base_ms, int times)
{
	int64_t most = base_ms * BACK_OFF_MOST, ms = base_ms;

	if (most > BACK_OFF_MS)
		most = base_ms > BACK_OFF_MS ? base_ms : BACK_OFF_MS;
	while (times-- > 0 && ms < most)
		ms *= 2;
	return ms < most ? ms : most;
}

/* One that does not answer at all is asked ever more seldom; one that is bad is not. */
static int64_t
interval(const struct board *b, const struct board_item *it)
{
	const struct vital_look *l = vital_last(it->vital);
	bool silent = l && l->answer == VITAL_SILENT;
	int bad = vital_bad_in_a_row(it->vital);
	int64_t ms;

	if (!it->probe && it->link != BOARD_LINK_UP)
		return back_off(HOST_FIRST_MS, bad > 0 ? bad - 1 : 0);
	ms = it->probe ? it->probe->every_ms : BOARD_HOST_EVERY_MS;
	if (b->watched == BOARD_ASIDE)
		ms *= ASIDE_TIMES;
	return silent && bad > VITAL_K ? back_off(ms, bad - VITAL_K) : ms;
}

static void
set_interval(struct board *b, struct board_item *it)
{
	it->every_ms = interval(b, it);
	/* A host is heard of at every turn of its link: that is not its interval. */
	vital_every(it->vital,
		it->probe || it->every_ms > BOARD_HOST_EVERY_MS ? it->every_ms
								: BOARD_HOST_EVERY_MS);
}

void
board_plan(struct board *b, struct board_item *it, struct now now)
{
	set_interval(b, it);
	it->due.ms = now.mono.ms + jitter(b, it->every_ms);
}

void
board_stagger(struct board *b, struct now now)
{
	for (size_t i = 0; i < b->len; i++)
		b->items[i].due.ms = now.mono.ms + (int64_t)i * SPREAD_MS;
}

void
board_watched(struct board *b, enum board_watched w, struct now now)
{
	enum board_watched was = b->watched;

	b->watched = w;
	for (size_t i = 0; i < b->len; i++) {
		struct board_item *it = &b->items[i];
		int64_t latest;

		set_interval(b, it);
		latest = now.mono.ms + it->every_ms;
		if (was == BOARD_PAUSED && it->due.ms < now.mono.ms)
			it->due.ms = now.mono.ms + (int64_t)i * SPREAD_MS;
		else if (it->due.ms > latest)
			it->due.ms = latest;
	}
}

enum board_watched
board_is_watched(const struct board *b)
{
	return b->watched;
}

void
board_ask(struct board *b, int item)
{
	b->items[item].asked = true;
}

/* ---- limits ------------------------------------------------------------------------------ */

static int
under_way_on(const struct board *b, int target)
{
	int n = 0;

	for (size_t i = 0; i < b->probes; i++)
		if (b->items[i].target == target)
			n += b->items[i].under_way;
	return n;
}

static bool
has_room(const struct board *b, const struct board_item *it)
{
	int most = it->machines.list.len ? TARGET_MOST : LOCAL_MOST;

	return !it->probe || under_way_on(b, it->target) < most;
}

/* A connection that is there, is on its way or waits for a person needs no try. */
static bool
host_may(const struct board_item *it)
{
	return it->link == BOARD_LINK_UNTRIED || it->link == BOARD_LINK_DOWN ||
		(it->link == BOARD_LINK_ASKS && it->asked);
}

/* Leaving room aside. */
static bool
may(const struct board *b, int item)
{
	const struct board_item *it = &b->items[item];

	if (b->watched == BOARD_PAUSED && !it->asked)
		return false;
	if (it->under_way > 0 || it->off[0])
		return false;
	if (!it->probe)
		return host_may(it);
	return board_dead_parent(b, item) == NONE && !board_waits(b, item);
}

/* Somebody wants a look that its machine stands in the way of. */
static void
ask_machines(struct board *b)
{
	for (size_t i = 0; i < b->probes; i++) {
		const struct board_item *it = &b->items[i];
		int dead;

		if (!it->asked)
			continue;
		dead = board_dead_parent(b, (int)i);
		for (size_t k = 0; k < it->machines.list.len; k++)
			b->items[it->machines.list.at[k]]
				.asked |= b->items[it->machines.list.at[k]].link !=
				BOARD_LINK_UP;
		if (dead != NONE)
			b->items[dead].asked = true;
	}
}

int
board_next(struct board *b, struct now now)
{
	int best = NONE;

	ask_machines(b);
	for (size_t i = 0; i < b->len; i++) {
		const struct board_item *it = &b->items[i];
		bool sooner = best == NONE || it->due.ms < b->items[best].due.ms;

		if ((!it->asked && (it->due.ms > now.mono.ms || !sooner)) ||
			!may(b, (int)i) || !has_room(b, it))
			continue;
		best = (int)i;
		if (it->asked)
			break;
	}
	if (best == NONE)
		return NONE;
	b->items[best].asked = false;
	if (b->items[best].probe) {
		b->items[best].under_way++;
	} else {
		b->items[best].link = BOARD_LINK_TRYING;
		board_plan(b, &b->items[best], now);
	}
	return best;
}

int64_t
board_wait_ms(const struct board *b, struct now now)
{
	int64_t wait = -1;

	for (size_t i = 0; i < b->len; i++) {
		const struct board_item *it = &b->items[i];
		int64_t left = it->asked ? 0 : it->due.ms - now.mono.ms;

		if (!may(b, (int)i) || !has_room(b, it))
			continue;
		if (left < 0)
			left = 0;
		if (wait < 0 || left < wait)
			wait = left;
	}
	return wait;
}
