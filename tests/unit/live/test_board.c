#include "live/board.h"

#include "livekit.h"

#include "base/mem.h"

enum { EVERY = 10000 };

struct kit {
	struct runbook *rb;
	struct board *b;
};

static int
add_host(struct runbook *rb, const char *name, enum host_via via, int targets)
{
	int at = (int)rb->hosts.list.len;
	struct host *h = vec_add(&rb->hosts.list);

	*h = (struct host){.name = mem_strdup(name),
		.via = via,
		.first_target = (int)rb->targets.list.len,
		.target_count = targets};
	for (int i = 0; i < targets; i++) {
		struct target *t = vec_add(&rb->targets.list);

		*t = (struct target){
			.id = mem_printf("%s%s", name, i ? "b" : ""), .host = at};
	}
	return at;
}

static struct probe *
add_probe(struct runbook *rb, const char *name, int host)
{
	struct probe *p = vec_add(&rb->probes.list);

	*p = (struct probe){.name = mem_strdup(name),
		.kind = host == NONE ? PROBE_HTTP : PROBE_COMMAND,
		.expect = expect_new(),
		.host = host,
		.through = NONE,
		.steady = 1,
		.of = 1,
		.every_ms = EVERY};
	return p;
}

static void
add_needing(struct runbook *rb, const char *name, int probe)
{
	struct probe *p = add_probe(rb, name, NONE);

	vec_push(&p->needs_probes.list, probe);
}

static void
kit_free(struct kit *k)
{
	board_free(k->b);
	runbook_unref(k->rb);
}

static void
watch(struct kit *k)
{
	k->b = board_new(k->rb, kit_now(0), 7);
	board_watched(k->b, BOARD_LOOKED_AT, kit_now(0));
}

static bool
hear(struct kit *k, int item, int64_t at_ms, enum vital_answer a)
{
	return board_heard(k->b, item,
		&(struct vital_look){
			.answer = a, .message = "said so", .at = kit_now(at_ms)});
}

static struct board_shown
shown(const struct kit *k, int item, int64_t at_ms)
{
	struct board_shown s;

	board_show(k->b, item, kit_now(at_ms), &s);
	return s;
}

static int
find(const struct kit *k, const char *name)
{
	int item = board_find(k->b, name);

	assert_int_not_equal(item, NONE);
	return item;
}

/* Looks at everything that is due, all good; how many there were. */
static int
look_at_due(struct kit *k, int64_t at_ms)
{
	int n = 0, item;

	while ((item = board_next(k->b, kit_now(at_ms))) != NONE) {
		if (item < (int)board_probes(k->b))
			hear(k, item, at_ms, VITAL_GOOD);
		n++;
	}
	return n;
}

static void
each_is_looked_at_at_its_interval(void **state)
{
	struct kit k = {.rb = runbook_new()};
	int looks = 0;

	(void)state;
	for (int i = 0; i < 50; i++)
		add_probe(k.rb, "p", NONE);
	watch(&k);
	for (int64_t at = 0; at < 100 * EVERY; at += 100)
		looks += look_at_due(&k, at);
	/* ten percent of jitter either way, and never more than the interval asks for */
	assert_in_range(looks, 50 * 88, 50 * 112);
	kit_free(&k);
}

static void
they_do_not_fall_due_together(void **state)
{
	struct kit k = {.rb = runbook_new()};
	int most = 0;

	(void)state;
	for (int i = 0; i < 50; i++)
		add_probe(k.rb, "p", NONE);
	watch(&k);
	for (int64_t at = 0; at < 30 * EVERY; at += 100) {
		int n = look_at_due(&k, at);

		if (at > 20 * EVERY && n > most)
			most = n;
	}
	assert_in_range(most, 1, 12);
	kit_free(&k);
}

static void
a_machine_is_not_crowded(void **state)
{
	struct kit k = {.rb = runbook_new()};
	int web, first, second;

	(void)state;
	web = add_host(k.rb, "web", HOST_SSH, 1);
	for (int i = 0; i < 9; i++)
		add_probe(k.rb, "p", web);
	watch(&k);
	assert_int_equal(board_next(k.b, kit_now(1000)), 9); /* connect first */
	assert_int_equal(board_next(k.b, kit_now(1000)), NONE);
	board_link(k.b, 0, BOARD_LINK_UP, "connected", kit_now(1000));
	first = board_next(k.b, kit_now(1000));
	second = board_next(k.b, kit_now(1000));
	assert_int_not_equal(first, NONE);
	assert_int_not_equal(second, NONE);
	assert_int_equal(board_next(k.b, kit_now(1000)), NONE);
	assert_int_equal(board_wait_ms(k.b, kit_now(1000)), -1);
	hear(&k, first, 1000, VITAL_GOOD);
	assert_int_equal(board_wait_ms(k.b, kit_now(1000)), 0);
	assert_int_not_equal(board_next(k.b, kit_now(1000)), NONE);
	kit_free(&k);
}

