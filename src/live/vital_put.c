#include "live/vitalinner.h"

#include "base/mem.h"

/* A vital made again from what an earlier console kept. */

bool
vital_put_sample(struct vital *v, const struct vital_sample *s, struct now now)
{
	const struct vital_sample *before = vital_samples(v)
		? vital_sample(v, vital_samples(v) - 1)
		: NULL;

	if (s->at_ms > now.wall.ms || s->answer >= VITAL_GAP)
		return false;
	/* Two consoles at once may write a little out of order. */
	if (before && before->at_ms > s->at_ms + VITAL_BUCKET_MS)
		return false;
	if (before && vital_is_gap(v, s->at_ms - before->at_ms))
		vital_add_sample(v,
			&(struct vital_sample){
				.at_ms = before->at_ms, .answer = VITAL_GAP});
	vital_add_sample(v, s);
	vital_sum(v, s->at_ms, (enum vital_answer)s->answer);
	return true;
}

bool
vital_put_change(struct vital *v, const struct vital_change *c, struct now now)
{
	if (c->at.ms > now.wall.ms || c->state > VITAL_UNKNOWN)
		return false;
	if (v->changes_len && vital_change(v, v->changes_len - 1)->at.ms > c->at.ms)
		return false;
	vital_add_change(v, c);
	if (v->judged != c->state || !v->since.ms)
		v->since = c->at;
	v->judged = c->state;
	return true;
}

static bool
was_good(const struct vital_sample *s)
{
	return s->answer == VITAL_GOOD || s->answer == VITAL_GOOD_WARN;
}

static void
take_last(struct vital *v, const struct vital_sample *s, struct now now)
{
	v->heard = true;
	v->at.wall.ms = s->at_ms;
	v->at.mono.ms = now.mono.ms - (now.wall.ms - s->at_ms);
	v->last.answer = (enum vital_answer)s->answer;
	v->last.at = v->at;
	v->last.took_ms = s->took_ms;
	v->last.number = s->number;
	v->last.has_number = s->has_number;
}

/* The rows of good and bad ones go on where they ended; the state is that of the last
 * change, and without a change nothing is claimed. */
void
vital_put_end(struct vital *v, struct now now)
{
	bool anew = true; /* the first of an unbroken time */

	if (!v->samples_len)
		return;
	take_last(v, vital_sample(v, v->samples_len - 1), now);
	for (size_t i = 0; i < v->samples_len; i++) {
		const struct vital_sample *s = vital_sample(v, i);

		if (s->answer == VITAL_GAP) {
			anew = true;
			continue;
		}
		if (anew)
			v->seen_since.ms = s->at_ms;
		anew = false;
		vital_count_answer(v, (enum vital_answer)s->answer);
		if (was_good(s))
			v->last_good.ms = s->at_ms;
	}
}

void
vital_put_doubt(struct vital *v)
{
	v->judged = VITAL_UNKNOWN;
	v->good_row = v->bad_row = v->window_len = 0;
	v->window = 0;
	v->since.ms = 0;
}
