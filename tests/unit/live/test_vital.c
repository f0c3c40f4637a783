#include "live/vital.h"

#include "livekit.h"

#include <stdlib.h>

enum { EVERY = 10000 };

static struct vital *
fresh(int steady, int of, int k)
{
	return vital_new(&(struct vital_rule){steady, of, k, EVERY});
}

static bool
hear(struct vital *v, int64_t at_ms, enum vital_answer a)
{
	return vital_heard(v,
		&(struct vital_look){
			.answer = a, .message = "said so", .at = kit_now(at_ms)});
}

static bool
hear_number(struct vital *v, int64_t at_ms, double number)
{
	return vital_heard(v,
		&(struct vital_look){.answer = VITAL_GOOD,
			.number = number,
			.has_number = true,
			.took_ms = 7,
			.at = kit_now(at_ms)});
}

static enum vital_answer
answer_of(char c)
{
	return c == '+'    ? VITAL_GOOD
		: c == 'w' ? VITAL_GOOD_WARN
		: c == '-' ? VITAL_BAD
		: c == 'x' ? VITAL_SILENT
			   : VITAL_UNSURE;
}

/* Answers, one each interval, and the states after each: O W F D U. */
struct row {
	int steady, of, k;
	const char *answers, *states;
};

static void
answers_make_states(void **state)
{
	static const struct row rows[] = {
		{1, 1, 3, "+", "O"},
		{1, 1, 3, "w", "W"},
		{1, 1, 3, "?", "U"},
		{1, 1, 3, "+-+", "OFO"},
		{1, 1, 3, "+---", "OFFD"},
		{1, 1, 3, "+xxx", "OFFD"},
		{1, 1, 3, "+-x-", "OFFD"},
		/* from DOWN it takes three good ones, and a bad one begins them anew */
		{1, 1, 3, "---+++", "FFDDDO"},
		{1, 1, 3, "---++-+++", "FFDDDDDDO"},
		{1, 1, 3, "---ww+", "FFDDDO"},
		/* not knowing is no good news and no proof of bad ones */
		{1, 1, 3, "+?+", "OUO"},
		{1, 1, 3, "+-?-?-", "OFUFUD"},
		{1, 1, 3, "---?+++", "FFDDDDO"},
		{1, 1, 3, "---++?+++", "FFDDDDDDO"},
		{1, 1, 3, "+w+w", "OWOW"},
		/* steady: 3 */
		{3, 3, 3, "+++", "UUO"},
		{3, 3, 3, "++-+++", "UUFFFO"},
		/* steady: 3 of: 5 */
		{3, 5, 3, "+-+-+", "UFFFO"},
		{3, 5, 3, "+-+--+", "UFFFFF"},
		{1, 1, 1, "+-+", "ODO"},
	};
	static const char letters[] = "OWFDU";

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct row *r = &rows[i];
		struct vital *v = fresh(r->steady, r->of, r->k);
		char got[16] = "";

		for (size_t n = 0; r->answers[n]; n++) {
			hear(v, (int64_t)n * EVERY, answer_of(r->answers[n]));
			got[n] = letters[vital_judged(v)];
		}
		if (strcmp(got, r->states) != 0)
			fail_msg("%s: %s, not %s", r->answers, got, r->states);
		vital_free(v);
	}
}

static void
fail_counts_up_to_down_and_down_back(void **state)
{
	struct vital *v = fresh(1, 1, 3);
	int k;

	(void)state;
	hear(v, 0, VITAL_BAD);
	assert_int_equal(vital_count(v, &k), 1);
	assert_int_equal(k, 3);
	hear(v, EVERY, VITAL_BAD);
	assert_int_equal(vital_count(v, &k), 2);
	hear(v, 2 * EVERY, VITAL_BAD);
	assert_int_equal(vital_count(v, &k), 0);
	hear(v, 3 * EVERY, VITAL_GOOD);
	assert_int_equal(vital_count(v, &k), 1);
	assert_int_equal(k, 3);
	vital_free(v);
}

