#include "live/vitalinner.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

enum { SAMPLES_FIRST = 32, WINDOW_MOST = 64 };

static const struct {
	const char *name;
	enum verdict verdict;
	int rank;
} states[VITAL_STATE_COUNT] = {
#define X(id, word, v) [VITAL_##id] = {.name = word, .verdict = VERDICT_##v},
	VITAL_STATES(X)
#undef X
};

const char *
vital_state_name(enum vital_state s)
{
	return states[s].name;
}

enum verdict
vital_state_verdict(enum vital_state s)
{
	return states[s].verdict;
}

int
vital_state_rank(enum vital_state s)
{
	static const int rank[VITAL_STATE_COUNT] = {
		[VITAL_DOWN] = 0,
		[VITAL_FAIL] = 1,
		[VITAL_WARN] = 2,
		[VITAL_UNKNOWN] = 3,
		[VITAL_STALE] = 4,
		[VITAL_OK] = 5,
		[VITAL_MUTED] = 6,
		[VITAL_OFF] = 7,
	};

	return rank[s];
}

/* ---- life ---------------------------------------------------------------------------- */

static void
forget_last(struct vital *v)
{
	v->last = (struct vital_look){.field = v->field,
		.value = v->value,
		.unit = v->unit,
		.want = v->want,
		.message = v->message,
		.rows = ""};
}

struct vital *
vital_new(const struct vital_rule *r)
{
	struct vital *v = mem_alloc(sizeof *v);

	v->rule = *r;
	v->rule.steady = r->steady > 0 ? r->steady : 1;
	v->rule.of = r->of > v->rule.steady ? r->of : v->rule.steady;
	if (v->rule.of > WINDOW_MOST)
		v->rule.of = WINDOW_MOST;
	if (v->rule.steady > v->rule.of)
		v->rule.steady = v->rule.of;
	v->rule.k = r->k > 0 ? r->k : VITAL_K;
	v->judged = VITAL_UNKNOWN;
	forget_last(v);
	return v;
}

static void
release(struct vital *v)
{
	mem_free(v->rows);
	mem_free(v->samples);
	mem_free(v->changes);
	mem_free(v->buckets);
}

void
vital_free(struct vital *v)
{
	if (!v)
		return;
	release(v);
	mem_free(v);
}

void
vital_forget(struct vital *v)
{
	struct vital old = *v;

	release(&old);
	*v = (struct vital){.rule = old.rule,
		.judged = VITAL_UNKNOWN,
		.off = old.off,
		.mute = old.mute};
	forget_last(v);
}

void
vital_every(struct vital *v, int64_t every_ms)
{
	v->rule.every_ms = every_ms;
}

void
vital_mute(struct vital *v, const struct vital_mute *m)
{
	v->mute = *m;
}

void
vital_off(struct vital *v, bool off)
{
	v->off = off;
}

/* ---- what is kept --------------------------------------------------------------------- */

static void
grow_samples(struct vital *v)
{
	size_t cap = v->samples_cap ? v->samples_cap * 2 : SAMPLES_FIRST;

	if (v->samples_len < v->samples_cap || v->samples_cap == VITAL_SAMPLES)
		return;
	if (cap > VITAL_SAMPLES)
		cap = VITAL_SAMPLES;
	/* It wraps only once it has all the room it gets. */
	v->samples = mem_grow(v->samples, cap, sizeof *v->samples);
	v->samples_cap = cap;
}

void
vital_add_sample(struct vital *v, const struct vital_sample *s)
{
	grow_samples(v);
	if (v->samples_len < v->samples_cap) {
		v->samples[v->samples_len++] = *s;
		return;
	}
	v->samples[v->samples_first] = *s;
	v->samples_first = (v->samples_first + 1) % VITAL_SAMPLES;
}

void
vital_add_change(struct vital *v, const struct vital_change *c)
{
	if (!v->changes)
		v->changes = mem_array(VITAL_CHANGES, sizeof *v->changes);
	if (v->changes_len < VITAL_CHANGES) {
		v->changes[v->changes_len++] = *c;
		return;
	}
	v->changes[v->changes_first] = *c;
	v->changes_first = (v->changes_first + 1) % VITAL_CHANGES;
}

