#include "live/query.h"

#include "livekit.h"

static uint64_t
put(struct logstore *s, uint64_t seq, enum loglevel level, const char *text)
{
	struct logline line = {.at_ms = 1, .level = (uint8_t)level};
	struct logstore_bytes t = {text, strlen(text)};

	logstore_insert(s, seq, &line, &t, NULL);
	return seq;
}

static void
add(struct logstore *s, enum loglevel level, const char *text)
{
	put(s, logstore_end(s), level, text);
}

static struct pattern *
pattern(const char *text)
{
	struct err e = ERR_INIT;
	struct pattern *p = pattern_new(text, &e);

	if (!p)
		fail_msg("%s", e.msg);
	return p;
}

static void
finish(struct query *q)
{
	while (query_step(q))
		;
}

/* The texts wanted, joined by blanks. */
static void
expect_texts(struct query *q, const struct logstore *s, const char *want)
{
	struct str got = STR_INIT;

	finish(q);
	for (size_t i = 0; i < query_count(q); i++)
		str_addf(&got, "%s%s", i ? " " : "",
			logstore_text(s, logstore_at(s, query_at(q, i))));
	assert_string_equal(got.buf, want);
	str_release(&got);
}

static void
lines_are_wanted_by_level_pattern_and_source(void **state)
{
	struct logstore *s = logstore_new(100, 1 << 20);
	struct query *q = query_new(s);
	struct pattern *p = pattern("^b|c$");
	struct query_terms t = {.level = LOGLEVEL_NONE};

	(void)state;
	add(s, LOGLEVEL_INFO, "abc");
	add(s, LOGLEVEL_ERROR, "bcd");
	add(s, LOGLEVEL_NONE, "xyz");
	query_set(q, &t);
	assert_false(query_done(q));
	expect_texts(q, s, "abc bcd xyz");
	t.level = LOGLEVEL_WARN;
	query_set(q, &t);
	expect_texts(q, s, "bcd");
	t.level = LOGLEVEL_NONE;
	t.patterns[0] = p;
	query_set(q, &t);
	expect_texts(q, s, "abc bcd");
	add(s, LOGLEVEL_NONE, "later-c"); /* while following */
	expect_texts(q, s, "abc bcd later-c");
	assert_int_equal(query_rank(q, 1), 1);
	assert_int_equal(query_rank(q, 2), 2);
	assert_int_equal(query_rank(q, 99), 3);
	t.hidden[0] = 1;
	query_set(q, &t);
	expect_texts(q, s, "");
	query_free(q);
	pattern_free(p);
	logstore_free(s);
}

static void
a_filter_and_a_search_must_both_match(void **state)
{
	struct logstore *s = logstore_new(100, 1 << 20);
	struct query *q = query_new(s);
	struct pattern *filter = pattern("api"), *search = pattern("timeout");
	struct query_terms t = {.patterns = {filter, search}};

	(void)state;
	add(s, LOGLEVEL_INFO, "api-timeout");
	add(s, LOGLEVEL_INFO, "api-ok");
	add(s, LOGLEVEL_INFO, "db-timeout");
	query_set(q, &t);
	expect_texts(q, s, "api-timeout");
	query_free(q);
	pattern_free(filter);
	pattern_free(search);
	logstore_free(s);
}

static void
the_newest_lines_are_looked_at_first(void **state)
{
	struct logstore *s = logstore_new(2000 * 1000, 64 << 20);
	struct query *q = query_new(s);
	struct query_terms t = {0};

	(void)state;
	for (int i = 0; i < 1000 * 1000; i++)
		add(s, LOGLEVEL_INFO, "x");
	query_set(q, &t);
	if (query_step(q))
		assert_int_equal(query_at(q, query_count(q) - 1), 999999);
	assert_true(query_count(q) > 0);
	finish(q);
	assert_int_equal(query_count(q), 1000 * 1000);
	assert_int_equal(query_at(q, 0), 0);
	query_free(q);
	logstore_free(s);
}

static void
a_pattern_that_gives_up_is_told(void **state)
{
	struct logstore *s = logstore_new(10, 1 << 20);
	struct query *q = query_new(s);
	struct pattern *p = pattern("^(a|aa)+$");
	struct query_terms t = {.patterns = {p}};

	(void)state;
	add(s, LOGLEVEL_INFO,
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab");
	query_set(q, &t);
	finish(q);
	assert_int_equal(query_count(q), 0);
	assert_int_equal(query_gave_up(q), 1);
	query_free(q);
	pattern_free(p);
	logstore_free(s);
}

/* Against a scan of everything: inserts inside, drops at the old end, slices in between. */
static void
the_index_says_what_a_whole_scan_says(void **state)
{
	struct logstore *s = logstore_new(500, 8 << 20);
	struct query *q = query_new(s);
	struct pattern *p = pattern("[357]$");
	struct query_terms t = {.patterns = {p}, .level = LOGLEVEL_INFO};
	struct dice d = DICE(3);
	char text[16];

	(void)state;
	for (int i = 0; i < 20000; i++) {
		uint64_t back = dice_roll(&d, 4) ? 0 : dice_roll(&d, 40);
		uint64_t held = logstore_end(s) - logstore_first(s);
		uint64_t seq = logstore_end(s) - (back < held / 2 ? back : 0);
		bool inside = seq < logstore_end(s);

		snprintf(text, sizeof text, "%zu", dice_roll(&d, 1000));
		put(s, seq, dice_roll(&d, 3) ? LOGLEVEL_WARN : LOGLEVEL_NONE, text);
		if (inside)
			query_inserted(q, seq);
		if (dice_roll(&d, 500) == 0)
			query_set(q, &t);
		if (dice_roll(&d, 100) != 0)
			continue;
		finish(q);
		size_t n = 0;
		for (uint64_t k = logstore_first(s); k < logstore_end(s); k++) {
			if (!query_wants(q, logstore_at(s, k)))
				continue;
			if (n >= query_count(q) || query_at(q, n) != k)
				fail_msg("round %d: line %llu is not number %zu", i,
					(unsigned long long)k, n);
			n++;
		}
		assert_int_equal(query_count(q), n);
	}
	query_free(q);
	pattern_free(p);
	logstore_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_wanted_by_level_pattern_and_source),
		cmocka_unit_test(a_filter_and_a_search_must_both_match),
		cmocka_unit_test(the_newest_lines_are_looked_at_first),
		cmocka_unit_test(a_pattern_that_gives_up_is_told),
		cmocka_unit_test(the_index_says_what_a_whole_scan_says),
	};

	return cmocka_run_group_tests_name("live/query", tests, NULL, NULL);
}
