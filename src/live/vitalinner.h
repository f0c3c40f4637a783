#ifndef LIVE_VITALINNER_H
#define LIVE_VITALINNER_H

/* The inside of a vital, shared by vital.c, vital_sums.c and vital_put.c only. */

#include "live/vital.h"

struct vital_bucket_of {
	int64_t n; /* which five minutes since 1970; what is older than a day counts no more */
	uint32_t good, bad, unknown;
};

struct vital {
	struct vital_rule rule;
	enum vital_state judged;
	int bad_row, good_row;
	uint64_t window; /* the last looks, newest in bit 0: 1 good */
	int window_len;
	bool heard, off;
	struct now at; /* of the last look */
	struct wall since, seen_since, last_good;
	struct vital_mute mute;

	struct vital_look last; /* its texts are these: */
	char field[64], value[64], unit[8], want[160], message[320];
	char *rows;

	struct vital_sample *samples; /* a ring of VITAL_SAMPLES, from the first one on */
	size_t samples_first, samples_len, samples_cap;
	struct vital_change *changes; /* a ring of VITAL_CHANGES */
	size_t changes_first, changes_len;
	struct vital_bucket_of *buckets; /* VITAL_BUCKETS, by n modulo that */
};

void vital_add_sample(struct vital *v, const struct vital_sample *s);
void vital_add_change(struct vital *v, const struct vital_change *c);
/* Counts it in its five minutes. */
void vital_sum(struct vital *v, int64_t at_ms, enum vital_answer a);
/* Nobody looked for more than three intervals. */
bool vital_is_gap(const struct vital *v, int64_t ms);
/* Counts one more answer: rows, window. */
void vital_count_answer(struct vital *v, enum vital_answer a);

#endif