/* Fifty probes on a host that has gone: one alarm. */
static void
a_dead_host_is_one_alarm(void **state)
{
	struct kit k = {.rb = runbook_new()};
	struct str words = STR_INIT;
	struct board_count n;
	struct board_shown s;
	int web;

	(void)state;
	web = add_host(k.rb, "web", HOST_SSH, 1);
	for (int i = 0; i < 50; i++)
		add_probe(k.rb, "p", web);
	add_probe(k.rb, "elsewhere", NONE);
	watch(&k);
	board_link(k.b, 0, BOARD_LINK_UP, "connected", kit_now(0));
	for (int64_t at = 0; at < 2 * EVERY; at += 1000)
		look_at_due(&k, at);
	board_link(k.b, 0, BOARD_LINK_DOWN, "no route to host", kit_now(2 * EVERY));
	board_link(
		k.b, 0, BOARD_LINK_DOWN, "no route to host", kit_now(2 * EVERY + 5000));
	board_count(k.b, kit_now(2 * EVERY + 5000), &n);
	assert_int_equal(n.alarms, 1);
	assert_int_equal(n.of[VITAL_DOWN], 1);
	assert_int_equal(n.of[VITAL_OK], 1);
	assert_int_equal(n.of[VITAL_UNKNOWN], 50);
	assert_int_equal(n.skipped, 50);
	s = shown(&k, 3, 2 * EVERY + 5000);
	board_skipped_words(k.b, &s, &words);
	assert_string_equal(words.buf, "skipped (host web down)");
	assert_string_equal(
		k.rb->targets.list.at[0].id, shown(&k, s.skipped, 2 * EVERY + 5000).name);
	/* and nobody looks at them */
	for (int64_t at = 3 * EVERY; at < 20 * EVERY; at += 1000) {
		int item = board_next(k.b, kit_now(at));

		assert_true(item == NONE || item >= 50);
		if (item == 50)
			hear(&k, item, at, VITAL_GOOD);
	}
	board_link(k.b, 0, BOARD_LINK_UP, "connected", kit_now(20 * EVERY));
	assert_int_equal(shown(&k, 3, 20 * EVERY).skipped, NONE);
	assert_int_not_equal(board_next(k.b, kit_now(20 * EVERY)), NONE);
	str_release(&words);
	kit_free(&k);
}

static void
a_dead_probe_skips_what_needs_it(void **state)
{
	struct kit k = {.rb = runbook_new()};

	(void)state;
	add_probe(k.rb, "db", NONE);
	add_needing(k.rb, "api", 0);
	add_needing(k.rb, "page", 1);
	watch(&k);
	look_at_due(&k, 1000);
	for (int i = 1; i <= 3; i++)
		hear(&k, 0, i * EVERY, VITAL_BAD);
	assert_int_equal(shown(&k, 0, 3 * EVERY).state, VITAL_DOWN);
	assert_int_equal(shown(&k, 1, 3 * EVERY).skipped, 0);
	assert_int_equal(shown(&k, 1, 3 * EVERY).state, VITAL_UNKNOWN);
	assert_int_equal(shown(&k, 1, 3 * EVERY).judged, VITAL_OK);
	kit_free(&k);
}

static void
a_ring_of_needs_blames_nobody(void **state)
{
	struct kit k = {.rb = runbook_new()};

	(void)state;
	add_needing(k.rb, "a", 1);
	add_needing(k.rb, "b", 0);
	watch(&k);
	for (int i = 1; i <= 3; i++) {
		hear(&k, 0, i * EVERY, VITAL_BAD);
		hear(&k, 1, i * EVERY, VITAL_BAD);
	}
	assert_int_equal(shown(&k, 0, 3 * EVERY).skipped, NONE);
	assert_int_equal(shown(&k, 0, 3 * EVERY).state, VITAL_DOWN);
	kit_free(&k);
}

static void
one_dead_machine_of_two_makes_silence_unknown(void **state)
{
	struct kit k = {.rb = runbook_new()};

	(void)state;
	add_probe(k.rb, "p", add_host(k.rb, "web", HOST_SSH, 2));
	watch(&k);
	board_link(k.b, 0, BOARD_LINK_UP, "connected", kit_now(0));
	board_link(k.b, 1, BOARD_LINK_DOWN, "refused", kit_now(0));
	for (int i = 1; i <= 4; i++)
		hear(&k, 0, i * EVERY, VITAL_SILENT);
	assert_int_equal(shown(&k, 0, 4 * EVERY).skipped, NONE);
	assert_int_equal(shown(&k, 0, 4 * EVERY).state, VITAL_UNKNOWN);
	hear(&k, 0, 5 * EVERY, VITAL_BAD); /* what the other one says counts */
	assert_int_equal(shown(&k, 0, 5 * EVERY).state, VITAL_FAIL);
	kit_free(&k);
}

