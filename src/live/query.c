#include "live/query.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/vec.h"

/* GONE_PART: an eighth of the index may be of lines that went, then the rest is moved. */
enum { LINES_BETWEEN_CLOCKS = 64, BLOCK_LINES = 8192, GONE_PART = 8 };

/* The index is two runs: what was there when it began is looked at backwards, block by
 * block, newest first; what comes after that is appended. `old` holds numbers downwards,
 * `fresh` upwards. */
struct query {
	const struct logstore *store;
	struct query_terms terms;
	VEC_OF(uint64_t) old;
	VEC_OF(uint64_t) fresh;
	size_t fresh_gone; /* of fresh, at its beginning: lines that the store dropped */
	uint64_t low;      /* lines from here ... */
	uint64_t high;     /* ... up to here were looked at */
	uint64_t split;
	size_t gave_up;
};

struct query *
query_new(const struct logstore *s)
{
	struct query *q = mem_alloc(sizeof *q);

	q->store = s;
	q->low = q->high = q->split = logstore_end(s);
	return q;
}

void
query_free(struct query *q)
{
	if (!q)
		return;
	vec_free(&q->old);
	vec_free(&q->fresh);
	mem_free(q);
}

void
query_set(struct query *q, const struct query_terms *t)
{
	q->terms = *t;
	q->old.len = q->fresh.len = 0;
	q->fresh_gone = 0;
	q->low = q->high = q->split = logstore_end(q->store);
	q->gave_up = 0;
}

static bool
is_hidden(const struct query *q, uint16_t source)
{
	return source < QUERY_SOURCES &&
		(q->terms.hidden[source / 64] >> source % 64 & 1);
}

bool
query_wants(struct query *q, const struct logline *l)
{
	const char *text;

	/* What happened to a source is wanted whatever the filter is. */
	if (is_hidden(q, l->source))
		return false;
	if (!(l->flags & LOGLINE_NOTE) && l->level < q->terms.level)
		return false;
	if ((l->flags & LOGLINE_NOTE) && !q->terms.patterns[1])
		return true;
	text = logstore_text(q->store, l);
	for (int i = 0; i < QUERY_PATTERNS; i++) {
		if (!q->terms.patterns[i])
			continue;
		switch (pattern_find(q->terms.patterns[i], text, l->len, NULL, NULL)) {
		case PATTERN_YES:
			break;
		case PATTERN_NO:
			return false;
		case PATTERN_GAVE_UP:
			q->gave_up++;
			return false;
		}
	}
	return true;
}

/* Numbers below the store's first are of lines that went. */
static void
forget_dropped(struct query *q)
{
	uint64_t first = logstore_first(q->store);

	while (q->old.len > 0 && q->old.at[q->old.len - 1] < first)
		q->old.len--;
	while (q->fresh_gone < q->fresh.len && q->fresh.at[q->fresh_gone] < first)
		q->fresh_gone++;
	if (q->fresh_gone > BLOCK_LINES && q->fresh_gone * GONE_PART > q->fresh.len) {
		memmove(q->fresh.at, q->fresh.at + q->fresh_gone,
			(q->fresh.len - q->fresh_gone) * sizeof *q->fresh.at);
		q->fresh.len -= q->fresh_gone;
		q->fresh_gone = 0;
	}
	if (q->low < first)
		q->low = first;
	if (q->high < first)
		q->high = first;
}

/* Up to `n` lines upwards, then downwards. */
static void
look_at_some(struct query *q, size_t n)
{
	uint64_t end = logstore_end(q->store), first = logstore_first(q->store);

	for (; n > 0 && q->high < end; n--, q->high++) {
		if (query_wants(q, logstore_at(q->store, q->high)))
			vec_push(&q->fresh, q->high);
	}
	for (; n > 0 && q->low > first; n--) {
		q->low--;
		if (query_wants(q, logstore_at(q->store, q->low)))
			vec_push(&q->old, q->low);
	}
}

bool
query_step(struct query *q)
{
	struct mono begin = clock_mono();

	forget_dropped(q);
	while (!query_done(q)) {
		look_at_some(q, LINES_BETWEEN_CLOCKS);
		if (clock_mono().ms - begin.ms >= QUERY_SLICE_MS - 1)
			break;
	}
	return !query_done(q);
}

/* How many numbers of a run, upwards or downwards, stand before the first that is at least
 * (below) seq. */
static size_t
rank_up(const uint64_t *at, size_t n, uint64_t seq)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (at[mid] < seq)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static size_t
rank_down(const uint64_t *at, size_t n, uint64_t seq)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (at[mid] >= seq)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* The lines behind one that was put in have the next number now. */
static void
count_up(uint64_t *at, size_t n)
{
	enum { AT_ONCE = 8 }; /* a known length: the compiler makes vectors of it */

	for (; n >= AT_ONCE; n -= AT_ONCE, at += AT_ONCE) {
		for (size_t i = 0; i < AT_ONCE; i++)
			at[i]++;
	}
	for (size_t i = 0; i < n; i++)
		at[i]++;
}

static void
insert_number(uint64_t *at, size_t len, size_t i, uint64_t seq)
{
	memmove(at + i + 1, at + i, (len - 1 - i) * sizeof *at);
	at[i] = seq;
}

void
query_inserted(struct query *q, uint64_t seq)
{
	size_t gone = q->fresh_gone, in_fresh, in_old;

	if (seq >= q->high)
		return; /* not looked at yet */
	in_fresh = gone + rank_up(q->fresh.at + gone, q->fresh.len - gone, seq);
	in_old = rank_down(q->old.at, q->old.len, seq);
	count_up(q->fresh.at + in_fresh, q->fresh.len - in_fresh);
	count_up(q->old.at, in_old);
	q->high++;
	if (seq < q->split)
		q->split++;
	if (seq < q->low) {
		q->low++;
		return;
	}
	if (!query_wants(q, logstore_at(q->store, seq)))
		return;
	if (seq >= q->split) {
		vec_push(&q->fresh, seq);
		insert_number(q->fresh.at, q->fresh.len, in_fresh, seq);
	} else {
		vec_push(&q->old, seq);
		insert_number(q->old.at, q->old.len, in_old, seq);
	}
}

static size_t
fresh_count(const struct query *q)
{
	return q->fresh.len - q->fresh_gone;
}

size_t
query_count(const struct query *q)
{
	return q->old.len + fresh_count(q);
}

uint64_t
query_at(const struct query *q, size_t i)
{
	return i < q->old.len ? q->old.at[q->old.len - 1 - i]
			      : q->fresh.at[q->fresh_gone + i - q->old.len];
}

size_t
query_rank(const struct query *q, uint64_t seq)
{
	size_t low = 0, high = query_count(q);

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (query_at(q, mid) < seq)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

bool
query_done(const struct query *q)
{
	return q->high >= logstore_end(q->store) && q->low <= logstore_first(q->store);
}

size_t
query_gave_up(const struct query *q)
{
	return q->gave_up;
}