static void
an_old_answer_is_stale(void **state)
{
	struct vital *v = fresh(1, 1, 3);

	(void)state;
	assert_int_equal(vital_state(v, kit_now(0)), VITAL_UNKNOWN);
	assert_int_equal(vital_age_ms(v, kit_now(0)), -1);
	hear(v, 0, VITAL_GOOD);
	assert_int_equal(vital_state(v, kit_now(3 * EVERY)), VITAL_OK);
	assert_int_equal(vital_state(v, kit_now(3 * EVERY + 1)), VITAL_STALE);
	assert_int_equal(vital_age_ms(v, kit_now(5000)), 5000);
	hear(v, 4 * EVERY, VITAL_BAD);
	assert_int_equal(vital_state(v, kit_now(8 * EVERY)), VITAL_STALE);
	vital_every(v, 3 * EVERY); /* it is looked at more seldom: so it may be older */
	assert_int_equal(vital_state(v, kit_now(8 * EVERY)), VITAL_FAIL);
	vital_free(v);
}

static void
a_mute_ends_by_itself(void **state)
{
	struct vital *v = fresh(1, 1, 3);
	struct vital_mute m = {.until = kit_now(60000).wall, .reason = "planned"};

	(void)state;
	hear(v, 0, VITAL_BAD);
	vital_mute(v, &m);
	assert_int_equal(vital_state(v, kit_now(20000)), VITAL_MUTED);
	assert_int_equal(vital_judged(v), VITAL_FAIL);
	hear(v, 50000, VITAL_BAD);
	assert_int_equal(vital_state(v, kit_now(60000)), VITAL_FAIL);
	vital_off(v, true);
	assert_int_equal(vital_state(v, kit_now(60000)), VITAL_OFF);
	vital_free(v);
}

static void
since_and_changes(void **state)
{
	struct vital *v = fresh(1, 1, 3);

	(void)state;
	assert_true(hear(v, 0, VITAL_GOOD));
	assert_false(hear(v, EVERY, VITAL_GOOD));
	assert_int_equal(vital_since(v).ms, kit_now(0).wall.ms);
	assert_true(hear(v, 2 * EVERY, VITAL_BAD));
	assert_false(hear(v, 3 * EVERY, VITAL_BAD));
	assert_int_equal(vital_since(v).ms, kit_now(2 * EVERY).wall.ms);
	assert_true(hear(v, 4 * EVERY, VITAL_BAD));
	assert_int_equal(vital_changes(v), 4); /* OK, FAIL 1, FAIL 2, DOWN */
	assert_int_equal(vital_change(v, 2)->state, VITAL_FAIL);
	assert_int_equal(vital_change(v, 2)->n, 2);
	assert_int_equal(vital_change(v, 3)->state, VITAL_DOWN);
	assert_string_equal(vital_change(v, 3)->words, "said so");
	assert_int_equal(vital_last_good(v).ms, kit_now(EVERY).wall.ms);
	assert_int_equal(vital_seen_since(v).ms, kit_now(0).wall.ms);
	vital_free(v);
}

static void
a_gap_is_said_and_begins_anew(void **state)
{
	struct vital *v = fresh(1, 1, 3);

	(void)state;
	for (int i = 0; i < 3; i++)
		hear(v, i * EVERY, VITAL_SILENT);
	assert_int_equal(vital_judged(v), VITAL_DOWN);
	/* an hour later: the guard against flapping has nothing to guard */
	hear(v, 3600 * 1000, VITAL_GOOD);
	assert_int_equal(vital_judged(v), VITAL_OK);
	assert_int_equal(vital_seen_since(v).ms, kit_now(3600 * 1000).wall.ms);
	assert_int_equal(vital_samples(v), 5);
	assert_int_equal(vital_sample(v, 3)->answer, VITAL_GAP);
	vital_free(v);
}

static void
the_rings_are_bounded(void **state)
{
	struct vital *v = fresh(1, 1, 3);
	int64_t at = 0;

	(void)state;
	for (int i = 0; i < 3 * VITAL_SAMPLES; i++, at += EVERY)
		hear(v, at, i % 2 ? VITAL_GOOD : VITAL_BAD);
	assert_int_equal(vital_samples(v), VITAL_SAMPLES);
	assert_int_equal(vital_changes(v), VITAL_CHANGES);
	assert_int_equal(
		vital_sample(v, VITAL_SAMPLES - 1)->at_ms, kit_now(at - EVERY).wall.ms);
	for (size_t i = 1; i < vital_samples(v); i++)
		assert_true(vital_sample(v, i)->at_ms > vital_sample(v, i - 1)->at_ms);
	vital_free(v);
}

