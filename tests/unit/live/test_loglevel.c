#include "live/loglevel.h"

#include "livekit.h"

static void
words_of_programs_come_down_to_six(void **state)
{
	static const struct {
		const char *word;
		enum loglevel level;
	} rows[] = {
		{"trace", LOGLEVEL_DEBUG},
		{"DEBUG", LOGLEVEL_DEBUG},
		{"Notice", LOGLEVEL_INFO},
		{"WARNING", LOGLEVEL_WARN},
		{"err", LOGLEVEL_ERROR},
		{"crit", LOGLEVEL_FATAL},
		{"panic", LOGLEVEL_FATAL},
	};
	enum loglevel got;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_true(loglevel_parse(rows[i].word, strlen(rows[i].word), &got));
		assert_string_equal(loglevel_name(got), loglevel_name(rows[i].level));
	}
	assert_false(loglevel_parse("errors", 6, &got));
	assert_false(loglevel_parse("warnings", 8, &got));
	assert_false(loglevel_parse("", 0, &got));
	assert_false(loglevel_parse("inf\0o", 5, &got));
}

static void
numbers_are_levels_too(void **state)
{
	(void)state;
	assert_int_equal(loglevel_of_syslog(0), LOGLEVEL_FATAL);
	assert_int_equal(loglevel_of_syslog(3), LOGLEVEL_ERROR);
	assert_int_equal(loglevel_of_syslog(7), LOGLEVEL_DEBUG);
	assert_int_equal(loglevel_of_syslog(8 * 3 + 4), LOGLEVEL_WARN);
	assert_int_equal(loglevel_of_number(4), LOGLEVEL_WARN);
	assert_int_equal(loglevel_of_number(30), LOGLEVEL_INFO);
	assert_int_equal(loglevel_of_number(50), LOGLEVEL_ERROR);
	assert_int_equal(loglevel_of_number(60), LOGLEVEL_FATAL);
}

static void
the_level_of_a_line_is_found(void **state)
{
	static const struct {
		const char *line;
		enum loglevel level;
	} rows[] = {
		{"ERROR QueuePool limit reached", LOGLEVEL_ERROR},
		{"[warn] 7#7: *1 upstream", LOGLEVEL_WARN},
		{"[7] [INFO] Booting worker", LOGLEVEL_INFO},
		{"app.pool WARNING slow", LOGLEVEL_WARN},
		{"LOG:  checkpoint starting", LOGLEVEL_INFO},
		{"level=error msg=\"no\"", LOGLEVEL_ERROR},
		{"msg=x lvl=\"warn\"", LOGLEVEL_WARN},
		{"error: it broke", LOGLEVEL_ERROR},
		{"<err> nm: no", LOGLEVEL_ERROR},
		/* words of sentences and parts of names are no levels */
		{"there was an error in it", LOGLEVEL_NONE},
		{"LOG_LEVEL is set", LOGLEVEL_NONE},
		{"GET /error-page HTTP/1.1", LOGLEVEL_NONE},
		{"no ERRORS at all", LOGLEVEL_NONE},
		{"a fine day, debug it", LOGLEVEL_NONE},
		{"", LOGLEVEL_NONE},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		enum loglevel got = loglevel_find(rows[i].line, strlen(rows[i].line));

		if (got != rows[i].level)
			fail_msg("%s: %s, not %s", rows[i].line, loglevel_name(got),
				loglevel_name(rows[i].level));
	}
}

static void
only_the_beginning_of_a_line_is_read(void **state)
{
	char line[400];

	(void)state;
	memset(line, '.', sizeof line);
	memcpy(line + 300, " ERROR ", 7);
	assert_int_equal(loglevel_find(line, sizeof line), LOGLEVEL_NONE);
	memcpy(line + 30, " ERROR ", 7);
	assert_int_equal(loglevel_find(line, sizeof line), LOGLEVEL_ERROR);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_of_programs_come_down_to_six),
		cmocka_unit_test(numbers_are_levels_too),
		cmocka_unit_test(the_level_of_a_line_is_found),
		cmocka_unit_test(only_the_beginning_of_a_line_is_read),
	};

	return cmocka_run_group_tests_name("live/loglevel", tests, NULL, NULL);
}