bool
vital_is_gap(const struct vital *v, int64_t ms)
{
	return v->rule.every_ms > 0 && ms > v->rule.every_ms * VITAL_STALE_AFTER;
}

/* What the rows said is too old to guard against flapping: it is judged afresh. */
static void
begin_again(struct vital *v)
{
	v->good_row = v->bad_row = v->window_len = 0;
	v->window = 0;
	if (v->judged == VITAL_DOWN || v->judged == VITAL_FAIL)
		v->judged = VITAL_UNKNOWN;
}

static void
remember(struct vital *v, const struct vital_look *l)
{
	struct vital_sample s = {.at_ms = l->at.wall.ms,
		.number = l->has_number ? l->number : 0,
		.took_ms = l->took_ms > INT32_MAX ? INT32_MAX : (int32_t)l->took_ms,
		.answer = (uint8_t)l->answer,
		.has_number = l->has_number};
	int64_t gap_ms = l->at.mono.ms - v->at.mono.ms;

	if (v->heard && vital_is_gap(v, gap_ms)) {
		vital_add_sample(v,
			&(struct vital_sample){
				.at_ms = v->at.wall.ms, .answer = VITAL_GAP});
		v->seen_since = l->at.wall;
		begin_again(v);
	}
	if (!v->heard)
		v->seen_since = l->at.wall;
	vital_add_sample(v, &s);
	vital_sum(v, s.at_ms, l->answer);
	v->heard = true;
	v->at = l->at;
}

static void
put_text(char *to, size_t size, const char *text)
{
	int len = snprintf(to, size, "%s", text ? text : "");

	/* what is cut ends in a whole character */
	for (size_t n = size - 1; len >= (int)size && n > 0; n--) {
		if (text_valid_utf8(to, n))
			break;
		to[n - 1] = '\0';
	}
}

static void
remember_last(struct vital *v, const struct vital_look *l)
{
	put_text(v->field, sizeof v->field, l->field);
	put_text(v->value, sizeof v->value, l->value);
	put_text(v->unit, sizeof v->unit, l->unit);
	put_text(v->want, sizeof v->want, l->want);
	put_text(v->message, sizeof v->message, l->message);
	mem_free(v->rows);
	v->rows = l->rows ? mem_strdup(l->rows) : NULL;
	forget_last(v);
	v->last.answer = l->answer;
	v->last.number = l->number;
	v->last.has_number = l->has_number;
	v->last.took_ms = l->took_ms;
	v->last.at = l->at;
	if (v->rows)
		v->last.rows = v->rows;
}

/* ---- the judge over time --------------------------------------------------------------- */

static bool
is_good(enum vital_answer a)
{
	return a == VITAL_GOOD || a == VITAL_GOOD_WARN;
}

static bool
is_bad(enum vital_answer a)
{
	return a == VITAL_BAD || a == VITAL_SILENT;
}

/* An unsure look ends a row of good ones and proves nothing about a row of bad ones. */
void
vital_count_answer(struct vital *v, enum vital_answer a)
{
	v->window = v->window << 1 | (is_good(a) ? 1U : 0U);
	if (v->window_len < WINDOW_MOST)
		v->window_len++;
	v->good_row = is_good(a) ? v->good_row + 1 : 0;
	if (is_good(a))
		v->bad_row = 0;
	else if (is_bad(a))
		v->bad_row++;
}

static bool
is_steady(const struct vital *v)
{
	int good = 0;

	for (int i = 0; i < v->rule.of && i < v->window_len; i++)
		good += (int)(v->window >> i & 1);
	return good >= v->rule.steady;
}

