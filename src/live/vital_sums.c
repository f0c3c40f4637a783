#include "live/vitalinner.h"

#include <stdlib.h>

#include "base/mem.h"

/* What the looks of a window say together: spread, share of good ones, trend. */

enum { TREND_LEAST = 4, MINUTE_MS = 60000 };

/* ---- five minutes each ----------------------------------------------------------------- */

static struct vital_bucket_of *
bucket_at(struct vital *v, int64_t at_ms)
{
	int64_t n = at_ms / VITAL_BUCKET_MS;
	struct vital_bucket_of *b;

	if (at_ms < 0)
		return NULL;
	if (!v->buckets)
		v->buckets = mem_array(VITAL_BUCKETS, sizeof *v->buckets);
	b = &v->buckets[n % VITAL_BUCKETS];
	if (b->n > n)
		return NULL; /* a clock was set back: that place is taken by what came later */
	if (b->n < n)
		*b = (struct vital_bucket_of){.n = n};
	return b;
}

void
vital_sum(struct vital *v, int64_t at_ms, enum vital_answer a)
{
	struct vital_bucket_of *b = bucket_at(v, at_ms);

	if (!b)
		return;
	b->good += a == VITAL_GOOD || a == VITAL_GOOD_WARN;
	b->bad += a == VITAL_BAD || a == VITAL_SILENT;
	b->unknown += a == VITAL_UNSURE;
}

static bool
has_something(const struct vital_bucket_of *b)
{
	return b->good || b->bad || b->unknown;
}

static void
add_bucket(struct vital_up *out, const struct vital_bucket_of *b)
{
	out->good += b->good;
	out->bad += b->bad;
	out->unknown += b->unknown;
}

static void
rate(struct vital_up *out)
{
	uint64_t all = (uint64_t)out->good + out->bad + out->unknown;

	/* Rounded down: 100 % is said only where every look was good. */
	out->permille = all ? (int)(out->good * UINT64_C(1000) / all) : -1;
}

void
vital_up(const struct vital *v, struct now now, int64_t window_ms, struct vital_up *out)
{
	int64_t last = now.wall.ms / VITAL_BUCKET_MS;
	int64_t many = window_ms / VITAL_BUCKET_MS;

	*out = (struct vital_up){.permille = -1};
	if (!v->buckets)
		return;
	if (many > VITAL_BUCKETS)
		many = VITAL_BUCKETS;
	if (many < 1)
		many = 1;
	for (int64_t n = last - many + 1; n <= last; n++) {
		const struct vital_bucket_of *b = &v->buckets[n % VITAL_BUCKETS];

		if (n < 0 || b->n != n || !has_something(b))
			continue;
		if (!out->from.ms)
			out->from.ms = n * VITAL_BUCKET_MS;
		add_bucket(out, b);
	}
	rate(out);
}

bool
vital_bucket(const struct vital *v, struct now now, int *at, struct vital_up *out)
{
	int64_t first = now.wall.ms / VITAL_BUCKET_MS - VITAL_BUCKETS + 1;

	while (v->buckets && *at < VITAL_BUCKETS) {
		int64_t n = first + (*at)++;
		const struct vital_bucket_of *b;

		if (n < 0)
			continue;
		b = &v->buckets[n % VITAL_BUCKETS];
		if (b->n != n || !has_something(b))
			continue;
		*out = (struct vital_up){.from = {n * VITAL_BUCKET_MS}};
		add_bucket(out, b);
		rate(out);
		return true;
	}
	return false;
}

bool
vital_put_bucket(
	struct vital *v, struct wall at, const struct vital_up *counts, struct now now)
{
	struct vital_bucket_of *b;

	if (at.ms > now.wall.ms)
		return false;
	b = bucket_at(v, at.ms);
	if (!b)
		return false;
	b->good += counts->good;
	b->bad += counts->bad;
	b->unknown += counts->unknown;
	return true;
}

/* ---- numbers of a window ---------------------------------------------------------------- */

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static bool
is_answer(const struct vital_sample *s)
{
	return s->answer != VITAL_GAP && s->answer != VITAL_SILENT;
}

/* First sample of the window; what measures nothing still tells that somebody looked. */
static size_t
window_start(const struct vital *v, struct now now, int64_t window_ms)
{
	size_t i = vital_samples(v);

	while (i > 0 && vital_sample(v, i - 1)->at_ms > now.wall.ms - window_ms)
		i--;
	return i;
}

/* Values at rank, the nearest one: never a number that nobody measured. */
static double
at_rank(const double *sorted, size_t n, int percent)
{
	size_t rank = (n * (size_t)percent + 99) / 100;

	return sorted[rank > 0 ? rank - 1 : 0];
}

static size_t
gather(const struct vital *v, size_t from, bool took, double *out, double *last)
{
	size_t n = 0;

	for (size_t i = from; i < vital_samples(v); i++) {
		const struct vital_sample *s = vital_sample(v, i);

		if (!is_answer(s) || (!took && !s->has_number))
			continue;
		out[n++] = took ? s->took_ms : s->number;
		*last = out[n - 1];
	}
	return n;
}

void
vital_spread(const struct vital *v, struct now now, int64_t window_ms,
	struct vital_spread *out)
{
	size_t from = window_start(v, now, window_ms), all = vital_samples(v) - from;
	double *numbers;

	*out = (struct vital_spread){0};
	if (all == 0)
		return;
	numbers = mem_array(all, sizeof *numbers);
	out->count = gather(v, from, false, numbers, &out->last);
	if (out->count == 0) {
		out->took = true;
		out->count = gather(v, from, true, numbers, &out->last);
	}
	if (out->count > 0) {
		qsort(numbers, out->count, sizeof *numbers, by_size);
		out->low = numbers[0];
		out->high = numbers[out->count - 1];
		out->p50 = at_rank(numbers, out->count, 50);
		out->p95 = at_rank(numbers, out->count, 95);
	}
	out->from.ms = vital_sample(v, from)->at_ms;
	mem_free(numbers);
}

bool
vital_trend(const struct vital *v, struct now now, int64_t window_ms, double *per_minute)
{
	size_t from = window_start(v, now, window_ms), n = 0;
	double t = 0, y = 0, tt = 0, ty = 0, spread;

	for (size_t i = from; i < vital_samples(v); i++) {
		const struct vital_sample *s = vital_sample(v, i);
		double minutes = (double)(s->at_ms - now.wall.ms) / MINUTE_MS;

		if (!is_answer(s) || !s->has_number)
			continue;
		n++;
		t += minutes;
		y += s->number;
		tt += minutes * minutes;
		ty += minutes * s->number;
	}
	spread = (double)n * tt - t * t;
	if (n < TREND_LEAST || spread <= 0)
		return false;
	*per_minute = ((double)n * ty - t * y) / spread;
	return true;
}
