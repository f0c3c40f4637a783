#ifndef LIVE_VITAL_H
#define LIVE_VITAL_H

/*
 * One probe over time: its looks make a state, since when, the numbers behind a sparkline,
 * how often it was good, and the list of its changes. Pure: every function takes `now`.
 * Unknown is never OK, and neither is an old answer. live/board has one for each probe and
 * host, and says when to look; the readings on disk are app/readings's business.
 *
 * States. One bad look is FAIL (1 of k), k in a row are DOWN; from DOWN it takes k good ones
 * to be OK again, from FAIL what `steady:` says. An answer older than three intervals is STALE.
 * MUTED says nothing until its end, OFF is not looked at.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "model/verdict.h"

/* enum, word, verdict for whoever wants one of four */
#define VITAL_STATES(X) \
	X(OK, "OK", OK) \
	X(WARN, "WARN", WARN) \
	X(FAIL, "FAIL", FAIL) \
	X(DOWN, "DOWN", FAIL) \
	X(UNKNOWN, "UNKNOWN", UNKNOWN) \
	X(STALE, "STALE", UNKNOWN) \
	X(MUTED, "MUTED", UNKNOWN) \
	X(OFF, "OFF", UNKNOWN)

enum vital_state {
#define X(id, name, verdict) VITAL_##id,
	VITAL_STATES(X)
#undef X
		VITAL_STATE_COUNT
};
const char *vital_state_name(enum vital_state s);
enum verdict vital_state_verdict(enum vital_state s);
/* Rank for lists, worst first: DOWN 0 ... OFF 7. */
int vital_state_rank(enum vital_state s);

/* What one look came to. */
enum vital_answer {
	VITAL_GOOD,
	VITAL_GOOD_WARN,
	VITAL_BAD,
	VITAL_UNSURE, /* an answer that cannot be judged, or the look could not be made */
	VITAL_SILENT, /* no answer: counts as bad, shown as x */
	VITAL_GAP,    /* only as a sample: nobody looked between this and the next */
};

enum {
	VITAL_SAMPLES = 720, /* kept one by one: 2 h of looks every 10 s */
	VITAL_CHANGES = 32,
	VITAL_BUCKET_MS = 5 * 60 * 1000,
	VITAL_BUCKETS = 288,   /* 24 h */
	VITAL_K = 3,           /* bad looks for DOWN where `steady:` says nothing */
	VITAL_STALE_AFTER = 3, /* intervals */
};

struct vital_sample {
	int64_t at_ms; /* wall */
	double number; /* the measured value; only with has_number */
	int32_t took_ms;
	uint8_t answer; /* enum vital_answer */
	bool has_number;
};

struct vital_change {
	struct wall at;
	enum vital_state state; /* OK WARN FAIL DOWN UNKNOWN */
	int n, k;               /* FAIL: n of k */
	char words[160];
};

/* A look, as whoever looked hands it in. Texts are borrowed, harmless and redacted. */
struct vital_look {
	enum vital_answer answer;
	const char *field, *value, *unit, *want, *message;
	const char *rows; /* the whole judgement, a line for each field; or NULL */
	double number;    /* the value as a number in its base unit, with has_number */
	bool has_number;
	int64_t took_ms;
	struct now at;
};

struct vital_mute {
	struct wall until; /* 0: not muted */
	char who[64], reason[160];
};

struct vital_rule {
	int steady, of; /* good again after FAIL: steady of the last `of` */
	int k;          /* bad ones for DOWN, good ones from DOWN to OK */
	int64_t every_ms;
};

struct vital;
struct vital *vital_new(const struct vital_rule *r);
void vital_free(struct vital *v);

/* True when the state changed; the change is then the last of vital_changes. */
bool vital_heard(struct vital *v, const struct vital_look *l);
/* From now on it is looked at so often: for how long an answer stays fresh. */
void vital_every(struct vital *v, int64_t every_ms);
void vital_mute(struct vital *v, const struct vital_mute *m); /* until 0: ends it */
void vital_off(struct vital *v, bool off);
/* As if it had never been looked at; its mute stays. */
void vital_forget(struct vital *v);

/* ---- asking ---- */

/* What to say: STALE, MUTED and OFF before what the looks say. */
enum vital_state vital_state(const struct vital *v, struct now now);
/* What the looks say alone: OK WARN FAIL DOWN UNKNOWN. */
enum vital_state vital_judged(const struct vital *v);
bool vital_muted(const struct vital *v, struct now now);
const struct vital_mute *vital_mute_of(const struct vital *v);
/* FAIL: so many of k bad. DOWN and good again: so many of k good. Else 0. */
int vital_count(const struct vital *v, int *k);
/* Since when it is what the looks say; 0: never looked at. */
struct wall vital_since(const struct vital *v);
/* Since when it was looked at without a gap of more than three intervals: what `since` is
 * certain for. */
struct wall vital_seen_since(const struct vital *v);
struct wall vital_last_good(const struct vital *v); /* 0: never */
/* Since the last look ended, whatever it gave; -1: never. */
int64_t vital_age_ms(const struct vital *v, struct now now);
/* The last look, whatever it gave; texts are owned by the vital, "" where there is none.
 * NULL: never looked at. */
const struct vital_look *vital_last(const struct vital *v);
/* What one look says by itself: OK WARN FAIL UNKNOWN. */
enum vital_state vital_judged_look(const struct vital_look *l);
int vital_bad_in_a_row(const struct vital *v);

size_t vital_samples(const struct vital *v);
const struct vital_sample *vital_sample(
	const struct vital *v, size_t i); /* oldest first */
size_t vital_changes(const struct vital *v);
const struct vital_change *vital_change(
	const struct vital *v, size_t i); /* oldest first */

/* Of what is shown as NOW: the measured number, or without one how long an answer took. */
struct vital_spread {
	double p50, p95, low, high, last;
	size_t count;     /* answers with a number; 0: nothing to say */
	bool took;        /* the numbers are milliseconds of the answers */
	struct wall from; /* the window really covered */
};
void vital_spread(const struct vital *v, struct now now, int64_t window_ms,
	struct vital_spread *out);
/* Share of good looks in the last window (at most 24 h), or since when we know. */
struct vital_up {
	uint32_t good, bad, unknown;
	int permille; /* good of all; -1: no look at all */
	struct wall from;
};
void vital_up(
	const struct vital *v, struct now now, int64_t window_ms, struct vital_up *out);
/* Change of the number per minute over the window by least squares. False: fewer than four
 * numbers, or they are one. */
bool vital_trend(
	const struct vital *v, struct now now, int64_t window_ms, double *per_minute);

/* ---- for readings that were kept ---- */

/* Puts back what an earlier console saw, oldest first; vital_put_end when all is there. A
 * sample counts in its bucket too; vital_put_bucket is for those that were not kept. What is
 * of the future (a clock was set back) or out of order is left out: false. */
bool vital_put_sample(struct vital *v, const struct vital_sample *s, struct now now);
bool vital_put_bucket(
	struct vital *v, struct wall at, const struct vital_up *counts, struct now now);
bool vital_put_change(struct vital *v, const struct vital_change *c, struct now now);
void vital_put_end(struct vital *v, struct now now);
/* What was put back may be of something else: the numbers stay, the state is not claimed. */
void vital_put_doubt(struct vital *v);
/* The buckets of the last 24 h that hold something, oldest first; false: no more. */
bool vital_bucket(const struct vital *v, struct now now, int *at, struct vital_up *out);

#endif
