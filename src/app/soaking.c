#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/spine.h"

/* How long the probes of a soak have held: what each look of it showed, counted since the
 * step began by the record. A console that ends forgets it, and the time starts again. */

enum { LOOK_MS = 10 * 1000, SLACK_MS = 5 * 1000, BITS = 32 };

static struct soaking *
soaking_find(const struct session *s, int step, int probe)
{
	int64_t began_seq = s->run->steps.list.at[step].entered_seq;

	for (size_t i = 0; i < s->soakings.list.len; i++) {
		struct soaking *k = &s->soakings.list.at[i];

		if (k->step == step && k->probe == probe && k->began_seq == began_seq)
			return k;
	}
	return NULL;
}

static struct soaking *
soaking_slot(struct session *s, int step, int probe)
{
	struct soaking *k = soaking_find(s, step, probe);

	for (size_t i = 0; !k && i < s->soakings.list.len; i++)
		if (s->soakings.list.at[i].step == step &&
			s->soakings.list.at[i].probe == probe)
			k = &s->soakings.list.at[i];
	if (!k)
		k = vec_add(&s->soakings.list);
	else if (k == soaking_find(s, step, probe))
		return k;
	*k = (struct soaking){.step = step,
		.probe = probe,
		.began_seq = s->run->steps.list.at[step].entered_seq};
	return k;
}

/* More is worse, unless the expectation asks for more. */
static bool
is_worse(const struct soaking *k, const struct probe_reading *r, double number, bool has)
{
	if (!k->worst[0] || r->verdict != k->worst_verdict)
		return !k->worst[0] || r->verdict > k->worst_verdict;
	if (!has || !k->has_number)
		return false;
	return r->want[0] == '>' ? number < k->worst_number : number > k->worst_number;
}

static void
keep_worst(struct soaking *k, const struct probe_reading *r)
{
	char *end;
	double number = strtod(r->value, &end);
	bool has = end != r->value && !*end;

	if (!is_worse(k, r, number, has))
		return;
	k->worst_verdict = r->verdict;
	k->worst_number = number;
	k->has_number = has;
	snprintf(k->worst, sizeof k->worst, "%s%s%.50s%s%s",
		r->verdict == VERDICT_OK ? "" : verdict_name(r->verdict),
		r->verdict == VERDICT_OK ? "" : " ", r->value[0] ? r->value : r->message,
		r->value[0] && r->unit[0] ? " " : "", r->value[0] ? r->unit : "");
}

/* Longer than a look may take and the pause after it; before the first, since it began. */
static int64_t
unwatched(const struct session *s, const struct soaking *k, const struct probe_reading *r)
{
	const struct step *st = &s->runbook->steps.list.at[k->step];
	int64_t gap = k->looks > 0
		? clock_mono().ms - k->last.ms
		: clock_wall().ms - s->run->steps.list.at[k->step].entered_at.ms;
	int64_t most = run_soak_every_ms(st) * 3 / 2 + SLACK_MS +
		(r->probe->timeout_ms > 0 ? r->probe->timeout_ms : LOOK_MS);

	return gap > most ? gap : 0;
}

static int
bits(uint32_t set, int of)
{
	int n = 0;

	for (int i = 0; i < of && i < BITS; i++)
		n += (set >> i) & 1;
	return n;
}

void
soaking_note(struct session *s, const struct probe_reading *r, struct request *q)
{
	struct soaking *k;
	int of = r->probe->of > r->probe->steady ? r->probe->of : r->probe->steady;

	if (s->runbook->steps.list.at[q->step].kind != STEP_SOAK)
		return;
	k = soaking_slot(s, q->step, q->probe);
	q->unwatched_ms = unwatched(s, k, r);
	k->last = clock_mono();
	k->looks++;
	k->bad = k->bad << 1 |
		(r->verdict == VERDICT_FAIL || r->verdict == VERDICT_UNKNOWN);
	keep_worst(k, r);
	q->looks = k->looks;
	q->bad = bits(k->bad, of > 1 ? of : 1);
}

void
soaking_words(const struct session *s, int step, int probe, struct jsonout *j)
{
	const struct soaking *k = step == NONE ||
			s->runbook->steps.list.at[step].kind != STEP_SOAK
		? NULL
		: soaking_find(s, step, probe);

	if (!k)
		return;
	jsonout_kint(j, "looks", k->looks);
	jsonout_kstr(j, "worst", k->worst);
}

bool
session_soak(const struct session *s, int step, int probe, struct session_soak *out)
{
	const struct step *st = &s->runbook->steps.list.at[step];
	const struct soaking *k = st->kind == STEP_SOAK ? soaking_find(s, step, probe)
							: NULL;

	if (!k || !k->looks)
		return false;
	*out = (struct session_soak){.looks = k->looks, .worst = k->worst};
	return true;
}
