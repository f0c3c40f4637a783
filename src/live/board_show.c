#include "live/boardinner.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/str.h"

/* What a screen says of it. */

static const char *
name_of(const struct board *b, const struct board_item *it)
{
	return it->probe ? it->probe->name : b->rb->targets.list.at[it->target].id;
}

int
board_find(const struct board *b, const char *name)
{
	for (size_t i = 0; i < b->len; i++)
		if (str_eq(name_of(b, &b->items[i]), name))
			return (int)i;
	return NONE;
}

static void
show_last(const struct board_item *it, struct board_shown *out)
{
	const struct vital_look *l = vital_last(it->vital);

	out->field = l ? l->field : "";
	out->value = l ? l->value : "";
	out->unit = l ? l->unit : "";
	out->want = l ? l->want : "";
	out->message = l ? l->message : "";
	out->rows = l ? l->rows : "";
	out->took_ms = l ? l->took_ms : -1;
}

static void
show_times(const struct board *b, int item, struct now now, struct board_shown *out)
{
	const struct board_item *it = &b->items[item];
	bool waits = b->watched == BOARD_PAUSED || it->under_way || it->off[0] ||
		(it->probe && (out->skipped != NONE || board_waits(b, item))) ||
		(!it->probe && it->link == BOARD_LINK_UP);

	out->since = vital_since(it->vital);
	out->seen_since = vital_seen_since(it->vital);
	out->last_good = vital_last_good(it->vital);
	out->age_ms = vital_age_ms(it->vital, now);
	out->every_ms = it->every_ms;
	out->next_ms = waits ? -1 : it->due.ms - now.mono.ms;
	if (out->next_ms < 0 && !waits)
		out->next_ms = 0;
}

static bool
is_bad(enum vital_state s)
{
	return s == VITAL_WARN || s == VITAL_FAIL || s == VITAL_DOWN;
}

void
board_show(const struct board *b, int item, struct now now, struct board_shown *out)
{
	const struct board_item *it = &b->items[item];

	*out = (struct board_shown){.name = name_of(b, it),
		.kind = it->probe ? probe_kind_name(it->probe->kind) : "host",
		.host = it->target == NONE ? NULL : b->rb->targets.list.at[it->target].id,
		.probe = it->probe,
		.state = vital_state(it->vital, now),
		.judged = vital_judged(it->vital),
		.expect = it->expect,
		.tries = vital_bad_in_a_row(it->vital),
		.under_way = it->under_way > 0 || it->link == BOARD_LINK_TRYING,
		.skipped = it->off[0] ? NONE : board_dead_parent(b, item),
		.mute = vital_mute_of(it->vital),
		.has_limit = it->has_limit,
		.limit = it->limit};
	out->n = vital_count(it->vital, &out->k);
	show_last(it, out);
	show_times(b, item, now, out);
	if (out->skipped != NONE && out->state != VITAL_MUTED)
		out->state = VITAL_UNKNOWN;
	if (it->off[0])
		out->message = it->off;
	else if (!it->probe && it->words[0])
		out->message = it->words;
	out->alarm = is_bad(out->state) && out->skipped == NONE;
}

void
board_skipped_words(const struct board *b, const struct board_shown *s, struct str *out)
{
	const struct board_item *it;

	if (s->skipped == NONE)
		return;
	it = &b->items[s->skipped];
	str_addf(out, "skipped (%s%s down)", it->probe ? "" : "host ", name_of(b, it));
}

/* ---- all of them -------------------------------------------------------------------------- */

struct ranked {
	int item, rank;
};

static int
by_rank(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	return x->rank != y->rank ? x->rank - y->rank : x->item - y->item;
}

void
board_sort(const struct board *b, struct now now, int *order)
{
	struct ranked *all = mem_array(b->len + 1, sizeof *all);

	for (size_t i = 0; i < b->len; i++) {
		struct board_shown s;

		board_show(b, (int)i, now, &s);
		all[i] = (struct ranked){(int)i, vital_state_rank(s.state)};
	}
	qsort(all, b->len, sizeof *all, by_rank);
	for (size_t i = 0; i < b->len; i++)
		order[i] = all[i].item;
	mem_free(all);
}

void
board_count(const struct board *b, struct now now, struct board_count *out)
{
	*out = (struct board_count){.oldest_ms = -1, .worst = VITAL_OFF};
	for (size_t i = 0; i < b->len; i++) {
		struct board_shown s;

		board_show(b, (int)i, now, &s);
		out->of[s.state]++;
		out->total++;
		out->alarms += s.alarm;
		out->skipped += s.skipped != NONE;
		if (vital_state_rank(s.state) < vital_state_rank(out->worst))
			out->worst = s.state;
		if (s.state != VITAL_STALE && s.state != VITAL_OFF &&
			s.age_ms > out->oldest_ms)
			out->oldest_ms = s.age_ms;
	}
}