static void
the_spread_is_of_measured_numbers(void **state)
{
	struct vital *v = fresh(1, 1, 3);
	struct vital_spread s;

	(void)state;
	vital_spread(v, kit_now(0), 3600 * 1000, &s);
	assert_int_equal(s.count, 0);
	for (int i = 1; i <= 100; i++)
		hear_number(v, i * EVERY, i);
	vital_spread(v, kit_now(100 * EVERY), 3600 * 1000, &s);
	assert_int_equal(s.count, 100);
	assert_true(s.p50 == 50 && s.p95 == 95 && s.low == 1 && s.high == 100);
	assert_true(s.last == 100);
	assert_false(s.took);
	assert_int_equal(s.from.ms, kit_now(EVERY).wall.ms);
	/* the window is the last ten */
	vital_spread(v, kit_now(100 * EVERY), 10 * EVERY, &s);
	assert_int_equal(s.count, 10);
	assert_true(s.low == 91);
	vital_free(v);
}

static void
without_numbers_the_time_stands(void **state)
{
	struct vital *v = fresh(1, 1, 3);
	struct vital_look l = {.answer = VITAL_GOOD, .took_ms = 43, .at = kit_now(0)};
	struct vital_spread s;

	(void)state;
	vital_heard(v, &l);
	l.answer = VITAL_SILENT; /* no answer took no time that counts */
	l.took_ms = 5000;
	l.at = kit_now(EVERY);
	vital_heard(v, &l);
	vital_spread(v, kit_now(EVERY), 3600 * 1000, &s);
	assert_true(s.took);
	assert_int_equal(s.count, 1);
	assert_true(s.p95 == 43);
	vital_free(v);
}

static void
up_is_the_share_of_good_looks(void **state)
{
	enum { DAY = 24 * 3600 * 1000 };
	struct vital *v = fresh(1, 1, 3);
	struct vital_up up;

	(void)state;
	vital_up(v, kit_now(0), DAY, &up);
	assert_int_equal(up.permille, -1);
	for (int i = 0; i < 999; i++)
		hear(v, i * EVERY, VITAL_GOOD);
	vital_up(v, kit_now(999 * EVERY), DAY, &up);
	assert_int_equal(up.permille, 1000);
	assert_int_equal(up.from.ms, kit_now(0).wall.ms); /* "since when we know" */
	for (int i = 999; i < 1300; i++)
		hear(v, i * EVERY, VITAL_GOOD);
	hear(v, 1300 * EVERY, VITAL_BAD);
	vital_up(v, kit_now(1300 * EVERY), DAY, &up);
	assert_int_equal(up.permille, 999); /* 99.92 %: never rounded up to all */
	hear(v, 1301 * EVERY, VITAL_UNSURE);
	vital_up(v, kit_now(1301 * EVERY), DAY, &up);
	assert_int_equal(up.unknown, 1);
	/* a day later nothing of it counts */
	vital_up(v, kit_now(1301 * EVERY + DAY), DAY, &up);
	assert_int_equal(up.permille, -1);
	vital_free(v);
}

static void
a_trend_needs_four_numbers(void **state)
{
	struct vital *v = fresh(1, 1, 3);
	double per_minute = 0;

	(void)state;
	for (int i = 0; i < 3; i++)
		hear_number(v, i * EVERY, 10 + i);
	assert_false(vital_trend(v, kit_now(3 * EVERY), 600000, &per_minute));
	for (int i = 3; i < 30; i++)
		hear_number(v, i * EVERY, 10 + i);
	assert_true(vital_trend(v, kit_now(30 * EVERY), 600000, &per_minute));
	assert_true(per_minute > 5.99 && per_minute < 6.01);
	vital_free(v);
}