static void
silence_is_asked_ever_more_seldom(void **state)
{
	struct kit k = {.rb = runbook_new()};
	int looks = 0;

	(void)state;
	add_probe(k.rb, "p", NONE);
	watch(&k);
	for (int64_t at = 0; at < 3600 * 1000; at += 1000) {
		/* it may be older then, too: never STALE by that */
		assert_int_not_equal(shown(&k, 0, at).state, VITAL_STALE);
		if (board_next(k.b, kit_now(at)) == NONE)
			continue;
		hear(&k, 0, at, VITAL_SILENT);
		looks++;
	}
	assert_in_range(looks, 40, 70); /* instead of 360 */
	kit_free(&k);
}

static void
nobody_watches(void **state)
{
	struct kit k = {.rb = runbook_new()};
	int looks = 0;

	(void)state;
	add_probe(k.rb, "p", NONE);
	add_probe(k.rb, "q", NONE);
	watch(&k);
	board_watched(k.b, BOARD_ASIDE, kit_now(0));
	for (int64_t at = 0; at < 90 * EVERY; at += 1000)
		looks += look_at_due(&k, at);
	assert_in_range(looks, 2 * 26, 2 * 34); /* a third of 90 */
	board_watched(k.b, BOARD_PAUSED, kit_now(90 * EVERY));
	assert_int_equal(board_next(k.b, kit_now(200 * EVERY)), NONE);
	assert_int_equal(board_wait_ms(k.b, kit_now(200 * EVERY)), -1);
	assert_int_equal(shown(&k, 0, 200 * EVERY).state, VITAL_STALE);
	board_ask(k.b, 1); /* by hand it is looked at all the same */
	assert_int_equal(board_next(k.b, kit_now(200 * EVERY)), 1);
	kit_free(&k);
}

static void
what_cannot_be_looked_at_is_off(void **state)
{
	struct kit k = {.rb = runbook_new()};

	(void)state;
	add_probe(k.rb, "p", NONE);
	watch(&k);
	board_off(k.b, 0, "tag has no value yet");
	assert_int_equal(board_next(k.b, kit_now(EVERY)), NONE);
	assert_int_equal(shown(&k, 0, EVERY).state, VITAL_OFF);
	assert_string_equal(shown(&k, 0, EVERY).message, "tag has no value yet");
	board_off(k.b, 0, NULL);
	assert_int_equal(board_next(k.b, kit_now(EVERY)), 0);
	kit_free(&k);
}

static void
a_mute_is_no_alarm(void **state)
{
	struct kit k = {.rb = runbook_new()};
	struct board_count n;

	(void)state;
	add_probe(k.rb, "p", NONE);
	watch(&k);
	hear(&k, 0, 0, VITAL_BAD);
	board_mute(k.b, 0, &(struct vital_mute){.until = kit_now(60000).wall});
	board_count(k.b, kit_now(1000), &n);
	assert_int_equal(n.alarms, 0);
	assert_int_equal(n.of[VITAL_MUTED], 1);
	board_count(k.b, kit_now(60000), &n);
	assert_int_equal(n.of[VITAL_STALE], 1);
	kit_free(&k);
}

static void
worst_comes_first(void **state)
{
	struct kit k = {.rb = runbook_new()};
	int order[4];

	(void)state;
	add_probe(k.rb, "good", NONE);
	add_probe(k.rb, "bad", NONE);
	add_probe(k.rb, "warns", NONE);
	add_probe(k.rb, "good2", NONE);
	watch(&k);
	hear(&k, find(&k, "good"), 0, VITAL_GOOD);
	hear(&k, find(&k, "bad"), 0, VITAL_BAD);
	hear(&k, find(&k, "warns"), 0, VITAL_GOOD_WARN);
	hear(&k, find(&k, "good2"), 0, VITAL_GOOD);
	board_sort(k.b, kit_now(0), order);
	assert_int_equal(order[0], 1);
	assert_int_equal(order[1], 2);
	assert_int_equal(order[2], 0);
	assert_int_equal(order[3], 3);
	kit_free(&k);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_looked_at_at_its_interval),
		cmocka_unit_test(they_do_not_fall_due_together),
		cmocka_unit_test(a_machine_is_not_crowded),
		cmocka_unit_test(a_dead_host_is_one_alarm),
		cmocka_unit_test(a_dead_probe_skips_what_needs_it),
		cmocka_unit_test(a_ring_of_needs_blames_nobody),
		cmocka_unit_test(one_dead_machine_of_two_makes_silence_unknown),
		cmocka_unit_test(silence_is_asked_ever_more_seldom),
		cmocka_unit_test(nobody_watches),
		cmocka_unit_test(what_cannot_be_looked_at_is_off),
		cmocka_unit_test(a_mute_is_no_alarm),
		cmocka_unit_test(worst_comes_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