static enum vital_state
judge(const struct vital *v, enum vital_answer a)
{
	enum vital_state good = a == VITAL_GOOD_WARN ? VITAL_WARN : VITAL_OK;

	if (is_bad(a))
		return v->judged == VITAL_DOWN || v->bad_row >= v->rule.k ? VITAL_DOWN
									  : VITAL_FAIL;
	if (!is_good(a))
		return v->judged == VITAL_DOWN ? VITAL_DOWN : VITAL_UNKNOWN;
	if (v->judged == VITAL_OK || v->judged == VITAL_WARN)
		return good;
	if (v->judged == VITAL_DOWN)
		return v->good_row >= v->rule.k ? good : VITAL_DOWN;
	return is_steady(v) ? good : v->judged;
}

static void
note_change(struct vital *v, const struct vital_look *l)
{
	struct vital_change c = {.at = l->at.wall, .state = v->judged};

	if (v->judged == VITAL_FAIL || v->judged == VITAL_DOWN)
		c.n = vital_count(v, &c.k);
	put_text(c.words, sizeof c.words, l->message);
	vital_add_change(v, &c);
}

bool
vital_heard(struct vital *v, const struct vital_look *l)
{
	enum vital_state before = v->judged;
	bool first = !v->heard;

	remember(v, l);
	remember_last(v, l);
	vital_count_answer(v, l->answer);
	if (is_good(l->answer))
		v->last_good = l->at.wall;
	v->judged = judge(v, l->answer);
	if (v->judged != before || first || !v->since.ms)
		v->since = l->at.wall;
	/* Another bad one on the way to DOWN is worth a line, but turns nothing. */
	if (v->judged != before || first || (v->judged == VITAL_FAIL && v->bad_row > 1))
		note_change(v, l);
	return v->judged != before || first;
}

/* ---- asking -------------------------------------------------------------------------- */

bool
vital_muted(const struct vital *v, struct now now)
{
	return v->mute.until.ms > now.wall.ms;
}

const struct vital_mute *
vital_mute_of(const struct vital *v)
{
	return &v->mute;
}

int64_t
vital_age_ms(const struct vital *v, struct now now)
{
	int64_t age = now.mono.ms - v->at.mono.ms;

	return !v->heard ? -1 : age > 0 ? age : 0;
}

enum vital_state
vital_state(const struct vital *v, struct now now)
{
	if (v->off)
		return VITAL_OFF;
	if (vital_muted(v, now))
		return VITAL_MUTED;
	if (!v->heard)
		return VITAL_UNKNOWN;
	if (vital_is_gap(v, vital_age_ms(v, now)))
		return VITAL_STALE;
	return v->judged;
}

enum vital_state
vital_judged(const struct vital *v)
{
	return v->judged;
}

int
vital_count(const struct vital *v, int *k)
{
	*k = v->rule.k;
	if (v->judged == VITAL_FAIL)
		return v->bad_row;
	if (v->judged == VITAL_DOWN && v->good_row > 0)
		return v->good_row;
	*k = 0;
	return 0;
}

struct wall
vital_since(const struct vital *v)
{
	return v->since;
}

struct wall
vital_seen_since(const struct vital *v)
{
	return v->seen_since;
}

struct wall
vital_last_good(const struct vital *v)
{
	return v->last_good;
}

const struct vital_look *
vital_last(const struct vital *v)
{
	return v->heard ? &v->last : NULL;
}

enum vital_state
vital_judged_look(const struct vital_look *l)
{
	return l->answer == VITAL_GOOD         ? VITAL_OK
		: l->answer == VITAL_GOOD_WARN ? VITAL_WARN
		: l->answer == VITAL_UNSURE    ? VITAL_UNKNOWN
					       : VITAL_FAIL;
}

int
vital_bad_in_a_row(const struct vital *v)
{
	return v->bad_row;
}

size_t
vital_samples(const struct vital *v)
{
	return v->samples_len;
}

const struct vital_sample *
vital_sample(const struct vital *v, size_t i)
{
	return &v->samples[(v->samples_first + i) % VITAL_SAMPLES];
}

size_t
vital_changes(const struct vital *v)
{
	return v->changes_len;
}

const struct vital_change *
vital_change(const struct vital *v, size_t i)
{
	return &v->changes[(v->changes_first + i) % VITAL_CHANGES];
}