/* What was kept gives the same picture again. */
static void
kept_readings_come_back(void **state)
{
	struct vital *v = fresh(1, 1, 3), *w = fresh(1, 1, 3);
	struct now later = kit_now(40 * EVERY);

	(void)state;
	for (int i = 0; i < 40; i++)
		hear(v, i * EVERY, i > 30 ? VITAL_SILENT : VITAL_GOOD);
	for (size_t i = 0; i < vital_samples(v); i++)
		assert_true(vital_put_sample(w, vital_sample(v, i), later));
	for (size_t i = 0; i < vital_changes(v); i++)
		assert_true(vital_put_change(w, vital_change(v, i), later));
	vital_put_end(w, later);
	assert_int_equal(vital_judged(w), VITAL_DOWN);
	assert_int_equal(vital_since(w).ms, vital_since(v).ms);
	assert_int_equal(vital_last_good(w).ms, vital_last_good(v).ms);
	assert_int_equal(vital_seen_since(w).ms, vital_seen_since(v).ms);
	assert_int_equal(vital_bad_in_a_row(w), vital_bad_in_a_row(v));
	assert_int_equal(vital_age_ms(w, later), EVERY);
	/* A day later it is old, whatever it was. */
	assert_int_equal(vital_state(w, kit_now((int64_t)86400 * 1000)), VITAL_STALE);
	vital_free(v);
	vital_free(w);
}

static void
nothing_kept_is_of_the_future(void **state)
{
	struct vital *v = fresh(1, 1, 3);
	struct vital_sample s = {.at_ms = kit_now(60000).wall.ms, .answer = VITAL_GOOD};
	struct vital_change c = {.at = kit_now(60000).wall, .state = VITAL_OK};

	(void)state;
	assert_false(vital_put_sample(v, &s, kit_now(0)));
	assert_false(vital_put_change(v, &c, kit_now(0)));
	vital_put_end(v, kit_now(0));
	assert_int_equal(vital_state(v, kit_now(0)), VITAL_UNKNOWN);
	vital_free(v);
}

/* Whatever comes, OK is said only while the last look was good and is fresh; DOWN only after
 * k bad ones with no good one between. */
static void
unknown_is_never_green(void **state)
{
	(void)state;
	srand(5);
	for (int round = 0; round < 2000; round++) {
		int steady = 1 + rand() % 3, of = steady + rand() % 3;
		int k = 1 + rand() % 4, bad = 0;
		struct vital *v = fresh(steady, of, k);
		int64_t at = 0;

		for (int i = 0; i < 40; i++) {
			enum vital_answer a = (enum vital_answer)(rand() % VITAL_GAP);
			enum vital_state before = vital_judged(v), now;
			bool good = a == VITAL_GOOD || a == VITAL_GOOD_WARN;

			at += rand() % 20 ? EVERY : 10 * EVERY;
			hear(v, at, a);
			now = vital_judged(v);
			bad = good ? 0 : bad + (a != VITAL_UNSURE);
			if (now == VITAL_OK)
				assert_int_equal(a, VITAL_GOOD);
			if (now == VITAL_WARN)
				assert_int_equal(a, VITAL_GOOD_WARN);
			if (now == VITAL_DOWN && before != VITAL_DOWN)
				assert_true(bad >= k);
			assert_int_not_equal(
				vital_state(v, kit_now(at + 4 * EVERY)), VITAL_OK);
		}
		vital_free(v);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_make_states),
		cmocka_unit_test(fail_counts_up_to_down_and_down_back),
		cmocka_unit_test(an_old_answer_is_stale),
		cmocka_unit_test(a_mute_ends_by_itself),
		cmocka_unit_test(since_and_changes),
		cmocka_unit_test(a_gap_is_said_and_begins_anew),
		cmocka_unit_test(the_rings_are_bounded),
		cmocka_unit_test(the_spread_is_of_measured_numbers),
		cmocka_unit_test(without_numbers_the_time_stands),
		cmocka_unit_test(up_is_the_share_of_good_looks),
		cmocka_unit_test(a_trend_needs_four_numbers),
		cmocka_unit_test(kept_readings_come_back),
		cmocka_unit_test(nothing_kept_is_of_the_future),
		cmocka_unit_test(unknown_is_never_green),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
